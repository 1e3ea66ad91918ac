/// Times as they stand beside credentials: `2030-01-31T12:00:00Z`.
enum CredentialTime {
    /// Milliseconds since 1970 of an ISO 8601 time with `Z` or an offset; `nil` for anything else.
    static func milliseconds(_ text: String) -> Int? {
        var bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74, bytes[13] == 0x3A,
            bytes[16] == 0x3A
        else { return nil }
        let zone = bytes[19...]
        let day = bytes[0..<4] + bytes[5..<7] + bytes[8..<10]
        let clock = bytes[11..<13] + bytes[14..<16] + bytes[17..<19]
        let digits = Array(day + [0x54] + clock + [0x5A])
        guard let time = digits.withUnsafeBytes({ SigV4Time(basic: $0) }) else { return nil }
        // Parts of a second do not matter.
        bytes = Array(zone)
        if bytes.first == 0x2E { bytes = Array(bytes.dropFirst().drop { (0x30...0x39).contains($0) }) }
        guard let offset = offsetSeconds(bytes) else { return nil }
        return (time.epochSeconds - offset) * 1000
    }

    private static func offsetSeconds(_ zone: [UInt8]) -> Int? {
        if zone.count == 1 { return zone[0] | 0x20 == 0x7A ? 0 : nil }
        let digits = zone.dropFirst().filter { $0 != 0x3A }
        guard let sign = zone.first, sign == 0x2B || sign == 0x2D, digits.count == 4,
            let number = Int(String(decoding: digits, as: UTF8.self)), number >= 0, number % 100 < 60, number < 2400
        else { return nil }
        return (number / 100 * 3600 + number % 100 * 60) * (sign == 0x2B ? 1 : -1)
    }

    /// The time in words of a log.
    static func text(_ milliseconds: Int) -> String {
        let text = SigV4Time(epochSeconds: milliseconds / 1000).withBytes { Array($0) }
        let part = { (range: Range<Int>) in String(decoding: text[range], as: UTF8.self) }
        return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
    }
}

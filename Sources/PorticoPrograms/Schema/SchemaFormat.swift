// Hot: once per string with a format. Allocates: nothing but for `regex`.

/// The values of `format` that are checked: those of draft 4, and `regex`, which its meta-schema uses. Others only
/// describe. Unconfirmed: that API Gateway checks formats, as the library behind its messages does.
///
/// *Source:* JSON Schema draft 4 validation, 7.3.
enum SchemaFormat: UInt32, CaseIterable {
    case none, dateTime, email, hostname, ipv4, ipv6, uri, regex

    /// The word in schemas, and what json-schema-validator says of a string that has another form.
    var row: (name: String, complaint: String) {
        switch self {
        case .none: ("", "")
        case .dateTime:
            (
                "date-time",
                "is invalid against requested date format(s) [yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.SSSZ]"
            )
        case .email: ("email", "is not a valid email address")
        case .hostname: ("hostname", "is not a valid hostname")
        case .ipv4: ("ipv4", "is not a valid IPv4 address")
        case .ipv6: ("ipv6", "is not a valid IPv6 address")
        case .uri: ("uri", "is not a valid URI")
        case .regex: ("regex", "is not a valid ECMA 262 regular expression")
        }
    }

    /// Formats of later drafts and of OpenAPI that other validators check, so that one may expect it here.
    static let foreign: Set<String> = [
        "date", "time", "duration", "idn-email", "idn-hostname", "uri-reference", "iri", "iri-reference",
        "uri-template",
        "uuid", "json-pointer", "relative-json-pointer", "ip-address", "host-name", "color", "phone", "utc-millisec",
    ]

    func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .none: true
        case .dateTime: Self.isDateTime(bytes)
        case .email: Self.isEmail(bytes)
        case .hostname: Self.isHostname(bytes)
        case .ipv4: Self.isIPv4(bytes)
        case .ipv6: Self.isIPv6(bytes)
        case .uri: Self.isURI(bytes)
        case .regex: Self.isRegex(bytes)
        }
    }

    @inline(never)
    private static func isRegex(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= Pattern.maximumTextBytes else { return false }
        return (try? ScriptPatternTranslator.translate(String(decoding: bytes, as: UTF8.self))) != nil
    }

    // MARK: Bytes

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

    static func slice(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    // MARK: date-time

    /// RFC 3339, 5.6, with the leap seconds that it allows.
    private static func isDateTime(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 20, let year = number(bytes, 0, 4), bytes[4] == 0x2D, let month = number(bytes, 5, 2),
            bytes[7] == 0x2D, let day = number(bytes, 8, 2), bytes[10] | 0x20 == 0x74,
            let hour = number(bytes, 11, 2), bytes[13] == 0x3A, let minute = number(bytes, 14, 2), bytes[16] == 0x3A,
            let second = number(bytes, 17, 2)
        else { return false }
        guard (1...12).contains(month), day >= 1, day <= days(month, year), hour < 24, minute < 60, second <= 60 else {
            return false
        }
        var at = 19
        if bytes[at] == 0x2E {
            at &+= 1
            let start = at
            while at < bytes.count, isDigit(bytes[at]) { at &+= 1 }
            if at == start { return false }
        }
        guard at < bytes.count else { return false }
        var offset = 0
        if bytes[at] | 0x20 == 0x7A {
            guard at &+ 1 == bytes.count else { return false }
        } else {
            guard bytes[at] == 0x2B || bytes[at] == 0x2D, at &+ 6 == bytes.count,
                let hours = number(bytes, at &+ 1, 2), bytes[at &+ 3] == 0x3A, let minutes = number(bytes, at &+ 4, 2),
                hours < 24, minutes < 60
            else { return false }
            offset = hours &* 60 &+ minutes
            if bytes[at] == 0x2D { offset = 0 &- offset }
        }
        if second < 60 { return true }
        // A leap second is the last one of a day of universal time.
        let universal = (hour &* 60 &+ minute &- offset &+ 2880) % 1440
        return universal == 1439
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for place in start..<start &+ count {
            guard place < bytes.count, isDigit(bytes[place]) else { return nil }
            value = value &* 10 &+ Int(bytes[place] &- 0x30)
        }
        return value
    }
}

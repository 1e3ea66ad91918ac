// Hot: once per second of a signer, and once per verified request. Allocates: nothing.

/// Times as Signature Version 4 writes them: `20150830T123600Z`.
struct SigV4Time: Equatable, Sendable {
    /// The 16 characters, the first 8 of which are the day of the credential scope.
    private(set) var text: SIMD16<UInt8>
    /// Seconds since 1970.
    let epochSeconds: Int

    /// The time so many seconds after 1970; years beyond 9999 and before 0 are written as those.
    init(epochSeconds: Int) {
        self.epochSeconds = epochSeconds
        let clamped = min(max(epochSeconds, -62_167_219_200), 253_402_300_799)
        let day = clamped >= 0 ? clamped / 86_400 : (clamped - 86_399) / 86_400
        let second = clamped - day * 86_400
        let (year, month, dayOfMonth) = Self.date(day)
        text = SIMD16(repeating: 0x30)
        put(year, 4, 0)
        put(month, 2, 4)
        put(dayOfMonth, 2, 6)
        text[8] = 0x54
        put(second / 3600, 2, 9)
        put(second / 60 % 60, 2, 11)
        put(second % 60, 2, 13)
        text[15] = 0x5A
    }

    /// Reads `20150830T123600Z`; `nil` for anything else and for days that are not in the calendar.
    init?(basic bytes: UnsafeRawBufferPointer) {
        guard bytes.count == SigV4.timestampCharacters, bytes[8] == 0x54, bytes[15] == 0x5A else { return nil }
        guard let year = Self.number(bytes, 0, 4), let month = Self.number(bytes, 4, 2),
            let day = Self.number(bytes, 6, 2), let hour = Self.number(bytes, 9, 2),
            let minute = Self.number(bytes, 11, 2), let second = Self.number(bytes, 13, 2)
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// Reads `Sun, 30 Aug 2015 12:36:00 GMT`, as a `Date` header has it; `nil` for anything else.
    init?(httpDate bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 29, bytes[3] == 0x2C, bytes[26] == 0x47, bytes[27] == 0x4D, bytes[28] == 0x54,
            bytes[4] == 0x20, bytes[7] == 0x20, bytes[11] == 0x20, bytes[16] == 0x20, bytes[19] == 0x3A,
            bytes[22] == 0x3A, bytes[25] == 0x20
        else { return nil }
        let name = UInt32(bytes[8] | 0x20) &<< 16 | UInt32(bytes[9] | 0x20) &<< 8 | UInt32(bytes[10] | 0x20)
        guard let month = Self.months.firstIndex(of: name), let day = Self.number(bytes, 5, 2),
            let year = Self.number(bytes, 12, 4), let hour = Self.number(bytes, 17, 2),
            let minute = Self.number(bytes, 20, 2), let second = Self.number(bytes, 23, 2)
        else { return nil }
        self.init(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }

    /// The first letters of `jan`, `feb`, ... as numbers.
    private static let months: [UInt32] = [
        0x6A616E, 0x666562, 0x6D6172, 0x617072, 0x6D6179, 0x6A756E, 0x6A756C, 0x617567, 0x736570, 0x6F6374, 0x6E6F76,
        0x646563,
    ]

    private init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else { return nil }
        let days = Self.days(year, month, day)
        // The thirtieth of February comes back as another day.
        guard Self.date(days) == (year, month, day) else { return nil }
        self.init(epochSeconds: days * 86_400 + hour * 3600 + minute * 60 + second)
    }

    /// The day of the credential scope, as its eight characters.
    var day: UInt64 {
        var day: UInt64 = 0
        for index in 0..<8 { day = day &<< 8 | UInt64(text[index]) }
        return day
    }

    /// Hands the 16 characters to `body`.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: text) { body($0) }
    }

    private mutating func put(_ value: Int, _ digits: Int, _ place: Int) {
        var rest = value
        for index in stride(from: place + digits - 1, through: place, by: -1) {
            text[index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
        }
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ digits: Int) -> Int? {
        var value = 0
        for index in place..<place + digits {
            guard case 0x30...0x39 = bytes[index] else { return nil }
            value = value * 10 + Int(bytes[index]) - 48
        }
        return value
    }

    /// Days from 1970 to a date. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date so many days after 1970. Source: as above.
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        let month = place < 10 ? place + 3 : place - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * place + 2) / 5 + 1)
    }
}

extension SigV4Time: CustomStringConvertible {
    var description: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}

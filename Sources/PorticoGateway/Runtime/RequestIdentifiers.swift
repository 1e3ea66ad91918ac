// Hot: once per request. Allocates: nothing.

/// Source of request ids: xoshiro256**, seeded by the system's generator. Ids need to be unique, not secret.
struct IdentifierGenerator {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    init() {
        var system = SystemRandomNumberGenerator()
        s0 = system.next() | 1
        s1 = system.next()
        s2 = system.next()
        s3 = system.next()
    }

    mutating func next() -> UInt64 {
        let product = s1 &* 5
        let result = ((product &<< 7) | (product &>> 57)) &* 9
        let shifted = s1 &<< 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = (s3 &<< 45) | (s3 &>> 19)
        return result
    }

    /// Writes a random UUID (version 4), 36 characters. Source: RFC 9562, section 5.4.
    mutating func writeUUID(to target: UnsafeMutableRawPointer) {
        let high = (next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
        let low = (next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        IdentifierGenerator.hex(high &>> 32, digits: 8, to: target)
        target.storeBytes(of: 0x2D, toByteOffset: 8, as: UInt8.self)
        IdentifierGenerator.hex(high &>> 16, digits: 4, to: target + 9)
        target.storeBytes(of: 0x2D, toByteOffset: 13, as: UInt8.self)
        IdentifierGenerator.hex(high, digits: 4, to: target + 14)
        target.storeBytes(of: 0x2D, toByteOffset: 18, as: UInt8.self)
        IdentifierGenerator.hex(low &>> 48, digits: 4, to: target + 19)
        target.storeBytes(of: 0x2D, toByteOffset: 23, as: UInt8.self)
        IdentifierGenerator.hex(low, digits: 12, to: target + 24)
    }

    /// Writes an extended request id: 15 URL-safe base64 characters and `=`, as API Gateway's look.
    mutating func writeExtendedID(to target: UnsafeMutableRawPointer) {
        var bits = next()
        for index in 0..<10 {
            target.storeBytes(of: IdentifierGenerator.base64(bits), toByteOffset: index, as: UInt8.self)
            bits &>>= 6
        }
        bits = next()
        for index in 10..<15 {
            target.storeBytes(of: IdentifierGenerator.base64(bits), toByteOffset: index, as: UInt8.self)
            bits &>>= 6
        }
        target.storeBytes(of: 0x3D, toByteOffset: 15, as: UInt8.self)
    }

    /// Writes `digits` lower-case hexadecimal digits of the low bits of `value`.
    @inline(__always)
    static func hex(_ value: UInt64, digits: Int, to target: UnsafeMutableRawPointer) {
        var rest = value
        var index = digits &- 1
        while index >= 0 {
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            // 0...9 and a...f without a branch: 39 is the gap between '9' + 1 and 'a'.
            let letter = (digit &+ 6) &>> 4
            target.storeBytes(of: digit &+ 48 &+ letter &* 39, toByteOffset: index, as: UInt8.self)
            rest &>>= 4
            index &-= 1
        }
    }

    @inline(__always)
    private static func base64(_ bits: UInt64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 63)
        if value < 26 { return 65 &+ value }
        if value < 52 { return 71 &+ value }
        if value < 62 { return value &- 4 }
        return value == 62 ? 0x2D : 0x5F
    }
}

/// The wall clock as headers and `$context` show it, formatted once a second.
struct WallClock {
    /// Seconds since 1970.
    private(set) var seconds: Int = -1
    /// Milliseconds since 1970.
    private(set) var milliseconds: Int = 0
    /// `Date: Sat, 21 Nov 2026 08:02:23 GMT\r\n`, then the name of the line that always follows it, so that both are one
    /// copy. Source: RFC 9110, section 5.6.7.
    private(set) var dateLine: [UInt8] = []
    /// `21/Nov/2026:08:02:23 +0000`
    private(set) var commonLogTime: [UInt8] = []

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Takes a reading of the clock.
    mutating func set(milliseconds now: Int) {
        milliseconds = now
        let second = now / 1000
        if second != seconds {
            seconds = second
            format()
        }
    }

    @inline(never)
    private mutating func format() {
        let days = seconds / 86_400
        let rest = seconds % 86_400
        // Days to civil date, after Howard Hinnant's algorithm.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let time = "\(WallClock.two(rest / 3600)):\(WallClock.two(rest / 60 % 60)):\(WallClock.two(rest % 60))"
        let name = WallClock.months[month - 1]
        dateLine = Array("Date: \(WallClock.days[days % 7]), \(WallClock.two(day)) \(name) \(year) \(time) GMT\r\nx-amzn-RequestId: ".utf8)
        commonLogTime = Array("\(WallClock.two(day))/\(name)/\(year):\(time) +0000".utf8)
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

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
        let dash: UInt8 = 0x2D
        target.storeBytes(of: IdentifierGenerator.hex8(high &>> 32), as: UInt64.self)
        target.storeBytes(of: dash, toByteOffset: 8, as: UInt8.self)
        let second = IdentifierGenerator.hex8(high)
        target.storeBytes(of: UInt32(truncatingIfNeeded: second), toByteOffset: 9, as: UInt32.self)
        target.storeBytes(of: dash, toByteOffset: 13, as: UInt8.self)
        target.storeBytes(of: UInt32(truncatingIfNeeded: second &>> 32), toByteOffset: 14, as: UInt32.self)
        target.storeBytes(of: dash, toByteOffset: 18, as: UInt8.self)
        let third = IdentifierGenerator.hex8(low &>> 32)
        target.storeBytes(of: UInt32(truncatingIfNeeded: third), toByteOffset: 19, as: UInt32.self)
        target.storeBytes(of: dash, toByteOffset: 23, as: UInt8.self)
        target.storeBytes(of: UInt32(truncatingIfNeeded: third &>> 32), toByteOffset: 24, as: UInt32.self)
        target.storeBytes(of: IdentifierGenerator.hex8(low), toByteOffset: 28, as: UInt64.self)
    }

    /// Writes an extended request id: eleven bytes in URL-safe base64, as API Gateway's look.
    mutating func writeExtendedID(to target: UnsafeMutableRawPointer) {
        let letters = IdentifierGenerator.base64.utf8Start
        var bits = next()
        for index in 0..<10 {
            target.storeBytes(of: letters[Int(bits & 63)], toByteOffset: index, as: UInt8.self)
            bits &>>= 6
        }
        bits = next()
        for index in 10..<14 {
            target.storeBytes(of: letters[Int(bits & 63)], toByteOffset: index, as: UInt8.self)
            bits &>>= 6
        }
        // The last one holds four bits.
        target.storeBytes(of: letters[Int(bits & 60)], toByteOffset: 14, as: UInt8.self)
        target.storeBytes(of: 0x3D, toByteOffset: 15, as: UInt8.self)
    }

    /// The URL-safe alphabet. Source: RFC 4648, section 5.
    private static let base64: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    /// Eight lower-case hexadecimal digits of the low 32 bits, the first digit in the lowest byte.
    @inline(__always)
    static func hex8(_ value: UInt64) -> UInt64 {
        // One nibble into each byte, most significant first; then 0...9 and a...f without a branch: 39 is the gap
        // between '9' + 1 and 'a'.
        var digits = UInt64(UInt32(truncatingIfNeeded: value).byteSwapped)
        digits = (digits | digits &<< 16) & 0x0000_FFFF_0000_FFFF
        digits = (digits | digits &<< 8) & 0x00FF_00FF_00FF_00FF
        digits = (digits &>> 4 & 0x000F_000F_000F_000F) | (digits & 0x000F_000F_000F_000F) &<< 8
        let letters = (digits &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
        return (digits &+ 0x3030_3030_3030_3030 &+ letters &* 39).littleEndian
    }
}

/// The wall clock as headers and `$context` show it, formatted once a second.
struct WallClock {
    /// Seconds since 1970.
    private(set) var seconds = Int.min
    /// Milliseconds since 1970.
    private(set) var milliseconds: Int = 0
    /// `Date: Sat, 21 Nov 2026 08:02:23 GMT\r\n`, then the name of the line that always follows it, so that both are one
    /// copy. Source: RFC 9110, section 5.6.7.
    private(set) var dateLine: [UInt8] = []
    /// The same for HTTP APIs, which name their requests otherwise.
    private(set) var routeDateLine: [UInt8] = []
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
        // A clock that stands before 1970 is wrong anyway, and has no remainders below 0 here.
        let seconds = max(self.seconds, 0)
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
        let date = "Date: \(WallClock.days[days % 7]), \(WallClock.two(day)) \(name) \(year) \(time) GMT\r\n"
        dateLine = Array((date + "x-amzn-RequestId: ").utf8)
        routeDateLine = Array((date + "apigw-requestid: ").utf8)
        commonLogTime = Array("\(WallClock.two(day))/\(name)/\(year):\(time) +0000".utf8)
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

// Hot: once per traced request. Allocates: nothing.

/// The 16 bytes that name a trace, in one form for W3C Trace Context (32 hexadecimal digits) and X-Ray
/// (`1-` 8 digits `-` 24 digits). Never all zeros.
///
/// *Source:* W3C Trace Context, 3.2.2.3; X-Ray guide, "Tracing header"; X-Ray takes W3C's ids as they are.
struct TraceIdentifier: Sendable, Hashable {
    /// The first eight bytes; of X-Ray's ids the first four are seconds since 1970.
    let high: UInt64
    let low: UInt64

    /// Digits of a W3C id.
    static let hexLength = 32
    /// Bytes of a Root of X-Ray.
    static let rootLength = 35

    /// `nil` for all zeros.
    init?(high: UInt64, low: UInt64) {
        guard high | low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// A new id: the time, and 96 bits from two random numbers.
    init(epochSeconds: Int, _ first: UInt64, _ second: UInt64) {
        high = UInt64(truncatingIfNeeded: epochSeconds) &<< 32 | first & 0xFFFF_FFFF
        low = second
    }

    /// 32 hexadecimal digits, lower case unless `acceptsUpperCase`; `nil` for anything else.
    init?(hex: UnsafeRawBufferPointer, acceptsUpperCase: Bool = false) {
        guard hex.count == Self.hexLength,
            let high = Hexadecimal.value(hex, at: 0, digits: 16, acceptsUpperCase: acceptsUpperCase),
            let low = Hexadecimal.value(hex, at: 16, digits: 16, acceptsUpperCase: acceptsUpperCase)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// A Root of X-Ray: `1-xxxxxxxx-` and 24 digits, in either case; `nil` for anything else.
    init?(root: UnsafeRawBufferPointer) {
        guard root.count == Self.rootLength, root[0] == 0x31, root[1] == 0x2D, root[10] == 0x2D,
            let time = Hexadecimal.value(root, at: 2, digits: 8, acceptsUpperCase: true),
            let middle = Hexadecimal.value(root, at: 11, digits: 8, acceptsUpperCase: true),
            let low = Hexadecimal.value(root, at: 19, digits: 16, acceptsUpperCase: true)
        else { return nil }
        self.init(high: time &<< 32 | middle, low: low)
    }

    /// Writes 32 digits.
    func writeHex(to target: UnsafeMutableRawPointer) {
        Hexadecimal.write(high, to: target)
        Hexadecimal.write(low, to: target + 16)
    }

    /// Writes the 35 bytes of a Root.
    func writeRoot(to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: 0x31, as: UInt8.self)
        target.storeBytes(of: 0x2D, toByteOffset: 1, as: UInt8.self)
        target.storeBytes(of: IdentifierGenerator.hex8(high &>> 32), toByteOffset: 2, as: UInt64.self)
        target.storeBytes(of: 0x2D, toByteOffset: 10, as: UInt8.self)
        target.storeBytes(of: IdentifierGenerator.hex8(high), toByteOffset: 11, as: UInt64.self)
        Hexadecimal.write(low, to: target + 19)
    }
}

/// The eight bytes that name a span or segment within its trace. Never zero.
struct SpanIdentifier: Sendable, Hashable {
    let value: UInt64

    /// Digits of an id.
    static let hexLength = 16

    /// `nil` for zero.
    init?(_ value: UInt64) {
        guard value != 0 else { return nil }
        self.value = value
    }

    /// A new id from a random number; of the one number that is none, another.
    init(random: UInt64) { value = random == 0 ? 1 : random }

    /// 16 hexadecimal digits, lower case unless `acceptsUpperCase`; `nil` for anything else.
    init?(hex: UnsafeRawBufferPointer, acceptsUpperCase: Bool = false) {
        guard hex.count == Self.hexLength,
            let value = Hexadecimal.value(hex, at: 0, digits: 16, acceptsUpperCase: acceptsUpperCase)
        else { return nil }
        self.init(value)
    }

    /// Writes 16 digits.
    func writeHex(to target: UnsafeMutableRawPointer) { Hexadecimal.write(value, to: target) }
}

/// Numbers in hexadecimal digits.
enum Hexadecimal {
    /// The number of up to 16 digits from `start` on, which must all be within `bytes`; `nil` if one is no digit.
    @inline(__always)
    static func value(
        _ bytes: UnsafeRawBufferPointer, at start: Int, digits: Int, acceptsUpperCase: Bool = false
    ) -> UInt64? {
        precondition(start >= 0 && digits <= 16 && start &+ digits <= bytes.count)
        var value: UInt64 = 0
        var index = start
        while index < start &+ digits {
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte &- 0x30
            case 0x61...0x66: digit = byte &- 0x57
            case 0x41...0x46 where acceptsUpperCase: digit = byte &- 0x37
            default: return nil
            }
            value = value &<< 4 | UInt64(digit)
            index &+= 1
        }
        return value
    }

    /// Writes 16 lower-case digits.
    @inline(__always)
    static func write(_ value: UInt64, to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: IdentifierGenerator.hex8(value &>> 32), as: UInt64.self)
        target.storeBytes(of: IdentifierGenerator.hex8(value), toByteOffset: 8, as: UInt64.self)
    }
}

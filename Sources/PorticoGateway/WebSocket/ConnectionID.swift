// Hot: once per event of a connection. Allocates: nothing.

internal import PorticoPrograms

/// The id of a WebSocket connection: 11 bytes in base64, 16 characters of which the last is `=`.
///
/// The first byte tells the worker, hidden by the second one; the others are by chance.
/// *Source:* reference, "Life of a connection" (2.1), recorded ids.
struct ConnectionID: Hashable, Sendable {
    /// Characters.
    static let length = 16
    /// Workers that ids can tell apart.
    static let mostWorkers = 256

    /// The characters, first one lowest.
    private let low: UInt64
    private let high: UInt64

    /// A new id of a connection of that worker.
    init(worker: Int, _ identifiers: inout IdentifierGenerator) {
        var bytes = (identifiers.next(), identifiers.next())
        var letters = (UInt64(0), UInt64(0))
        withUnsafeMutableBytes(of: &bytes) { bytes in
            bytes[0] = bytes[1] &+ UInt8(truncatingIfNeeded: worker)
            withUnsafeMutableBytes(of: &letters) { letters in
                Self.encode(UnsafeRawBufferPointer(rebasing: bytes[..<11]), letters)
            }
        }
        low = letters.0
        high = letters.1
    }

    /// Reads what may be an id; `nil` for what cannot be one.
    init?(_ text: UnsafeRawBufferPointer) {
        guard text.count == Self.length, text[15] == 0x3D else { return nil }
        for index in 0..<15 where Self.value(text[index]) == nil { return nil }
        // Four of its bits are used.
        guard let last = Self.value(text[14]), last & 3 == 0 else { return nil }
        low = text.loadUnaligned(as: UInt64.self)
        high = text.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    }

    /// Position of the worker.
    var worker: Int {
        let values = (0..<3).map { place in
            UInt32(Self.value(UInt8(truncatingIfNeeded: low &>> UInt64(place &* 8))) ?? 0)
        }
        let bytes = values[0] &<< 18 | values[1] &<< 12 | values[2] &<< 6
        return Int(UInt8(truncatingIfNeeded: bytes &>> 16) &- UInt8(truncatingIfNeeded: bytes &>> 8))
    }

    /// Appends the characters.
    func append(to output: OutputBuffer) {
        output.appendUninitialized(Self.length) { target in
            target.storeBytes(of: low, as: UInt64.self)
            target.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
        }
    }

    /// As text, for messages and other processes.
    var text: String {
        withUnsafeBytes(of: (low, high)) { String(decoding: $0, as: UTF8.self) }
    }

    private static func encode(_ bytes: UnsafeRawBufferPointer, _ letters: UnsafeMutableRawBufferPointer) {
        let alphabet = Self.alphabet.utf8Start
        var (bits, count, at) = (UInt32(0), 0, 0)
        for byte in bytes {
            bits = bits &<< 8 | UInt32(byte)
            count &+= 8
            while count >= 6 {
                count &-= 6
                letters[at] = alphabet[Int(bits &>> UInt32(count)) & 63]
                at &+= 1
            }
        }
        letters[at] = alphabet[Int(bits &<< UInt32(6 &- count)) & 63]
        letters[15] = 0x3D
    }

    /// URL-safe, as the ids of requests.
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    /// Ids in the standard alphabet are of the right form, too.
    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case 0x41...0x5A: letter &- 0x41
        case 0x61...0x7A: letter &- 0x61 &+ 26
        case 0x30...0x39: letter &- 0x30 &+ 52
        case UInt8(ascii: "-"), UInt8(ascii: "+"): 62
        case UInt8(ascii: "_"), UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

// Hot: no, only sampled requests come here. Allocates: the bytes.

/// The wire format of protocol buffers, as much of it as spans need. Fields that have their default value are left out.
///
/// *Source:* Protocol Buffers documentation, "Encoding".
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// A number of seven bits a byte, the lowest first.
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Fields that are written already.
    mutating func append(_ fields: [UInt8]) { bytes += fields }

    /// An unsigned number or enumeration.
    mutating func field(_ number: Int, varint value: UInt64) {
        guard value != 0 else { return }
        tag(number, 0)
        varint(value)
    }

    /// A `fixed64`.
    mutating func field(_ number: Int, fixed64 value: UInt64) {
        guard value != 0 else { return }
        tag(number, 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A `fixed32`.
    mutating func field(_ number: Int, fixed32 value: UInt32) {
        guard value != 0 else { return }
        tag(number, 5)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Text.
    mutating func field(_ number: Int, _ text: String) {
        guard !text.isEmpty else { return }
        tag(number, 2)
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Bytes, or a message that is written already, which stands even if it is empty.
    mutating func field(_ number: Int, _ message: [UInt8]) {
        tag(number, 2)
        varint(UInt64(message.count))
        bytes += message
    }

    /// A message.
    mutating func field(_ number: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        field(number, inner.bytes)
    }

    /// A text that is one of alternatives, which stands even if it is empty.
    mutating func alternative(_ number: Int, _ text: String) { field(number, Array(text.utf8)) }

    /// A number that is one of alternatives, which stands even if it is 0.
    mutating func alternative(_ number: Int, _ value: Int) {
        tag(number, 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    private mutating func tag(_ number: Int, _ type: UInt64) { varint(UInt64(number) &<< 3 | type) }
}

/// Reads fields of a message that came from elsewhere.
struct ProtobufReader {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) { self.bytes = ArraySlice(bytes) }

    /// A value of a field.
    enum Value {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// Of another type, which nothing here reads.
        case other
    }

    /// Calls `body` with each field; `false` if the message is broken.
    @discardableResult
    func read(_ body: (_ number: UInt64, _ value: Value) -> Void) -> Bool {
        var at = bytes.startIndex
        while at < bytes.endIndex {
            guard let tag = varint(&at) else { return false }
            switch tag & 7 {
            case 0:
                guard let value = varint(&at) else { return false }
                body(tag &>> 3, .varint(value))
            case 2:
                guard let length = varint(&at), length <= UInt64(bytes.endIndex - at) else { return false }
                body(tag &>> 3, .bytes(bytes[at..<at + Int(length)]))
                at += Int(length)
            case 1, 5:
                let length = tag & 7 == 1 ? 8 : 4
                guard bytes.endIndex - at >= length else { return false }
                body(tag &>> 3, .other)
                at += length
            default: return false
            }
        }
        return true
    }

    private func varint(_ at: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while at < bytes.endIndex, shift < 64 {
            let byte = bytes[at]
            at += 1
            value |= UInt64(byte & 0x7F) &<< shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        return nil
    }
}

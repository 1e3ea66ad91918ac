/// Appends the flat form of programs and tables to a byte array: little-endian, length-prefixed.
public struct ByteWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// Makes an empty writer.
    public init() {}

    /// Appends a fixed-width integer, little-endian.
    public mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends a truth value as one byte.
    public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// Appends a count as 32 bits. `value` must fit.
    public mutating func write(count value: Int) { write(UInt32(value)) }

    /// Appends length and UTF-8.
    public mutating func write(_ text: String) {
        write(count: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends length and bytes.
    public mutating func write(_ raw: [UInt8]) {
        write(count: raw.count)
        bytes.append(contentsOf: raw)
    }

    /// Appends presence and, if there is one, the text.
    public mutating func write(_ text: String?) {
        write(text != nil)
        if let text { write(text) }
    }

    /// Appends count and elements.
    public mutating func write<Element>(_ elements: [Element], _ body: (inout ByteWriter, Element) -> Void) {
        write(count: elements.count)
        for element in elements { body(&self, element) }
    }
}

/// The flat form of a program is damaged or was made by another version.
public struct ProgramDecodingError: Error, Sendable, Hashable {
    /// What was expected, for a message.
    public var reason: String
    /// Where in the bytes.
    public var offset: Int

    /// Makes an error.
    public init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

/// Reads what ``ByteWriter`` wrote; every read is checked against the end, so damaged bytes throw and never trap.
public struct ByteReader {
    private let bytes: [UInt8]
    /// Offset of the next byte.
    public private(set) var offset: Int
    private let end: Int

    /// Reads `bytes` from the beginning.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = 0
        end = bytes.count
    }

    /// Whether everything was read.
    public var isAtEnd: Bool { offset == end }

    /// Reads a fixed-width integer, little-endian.
    public mutating func read<Value: FixedWidthInteger>(_ type: Value.Type) throws(ProgramDecodingError) -> Value {
        let size = MemoryLayout<Value>.size
        guard end - offset >= size else { throw ProgramDecodingError("truncated", at: offset) }
        var value: Value = 0
        withUnsafeMutableBytes(of: &value) { target in
            bytes.withUnsafeBytes { source in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + size]))
            }
        }
        offset += size
        return Value(littleEndian: value)
    }

    /// Reads a truth value.
    public mutating func readBool() throws(ProgramDecodingError) -> Bool {
        switch try read(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw ProgramDecodingError("no truth value", at: offset - 1)
        }
    }

    /// Reads a count of elements, each of at least `minimumSize` bytes, so that a damaged count cannot ask for more
    /// memory than the file has bytes.
    public mutating func readCount(minimumSize: Int = 1) throws(ProgramDecodingError) -> Int {
        let count = Int(try read(UInt32.self))
        guard count.multipliedReportingOverflow(by: max(minimumSize, 0)).partialValue <= end - offset else {
            throw ProgramDecodingError("count beyond the end", at: offset - 4)
        }
        return count
    }

    /// Reads length and UTF-8.
    public mutating func readString() throws(ProgramDecodingError) -> String {
        let raw = try readBytes()
        guard let text = String(validating: raw, as: UTF8.self) else {
            throw ProgramDecodingError("text is not UTF-8", at: offset - raw.count)
        }
        return text
    }

    /// Reads length and bytes.
    public mutating func readBytes() throws(ProgramDecodingError) -> [UInt8] {
        let count = try readCount()
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    /// Reads presence and, if there is one, the text.
    public mutating func readOptionalString() throws(ProgramDecodingError) -> String? {
        try readBool() ? try readString() : nil
    }

    /// Reads count and elements; each element takes at least one byte.
    public mutating func readArray<Element>(
        _ body: (inout ByteReader) throws(ProgramDecodingError) -> Element
    ) throws(ProgramDecodingError) -> [Element] {
        let count = try readCount()
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try body(&self)) }
        return elements
    }
}

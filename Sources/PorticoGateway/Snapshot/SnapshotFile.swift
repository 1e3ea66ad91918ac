internal import PorticoPrograms

/// Names a section of a snapshot by four ASCII letters, which can be read in a hex dump.
public struct SnapshotSectionID: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The letters, the first in the lowest byte.
    public let rawValue: UInt32

    /// Takes the letters as a number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Makes an identifier of exactly four ASCII letters.
    init(_ name: StaticString) {
        precondition(name.hasPointerRepresentation && name.utf8CodeUnitCount == 4 && name.isASCII)
        rawValue = name.withUTF8Buffer { $0.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    }

    /// The letters; anything else than letters, digits and blanks as a dot.
    public var description: String {
        var text = ""
        for place in 0..<4 {
            let scalar = Unicode.Scalar(UInt8(truncatingIfNeeded: rawValue >> (8 * UInt32(place))))
            text.unicodeScalars.append((0x20...0x7E).contains(scalar.value) ? scalar : ".")
        }
        return text
    }
}

/// The container of a `.portico` file: sections of bytes behind a header that tells a foreign, an older, a cut and a
/// damaged file from a good one.
///
/// Little-endian. Header of 32 bytes: magic `PORTICO\0`; format number, 32 bits; number of sections, 32 bits; length of
/// the file, 64 bits; CRC-64/XZ of all other bytes, 64 bits. Then for each section 24 bytes: identifier, 32 bits; zero,
/// 32 bits; offset and length, 64 bits each. Then the sections in the same order, each followed by zeros up to a
/// multiple of eight. The same sections give the same bytes, and a file has no byte that is not checked.
struct SnapshotFile: Sendable {
    /// Rises with every change of this layout or of any section's: a file is read by the version that wrote it, since
    /// compiling again is cheap.
    static let format: UInt32 = 14

    /// A part of a snapshot.
    struct Section: Sendable, Hashable {
        var id: SnapshotSectionID
        var bytes: [UInt8]

        init(_ id: SnapshotSectionID, _ bytes: [UInt8]) {
            self.id = id
            self.bytes = bytes
        }
    }

    /// In the order of the file.
    let sections: [Section]

    private static let magic = Array("PORTICO\0".utf8)
    private static let headerSize = 32
    private static let entrySize = 24
    private static let checksumRange = 24..<32
    private static let alignment = 8
}

extension SnapshotFile {
    /// The file with these sections, whose identifiers differ.
    static func write(_ sections: [Section]) -> [UInt8] {
        precondition(Set(sections.map(\.id)).count == sections.count)
        var writer = ByteWriter()
        for byte in magic { writer.write(byte) }
        writer.write(format)
        writer.write(count: sections.count)
        var end = headerSize + entrySize * sections.count
        let offsets = sections.map { section in
            defer { end = aligned(end + section.bytes.count) }
            return end
        }
        writer.write(UInt64(end))
        writer.write(UInt64(0))
        for (section, offset) in zip(sections, offsets) {
            writer.write(section.id.rawValue)
            writer.write(UInt32(0))
            writer.write(UInt64(offset))
            writer.write(UInt64(section.bytes.count))
        }
        var bytes = writer.bytes
        bytes.reserveCapacity(end)
        for section in sections {
            bytes += section.bytes
            bytes += repeatElement(0, count: aligned(bytes.count) - bytes.count)
        }
        withUnsafeBytes(of: checksum(bytes).littleEndian) { bytes.replaceSubrange(checksumRange, with: $0) }
        return bytes
    }

    /// The checksum of a file, without the field that holds it.
    static func checksum(_ bytes: [UInt8]) -> UInt64 {
        var checksum = CRC64()
        bytes.withUnsafeBytes {
            checksum.add(UnsafeRawBufferPointer(rebasing: $0[..<checksumRange.lowerBound]))
            checksum.add(UnsafeRawBufferPointer(rebasing: $0[checksumRange.upperBound...]))
        }
        return checksum.value
    }

    private static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}

extension SnapshotFile {
    /// Reads what ``write(_:)`` wrote, from any bytes whatever.
    static func read(_ bytes: [UInt8]) throws(SnapshotError) -> SnapshotFile {
        guard let first = bytes.first, first == magic[0], magic.starts(with: bytes.prefix(magic.count)) else {
            throw .notASnapshot
        }
        guard bytes.count >= 12 else { throw .truncated(expected: nil, found: bytes.count) }
        let format = number(UInt32.self, bytes, 8)
        guard format == self.format else { throw .otherFormat(found: format) }
        guard bytes.count >= headerSize else { throw .truncated(expected: nil, found: bytes.count) }
        let length = number(UInt64.self, bytes, 16)
        guard UInt64(bytes.count) >= length else { throw .truncated(expected: length, found: bytes.count) }
        guard UInt64(bytes.count) == length else { throw .tooLong(expected: length, found: bytes.count) }
        guard number(UInt64.self, bytes, checksumRange.lowerBound) == checksum(bytes) else { throw .checksumMismatch }
        guard let sections = readSections(bytes) else { throw .damagedSectionTable }
        return SnapshotFile(sections: sections)
    }

    /// Cuts a whole file into its sections, which must follow one another just as the writer lays them.
    private static func readSections(_ bytes: [UInt8]) -> [Section]? {
        let count = Int(number(UInt32.self, bytes, 12))
        guard (bytes.count - headerSize) / entrySize >= count else { return nil }
        var sections: [Section] = []
        var known: Set<SnapshotSectionID> = []
        var end = headerSize + entrySize * count
        for index in 0..<count {
            let entry = headerSize + entrySize * index
            let id = SnapshotSectionID(rawValue: number(UInt32.self, bytes, entry))
            let size = number(UInt64.self, bytes, entry + 16)
            guard known.insert(id).inserted, number(UInt32.self, bytes, entry + 4) == 0,
                number(UInt64.self, bytes, entry + 8) == UInt64(end), size <= UInt64(bytes.count - end)
            else { return nil }
            let start = end
            let stop = start + Int(size)
            end = aligned(stop)
            guard end <= bytes.count, bytes[stop..<end].allSatisfy({ $0 == 0 }) else { return nil }
            sections.append(Section(id, Array(bytes[start..<stop])))
        }
        return end == bytes.count ? sections : nil
    }

    /// The number at an offset that is known to be within the file.
    private static func number<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type, _ bytes: [UInt8], _ offset: Int
    ) -> Value {
        precondition(offset + MemoryLayout<Value>.size <= bytes.count)
        return Value(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) })
    }

    /// Reads one section to its end with `body`.
    func decode<Value>(
        _ id: SnapshotSectionID, _ body: (inout ByteReader) throws(ProgramDecodingError) -> Value
    ) throws(SnapshotError) -> Value {
        guard let section = sections.first(where: { $0.id == id }) else { throw .missingSection(id) }
        var reader = ByteReader(section.bytes)
        do throws(ProgramDecodingError) {
            let value = try body(&reader)
            guard reader.isAtEnd else {
                throw ProgramDecodingError("more bytes than expected", at: reader.offset)
            }
            return value
        } catch {
            throw .damagedSection(id, reason: error.reason, offset: error.offset)
        }
    }
}

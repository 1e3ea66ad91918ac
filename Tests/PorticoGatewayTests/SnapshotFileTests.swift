import PorticoPrograms
import Testing

@testable import PorticoGateway

@Suite("Snapshot files")
struct SnapshotFileTests {
    private static let routes = SnapshotSectionID("ROUT")
    private static let texts = SnapshotSectionID("TEXT")
    private static let empty = SnapshotSectionID("NONE")

    private static let sections = [
        SnapshotFile.Section(routes, Array("thirteen byte".utf8)),
        SnapshotFile.Section(empty, []),
        SnapshotFile.Section(texts, Array("eight by".utf8)),
    ]

    private static func error(_ bytes: [UInt8]) -> SnapshotError? {
        do throws(SnapshotError) {
            _ = try SnapshotFile.read(bytes)
            return nil
        } catch {
            return error
        }
    }

    /// Makes damage look as if the file had been written so.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= 32 else { return bytes }
        var bytes = bytes
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { bytes.replaceSubrange(16..<24, with: $0) }
        withUnsafeBytes(of: SnapshotFile.checksum(bytes).littleEndian) { bytes.replaceSubrange(24..<32, with: $0) }
        return bytes
    }

    @Test("sections come back as they were, in their order")
    func roundTrip() throws {
        for count in 0...Self.sections.count {
            let sections = Array(Self.sections.prefix(count))
            #expect(try SnapshotFile.read(SnapshotFile.write(sections)).sections == sections)
        }
    }

    @Test("the header stands as it is documented")
    func layout() {
        let bytes = SnapshotFile.write(Self.sections)
        #expect(bytes.count == 32 + 3 * 24 + 16 + 0 + 8)
        #expect(Array(bytes[0..<8]) == Array("PORTICO\0".utf8))
        #expect(Array(bytes[8..<24]) == [UInt8(SnapshotFile.format), 0, 0, 0, 3, 0, 0, 0, 128, 0, 0, 0, 0, 0, 0, 0])
        #expect(String(decoding: bytes[32..<36], as: UTF8.self) == "ROUT")
        #expect(Array(bytes[40..<56]) == [104, 0, 0, 0, 0, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0])
        #expect(String(decoding: bytes[104..<117], as: UTF8.self) == "thirteen byte")
        #expect(bytes == SnapshotFile.write(Self.sections))
    }

    @Test("the checksum is that of the .xz format, at any length")
    func checksum() {
        func crc(_ bytes: [UInt8]) -> UInt64 {
            var checksum = CRC64()
            bytes.withUnsafeBytes { checksum.add($0) }
            return checksum.value
        }
        // Source: the check value of the CRC catalogue.
        #expect(crc(Array("123456789".utf8)) == 0x995D_C9BB_DF19_39FA)
        #expect(crc([]) == 0)
        let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        for cut in 0...100 {
            var parts = CRC64()
            bytes[..<cut].withUnsafeBytes { parts.add($0) }
            bytes[cut...].withUnsafeBytes { parts.add($0) }
            #expect(parts.value == crc(bytes))
        }
    }

    @Test(
        "a foreign file is told from a snapshot",
        arguments: [
            "", "x", "openapi: 3.0.1\ninfo: {}\n", "{\"swagger\": \"2.0\"}", "PORTICO!", "portico\0", "PORTICO 1\0\0\0",
            "\u{7F}ELF", "\u{1F}\u{8B}",
        ])
    func foreign(_ text: String) {
        #expect(Self.error(Array(text.utf8)) == .notASnapshot)
    }

    @Test("a file of another format says which, before anything else is looked at")
    func otherFormat() {
        var bytes = SnapshotFile.write(Self.sections)
        bytes[8] = 99
        #expect(Self.error(bytes) == .otherFormat(found: 99))
        #expect(Self.error(Array(bytes[..<12])) == .otherFormat(found: 99))
        #expect(
            SnapshotError.otherFormat(found: 99).description
                == "snapshot format 99, but this version of portico reads format \(SnapshotFile.format); compile the spec again"
        )
    }

    @Test("a file cut anywhere is refused as truncated")
    func truncation() {
        let bytes = SnapshotFile.write(Self.sections)
        for count in 1..<bytes.count {
            let expected: UInt64? = count < 32 ? nil : UInt64(bytes.count)
            #expect(Self.error(Array(bytes[..<count])) == .truncated(expected: expected, found: count))
        }
    }

    @Test("a file with bytes added is refused")
    func added() {
        let bytes = SnapshotFile.write(Self.sections)
        #expect(Self.error(bytes + [0]) == .tooLong(expected: 128, found: 129))
        #expect(Self.error(bytes + bytes) == .tooLong(expected: 128, found: 256))
    }

    @Test("every single flipped bit is refused, with the error that fits its place")
    func bitFlips() {
        let bytes = SnapshotFile.write(Self.sections)
        for place in 0..<bytes.count * 8 {
            var damaged = bytes
            damaged[place / 8] ^= 1 << UInt8(place % 8)
            switch (place / 8, Self.error(damaged)) {
            case (0..<8, .notASnapshot), (8..<12, .otherFormat), (16..<24, .truncated), (16..<24, .tooLong),
                (12..<16, .checksumMismatch), (24..., .checksumMismatch):
                break
            case (_, let error): Issue.record("bit \(place): \(String(describing: error))")
            }
        }
    }

    @Test("bytes that differ from a snapshot in many places are refused", arguments: 0..<4)
    func randomDamage(seed: Int) {
        var random = RouteRandom(seed: UInt64(seed))
        let bytes = SnapshotFile.write(Self.sections)
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...16, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if damaged != bytes { #expect(Self.error(damaged) != nil) }
        }
    }

    @Test("random bytes are refused, with and without the magic", arguments: 0..<2)
    func noise(seed: Int) {
        var random = RouteRandom(seed: UInt64(seed) &+ 50)
        for _ in 0..<2000 {
            let noise = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(Self.error(noise) != nil)
            #expect(Self.error(Array("PORTICO\0".utf8) + noise) != nil)
            #expect(Self.error(Array("PORTICO\0\u{1}\0\0\0".utf8) + noise) != nil)
        }
    }

    @Test("a header that lies under a right checksum is refused, or the file is just what would be written")
    func sealedDamage() throws {
        let bytes = SnapshotFile.write(Self.sections)
        var random = RouteRandom(seed: 11)
        for round in 0..<20_000 {
            var damaged = bytes
            if round < 104 * 8 {
                damaged[round / 8] ^= 1 << UInt8(round % 8)
            } else {
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    // The header and the table, where damage would lead somewhere.
                    let at = Int.random(in: 8..<112, using: &random)
                    damaged[at] =
                        UInt8.random(in: 0...255, using: &random) & (Bool.random(using: &random) ? 0xFF : 0x0F)
                }
                damaged.removeLast(
                    Int.random(in: 0...3, using: &random) == 0 ? Int.random(in: 1...40, using: &random) : 0)
            }
            damaged = Self.sealed(damaged)
            do throws(SnapshotError) {
                let file = try SnapshotFile.read(damaged)
                #expect(SnapshotFile.write(file.sections) == damaged)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test("a section count beyond the file asks for no memory")
    func sectionCount() {
        var bytes = SnapshotFile.write(Self.sections)
        bytes.replaceSubrange(12..<16, with: [255, 255, 255, 255])
        #expect(Self.error(Self.sealed(bytes)) == .damagedSectionTable)
    }

    @Test("the same section twice is refused")
    func sectionTwice() {
        var bytes = SnapshotFile.write(Self.sections)
        bytes.replaceSubrange(56..<60, with: bytes[32..<36])
        #expect(Self.error(Self.sealed(bytes)) == .damagedSectionTable)
    }

    @Test("a section is read to its end, and what is wrong in it is told with its name")
    func decoding() throws {
        var writer = ByteWriter()
        writer.write(UInt32(5))
        let file = try SnapshotFile.read(SnapshotFile.write([.init(Self.texts, writer.bytes)]))
        let value = try file.decode(Self.texts) { reader throws(ProgramDecodingError) in try reader.read(UInt32.self) }
        #expect(value == 5)
        #expect(throws: SnapshotError.missingSection(Self.routes)) {
            try file.decode(Self.routes) { _ throws(ProgramDecodingError) in 0 }
        }
        #expect(throws: SnapshotError.damagedSection(Self.texts, reason: "truncated", offset: 0)) {
            try file.decode(Self.texts) { reader throws(ProgramDecodingError) in try reader.read(UInt64.self) }
        }
        #expect(throws: SnapshotError.damagedSection(Self.texts, reason: "more bytes than expected", offset: 2)) {
            try file.decode(Self.texts) { reader throws(ProgramDecodingError) in try reader.read(UInt16.self) }
        }
        #expect(
            SnapshotError.damagedSection(Self.texts, reason: "truncated", offset: 9).description
                == "snapshot is damaged: section 'TEXT', byte 9: truncated")
    }

    @Test("a route table travels through a file")
    func routeTable() throws {
        let table = RouteTable.of("GET /pets", "ANY /pets/{id}", "OPTIONS /{proxy+}")
        let file = try SnapshotFile.read(SnapshotFile.write([.init(Self.routes, table.encoded)]))
        let other = try file.decode(Self.routes) { reader throws(ProgramDecodingError) in
            try RouteTable(decoding: &reader)
        }
        #expect(other.dump() == table.dump())
    }

    @Test("an identifier reads as its letters, and foreign bytes as dots")
    func identifiers() {
        #expect(Self.routes.description == "ROUT")
        #expect(SnapshotSectionID(rawValue: 0xFF41_0042).description == "B.A.")
    }
}

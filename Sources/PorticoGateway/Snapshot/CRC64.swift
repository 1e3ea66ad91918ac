/// CRC-64/XZ: the checksum of ``SnapshotFile``. It finds every flipped bit and every burst of up to 64 bits; it guards
/// against damage on the way, not against forgery.
///
/// Source: ECMA-182 annex B in its reflected form, as in the `.xz` file format, section 6.
struct CRC64: Sendable {
    private var state: UInt64 = .max

    /// The checksum of what was added.
    var value: UInt64 { ~state }

    /// Adds bytes, eight at a time by a table for each place in a word.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var state = state
        Self.tables.withUnsafeBufferPointer { tables in
            var at = 0
            while bytes.count - at >= 8 {
                state ^= UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                var next: UInt64 = 0
                for place in 0..<8 {
                    let byte = Int(truncatingIfNeeded: state &>> UInt64(place * 8)) & 0xFF
                    next ^= tables[(7 - place) * 256 + byte]
                }
                state = next
                at += 8
            }
            while at < bytes.count {
                state = tables[Int(truncatingIfNeeded: state ^ UInt64(bytes[at])) & 0xFF] ^ (state &>> 8)
                at += 1
            }
        }
        self.state = state
    }

    private static let polynomial: UInt64 = 0xC96C_5795_D787_0F42

    /// Table n, of 256 entries, moves a byte past n more bytes.
    private static let tables: [UInt64] = {
        var tables = [UInt64](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var state = UInt64(byte)
            for _ in 0..<8 { state = state & 1 == 0 ? state >> 1 : state >> 1 ^ polynomial }
            tables[byte] = state
        }
        for index in 256..<tables.count {
            let state = tables[index - 256]
            tables[index] = tables[Int(state & 0xFF)] ^ state >> 8
        }
        return tables
    }()
}

/// Turns the code-point counts of libyaml's marks into byte offsets.
struct CodePointMap {
    private static let stride = 16

    private let bytes: UnsafeBufferPointer<UInt8>
    /// Byte offset of every 16th code point; empty when the text is ASCII and counts are offsets.
    private let checkpoints: [Int]

    /// Scans `bytes` once. The map must not outlive them.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        guard UTF8Encoding.skipASCII(in: bytes, from: 0) < bytes.count else {
            checkpoints = []
            return
        }
        var checkpoints: [Int] = []
        checkpoints.reserveCapacity(bytes.count / Self.stride + 1)
        var untilNext = 0
        for index in 0..<bytes.count where bytes[index] & 0xC0 != 0x80 {
            if untilNext == 0 {
                checkpoints.append(index)
                untilNext = Self.stride
            }
            untilNext -= 1
        }
        self.checkpoints = checkpoints
    }

    /// Byte offset of the code point number `count`; the end of the text for a number beyond it.
    func offset(of count: Int) -> Int {
        if checkpoints.isEmpty { return min(count, bytes.count) }
        let checkpoint = count / Self.stride
        guard checkpoint < checkpoints.count else { return bytes.count }
        var offset = checkpoints[checkpoint]
        var remaining = count % Self.stride
        while remaining > 0, offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            remaining -= 1
        }
        return offset
    }
}

// Hot: a few times per request whose stage is traced. Allocates: nothing.

/// A pattern of a sampling rule: `*` stands for any characters, `?` for one, and the case of ASCII letters does not count.
///
/// *Source:* X-Ray guide, "Configure sampling rules"; the SDKs compare without regard to case.
struct SamplingPattern: Sendable, Hashable {
    /// Lower case, runs of `*` made one.
    private let pattern: [UInt8]
    /// Whether every text matches.
    let matchesAll: Bool

    init(_ text: String) {
        var pattern: [UInt8] = []
        for byte in text.utf8 {
            if byte == 0x2A, pattern.last == 0x2A { continue }
            pattern.append(Self.lower(byte))
        }
        self.pattern = pattern
        matchesAll = pattern == [0x2A]
    }

    /// Whether the whole text matches. The steps are at most the product of both lengths; patterns have up to 500 bytes.
    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        if matchesAll { return true }
        return pattern.withUnsafeBufferPointer { pattern in
            var at = 0
            var index = 0
            var star = -1
            var resume = 0
            while index < text.count {
                if at < pattern.count, pattern[at] == 0x2A {
                    star = at
                    resume = index
                    at &+= 1
                } else if at < pattern.count, pattern[at] == 0x3F || pattern[at] == Self.lower(text[index]) {
                    // One character, of whichever length in bytes.
                    index &+= 1
                    if pattern[at] == 0x3F {
                        while index < text.count, text[index] & 0xC0 == 0x80 { index &+= 1 }
                    }
                    at &+= 1
                } else if star >= 0 {
                    resume &+= 1
                    index = resume
                    at = star &+ 1
                } else {
                    return false
                }
            }
            while at < pattern.count, pattern[at] == 0x2A { at &+= 1 }
            return at == pattern.count
        }
    }

    @inline(__always)
    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

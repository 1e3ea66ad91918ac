// Hot: once per pattern of a policy that gets as far. Allocates: only where a long pattern with many near misses needs tables.

/// Bytes of a pattern that no UTF-8 text has.
enum PolicyMark {
    /// Any characters, also none.
    static let any: UInt8 = 0xFF
    /// One character.
    static let one: UInt8 = 0xFE
    /// A variable, by its number in the two bytes that follow, low byte first.
    static let variable: UInt8 = 0xFD
}

/// Matches texts with `*` and `?`. Time is linear: pieces between asterisks are found one after the other, each at its
/// first place, and a piece with many near misses is looked for by bits (Shift-And), 64 of its bytes at a time.
///
/// Both texts must be UTF-8 but for the marks; `?` takes one code point.
struct PolicyGlob {
    /// Comparisons for each byte of the text before a piece is looked for by bits.
    private static let patience = 4

    private let workspace: PolicyWorkspace

    init(_ workspace: PolicyWorkspace) { self.workspace = workspace }

    /// Whether the whole of `text` matches.
    func matches(_ pattern: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer) -> Bool {
        workspace.stepsLeft &-= pattern.count &+ text.count
        var patternStart = 0
        var start = 0
        // The piece before the first asterisk stands at the beginning.
        while patternStart < pattern.count, pattern[patternStart] != PolicyMark.any {
            guard Self.takeForward(pattern[patternStart], text, &start) else { return false }
            patternStart &+= 1
        }
        if patternStart == pattern.count { return start == text.count }
        // The piece behind the last one stands at the end.
        var patternEnd = pattern.count
        var end = text.count
        while pattern[patternEnd &- 1] != PolicyMark.any {
            guard Self.takeBackward(pattern[patternEnd &- 1], text, start, &end) else { return false }
            patternEnd &-= 1
        }
        // Those between come in their order; the first place of each leaves the most room for the next.
        var at = patternStart &+ 1
        while at < patternEnd {
            var pieceEnd = at
            while pattern[pieceEnd] != PolicyMark.any { pieceEnd &+= 1 }
            if pieceEnd > at {
                let piece = UnsafeRawBufferPointer(rebasing: pattern[at..<pieceEnd])
                guard let next = find(piece, text, start, end) else { return false }
                start = next
            }
            at = pieceEnd &+ 1
        }
        return true
    }

    @inline(__always)
    private static func takeForward(_ symbol: UInt8, _ text: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        guard at < text.count else { return false }
        if symbol != PolicyMark.one {
            guard text[at] == symbol else { return false }
            at &+= 1
            return true
        }
        // Not the rest of a character that an asterisk took in part.
        guard !isContinuation(text[at]) else { return false }
        at &+= 1
        while at < text.count, isContinuation(text[at]) { at &+= 1 }
        return true
    }

    @inline(__always)
    private static func takeBackward(
        _ symbol: UInt8, _ text: UnsafeRawBufferPointer, _ start: Int, _ end: inout Int
    ) -> Bool {
        guard end > start else { return false }
        if symbol != PolicyMark.one {
            guard text[end &- 1] == symbol else { return false }
            end &-= 1
            return true
        }
        end &-= 1
        while isContinuation(text[end]) {
            guard end > start else { return false }
            end &-= 1
        }
        return true
    }

    @inline(__always)
    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    // MARK: Pieces

    /// The end of the first place of a piece without asterisks between `start` and `end`.
    private func find(
        _ piece: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int
    ) -> Int? {
        let first = piece[0]
        var patience = Self.patience &* (end &- start) &+ 64
        var at = start
        while at < end {
            if first == PolicyMark.one || text[at] == first {
                if patience < 0 { return findByBits(piece, text, at, end) }
                var place = at
                var matched = 0
                let window = UnsafeRawBufferPointer(rebasing: text[..<end])
                while matched < piece.count, Self.takeForward(piece[matched], window, &place) { matched &+= 1 }
                if matched == piece.count { return place }
                patience &-= matched
                workspace.stepsLeft &-= matched
            }
            at &+= 1
        }
        return nil
    }

    /// The same, by a bit for each beginning of the piece that the text may be in.
    private func findByBits(
        _ piece: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int
    ) -> Int? {
        let words = (piece.count &+ 63) / 64
        workspace.stepsLeft &-= words &* (end &- start &+ 256)
        let tables = workspace.bits(words &* 258)
        tables.update(repeating: 0, count: words &* 258)
        // A row of masks for each byte, one for where the piece has `?`, and the state.
        let ones = tables + words &* 256
        let state = tables + words &* 257
        for (place, symbol) in piece.enumerated() {
            let bit: UInt64 = 1 &<< UInt64(place & 63)
            if symbol == PolicyMark.one {
                ones[place &>> 6] |= bit
            } else {
                tables[Int(symbol) &* words &+ place &>> 6] |= bit
            }
        }
        let last = piece.count &- 1
        var at = start
        while at < end {
            let byte = text[at]
            let row = tables + Int(byte) &* words
            let isContinuation = Self.isContinuation(byte)
            var carry: UInt64 = 1
            for word in 0..<words {
                let old = state[word]
                let moved = old &<< 1 | carry
                carry = old &>> 63
                // A character of several bytes stays where its first byte came to.
                state[word] = isContinuation ? moved & row[word] | old & ones[word] : moved & (row[word] | ones[word])
            }
            at &+= 1
            if state[last &>> 6] & (1 &<< UInt64(last & 63)) != 0 {
                // The whole of the last character belongs to the piece.
                if piece[last] == PolicyMark.one {
                    while at < end, Self.isContinuation(text[at]) { at &+= 1 }
                }
                return at
            }
        }
        return nil
    }
}

/// Memory of a ``PolicyMachine`` that outlives an evaluation.
final class PolicyWorkspace {
    /// What an evaluation may cost, in bytes looked at: some milliseconds.
    static let stepLimit = 8_000_000

    /// Negative once the machine has given up.
    @exclusivity(unchecked) var stepsLeft = 0
    /// Texts whose variables are filled in.
    let text = OutputBuffer(capacity: 512)
    @exclusivity(unchecked) private var table = UnsafeMutablePointer<UInt64>.allocate(capacity: 0)
    @exclusivity(unchecked) private var capacity = 0

    deinit { table.deallocate() }

    /// Room for so many words; what it holds is left from before.
    func bits(_ count: Int) -> UnsafeMutablePointer<UInt64> {
        if count > capacity {
            table.deallocate()
            table = .allocate(capacity: count)
            capacity = count
        }
        return table
    }
}

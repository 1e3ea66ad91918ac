// Hot: once per byte of a string with a simple pattern. Allocates: once per program.

/// A pattern that is nothing but runs of characters from end to end, such as `^[a-z0-9-]{8,40}$` or `^[^@]+@[^@]+$`: most
/// patterns of models are, and reading the bytes once is several times faster than a call of PCRE2.
///
/// A run takes as many characters as it can, and never gives one back. That is what the pattern means as long as no
/// character that a run may leave to what follows could stand in both; ``init(_:)`` is `nil` for all other patterns.
struct SchemaPatternRuns {
    /// Characters of one kind.
    struct Run: BitwiseCopyable {
        /// Which bytes belong to it, 256 flags; beyond ASCII all of them or none.
        var members: Int
        var minimum: Int
        var maximum: Int
        /// Whether characters beyond ASCII belong to it, which have several bytes.
        var takesOthers: Bool
    }

    /// Longer patterns are left to PCRE2.
    private static let maximumRuns = 32
    /// "As many as there are."
    private static let unlimited = Int.max

    private(set) var runs: [Run] = []
    /// Sets of bytes, one after the other.
    private(set) var members: [UInt8] = []

    /// Reads a pattern of ECMA 262.
    init?(_ pattern: String) {
        var reader = Reader(bytes: Array(pattern.utf8))
        guard reader.take(0x5E) else { return nil }
        while !reader.takeEnd() {
            guard runs.count < Self.maximumRuns, let set = reader.takeSet(), let count = reader.takeCount() else {
                return nil
            }
            runs.append(
                Run(members: members.count, minimum: count.minimum, maximum: count.maximum, takesOthers: set[0x80] != 0)
            )
            members += set
        }
        guard !runs.isEmpty, isDeterministic else { return nil }
    }

    /// Whether no run of varying length shares a character with what may follow it.
    private var isDeterministic: Bool {
        for (index, run) in runs.enumerated() where run.minimum != run.maximum {
            for follower in runs[(index + 1)...] {
                for byte in 0..<256 where members[run.members + byte] & members[follower.members + byte] != 0 {
                    return false
                }
                if follower.minimum > 0 { break }
            }
        }
        return true
    }

    /// Whether a text, which is UTF-8, matches.
    @inline(__always)
    static func match(
        _ runs: UnsafePointer<Run>, _ count: Int, _ members: UnsafePointer<UInt8>, _ text: UnsafeRawBufferPointer
    ) -> Bool {
        guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            for index in 0..<count where runs[index].minimum > 0 { return false }
            return true
        }
        let end = text.count
        var at = 0
        for index in 0..<count {
            let run = runs[index]
            let set = members + run.members
            let start = at
            if run.takesOthers {
                var taken = 0
                while at < end, taken < run.maximum, set[Int(base[at])] != 0 {
                    at &+= 1
                    // The bytes that continue a character belong to it.
                    while at < end, base[at] & 0xC0 == 0x80 { at &+= 1 }
                    taken &+= 1
                }
                if taken < run.minimum { return false }
            } else {
                let limit = run.maximum < end &- at ? at &+ run.maximum : end
                while at < limit, set[Int(base[at])] != 0 { at &+= 1 }
                if at &- start < run.minimum { return false }
            }
        }
        return at == end
    }

    // MARK: Reading

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        mutating func take(_ byte: UInt8) -> Bool {
            guard at < bytes.count, bytes[at] == byte else { return false }
            at += 1
            return true
        }

        /// Takes the `$` that ends the pattern.
        mutating func takeEnd() -> Bool { at == bytes.count - 1 && take(0x24) }

        /// Takes a character, an escape or a class.
        mutating func takeSet() -> [UInt8]? {
            guard at < bytes.count else { return nil }
            var set = [UInt8](repeating: 0, count: 256)
            let byte = bytes[at]
            at += 1
            switch byte {
            case 0x5B: return takeClass()
            case 0x5C: return takeEscape(&set) ? set : nil
            // `^$.*+?()[]{}|` mean something, or stand for themselves only sometimes.
            case 0x24, 0x28...0x2B, 0x2E, 0x3F, 0x5D, 0x5E, 0x7B...0x7D: return nil
            default:
                guard byte < 0x80 else { return nil }
                set[Int(byte)] = 1
                return set
            }
        }

        /// Takes what follows a backslash: `d`, `w`, or a sign that stands for itself.
        private mutating func takeEscape(_ set: inout [UInt8]) -> Bool {
            guard at < bytes.count else { return false }
            let byte = bytes[at]
            at += 1
            switch byte {
            case 0x64: Self.add(0x30...0x39, to: &set)
            case 0x77:
                Self.add(0x30...0x39, to: &set)
                Self.add(0x41...0x5A, to: &set)
                Self.add(0x61...0x7A, to: &set)
                set[0x5F] = 1
            case 0x21...0x2F, 0x3A...0x40, 0x5B...0x5E, 0x60, 0x7B...0x7E: set[Int(byte)] = 1
            default: return false
            }
            return true
        }

        private mutating func takeClass() -> [UInt8]? {
            var set = [UInt8](repeating: 0, count: 256)
            let isNegated = take(0x5E)
            while !take(0x5D) {
                guard at < bytes.count, bytes[at] < 0x80 else { return nil }
                let first = bytes[at]
                at += 1
                if first == 0x5C {
                    guard takeEscape(&set) else { return nil }
                    // A range from an escape on is left to PCRE2.
                    if at < bytes.count, bytes[at] == 0x2D, at + 1 < bytes.count, bytes[at + 1] != 0x5D { return nil }
                    continue
                }
                guard at + 1 < bytes.count, bytes[at] == 0x2D, bytes[at + 1] != 0x5D else {
                    set[Int(first)] = 1
                    continue
                }
                let last = bytes[at + 1]
                guard last != 0x5C, last < 0x80, first <= last else { return nil }
                Self.add(first...last, to: &set)
                at += 2
            }
            if isNegated { for byte in set.indices { set[byte] ^= 1 } }
            return set
        }

        /// Takes a quantifier; one character without.
        mutating func takeCount() -> (minimum: Int, maximum: Int)? {
            var count = (minimum: 1, maximum: 1)
            if take(0x2A) {
                count = (0, unlimited)
            } else if take(0x2B) {
                count = (1, unlimited)
            } else if take(0x3F) {
                count = (0, 1)
            } else if take(0x7B) {
                guard let low = takeNumber() else { return nil }
                count = (low, low)
                if take(0x2C) { count.maximum = takeNumber() ?? unlimited }
                guard take(0x7D), count.minimum <= count.maximum else { return nil }
            } else {
                return count
            }
            // A lazy mark changes nothing in what matches from end to end, but is rare.
            return at < bytes.count && bytes[at] == 0x3F ? nil : count
        }

        private mutating func takeNumber() -> Int? {
            let start = at
            var value = 0
            while at < bytes.count, bytes[at] &- 0x30 < 10, at - start < 6 {
                value = value * 10 + Int(bytes[at] &- 0x30)
                at += 1
            }
            return at == start ? nil : value
        }

        private static func add(_ range: ClosedRange<UInt8>, to set: inout [UInt8]) {
            for byte in range { set[Int(byte)] = 1 }
        }
    }
}

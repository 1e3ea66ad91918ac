/// Finds the word that was probably meant.
///
/// Distance is Damerau-Levenshtein (optimal string alignment) over lower-case UTF-8 bytes: an insertion, a deletion, a
/// replacement or a swap of two neighbours counts one. A word that differs only in case is at distance 0.
public enum TypoDetector {
    /// The word of `candidates` nearest to `word`, if it is near enough to be meant: a third of the word's length and at
    /// most 4 edits. Of equals the first one wins.
    public static func closest(to word: String, in candidates: some Sequence<String>) -> String? {
        let bytes = lowered(word)
        // Longer words than any key cost quadratic time and mean nothing.
        guard !bytes.isEmpty, bytes.count <= 128 else { return nil }
        var limit = min(4, max(1, bytes.count / 3))
        var best: String?
        for candidate in candidates where candidate != word {
            guard abs(candidate.utf8.count - bytes.count) <= limit else { continue }
            guard let distance = distance(bytes, lowered(candidate), limit: limit) else { continue }
            best = candidate
            if distance == 0 { break }
            limit = distance - 1
        }
        return best
    }

    /// Edits between two words, or `nil` if they are more than `limit`.
    public static func distance(_ left: String, _ right: String, limit: Int = .max) -> Int? {
        distance(lowered(left), lowered(right), limit: limit)
    }

    private static func lowered(_ word: String) -> [UInt8] {
        word.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    private static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
        if left == right { return 0 }
        guard limit > 0 else { return nil }
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        var current = previous
        for row in 1..<(left.count + 1) {
            current[0] = row
            var least = row
            for column in 1..<(right.count + 1) {
                let same = left[row - 1] == right[column - 1]
                var cost = min(
                    previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, beforePrevious[column - 2] + 1)
                }
                current[column] = cost
                least = min(least, cost)
            }
            if least > limit { return nil }
            swap(&beforePrevious, &previous)
            swap(&previous, &current)
        }
        let result = previous[right.count]
        return result <= limit ? result : nil
    }
}

/// Suggestions for a bounded number of words among a bounded number of candidates: a broken or hostile file with
/// thousands of unknown names must not cost quadratic time.
public struct Suggestions {
    /// Candidates that are looked at for one word.
    public static let candidateLimit = 500

    private var left: Int

    /// Makes a budget of `limit` words.
    public init(limit: Int = 32) {
        left = limit
    }

    /// The word that was probably meant; `nil` too once the budget is spent. `candidates` is asked for only before.
    public mutating func closest<Words: Sequence>(to word: String, in candidates: () -> Words) -> String?
    where Words.Element == String {
        guard left > 0 else { return nil }
        left -= 1
        return TypoDetector.closest(to: word, in: candidates().prefix(Self.candidateLimit))
    }

    /// `; did you mean 'x'?`, or nothing.
    public mutating func question<Words: Sequence>(for word: String, in candidates: () -> Words) -> String
    where Words.Element == String {
        closest(to: word, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }
}

// Hot: once per path that is no plain one. Allocates: a matcher, when a filter has a pattern.

/// What one evaluation of a path may still do, its filters included: a path such as `$..*..*`, or a filter that looks
/// through the body for each element, multiplies the size of the body by itself.
///
/// The unit is a look at one node, some ten nanoseconds.
struct JSONPathWork {
    /// Work that every evaluation may do, and further work for each node of the body: ordinary paths take up to five.
    static let least = 500_000
    static let perNode = 8
    /// Steps that a pattern of a filter takes at no extra cost, and what an attempt costs that takes more: up to a
    /// millisecond.
    static let patternSteps = 2000
    static let patternCost = 20_000

    private let allowed: Int
    private var left: Int
    private var matcher: PatternMatcher?

    init(_ tape: JSONTape) {
        allowed = Self.least &+ tape.count &* Self.perNode
        left = allowed
    }

    /// Whether nothing more may be done: the evaluation ends with what it has.
    var isSpent: Bool { left <= 0 }
    /// Work that was done.
    var spent: Int { allowed &- max(left, 0) }

    @inline(__always)
    mutating func spend(_ cost: Int) { left = left > cost ? left &- cost : 0 }

    /// Whether a filter's pattern matches all of a text.
    mutating func fullMatch(_ pattern: Pattern, _ text: [UInt8]) -> Bool {
        let matcher = matcher ?? PatternMatcher()
        self.matcher = matcher
        spend(8 &+ text.count &>> 4)
        return text.withUnsafeBytes { bytes in
            let outcome = matcher.fullMatch(pattern, bytes, steps: Self.patternSteps)
            guard outcome == .limitExceeded, !isSpent else { return outcome == .match }
            spend(Self.patternCost)
            return matcher.fullMatch(pattern, bytes) == .match
        }
    }
}

// Hot: once per match. Allocates: match data when a pattern has more groups than any before.

internal import CPCRE2

/// What a match attempt came to.
public enum PatternOutcome: Sendable, Equatable {
    /// It matches; the groups can be read.
    case match
    /// It does not.
    case noMatch
    /// The attempt took more steps or memory than allowed, which counts as no match but is worth a line in the log.
    case limitExceeded
}

/// The memory and the limits that matching needs. One worker owns it and uses it on its event loop only.
public final class PatternMatcher {
    /// Backtracking steps of one attempt, and further ones for each byte of the subject: enough for ordinary patterns on
    /// bodies of megabytes, and little enough that `(a+)+$` gives up within a millisecond.
    static let stepLimit = 200_000
    static let stepsPerByte = 4
    /// The time that one search in a long subject may take, if the matcher has a clock, and more for each byte: ordinary
    /// patterns take up to 5 nanoseconds a byte.
    static let timeLimitNanoseconds: UInt64 = 50_000_000
    static let nanosecondsPerByte: UInt64 = 20
    /// Subjects up to this size are searched in one go: the square of it takes milliseconds.
    static let shortSubjectBytes = 4096
    /// Places at which a search in a longer subject tries to match before it looks at the clock first.
    static let firstStretch = 64

    /// Kilobytes that the interpreter may take.
    static let heapLimitKilobytes: UInt32 = 4096

    private let context: OpaquePointer?
    private let stack: OpaquePointer?
    private var data: OpaquePointer?
    private var pairs = 0
    private var found = 0
    private var vector: UnsafeMutablePointer<Int>?
    private let clock: (() -> UInt64)?

    /// Makes a matcher.
    ///
    /// The steps of an attempt are limited always; but a search makes an attempt at every place of the subject, and
    /// patterns such as `[ab]+[cd]` take time in the square of its length. With a clock of monotonic nanoseconds a search
    /// gives up after a while.
    public init(clock: (() -> UInt64)? = nil) {
        self.clock = clock
        context = pcre2_match_context_create_8(nil)
        stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
        if let context {
            pcre2_set_heap_limit_8(context, Self.heapLimitKilobytes)
            if let stack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
        }
    }

    deinit {
        if let data { pcre2_match_data_free_8(data) }
        if let stack { pcre2_jit_stack_free_8(stack) }
        if let context { pcre2_match_context_free_8(context) }
    }

    /// Whether the pattern matches the whole subject: Java's `matches()`.
    public func fullMatch(_ pattern: Pattern, _ subject: UnsafeRawBufferPointer) -> PatternOutcome {
        run(pattern.full, subject, 0)
    }

    /// Looks for the next match at or after `start`: Java's `find(start)`.
    public func find(_ pattern: Pattern, _ subject: UnsafeRawBufferPointer, from start: Int = 0) -> PatternOutcome {
        guard start >= 0 && start <= subject.count else { return .noMatch }
        guard let clock, subject.count - start > Self.shortSubjectBytes else {
            return run(pattern.search, subject, start)
        }
        return search(pattern.search, subject, start, clock)
    }

    /// Searches stretch by stretch, each twice as long as the one before, with a look at the clock in between.
    private func search(
        _ pattern: PatternCode, _ subject: UnsafeRawBufferPointer, _ start: Int, _ clock: () -> UInt64
    ) -> PatternOutcome {
        // PCRE2_UNSET, a macro that is not imported: other patterns are compiled without such a limit.
        defer { if let context { pcre2_set_offset_limit_8(context, -1) } }
        let deadline = clock() &+ Self.timeLimitNanoseconds &+ UInt64(subject.count) &* Self.nanosecondsPerByte
        var stretch = Self.firstStretch
        var from = start
        while true {
            var last = min(subject.count, from + stretch)
            // Stretches end before a character, for that is where the next one has to begin.
            while last < subject.count, last + 1 < subject.count, subject[last + 1] & 0xC0 == 0x80 { last += 1 }
            if let context { pcre2_set_offset_limit_8(context, last) }
            let outcome = run(pattern, subject, from)
            if outcome != .noMatch || last >= subject.count { return outcome }
            if clock() > deadline { return .limitExceeded }
            from = last + 1
            stretch = stretch &* 2
        }
    }

    /// Whether the pattern matches all of `text`; a limit counts as no match.
    func fullMatch(_ pattern: Pattern, _ text: [UInt8]) -> Bool {
        text.withUnsafeBytes { fullMatch(pattern, $0) } == .match
    }

    /// A full match with a limit of its own.
    func fullMatch(_ pattern: Pattern, _ subject: UnsafeRawBufferPointer, steps: Int) -> PatternOutcome {
        run(pattern.full, subject, 0, limit: steps)
    }

    /// The bytes that a group took in the last match; group 0 is the whole match. `nil` when it took no part.
    public func range(_ group: Int = 0) -> Range<Int>? {
        guard group >= 0, group < found, let vector else { return nil }
        let low = vector[group &* 2]
        let high = vector[group &* 2 &+ 1]
        // PCRE2_UNSET is the largest size, negative as Int. A look-behind with \K could turn them round; there is no \K.
        guard low >= 0, high >= low else { return nil }
        return low..<high
    }

    private func run(
        _ pattern: PatternCode, _ subject: UnsafeRawBufferPointer, _ start: Int, limit: Int = stepLimit
    ) -> PatternOutcome {
        found = 0
        guard let context, let data = prepare(pattern.groupCount &+ 1) else { return .limitExceeded }
        let steps = limit &+ subject.count &* Self.stepsPerByte
        pcre2_set_match_limit_8(context, UInt32(clamping: steps))
        var nothing: UInt8 = 0
        let count = withUnsafePointer(to: &nothing) { empty in
            let bytes = subject.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? empty
            return pcre2_match_8(pattern.code, bytes, subject.count, start, 0, data, context)
        }
        if count > 0 {
            found = Int(count)
            return .match
        }
        return count == PCRE2_ERROR_NOMATCH ? .noMatch : .limitExceeded
    }

    /// Match data with room for all groups.
    private func prepare(_ wanted: Int) -> OpaquePointer? {
        if let data, pairs >= wanted { return data }
        if let data { pcre2_match_data_free_8(data) }
        pairs = max(wanted, 16)
        data = pcre2_match_data_create_8(UInt32(truncatingIfNeeded: pairs), nil)
        vector = data.flatMap { pcre2_get_ovector_pointer_8($0) }
            .map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Int.self) }
        return data
    }
}

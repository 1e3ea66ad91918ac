// Hot: once per phase of requests that are recorded, else one comparison. Allocates: nothing.

/// When the phases of one request ended.
///
/// Phases follow each other without gaps, so their ends say all: a phase begins where the one before it ended. A request
/// that nobody records pays a comparison for each phase and reads no clock.
struct PhaseMarks {
    /// Microseconds since ``origin`` at which each phase ended, by `RequestPhase.rawValue`, plus 1; 0 for one that was not
    /// passed.
    private var ends: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) =
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    /// Nanoseconds of a clock that never goes back; 0 when nothing is recorded.
    private(set) var origin: UInt64 = 0

    /// Whether phases are taken note of.
    @inline(__always)
    var isOn: Bool { origin != 0 }

    /// Begins a request whose first byte came at `nanoseconds`, which is not 0.
    @inline(__always)
    mutating func begin(at nanoseconds: UInt64) {
        ends = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        origin = nanoseconds
    }

    /// Takes no note of the request.
    @inline(__always)
    mutating func skip() { origin = 0 }

    /// A phase has ended now. One that ends several times, such as one that waited, has its last end.
    @inline(__always)
    mutating func end(_ phase: RequestPhase, at nanoseconds: @autoclosure () -> UInt64) {
        guard origin != 0 else { return }
        let elapsed = UInt32(clamping: (nanoseconds() &- origin) / 1000 &+ 1)
        withUnsafeMutableBytes(of: &ends) { bytes in
            bytes.storeBytes(of: elapsed, toByteOffset: phase.rawValue &* 4, as: UInt32.self)
        }
    }

    /// Pairs of ends as they are stored: the first of each in the lower half.
    @inline(__always)
    func word(_ index: Int) -> UInt64 {
        withUnsafeBytes(of: ends) { bytes in
            UInt64(bytes.load(fromByteOffset: index &* 8, as: UInt32.self))
                | UInt64(bytes.load(fromByteOffset: index &* 8 &+ 4, as: UInt32.self)) &<< 32
        }
    }

    /// How many words ``word(_:)`` has.
    static let wordCount = 5
}

extension PassedPhase {
    /// Phases out of the words of ``PhaseMarks``, in the order in which they ended.
    static func all(_ words: some Sequence<UInt64>) -> [PassedPhase] {
        var ends: [(phase: RequestPhase, end: UInt32)] = []
        for (index, word) in words.prefix(PhaseMarks.wordCount).enumerated() {
            for (half, value) in [UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32)].enumerated()
            {
                if value > 0, let phase = RequestPhase(rawValue: index * 2 + half) { ends.append((phase, value - 1)) }
            }
        }
        // A filter may stand before another one in a method than in the table; the sort keeps those that ended together.
        ends.sort { ($0.end, $0.phase.rawValue) < ($1.end, $1.phase.rawValue) }
        var start: UInt32 = 0
        return ends.map { phase, end in
            defer { start = end }
            return PassedPhase(phase: phase, start: start, duration: end - start)
        }
    }
}

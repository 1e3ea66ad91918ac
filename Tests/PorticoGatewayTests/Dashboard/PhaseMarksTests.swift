import Testing

@testable import PorticoGateway

@Suite("Dashboard: phases")
struct PhaseMarksTests {
    private static func phases(_ marks: PhaseMarks) -> [PassedPhase] {
        PassedPhase.all((0..<PhaseMarks.wordCount).map(marks.word))
    }

    @Test("a phase begins where the one before it ended")
    func order() {
        var marks = PhaseMarks()
        marks.begin(at: 5_000_000)
        marks.end(.receive, at: 5_003_999)
        marks.end(.match, at: 5_004_000)
        marks.end(.integrate, at: 12_004_000)
        marks.end(.respond, at: 12_010_000)
        #expect(
            Self.phases(marks) == [
                PassedPhase(phase: .receive, start: 0, duration: 3), PassedPhase(phase: .match, start: 3, duration: 1),
                PassedPhase(phase: .integrate, start: 4, duration: 7000),
                PassedPhase(phase: .respond, start: 7004, duration: 6),
            ])
    }

    @Test("one that ends in no time is passed, too, and one that ends twice has its last end")
    func ends() {
        var marks = PhaseMarks()
        marks.begin(at: 1)
        marks.end(.receive, at: 1)
        marks.end(.authorize, at: 2001)
        marks.end(.authorize, at: 9001)
        #expect(
            Self.phases(marks) == [
                PassedPhase(phase: .receive, start: 0, duration: 0),
                PassedPhase(phase: .authorize, start: 0, duration: 9),
            ])
    }

    @Test("phases that end in another order than that of the table are told in theirs")
    func reordered() {
        var marks = PhaseMarks()
        marks.begin(at: 1)
        marks.end(.validate, at: 4001)
        marks.end(.throttle, at: 6001)
        #expect(Self.phases(marks).map(\.phase) == [.validate, .throttle])
        #expect(Self.phases(marks).map(\.duration) == [4, 2])
    }

    @Test("a request that is not recorded reads no clock")
    func off() {
        var marks = PhaseMarks()
        var reads: UInt64 = 0
        func clock() -> UInt64 {
            reads += 1
            return reads
        }
        marks.end(.match, at: clock())
        #expect(reads == 0 && Self.phases(marks).isEmpty)
        marks.begin(at: 1)
        marks.end(.match, at: clock())
        #expect(reads == 1)
        marks.skip()
        marks.end(.respond, at: clock())
        #expect(reads == 1)
    }

    @Test("a request that takes hours does not overflow")
    func clamped() {
        var marks = PhaseMarks()
        marks.begin(at: 1)
        marks.end(.integrate, at: .max)
        #expect(Self.phases(marks) == [PassedPhase(phase: .integrate, start: 0, duration: .max - 1)])
    }
}

import Testing

@testable import PorticoGateway

@Suite("The state machine of a function's process")
struct HostProcessMachineTests {
    /// What happens to a process, in a word each.
    enum Step: String, CustomStringConvertible {
        case prepare, next, hangUp, event, takeBack, begin, beginOther, error, end, restart, initError, time, retire
        case exit

        var description: String { rawValue }
    }

    /// Takes a step and says what the machine answers.
    static func take(_ step: Step, _ machine: inout HostProcessMachine) -> String {
        switch step {
        case .prepare: return "\(machine.prepare())"
        case .next:
            switch machine.askNext() {
            case .isReady(let isFirst): return isFirst ? "first" : "ready"
            case .replacesPoll: return "replaces"
            case .ends: return "ends"
            case .refused(let refusal): return text(refusal)
            }
        case .hangUp: return "\(machine.abandonNext())"
        case .event:
            machine.handOut("r")
            return "out"
        case .takeBack: return "\(machine.takeBack("r"))"
        case .begin: return machine.beginAnswer("r", to: "InvocationResponse").map(text) ?? "ok"
        case .beginOther: return machine.beginAnswer("q", to: "InvocationResponse").map(text) ?? "ok"
        case .error: return machine.beginAnswer("r", to: "InvocationErrorResponse").map(text) ?? "ok"
        case .end:
            machine.endAnswer()
            return "-"
        case .restart:
            machine.restartAnswer()
            return "-"
        case .initError: return machine.failInit().map(text) ?? "ok"
        case .time:
            switch machine.timeUp() {
            case .initTimeout: return "init timeout"
            case .invocationTimeout(let request): return "timeout \(request)"
            case .ends: return "ends"
            case .killAgain: return "again"
            case .nothing: return "nothing"
            }
        case .retire: return "\(machine.retire())"
        case .exit:
            switch machine.end() {
            case .beforeReady: return "before"
            case .during(let request): return "during \(request)"
            case .whileIdle: return "idle"
            case .expected: return "expected"
            }
        }
    }

    private static func text(_ refusal: HostProcessMachine.Refusal) -> String {
        switch refusal {
        case .wrongRequestID: "wrong id"
        case .wrongState(let from, let to): "\(from)>\(to)"
        }
    }

    @Test(
        "answers each step as its state allows",
        arguments: [
            // An ordinary life.
            (
                [.prepare, .next, .event, .begin, .end, .next, .time, .exit],
                "true first out ok - ready ends expected"
            ),
            // The end at each place of it.
            ([.exit], "before"),
            ([.prepare, .exit], "true before"),
            ([.prepare, .next, .exit], "true first idle"),
            ([.prepare, .next, .event, .exit], "true first out during r"),
            ([.prepare, .next, .event, .begin, .exit], "true first out ok during r"),
            ([.prepare, .next, .event, .begin, .end, .exit], "true first out ok - idle"),
            ([.prepare, .next, .exit, .exit], "true first idle expected"),
            // The time is over at each place of it.
            ([.time], "nothing"),
            ([.prepare, .time, .exit], "true init timeout expected"),
            ([.prepare, .next, .event, .time, .exit], "true first out timeout r expected"),
            ([.prepare, .next, .event, .begin, .time, .time], "true first out ok timeout r again"),
            ([.prepare, .next, .event, .begin, .end, .time], "true first out ok - ends"),
            // Requests that are not in order.
            ([.next], "Started>Ready"),
            ([.prepare, .begin], "true Started>InvocationResponse"),
            ([.prepare, .next, .begin], "true first Ready>InvocationResponse"),
            ([.prepare, .next, .initError], "true first Ready>InitError"),
            ([.prepare, .next, .event, .next], "true first out Running>Ready"),
            ([.prepare, .next, .event, .beginOther, .begin], "true first out wrong id ok"),
            ([.prepare, .next, .event, .begin, .begin], "true first out ok InvocationResponse>InvocationResponse"),
            ([.prepare, .next, .event, .begin, .beginOther], "true first out ok wrong id"),
            ([.prepare, .next, .event, .begin, .next], "true first out ok InvocationResponse>Ready"),
            (
                [.prepare, .next, .event, .begin, .end, .error],
                "true first out ok - ResponseSent>InvocationErrorResponse"
            ),
            ([.prepare, .next, .time, .begin], "true first ends Exited>InvocationResponse"),
            ([.prepare, .next, .time, .next], "true first ends Exited>Ready"),
            // The connection that waits for an event is lost, or another one asks.
            ([.prepare, .next, .hangUp, .hangUp, .next], "true first true false ready"),
            ([.prepare, .next, .next, .event], "true first replaces out"),
            ([.prepare, .next, .event, .takeBack, .next], "true first out true ready"),
            ([.prepare, .next, .event, .begin, .takeBack], "true first out ok false"),
            ([.prepare, .next, .event, .begin, .restart, .begin], "true first out ok - ok"),
            // The initialization fails.
            ([.prepare, .initError, .initError, .exit], "true ok Exited>InitError expected"),
            ([.prepare, .initError, .time], "true ok again"),
            // A retired process ends at once, or after what it does.
            ([.retire, .prepare, .exit], "true false expected"),
            ([.prepare, .retire, .next, .exit], "true true Exited>Ready expected"),
            ([.prepare, .next, .retire, .exit], "true first true expected"),
            (
                [.prepare, .next, .event, .retire, .begin, .end, .next, .exit],
                "true first out false ok - ends expected"
            ),
        ] as [([Step], String)])
    func steps(_ steps: [Step], _ expected: String) {
        var machine = HostProcessMachine()
        let answers = steps.map { HostProcessMachineTests.take($0, &machine) }
        #expect(answers.joined(separator: " ") == expected)
    }
}

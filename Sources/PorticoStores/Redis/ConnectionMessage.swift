internal import PorticoIR

/// What processes publish for each other: a line of words, and behind it bytes as they are.
///
/// `call NUMBER PROCESS post|get|delete API STAGE CONNECTION`, and what is posted; `answer NUMBER` and
/// `sent|closed|gone|limited|unavailable`, or `connection CONNECTED ACTIVE ADDRESS agent|none` and the client's name.
enum ConnectionMessage: Hashable {
    case call(number: UInt64, process: String, ConnectionCommand)
    case answer(number: UInt64, ConnectionAnswer)

    var bytes: [UInt8] {
        switch self {
        case .call(let number, let process, let command):
            let (action, body): (String, [UInt8]) =
                switch command.action {
                case .post(let body): ("post", body)
                case .get: ("get", [])
                case .delete: ("delete", [])
                }
            let (api, stage) = (command.address.apiID, command.address.stage)
            let line = "call \(number) \(process) \(action) \(api) \(stage) \(command.address.connectionID)\n"
            return Array(line.utf8) + body
        case .answer(let number, let answer):
            let words =
                switch answer {
                case .sent: "sent"
                case .closed: "closed"
                case .gone: "gone"
                case .limited: "limited"
                case .unavailable: "unavailable"
                case .connection(let report):
                    "connection \(report.connectedMilliseconds) \(report.activeMilliseconds) \(report.sourceAddress) "
                        + (report.userAgent.map { "agent\n\($0)" } ?? "none")
                }
            return Array("answer \(number) \(words)\n".utf8)
        }
    }

    /// Reads a message; `nil` for what is none.
    init?(_ bytes: [UInt8]) {
        // The longest line has an address, or names that somebody chose.
        guard let end = bytes.prefix(1024).firstIndex(of: 0x0A) else { return nil }
        let rest = bytes[(end + 1)...]
        var words = String(decoding: bytes[..<end], as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false)[...]
        guard let kind = words.popFirst(), let number = words.popFirst().flatMap({ UInt64($0) }) else { return nil }
        switch kind {
        case "call":
            guard words.count == 5 else { return nil }
            let names = words.map(String.init)
            let action: ConnectionCommand.Action
            switch names[1] {
            case "post": action = .post(Array(rest))
            case "get": action = .get
            case "delete": action = .delete
            default: return nil
            }
            let address = ConnectionAddress(apiID: names[2], stage: names[3], connectionID: names[4])
            self = .call(number: number, process: names[0], ConnectionCommand(action, of: address))
        case "answer":
            guard let answer = ConnectionMessage.readAnswer(words.map(String.init), rest) else { return nil }
            self = .answer(number: number, answer)
        default: return nil
        }
    }

    private static func readAnswer(_ words: [String], _ rest: ArraySlice<UInt8>) -> ConnectionAnswer? {
        switch (words.first, words.count) {
        case ("sent", 1): return .sent
        case ("closed", 1): return .closed
        case ("gone", 1): return .gone
        case ("limited", 1): return .limited
        case ("unavailable", 1): return .unavailable
        case ("connection", 5):
            guard let connected = Int(words[1]), let active = Int(words[2]), words[4] == "agent" || words[4] == "none"
            else { return nil }
            // Behind the name stands the end of the line that all answers have.
            let agent = words[4] == "agent" ? String(decoding: rest.dropLast(), as: UTF8.self) : nil
            return .connection(
                ConnectionReport(
                    connectedMilliseconds: connected, activeMilliseconds: active, sourceAddress: words[3],
                    userAgent: agent))
        default: return nil
        }
    }
}

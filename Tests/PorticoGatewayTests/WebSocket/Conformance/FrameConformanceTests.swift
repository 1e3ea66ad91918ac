import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// The cases of ``FrameCategory`` against a server, over a socket. Source: RFC 6455; reference, "Limits and close codes"
/// (2.6). What they are is in docs/websocket-conformance.md.
@Suite("WebSocket conformance: frames")
struct FrameConformanceTests {
    /// How a client's bytes come: what has to come back is the same.
    enum Delivery: CaseIterable {
        /// All in one piece.
        case whole
        /// Each frame by itself.
        case frames
        /// Byte by byte; of long ones, a few hundred pieces.
        case pieces

        func cut(_ frames: [[UInt8]]) -> [[UInt8]] {
            switch self {
            case .whole: return [Array(frames.joined())]
            case .frames: return frames
            case .pieces:
                let bytes = Array(frames.joined())
                let size = bytes.count <= 600 ? 1 : bytes.count / 300 | 1
                return stride(from: 0, to: bytes.count, by: size).map {
                    Array(bytes[$0..<min($0 + size, bytes.count)])
                }
            }
        }
    }

    /// A route that answers with the message.
    static func echoRoute(conversion: String = "") -> String {
        let message = "$context.requestOverride.path.message"
        let request = quoted("#set(\(message) = $input.body){\"statusCode\": 200}")
        return SocketSpec.integration(
            "{type: mock, \(conversion)requestTemplates: {$default: \(request)}, responses: {$default: "
                + "{responseTemplates: {$default: \(quoted(message))}}}}")
    }

    /// An API of that route.
    static func echo(_ members: String = "", conversion: String = "") -> String {
        SocketSpec.api([("$default", echoRoute(conversion: conversion))], members: members)
    }

    @Test("each case ends as it has to, however its bytes come", arguments: FrameCategory.all.map(\.stem))
    func cases(_ stem: String) async throws {
        let category = try #require(FrameCategory.all.first { $0.stem == stem })
        try await run(category, Self.echo()) { [Self.echoed($0)] }
    }

    @Test("with bytes allowed, too", arguments: FrameCategory.withBinary.map(\.stem))
    func binaryCases(_ stem: String) async throws {
        let category = try #require(FrameCategory.withBinary.first { $0.stem == stem })
        try await run(category, Self.echo("binary: allow", conversion: "contentHandling: CONVERT_TO_TEXT, ")) {
            // Bytes reach the template in base64.
            [Self.echoed($0), Self.echoed(Array(Self.base64($0).utf8))]
        }
    }

    /// What the route answers with. Source: reference, "$input": an empty body is an empty object.
    static func echoed(_ message: [UInt8]) -> [UInt8] { message.isEmpty ? Array("{}".utf8) : message }

    /// `answers` gives what a message may be answered with.
    private func run(_ category: FrameCategory, _ spec: String, _ answers: ([UInt8]) -> [[UInt8]]) async throws {
        try await withSockets(spec) { gateway in
            var failures: [String] = []
            for row in category.cases {
                for delivery in Delivery.allCases {
                    do {
                        let wrong = try Self.talk(row, delivery, gateway.port, answers)
                        if let wrong { failures.append("\(row.id) (\(row.name)), \(delivery): \(wrong)") }
                    } catch {
                        failures.append("\(row.id) (\(row.name)), \(delivery): \(error)")
                    }
                }
            }
            #expect(failures == [])
            // The server has not suffered.
            let answer = try gateway.connect().ask("still here")
            #expect(answer == "still here")
        }
    }

    /// What is wrong with the answers; `nil` if nothing is.
    private static func talk(
        _ row: FrameCase, _ delivery: Delivery, _ port: Int, _ answers: ([UInt8]) -> [[UInt8]]
    ) throws -> String? {
        var frames = row.sends.map(\.bytes)
        var wanted = row.answers
        var endsItself = false
        if case .close = wanted.last { endsItself = true }
        if !endsItself {
            // That nothing else comes shows at the end.
            frames.append(closing(1000).bytes)
            wanted.append(.close(1000))
        }
        let socket = try RawWebSocket(port: port, deadline: Deadline(after: .seconds(20)))
        guard socket.isOpen else { return "status \(socket.response.status)" }
        for piece in delivery.cut(frames) { try socket.send(bytes: piece) }

        var echoes: [RawWebSocket.Frame] = []
        var pongs: [FrameAnswer] = []
        var end: FrameAnswer?
        while end == nil {
            let frame: RawWebSocket.Frame
            do {
                frame = try socket.readFrame()
            } catch {
                return "after \(echoes.count) answers and \(pongs.count) pongs: \(error)"
            }
            guard frame.isLast, frame.reserved == 0 else { return "a frame that a server may not send: \(frame)" }
            switch frame.opcode {
            case RawWebSocket.Opcode.pong: pongs.append(.pong(frame.payload))
            case RawWebSocket.Opcode.close: end = .close(frame.code)
            default: echoes.append(frame)
            }
        }
        guard end == wanted.last else { return "\(end?.description ?? "no end")" }
        guard pongs == wanted.filter(\.isPong) else { return "pongs: \(pongs)" }
        let messages = wanted.compactMap { wanted -> [UInt8]? in
            guard case .echo(let message) = wanted else { return nil }
            return message
        }
        guard echoes.count == messages.count else { return "\(echoes.count) answers: \(echoes.prefix(3))" }
        for (frame, message) in zip(echoes, messages) {
            guard frame.opcode == RawWebSocket.Opcode.text else { return "\(frame) is no text" }
            let possible = answers(message)
            // An answer that is longer than a message may be is an error, as bytes in base64 may be.
            let isTooLong = possible.contains { $0.count > ClientFrameRules.longestMessage }
            if isTooLong, frame.text.contains("Internal server error") { continue }
            guard possible.contains(frame.payload) else { return "\(frame) for \(Shown.bytes(message))" }
        }
        socket.finishSending()
        return try socket.isClosedByServer() ? nil : "TCP goes on behind the end"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let piece = bytes[start..<min(start + 3, bytes.count)]
            let word = (0..<3).reduce(0) { $0 << 8 | ($1 < piece.count ? Int(piece[start + $1]) : 0) }
            for place in 0..<4 { text.append(place <= piece.count ? digits[word >> (18 - 6 * place) & 63] : "=") }
        }
        return text
    }

    @Test("docs/websocket-conformance.md lists the cases")
    func document() throws {
        try GoldenFile.compare(ConformanceDocument.text(), with: "docs/websocket-conformance.md")
    }

    @Test("ids are unique, and there are several hundred cases")
    func ids() {
        let ids = (FrameCategory.all + FrameCategory.withBinary).flatMap { $0.cases.map(\.id) }
        #expect(Set(ids).count == ids.count)
        #expect(ids.count >= 500)
    }
}

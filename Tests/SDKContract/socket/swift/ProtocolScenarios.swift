import Foundation
import SocketContractSDK

/// What comes of a command that the protocol forbids, and how the client closed then.
@Sendable private func violation(
    _ kit: Kit, _ name: String, number: Int32? = nil, options: @Sendable (inout Socket.Options) -> Void = { _ in }
) async throws -> JSON {
    let socket = try await kit.connect(options: {
        $0.reconnects = false
        options(&$0)
    })
    let result = await failure { _ = try await run(socket, name, number: number) }
    return ["result": result, "closes": try await kit.closes()]
}

let protocolScenarios: Scenarios = [
    (
        "fragments",
        { kit in
            let socket = try await kit.connect()
            let first = try await run(socket, "fragments")
            return [
                "text": .string(try said(first).text),
                "texts": try texts(try await socket.receive(within: .seconds(30))),
            ]
        }
    ),
    (
        "frames",
        { kit in
            let socket = try await kit.connect()
            try await socket.say(.init(text: String(repeating: "x", count: 100_000)))
            _ = try await socket.receive(within: .seconds(30))
            return try await report(socket, "frames")
        }
    ),
    (
        "long",
        { kit in
            let socket = try await kit.connect()
            var length = 0
            let result = await failure {
                try await socket.say(.init(text: String(repeating: "x", count: 100_000)))
                length = try said(try await socket.receive(within: .seconds(30))).text.count
            }
            return length > 0 ? .integer(Int64(length)) : result
        }
    ),
    (
        "big",
        { kit in
            let message = try await run(try await kit.connect(), "big", number: 200_000)
            return .integer(Int64(try said(message).text.count))
        }
    ),
    ("too-big", { try await violation($0, "big", number: 2000) { $0.maxMessageBytes = 1000 } }),
    ("masked", { try await violation($0, "masked") }),
    ("reserved", { try await violation($0, "reserved") }),
    ("surrogate", { try await violation($0, "surrogate") }),
    ("opcode", { try await violation($0, "opcode") }),
    (
        "ping",
        { kit in
            let socket = try await kit.connect()
            try await socket.ping()
            try await socket.ping()
            return try await report(socket, "pings")
        }
    ),
    (
        "keep-alive",
        { kit in
            let socket = try await kit.connect(
                Surroundings.url + "/mute",
                options: {
                    $0.reconnects = false
                    $0.pingInterval = .milliseconds(100)
                })
            return await failure { _ = try await socket.receive(within: .seconds(30)) }
        }
    ),
    (
        "kept-alive",
        { kit in
            let socket = try await kit.connect(options: {
                $0.reconnects = false
                $0.pingInterval = .milliseconds(500)
            })
            let result = await failure { _ = try await socket.receive(within: .milliseconds(1300)) }
            try await socket.say(.init(text: "x"))
            return ["result": result, "text": .string(try said(try await socket.receive(within: .seconds(30))).text)]
        }
    ),
    (
        "receive-timeout",
        { kit in
            let socket = try await kit.connect()
            let result = await failure { _ = try await socket.receive(within: .milliseconds(100)) }
            try await socket.say(.init(text: "x"))
            return ["result": result, "text": .string(try said(try await socket.receive(within: .seconds(30))).text)]
        }
    ),
]

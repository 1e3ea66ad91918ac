import Foundation
import SocketContractSDK

/// What a connection gives that was opened again.
@Sendable private func reopened(_ kit: Kit, _ path: String, _ command: String, number: Int32? = nil) async throws
    -> JSON
{
    let socket = try await kit.connect(Surroundings.url + path, options: { $0.onReconnect = kit.again })
    let message = try await run(socket, command, number: number)
    return [
        "text": .string(try said(message).text), "waits": await kit.recordedWaits,
        "reconnects": .integer(await kit.reconnects),
    ]
}

let endScenarios: Scenarios = [
    (
        "close",
        { kit in
            let socket = try await kit.connect()
            try await socket.close(code: 3001, reason: "bye")
            return ["result": await rest(socket), "closes": try await kit.closes()]
        }
    ),
    (
        "closed",
        { kit in
            let socket = try await kit.connect()
            return await failure { _ = try await run(socket, "close", text: "why", number: 4001) }
        }
    ),
    (
        "restart",
        { kit in
            let socket = try await kit.connect(options: { $0.reconnects = false })
            return await failure { _ = try await run(socket, "close", number: 1001) }
        }
    ),
    (
        "ended",
        { kit in
            let socket = try await kit.connect()
            try await socket.run(.init(name: "close", number: 1000))
            return await rest(socket)
        }
    ),
    (
        "send-closed",
        { kit in
            let socket = try await kit.connect()
            try await socket.close()
            return await failure { try await socket.say(.init(text: "x")) }
        }
    ),
    ("reconnect", { try await reopened($0, "/flaky", "drop") }),
    ("reconnect-close", { try await reopened($0, "/chat", "close", number: 1012) }),
    (
        "reconnect-off",
        { kit in
            let socket = try await kit.connect(options: { $0.reconnects = false })
            return await failure { _ = try await run(socket, "drop") }
        }
    ),
    (
        "reconnect-gives-up",
        { kit in
            let socket = try await kit.connect(Surroundings.url + "/gone", options: { $0.maxReconnects = 3 })
            let result = await failure { _ = try await run(socket, "drop") }
            return ["result": result, "waits": await kit.recordedWaits]
        }
    ),
    (
        "reconnect-refused",
        { kit in
            let socket = try await kit.connect(Surroundings.url + "/forbidden")
            let result = await failure { _ = try await run(socket, "drop") }
            return ["result": result, "waits": await kit.recordedWaits]
        }
    ),
]

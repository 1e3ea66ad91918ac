import Foundation
import SocketContractSDK

let messageScenarios: Scenarios = [
    ("head", { try await report(try await $0.connect(room: "a b&c", tags: ["x", "y z"], trace: "t"), "head") }),
    (
        "join",
        { kit in
            let socket = try await kit.connect()
            try await socket.join(.init(room: "r", since: SocketContract.CalendarDate("2024-02-29")))
            let message = try await socket.receive(within: .seconds(30))
            guard case .joined(let joined) = message.value else { throw Unexpected(message: message) }
            return [
                "kind": .string(kind(message)), "room": .string(joined.room), "members": .string("\(joined.members)"),
            ]
        }
    ),
    (
        "say",
        { kit in
            let socket = try await kit.connect()
            try await socket.say(.init(text: "ü 😀"))
            let message = try await socket.receive(within: .seconds(30))
            let value = try said(message)
            let milliseconds = value.at.map { JSON.integer(Int64(($0.timeIntervalSince1970 * 1000).rounded())) }
            return [
                "kind": .string(kind(message)), "text": .string(value.text), "at": milliseconds ?? nil,
                "wire": text(message.text),
            ]
        }
    ),
    (
        "wire",
        { kit in
            let socket = try await kit.connect()
            let looking: any LooksAround = socket
            let calls: [() async throws -> Void] = [
                { try await looking.lookAlone() },
                { try await looking.look(["a": 1, "action": "x"]) },
                { try await socket.sendAnything(["b": [nil]]) },
                { try await socket.sendAnything([1]) },
            ]
            var result: [JSON] = []
            for call in calls {
                try await call()
                result.append(["wire": try texts(try await socket.receive(within: .seconds(30)))[0] ?? nil])
            }
            return .array(result)
        }
    ),
    (
        "no-object",
        { kit in
            let looking: any LooksAround = try await kit.connect()
            return await failure { try await looking.look([1]) }
        }
    ),
    (
        "kinds",
        { kit in
            let socket = try await kit.connect()
            let sent = [
                #"{"type":"whispered","text":"w"}"#, #"{"room":"r","members":1}"#, failureText,
                #"{"message":"Bad request body","connectionId":"c=","messageId":"m="}"#, #"{"type":"other"}"#,
                #"{"type":"said"}"#, "no JSON", "7",
            ]
            var found: [JSON] = []
            for text in sent { found.append(.string(kind(try await run(socket, "send", text: text)))) }
            return .array(found + [.string(kind(try await run(socket, "bytes")))])
        }
    ),
    (
        "failure",
        { kit in
            let message = try await run(try await kit.connect(), "send", text: failureText)
            guard case .messageFailure(let value) = message.value else { throw Unexpected(message: message) }
            return [
                "message": text(value.message), "connection": text(value.connectionId),
                "request": text(value.requestId), "messageId": text(value.messageId),
            ]
        }
    ),
    (
        "invalid",
        { kit in
            let socket = try await kit.connect()
            try await socket.sendAnything(["action": "say"])
            return try refusal(try await socket.receive(within: .seconds(30)))
        }
    ),
    ("fault", { try refusal(try await run(try await $0.connect(), "fault")) }),
    (
        "unknown",
        { kit in
            let socket = try await kit.connect()
            var results: [JSON] = []
            for sent in [#"{"type":"other","n":9007199254740993}"#, "no JSON"] {
                let message = try await run(socket, "send", text: sent)
                guard case .unknown(let json) = message.value else { throw Unexpected(message: message) }
                results.append(["wire": text(message.text), "json": ["wire": .string(json.description)]])
            }
            return .array(results)
        }
    ),
    (
        "bytes",
        { kit in
            let socket = try await kit.connect()
            try await socket.sendBytes(Data([255, 0]))
            return text(try await run(socket, "mirror").data?.base64EncodedString())
        }
    ),
]

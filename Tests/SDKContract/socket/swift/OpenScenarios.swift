import Foundation
import SocketContractSDK

let openScenarios: Scenarios = [
    ("refused", { kit in await failure { _ = try await kit.connect(Surroundings.url + "/refuse-403") } }),
    ("garbled", { kit in await failure { _ = try await kit.connect(Surroundings.url + "/garbled") } }),
    ("port", { kit in await failure { _ = try await kit.connect(Surroundings.refused) } }),
    (
        "timeout",
        { kit in
            await failure { _ = try await kit.connect(Surroundings.silent, { $0.attemptTimeout = .milliseconds(200) }) }
        }
    ),
    (
        "protocol",
        { kit in
            let socket = try await kit.connect(
                Surroundings.url + "/protocol-b", options: { $0.subprotocols = ["a", "b"] })
            return text(await socket.subprotocol)
        }
    ),
    ("protocol-none", { text(await (try await $0.connect()).subprotocol) }),
    (
        "protocol-unasked",
        { kit in
            await failure {
                _ = try await kit.connect(Surroundings.url + "/protocol-c", options: { $0.subprotocols = ["a"] })
            }
        }
    ),
    ("key-missing", { kit in await failure { _ = try await kit.connect { $0.apiKey = nil } } }),
    ("key-wrong", { kit in await failure { _ = try await kit.connect { $0.apiKey = "contract-key-9876543210" } } }),
    ("unauthorized", { kit in await failure { _ = try await kit.connect(Surroundings.url + "/guarded") } }),
    (
        "denied",
        { kit in await failure { _ = try await kit.connect(Surroundings.url + "/guarded", trace: "deny") } }
    ),
    (
        "authorized",
        { try await report(try await $0.connect(Surroundings.url + "/guarded", trace: "allow"), "caller") }
    ),
    ("break", { kit in await failure { _ = try await kit.connect(trace: "a\r\nX: b") } }),
]

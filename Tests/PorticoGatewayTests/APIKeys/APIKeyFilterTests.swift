import Logging
import NIOCore
import NIOPosix
import PorticoIR
import PorticoPrograms
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// The step without a connection: what an authorizer gave, and what an exchange forgets.
@Suite("API key filter")
struct APIKeyFilterTests {
    /// Runs `body` with an exchange of stage `stage` on a loop of its own.
    private func withExchange<Value: Sendable>(
        _ stage: String, _ head: String = "GET /prod/key HTTP/1.1\r\nHost: a\r\n\r\n",
        _ body: @escaping @Sendable (Exchange) -> Value
    ) async throws -> Value {
        let snapshot = try TestGateway.compile(
            APIKeySpecs.document(APIKeySpecs.keys + "\nx-amazon-apigateway-api-key-source: AUTHORIZER"))
        let keys = try #require(await APIKeyKeeper(store: nil, environment: [:]).load(snapshot))
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let result: Value? = try await loop.submit {
            let worker = Worker(
                loop: loop, settings: ServerConfiguration(), upstream: UpstreamConfiguration(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                executionLog: ExecutionLogWriter { _ in })
            worker.install(ServingTable(snapshot, generation: 1))
            worker.use(keys)
            let exchange = worker.takeExchange()
            let value = Array(head.utf8).withUnsafeBytes { bytes in
                var progress = HeadProgress()
                guard case .head(let parsed) = exchange.parser.parse(bytes, progress: &progress) else {
                    return Value?.none
                }
                exchange.bytes = bytes
                exchange.begin(parsed)
                exchange.stage = worker.table?.stages.first { String(decoding: $0.name.bytes, as: UTF8.self) == stage }
                return body(exchange)
            }
            worker.recycle(exchange)
            worker.shutDown()
            return value
        }.get()
        return try #require(result)
    }

    private static func give(_ value: String, to exchange: Exchange) {
        let start = exchange.arena.count
        exchange.arena.append(value)
        exchange.access.usageIdentifierKey = start..<exchange.arena.count
    }

    private static func context(_ variable: ContextVariable, _ exchange: Exchange) -> String? {
        exchange.contextValue(Int(variable.rawValue)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "The authorizer's usageIdentifierKey is the key, by the same rules",
        arguments: [
            ("prod", "golden", true), ("test", "golden", true), ("free", "golden", false), ("prod", "off", false),
            ("prod", "none", false), ("prod", "unknown", false), ("prod", "", false),
        ])
    func authorizer(_ stage: String, _ name: String, _ isGood: Bool) async throws {
        let value = name.isEmpty ? "" : APIKeySpecs.value(name)
        let header = "x-api-key: \(APIKeySpecs.value("golden"))\r\n"
        let seen = try await withExchange(stage, "GET /prod/key HTTP/1.1\r\nHost: a\r\n\(header)\r\n") { exchange in
            Self.give(value, to: exchange)
            let outcome = APIKeyFilter.run(.authorizer, exchange)
            // What comes into the arena later moves it.
            exchange.arena.append(String(repeating: "x", count: 100_000))
            let isNext = if case .next = outcome { true } else { false }
            return [
                "\(isNext)", Self.context(.identityApiKey, exchange) ?? "-",
                exchange.fault?.type.rawValue ?? "-", exchange.apiKey?.plan?.name ?? "-",
            ]
        }
        #expect(seen == (isGood ? ["true", value, "-", "gold"] : ["false", "-", "INVALID_API_KEY", "-"]))
    }

    @Test("The look-up gives the plan with its limits and those of its methods at the stage")
    func plan() async throws {
        let seen = try await withExchange("prod") { exchange in
            Self.give(APIKeySpecs.value("golden"), to: exchange)
            _ = APIKeyFilter.run(.authorizer, exchange)
            let plan = exchange.apiKey?.plan
            return (plan?.limit, plan?.quota, plan?.methods.map { "\($0.verb.text) \($0.path.text) \($0.limit.burst)" })
        }
        #expect(seen.0 == RateLimit(Throttle(rateLimit: 0.5, burstLimit: 7000)))
        #expect(seen.1 == Quota(limit: 9000, offset: 2, period: .week))
        // A burst without rate limits nothing.
        #expect(seen.2 == ["GET /open 3"])
    }

    @Test("An exchange that is used again knows nothing of the last caller")
    func forgets() async throws {
        let seen = try await withExchange("prod") { exchange in
            Self.give(APIKeySpecs.value("golden"), to: exchange)
            _ = APIKeyFilter.run(.authorizer, exchange)
            exchange.end()
            return [exchange.apiKey == nil, Self.context(.identityApiKeyId, exchange) == nil]
        }
        #expect(seen == [true, true])
    }
}

import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("API keys that change while a server runs")
struct APIKeyChangeTests {
    private func status(_ name: String, _ gateway: TestGateway, _ path: String = "/prod/key") throws -> Int {
        try gateway.request("GET", path, headers: [("x-api-key", APIKeySpecs.value(name))]).status
    }

    private func wait(_ what: String, _ condition: () throws -> Bool) throws {
        try Deadline(after: .seconds(20)).wait(for: what, until: condition)
    }

    @Test("Keys of the store count at once, and so does each change of them; several loops all have it")
    func changes() async throws {
        let store = MemoryKeyStore()
        store.change { $0 = [.named("first"), .named("off", isEnabled: false)] }
        try await withGateway(
            APIKeySpecs.document(),
            configure: {
                $0.apiKeyStore = store
                $0.workers = 3
            }
        ) { gateway in
            #expect(try status("first", gateway) == 200)
            #expect(try status("second", gateway) == 403)
            let start = ContinuousClock.now
            store.change { $0.append(.named("second")) }
            // Each request is a connection of its own, which the kernel gives to any of the loops.
            try wait("a new key") { try (0..<12).allSatisfy { _ in try status("second", gateway) == 200 } }
            #expect(ContinuousClock.now - start < .seconds(5))
            store.change { $0.removeAll { $0.name == "first" } }
            try wait("a deleted key") { try (0..<12).allSatisfy { _ in try status("first", gateway) == 403 } }
            #expect(try status("golden", gateway) == 200)
        }
    }

    @Test("A reload keeps the store's keys, with the plans that the new document has")
    func reload() async throws {
        let store = MemoryKeyStore()
        store.change { $0 = [.named("mine")] }
        try await withGateway(APIKeySpecs.document(), configure: { $0.apiKeyStore = store }) { gateway in
            #expect(try status("mine", gateway) == 200)
            let other =
                "x-portico-stages: {prod: {}, test: {}}\nx-portico-usage-plans: {gold: {apiStages: [test]}}"
            try await gateway.install(APIKeySpecs.document(other))
            #expect(try status("mine", gateway) == 403)
            #expect(try status("mine", gateway, "/test/key") == 200)
            #expect(try status("golden", gateway) == 403)
            try await gateway.install(APIKeySpecs.document())
            #expect(try status("mine", gateway) == 200)
        }
    }

    @Test("A store that cannot be read is told once, keeps what it had counting, and is read again when it can be")
    func brokenStore() async throws {
        let snapshot = try TestGateway.compile(APIKeySpecs.document())
        let store = MemoryKeyStore()
        store.change { $0 = [.named("mine")] }
        let keeper = APIKeyKeeper(store: store, environment: ["ACME_KEY": APIKeySpecs.value("env")])
        func knows(_ update: APIKeyKeeper.Update?, _ name: String) -> Bool? {
            let table = Array("prod".utf8).withUnsafeBytes { update?.tables.table(ofStage: $0) }
            return table.map { table in
                Array(APIKeySpecs.value(name).utf8).withUnsafeBytes { table.key(of: $0) } != nil
            }
        }
        let first = await keeper.load(snapshot)
        #expect(knows(first, "mine") == true && first?.problems == [])
        #expect(await keeper.reloadIfNeeded() == nil)
        store.fail("is gone")
        let broken = await keeper.reloadIfNeeded()
        #expect(knows(broken, "mine") == true)
        #expect(broken?.problems.count == 1 && broken?.problems.first?.contains("is gone") == true)
        #expect(await keeper.reloadIfNeeded() == nil)
        store.change { $0 = [.named("other")] }
        store.fail(nil)
        let mended = await keeper.reloadIfNeeded()
        #expect(knows(mended, "mine") == false && knows(mended, "other") == true)
        #expect((mended?.number ?? 0) > (broken?.number ?? 0) && (broken?.number ?? 0) > (first?.number ?? 0))
    }

    @Test("An API without methods that need a key does not look into the store")
    func notNeeded() async throws {
        let store = MemoryKeyStore()
        store.fail("must not be read")
        let open = APIKeySpecs.document(APIKeySpecs.keys, [SpecOperation("GET /open", mock("ok"))])
        let keeper = APIKeyKeeper(store: store, environment: [:])
        #expect(await keeper.load(try TestGateway.compile(open))?.problems == [])
        #expect(await keeper.reloadIfNeeded() == nil)
    }
}

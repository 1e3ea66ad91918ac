import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Tables of API keys")
struct KeyTableTests {
    private func table(_ values: [String], seed: UInt64) -> KeyTable {
        let pool = BytePool()
        return KeyTable(
            values.map { value in
                var text = value
                return (
                    text.withUTF8 { APIKeyDigest(of: UnsafeRawBufferPointer($0)) },
                    ServingAPIKey(id: value, name: value, state: .noPlan, pool: pool)
                )
            }, seed: seed)
    }

    private func find(_ value: String, _ table: KeyTable) -> String? {
        Array(value.utf8).withUnsafeBytes { table.key(of: $0)?.name }
    }

    @Test(
        "Finds each key that is in it and no other, at any size and wherever keys lie", arguments: [0, 1, 2, 7, 1000])
    func finds(_ count: Int) {
        let values = (0..<count).map { "key-\($0)-\(String(repeating: "v", count: 20))" }
        for seed in [0, 1, .max, 0x9E37_79B9_7F4A_7C15] as [UInt64] {
            let table = table(values, seed: seed)
            #expect(values.allSatisfy { find($0, table) == $0 })
            #expect(values.allSatisfy { find($0 + "x", table) == nil && find(String($0.dropLast()), table) == nil })
            #expect(find("", table) == nil)
        }
    }

    @Test("Values of every length that a key may have, and of no other")
    func lengths() {
        let values = (1...140).map { String(repeating: "k", count: $0) }
        let table = table(values, seed: 3)
        #expect(values.filter { find($0, table) != nil }.map(\.count) == Array(20...128))
    }

    @Test("Digests are compared whole: a difference in any one bit tells them apart")
    func comparison() {
        let bytes = APIKeyHash.digest(of: "a value of some length")
        let digest = APIKeyDigest(bytes: bytes)
        for bit in 0..<256 {
            var other = bytes
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(digest.map { $0.isSame(as: $0) } == true)
            #expect(APIKeyDigest(bytes: other).flatMap { other in digest.map { $0.isSame(as: other) } } == false)
        }
        #expect(APIKeyDigest(bytes: Array(bytes.dropLast())) == nil)
    }

    @Test("The digest is SHA-256")
    func digest() {
        // Source: FIPS 180-4, example of "abc".
        #expect(
            APIKeyHash.digest(of: "abc").prefix(8) == [0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA])
    }

    @Test("Keys of a store stand beside those of the document; what is wrong with them is told and closes them")
    func builder() throws {
        let snapshot = try TestGateway.compile(APIKeySpecs.document())
        var builder = KeyTableBuilder(snapshot, environment: ["ACME_KEY": APIKeySpecs.value("env")])
        let tables = builder.build(stored: [
            .named("mine"), .named("both", plans: ["gold", "silver"]), .named("lost", plans: ["copper"]),
            // The values of a disabled key and of a good one of the document.
            .named("off"), .named("golden", isEnabled: false),
        ])
        func state(_ name: String, _ stage: String) -> String {
            let table = Array(stage.utf8).withUnsafeBytes { tables.table(ofStage: $0) }
            let key = Array(APIKeySpecs.value(name).utf8).withUnsafeBytes { table?.key(of: $0) }
            switch key?.state {
            case .opens(let plan): return plan.name
            case .disabled: return "disabled"
            case .noPlan: return "no plan"
            case nil: return "unknown"
            }
        }
        #expect(state("mine", "prod") == "gold" && state("mine", "free") == "no plan")
        #expect(state("both", "prod") == "gold" && state("both", "test") == "no plan")
        #expect(state("lost", "prod") == "no plan" && state("off", "prod") == "disabled")
        #expect(state("golden", "prod") == "gold" && state("golden", "none") == "unknown")
        #expect(
            builder.problems.sorted() == [
                "API key 'both' is in more than one usage plan of stage 'test', 'gold' and 'silver', and is refused there",
                "API key 'golden' has the value of 'golden' and is left out",
                "API key 'lost' is in usage plan 'copper', which the API does not have",
                "API key 'off' has the value of 'off' and is left out",
            ])
    }
}

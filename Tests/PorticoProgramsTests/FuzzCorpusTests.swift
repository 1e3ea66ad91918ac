import PorticoFuzzTargets
import Testing

/// What libFuzzer found worth keeping, without libFuzzer: `scripts/fuzz` finds more.
@Suite("Inputs kept from fuzzing")
struct FuzzCorpusTests {
    @Test("Every kept input holds the property of its target", arguments: FuzzTargetList.all.map(\.name))
    func replay(_ name: String) throws {
        let target = try #require(FuzzTargetList.all.first { $0.name == name })
        #expect(try FuzzCorpus.inputs(of: name).count > 5)
        #expect(try FuzzCorpus.failures(of: target) == [])
    }

    @Test("Each corpus belongs to a target and stays small")
    func corpora() throws {
        let wire: Set = ["http-request", "http-response", "http-chunked", "websocket"]
        #expect(try Set(FuzzCorpus.names()) == wire.union(FuzzTargetList.all.map(\.name)))
        for name in try FuzzCorpus.names() {
            let inputs = try FuzzCorpus.inputs(of: name)
            #expect(inputs.count <= 500)
            #expect(inputs.reduce(0) { $0 + $1.bytes.count } <= 1 << 20)
        }
    }
}

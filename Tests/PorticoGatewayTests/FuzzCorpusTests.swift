import PorticoFuzzTargets
import Testing

@Suite("Inputs of the gateway's codecs kept from fuzzing")
struct FuzzCorpusTests {
    @Test("Every kept input holds the property of its target", arguments: FuzzTarget.wire.map(\.name))
    func replay(_ name: String) throws {
        let target = try #require(FuzzTarget.wire.first { $0.name == name })
        #expect(try FuzzCorpus.inputs(of: name).count > 5)
        #expect(try FuzzCorpus.failures(of: target) == [])
    }
}

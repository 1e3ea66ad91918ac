import PorticoFuzzTargets
import Testing

@Suite("Inputs of the HTTP codec kept from fuzzing")
struct FuzzCorpusTests {
    @Test("Every kept input holds the property of its target", arguments: FuzzTarget.http.map(\.name))
    func replay(_ name: String) throws {
        let target = try #require(FuzzTarget.http.first { $0.name == name })
        #expect(try FuzzCorpus.inputs(of: name).count > 5)
        #expect(try FuzzCorpus.failures(of: target) == [])
    }
}

import PorticoCodegen
import PorticoTestSupport
import Testing

/// Generated clients against the gateway: `Tests/SDKContract/SCENARIOS.md` says what they do.
@Suite("Contract of clients")
struct ContractTests {
    @Test("a generated client does what the contract says", arguments: SDKTools.languages)
    func contract(_ language: String) throws {
        // A language whose toolchain is missing is left out, but not one of those that every machine has.
        let isRequired = SDKTools.requiredLanguages.contains(language)
        let output = try SDKTools.script(
            "sdk-contract",
            ["--gateway", ChildProcess.buildFolder + "/portico"] + (isRequired ? [] : ["--present-only"]) + [language])
        #expect(output.contains("\(language): "))
    }

    @Test("a generated client of a WebSocket API does what the contract says", arguments: SDKTools.languages)
    func socketContract(_ language: String) throws {
        let isRequired = SDKTools.requiredLanguages.contains(language)
        let output = try SDKTools.script(
            "sdk-contract",
            ["--socket"] + (isRequired ? [] : ["--present-only"]) + [language])
        #expect(output.contains("\(language): "))
    }

    // Those that are compiled in seconds: what differs between clients, the contract against its own server shows.
    @Test(
        "a generated client of a WebSocket API and the gateway understand each other",
        arguments: [("python", []), ("ruby", []), ("typescript", []), ("typescript", ["--tls"])]
            as [(String, [String])])
    func liveSocketContract(_ language: String, _ options: [String]) throws {
        let isRequired = SDKTools.requiredLanguages.contains(language)
        let output = try SDKTools.script(
            "sdk-contract",
            ["--gateway", ChildProcess.buildFolder + "/portico", "--socket", "--live"] + options
                + (isRequired ? [] : ["--present-only"]) + [language])
        #expect(output.contains("\(language): "))
    }

    @Test("the contract's own tools tell right from wrong")
    func tools() throws {
        try SDKTools.run(
            "/usr/bin/env",
            ["python3", "-B", "-m", "unittest", "discover", "\(GoldenFile.packageRoot)/Tests/SDKContract"])
    }
}

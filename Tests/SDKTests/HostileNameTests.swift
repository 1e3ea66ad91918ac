import Testing

/// Specs whose names and texts are keywords, collide, or would end comments and strings.
@Suite("Clients of hostile specs")
struct HostileNameTests {
    /// `scripts/sdk-fuzz --count 300` goes further than a test can.
    private static let count = "12"

    @Test("clients of random hostile specs compile", arguments: SDKTools.languages)
    func fuzz(_ language: String) throws {
        let isRequired = SDKTools.requiredLanguages.contains(language)
        try SDKTools.script(
            "sdk-fuzz", ["--count", Self.count, "--seed", "1"] + (isRequired ? [] : ["--present-only"]) + [language])
    }
}

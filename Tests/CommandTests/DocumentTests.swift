import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("Documents and example specs")
struct DocumentTests {
    @Test("docs/diagnostics.md lists the table of diagnostics")
    func diagnosticsDocument() throws {
        try GoldenFile.compare(Self.diagnosticsDocument(), with: "docs/diagnostics.md")
    }

    @Test("ids are dotted, unique, and each is explained")
    func diagnosticIDs() {
        var seen: Set<String> = []
        for row in DiagnosticTable.all {
            #expect(seen.insert(row.name).inserted, "\(row.name) stands twice")
            #expect(row.name.contains(".") && row.name == row.name.lowercased(), "\(row.name)")
            #expect(row.explanation.count > 10 && row.explanation.suffix(2).contains("."), "\(row.name)")
        }
    }

    @Test(
        "each example spec is valid to the last warning",
        arguments: try GoldenFile.files(in: "specs", ending: ".yaml").filter { $0 != contractSpec })
    func specIsValid(path: String) throws {
        let outcome = try PorticoProcess.run("validate", "\(GoldenFile.packageRoot)/\(path)", "--strict")
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    /// Clients are tested with more kinds of security than the gateway executes yet.
    private static let contractSpec = "specs/sdk-contract.yaml"

    @Test("the spec that clients are tested with has no warnings but those of what the gateway does not execute yet")
    func contractSpecIsValid() throws {
        let outcome = try PorticoProcess.run(
            "validate", "\(GoldenFile.packageRoot)/\(Self.contractSpec)", "--format", "github")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n").filter { $0.hasPrefix("::") }
        #expect(!lines.isEmpty)
        for line in lines {
            // Its keys are no secrets.
            let known = [
                "title=support.", "title=security.unsupported-scheme", "title=api-key.literal",
                "title=identity.literal-secret",
            ]
            #expect(known.contains { line.contains($0) }, "\(line)")
        }
    }

    @Test("the large spec has 1,000 operations and more")
    func largeSpec() throws {
        let outcome = try PorticoProcess.run(
            "routes", "\(GoldenFile.packageRoot)/specs/large/api.yaml", "--format", "json")
        guard case .array(let routes) = JSONValue(parsing: outcome.output) else {
            Issue.record("no routes: \(outcome.errors)")
            return
        }
        #expect(routes.count == 1010)
    }

    /// Area by area in the order of the table.
    private static func diagnosticsDocument() -> String {
        var text = """
            # Diagnostics

            Every error and warning that Portico prints, by its id.
            `portico explain ID` prints one of them.
            Written from the table in the source by `PORTICO_UPDATE_GOLDEN=1 swift test --filter DocumentTests`.

            """
        var areas: [Substring] = []
        var rows: [Substring: [DiagnosticID]] = [:]
        for row in DiagnosticTable.all {
            let area = row.name.prefix { $0 != "." }
            if rows[area] == nil { areas.append(area) }
            rows[area, default: []].append(row)
        }
        for area in areas {
            text += "\n## \(area)\n\n| id | usually | meaning |\n|---|---|---|\n"
            for row in rows[area] ?? [] {
                let explanation = row.explanation.replacingText("|", with: "\\|").replacingText("\n", with: " ")
                text += "| `\(row.name)` | \(row.severity.rawValue) | \(explanation) |\n"
            }
        }
        return text
    }
}

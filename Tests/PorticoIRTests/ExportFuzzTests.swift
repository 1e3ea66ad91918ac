import PorticoIR
import PorticoSyntax
import Testing

/// Documents with random mistakes: nothing crashes, every diagnostic has a row and a place, and what imports without
/// errors is exported so that it imports to the same.
@Suite struct ExportFuzzTests {
    /// SplitMix64: the same seed gives the same documents everywhere.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

        mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
    }

    private struct Memory: FileLoader {
        var path: String
        var text: String

        func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
            guard path == self.path else { throw FileLoadingError(path: path, reason: "No such file or directory") }
            return Array(text.utf8)
        }
    }

    private static let leaves: [JSONValue] = [
        .null, .boolean(true), .boolean(false), .number("0"), .number("-1"), .number("1e400"), .number("200"),
        .number("99999999999999999999"), .string(""), .string("${x}"), .string("${AWS::Region}"), .string("{a}"),
        .string("/{x+}/y"), .string("/a/"), .string("default"), .string("*/*"), .string("MOCK"), .string("("),
        .string("#/components/schemas/Deep"), .string("#"), .string("other.yaml#/a"), .string("é\u{1F600}\u{0}"),
        .string("method.request.header.X"), .string("ANY"), .string("F.Arn"), .array([]), .object([]),
    ]
    private static let keys = [
        "Ref", "Fn::Sub", "Fn::If", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::GetAtt", "Fn::Transform", "$ref",
        "type",
        "default", "get", "parameters", "responses", "security", "schema", "in", "name", "uri", "statusCode", "content",
        "headers", "requestTemplates", "x-amazon-apigateway-any-method", "x-amazon-apigateway-integration",
        "x-amazon-apigateway-authorizer", "x-amazon-apigateway-policy", "x-portico-stages", "x-portico-api-keys",
        "swagger",
        "openapi", "Resources", "200", "2XX", "", "x-amazon-foo",
    ]

    private static func nodes(_ value: JSONValue, _ path: [Int], into paths: inout [[Int]]) {
        paths.append(path)
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() { nodes(element, path + [index], into: &paths) }
        case .object(let members):
            for (index, member) in members.enumerated() { nodes(member.value, path + [index], into: &paths) }
        default: break
        }
    }

    private static func changing(
        _ value: JSONValue, _ path: ArraySlice<Int>, _ change: (JSONValue) -> JSONValue
    ) -> JSONValue {
        guard let first = path.first else { return change(value) }
        switch value {
        case .array(var elements):
            elements[first] = changing(elements[first], path.dropFirst(), change)
            return .array(elements)
        case .object(var members):
            members[first].value = changing(members[first].value, path.dropFirst(), change)
            return .object(members)
        default: return value
        }
    }

    private static func mutated(_ document: JSONValue, _ generator: inout Generator) -> JSONValue {
        var result = document
        for _ in 0...generator.below(3) {
            var paths: [[Int]] = []
            nodes(result, [], into: &paths)
            let leaf = generator.pick(leaves)
            let key = generator.pick(keys)
            let kind = generator.below(4)
            result = changing(result, generator.pick(paths)[...]) { value in
                switch (kind, value) {
                case (0, _): return leaf
                case (1, .object(let members)):
                    return .object(members.filter { $0.name != key } + [JSONMember(key, leaf)])
                case (2, .object(let members)): return .object(Array(members.dropFirst()))
                case (2, .array(let elements)): return .array(elements + [leaf])
                default: return .object([JSONMember(key, value)])
                }
            }
        }
        return result
    }

    @Test("Random mistakes are reported, and what is left reads back as it was written", arguments: 0..<10)
    func mistakes(_ seed: Int) throws {
        var generator = Generator(state: UInt64(seed))
        for (name, text) in ExportDocuments.all {
            var sources = SourceSet()
            let original = try #require(DocumentReader.read(path: name, bytes: Array(text.utf8), into: &sources).node)
            for _ in 0..<10 {
                let format = generator.pick(ExportFormat.allCases)
                let document = Self.mutated(JSONValue(original), &generator)
                let text = format == .json ? JSONWriter.compact(document) : YAMLWriter.write(document)
                Self.check("api.\(format.rawValue)", text, format)
            }
        }
    }

    private static func check(_ path: String, _ text: String, _ format: ExportFormat) {
        let first = Importer.importDocument(
            path: path, loader: Memory(path: path, text: text), options: ImportOptions())
        for diagnostic in first.diagnostics {
            #expect(DiagnosticTable.row(named: diagnostic.id.name) != nil)
            #expect(diagnostic.span.file == .none || first.sources.position(of: diagnostic.span) != nil)
        }
        guard let description = first.description else { return }
        let exported = Exporter.text(description, stage: "dev", as: format)
        guard !first.diagnostics.hasErrors else { return }
        let second = Importer.importDocument(
            path: path, loader: Memory(path: path, text: exported), options: ImportOptions())
        guard !second.diagnostics.hasErrors else { return }
        // The stage's address stands in place of the document's servers.
        var again = second.description
        again?.servers = description.servers
        #expect(again == description, "\(text)")
    }
}

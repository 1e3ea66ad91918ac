import PorticoSyntax
import Testing

@testable import PorticoIR

/// The tables that the importer reads.
@Suite struct ImportTableTests {
    @Test("each extension stands once in the list, has a place, a kind of API and a sentence")
    func extensions() {
        let rows = ExtensionList.all.map { $0.declaration }
        #expect(Set(rows.map(\.key)).count == rows.count)
        for row in rows {
            #expect(row.key.hasPrefix("x-amazon-apigateway-") || row.key.hasPrefix("x-portico-"))
            #expect(!row.places.isEmpty && !row.protocols.isEmpty)
            #expect(row.documentation.hasSuffix("."), "\(row.key)")
        }
        let amazon = rows.prefix { $0.key.hasPrefix("x-amazon") }.map(\.key)
        let portico = rows.dropFirst(amazon.count).map(\.key)
        #expect(portico.allSatisfy { $0.hasPrefix("x-portico-") })
        #expect(portico == portico.sorted())
    }

    @Test("each extension of the service's table is known")
    func serviceExtensions() {
        let names = [
            "any-method", "api-key-source", "auth", "authorizer", "authtype", "binary-media-types", "cors",
            "documentation", "endpoint-access-mode", "endpoint-configuration", "gateway-responses",
            "importexport-version", "integration", "integrations", "minimum-compression-size", "policy",
            "request-validator", "request-validators", "security-policy", "tag-value",
        ]
        for name in names { #expect(ExtensionList.byKey["x-amazon-apigateway-" + name] != nil, "\(name)") }
        #expect(ExtensionList.all.filter { $0.key.hasPrefix("x-amazon") }.count == names.count)
    }

    @Test("each rule says what it insists on")
    func rules() {
        let sentences = RuleList.all.map { $0.documentation }
        #expect(Set(sentences).count == sentences.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
        for list in [RuleList.http, RuleList.webSocket] {
            #expect(Set(list.map { $0.documentation }).count == list.count)
        }
    }

    @Test("each import diagnostic has one row with an explanation")
    func diagnostics() {
        let rows = ImportDiagnostics.all
        #expect(Set(rows.map(\.name)).count == rows.count)
        #expect(
            rows.allSatisfy { $0.name.contains(".") && $0.explanation.hasSuffix(".") || $0.explanation.hasSuffix("'") })
    }

    @Test(
        "quotas of the service are warnings",
        arguments: [
            ("paths", 301, "302 resources"), ("stages", 11, "11 stages"), ("plans", 301, "301 usage plans"),
            ("authorizers", 11, "11 authorizers"), ("routes", 301, "301 routes"),
        ])
    func limits(kind: String, count: Int, message: String) {
        let numbers = Array(1...count)
        var text = "openapi: 3.0.1\ninfo: {title: t}\n"
        switch kind {
        case "paths": text += "paths: {" + numbers.map { "/p\($0): {}" }.joined(separator: ", ") + "}\n"
        case "stages":
            text += "paths: {}\nx-portico-stages: {" + numbers.map { "s\($0): {}" }.joined(separator: ", ") + "}\n"
        case "routes":
            let integration = "{x-amazon-apigateway-integration: {type: mock}}"
            text += "x-portico-websocket:\n  routeSelectionExpression: $request.body.action\n  routes: {"
            text += numbers.map { "r\($0): \(integration)" }.joined(separator: ", ") + "}\n"
        case "plans":
            text += "paths: {}\nx-portico-usage-plans: {" + numbers.map { "u\($0): {}" }.joined(separator: ", ") + "}\n"
        default:
            let authorizer =
                "type: apiKey, name: A, in: header, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['arn:aws:cognito-idp:us-east-1:000000000000:userpool/p']}"
            text += "paths: {}\ncomponents: {securitySchemes: {"
            text += numbers.map { "a\($0): {\(authorizer)}" }.joined(separator: ", ") + "}}\n"
        }
        let result = importText(text)
        #expect(result.diagnostics.map(\.id.name) == ["limit.exceeded"])
        #expect(result.diagnostics.first?.message.hasPrefix(message) == true)
    }

    @Test("a path that no URL can have is refused")
    func longPath() {
        let path = String(repeating: "/abcdefghi", count: 1025)
        let result = importText("openapi: 3.0.1\ninfo: {title: t}\npaths:\n  ? \(path)\n  : {}\n")
        #expect(result.diagnostics.map(\.id.name) == ["path.invalid"])
    }
}

/// Words that were probably meant.
@Suite struct ImportSuggestionTests {
    @Test(
        "the nearest word is found within a third of the letters",
        arguments: [
            ("aws_proxi", "aws_proxy"), ("AWS_PROXY", "aws_proxy"), ("htpt", "http"), ("mok", "mock"),
            ("http_proxyy", "http_proxy"), ("moc", "mock"),
        ])
    func closest(word: String, expected: String) {
        #expect(TypoDetector.closest(to: word, in: ["mock", "http", "aws_proxy", "http_proxy"]) == expected)
    }

    @Test("a far word, an equal word and an empty word have none", arguments: ["zzzz", "mock", "", "x"])
    func none(word: String) {
        #expect(TypoDetector.closest(to: word, in: ["mock"]) == nil)
    }

    @Test(
        "insertions, deletions, replacements and swaps count one",
        arguments: [
            ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "abcd", 1), ("abc", "xbc", 1),
            ("abc", "", 3),
        ])
    func distance(left: String, right: String, expected: Int) {
        #expect(TypoDetector.distance(left, right) == expected)
        #expect(TypoDetector.distance(right, left) == expected)
        #expect(TypoDetector.distance(left, right, limit: expected - 1) == nil || expected == 0)
    }

    @Test("suggestions end when their budget is spent")
    func budget() {
        var suggestions = Suggestions(limit: 1)
        #expect(suggestions.closest(to: "mok", in: { ["mock"] }) == "mock")
        #expect(suggestions.closest(to: "mok", in: { ["mock"] }) == nil)
    }

    @Test("thousands of unknown names are reported in bounded work")
    func wide() {
        let names = (0..<5_000).map { "x-amazon-apigateway-k\($0): 1\n" }.joined()
        let result = importText("openapi: 3.0.1\ninfo: {title: t}\npaths: {}\n" + names)
        #expect(result.diagnostics.count == 5_000)
    }
}

/// Reading files of the machine.
@Suite struct ImportFileTests {
    @Test("a missing file gives the system's reason")
    func missing() {
        #expect(throws: FileLoadingError.self) { try SystemFileLoader().load("/nonexistent/api.yaml") }
        do {
            _ = try SystemFileLoader().load("/nonexistent/api.yaml")
        } catch {
            #expect(error.reason == "No such file or directory")
            #expect(error.path == "/nonexistent/api.yaml")
        }
    }

    @Test("a directory is refused")
    func directory() {
        do {
            _ = try SystemFileLoader().load("/")
            Issue.record("a directory was read")
        } catch {
            #expect(error.reason == "Is a directory")
        }
    }

    @Test("a file without end is refused once it is too large")
    func endless() {
        do {
            _ = try SystemFileLoader().load("/dev/zero")
            Issue.record("an endless file was read")
        } catch {
            #expect(error.reason == "the file has more than 64 MB")
        }
    }

    @Test("this file is read whole")
    func whole() throws {
        let bytes = try SystemFileLoader().load(#filePath)
        #expect(bytes.starts(with: Array("import PorticoSyntax".utf8)))
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("}\n"))
    }
}

/// Text work on references.
@Suite struct ImportPathTests {
    @Test(
        "paths of files are seen from the file that names them",
        arguments: [
            ("api.yaml", "b.yaml", "b.yaml"), ("a/api.yaml", "b.yaml", "a/b.yaml"),
            ("a/api.yaml", "../b.yaml", "b.yaml"),
            ("api.yaml", "../b.yaml", "../b.yaml"), ("/s/api.yaml", "./x/b.yaml", "/s/x/b.yaml"),
            ("/api.yaml", "../b.yaml", "/b.yaml"), ("a/api.yaml", "/b.yaml", "/b.yaml"),
            ("../api.yaml", "../b.yaml", "../../b.yaml"), ("./s/api.yaml", "api.yaml", "./s/api.yaml"),
        ])
    func join(file: String, relative: String, expected: String) {
        #expect(ReferencePath.join(file, relative) == expected)
    }

    @Test(
        "pointers are split, unescaped and percent-decoded",
        arguments: [
            ("", []), ("/a/b", ["a", "b"]), ("/", [""]), ("/~1x~0y", ["/x~y"]), ("/%7Bid%7D", ["{id}"]),
            ("/100%", ["100%"]),
            ("/~2", ["~2"]),
        ] as [(String, [String])])
    func tokens(fragment: String, expected: [String]) {
        #expect(ReferencePath.tokens(fragment) == expected)
        #expect(ReferencePath.tokens(ReferencePath.text(expected)) == expected || fragment.contains("%"))
    }

    @Test("a fragment without slash is no pointer")
    func noPointer() { #expect(ReferencePath.tokens("a") == nil) }

    @Test(
        "addresses are absolute, with a host, and their port is known when it is written in digits",
        arguments: [
            ("http://a", true, nil), ("HTTPS://a.b:443/x", true, 443), ("http://{host}:{port}/x", true, nil),
            ("http://${stageVariables.h}/x", true, nil), ("http://[::1]:8080/", true, 8080),
            ("http://[::1]/", true, nil),
            ("http:///x", false, nil), ("https://", false, nil), ("http://a b/", false, nil),
            ("http://a:x/", false, nil),
            ("ftp://a", false, nil), ("a", false, nil), ("", false, nil),
        ] as [(String, Bool, Int?)])
    func addresses(text: String, isAbsolute: Bool, port: Int?) {
        #expect(HTTPAddress.isAbsolute(text) == isAbsolute)
        #expect(HTTPAddress(text)?.port == port)
    }
}

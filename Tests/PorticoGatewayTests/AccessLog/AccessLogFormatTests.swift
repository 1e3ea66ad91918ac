import PorticoIR
import PorticoPrograms
import PorticoSyntax
import Testing

@testable import PorticoGateway

/// Lines of access logs. Source: reference, "Access logs" (9.1).
@Suite("Format of access logs")
struct AccessLogFormatTests {
    private static let symbols = SymbolTable(contextVariables: ContextVariable.names, stageVariables: [])

    /// Values by name, which live as long as this does.
    private final class Values: AccessLogValues {
        private var storage: [String: UnsafeMutableRawBufferPointer] = [:]

        init(_ values: [String: [UInt8]]) {
            for (name, bytes) in values {
                let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
                copy.copyBytes(from: bytes)
                storage[name] = UnsafeMutableRawBufferPointer(rebasing: copy[0..<bytes.count])
            }
        }

        deinit { for value in storage.values { value.baseAddress?.deallocate() } }

        private func value(_ name: String) -> UnsafeRawBufferPointer? {
            storage[name].map { UnsafeRawBufferPointer($0) }
        }

        func accessLogValue(context slot: Int) -> UnsafeRawBufferPointer? { value(ContextVariable.names[slot]) }
        func accessLogValue(_ variable: AccessLogVariable) -> UnsafeRawBufferPointer? { value(variable.name) }
        func accessLogValue(authorizer name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
            value("authorizer." + String(decoding: name, as: UTF8.self))
        }
    }

    private func line(_ format: String, _ values: [String: [UInt8]]) -> String {
        let (compiled, _) = AccessLogCompiler.compile(format, symbols: Self.symbols)
        let output = OutputBuffer()
        compiled.write(Values(values), into: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private func line(_ format: String, _ values: [String: String]) -> String {
        line(format, values.mapValues { Array($0.utf8) })
    }

    private func problems(_ format: String) -> [AccessLogCompiler.Problem] {
        AccessLogCompiler.compile(format, symbols: Self.symbols).problems
    }

    private static let values = [
        "identity.sourceIp": "192.0.2.1", "requestTime": "21/Nov/2026:10:51:16 +0000", "httpMethod": "GET",
        "resourcePath": "/pets/{id}", "protocol": "HTTP/1.1", "status": "200", "responseLength": "12",
        "requestId": "r-1",
        "extendedRequestId": "e-1=",
    ]

    @Test("the console's presets")
    func presets() {
        let clf =
            "$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "
            + "\"$context.httpMethod $context.resourcePath $context.protocol\" $context.status $context.responseLength "
            + "$context.requestId $context.extendedRequestId"
        #expect(
            line(clf, Self.values)
                == "192.0.2.1 - - [21/Nov/2026:10:51:16 +0000] \"GET /pets/{id} HTTP/1.1\" 200 12 r-1 e-1=\n")
        let json =
            "{ \"requestId\":\"$context.requestId\", \"ip\": \"$context.identity.sourceIp\", "
            + "\"caller\":\"$context.identity.caller\", \"requestTime\":\"$context.requestTime\", "
            + "\"status\":\"$context.status\", \"responseLength\":\"$context.responseLength\" }"
        #expect(
            line(json, Self.values)
                == "{ \"requestId\":\"r-1\", \"ip\": \"192.0.2.1\", \"caller\":\"-\", "
                + "\"requestTime\":\"21/Nov/2026:10:51:16 +0000\", \"status\":\"200\", \"responseLength\":\"12\" }\n")
        let csv = "$context.identity.sourceIp,$context.requestTime,$context.status,$context.requestId"
        #expect(line(csv, Self.values) == "192.0.2.1,21/Nov/2026:10:51:16 +0000,200,r-1\n")
        let xml = "<request id=\"$context.requestId\"> <ip>$context.identity.sourceIp</ip> </request>"
        #expect(line(xml, Self.values) == "<request id=\"r-1\"> <ip>192.0.2.1</ip> </request>\n")
        for preset in [clf, json, csv, xml] { #expect(problems(preset).isEmpty) }
    }

    @Test(
        "names end where they end",
        arguments: [
            ("$context.requestId-$context.status", "r-1-200"), ("$context.requestId.json", "r-1.json"),
            ("$context.status.", "200."), ("$context.status:$context.status", "200:200"),
            ("${context.status}x", "200x"), ("$context.authorizer.plan-$context.status", "gold-200"),
            ("$context.authorizer.a-b", "ab"), ("$context.authorizer.claims.cognito:username", "ada"),
            ("$context.authorizer.status-$context.status", "403-200"), ("$context.authorizer.principalId", "ada"),
            ("$context.integration.status", "502"), ("$context.integrationStatus", "500"),
            ("100% $ $5 $$ {}", "100% $ $5 $$ {}"),
            ("$context.authorizer.claims", "-"), ("$context.authorizer.absent", "-"), ("", ""),
        ])
    func names(_ format: String, _ expected: String) {
        let values = [
            "requestId": "r-1", "status": "200", "authorizer.plan": "gold", "authorizer.a-b": "ab",
            "authorizer.claims.cognito:username": "ada", "authorizer.status": "403", "authorizer.principalId": "ada",
            "integration.status": "502", "integrationStatus": "500",
        ]
        #expect(line(format, values) == expected + "\n")
    }

    @Test("values cannot leave the string that they stand in")
    func quoted() {
        let hostile = "a\" \\ \n\r\t\u{8}\u{C}\u{0}\u{1F}\u{7F}é\u{85}\u{2028}\u{2029}\u{1F600}</x>"
        let text = line("{\"a\":\"$context.path\",\"b\":\"$context.requestId\"}", ["path": hostile, "requestId": "r"])
        #expect(
            text
                == "{\"a\":\"a\\\" \\\\ \\n\\r\\t\\b\\f\\u0000\\u001F\\u007Fé\u{FFFD}\u{FFFD}\u{FFFD}\u{1F600}</x>\",\"b\":\"r\"}\n"
        )
        #expect(JSONValue(parsing: text)?["b"] == .string("r"))
    }

    @Test(
        "outside strings blanks, quotes and control characters are written as in URLs, but for the gateway's own texts")
    func plain() {
        let hostile = "a b\n\"c\"\\\u{7F}\tü\u{9B}"
        #expect(
            line("$context.identity.userAgent $context.requestId", ["identity.userAgent": hostile, "requestId": "r"])
                == "a%20b%0A%22c%22%5C%7F%09ü\u{FFFD} r\n")
        let own = [
            "error.message": "Missing \"Token\"\n", "error.messageString": "\"Missing \\\"Token\\\"\"",
            "requestTime": "a b",
        ]
        #expect(
            line("$context.error.message|$context.error.messageString|$context.requestTime", own)
                == "Missing %22Token%22%0A|\"Missing \\\"Token\\\"\"|a b\n")
        #expect(line("\"$context.error.messageString\"", own) == "\"\\\"Missing \\\\\\\"Token\\\\\\\"\\\"\"\n")
    }

    @Test("in XML values are no markup")
    func xml() {
        #expect(
            line(" <r a=\"$context.path\">$context.path</r>", ["path": "<&>\"'\n\u{1}"])
                == " <r a=\"&lt;&amp;&gt;&quot;&#39;\u{FFFD}\u{FFFD}\">&lt;&amp;&gt;&quot;&#39;\u{FFFD}\u{FFFD}</r>\n")
    }

    @Test("bytes that are no UTF-8 are replaced one by one")
    func invalid() {
        let rows: [([UInt8], String)] = [
            ([0xFF], "\u{FFFD}"), ([0xC3], "\u{FFFD}"), ([0xE2, 0x82], "\u{FFFD}\u{FFFD}"),
            ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xE2, 0x82, 0xAC], "€"), ([0x80, 0x41], "\u{FFFD}A"),
        ]
        for (bytes, expected) in rows {
            #expect(line("$context.path", ["path": bytes]) == expected + "\n", "\(bytes)")
            #expect(line("\"$context.path\"", ["path": bytes]) == "\"\(expected)\"\n", "\(bytes)")
        }
    }

    @Test("whatever bytes a client sends, a line is one line, and its JSON has the members of the format")
    func random() throws {
        var random = IdentifierGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<random.next() % 24).map { _ in
                UInt8(truncatingIfNeeded: random.next() % 3 == 0 ? random.next() : 0x22 + random.next() % 60)
            }
            let text = line(
                "{\"a\":\"$context.path\",\"n\":\"$context.requestId\"}", ["path": bytes, "requestId": [0x72]])
            #expect(text.utf8.filter { $0 < 0x20 || $0 == 0x7F } == [0x0A])
            let value = try #require(JSONValue(parsing: text), "\(bytes)")
            guard case .object(let members) = value else { continue }
            #expect(members.map(\.name) == ["a", "n"])
            #expect(value["n"] == .string("r"))
        }
    }

    @Test("a line has at most 256 KB: values that would make it longer are absent")
    func long() {
        let value = [UInt8](repeating: 0x01, count: 30_000)
        let format = (0..<20).map { _ in "\"$context.path\"" }.joined()
        let text = line(format, ["path": value])
        #expect(text.utf8.count <= 256 << 10)
        #expect(text.hasSuffix("\"-\"\n"))
    }

    @Test("what the format's author wrote cannot end the line either")
    func literal() { #expect(line("a\n\\\"$context.status\r", ["status": "1"]) == "a \\\"1 \n") }

    @Test("an escaped quote does not end a string of the format")
    func escapedQuote() {
        #expect(line("\"\\\"$context.path\" $context.path", ["path": "a b"]) == "\"\\\"a b\" a%20b\n")
    }

    @Test("variables that are none, and others than $context, are said")
    func diagnostics() throws {
        let unknown = problems("$context.requestId $context.statuss x")
        #expect(unknown.count == 1)
        let first = try #require(unknown.first)
        #expect(!first.isError && first.range == 19..<35 && first.suggestion == "$context.status")
        #expect(first.message.contains("did you mean 'status'?"))
        let rows: [(String, Range<Int>)] = [
            ("$input.path('$')", 0..<6), ("a ${stageVariables.x}", 2..<18), ("$context", 0..<8), ("$context.", 0..<8),
            ("$contextual.x", 0..<11), ("${context.status", 0..<9),
        ]
        for (format, range) in rows {
            let found = problems(format)
            #expect(found.count == 1 && found[0].isError, "\(format)")
            #expect(found.first?.range == range, "\(format)")
        }
        #expect(line("$context.nothing.x-$context.status", ["status": "1"]) == "--1\n")
    }

    @Test("every variable of the table is found by its name")
    func table() {
        for name in ContextVariable.names + AccessLogVariable.allCases.map(\.name) {
            #expect(problems("$context.\(name)").isEmpty, "\(name)")
            #expect(line("[$context.\(name)]", [name: "v"]) == "[v]\n", "\(name)")
        }
        #expect(Set(ContextVariable.names).isDisjoint(with: AccessLogVariable.allCases.map(\.name)))
    }

    @Test("the pass points into the spec, and suggests what was meant")
    func pass() throws {
        let text = """
            openapi: 3.0.1
            info: {title: t}
            paths: {}
            x-portico-stages:
              dev:
                accessLogSettings:
                  destinationArn: stdout
                  format: >-
                    $context.requestId $context.sttus
                    $stageVariables.x
            """
        struct Files: FileLoader {
            var text: String
            func load(_ path: String) throws(FileLoadingError) -> [UInt8] { Array(text.utf8) }
        }
        let imported = Importer.importDocument(path: "a.yaml", loader: Files(text: text), options: ImportOptions())
        let settings = try #require(imported.description?.stages.first?.accessLogSettings)
        let (format, diagnostics) = AccessLogPass.compile(settings, symbols: Self.symbols)
        #expect(format != nil)
        #expect(
            diagnostics.map { "\($0.id.name) \($0.severity.rawValue)" } == [
                "access-log.variable warning", "access-log.format error",
            ])
        let found = diagnostics.map { diagnostic in
            String(decoding: Array(text.utf8)[diagnostic.span.offset..<diagnostic.span.end], as: UTF8.self)
        }
        #expect(found == ["$context.sttus", "$stageVariables"])
        #expect(AccessLogPass.compile(AccessLogSettings(), symbols: Self.symbols).format == nil)
    }
}

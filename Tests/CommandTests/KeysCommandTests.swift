import FoundationEssentials
import Glibc
import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("portico keys")
struct KeysCommandTests {
    let folder: TemporaryFolder
    let spec: String

    init() throws {
        folder = try TemporaryFolder()
        spec = try folder.write("api.yaml", Self.document)
    }

    private static let document = """
        openapi: 3.0.1
        info: {title: keys, version: "1"}
        paths:
          /x:
            get:
              security: [{key: []}]
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: "200", responseTemplates: {application/json: "$context.identity.apiKeyId"}}}
        components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}
        x-portico-stages: {prod: {}, test: {}}
        x-portico-usage-plans:
          gold: {apiStages: [prod]}
          silver: {apiStages: [prod, test]}
          iron: {apiStages: [test]}
        """

    /// Runs `portico keys WORDS...`; `spec` stands for the spec.
    private func keys(
        _ words: String..., status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PorticoProcess.Outcome {
        let outcome = try PorticoProcess.run(["keys"] + words.map { $0 == "spec" ? spec : $0 })
        #expect(outcome.status == status, "\(outcome.errors)\(outcome.output)", sourceLocation: sourceLocation)
        return outcome
    }

    private func list() throws -> [JSONValue] {
        guard case .array(let keys) = JSONValue(parsing: try keys("list", "spec", "--format", "json").output) else {
            throw TestSupportError("no list of keys")
        }
        return keys
    }

    private func text(_ value: JSONValue?) -> String {
        if case .string(let text)? = value { text } else { "" }
    }

    private func names() throws -> [String] { try list().map { text($0["name"]) } }

    private func status(_ value: String, _ server: ServingPortico, _ stage: String = "prod") throws -> Int {
        try HTTP.request("GET", "/\(stage)/x", port: server.port, headers: [("x-api-key", value)]).status
    }

    private func waitUntil(_ what: String, _ condition: () throws -> Bool) throws -> Duration {
        let start = ContinuousClock.now
        try Deadline(after: .seconds(20)).wait(for: what, until: condition)
        return ContinuousClock.now - start
    }

    // MARK: - new, list

    @Test("new prints the value once, on standard output alone; nothing else ever shows it")
    func new() throws {
        let outcome = try keys("new", "acme", "spec", "--plan", "gold", "--description", "for Acme")
        let value = outcome.output.withoutLineEnd
        #expect(value.utf8.count == 40 && value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        #expect(outcome.errors.contains("'acme'") && !outcome.errors.contains(value))
        let table = try keys("list", "spec").output
        #expect(table.contains("acme") && table.contains("enabled") && table.contains("gold"))
        let json = try keys("list", "spec", "--format", "json").output
        let key = try #require(try list().first)
        #expect(text(key["id"]).utf8.count == 10 && text(key["description"]) == "for Acme")
        #expect(key["enabled"] == .boolean(true) && key["usagePlans"] == .array([.string("gold")]))
        #expect(text(key["createdDate"]).hasPrefix("20") && text(key["createdDate"]).hasSuffix("Z"))
        #expect(!table.contains(value) && !json.contains(value) && json.contains(String(value.prefix(4))))
        for file in ["keys.sqlite", "keys.sqlite-wal"] {
            #expect(!folder.read(".portico/\(file)").contains(value), "\(file)")
        }
        let second = try keys("new", "other", "spec", "--disabled", "--format", "json")
        let made = JSONValue(parsing: second.output)
        #expect(text(made?["value"]).utf8.count == 40 && text(made?["value"]) != value)
        #expect(made?["enabled"] == .boolean(false) && second.errors.contains("opens nothing"))
    }

    @Test(
        "new refuses what API Gateway refuses, in words, with 1, and makes nothing",
        arguments: [
            (["acme", "spec", "--plan", "glod"], "there is no usage plan 'glod'; did you mean 'gold'?"),
            (["acme", "spec", "--plan", "copper"], "the spec has 'gold', 'silver', 'iron'"),
            (["acme", "spec", "--plan", "gold", "--plan", "silver"], "'gold' and 'silver' both have stage 'prod'"),
            (["acme", "spec", "--plan", "gold", "--plan", "gold"], "'gold' is named twice"),
            (["", "spec"], "the name is empty"), (["a\u{1B}[31m", "spec"], "the name has control characters"),
            ([String(repeating: "n", count: 1025), "spec"], "the name has 1025 characters"),
        ] as [([String], String)])
    func refused(_ words: [String], _ reason: String) throws {
        let outcome = try PorticoProcess.run(["keys", "new"] + words.map { $0 == "spec" ? spec : $0 })
        #expect(outcome.status == 1 && outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(access(folder.path + "/.portico", F_OK) != 0)
    }

    @Test("new refuses a second key of a name")
    func sameName() throws {
        _ = try keys("new", "acme", "spec", "--plan", "gold")
        let outcome = try keys("new", "acme", "spec", "--plan", "gold", status: 1)
        #expect(outcome.errors.contains("there is an API key named 'acme' already") && outcome.output.isEmpty)
        #expect(try names() == ["acme"])
    }

    @Test("A spec with errors is said to have them, with 3, and one that is not there, with 4")
    func brokenSpec() throws {
        let broken = try folder.write("broken.yaml", Self.document.replacingText("type: mock", with: "type: mokc"))
        #expect(try keys("new", "acme", broken, status: 3).errors.contains("did you mean 'mock'"))
        #expect(try keys("new", "acme", folder.path + "/none.yaml", status: 4).errors.contains("cannot read"))
        #expect(try keys("new", status: 2).errors.contains("Missing expected argument"))
    }

    // MARK: - import

    private func importing(
        _ csv: String, _ flags: String..., status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PorticoProcess.Outcome {
        let file = try folder.write("keys.csv", csv)
        let outcome = try PorticoProcess.run(["keys", "import", file, spec] + flags)
        #expect(outcome.status == status, "\(outcome.errors)\(outcome.output)", sourceLocation: sourceLocation)
        return outcome
    }

    private static func value(_ digit: Int) -> String { String(repeating: "\(digit)", count: 20) }

    @Test("import takes API Gateway's columns in any order and case, with quotes, and keys that call")
    func importing() throws {
        let outcome = try importing(
            "\u{FEFF}key,ENABLED,Name,usagePlanIds,Description\r\n"
                + "\(Self.value(1)),true,\"a, \"\"b\"\"\",\"gold, iron\",\"two\nlines\"\r\n\r\n"
                + "\"\(Self.value(2))\" , FALSE , second,,\n\(Self.value(3)),True,third,gold", "--format", "json")
        let answer = JSONValue(parsing: outcome.output)
        guard case .array(let ids)? = answer?["ids"] else {
            Issue.record("no ids: \(outcome.output)")
            return
        }
        #expect(ids.count == 3 && answer?["warnings"] == .array([]))
        #expect(try names() == ["a, \"b\"", "second", "third"])
        let first = try #require(try list().first)
        #expect(first["usagePlans"] == .array([.string("gold"), .string("iron")]))
        #expect(text(first["description"]) == "two\nlines")
        let server = try ServingPortico("serve", spec)
        #expect(try status(Self.value(1), server) == 200 && status(Self.value(1), server, "test") == 200)
        #expect(try status(Self.value(2), server) == 403 && status(Self.value(3), server) == 200)
        #expect(!outcome.errors.contains(Self.value(1)))
    }

    @Test(
        "A line that is wrong is told with its number, and no line is taken",
        arguments: [
            ("Name,Key\nok,VALUE1\nshort,abc", "line 3: the value has 3 characters; expected 20 to 128"),
            ("Name,Key\nok,VALUE1\nlong," + String(repeating: "k", count: 129), "line 3: the value has 129 characters"),
            ("Name,Key\nok,VALUE1\nblank,\"VALUE2 \"", "line 3: the value has characters other than"),
            ("Name,Key\nok,VALUE1\n\n,VALUE2", "line 4: the name is empty"),
            ("Name,Key\nok,VALUE1\nok,VALUE2", "line 3: the name 'ok' is that of line 2"),
            ("Name,Key\nok,VALUE1\nno,VALUE1", "line 3: the value is that of line 2"),
            ("Name,Key,Enabled\nok,VALUE1,yes", "line 2: 'Enabled' is 'yes'; expected true or false"),
            ("Name,Key,UsagePlanIds\nok,VALUE1,gold\nno,VALUE2,glod", "line 3: there is no usage plan 'glod'"),
            ("Name,Key,UsagePlanIds\nno,VALUE2,\"gold,silver\"", "line 2: usage plans 'gold' and 'silver' both have"),
            ("Name,Key\nok,VALUE1,more", "line 2: 3 fields; the header has 2"),
            ("Name,Key\nok,\"VALUE1", "line 2: a quote that is not closed"),
            ("Name,Key\nok,\"VALUE1\"x", "line 2: text after the closing quote"),
            ("Name,Key\no\"k,VALUE1", "line 2: a quote within a field"),
            ("Name,Value\nok,VALUE1", "line 1: no column 'Key'"),
            ("Name,Key,name\n", "line 1: column 'name' stands twice"),
            ("", "line 1: no header"),
        ])
    func badLines(_ csv: String, _ reason: String) throws {
        let text = csv.replacingText("VALUE1", with: Self.value(1)).replacingText("VALUE2", with: Self.value(2))
        let outcome = try importing(text, status: 1)
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(outcome.errors.contains("no key was imported") && outcome.output.isEmpty)
        #expect(!outcome.errors.contains(Self.value(1)))
        #expect(try names().isEmpty)
    }

    @Test("Warnings are told; --fail-on-warnings makes them errors")
    func warnings() throws {
        let csv = "Name,Key,Colour\na,\(Self.value(1)),red\n"
        let refused = try importing(csv, "--fail-on-warnings", status: 1)
        #expect(refused.errors.contains("line 1: column 'Colour' is unknown"))
        #expect(refused.errors.contains("line 2: API key 'a' is disabled, as 'Enabled' is empty"))
        #expect(try names().isEmpty)
        #expect(try importing(csv).errors.contains("imported 1 API key"))
        #expect(try list().first?["enabled"] == .boolean(false))
    }

    @Test("Names and values that the store has are refused, and no line is taken")
    func takenAlready() throws {
        _ = try importing("Name,Key,Enabled\na,\(Self.value(1)),true")
        #expect(
            try importing("Name,Key,Enabled\nb,\(Self.value(2)),true\na,\(Self.value(3)),true", status: 1)
                .errors.contains("named 'a' already"))
        #expect(
            try importing("Name,Key,Enabled\nb,\(Self.value(2)),true\nc,\(Self.value(1)),true", status: 1)
                .errors.contains("another API key has the value of 'c'"))
        #expect(try names() == ["a"])
    }

    // MARK: - Serving

    @Test("A server notices new, disabled, enabled and deleted keys within a second, though it began without a store")
    func hotChange() throws {
        let server = try ServingPortico("serve", spec)
        #expect(access(folder.path + "/.portico", F_OK) != 0)
        let value = try keys("new", "acme", "spec", "--plan", "gold").output.withoutLineEnd
        var longest = try waitUntil("the new key") { try status(value, server) == 200 }
        let id = text(try list().first?["id"])
        #expect(
            try HTTP.request("GET", "/prod/x", port: server.port, headers: [("x-api-key", value)]).text == id)
        #expect(try keys("disable", "acme", "spec").output.withoutLineEnd == id)
        longest = max(longest, try waitUntil("the disabled key") { try status(value, server) == 403 })
        #expect(try keys("enable", id, "spec").output.withoutLineEnd == id)
        longest = max(longest, try waitUntil("the enabled key") { try status(value, server) == 200 })
        #expect(
            JSONValue(parsing: try keys("delete", id, "spec", "--format", "json").output)?["name"] == .string("acme"))
        longest = max(longest, try waitUntil("the deleted key") { try status(value, server) == 403 })
        // A quarter of a second on an idle machine; builds may run beside this one.
        #expect(longest < .seconds(5), "\(longest)")
        for command in ["disable", "enable", "delete"] {
            #expect(
                try keys(command, "acme", "spec", status: 1).errors.contains("no API key with the id or name 'acme'"))
        }
        #expect(!server.process.errors.contains(value))
    }

    @Test("A compiled file is served with the same keys, beside it or in the folder that --state names")
    func compiled() throws {
        let compiled = folder.path + "/api.portico"
        #expect(try PorticoProcess.run("compile", spec, "-o", compiled).status == 0)
        let value = try keys("new", "acme", compiled, "--plan", "gold").output.withoutLineEnd
        let beside = try ServingPortico("run", compiled)
        #expect(try status(value, beside) == 200)
        let elsewhere = folder.path + "/state"
        let other = try keys("new", "acme", "spec", "--plan", "gold", "--state", elsewhere).output.withoutLineEnd
        let named = try ServingPortico("run", compiled, "--state", elsewhere)
        #expect(try status(other, named) == 200 && status(value, named) == 403)
        #expect(try status(other, beside) == 403)
        let environment = try ServingPortico("serve", spec, environment: ["PORTICO_STATE": elsewhere])
        #expect(try status(other, environment) == 200)
    }

    @Test(
        "Keys of the spec: a reference to the environment is read at the start, a literal leaves no trace in the file")
    func keysOfTheSpec() throws {
        let literal = "literal-value-of-a-key-0123"
        let text =
            Self.document + """

                x-portico-api-keys:
                  - {name: env, value: "${env.ACME_KEY}", usagePlans: [gold]}
                  - {name: literal, value: \(literal), usagePlans: [gold]}
                """
        let spec = try folder.write("keys.yaml", text)
        let outcome = try PorticoProcess.run("compile", spec, "-o", folder.path + "/keys.portico")
        #expect(outcome.status == 0 && outcome.errors.contains("api-key.literal"), "\(outcome.errors)")
        let bytes = try readBytes(folder.path + "/keys.portico")
        #expect(!bytes.contains(literal) && bytes.contains("ACME_KEY"))
        #expect(try !PorticoProcess.run("dump", folder.path + "/keys.portico").output.contains(literal))
        let value = Self.value(7)
        let server = try ServingPortico("run", folder.path + "/keys.portico", environment: ["ACME_KEY": value])
        #expect(try status(value, server) == 200 && status(literal, server) == 200)
        let without = try ServingPortico("run", folder.path + "/keys.portico")
        #expect(without.process.errors.contains("environment variable 'ACME_KEY', which has its value, is not set"))
        #expect(try status(value, without) == 403 && status("${env.ACME_KEY}", without) == 403)
        #expect(try status(literal, without) == 200)
    }

    /// As text in which each byte is a character.
    private func readBytes(_ path: String) throws -> String {
        String(
            decoding: try Data(contentsOf: URL(filePath: path)).map { $0 < 0x80 && $0 > 0 ? $0 : 0x2E }, as: UTF8.self)
    }

    @Test("A damaged store ends serve, run and keys with 4 and says what to do")
    func damagedStore() throws {
        mkdir(folder.path + "/.portico", 0o700)
        try folder.write(".portico/keys.sqlite", String(repeating: "not a database ", count: 100))
        #expect(try PorticoProcess.run("compile", spec, "-o", folder.path + "/api.portico").status == 0)
        for words in [
            ["serve", spec, "--port", "0", "--admin-port", "0"],
            ["run", folder.path + "/api.portico", "--port", "0", "--admin-port", "0"],
            ["keys", "list", spec], ["keys", "new", "acme", spec], ["keys", "delete", "acme", spec],
        ] {
            let outcome = try PorticoProcess.run(words)
            #expect(outcome.status == 4, "\(words): \(outcome.errors)")
            #expect(outcome.errors.contains("keys.sqlite', is damaged") && outcome.errors.contains("restore it"))
            #expect(outcome.output.isEmpty)
        }
        #expect(folder.read(".portico/keys.sqlite").hasPrefix("not a database"))
    }

    @Test("A state folder that cannot be made is said to be one, with 4; serving needs none")
    func noFolder() throws {
        let file = try folder.write("file", "")
        let outcome = try keys("new", "acme", "spec", "--state", file, status: 4)
        #expect(outcome.errors.contains("is no folder") && outcome.output.isEmpty, "\(outcome.errors)")
        let missing = try keys("new", "acme", "spec", "--state", folder.path + "/a/b", status: 4)
        #expect(missing.errors.contains("cannot be made: No such file or directory"), "\(missing.errors)")
        let server = try ServingPortico("serve", spec, "--state", folder.path + "/a/b")
        #expect(try status(Self.value(1), server) == 403)
    }

    // MARK: - Crashes

    @Test("Keys that were acknowledged are there after kill -9, by two processes that write at once")
    func killed() throws {
        // Each shell makes keys and writes their values down once it has them, until all of its group is killed.
        let loop = """
            n=0
            while :; do
                n=$((n + 1))
                value=$("$PORTICO" keys new "$1-$n" "$2" --plan gold 2>/dev/null) && echo "$value" >> "$3"
            done
            """
        var acknowledged: [String] = []
        for round in 0..<3 {
            let written = (0..<2).map { "\(folder.path)/acknowledged-\(round)-\($0)" }
            let writers = try written.enumerated().map { index, file in
                try ChildProcess(
                    "/usr/bin/setsid", ["bash", "-c", loop, "loop", "\(round)-\(index)", spec, file],
                    environment: ["PORTICO": PorticoProcess.executable])
            }
            try Deadline().wait(for: "keys of both") {
                written.allSatisfy { folder.read(String($0.split(separator: "/").last ?? "")).utf8.count > 41 * 2 }
            }
            for writer in writers { kill(-writer.id, SIGKILL) }
            for writer in writers { _ = try writer.wait() }
            for file in written {
                acknowledged += folder.read(String(file.split(separator: "/").last ?? "")).split(separator: "\n")
                    .map(String.init)
            }
        }
        #expect(acknowledged.count >= 12 && Set(acknowledged).count == acknowledged.count)
        #expect(try names().count >= acknowledged.count)
        let server = try ServingPortico("serve", spec)
        for value in acknowledged { #expect(try status(value, server) == 200) }
    }
}

extension String {
    fileprivate var withoutLineEnd: String { last == "\n" ? String(dropLast()) : self }
}

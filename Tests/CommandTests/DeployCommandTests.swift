import Glibc
import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("portico deploy, deployments, rollback, canary")
struct DeployCommandTests {
    let api: DeployedAPI

    init() throws { api = try DeployedAPI() }

    // MARK: - Deployments

    @Test("A stage serves its deployment whatever becomes of the file, and the others follow the file")
    func deploy() throws {
        let server = try api.serve()
        #expect(try api.text("prod", server) == "v1 blue []" && api.text("dev", server) == "v1 green []")
        let first = try api.deploy("--description", "the first")
        #expect(first.utf8.count == 10)
        try api.save("v2")
        try api.wait("dev", server, "v2 green []")
        #expect(try api.text("prod", server) == "v1 blue []")
        // A path that only the new version has.
        #expect(try server.get("/dev/v2").status == 200 && server.get("/prod/v2").status == 403)
        let second = try api.deploy()
        #expect(second != first)
        try api.wait("prod", server, "v2 blue []")
        #expect(try server.get("/prod/v2").status == 200)

        // Back, no further back, and forth again.
        #expect(try api.run("rollback", "spec", "--stage", "prod").output == first + "\n")
        try api.wait("prod", server, "v1 blue []")
        #expect(try server.get("/prod/v2").status == 403)
        let none = try api.run("rollback", "spec", "--stage", "prod", status: 1)
        #expect(none.errors.contains("has nothing to go back to") && none.output.isEmpty, "\(none.errors)")
        #expect(try api.run("rollback", "spec", "--stage", "prod", "--to", second).output == second + "\n")
        try api.wait("prod", server, "v2 blue []")
        let same = try api.run("rollback", "spec", "--stage", "prod", "--to", second, status: 1)
        #expect(same.errors.contains("serves deployment '\(second)' already"))
        let unknown = try api.run("rollback", "spec", "--stage", "prod", "--to", "nothing", status: 1)
        #expect(unknown.errors.contains("there is no deployment 'nothing' of this API"))

        // The file again.
        try api.save("v3")
        try api.wait("dev", server, "v3 green []")
        #expect(try api.text("prod", server) == "v2 blue []")
        #expect(try api.run("deployments", "follow", "spec", "--stage", "prod").output == second + "\n")
        try api.wait("prod", server, "v3 blue []")
        #expect(!server.process.errors.contains("error"), "\(server.process.errors)")
    }

    @Test("Deployments outlast the server, also kill -9, and are served by one that starts with another text")
    func restart() throws {
        do {
            let server = try api.serve()
            _ = try api.deploy()
            try api.save("v2")
            try api.wait("dev", server, "v2 green []")
            server.process.signal(SIGKILL)
            try server.process.wait()
        }
        let server = try api.serve()
        #expect(try api.text("prod", server) == "v1 blue []" && api.text("dev", server) == "v2 green []")
        // The compiled file is the same API.
        let compiled = api.folder.path + "/api.portico"
        #expect(try PorticoProcess.run("compile", api.spec, "-o", compiled).status == 0)
        let running = try ServingPortico("run", compiled, "--workers", "1")
        #expect(try api.text("prod", running) == "v1 blue []" && api.text("dev", running) == "v2 green []")
        #expect(try PorticoProcess.run("deploy", compiled, "--stage", "prod").status == 0)
        try api.wait("prod", running, "v2 blue []")
        try api.wait("prod", server, "v2 blue []")
        let missing = try PorticoProcess.run("deploy", compiled, "--stage", "beta")
        #expect(missing.status == 1 && missing.errors.contains("has no stage 'beta'; it has 'prod', 'dev'"))
    }

    @Test("A rollback keeps settings and variables of the last deployment, and needs no spec without errors")
    func settingsStay() throws {
        let server = try api.serve()
        _ = try api.deploy()
        try api.save("v2", color: "red")
        _ = try api.deploy()
        try api.wait("prod", server, "v2 red []")
        try api.folder.replace("api.yaml", DeployedAPI.document("v3").replacingText("type: mock", with: "type: mokc"))
        #expect(try api.run("deploy", "spec", "--stage", "prod", status: 3).errors.contains("did you mean 'mock'"))
        _ = try api.run("rollback", "spec", "--stage", "prod")
        try api.wait("prod", server, "v1 red []")
    }

    @Test("A stage that the file does not name is made by its deployment")
    func newStage() throws {
        let server = try api.serve()
        #expect(try server.get("/beta/v").status == 403)
        _ = try api.run("deploy", "spec", "--stage", "beta", "--var", "color=black")
        try api.wait("beta", server, "v1 black []")
        #expect(try api.text("prod", server) == "v1 blue []")
        _ = try api.run("deployments", "follow", "spec", "--stage", "beta")
        try Deadline(after: .seconds(20)).wait(for: "the stage to be gone") { try server.get("/beta/v").status == 403 }
    }

    @Test("Deployments are listed, the newest first, with the stages that serve them")
    func list() throws {
        #expect(try api.run("deployments", "spec").errors.contains("no deployments"))
        #expect(try api.list().isEmpty)
        let ids = try [
            api.deploy("--description", "one"), api.deploy(to: "dev"), api.deploy(), api.deploy("--canary", "12.5"),
        ]
        let items = try api.list()
        #expect(items.map { api.text($0["id"]) } == ids.reversed())
        #expect(items[3]["description"] == .string("one") && items[3]["stages"] == .array([]))
        #expect(api.text(items[0]["createdDate"]).hasSuffix("Z"))
        #expect(items[1]["stages"] == .array([.string("prod")]) && items[2]["stages"] == .array([.string("dev")]))
        #expect(
            items[0]["canaries"]
                == .array([
                    .object([JSONMember("stageName", .string("prod")), JSONMember("percentTraffic", .number("12.5"))])
                ]))
        let table = try api.run("deployments", "spec").output
        #expect(table.contains("prod (canary, 12.5 %)") && table.contains("one"), "\(table)")
        #expect(try api.list("--stage", "dev").map { api.text($0["id"]) } == [ids[1]])
        #expect(try api.list("--stage", "prod").map { api.text($0["id"]) } == [ids[3], ids[2], ids[0]])
        #expect(try api.list("--stage", "none").isEmpty)

        let used = try api.run("deployments", "delete", ids[3], "spec", status: 1)
        #expect(used.errors.contains("stage 'prod' serves it") && used.output.isEmpty)
        #expect(try api.run("deployments", "delete", "nothing", "spec", status: 1).errors.contains("no deployment"))
        #expect(try api.run("deployments", "delete", ids[0], "spec").output == ids[0] + "\n")
        #expect(try api.run("rollback", "spec", "--stage", "prod", status: 1).errors.contains("nothing to go back to"))
        let more = try [api.deploy(), api.deploy(), api.deploy()]
        #expect(
            try api.run("deployments", "prune", "spec", "--keep", "2").output
                == [more[0], ids[3], ids[2]].map { $0 + "\n" }.joined())
        #expect(try api.list().map { api.text($0["id"]) } == [more[2], more[1], ids[1]])
    }

    // MARK: - Canaries

    @Test("A canary gets its percentage with its own variables, and what is promoted is what it served")
    func canary() throws {
        let server = try api.serve()
        let first = try api.deploy()
        try api.save("v2", color: "red")
        let second = try api.deploy("--canary", "100", "--override", "color=yellow", "--override", "size=7")
        try api.wait("prod", server, "v2 yellow [true]")
        for _ in 0..<20 { #expect(try api.text("prod", server) == "v2 yellow [true]") }
        // Other stages have no part in it.
        try api.wait("dev", server, "v2 green []")
        _ = try api.run("canary", "set", "spec", "--stage", "prod", "--percent", "0")
        try api.wait("prod", server, "v1 blue [false]")
        for _ in 0..<20 { #expect(try api.text("prod", server) == "v1 blue [false]") }
        _ = try api.run("canary", "set", "spec", "--stage", "prod", "--percent", "50")
        var seen: Set<String> = []
        try Deadline(after: .seconds(20)).wait(for: "both versions; seen: \(seen)") {
            seen.insert(try api.text("prod", server))
            return seen == ["v1 blue [false]", "v2 yellow [true]"]
        }

        let promoted = try api.run("canary", "promote", "spec", "--stage", "prod", "--format", "json")
        let stage = JSONValue(parsing: promoted.output)
        #expect(stage?["deploymentId"] == .string(second), "\(promoted.output)")
        #expect(
            stage?["variables"]
                == .object([JSONMember("color", .string("yellow")), JSONMember("size", .string("7"))]))
        #expect(stage?["canarySettings"]?["percentTraffic"] == .number("0"))
        try api.wait("prod", server, "v2 yellow [false]")
        for _ in 0..<20 { #expect(try api.text("prod", server) == "v2 yellow [false]") }
        #expect(try api.run("canary", "remove", "spec", "--stage", "prod").output == second + "\n")
        #expect(try api.run("rollback", "spec", "--stage", "prod").output == first + "\n")
        // Variables stay.
        try api.wait("prod", server, "v1 yellow []")
        // The file's settings alone count after the next plain deployment.
        _ = try api.deploy()
        try api.wait("prod", server, "v2 red []")
    }

    @Test("A deployment with --canary replaces the canary; one without ends it")
    func canaryAnew() throws {
        let server = try api.serve()
        _ = try api.deploy()
        try api.save("v2")
        _ = try api.deploy("--canary", "100")
        try api.wait("prod", server, "v2 blue [true]")
        try api.save("v3")
        _ = try api.deploy("--canary", "100")
        try api.wait("prod", server, "v3 blue [true]")
        try api.save("v4")
        _ = try api.deploy()
        try api.wait("prod", server, "v4 blue []")
        #expect(try api.list().allSatisfy { $0["canaries"] == .array([]) })
    }

    @Test(
        "What cannot be is refused in words, and nothing is made",
        arguments: [
            (["deploy", "spec", "--stage", "prod", "--canary", "10"], 1, "deploy without --canary first"),
            (
                ["deploy", "spec", "--stage", "prod", "--canary", "10"], 1,
                "Stage prod must already be created before making a canary release deployment"
            ),
            (["deploy", "spec"], 2, "which stage? Name it with --stage"),
            (["deploy", "spec", "--stage", "a b"], 2, "may hold only a-zA-Z0-9_-"),
            (["deploy", "spec", "--stage", "prod", "--canary", "101"], 2, "expected a number from 0 to 100"),
            (["deploy", "spec", "--stage", "prod", "--canary", "nan"], 2, "expected a number from 0 to 100"),
            (["deploy", "spec", "--stage", "prod", "--override", "a=b"], 2, "--override needs --canary"),
            (["deploy", "spec", "--stage", "prod", "--use-stage-cache"], 2, "--use-stage-cache needs --canary"),
            (
                ["deploy", "spec", "--stage", "prod", "--canary", "1", "--override", "a=b c"], 2,
                "may hold only A-Za-z0-9-._~:/?#&=,"
            ),
            (["rollback", "spec", "--stage", "prod"], 1, "nothing was deployed to stage 'prod'"),
            (["canary", "promote", "spec", "--stage", "prod"], 1, "nothing was deployed to stage 'prod'"),
            (["canary", "set", "spec", "--stage", "prod", "--percent", "-1"], 2, "percent"),
            (["deployments", "delete", "x", "spec"], 1, "there is no deployment 'x'"),
            (["deployments", "prune", "spec", "--keep", "-1"], 2, "keep"),
            (["deployments", "follow", "spec", "--stage", "prod"], 1, "nothing was deployed to stage 'prod'"),
        ] as [([String], Int32, String)])
    func refused(_ words: [String], _ status: Int32, _ reason: String) throws {
        let outcome = try PorticoProcess.run(words.map { $0 == "spec" ? api.spec : $0 })
        #expect(outcome.status == status && outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(try api.list().isEmpty && api.folder.read(".portico/audit.log").isEmpty)
    }

    @Test("Without a canary there is nothing to promote, in API Gateway's words, nor to set or remove")
    func noCanary() throws {
        _ = try api.deploy()
        let outcome = try api.run("canary", "promote", "spec", "--stage", "prod", status: 1)
        #expect(outcome.errors == "portico: Promotion not available. Canary does not exist.\n")
        for words in [["remove"], ["set", "--percent", "5"]] {
            let outcome = try PorticoProcess.run(["canary"] + words + [api.spec, "--stage", "prod"])
            #expect(outcome.status == 1 && outcome.errors.contains("stage 'prod' has no canary"), "\(outcome.errors)")
        }
    }

    @Test("A damaged store of deployments ends serve and the commands with 4")
    func damagedStore() throws {
        mkdir(api.folder.path + "/.portico", 0o700)
        try api.folder.write(".portico/deployments.sqlite", String(repeating: "not a database ", count: 100))
        for words in [
            ["serve", api.spec, "--port", "0", "--admin-port", "0"], ["deploy", api.spec, "--stage", "prod"],
            ["deployments", api.spec], ["rollback", api.spec, "--stage", "prod"],
        ] {
            let outcome = try PorticoProcess.run(words)
            #expect(outcome.status == 4, "\(words): \(outcome.errors)")
            #expect(outcome.errors.contains("deployments.sqlite', is damaged"), "\(outcome.errors)")
        }
    }

    @Test("A server does not start with the file where a deployment cannot be served, and says what to do")
    func unservable() throws {
        let id = try api.deploy()
        try api.changeStore("UPDATE deployment SET snapshot = x'00'")
        let outcome = try PorticoProcess.run("serve", api.spec, "--port", "0", "--admin-port", "0")
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("stage 'prod': deployment '\(id)' cannot be served:"), "\(outcome.errors)")
        #expect(outcome.errors.contains("deploy to the stage again"), "\(outcome.errors)")
        _ = try api.run("deployments", "follow", "spec", "--stage", "prod")
        #expect(try api.text("prod", api.serve()) == "v1 blue []")
    }

    @Test("A deployment that cannot be served leaves a running server with what it serves")
    func unservableLater() throws {
        let server = try api.serve()
        let first = try api.deploy()
        try api.save("v2")
        try api.wait("dev", server, "v2 green []")
        try api.changeStore(
            "INSERT INTO deployment (id, api, description, created, snapshot) SELECT 'broken', api, '', 0, x'00' FROM deployment"
        )
        _ = try api.run("rollback", "spec", "--stage", "prod", "--to", "broken")
        try server.waitUntilSaid("deployment 'broken' cannot be served")
        #expect(try api.text("prod", server) == "v1 blue []")
        _ = try api.run("rollback", "spec", "--stage", "prod", "--to", first)
        try api.save("v3")
        try api.wait("dev", server, "v3 green []")
        #expect(try api.text("prod", server) == "v1 blue []")
    }

    // MARK: - Changes that count

    @Test("Deployments that were acknowledged are there after kill -9, by two processes that deploy at once")
    func killed() throws {
        let loop = """
            while :; do
                id=$("$PORTICO" deploy "$1" --stage "$2" 2>/dev/null) && echo "$id" >> "$3"
            done
            """
        let writers = try ["prod", "dev"].map { stage in
            try ChildProcess(
                "/usr/bin/setsid", ["bash", "-c", loop, "loop", api.spec, stage, "\(api.folder.path)/ids-\(stage)"],
                environment: ["PORTICO": PorticoProcess.executable])
        }
        try Deadline().wait(for: "deployments of both") {
            ["prod", "dev"].allSatisfy { api.folder.read("ids-\($0)").utf8.count > 11 * 3 }
        }
        for writer in writers { kill(-writer.id, SIGKILL) }
        for writer in writers { try writer.wait() }
        let listed = Set(try api.list().map { api.text($0["id"]) })
        var last: [String: String] = [:]
        for stage in ["prod", "dev"] {
            let ids = api.folder.read("ids-\(stage)").split(separator: "\n").map(String.init)
            #expect(Set(ids).count == ids.count && listed.isSuperset(of: ids))
            last[stage] = ids.last
        }
        // A change was written down before it was made.
        let log = api.folder.read(".portico/audit.log").split(separator: "\n")
        #expect(log.count >= listed.count)
        #expect(last.count == 2)
    }

    @Test("A server starts to follow deployments that another process made before it")
    func anotherFolder() throws {
        let state = api.folder.path + "/state"
        _ = try api.run("deploy", "spec", "--stage", "prod", "--state", state)
        try api.save("v2")
        let server = try api.serve("--state", state)
        #expect(try api.text("prod", server) == "v1 blue []" && api.text("dev", server) == "v2 green []")
        let other = try api.serve()
        #expect(try api.text("prod", other) == "v2 blue []")
    }
}

/// A spec whose answers tell its version, a variable and, if there is a canary, whether that answers; and the commands over it.
struct DeployedAPI {
    let folder: TemporaryFolder
    let spec: String

    init() throws {
        folder = try TemporaryFolder()
        spec = try folder.write("api.yaml", Self.document("v1"))
    }

    /// `version` is also a path of its own. `color` is the variable of prod.
    static func document(_ version: String, color: String = "blue") -> String {
        func path(_ path: String) -> String {
            """
              /\(path):
                get:
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 200}'}
                    responses:
                      default:
                        statusCode: "200"
                        responseTemplates: {application/json: "\(version) $stageVariables.color [$context.isCanaryRequest]"}

            """
        }
        return """
            openapi: 3.0.1
            info: {title: deployed, version: "1"}
            paths:
            \(path("v"))\(path(version))
            x-portico-stages:
              prod: {variables: {color: \(color)}}
              dev: {variables: {color: green}}

            """
    }

    /// Saves another version, as an editor that replaces.
    func save(_ version: String, color: String = "blue") throws {
        try folder.replace("api.yaml", Self.document(version, color: color))
    }

    /// Has another program change the store of deployments.
    func changeStore(_ statement: String) throws {
        let tool = try ChildProcess(
            "/usr/bin/env",
            [
                "python3", "-c",
                "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit(); c.close()",
                folder.path + "/.portico/deployments.sqlite", statement,
            ])
        #expect(try tool.wait() == 0, "\(tool.errors)")
    }

    /// Serves it with one worker: an answer then tells what all later ones are.
    func serve(_ flags: String...) throws -> ServingPortico {
        try ServingPortico(arguments: ["serve", spec, "--workers", "1"] + flags)
    }

    /// Runs `portico WORDS...`; `spec` stands for the spec.
    func run(
        _ words: String..., status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PorticoProcess.Outcome {
        let outcome = try PorticoProcess.run(words.map { $0 == "spec" ? spec : $0 })
        #expect(outcome.status == status, "\(outcome.errors)\(outcome.output)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Deploys and returns the id.
    func deploy(
        _ words: String..., to stage: String = "prod", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try PorticoProcess.run(["deploy", spec, "--stage", stage] + words)
        #expect(outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
        return String(outcome.output.dropLast())
    }

    func list(_ words: String...) throws -> [JSONValue] {
        let outcome = try PorticoProcess.run(["deployments", spec, "--format", "json"] + words)
        guard outcome.status == 0, case .array(let items) = JSONValue(parsing: outcome.output) else {
            throw TestSupportError("no list of deployments: \(outcome.errors)")
        }
        return items
    }

    func text(_ value: JSONValue?) -> String {
        if case .string(let text)? = value { text } else { "" }
    }

    func text(_ stage: String, _ server: ServingPortico) throws -> String { try server.get("/\(stage)/v").text }

    /// Waits for an answer of a stage; a quarter of a second, on a machine that does nothing else.
    func wait(_ stage: String, _ server: ServingPortico, _ answer: String) throws {
        var last = ""
        try Deadline(after: .seconds(20)).wait(for: "'\(answer)' of \(stage)") {
            last = try text(stage, server)
            return last == answer
        }
    }
}

import Glibc
import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("The audit log")
struct AuditTests {
    let api: DeployedAPI

    init() throws { api = try DeployedAPI() }

    private func lines() throws -> [JSONValue] {
        try api.folder.read(".portico/audit.log").split(separator: "\n").map { line in
            guard let value = JSONValue(parsing: String(line)) else { throw TestSupportError("no JSON: \(line)") }
            return value
        }
    }

    @Test("Each change is a line with who, when, what, and how it was before and after; no value of a key is in it")
    func changes() throws {
        let first = try api.deploy()
        let second = try api.deploy("--canary", "5")
        _ = try api.run("canary", "set", "spec", "--stage", "prod", "--percent", "10")
        _ = try api.run("canary", "promote", "spec", "--stage", "prod")
        _ = try api.run("canary", "remove", "spec", "--stage", "prod")
        _ = try api.run("rollback", "spec", "--stage", "prod")
        _ = try api.run("deployments", "delete", second, "spec")
        let value = String(try api.run("keys", "new", "acme", "spec").output.dropLast())
        _ = try api.run("keys", "disable", "acme", "spec")
        // Nothing changes.
        _ = try api.run("keys", "disable", "acme", "spec")
        _ = try api.run("keys", "enable", "acme", "spec")
        let csv = try api.folder.write("keys.csv", "Name,Key,Enabled\nimported,abcdefghijklmnopqrstuvwxyz,true\n")
        _ = try api.run("keys", "import", csv, "spec")
        _ = try api.run("keys", "delete", "acme", "spec")
        _ = try api.run("deployments", "follow", "spec", "--stage", "prod")
        _ = try api.run("deployments", "prune", "spec", "--keep", "0")
        // What is refused, and what only reads.
        _ = try api.run("keys", "delete", "acme", "spec", status: 1)
        _ = try api.run("deployments", "spec")

        let lines = try lines()
        #expect(
            lines.map { api.text($0["command"]) } == [
                "deploy", "deploy", "canary set", "canary promote", "canary remove", "rollback", "deployments delete",
                "keys new", "keys disable", "keys enable", "keys import", "keys delete", "deployments follow",
                "deployments prune",
            ])
        let user = try ChildProcess("/usr/bin/id", ["-un"])
        #expect(try user.wait() == 0)
        for line in lines {
            #expect(api.text(line["time"]).hasSuffix("Z") && api.text(line["spec"]) == api.spec)
            #expect(api.text(line["user"]) + "\n" == user.output)
        }
        #expect(lines[0]["before"] == nil && lines[0]["after"]?["deploymentId"] == .string(first))
        #expect(lines[0]["stage"] == .string("prod") && api.text(lines[0]["api"]).utf8.count == 10)
        #expect(lines[2]["before"]?["canarySettings"]?["percentTraffic"] == .number("5"))
        #expect(lines[2]["after"]?["canarySettings"]?["percentTraffic"] == .number("10"))
        #expect(lines[5]["before"]?["deploymentId"] == .string(second))
        #expect(lines[5]["after"]?["deploymentId"] == .string(first) && lines[5]["ids"] == .array([.string(first)]))
        #expect(lines[8]["before"]?["enabled"] == .boolean(true) && lines[8]["after"]?["enabled"] == .boolean(false))
        #expect(lines[13]["ids"] == .array([.string(first)]))
        let text = api.folder.read(".portico/audit.log")
        #expect(!text.contains(value) && !text.contains("abcdefghijklmnopqrstuvwxyz"))
        var status = stat()
        #expect(stat(api.folder.path + "/.portico/audit.log", &status) == 0 && status.st_mode & 0o777 == 0o600)

        let table = try api.run("audit", "spec").output
        #expect(table.split(separator: "\n").count == lines.count + 1 && table.contains("canary promote"))
        #expect(try api.run("audit", "spec", "--format", "json").output == text)
    }

    @Test("A change that cannot be written down is not made, with 4")
    func refused() throws {
        mkdir(api.folder.path + "/.portico", 0o700)
        mkdir(api.folder.path + "/.portico/audit.log", 0o700)
        for words in [["deploy", api.spec, "--stage", "prod"], ["keys", "new", "acme", api.spec]] {
            let outcome = try PorticoProcess.run(words)
            #expect(outcome.status == 4 && outcome.output.isEmpty, "\(words): \(outcome.errors)")
            #expect(outcome.errors.contains("nothing was changed: the audit log, '"), "\(outcome.errors)")
        }
        #expect(try api.list().isEmpty)
        #expect(try api.run("keys", "list", "spec").errors.contains("no API keys"))
        rmdir(api.folder.path + "/.portico/audit.log")
        let id = try api.deploy()
        unlink(api.folder.path + "/.portico/audit.log")
        mkdir(api.folder.path + "/.portico/audit.log", 0o700)
        _ = try api.run("deployments", "follow", "spec", "--stage", "prod", status: 4)
        #expect(try api.list().map { $0["stages"] } == [.array([.string("prod")])])
        #expect(try api.list().map { api.text($0["id"]) } == [id])
    }

    @Test("Nothing was changed yet is what a log that is not there says")
    func none() throws {
        #expect(try api.run("audit", "spec").errors.contains("nothing was changed yet"))
    }

    @Test("Lines of commands that run at once are whole")
    func atOnce() throws {
        let commands = try (0..<12).map { number in
            try ChildProcess(
                PorticoProcess.executable,
                number % 2 == 0
                    ? ["keys", "new", "key-\(number)", api.spec] : ["deploy", api.spec, "--stage", "prod"])
        }
        for command in commands { #expect(try command.wait() == 0, "\(command.errors)") }
        #expect(try lines().count == 12)
    }
}

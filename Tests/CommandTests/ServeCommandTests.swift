import Glibc
import PorticoTestSupport
import Testing

@Suite("portico serve")
struct ServeCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func value(_ server: ServingPortico) throws -> String { try server.get("/dev/value").text }

    @Test("serves, says its routes and addresses on standard error, and nothing on standard output")
    func serves() throws {
        let server = try ServingPortico("serve", try folder.write("api.yaml", SampleSpecs.value(1)))
        #expect(try value(server) == #"{"value": 1}"#)
        #expect(server.process.errors.contains("GET  /value  MOCK"), "\(server.process.errors)")
        #expect(server.process.errors.contains("http://127.0.0.1:\(server.port)/dev"))
        #expect(server.process.output.isEmpty)
        #expect(try HTTP.request("GET", "/readyz", port: server.adminPort).status == 200)
        #expect(try HTTP.request("GET", "/livez", port: server.adminPort).status == 200)
    }

    @Test("a save in place and a save by replacing are both served, over the connection that was open")
    func reloads() throws {
        let server = try ServingPortico("serve", try folder.write("api.yaml", SampleSpecs.value(1)))
        let connection = try RawConnection(port: server.port, deadline: Deadline(after: .seconds(60)))
        func ask() throws -> String {
            try connection.send("GET /dev/value HTTP/1.1\r\nHost: a\r\n\r\n")
            return try connection.readResponse().text
        }
        #expect(try ask() == #"{"value": 1}"#)
        try folder.write("api.yaml", SampleSpecs.value(2))
        try server.waitUntilSaid("now serving the new")
        #expect(try ask() == #"{"value": 2}"#)
        try folder.replace("api.yaml", SampleSpecs.value(3))
        try server.waitUntilSaid("now serving the new", moreThan: 1)
        #expect(try ask() == #"{"value": 3}"#)
    }

    @Test("a broken save keeps the previous version serving, and the mended one takes over")
    func brokenSave() throws {
        let server = try ServingPortico("serve", try folder.write("api.yaml", SampleSpecs.value(1)))
        try folder.write("api.yaml", SampleSpecs.twoMistakes)
        try server.waitUntilSaid("the previous version keeps serving")
        #expect(server.process.errors.contains("did you mean 'mock'"), "\(server.process.errors)")
        #expect(try value(server) == #"{"value": 1}"#)
        #expect(try HTTP.request("GET", "/readyz", port: server.adminPort).status == 200)
        try folder.write("api.yaml", SampleSpecs.value(2))
        try server.waitUntilSaid("now serving the new")
        #expect(try value(server) == #"{"value": 2}"#)
    }

    @Test("a file that vanishes keeps the previous version serving until it is back")
    func vanishes() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        let server = try ServingPortico("serve", spec)
        unlink(spec)
        try server.waitUntilSaid("cannot read")
        #expect(try value(server) == #"{"value": 1}"#)
        try folder.write("api.yaml", SampleSpecs.value(2))
        try server.waitUntilSaid("now serving the new")
        #expect(try value(server) == #"{"value": 2}"#)
    }

    @Test("SIGHUP reloads, also when files are not followed")
    func reloadsOnSignal() throws {
        let server = try ServingPortico("serve", try folder.write("api.yaml", SampleSpecs.value(1)), "--no-watch")
        try folder.write("api.yaml", SampleSpecs.value(2))
        #expect(try value(server) == #"{"value": 1}"#)
        server.process.signal(SIGHUP)
        try server.waitUntilSaid("(SIGHUP)")
        #expect(try value(server) == #"{"value": 2}"#)
    }

    @Test("the overlay and files that are referred to are followed too")
    func followsOtherFiles() throws {
        let spec = try folder.write(
            "api.yaml",
            SampleSpecs.value(1).replacingText("'{\"value\": 1}'", with: "'{\"value\": \"$stageVariables.v\"}'"))
        let config = try folder.write("overlay.yaml", "x-portico-stages: {dev: {variables: {v: one}}}\n")
        let server = try ServingPortico("serve", spec, "--config", config)
        #expect(try value(server) == #"{"value": "one"}"#)
        try folder.write("overlay.yaml", "x-portico-stages: {dev: {variables: {v: two}}}\n")
        try server.waitUntilSaid("now serving the new")
        #expect(try value(server) == #"{"value": "two"}"#)
    }

    @Test("no request fails while the file is saved again and again")
    func savesUnderLoad() throws {
        let server = try ServingPortico("serve", try folder.write("api.yaml", SampleSpecs.value(0)))
        let connection = try RawConnection(port: server.port, deadline: Deadline(after: .seconds(120)))
        var last = 0
        for version in 1...5 {
            try folder.write("api.yaml", SampleSpecs.value(version))
            while last < version {
                // Three at a time, so that a reload meets requests that wait behind others.
                for _ in 0..<3 { try connection.send("GET /dev/value HTTP/1.1\r\nHost: a\r\n\r\n") }
                for _ in 0..<3 {
                    let response = try connection.readResponse()
                    #expect(response.status == 200)
                    let number = Int(response.text.filter { $0.isNumber }) ?? -1
                    #expect((last...version).contains(number), "\(response.text) after \(last)")
                    last = max(last, number)
                }
            }
        }
    }

    @Test("SIGTERM and SIGINT end it with 0, also while a connection is idle", arguments: [SIGTERM, SIGINT])
    func stops(signal: Int32) throws {
        let server = try ServingPortico("serve", try folder.write("api.yaml", SampleSpecs.value(1)))
        let idle = try RawConnection(port: server.port)
        try idle.send("GET /dev/value HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.readResponse().status == 200)
        server.process.signal(signal)
        #expect(try server.process.wait(Deadline(after: .seconds(5))) == 0)
    }

    @Test("SIGTERM lets a request that is under way end")
    func drains() throws {
        let upstream = try FakeUpstream(.silence)
        let spec = """
            openapi: 3.0.1
            info: {title: slow, version: "1"}
            paths:
              /slow:
                get:
                  responses: {}
                  x-amazon-apigateway-integration:
                    type: http_proxy
                    httpMethod: GET
                    uri: http://\(upstream.authority)/slow
                    timeoutInMillis: 1500

            """
        let server = try ServingPortico("serve", try folder.write("api.yaml", spec))
        let connection = try RawConnection(port: server.port)
        try connection.send("GET /dev/slow HTTP/1.1\r\nHost: a\r\n\r\n")
        try Deadline().wait(for: "the backend to be asked") { upstream.requests.count == 1 }
        server.process.signal(SIGTERM)
        #expect(try connection.readResponse().status == 504)
        #expect(try server.process.wait() == 0)
    }

    @Test("a second SIGTERM ends it at once")
    func stopsAtOnce() throws {
        let upstream = try FakeUpstream(.silence)
        let spec = """
            openapi: 3.0.1
            info: {title: slow, version: "1"}
            paths:
              /slow:
                get:
                  responses: {}
                  x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://\(upstream.authority)/slow"}

            """
        let server = try ServingPortico("serve", try folder.write("api.yaml", spec))
        let connection = try RawConnection(port: server.port)
        try connection.send("GET /dev/slow HTTP/1.1\r\nHost: a\r\n\r\n")
        try Deadline().wait(for: "the backend to be asked") { upstream.requests.count == 1 }
        server.process.signal(SIGTERM)
        try server.waitUntilSaid("stopping")
        server.process.signal(SIGTERM)
        #expect(try server.process.wait(Deadline(after: .seconds(3))) == 0)
    }

    @Test("a port in use ends with 4 and names the port and the flag")
    func portInUse() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        let server = try ServingPortico("serve", spec)
        let data = try PorticoProcess.run("serve", spec, "--port", "\(server.port)", "--admin-port", "0")
        #expect(data.status == 4)
        #expect(data.errors.contains("port \(server.port) is in use"), "\(data.errors)")
        #expect(data.errors.contains("with --port"), "\(data.errors)")
        let admin = try PorticoProcess.run("serve", spec, "--port", "0", "--admin-port", "\(server.adminPort)")
        #expect(admin.status == 4)
        #expect(admin.errors.contains("with --admin-port"), "\(admin.errors)")
    }

    @Test("a spec with errors is not served and ends with 3")
    func refusesErrors() throws {
        let outcome = try PorticoProcess.run("serve", try folder.write("api.yaml", SampleSpecs.twoMistakes))
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("did you mean 'mock'"), "\(outcome.errors)")
    }

    @Test("a flag wins over the environment, the environment over the default")
    func precedence() throws {
        let text = SampleSpecs.value(1)
            .replacingText("'{\"value\": 1}'", with: "'{\"stage\": \"$context.stage\", \"v\": \"$stageVariables.v\"}'")
        let spec = try folder.write("api.yaml", text)
        let environment = ["PORTICO_STAGE": "test", "PORTICO_VAR_v": "from environment"]
        let fromEnvironment = try ServingPortico("serve", spec, environment: environment)
        #expect(try fromEnvironment.get("/test/value").text == #"{"stage": "test", "v": "from environment"}"#)
        let fromFlags = try ServingPortico(
            "serve", spec, "--stage", "prod", "--var", "v=from flag", environment: environment)
        #expect(try fromFlags.get("/prod/value").text == #"{"stage": "prod", "v": "from flag"}"#)
    }
}

extension String {
    /// The string with every occurrence of `old` replaced.
    func replacingText(_ old: String, with new: String) -> String {
        var result = ""
        var rest = self[...]
        while let end = rest.firstRange(ofText: old) {
            result += rest[..<rest.index(end, offsetBy: -old.count)] + new
            rest = rest[end...]
        }
        return result + rest
    }
}

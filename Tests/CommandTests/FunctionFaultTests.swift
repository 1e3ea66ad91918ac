import FoundationEssentials
import Glibc
import PorticoSyntax
import PorticoTestSupport
import Testing

/// Functions in processes of their own, served by the built command: what goes wrong with them is answered as API Gateway
/// answers it, told with its cause, and leaves nothing behind.
@Suite("Functions that fail", .serialized)
struct FunctionFaultTests {
    /// Tells the processes of this test from all others.
    let mark = "mark-\(UInt64.random(in: 0...UInt64.max))"

    private var environment: [String: String] {
        [
            "TEST_MARK": mark, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        ]
    }

    init() throws { try Self.installed.get() }

    /// What Python functions run on, made once beside the spec.
    private static let installed = Result<Void, any Error> {
        let environment = ["TEST_MARK": "installation", "AWS_REGION": "us-east-1"]
        let server = try ServingPortico(
            arguments: ["serve", try FunctionSamples.spec(), "--no-watch"], environment: environment)
        try server.waitUntilInstalled("/dev/echo")
        guard try server.get("/dev/echo").status == 200 else {
            throw TestSupportError("Python functions do not run: \(server.process.errors)")
        }
        server.process.signal(SIGTERM)
        try server.process.wait()
    }

    private func serve(_ flags: String..., environment: [String: String]? = nil) throws -> ServingPortico {
        try ServingPortico(
            arguments: ["serve", try FunctionSamples.spec(), "--no-watch"] + flags,
            environment: environment ?? self.environment)
    }

    // MARK: What functions do wrong

    struct Fault: Sendable, CustomTestStringConvertible {
        var function: String
        /// All of these are said on standard error.
        var says: [String]
        var testDescription: String { function }
    }

    static let faults = [
        Fault(function: "exits", says: ["Runtime exited with error: exit status 3", "Runtime.ExitError"]),
        Fault(function: "hangs", says: ["Task timed out after 1.00 seconds"]),
        Fault(function: "text", says: ["malformed Lambda proxy response", "no JSON object"]),
        Fault(function: "big", says: ["Response payload size exceeded maximum allowed payload size", "6291556"]),
        Fault(function: "raises", says: ["bad thing", "ValueError"]),
        Fault(function: "greedy", says: ["128 MB", "memorySize"]),
        Fault(function: "broken", says: ["no configuration", "broken.py"]),
        Fault(function: "nothing", says: ["Runtime.HandlerNotFound", "nothing"]),
        Fault(function: "nodeExits", says: ["Runtime exited with error: exit status 4"]),
        Fault(function: "nodeRaises", says: ["bad node thing", "TypeError"]),
        Fault(function: "nodeBroken", says: ["missing"]),
        Fault(function: "badJSON", says: ["malformed Lambda proxy response", "the result is no JSON"]),
        Fault(function: "absent", says: ["functions/absent", "does not exist"]),
    ]

    @Test("a function that fails is answered with 502, the cause is told, and other functions go on", arguments: faults)
    func fault(_ fault: Fault) throws {
        let server = try serve()
        for _ in 0..<2 {
            let answer = try server.get("/dev/\(fault.function)")
            #expect(answer.status == 502, "\(answer.text) \(server.process.errors)")
            #expect(JSONValue(parsing: answer.text)?["message"] == .string("Internal server error"))
            #expect(answer["x-amzn-ErrorType"] == "InternalServerErrorException")
        }
        for text in fault.says {
            #expect(server.process.errors.contains(text), "'\(text)' is missing in: \(server.process.errors)")
        }
        let other = try server.get("/dev/nodeEcho?n=7")
        #expect(other.status == 200)
        #expect(other.text == "7")
        server.process.signal(SIGTERM)
        #expect(try server.process.wait() == 0)
        try expectNoProcesses()
    }

    @Test("where Python or Node.js is missing the log says what to install", arguments: ["echo", "nodeEcho"])
    func missingRuntime(function: String) throws {
        let server = try serve(environment: environment.merging(["PATH": "/nowhere"]) { $1 })
        let answer = try server.get("/dev/\(function)")
        #expect([500, 502].contains(answer.status), "\(answer.text)")
        #expect(server.process.errors.contains("apt-get install"), "\(server.process.errors)")
        #expect(server.process.errors.contains(function == "echo" ? "Python" : "node"), "\(server.process.errors)")
        try Deadline(after: .seconds(10)).wait(for: "no function's process to be there") { functionProcesses().isEmpty }
    }

    @Test("what a function prints is in the log line by line with its name, and not in the answer")
    func prints() throws {
        let server = try serve()
        let answer = try server.get("/dev/prints")
        #expect(answer.status == 200)
        #expect(answer.text == "printed")
        try server.waitUntilSaid("forged")
        for line in server.process.errors.split(separator: "\n") where line.contains("forged") {
            #expect(line.contains("prints"), "\(line)")
            #expect(!line.hasPrefix("[portico]"), "\(line)")
        }
    }

    @Test(
        "a function that exits or hangs again and again leaves no process and no connection",
        arguments: ["exits", "hangs"])
    func leavesNothing(function: String) throws {
        let server = try serve()
        func fail() throws {
            #expect(try server.get("/dev/\(function)").status == 502)
        }
        try fail()
        try Deadline(after: .seconds(10)).wait(for: "the function's process to be gone") { functionProcesses().isEmpty }
        let open = socketCount(of: server.process.id)
        for _ in 0..<5 { try fail() }
        try Deadline(after: .seconds(10)).wait(for: "the function's processes to be gone: \(functionProcesses())") {
            functionProcesses().isEmpty
        }
        try Deadline(after: .seconds(10)).wait(
            for: "the connections to be closed: \(socketCount(of: server.process.id)) instead of \(open)"
        ) { socketCount(of: server.process.id) <= open }
    }

    // MARK: Load and ends

    @Test("of a thousand requests, four at once, none is lost, and at most four processes answer them")
    func thousandRequests() throws {
        let server = try serve()
        let connections = try (0..<4).map { _ in try RawConnection(port: server.port) }
        var ids: Set<String> = []
        for round in 0..<250 {
            for (index, connection) in connections.enumerated() {
                try connection.send("GET /dev/echo?n=\(round * 4 + index) HTTP/1.1\r\nHost: a\r\n\r\n")
            }
            for (index, connection) in connections.enumerated() {
                let answer = try connection.readResponse()
                guard let value = JSONValue(parsing: answer.text), case .string(let id) = value["id"] else {
                    Issue.record("\(answer.status) \(answer.text) \(server.process.errors.suffix(2000))")
                    return
                }
                #expect(value["n"] == .string("\(round * 4 + index)"))
                ids.insert(id)
            }
        }
        #expect(ids.count == 1000)
        #expect((1...4).contains(functionProcesses().count), "\(functionProcesses())")
    }

    @Test("when Portico is killed no function's process is left, busy or not")
    func killed() throws {
        let server = try serve()
        #expect(try server.get("/dev/echo?n=1").status == 200)
        let waiting = try RawConnection(port: server.port)
        try waiting.send("GET /dev/nodeEcho HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try waiting.readResponse().status == 200)
        #expect(functionProcesses().count == 2)
        server.process.signal(SIGKILL)
        #expect(try server.process.wait() == 128 + SIGKILL)
        try expectNoProcesses()
    }

    @Test("a data port that is taken ends with 4 and leaves no process")
    func portTaken() throws {
        let server = try serve()
        let second = try PorticoProcess.run(
            ["serve", try FunctionSamples.spec(), "--port", "\(server.port)", "--admin-port", "0"],
            environment: environment.merging(["TEST_MARK": mark + "-second"]) { $1 })
        #expect(second.status == 4)
        #expect(second.errors.contains("port \(server.port) is in use"), "\(second.errors)")
        try Deadline(after: .seconds(10)).wait(for: "the second one's processes to be gone") {
            processes(with: mark + "-second").isEmpty
        }
    }

    // MARK: What an Invoke endpoint does wrong

    struct EndpointFault: Sendable, CustomTestStringConvertible {
        var name: String
        var behavior: FakeUpstream.Behavior
        var status: Int
        var says: [String]
        var testDescription: String { name }
    }

    static let endpointFaults = [
        EndpointFault(name: "closes", behavior: .close, status: 504, says: ["remote"]),
        EndpointFault(name: "resets", behavior: .reset, status: 504, says: ["remote"]),
        EndpointFault(
            name: "resets half-way", behavior: .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"status"),
            status: 504, says: ["remote"]),
        EndpointFault(name: "is silent", behavior: .silence, status: 504, says: ["time-out"]),
        EndpointFault(
            name: "sends 100,000 headers",
            behavior: .raw(
                "HTTP/1.1 200 OK\r\n" + (0..<100_000).map { "x-\($0): y\r\n" }.joined() + "Content-Length: 2\r\n\r\n{}"),
            status: 502, says: ["remote", "headers"]),
        EndpointFault(
            name: "has no such function",
            behavior: .respond(
                status: 404, headers: [("x-amzn-ErrorType", "ResourceNotFoundException")],
                body: #"{"Message": "Function not found: remote", "Type": "User"}"#),
            status: 500, says: ["ResourceNotFoundException"]),
        EndpointFault(
            name: "throttles",
            behavior: .respond(
                status: 429, headers: [("x-amzn-ErrorType", "TooManyRequestsException")],
                body: #"{"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded", "Type": "User"}"#),
            status: 502, says: ["TooManyRequestsException"]),
    ]

    @Test("an Invoke endpoint that fails is answered and told, and no connection stays", arguments: endpointFaults)
    func endpointFault(_ fault: EndpointFault) throws {
        let upstream = try FakeUpstream(fault.behavior)
        let server = try serve("--endpoint", "lambda=http://\(upstream.authority)")
        let idle = socketCount(of: server.process.id)
        for _ in 0..<3 {
            let answer = try server.get("/dev/remote")
            #expect(answer.status == fault.status, "\(answer.text) \(server.process.errors)")
        }
        for text in fault.says {
            #expect(server.process.errors.contains(text), "'\(text)' is missing in: \(server.process.errors)")
        }
        upstream.closeConnections()
        try Deadline(after: .seconds(10)).wait(for: "connections to be closed") {
            socketCount(of: server.process.id) <= idle
        }
    }

    @Test("an endpoint that answers byte by byte is waited for")
    func slowEndpoint() throws {
        let body = #"{"statusCode": 200, "body": "slow but sure"}"#
        let upstream = try FakeUpstream(.slowly("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"))
        let server = try serve("--endpoint", "lambda=http://\(upstream.authority)")
        let answer = try server.get("/dev/remote")
        #expect(answer.status == 200)
        #expect(answer.text == "slow but sure")
    }

    @Test("an endpoint that nobody listens at is named with its address")
    func refusedEndpoint() throws {
        let port = try freePort()
        let server = try serve("--endpoint", "lambda=http://127.0.0.1:\(port)")
        let answer = try server.get("/dev/remote")
        #expect([500, 502, 504].contains(answer.status), "\(answer.status)")
        #expect(server.process.errors.contains("127.0.0.1:\(port)"), "\(server.process.errors)")
    }

    @Test("without credentials a call is answered with 500, and the log says where they were looked for")
    func noCredentials() throws {
        let upstream = try FakeUpstream()
        var environment = environment
        environment["AWS_ACCESS_KEY_ID"] = ""
        environment["AWS_SECRET_ACCESS_KEY"] = ""
        let server = try serve("--endpoint", "lambda=http://\(upstream.authority)", environment: environment)
        let answer = try server.get("/dev/remote")
        #expect(answer.status == 500)
        #expect(server.process.errors.contains("AWS_ACCESS_KEY_ID"), "\(server.process.errors)")
        #expect(upstream.requests.isEmpty)
    }

    // MARK: What is left

    /// Processes whose environment has the mark.
    private func processes(with mark: String) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int.init).filter { id in
            guard let bytes = try? Data(contentsOf: URL(filePath: "/proc/\(id)/environ")) else { return false }
            return bytes.split(separator: 0).contains { $0.elementsEqual("TEST_MARK=\(mark)".utf8) }
        }
    }

    /// Those among them that are functions.
    private func functionProcesses() -> [Int] {
        processes(with: mark).filter { id in
            guard let bytes = try? Data(contentsOf: URL(filePath: "/proc/\(id)/environ")) else { return false }
            return bytes.split(separator: 0).contains { $0.starts(with: "AWS_LAMBDA_RUNTIME_API=".utf8) }
        }
    }

    /// Waits until nothing of this test runs any more, Portico and its supervisor included.
    private func expectNoProcesses() throws {
        try Deadline(after: .seconds(10)).wait(for: "all processes to end: \(processes(with: mark))") {
            processes(with: mark).isEmpty
        }
    }

    private func socketCount(of process: pid_t) -> Int {
        let folder = "/proc/\(process)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            return target?.hasPrefix("socket:") == true
        }.count
    }
}

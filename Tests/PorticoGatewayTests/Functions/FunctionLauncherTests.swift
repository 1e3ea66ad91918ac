import FoundationEssentials
import Glibc
import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("How functions are started")
struct FunctionLauncherTests {
    private func launch(
        _ function: FunctionSpecification, in folder: TemporaryFolder,
        own: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) async throws -> FunctionLaunch {
        try await FunctionRun.launcher(base: folder.path, state: folder.path + "/state", own: own)
            .launch(for: function, runtimeAPI: "127.0.0.1:9", logStream: "stream")
    }

    private func error(
        _ function: FunctionSpecification, in folder: TemporaryFolder, own: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) async -> String {
        let error = await #expect(throws: FunctionLaunchError.self) {
            try await launch(function, in: folder, own: own)
        }
        return error?.message ?? ""
    }

    private func folder(bootstrap: String? = "#!/bin/sh\n", executable: Bool = true) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        mkdir(folder.path + "/code", 0o755)
        if let bootstrap {
            try writeProgram(folder.path + "/code/bootstrap", bootstrap, mode: executable ? 0o755 : 0o644)
        }
        return folder
    }

    @Test("The environment is Lambda's and nothing of the machine's")
    func environment() async throws {
        let folder = try folder()
        var function = FunctionRun.specification(
            "provided.al2023", "h", environment: [("A", "<${env.SECRET}|${env.SECRET}>"), ("AWS_ACCESS_KEY_ID", "own")])
        function.name = "arn:aws:lambda:us-east-1:123456789012:function:pets:live"
        let launch = try await launch(
            function, in: folder,
            own: [
                "PATH": "/bin", "HOME": "/home/x", "SECRET": "s", "LD_PRELOAD": "no", "AWS_ACCESS_KEY_ID": "machine",
                "AWS_SECRET_ACCESS_KEY": "k", "AWS_ENDPOINT_URL_SQS": "http://sqs", "AWS_ENDPOINT_URL": "http://all",
                "AWS_LAMBDA_FUNCTION_NAME": "other", "PORTICO_PORT": "1",
            ])
        let expected: Set<String> = [
            "PATH=/bin", "HOME=/home/x", "LANG=C.UTF-8", "TZ=:UTC", "AWS_ACCESS_KEY_ID=own", "AWS_SECRET_ACCESS_KEY=k",
            "AWS_ENDPOINT_URL_SQS=http://sqs", "AWS_ENDPOINT_URL=http://all", "_HANDLER=h",
            "LAMBDA_TASK_ROOT=\(folder.path)/code", "LAMBDA_RUNTIME_DIR=\(folder.path)/code",
            "AWS_LAMBDA_RUNTIME_API=127.0.0.1:9", "AWS_LAMBDA_FUNCTION_NAME=pets",
            "AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256",
            "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/pets", "AWS_LAMBDA_LOG_STREAM_NAME=stream",
            "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand", "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1",
            "AWS_XRAY_CONTEXT_MISSING=LOG_ERROR", "A=<s|s>",
        ]
        #expect(Set(launch.environment) == expected)
        #expect(launch.environment.count == expected.count)
        #expect(launch.command == ["\(folder.path)/code/bootstrap"])
        #expect(launch.directory == "\(folder.path)/code")
        #expect(launch.maximumResidentBytes == 256 << 20)
    }

    @Test(
        "The function's name is taken from names and ARNs",
        arguments: [
            ("pets", "pets"), ("pets:live", "pets"), ("arn:aws:lambda:us-east-1:1:function:pets", "pets"),
            ("arn:aws:lambda:us-east-1:1:function:pets:3", "pets"), ("1:function:pets", "pets"), ("", ""),
        ])
    func names(_ text: String, _ name: String) { #expect(FunctionName(text).name == name) }

    @Test("Functions find services where integrations find them, unless they say otherwise")
    func endpoints() {
        var parts = SnapshotParts()
        parts.endpoints = [
            EndpointEntry(service: "states", url: "http://steps"),
            EndpointEntry(service: "dynamodb", url: "http://table"),
        ]
        var process = FunctionProcess(runtime: "python3.11", handler: "a.b", codeURI: ".")
        process.environment = [EnvironmentVariable(name: "AWS_ENDPOINT_URL_DYNAMODB", value: "http://own")]
        parts.functions = [
            FunctionEntry(name: "f", home: .process(process)), FunctionEntry(name: "g", home: .server(url: "http://g")),
        ]
        let functions = DeploymentSnapshot(parts).hostedFunctions
        #expect(functions.map(\.name) == ["f"])
        #expect(
            functions.first?.process.environment == [
                EnvironmentVariable(name: "AWS_ENDPOINT_URL_SFN", value: "http://steps"),
                EnvironmentVariable(name: "AWS_ENDPOINT_URL_DYNAMODB", value: "http://own"),
            ])
    }

    @Test("What an environment cannot have is refused by name")
    func badEnvironment() async throws {
        let folder = try folder()
        let missing = await error(
            FunctionRun.specification("provided", "", environment: [("KEY", "${env.NOT_THERE}")]), in: folder)
        #expect(missing.contains("'KEY'") && missing.contains("'NOT_THERE' is not set"))
        let malformed = await error(
            FunctionRun.specification("provided", "", environment: [("KEY", "${env.}")]), in: folder)
        #expect(malformed.contains("'KEY'") && malformed.contains("expected '${env.NAME}'"))
        let reserved = await error(
            FunctionRun.specification("provided", "", environment: [("_HANDLER", "x")]), in: folder)
        #expect(reserved.contains("'_HANDLER', which Lambda keeps for itself; remove it"))
        let odd = await error(FunctionRun.specification("provided", "", environment: [("A=B", "x")]), in: folder)
        #expect(odd.contains("named 'A=B'"))
    }

    @Test("codeUri may be the executable; a command is started beside the code")
    func programs() async throws {
        let folder = try folder()
        let file = try await launch(FunctionRun.specification("provided", "", code: "code/bootstrap"), in: folder)
        #expect(file.command == ["\(folder.path)/code/bootstrap"])
        #expect(file.directory == "\(folder.path)/code")
        for (command, expected) in [
            (["./run", "-v"], ["\(folder.path)/code/run", "-v"]), (["sh", "-c", "x"], ["sh", "-c", "x"]),
            (["/bin/x"], ["/bin/x"]),
        ] {
            for runtime in ["python3.11", "nodejs20.x", "provided", "java21"] {
                let launch = try await launch(FunctionRun.specification(runtime, "a.b", command: command), in: folder)
                #expect(launch.command == expected)
            }
        }
    }

    @Test("What is missing is said with what to do")
    func failures() async throws {
        let folder = try folder(bootstrap: nil)
        let bootstrap = await error(FunctionRun.specification("provided.al2023", ""), in: folder)
        #expect(bootstrap.contains("no executable 'bootstrap' in '\(folder.path)/code'; build it"))
        let code = await error(FunctionRun.specification("provided", "", code: "nowhere"), in: folder)
        #expect(code.contains("codeUri 'nowhere' of function 'f' does not exist"))
        let runtime = await error(FunctionRun.specification("java21", "a.b"), in: folder)
        #expect(runtime.contains("runtime 'java21'") && runtime.contains("--lambda f=URL"))

        let plain = try self.folder(executable: false)
        let mode = await error(FunctionRun.specification("provided", ""), in: plain)
        #expect(mode.contains("run: chmod +x \(plain.path)/code/bootstrap"))
        let file = await error(FunctionRun.specification("nodejs20.x", "a.b", code: "code/bootstrap"), in: plain)
        #expect(file.contains("is a file; runtime 'nodejs20.x' needs the directory of the code"))
    }

    @Test("An interpreter that is not there is named, with the way to get it")
    func noInterpreter() async throws {
        let folder = try folder()
        let empty = ["PATH": folder.path]
        let python = await error(FunctionRun.specification("python3.12", "a.b"), in: folder, own: empty)
        #expect(python.contains("neither python3.12 nor python3 in PATH") && python.contains("apt-get install python3"))
        let node = await error(FunctionRun.specification("nodejs20.x", "a.b"), in: folder, own: empty)
        #expect(node.contains("there is no node in PATH") && node.contains("--lambda NAME=URL"))
    }

    /// A Python that does what a script says; installed as `bin/python3`.
    private func fakePython(_ folder: TemporaryFolder, _ venv: String) throws {
        mkdir(folder.path + "/bin", 0o755)
        let script = """
            #!/bin/sh
            case "$1 $2" in
            "-c "*) echo \(folder.path)/bin/python3; echo 3.11;;
            "-m venv") \(venv);;
            esac
            """
        try writeProgram(folder.path + "/bin/python3", script)
    }

    @Test("A Python without its venv module, or without network, is told apart")
    func brokenPython() async throws {
        let folder = try folder()
        let own = ["PATH": folder.path + "/bin:/usr/bin:/bin"]
        try fakePython(folder, "echo 'ensurepip is not available'; exit 1")
        let venv = await error(FunctionRun.specification("python3.50", "a.b"), in: folder, own: own)
        #expect(venv.contains("venv module is missing; install it (Debian: apt-get install python3-venv)"))

        let pip = "echo 'ERROR: Could not find a version'; echo 'NewConnectionError'; exit 1"
        try fakePython(
            folder, "mkdir -p $3/bin; printf '#!/bin/sh\\n%s' \"\(pip)\" > $3/bin/python; chmod +x $3/bin/python")
        let offline = await error(FunctionRun.specification("python3.50", "a.b"), in: folder, own: own)
        #expect(offline.contains("pip cannot install awslambdaric and boto3: ERROR: Could not find a version"))
        #expect(offline.contains("check the network"))
        // Nothing half made is left.
        var left: [String] = []
        SupervisorSystem.eachEntry(folder.path + "/state/python") { left.append($0) }
        #expect(left == ["3.11.lock"])
    }

    @Test("A half-made virtual environment is made anew, by one of many at once")
    func halfMade() async throws {
        let folder = try folder()
        let own = ["PATH": folder.path + "/bin:/usr/bin:/bin"]
        try fakePython(
            folder,
            "echo made >> \(folder.path)/made; mkdir -p $3/bin; cp /bin/true $3/bin/python; sleep 0.1")
        mkdir(folder.path + "/state", 0o755)
        mkdir(folder.path + "/state/python", 0o755)
        mkdir(folder.path + "/state/python/3.11", 0o755)
        try folder.write("state/python/3.11/half", "")
        // No machine has that one, so the fake one is taken.
        let function = FunctionRun.specification("python3.50", "a.b")
        try await withThrowingTaskGroup(of: FunctionLaunch.self) { group in
            for _ in 0..<5 { group.addTask { try await self.launch(function, in: folder, own: own) } }
            for try await launch in group {
                let python = "\(folder.path)/state/python/3.11/bin/python"
                #expect(launch.command == [python, "-m", "awslambdaric", "a.b"])
                #expect(launch.environment.contains("PYTHONPATH=\(folder.path)/code"))
                #expect(launch.environment.contains("PYTHONUNBUFFERED=1"))
            }
        }
        #expect(folder.read("made") == "made\n")
        #expect(StatePath.kind(folder.path + "/state/python/3.11/half") == nil)
    }

    @Test("Those that wait while a virtual environment fails to be made fail alike; who comes later tries again")
    func sharedFailure() async throws {
        let folder = try folder()
        let own = ["PATH": folder.path + "/bin:/usr/bin:/bin"]
        try fakePython(folder, "echo tried >> \(folder.path)/tries; sleep 1; echo broken; exit 1")
        let function = FunctionRun.specification("python3.50", "a.b")
        let launcher = FunctionRun.launcher(base: folder.path, state: folder.path + "/state", own: own)
        // The search for the interpreter is over with the first, so that four start at once.
        await #expect(throws: FunctionLaunchError.self) {
            try await launcher.launch(for: function, runtimeAPI: "x:1", logStream: "s")
        }
        for turn in 2...3 {
            let messages = await withTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do {
                            _ = try await launcher.launch(for: function, runtimeAPI: "x:1", logStream: "s")
                            return "launched"
                        } catch { return "\(error)" }
                    }
                }
                return await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(messages.count == 1)
            #expect(messages.first?.contains("cannot make a virtual environment: broken") == true, "\(messages)")
            #expect(folder.read("tries") == String(repeating: "tried\n", count: turn))
        }
    }

    @Test("A bootstrap of any language answers events")
    func provided() async throws {
        let script = """
            #!/bin/sh
            api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
            while :; do
              head=$(mktemp)
              event=$(curl -sS -D "$head" "$api/next") || exit 1
              id=$(grep -i request-id "$head" | tr -d '\\r' | cut -d' ' -f2)
              rm "$head"
              curl -sS -X POST "$api/$id/response" -d "[$event,\\"$_HANDLER\\"]" > /dev/null
            done
            """
        try await FunctionRun.with(
            FunctionRun.specification("provided.al2023", "h"), ["bootstrap": script]
        ) { (run) async throws in
            for (id, event) in [("a", "{\"a\":1}"), ("b", "{\"a\":2}")] {
                let report = try await run.response(event, id: id)
                #expect(report.text == "[\(event),\"h\"]")
            }
        }
    }
}

import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Python functions")
struct PythonRuntimeTests {
    @Test("A handler answers events with Lambda's context and environment, boto3 within reach")
    func handler() async throws {
        let text = """
            import os
            import boto3
            def handler(event, context):
                print("seen", event["a"])
                return [event["a"], context.aws_request_id, context.function_name, context.memory_limit_in_mb,
                        context.invoked_function_arn, 50000 < context.get_remaining_time_in_millis() <= 60000,
                        os.environ["AWS_LAMBDA_LOG_STREAM_NAME"], os.getcwd() == os.environ["LAMBDA_TASK_ROOT"],
                        os.environ["X"], boto3.session.Session().region_name]
            """
        let function = FunctionRun.specification("python3.11", "app.handler", environment: [("X", "y")])
        try await FunctionRun.with(function, ["app.py": text]) { (run) async throws in
            let report = try await run.response("{\"a\": 1}")
            let expected = """
                [1, "id-1", "f", "256", "arn:aws:lambda:eu-west-1:000000000000:function:f", true, \
                "2026/01/01/[$LATEST]0123456789abcdef", true, "y", "eu-west-1"]
                """
            #expect(report.text == expected)
            try await eventually("the print") { run.output.contains("seen 1\n") }
            #expect(try await run.response("{\"a\": 2}", id: "id-2").text.hasPrefix("[2, \"id-2\""))
        }
    }

    @Test("A module in a folder is a handler too, and an exception fails the invocation only")
    func errors() async throws {
        let text = """
            def handler(event, context):
                if event.get("fail"): raise ValueError("no way")
                return "ok"
            """
        let function = FunctionRun.specification("python3.11", "src/app.handler")
        try await FunctionRun.with(function, ["src/app.py": text]) { (run) async throws in
            let report = try await run.error("{\"fail\": 1}", id: "a")
            #expect(report.text.contains("\"errorMessage\": \"no way\""))
            #expect(report.text.contains("\"errorType\": \"ValueError\""))
            #expect(try await run.response("{}", id: "b").text == "\"ok\"")
        }
    }

    @Test(
        "A handler that does not come about is reported, and the process ends",
        arguments: [
            ("nope.handler", "", "Runtime.ImportModuleError", "Unable to import module 'nope'"),
            ("app.nope", "", "Runtime.HandlerNotFound", "Handler 'nope' missing on module 'app'"),
            ("app.handler", "def handler(:", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
            ("app", "", "Runtime.MalformedHandlerName", "Bad handler 'app'"),
        ])
    func initErrors(_ handler: String, _ text: String, _ type: String, _ message: String) async throws {
        try await FunctionRun.with(FunctionRun.specification("python3.11", handler), ["app.py": text]) {
            (run) async throws in
            let report = try await run.api.report("init/error")
            #expect(report.text.contains(type), "\(report.text)")
            #expect(report.text.contains(message), "\(report.text)")
            #expect(try await run.supervision.record.exit(1) == .exited(status: 1))
        }
    }

    @Test("Another minor version runs on what the machine has, in the same virtual environment")
    func otherVersion() async throws {
        let text = "def handler(event, context): return event"
        try await FunctionRun.with(FunctionRun.specification("python3.99", "app.handler"), ["app.py": text]) {
            (run) async throws in
            #expect(try await run.response("{\"a\": 1}").text == "{\"a\": 1}")
        }
    }

    @Test("requirements.txt is installed once for each content, from where the code is")
    func requirements() async throws {
        let files = [
            "app.py": "import portico_sample\ndef handler(event, context): return portico_sample.answer",
            "requirements.txt": "# ours\n./sample\n",
            "sample/pyproject.toml": """
            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]
            """,
            // Builds a wheel with nothing but the standard library, so that the test needs no network.
            "sample/backend.py": """
            import zipfile
            def build_wheel(directory, config_settings=None, metadata_directory=None):
                name = "portico_sample-1.0-py3-none-any.whl"
                with zipfile.ZipFile(directory + "/" + name, "w") as file:
                    file.writestr("portico_sample.py", "answer = 42")
                    info = "portico_sample-1.0.dist-info"
                    file.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: portico-sample\\nVersion: 1.0\\n")
                    file.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                    file.writestr(info + "/RECORD", "")
                return name
            """,
        ]
        try await FunctionRun.with(FunctionRun.specification("python3.11", "app.handler"), files) {
            (run) async throws in
            #expect(try await run.response("{}").text == "42")
        }
    }

    @Test("What pip cannot install is said with its reason")
    func badRequirements() async throws {
        let folder = try TemporaryFolder()
        try folder.write("app.py", "")
        try folder.write("requirements.txt", "./nowhere\n")
        let function = FunctionRun.specification("python3.11", "app.handler", code: ".")
        let error = await #expect(throws: FunctionLaunchError.self) {
            try await FunctionRun.launcher(base: folder.path).launch(for: function, runtimeAPI: "x:1", logStream: "s")
        }
        #expect(error?.message.contains("pip cannot install what '\(folder.path)/requirements.txt' asks for") == true)
        #expect(error?.message.contains("nowhere") == true)
    }
}

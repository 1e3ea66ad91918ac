import FoundationEssentials
import PorticoTestSupport

/// Functions that do what functions should not, in a folder that is kept in the build folder with the virtual environment
/// that Portico makes beside the spec.
enum FunctionSamples {
    /// The spec: `/NAME` is a Lambda proxy of each function.
    static func spec() throws -> String { try made.get() }

    private static let made = Result<String, any Error> {
        let folder = ChildProcess.buildFolder + "/test-functions"
        for (name, text) in files {
            let url = URL(filePath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
            if name.hasSuffix("bootstrap") {
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
            }
        }
        return "\(folder)/api.yaml"
    }

    private static let functions: [(name: String, members: String)] = [
        ("echo", "runtime: python3.11, handler: app.echo, concurrency: 4"),
        ("exits", "runtime: python3.11, handler: app.exits"),
        ("hangs", "runtime: python3.11, handler: app.hangs, timeout: 1"),
        ("prints", "runtime: python3.11, handler: app.prints"),
        ("text", "runtime: python3.11, handler: app.text"),
        ("big", "runtime: python3.11, handler: app.big, timeout: 30, memorySize: 512"),
        ("raises", "runtime: python3.11, handler: app.raises"),
        ("greedy", "runtime: python3.11, handler: app.greedy, timeout: 30"),
        ("broken", "runtime: python3.11, handler: broken.handler"),
        ("nothing", "runtime: python3.11, handler: app.nothing"),
        ("nodeEcho", "runtime: nodejs20.x, handler: index.echo"),
        ("nodeExits", "runtime: nodejs20.x, handler: index.exits"),
        ("nodeRaises", "runtime: nodejs20.x, handler: index.raises"),
        ("nodeBroken", "runtime: nodejs20.x, handler: missing.handler"),
        ("badJSON", "runtime: provided.al2023, codeUri: functions/badjson"),
        ("absent", "runtime: provided.al2023, codeUri: functions/absent"),
    ]

    private static var files: [(String, String)] {
        var spec = "openapi: 3.0.1\ninfo: {title: functions, version: \"1\"}\nx-portico-functions:\n"
        for (name, members) in functions {
            let code = members.contains("codeUri") ? "" : ", codeUri: functions"
            spec += "  \(name): {\(members)\(code), environment: {TEST_MARK: \"${env.TEST_MARK}\"}}\n"
        }
        spec += "paths:\n"
        for name in functions.map(\.name) + ["remote"] {
            spec += """
                  /\(name):
                    get:
                      responses: {}
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        timeoutInMillis: \(name == "remote" ? 1500 : 29000)
                        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:\(name)/invocations

                """
        }
        return [
            ("api.yaml", spec), ("functions/app.py", pythonFunctions), ("functions/index.mjs", nodeFunctions),
            ("functions/broken.py", "raise RuntimeError('no configuration')\n"),
            ("functions/badjson/bootstrap", badBootstrap),
        ]
    }

    private static let pythonFunctions = #"""
        import json, os, sys, time

        def echo(event, context):
            query = event["queryStringParameters"] or {}
            return {"statusCode": 200, "body": json.dumps({"n": query.get("n"), "id": context.aws_request_id})}

        def exits(event, context):
            os._exit(3)

        def hangs(event, context):
            time.sleep(600)

        def prints(event, context):
            sys.stdout.flush()
            os.write(1, b"\xff\xfe\x00 no text \r\n[portico] {\"forged\": true}")
            return {"statusCode": 200, "body": "printed"}

        def text(event, context):
            return "no object"

        def big(event, context):
            return {"statusCode": 200, "body": "x" * (7 * 1024 * 1024)}

        def raises(event, context):
            raise ValueError("bad thing")

        def greedy(event, context):
            memory = bytearray(600 * 1024 * 1024)
            for index in range(0, len(memory), 4096): memory[index] = 1
            time.sleep(20)

        """#

    private static let nodeFunctions = #"""
        export const echo = async (event) => ({ statusCode: 200, body: event.queryStringParameters?.n ?? "nothing" });
        export const exits = async () => { process.exit(4); };
        export const raises = async () => { throw new TypeError("bad node thing"); };

        """#

    private static let badBootstrap = #"""
        #!/usr/bin/env python3
        # A runtime of its own whose result is cut off in the middle.
        import http.client, os

        connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        while True:
            connection.request("GET", "/2018-06-01/runtime/invocation/next")
            answer = connection.getresponse()
            answer.read()
            path = "/2018-06-01/runtime/invocation/" + answer.headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
            connection.request("POST", path, b'{"statusCode": 200, "body": "cut')
            connection.getresponse().read()

        """#
}

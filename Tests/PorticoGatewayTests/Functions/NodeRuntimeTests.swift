import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Node.js functions")
struct NodeRuntimeTests {
    @Test(
        "Handlers are found wherever Lambda finds them",
        arguments: [
            ("app.handler", "app.mjs", "export const handler = async (e) => ({ got: e.a });"),
            ("app.handler", "app.js", "exports.handler = async (e) => ({ got: e.a });"),
            ("app.handler", "app.cjs", "exports.handler = async (e) => ({ got: e.a });"),
            ("src/app.handler", "src/app.mjs", "export const handler = async (e) => ({ got: e.a });"),
            ("src/lib/app.run", "src/lib/app.js", "module.exports.run = async (e) => ({ got: e.a });"),
            ("app.routes.get", "app.js", "exports.routes = { get: async (e) => ({ got: e.a }) };"),
            ("app.handler", "app.mjs", "export default { handler: async (e) => ({ got: e.a }) };"),
            ("app.handler", "app.js", "exports.handler = (e, c, done) => done(null, { got: e.a });"),
            ("app.handler", "app.js", "exports.handler = (e, c) => { c.succeed({ got: e.a }); };"),
            (
                "app.handler", "app.js",
                "exports.handler = (e, c, done) => { setTimeout(() => done(null, { got: e.a }), 5); };"
            ),
        ])
    func handlers(_ handler: String, _ file: String, _ text: String) async throws {
        let function = FunctionRun.specification("nodejs20.x", handler)
        try await FunctionRun.with(function, [file: text]) { (run) async throws in
            let report = try await run.response("{\"a\":[1,\"ä\"]}")
            #expect(report.text == "{\"got\":[1,\"ä\"]}")
            #expect(report.headers["content-type"] == "application/json")
        }
    }

    @Test("package.json makes a .js file a module, and node_modules are found")
    func modules() async throws {
        let files = [
            "package.json": "{\"type\":\"module\"}",
            "app.js": "import { x } from 'dep'; export const handler = async () => x;",
            "node_modules/dep/package.json": "{\"name\":\"dep\",\"type\":\"module\",\"main\":\"i.js\"}",
            "node_modules/dep/i.js": "export const x = 42;",
        ]
        try await FunctionRun.with(FunctionRun.specification("nodejs22.x", "app.handler"), files) {
            (run) async throws in
            #expect(try await run.response("{}").text == "42")
        }
    }

    @Test("The context and the environment are those of Lambda")
    func context() async throws {
        let text = """
            export const handler = async (event, c) => [
              c.functionName, c.functionVersion, c.invokedFunctionArn, c.memoryLimitInMB, c.awsRequestId,
              c.logGroupName, c.logStreamName, c.callbackWaitsForEmptyEventLoop,
              c.getRemainingTimeInMillis() > 50000 && c.getRemainingTimeInMillis() <= 60000,
              process.env._X_AMZN_TRACE_ID, process.env.AWS_EXECUTION_ENV, process.env.X, process.cwd() === process.env.LAMBDA_TASK_ROOT];
            """
        let function = FunctionRun.specification("nodejs20.x", "app.handler", environment: [("X", "y")])
        try await FunctionRun.with(function, ["app.mjs": text]) { (run) async throws in
            let expected = """
                ["f","$LATEST","arn:aws:lambda:eu-west-1:000000000000:function:f","256","id-1","/aws/lambda/f",\
                "2026/01/01/[$LATEST]0123456789abcdef",true,true,\
                "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0","AWS_Lambda_nodejs20.x","y",true]
                """
            #expect(try await run.response("{}").text == expected)
        }
    }

    @Test("One process answers many events, errors among them")
    func many() async throws {
        let text = """
            let count = 0;
            export const handler = async (e) => {
              if (e.fail) throw Object.assign(new TypeError('no ' + e.fail), { code: 'E1' });
              if (e.odd) throw 'a string';
              return ++count;
            };
            """
        try await FunctionRun.with(FunctionRun.specification("nodejs20.x", "app.handler"), ["app.mjs": text]) {
            (run) async throws in
            #expect(try await run.response("{}", id: "a").text == "1")
            let report = try await run.error("{\"fail\":\"way\"}", id: "b")
            #expect(
                report.text.hasPrefix(
                    "{\"errorType\":\"TypeError\",\"errorMessage\":\"no way\",\"trace\":[\"TypeError: no way\""))
            #expect(report.headers["lambda-runtime-function-error-type"] == "TypeError")
            let odd = try await run.error("{\"odd\":1}", id: "c")
            #expect(odd.text == "{\"errorType\":\"string\",\"errorMessage\":\"a string\",\"trace\":[]}")
            #expect(try await run.response("{}", id: "d").text == "2")
            try await eventually("the log") { run.output.contains("\tb\tERROR\tInvoke Error ") }
        }
    }

    @Test(
        "A handler that does not come about is reported, and the process ends by 1",
        arguments: [
            ("nope.handler", "", "Runtime.ImportModuleError", "Cannot find module"),
            ("app.handler", "import 'no-such-package';", "Runtime.ImportModuleError", "no-such-package"),
            (
                "app.nope", "export const handler = 1;", "Runtime.HandlerNotFound",
                "app.nope is undefined or not exported"
            ),
            ("app.handler", "export const handler = 1;", "Runtime.HandlerNotFound", "app.handler is not a function"),
            (
                "app.handler", "export const handler = (;", "Runtime.UserCodeSyntaxError",
                "SyntaxError: Unexpected token"
            ),
            ("app.handler", "throw new RangeError('boom');", "RangeError", "boom"),
            ("app", "", "Runtime.MalformedHandlerName", "Bad handler 'app'"),
        ])
    func initErrors(_ handler: String, _ text: String, _ type: String, _ message: String) async throws {
        try await FunctionRun.with(FunctionRun.specification("nodejs20.x", handler), ["app.mjs": text]) {
            (run) async throws in
            let report = try await run.api.report("init/error")
            #expect(report.headers["lambda-runtime-function-error-type"] == type)
            #expect(report.text.hasPrefix("{\"errorType\":\"\(type)\",\"errorMessage\":\""))
            #expect(report.text.contains(message), "\(report.text)")
            #expect(try await run.supervision.record.exit(1) == .exited(status: 1))
        }
    }

    @Test("Console lines carry time, request id and level")
    func console() async throws {
        let text = "export const handler = async () => { console.log('a\\nb', { c: 1 }); console.warn('%d', 7); };"
        try await FunctionRun.with(FunctionRun.specification("nodejs20.x", "app.handler"), ["app.mjs": text]) {
            (run) async throws in
            #expect(try await run.response("{}").text == "null")
            try await eventually("two lines") { run.output.split(separator: "\n").count == 2 }
            let lines = run.output.split(separator: "\n").map {
                $0.split(separator: "\t").dropFirst().joined(separator: "|")
            }
            #expect(lines == ["id-1|INFO|a\rb { c: 1 }", "id-1|WARN|7"])
        }
    }

    @Test("A rejection that nobody handles fails the invocation and ends the process")
    func unhandledRejection() async throws {
        let text =
            "export const handler = async () => { Promise.reject(new Error('lost')); await new Promise(() => {}); };"
        try await FunctionRun.with(FunctionRun.specification("nodejs20.x", "app.handler"), ["app.mjs": text]) {
            (run) async throws in
            let report = try await run.error("{}")
            #expect(report.headers["lambda-runtime-function-error-type"] == "Runtime.UnhandledPromiseRejection")
            #expect(report.text.contains("\"errorMessage\":\"Error: lost\""))
            #expect(try await run.supervision.record.exit(1) == .exited(status: 128))
        }
    }

    @Test(
        "A handler whose promise cannot be kept any more answers null; a callback waits for the event loop if it shall")
    func eventLoop() async throws {
        let text = """
            let late = 'no';
            exports.handler = (e, c, done) => {
              if (e.never) return new Promise(() => {});
              if (e.look) return Promise.resolve(late);
              c.callbackWaitsForEmptyEventLoop = e.waits;
              setTimeout(() => { late = 'yes'; }, 300).ref();
              done(null, 'early');
            };
            """
        try await FunctionRun.with(FunctionRun.specification("nodejs20.x", "app.handler"), ["app.js": text]) {
            (run) async throws in
            #expect(try await run.response("{\"never\":1}", id: "a").text == "null")
            #expect(try await run.response("{\"waits\":false}", id: "b").text == "\"early\"")
            #expect(try await run.response("{\"waits\":true}", id: "c").text == "\"early\"")
            #expect(try await run.response("{\"look\":1}", id: "d").text == "\"yes\"")
        }
    }

    @Test("A streamed result has its metadata, 8 NUL bytes and the body, and a failure amid it is told in trailers")
    func streaming() async throws {
        let text = """
            export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
              if (event.early) throw new Error('early');
              if (event.plain) { stream.setContentType('text/plain'); stream.write('a'); stream.write(Buffer.from('b')); stream.end('c'); return; }
              stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-a': 'b' } });
              stream.write('x'.repeat(200000));
              if (event.late) throw new Error('late');
              stream.end();
            });
            """
        try await FunctionRun.with(FunctionRun.specification("nodejs20.x", "app.handler"), ["app.mjs": text]) {
            (run) async throws in
            let whole = try await run.response("{}", id: "a")
            #expect(whole.headers["lambda-runtime-function-response-mode"] == "streaming")
            #expect(whole.headers["content-type"] == "application/vnd.awslambda.http-integration-response")
            let metadata = "{\"statusCode\":201,\"headers\":{\"x-a\":\"b\"}}"
            #expect(whole.body.count == metadata.utf8.count + 8 + 200_000)
            #expect(whole.text.hasPrefix(metadata + String(repeating: "\0", count: 8) + "xxx"))
            #expect(whole.trailers == [:])

            let plain = try await run.response("{\"plain\":1}", id: "b")
            #expect(plain.headers["content-type"] == "text/plain")
            #expect(plain.text == "abc")

            let late = try await run.response("{\"late\":1}", id: "c")
            #expect(late.trailers["lambda-runtime-function-error-type"] == "Error")
            #expect(
                late.trailers["lambda-runtime-function-error-body"]?.hasPrefix("eyJlcnJvclR5cGUiOiJFcnJvciIs") == true)

            #expect(try await run.error("{\"early\":1}", id: "d").text.contains("\"errorMessage\":\"early\""))
        }
    }

    @Test("A result that is no JSON fails the invocation, not the process")
    func unserializable() async throws {
        let text = "export const handler = async (e) => e.bad ? { n: 1n } : undefined;"
        try await FunctionRun.with(FunctionRun.specification("nodejs20.x", "app.handler"), ["app.mjs": text]) {
            (run) async throws in
            #expect(try await run.error("{\"bad\":1}", id: "a").text.contains("Unable to stringify response body"))
            #expect(try await run.response("{}", id: "b").text == "null")
        }
    }

    @Test("The process ends when the Runtime API is gone")
    func apiGone() async throws {
        let text = "export const handler = async () => 1;"
        try await FunctionRun.with(FunctionRun.specification("nodejs20.x", "app.handler"), ["app.mjs": text]) {
            (run) async throws in
            #expect(try await run.response("{}").text == "1")
            run.api.stop()
            #expect(try await run.supervision.record.exit(1) == .exited(status: 1))
        }
    }
}

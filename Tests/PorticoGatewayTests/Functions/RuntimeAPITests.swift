import NIOCore
import NIOHTTP1
import NIOPosix
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

private let base = "/2018-06-01/runtime"

@Suite("The Runtime API of functions' processes")
struct RuntimeAPITests {
    @Test(
        "finds routes",
        arguments: [
            ("GET", "/2018-06-01/runtime/invocation/next", .next),
            ("GET", "/2018-06-01/runtime/invocation/next?x=1", .next),
            ("POST", "/2018-06-01/runtime/invocation/next", .wrongMethod),
            ("POST", "/2018-06-01/runtime/invocation/8476a536/response", .response(request: "8476a536")),
            ("GET", "/2018-06-01/runtime/invocation/8476a536/response", .wrongMethod),
            ("POST", "/2018-06-01/runtime/invocation/8476a536/error", .error(request: "8476a536")),
            ("POST", "/2018-06-01/runtime/init/error", .initError),
            ("GET", "/2018-06-01/runtime/restore/next", .unknown),
            ("POST", "/2018-06-01/runtime/restore/error", .unknown),
            ("GET", "/2018-06-01/runtime/invocation", .unknown),
            ("POST", "/2018-06-01/runtime/invocation/a/b/response", .unknown),
            ("GET", "/", .unknown),
            ("POST", "/2015-03-31/functions/f/invocations", .invoke(function: "f")),
            (
                "POST", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3A1%3Afunction%3Af/invocations?Qualifier=live",
                .invoke(function: "arn:aws:lambda:r:1:function:f:live")
            ),
            ("GET", "/2015-03-31/functions/f/invocations", .wrongMethod),
            ("POST", "/2015-03-31/functions//invocations", .unknown),
            ("POST", "/2015-03-31/functions/a/b/invocations", .unknown),
        ] as [(String, String, RuntimeAPIRoute)])
    func routes(_ method: String, _ target: String, _ expected: RuntimeAPIRoute) {
        #expect(RuntimeAPIRoute(method: NIOHTTP1.HTTPMethod(rawValue: method), target: target) == expected)
    }

    /// Source: reference, section 5, and Lambda's developer guide.
    @Test("an invocation from end to end: headers of the event, and the status of the answer")
    func invocation() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke(#"{"a":"é"}"#) { $0.clientContext = "{\"client\":\r\n1}" }
        let process = try await functions.process(0)
        #expect(process.environment.contains("AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:\(process.port)"))
        let connection = try RawConnection(port: process.port)
        try connection.send("GET \(base)/invocation/next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        let event = try connection.readResponse()
        #expect(event.status == 200)
        #expect(event.text == #"{"a":"é"}"#)
        #expect(event["Lambda-Runtime-Aws-Request-Id"] == heard.requestID)
        #expect(heard.requestID.count == 36)
        #expect(event["Lambda-Runtime-Deadline-Ms"].flatMap { Int($0) } ?? 0 > 1_700_000_000_000)
        #expect(
            event["Lambda-Runtime-Invoked-Function-Arn"] == "arn:aws:lambda:eu-west-1:123456789012:function:f")
        #expect(event["Lambda-Runtime-Trace-Id"] == "Root=1-2-3")
        #expect(event["Lambda-Runtime-Client-Context"] == "{\"client\":  1}")
        #expect(event["Content-Type"] == "application/json")
        try connection.send(
            "POST \(base)/invocation/\(heard.requestID)/response HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n42"
        )
        let answer = try connection.readResponse()
        #expect(answer.status == 202)
        #expect(answer.text == #"{"status":"OK"}"#)
        #expect(answer["Content-Type"] == "application/json")
        #expect(try await heard.wait() == ["returned 42"])
        // The connection goes on, and the next event comes over it.
        try connection.send("GET \(base)/invocation/next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        let second = functions.invoke("2")
        #expect(try connection.readResponse().text == "2")
        try connection.send(
            "POST \(base)/invocation/\(second.requestID)/response HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n")
        #expect(try connection.readResponse().status == 202)
        #expect(try await second.wait() == ["returned abcde"])
        await functions.close()
        #expect(functions.supervisor?.state.withLock { $0.isShutDown } == true)
    }

    /// Source: shared cases, "runtime-handler-error".
    @Test("a handler's error is posted with its four members and the cause in a header, and handed on as it is")
    func handlerError() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke()
        let process = try await functions.process(0)
        let id = try #require(
            HTTP.request("GET", "\(base)/invocation/next", port: process.port)["lambda-runtime-aws-request-id"])
        let body =
            #"{"errorMessage": "bad thing", "errorType": "ValueError", "requestId": "\#(id)", "#
            + #""stackTrace": ["  File \"/f.py\", line 2, in handler\n    raise ValueError(\"bad thing\")\n"]}"#
        let answer = try HTTP.request(
            "POST", "\(base)/invocation/\(id)/error", port: process.port,
            headers: [
                ("lambda-runtime-function-error-type", "ValueError"),
                ("lambda-runtime-function-xray-error-cause", #"{"working_directory": "/", "exceptions": []}"#),
            ], body: body)
        #expect(answer.status == 202)
        #expect(answer.text == #"{"status":"OK"}"#)
        #expect(try await heard.wait() == ["failed \(body)"])
        try await eventuallyHolds("the report") {
            _ = try? HTTP.request("GET", "/", port: process.port)
            return functions.log.contains("START RequestId: \(id)")
        }
        await functions.close()
    }

    @Test("wrong ids, states, paths and methods are refused, with what is wrong")
    func refusals() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke()
        let port = try await functions.process(0).port
        func status(_ method: String, _ path: String, _ headers: [(String, String)] = []) throws -> String {
            let answer = try HTTP.request(method, path, port: port, headers: headers, body: method == "POST" ? "1" : "")
            return "\(answer.status) \(answer.text)"
        }
        #expect(
            try status("POST", "\(base)/invocation/\(heard.requestID)/response")
                == #"403 {"errorMessage":"State transition from Started to InvocationResponse failed for runtime. "#
                + #"Error: State transition is not allowed","errorType":"InvalidStateTransition"}"#)
        #expect(try status("GET", "\(base)/invocation/next").hasPrefix("200"))
        #expect(
            try status("POST", "\(base)/invocation/no-such-id/response")
                == #"403 {"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}"#)
        #expect(try status("GET", "\(base)/invocation/next").hasPrefix("403"))
        #expect(try status("POST", "\(base)/init/error").hasPrefix("403"))
        #expect(try status("GET", "\(base)/restore/next").hasPrefix("404"))
        #expect(try status("POST", "\(base)/restore/error").hasPrefix("404"))
        #expect(try status("DELETE", "\(base)/invocation/next").hasPrefix("405"))
        #expect(try status("GET", "/").hasPrefix("404"))
        #expect(try status("GET", "\(base)/invocation/next", [("Origin", "http://evil.example")]).hasPrefix("403"))
        #expect(try status("GET", "\(base)/invocation/next", [("Host", "evil.example:80")]).hasPrefix("403"))
        #expect(
            try status(
                "POST", "\(base)/invocation/\(heard.requestID)/response",
                [("Lambda-Runtime-Function-Response-Mode", "odd")]
            ).hasPrefix("400"))
        #expect(heard.heard.isEmpty)
        #expect(try status("POST", "\(base)/invocation/\(heard.requestID)/response").hasPrefix("202"))
        #expect(try await heard.wait() == ["returned 1"])
        await functions.close()
    }

    @Test("a result of more than 6 MB is refused, and fails the invocation", arguments: [false, true])
    func tooLarge(_ expectsContinue: Bool) async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke()
        let port = try await functions.process(0).port
        _ = try HTTP.request("GET", "\(base)/invocation/next", port: port)
        let connection = try RawConnection(port: port)
        try connection.send(
            "POST \(base)/invocation/\(heard.requestID)/response HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 7340032\r\n"
                + (expectsContinue ? "Expect: 100-continue\r\n\r\n" : "\r\n"))
        if expectsContinue { #expect(try connection.readInterim() == 100) }
        try connection.send([UInt8](repeating: 0x20, count: 7_340_032))
        let answer = try connection.readResponse()
        #expect(answer.status == 413)
        #expect(
            answer.text
                == #"{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","#
                + #""errorType":"RequestEntityTooLarge"}"#)
        #expect(try await heard.wait()[0].contains("Function.ResponseSizeTooLarge"))
        // The process can go on.
        try connection.send("GET \(base)/invocation/next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        let next = functions.invoke("2")
        #expect(try connection.readResponse().text == "2")
        next.cancel()
        await functions.close()
    }

    @Test("a result of exactly 6 MB passes whole")
    func large() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke()
        let port = try await functions.process(0).port
        _ = try HTTP.request("GET", "\(base)/invocation/next", port: port)
        let body = [UInt8](repeating: 0x61, count: 6 << 20)
        let answer = try HTTP.request(
            "POST", "\(base)/invocation/\(heard.requestID)/response", port: port, headers: [], bytes: body)
        #expect(answer.status == 202)
        #expect(try await heard.wait()[0].utf8.count == body.count + "returned ".utf8.count)
        await functions.close()
    }

    @Test("an initialization error is the function's error")
    func initError() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke()
        let process = try await functions.process(0)
        let body = #"{"errorMessage":"Unable to import module 'a'","errorType":"Runtime.ImportModuleError"}"#
        let answer = try HTTP.request(
            "POST", "\(base)/init/error", port: process.port,
            headers: [("Lambda-Runtime-Function-Error-Type", "Runtime.ImportModuleError")], body: body)
        #expect(answer.status == 202)
        functions.supervisor?.end(process.id, .exited(status: 1))
        #expect(try await heard.wait() == ["failed \(body)"])
        // The port is free again.
        try await eventuallyHolds("the port") { (try? RawConnection(port: process.port)) == nil }
        await functions.close()
    }

    @Test("a streamed result goes on piece by piece, and its trailers tell what went wrong", arguments: [false, true])
    func streaming(_ fails: Bool) async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke { $0.streams = true }
        let port = try await functions.process(0).port
        _ = try HTTP.request("GET", "\(base)/invocation/next", port: port)
        let connection = try RawConnection(port: port)
        try connection.send(
            "POST \(base)/invocation/\(heard.requestID)/response HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
                + "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n"
                + "3\r\none\r\n")
        #expect(try await heard.wait(2) == ["streaming", "piece one"])
        try connection.send("3\r\ntwo\r\n")
        #expect(try await heard.wait(3).last == "piece two")
        // `{"errorMessage":"x"}`
        let trailers =
            fails
            ? "Lambda-Runtime-Function-Error-Type: E\r\n"
                + "Lambda-Runtime-Function-Error-Body: eyJlcnJvck1lc3NhZ2UiOiJ4In0=\r\n" : ""
        try connection.send("0\r\n\(trailers)\r\n")
        #expect(try connection.readResponse().status == 202)
        #expect(try await heard.wait(4).last == (fails ? #"end {"errorMessage":"x"}"# : "end -"))
        await functions.close()
    }

    @Test("a stream that is held back is not read further, and goes on later")
    func backPressure() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke { $0.streams = true }
        let port = try await functions.process(0).port
        _ = try HTTP.request("GET", "\(base)/invocation/next", port: port)
        let connection = try RawConnection(port: port)
        try connection.send(
            "POST \(base)/invocation/\(heard.requestID)/response HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        _ = try await heard.wait(2)
        heard.setPaused(true)
        // What was asked of the host after the pause is done after it.
        _ = await functions.host.counters()
        try await functions.worker.submit {}.get()
        _ = await functions.host.counters()
        try connection.send("3\r\ntwo\r\n0\r\n\r\n")
        _ = try HTTP.request("GET", "/", port: port)
        #expect(heard.heard.count == 2)
        heard.setPaused(false)
        #expect(try await heard.wait(4).suffix(2) == ["piece two", "end -"])
        #expect(try connection.readResponse().status == 202)
        await functions.close()
    }

    @Test("a process that ends amid an invocation fails it, and its connections are closed")
    func exit() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke()
        let process = try await functions.process(0)
        let connection = try RawConnection(port: process.port)
        try connection.send("GET \(base)/invocation/next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        _ = try connection.readResponse()
        functions.supervisor?.write(process.id, "panic: oh\n")
        functions.supervisor?.end(process.id, .exited(status: 2))
        #expect(try await heard.wait()[0].contains("Runtime exited with error: exit status 2"))
        #expect(try connection.isClosedByServer())
        #expect(functions.log.contains("[f \(heard.requestID)] panic: oh\n"))
        await functions.close()
    }

    @Test("a client that hangs up while it waits leaves nothing behind, and may come again")
    func hangUp() async throws {
        let functions = PlayedFunctions(functions: [HostScene.function(concurrency: 1)])
        let heard = functions.invoke()
        let port = try await functions.process(0).port
        _ = try HTTP.request("GET", "\(base)/invocation/next", port: port)
        _ = try HTTP.request(
            "POST", "\(base)/invocation/\(heard.requestID)/response", port: port, body: "1")
        for _ in 0..<20 {
            let waiting = try RawConnection(port: port)
            try waiting.send("GET \(base)/invocation/next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            waiting.reset()
        }
        let second = functions.invoke("2")
        var id: String?
        for _ in 0..<20 where id == nil {
            // An event that went to a connection whose end was not seen yet was not delivered, and comes again.
            let answer = try HTTP.request("GET", "\(base)/invocation/next", port: port)
            id = answer["lambda-runtime-aws-request-id"]
        }
        #expect(id == second.requestID)
        await functions.close()
    }

    @Test("functions invoke each other at the same address")
    func invokeAPI() async throws {
        let functions = PlayedFunctions(functions: [HostScene.function("f"), HostScene.function("g", concurrency: 1)])
        let heard = functions.invoke()
        let f = try await functions.process(0)
        _ = try HTTP.request("GET", "\(base)/invocation/next", port: f.port)
        // f invokes g and waits.
        let caller = try RawConnection(port: f.port)
        try caller.send(
            "POST /2015-03-31/functions/g/invocations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\n\"f\"")
        let g = try await functions.process(1)
        let event = try HTTP.request("GET", "\(base)/invocation/next", port: g.port)
        #expect(event.text == "\"f\"")
        #expect(
            event["lambda-runtime-invoked-function-arn"] == "arn:aws:lambda:eu-west-1:123456789012:function:g")
        let id = try #require(event["lambda-runtime-aws-request-id"])
        // A second one is refused, since g has one process, which is at work.
        let refused = try HTTP.request("POST", "/2015-03-31/functions/g/invocations", port: f.port, body: "{}")
        #expect(refused.status == 429)
        #expect(refused["x-amzn-ErrorType"] == "TooManyRequestsException")
        #expect(refused.text.contains("Rate Exceeded."))
        _ = try HTTP.request("POST", "\(base)/invocation/\(id)/response", port: g.port, body: "7")
        let answer = try caller.readResponse()
        #expect(answer.status == 200 && answer.text == "7")
        #expect(answer["x-amzn-RequestId"] == id)
        #expect(answer["X-Amz-Function-Error"] == nil)
        // Errors, events and what is not there.
        try caller.send(
            "POST /2015-03-31/functions/g/invocations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}")
        let second = try #require(
            HTTP.request("GET", "\(base)/invocation/next", port: g.port)["lambda-runtime-aws-request-id"])
        _ = try HTTP.request("POST", "\(base)/invocation/\(second)/error", port: g.port, body: #"{"errorMessage":"x"}"#)
        let failed = try caller.readResponse()
        #expect(failed.status == 200 && failed["X-Amz-Function-Error"] == "Unhandled")
        #expect(failed.text == #"{"errorMessage":"x"}"#)
        func status(_ function: String, _ type: String) throws -> Int {
            try HTTP.request(
                "POST", "/2015-03-31/functions/\(function)/invocations", port: f.port,
                headers: [("X-Amz-Invocation-Type", type)], body: "{}"
            ).status
        }
        #expect(try status("g", "Event") == 202)
        #expect(try status("g", "DryRun") == 204)
        #expect(try status("g", "Odd") == 400)
        #expect(try status("h", "Event") == 404)
        heard.cancel()
        await functions.close()
    }

    @Test("what cannot be started is refused with its cause")
    func cannotStart() async throws {
        let functions = PlayedFunctions(failure: "python3.12 is not installed")
        #expect(try await functions.invoke().wait() == ["refused 500 ServiceException"])
        await functions.close()
        #expect(functions.supervisorCount == 0)
    }

    @Test("a supervisor that is gone is replaced with the next process")
    func supervisorGone() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke()
        _ = try await functions.process(0)
        let old = functions.supervisor
        functions.host.loop.execute { functions.host.supervisorEnded("killed") }
        #expect(try await heard.wait() == ["refused 500 ServiceException"])
        let second = functions.invoke()
        try await eventuallyHolds("another supervisor") { functions.supervisorCount == 2 }
        #expect(functions.supervisor !== old)
        let port = try await functions.process(0).port
        _ = try HTTP.request("GET", "\(base)/invocation/next", port: port)
        _ = try HTTP.request("POST", "\(base)/invocation/\(second.requestID)/response", port: port, body: "1")
        #expect(try await second.wait() == ["returned 1"])
        await functions.close()
    }

    @Test("bytes that are no HTTP end the connection, not the process")
    func garbage() async throws {
        let functions = PlayedFunctions()
        let heard = functions.invoke()
        let port = try await functions.process(0).port
        for text in ["\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9\r\n\r\n"] {
            let connection = try RawConnection(port: port)
            try connection.send(text)
            connection.finishSending()
            _ = try connection.readToEnd()
        }
        _ = try HTTP.request("GET", "\(base)/invocation/next", port: port)
        _ = try HTTP.request("POST", "\(base)/invocation/\(heard.requestID)/response", port: port, body: "1")
        #expect(try await heard.wait() == ["returned 1"])
        await functions.close()
    }

    @Test("four at a time, a thousand invocations: each is answered with its own payload")
    func many() async throws {
        let functions = PlayedFunctions(functions: [HostScene.function(concurrency: 4)])
        let total = 1_000
        // Processes are threads here: each polls and echoes until its port is gone.
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        var threads: [EventLoopFuture<Void>] = []
        let first = (0..<4).map { functions.invoke("\($0)") }
        for index in 0..<4 {
            let port = try await functions.process(index).port
            threads.append(
                pool.runIfActive(eventLoop: functions.worker) {
                    guard let connection = try? RawConnection(port: port) else { return }
                    while true {
                        do {
                            try connection.send("GET \(base)/invocation/next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                            let event = try connection.readResponse()
                            guard let id = event["lambda-runtime-aws-request-id"] else { return }
                            try connection.send(
                                Array(
                                    ("POST \(base)/invocation/\(id)/response HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                        + "Content-Length: \(event.body.count)\r\n\r\n").utf8) + event.body)
                            _ = try connection.readResponse()
                        } catch { return }
                    }
                })
        }
        for (index, heard) in first.enumerated() { #expect(try await heard.wait() == ["returned \(index)"]) }
        var under: [(Int, HeardOutcome)] = []
        for index in 0..<total {
            if under.count == 4 {
                let (number, heard) = under.removeFirst()
                #expect(try await heard.wait() == ["returned \(number)"])
            }
            under.append((index, functions.invoke("\(index)")))
        }
        for (number, heard) in under { #expect(try await heard.wait() == ["returned \(number)"]) }
        #expect(await functions.host.counters().invocations == total + 4)
        #expect(await functions.host.counters().throttles == 0)
        await functions.host.shutDown()
        for thread in threads { try await thread.get() }
        try await pool.shutdownGracefully()
        await functions.close()
    }
}

import PorticoGateway
import PorticoTestSupport
import Testing

/// Ends of connections, refused requests on used connections, and clients that are slow to take their answers.
@Suite("Hardening: connections")
struct HardeningConnectionTests {
    private static let head = "Host: a\r\n\r\n"

    @Test("A client that ends its side gets the backend's answer and then the end, not a kept connection")
    func halfClosedWhileWaiting() async throws {
        let upstream = try PorticoTestSupport.FakeUpstream(.slowly("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
        defer { upstream.stop() }
        let gateway = try await TestGateway(HardeningSpec.text(backend: upstream.authority))
        let connection = try RawConnection(port: gateway.port)
        try connection.send("GET /dev/proxied/x HTTP/1.1\r\n\(Self.head)")
        connection.finishSending()
        let answer = String(decoding: try connection.readToEnd(), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nok"))
        await gateway.stop()
    }

    @Test("A client that ends its side gets all answers of what it had sent, however large they are")
    func halfClosedWithLargeAnswers() async throws {
        let gateway = try await TestGateway(HardeningSpec.text(largeBody: 100_000))
        let connection = try RawConnection(port: gateway.port)
        let count = 150
        try connection.send(String(repeating: "GET /dev/large HTTP/1.1\r\n\(Self.head)", count: count))
        connection.finishSending()
        for _ in 0..<count {
            let response = try connection.readResponse()
            #expect(response.status == 200)
            #expect(response.body.count == 100_000)
        }
        #expect(try connection.isClosedByServer())
        await gateway.stop()
    }

    @Test(
        "A client that ends its side in the middle of a request is let go",
        arguments: [
            "GET /dev/mock HT", "POST /dev/mock HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
            "POST /dev/mock HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        ])
    func halfClosedWithinRequest(start: String) async throws {
        let gateway = try await TestGateway(HardeningSpec.text())
        let connection = try RawConnection(port: gateway.port)
        try connection.send(start)
        connection.finishSending()
        #expect(try connection.isClosedByServer())
        #expect(try gateway.request("GET", "/dev/mock").status == 200)
        await gateway.stop()
    }

    @Test("The last answer reaches a client that takes longer for it than connections linger")
    func slowTakerOfTheLastAnswer() async throws {
        let body = String(repeating: "y", count: 9_000_000)
        let upstream = try PorticoTestSupport.FakeUpstream(.respond(status: 200, headers: [], body: body))
        defer { upstream.stop() }
        let gateway = try await TestGateway(HardeningSpec.text(backend: upstream.authority))
        let connection = try RawConnection(port: gateway.port)
        try connection.send("GET /dev/proxied/x HTTP/1.1\r\nConnection: close\r\n\(Self.head)")
        // Longer than the two seconds for which a connection lingers once its last answer was taken.
        try await Task.sleep(for: .milliseconds(2_800))
        #expect(try connection.readResponse().body.count == 9_000_000)
        await gateway.stop()
    }

    @Test("A client that takes nothing of its answers is let go when its time is over")
    func clientThatTakesNothing() async throws {
        let gateway = try await TestGateway(HardeningSpec.text(largeBody: 100_000)) {
            $0.idleTimeout = .milliseconds(300)
        }
        let connection = try RawConnection(port: gateway.port)
        try connection.send(String(repeating: "GET /dev/large HTTP/1.1\r\n\(Self.head)", count: 200))
        try await Task.sleep(for: .milliseconds(1_800))
        // What the system had buffered comes, all twenty megabytes do not.
        let taken = (try? connection.readToEnd().count) ?? 0
        #expect(taken < 20_000_000)
        await gateway.stop()
    }

    @Test("A refused request has nothing of the fields of the request before it")
    func refusedAfterLongRequest() async throws {
        let gateway = try await TestGateway(HardeningSpec.text())
        let connection = try RawConnection(port: gateway.port)
        let id = "01234567-89ab-cdef-0123-456789abcdef"
        let padding = String(repeating: "p", count: 5_000)
        try connection.send(
            "GET /dev/mock HTTP/1.1\r\nHost: a\r\nX-Padding: \(padding)\r\nx-amzn-RequestId: \(id)\r\n\r\n")
        #expect(try connection.readResponse()["x-amzn-RequestId"] == id)
        // Shorter than the offset of the field above, which a stale table would look for.
        try connection.send("@\r\n\r\n")
        let refusal = try connection.readResponse()
        #expect(refusal.status == 400)
        #expect(refusal["x-amzn-RequestId"] != id)
        #expect(try connection.isClosedByServer())
        await gateway.stop()
    }

    @Test(
        "The answer to a HEAD has the length that the backend names, and none where it names none",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", "7" as String?),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", nil),
        ])
    func lengthOfHead(answer: String, length: String?) async throws {
        let upstream = try PorticoTestSupport.FakeUpstream(.raw(answer))
        defer { upstream.stop() }
        let gateway = try await TestGateway(HardeningSpec.text(backend: upstream.authority))
        let response = try gateway.request("HEAD", "/dev/proxied/x")
        #expect(response.status == 200)
        #expect(response["Content-Length"] == length)
        await gateway.stop()
    }

    @Test("A line break in a mapped literal does not end the header line")
    func lineBreakInLiteral() async throws {
        let gateway = try await TestGateway(HardeningSpec.text())
        let response = try gateway.request("GET", "/dev/mock")
        #expect(response.status == 200)
        #expect(response["X-Literal"] == "a  Evil: b")
        #expect(response["Evil"] == nil)
        await gateway.stop()
    }
}

/// The API of these tests.
enum HardeningSpec {
    static func text(backend: String = "127.0.0.1:1", largeBody: Int = 1) -> String {
        """
        openapi: 3.0.1
        info: {title: hardening, version: "1"}
        paths:
          /mock:
            x-amazon-apigateway-any-method:
              responses: {"200": {description: ok, headers: {X-Literal: {schema: {type: string}}}}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses:
                  default:
                    statusCode: "200"
                    responseParameters: {method.response.header.X-Literal: "'a\\r\\nEvil: b'"}
                    responseTemplates: {application/json: '{"ok": true}'}
          /large:
            get:
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses:
                  default:
                    statusCode: "200"
                    responseTemplates: {application/json: '\(String(repeating: "z", count: largeBody))'}
          /proxied/{proxy+}:
            x-amazon-apigateway-any-method:
              parameters: [{name: proxy, in: path, required: true, schema: {type: string}}]
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: ANY
                uri: http://\(backend)/{proxy}
                requestParameters: {integration.request.path.proxy: method.request.path.proxy}
        """
    }
}

import Glibc
import PorticoSyntax
import Testing

@testable import PorticoGateway

/// Segments as X-Ray's daemon takes them. Source: reference, "X-Ray" (9.4).
@Suite("Segments of X-Ray")
struct XRaySegmentTests {
    private func segment(_ trace: FinishedTrace) throws -> JSONValue {
        let datagram = try #require(XRaySegment.datagram(trace))
        let text = String(decoding: datagram, as: UTF8.self)
        #expect(text.hasPrefix("{\"format\": \"json\", \"version\": 1}\n{"))
        return try #require(JSONValue(parsing: String(text.dropFirst(XRaySegment.header.count))))
    }

    @Test("a segment has the members of API Gateway's, and the daemon's line before it")
    func whole() throws {
        let datagram = try #require(XRaySegment.datagram(TraceSamples.trace()))
        let text = String(decoding: datagram, as: UTF8.self)
        let expected = """
            {"format": "json", "version": 1}
            {"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"b7ad6b7169203331","parent_id":"53995c3f42cd8ad8",\
            "name":"Pets/prod","origin":"AWS::ApiGateway::Stage",\
            "resource_arn":"arn:aws:apigateway:us-east-1::/restapis/abcdefghij/stages/prod",\
            "start_time":1700000000.000005,"end_time":1700000000.250000,\
            "http":{"request":{"url":"https://api.example.com:8443/pets/7","method":"GET","client_ip":"192.0.2.1",\
            "x_forwarded_for":true,"user_agent":"curl/8.0 \\"x\\""},"response":{"status":200,"content_length":12}},\
            "aws":{"api_gateway":{"account_id":"000000000000","rest_api_id":"abcdefghij","stage":"prod",\
            "request_id":"r-1"},"xray":{"sampling_rule_name":"Default"}},\
            "annotations":{"aws:api_id":"abcdefghij","aws:api_stage":"prod"},\
            "metadata":{"default":{"extended_request_id":"e-1=","request_id":"r-1"}},\
            "subsegments":[{"id":"0000000000000001","name":"Lambda","start_time":1700000000.010000,\
            "end_time":1700000000.020000,"namespace":"aws","http":{"response":{"status":200}},\
            "aws":{"function_name":"auth","region":"us-east-1","operation":"Invoke","resource_names":["auth"]}},\
            {"id":"0000000000000002","name":"Lambda","start_time":1700000000.030000,"end_time":1700000000.230000,\
            "namespace":"aws","http":{"request":{"url":\
            "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/pets/invocations","method":"POST"},\
            "response":{"status":200,"content_length":40}},\
            "aws":{"function_name":"pets","region":"us-east-1","operation":"Invoke","request_id":"lambda-1",\
            "resource_names":["pets"]}}]}
            """
        #expect(text == expected)
    }

    @Test(
        "statuses become flags",
        arguments: [
            (200, []), (302, []), (404, ["error"]), (429, ["error", "throttle"]), (500, ["fault"]), (504, ["fault"]),
            (0, ["fault"]),
        ])
    func flags(_ status: Int, _ expected: [String]) throws {
        let segment = try segment(TraceSamples.trace(status: status, failure: "because"))
        let flags = ["error", "fault", "throttle"].filter { segment[$0] == .boolean(true) }
        #expect(flags == expected)
        #expect((segment["cause"] != nil) == expected.contains("fault"))
        #expect((segment["http"]?["response"]?["status"] != nil) == (status > 0))
    }

    @Test("other services are named as such, HTTP backends by their host, without queries")
    func calls() throws {
        let segment = try segment(
            TraceSamples.trace(status: 504, calls: [TraceSamples.service, TraceSamples.backend]))
        guard case .array(let calls)? = segment["subsegments"], calls.count == 2 else {
            Issue.record("no subsegments")
            return
        }
        #expect(calls[0]["name"] == .string("dynamodb") && calls[0]["namespace"] == .string("aws"))
        #expect(calls[0]["aws"]?["operation"] == .string("Query") && calls[0]["error"] == .boolean(true))
        #expect(calls[1]["name"] == .string("backend.example.com:8080") && calls[1]["namespace"] == .string("remote"))
        #expect(calls[1]["aws"] == nil && calls[1]["fault"] == .boolean(true))
        #expect(calls[1]["http"]?["request"]?["url"] == .string("http://backend.example.com:8080/a"))
        guard case .array(let exceptions)? = calls[1]["cause"]?["exceptions"] else {
            Issue.record("no cause")
            return
        }
        #expect(exceptions.first?["message"] == .string("connection refused"))
    }

    @Test("a trace that began here has no parent, and one that the caller decided on has no rule")
    func optional() throws {
        var trace = TraceSamples.trace(calls: [])
        trace.parentID = nil
        trace.samplingRule = nil
        trace.userAgent = nil
        trace.endMicroseconds = trace.startMicroseconds - 5
        let segment = try segment(trace)
        #expect(segment["parent_id"] == nil && segment["aws"]?["xray"] == nil && segment["subsegments"] == nil)
        #expect(segment["start_time"] == segment["end_time"])
    }

    @Test("names have only characters that X-Ray takes")
    func names() {
        #expect(XRaySegment.name("Bücher/prod-1_é 5") == "Bücher/prod-1_é 5")
        #expect(XRaySegment.name("a\"b\u{1F600}\n\u{0}") == "a_b___")
        #expect(XRaySegment.name(String(repeating: "a", count: 500)).count == 200)
    }

    @Test("no trace makes a datagram that is too long: texts are cut, then calls are left out")
    func longest() throws {
        let hostile = String(repeating: "\u{1}é", count: 100_000)
        var call = TraceSamples.backend
        call.url = "http://" + hostile
        call.failure = hostile
        var trace = TraceSamples.trace(
            status: 500, path: "/" + hostile, calls: Array(repeating: call, count: 40), failure: hostile)
        trace.userAgent = hostile
        trace.host = hostile
        let datagram = try #require(XRaySegment.datagram(trace))
        #expect(datagram.count <= 65_507)
        let segment = try segment(trace)
        guard case .array(let calls)? = segment["subsegments"] else {
            Issue.record("no calls are left")
            return
        }
        #expect(calls.count >= 1 && calls.count < 40)
    }

    @Test("texts are cut between characters")
    func cuts() {
        #expect(XRaySegment.cut("aé", 2) == "a")
        #expect(XRaySegment.cut("aé", 3) == "aé")
        #expect(XRaySegment.cut("é", 1) == "")
    }
}

/// Datagrams.
@Suite("Sender of datagrams")
struct DatagramSenderTests {
    /// A socket that receives on the loopback address.
    private final class Receiver {
        let descriptor: Int32
        let port: Int

        init?() {
            descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = descriptor
            let result = withUnsafeMutableBytes(of: &address) { bytes -> Int32 in
                guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    bind(descriptor, pointer, length) == 0
                else { return -1 }
                return getsockname(descriptor, pointer, &length)
            }
            port = Int(UInt16(bigEndian: address.sin_port))
            guard result == 0 else { return nil }
            var limit = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }

        func receive() -> [UInt8] {
            var buffer = [UInt8](repeating: 0, count: 70_000)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            return Array(buffer.prefix(max(count, 0)))
        }

        func end() { close(descriptor) }
    }

    @Test("each trace is one datagram, up to the longest", arguments: [1, 1400, XRaySegment.longestDatagram])
    func sends(_ length: Int) throws {
        let receiver = try #require(Receiver())
        defer { receiver.end() }
        let sender = try DatagramSender(host: "localhost", port: receiver.port)
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        sender.send(bytes)
        #expect(receiver.receive() == bytes)
        #expect(sender.sent == 1 && sender.lost == 0)
    }

    @Test("what nobody receives, and what is too long, is lost and counted")
    func losses() throws {
        let receiver = try #require(Receiver())
        let sender = try DatagramSender(host: "127.0.0.1", port: receiver.port)
        sender.send([UInt8](repeating: 0, count: XRaySegment.longestDatagram + 1))
        #expect(sender.sent == 0 && sender.lost == 1)
        receiver.end()
        // On the loopback device the answer that nobody listens is there when the call returns.
        for _ in 0..<10 { sender.send([1]) }
        #expect(sender.sent + sender.lost == 11)
        #expect(sender.sent <= 1 && sender.lost >= 10)
        sender.lose()
        #expect(sender.sent + sender.lost == 12)
    }

    @Test("a receiver that never reads does not hold the sender up")
    func full() throws {
        let receiver = try #require(Receiver())
        defer { receiver.end() }
        let sender = try DatagramSender(host: "127.0.0.1", port: receiver.port)
        let start = monotonicMilliseconds()
        for _ in 0..<2000 { sender.send([UInt8](repeating: 0, count: 60_000)) }
        #expect(monotonicMilliseconds() - start < 10_000)
        #expect(sender.sent + sender.lost == 2000)
    }

    @Test("a host that is none is said")
    func unknown() {
        #expect(throws: DatagramSender.Problem.self) {
            _ = try DatagramSender(host: "no such host.invalid", port: 2000)
        }
    }
}

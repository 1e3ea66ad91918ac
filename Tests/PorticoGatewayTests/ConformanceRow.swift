import PorticoGateway
import PorticoTestSupport
import Testing

/// The backend of the conformance tests; the module's own `FakeUpstream` drives the upstream client without a gateway.
typealias Backend = PorticoTestSupport.FakeUpstream

/// One request to a real server and what has to come of it: the answer, and what the backend saw.
struct ConformanceRow {
    /// Section of the reference, with the rule's number where it has one.
    var rule: String
    var name: String
    var method: String
    var path: String
    var headers: [(String, String)]
    var body: String
    var status: Int
    /// The answer's whole body; `nil` leaves it open.
    var text: String?
    /// Headers of the answer; `nil` for one that must not be there.
    var shows: [(String, String?)]
    /// What the backend does with this request; `nil` leaves it as it is.
    var reply: Backend.Behavior?
    /// What the backend saw of it; `nil` leaves it open.
    var sent: SentRequest?
    var sourceLocation: SourceLocation

    /// `request` is verb, blank, path.
    init(
        _ rule: String, _ name: String, _ request: String, headers: [(String, String)] = [], body: String = "",
        reply: Backend.Behavior? = nil, _ status: Int = 200, _ text: String? = nil, shows: [(String, String?)] = [],
        sent: SentRequest? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let words = request.split(separator: " ", maxSplits: 1)
        self.rule = rule
        self.name = name
        method = words.first.map(String.init) ?? "GET"
        path = words.count > 1 ? String(words[1]) : "/"
        self.headers = headers
        self.body = body
        self.status = status
        self.text = text
        self.shows = shows
        self.reply = reply
        self.sent = sent
        self.sourceLocation = sourceLocation
    }
}

/// What a backend is to have seen of a request.
struct SentRequest {
    /// Verb, blank, target.
    var line: String?
    /// Headers; `nil` for one that must not be there.
    var headers: [(String, String?)]
    var body: String?
    /// Whether the backend is not to be called at all.
    var isNone = false

    init(_ line: String? = nil, headers: [(String, String?)] = [], body: String? = nil) {
        self.line = line
        self.headers = headers
        self.body = body
    }

    /// The backend is not called.
    static var notCalled: SentRequest {
        var sent = SentRequest()
        sent.isNone = true
        return sent
    }
}

/// Sends the requests one after the other, each on a connection of its own, and compares.
func check(_ rows: [ConformanceRow], on gateway: TestGateway, backend: Backend? = nil) {
    for row in rows {
        let place: Comment = "rule \(row.rule): \(row.name)"
        let earlier = backend?.requests.count ?? 0
        if let reply = row.reply { backend?.behave(reply) }
        let answer: RawResponse
        do {
            answer = try gateway.request(row.method, row.path, headers: row.headers, body: row.body)
        } catch {
            Issue.record("rule \(row.rule): \(row.name): \(error)", sourceLocation: row.sourceLocation)
            continue
        }
        #expect(answer.status == row.status, place, sourceLocation: row.sourceLocation)
        if let text = row.text { #expect(answer.text == text, place, sourceLocation: row.sourceLocation) }
        for (name, value) in row.shows {
            #expect(answer[name] == value, "rule \(row.rule): \(row.name): \(name)", sourceLocation: row.sourceLocation)
        }
        guard let sent = row.sent, let backend else { continue }
        compare(sent, Array(backend.requests.dropFirst(earlier)), row)
    }
}

private func compare(_ sent: SentRequest, _ requests: [Backend.Request], _ row: ConformanceRow) {
    let place: Comment = "rule \(row.rule): \(row.name)"
    guard !sent.isNone else {
        #expect(requests.isEmpty, place, sourceLocation: row.sourceLocation)
        return
    }
    guard requests.count == 1, let request = requests.first else {
        Issue.record(
            "rule \(row.rule): \(row.name): \(requests.count) calls of the backend", sourceLocation: row.sourceLocation)
        return
    }
    if let line = sent.line {
        #expect("\(request.method) \(request.path)" == line, place, sourceLocation: row.sourceLocation)
    }
    for (name, value) in sent.headers {
        #expect(
            request[name] == value, "rule \(row.rule): \(row.name): \(name) to the backend",
            sourceLocation: row.sourceLocation)
    }
    if let body = sent.body { #expect(request.body == body, place, sourceLocation: row.sourceLocation) }
}

/// A gateway for the length of `body`.
func withGateway(
    _ spec: String, isLenient: Bool = false, stageVariables: [String: String] = [:],
    configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: (TestGateway) async throws -> Void
) async throws {
    let gateway = try await TestGateway(
        spec, isLenient: isLenient, stageVariables: stageVariables, configure: configure)
    do {
        try await body(gateway)
    } catch {
        await gateway.stop()
        throw error
    }
    await gateway.stop()
}

/// What the gateway itself answers: `{"message":"..."}`.
func message(_ text: String) -> String { "{\"message\":\"\(text)\"}" }

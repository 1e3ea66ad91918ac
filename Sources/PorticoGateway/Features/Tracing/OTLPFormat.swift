// Hot: no, once per batch of sampled requests. Allocates: the body.

internal import PorticoIR

/// Who sends spans. *Source:* OpenTelemetry semantic conventions, "Resource".
struct OTLPResource: Sendable, Hashable {
    /// `service.name` and others, each name once, in order.
    let attributes: [NamedText]

    /// `attributes` may have a `service.name`; it counts if `serviceName` is `nil`. Without both it is `fallback`.
    init(serviceName: String?, attributes: [NamedText], fallback: String) {
        var result = attributes.filter { $0.name != "service.name" }
        let written = attributes.last { $0.name == "service.name" }?.value
        result.insert(NamedText("service.name", serviceName ?? written ?? fallback), at: 0)
        // Of several with one name the last one counts.
        var seen: Set<String> = []
        self.attributes = Array(result.reversed().filter { seen.insert($0.name).inserted }.reversed())
    }
}

/// `ExportTraceServiceRequest` of OTLP over HTTP with protobuf.
///
/// *Source:* OTLP specification 1.x, "OTLP/HTTP"; opentelemetry-proto, `collector/trace/v1/trace_service.proto`.
struct OTLPFormat: DeliveryFormat {
    private let headers: [(name: String, value: String)]
    /// `ResourceSpans.resource`.
    private let resource: [UInt8]
    /// `ScopeSpans.scope`.
    private let scope: [UInt8]

    /// `headers` are added to those of the format; their values are what they stand for already.
    init(resource: OTLPResource, headers: [NamedText] = []) {
        self.headers =
            [("Content-Type", "application/x-protobuf"), ("User-Agent", "portico")]
            + headers.map { ($0.name, $0.value) }
        var writer = ProtobufWriter()
        writer.field(1) { message in
            for attribute in resource.attributes {
                message.field(1) { OTLPAttribute.write(attribute.name, attribute.value, into: &$0) }
            }
        }
        self.resource = writer.bytes
        var scope = ProtobufWriter()
        scope.field(1) { $0.field(1, "portico") }
        self.scope = scope.bytes
    }

    /// `records` are fields `spans` of `ScopeSpans`, as ``OTLPSpans`` makes them.
    func request(_ records: [[UInt8]]) -> DeliveryRequest {
        let spanBytes = records.reduce(0) { $0 + $1.count }
        // Lengths stand before what they count, so messages are nested from the inside; only the heads are copied.
        let scopeLength = scope.count + spanBytes
        var scopeHead = ProtobufWriter(capacity: 16)
        scopeHead.varint(2 << 3 | 2)
        scopeHead.varint(UInt64(scopeLength))
        let resourceLength = resource.count + scopeHead.bytes.count + scopeLength
        var body = ProtobufWriter(capacity: resourceLength + 16)
        body.varint(1 << 3 | 2)
        body.varint(UInt64(resourceLength))
        body.append(resource)
        body.append(scopeHead.bytes)
        body.append(scope)
        for record in records { body.append(record) }
        return DeliveryRequest(headers: headers, body: body.bytes)
    }

    /// *Source:* OTLP specification, "OTLP/HTTP Response" and "Failures": 429, 502, 503 and 504 are tried again, others
    /// are not; of a partial success the rejected spans are lost.
    func outcome(of response: DeliveryResponse, recordCount: Int) -> DeliveryQueue.Outcome {
        switch response {
        case .failure: .retry(afterMilliseconds: nil)
        case .answer(let status, let wait, let body):
            switch status {
            case 200...299: .delivered(refused: Self.rejectedSpans(body))
            case 429, 502, 503, 504: .retry(afterMilliseconds: Self.milliseconds(wait))
            default: .refused
            }
        }
    }

    /// `partial_success.rejected_spans`; 0 if the answer has none.
    private static func rejectedSpans(_ body: [UInt8]) -> Int {
        var rejected = 0
        ProtobufReader(body).read { number, value in
            guard number == 1, case .bytes(let message) = value else { return }
            ProtobufReader(message).read { number, value in
                if number == 1, case .varint(let count) = value { rejected = Int(clamping: count) }
            }
        }
        return rejected
    }

    /// Whole seconds; dates, which `Retry-After` may have too, are left to the backoff.
    private static func milliseconds(_ wait: String?) -> Int? {
        guard let wait, wait.utf8.count <= 6, let seconds = Int(wait), seconds >= 0 else { return nil }
        return seconds * 1000
    }
}

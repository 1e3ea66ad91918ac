// Hot: no, only requests of stages with access logs come here. Allocates: records and bodies.

internal import PorticoPrograms
internal import PorticoSyntax

/// Lines of access logs as records of Firehose, by `PutRecordBatch`. The transport signs and sends.
///
/// *Source:* Firehose API reference, "PutRecordBatch": up to 500 records and 4 MB, each of up to 1,000 KB before Base64;
/// what failed is named record by record, and is sent again alone.
struct FirehoseFormat: DeliveryFormat {
    private let head: [UInt8]

    private static let headers: [(name: String, value: String)] = [
        ("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "Firehose_20150804.PutRecordBatch"),
    ]

    /// Bytes of a record before Base64.
    static let longestRecord = 1_024_000

    /// `deliveryStream` is the stream's name.
    init(deliveryStream: String) {
        var head = Array("{\"DeliveryStreamName\":".utf8)
        JSONWriter.appendString(deliveryStream, to: &head)
        self.head = head + Array(",\"Records\":[".utf8)
    }

    /// Limits of the queue: those of the service count in Base64, which is more than it asks for.
    static let limits = DeliveryQueue.Limits(
        queueRecords: 20_000, queueBytes: 16 << 20, batchRecords: 500, batchBytes: 4 << 20 - 256,
        recordBytes: (longestRecord + 2) / 3 * 4 + 11, recordOverhead: 1, delayMilliseconds: 1000, attempts: 8)

    /// A record of one line, with its line break.
    static func record(_ line: UnsafeRawBufferPointer) -> [UInt8] {
        let output = OutputBuffer(capacity: (line.count + 2) / 3 * 4 + 16)
        output.append("{\"Data\":\"")
        Base64Text.appendEncoded(line, into: output)
        output.append("\"}")
        return Array(output.bytes)
    }

    func request(_ records: [[UInt8]]) -> DeliveryRequest {
        var body = head
        body.reserveCapacity(records.reduce(head.count + 2) { $0 + $1.count + 1 })
        for (index, record) in records.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += record
        }
        body += "]}".utf8
        return DeliveryRequest(headers: Self.headers, body: body)
    }

    func outcome(of response: DeliveryResponse, recordCount: Int) -> DeliveryQueue.Outcome {
        guard case .answer(let status, _, let body) = response else { return .retry(afterMilliseconds: nil) }
        switch status {
        case 200: return Self.failed(body, recordCount)
        case 429, 500...599: return .retry(afterMilliseconds: nil)
        // Source: AWS JSON protocol: the kind of an error stands in the body, its status is 400.
        case 400 where Self.isTemporary(body): return .retry(afterMilliseconds: nil)
        default: return .refused
        }
    }

    /// The records that were not taken, by index.
    private static func failed(_ body: [UInt8], _ recordCount: Int) -> DeliveryQueue.Outcome {
        guard let answer = JSONValue(parsing: String(decoding: body, as: UTF8.self)),
            case .number(let count)? = answer["FailedPutCount"], count != "0",
            case .array(let responses)? = answer["RequestResponses"], responses.count == recordCount
        else { return .delivered(refused: 0) }
        let indices = responses.indices.filter { index in
            if case .string(let code)? = responses[index]["ErrorCode"] { !code.isEmpty } else { false }
        }
        return indices.isEmpty ? .delivered(refused: 0) : .retrySome(Array(indices))
    }

    private static func isTemporary(_ body: [UInt8]) -> Bool {
        guard case .string(let type)? = JSONValue(parsing: String(decoding: body, as: UTF8.self))?["__type"] else {
            return false
        }
        let name = type.split(separator: "#").last ?? ""
        return [
            "ThrottlingException", "LimitExceededException", "ServiceUnavailableException", "RequestExpired",
            "InternalFailure",
        ].contains(String(name))
    }
}

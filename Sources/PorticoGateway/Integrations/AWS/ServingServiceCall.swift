// Hot: read once per call. Allocates: only when a snapshot is put into service.

internal import PorticoPrograms

/// A call of an AWS service in one stage, with all that does not depend on the request made ready.
final class ServingServiceCall: Sendable {
    let service: AWSService
    /// For messages: `dynamodb`, or `my-bucket.s3`.
    let name: String
    /// For messages: scheme, authority and what the path begins with.
    let base: String
    let address: EndpointAddress
    /// Path and query that the URI has.
    let target: [EndpointSegment]
    /// Whether ``target`` has a `?`.
    let hasQuery: Bool
    /// Parameters that are added where no mapping has set them: `Action=` and all of it.
    let parameters: [Parameter]
    /// `X-Amz-Target` with line end; empty for none.
    let targetLine: StaticBytes
    /// `Content-Type` with line end; empty passes that of the client on.
    let contentTypeLine: StaticBytes
    let scope: SigningScope
    let pathStyle: SigV4PathStyle
    /// Role or user whose credentials sign; empty for the default ones.
    let role: StaticBytes
    /// Whether the caller's own credentials are asked for.
    let signsAsCaller: Bool
    /// What a service integration of an HTTP API sends; `nil` for integrations of REST APIs.
    let integration: ServingServiceAction?

    /// A parameter of the query.
    struct Parameter: Sendable {
        /// With `=`.
        var name: StaticBytes
        var whole: StaticBytes
    }

    /// Stands for the caller's own credentials. Source: reference, `credentials` (1.2).
    static let callersCredentials = "arn:aws:iam::*:user/*"

    init(
        _ arn: IntegrationARN, _ endpoint: AWSEndpoint, _ address: EndpointAddress, credentials: String?,
        pool: BytePool, integration: ServingServiceAction? = nil
    ) {
        self.integration = integration
        let service = endpoint.service
        self.service = service
        self.address = address
        base = endpoint.base
        name = arn.serviceText
        pathStyle = service.pathStyle
        scope = SigningScope(region: endpoint.signingRegion, service: service.signingName)
        role = pool.add(credentials ?? "")
        signsAsCaller = credentials == Self.callersCredentials
        var prefix = String(decoding: address.requestTarget.bytes, as: UTF8.self)
        while prefix.hasSuffix("/") { prefix = String(prefix.dropLast()) }
        var target = TargetBuilder(prefix: prefix + "/", pool: pool)
        switch arn.style {
        case .path:
            // `path//` is how URIs are written whose path is the root. Observed: exports of the console.
            target.append(arn.rest.hasPrefix("/") ? String(arn.rest.dropFirst()) : arn.rest)
            parameters = []
            targetLine = .empty
            contentTypeLine = .empty
        case .action:
            let action = AWSAction(arn.rest)
            if !action.parameters.isEmpty { target.append("?" + action.parameters) }
            switch service.style {
            case .json(let version):
                parameters = []
                let isMapped = service.needsMappedTarget || service.targetPrefix.isEmpty
                targetLine =
                    isMapped ? .empty : pool.add("X-Amz-Target: \(service.targetPrefix).\(action.name)\r\n")
                contentTypeLine = pool.add("Content-Type: application/x-amz-json-\(version)\r\n")
            case .query, .rest:
                // Unconfirmed: that API Gateway adds the version; services take the one that is meant without it, too.
                parameters = [("Action", action.name), ("Version", service.version)].filter { !$0.1.isEmpty }.map {
                    Parameter(name: pool.add("\($0.0)="), whole: pool.add("\($0.0)=\($0.1)"))
                }
                targetLine = .empty
                contentTypeLine = .empty
            }
        }
        hasQuery = target.hasQuery
        self.target = target.finish()
    }
}

/// What follows `action/`: a name, and parameters if there are any.
/// Source: API Gateway API reference, PutIntegration, `uri`: `action/GetObject&Bucket={bucket}&Key={key}`.
struct AWSAction: Sendable, Hashable {
    var name: String
    /// Without `&` or `?` before them.
    var parameters: String

    init(_ rest: String) {
        let end = rest.firstIndex { $0 == "&" || $0 == "?" } ?? rest.endIndex
        name = String(rest[..<end])
        parameters = String(rest[end...].dropFirst())
    }

    /// Whether the name can stand in a header and a query as it is.
    var isName: Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

/// Puts the target of a call together: what the URI says, percent-encoded once and in one way, so that it is signed as
/// the service reads it.
private struct TargetBuilder {
    private let pool: BytePool
    private let encoded = OutputBuffer(capacity: 256)
    private var segments: [EndpointSegment] = []
    private(set) var hasQuery = false

    init(prefix: String, pool: BytePool) {
        self.pool = pool
        encoded.append(prefix)
    }

    mutating func append(_ text: String) {
        let template = UriTemplate(text)
        for segment in template.segments {
            switch segment {
            case .literal(let bytes): appendLiteral(bytes)
            case .placeholder(let index):
                let name = template.placeholders[index]
                flush()
                segments.append(.placeholder(name: pool.add(name), text: pool.add("{\(name)}")))
            // They were put in before.
            case .stageVariable: break
            }
        }
    }

    private mutating func appendLiteral(_ bytes: some Sequence<UInt8>) {
        var piece: [UInt8] = []
        func end() {
            piece.withUnsafeBytes { SigV4Encoding.appendReencoded($0, to: encoded, keepingSlash: true) }
        }
        for byte in bytes {
            let isDelimiter = hasQuery ? byte == 0x26 || byte == 0x3D : byte == 0x3F
            guard isDelimiter else {
                piece.append(byte)
                continue
            }
            hasQuery = true
            end()
            piece.removeAll()
            encoded.append(byte)
        }
        end()
    }

    private mutating func flush() {
        guard encoded.count > 0 else { return }
        segments.append(.literal(pool.add(Array(encoded.bytes))))
        encoded.reset()
    }

    mutating func finish() -> [EndpointSegment] {
        flush()
        return segments
    }
}

// Hot: read once per call. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// What a call of a service integration of an HTTP API is made of, in one stage.
final class ServingServiceAction: Sendable {
    /// A parameter that has a value.
    struct Parameter: Sendable {
        let isRequired: Bool
        let kind: ServiceAction.Value
        /// As the service has it, percent-encoded where it stands in a query or a form.
        let wireName: StaticBytes
        /// For the log.
        let name: String
        let value: [ServingSegment]
    }

    /// A piece of a path.
    enum PathPiece: Sendable {
        case literal(StaticBytes)
        /// Position in ``parameters``.
        case parameter(Int)
    }

    let style: ServiceAction.Style
    let parameters: [Parameter]
    /// Request target before the query.
    let path: [PathPiece]
    /// `X-Amz-Target` and `Content-Type` with their line ends.
    let fields: StaticBytes
    /// What stands before the parameters in the body: `Action=...&Version=...`, `{"Entries":[{`, `{`.
    let opening: StaticBytes
    let closing: StaticBytes

    init(
        _ action: ServiceAction, _ program: ServiceCallProgram, _ service: AWSService, base: String,
        builder: StageProgramBuilder
    ) {
        let pool = builder.pool
        style = action.style
        // A parameter that the document leaves out is reported where it is required; the call then has none.
        let given = program.parameters.filter { $0.index < action.parameters.count }
        parameters = given.map { entry in
            let parameter = action.parameters[entry.index]
            return Parameter(
                isRequired: parameter.isRequired, kind: parameter.value, wireName: pool.add(parameter.wireName),
                name: parameter.name, value: builder.segments(entry.value))
        }
        var path: [PathPiece] = [.literal(pool.add(base + "/"))]
        switch action.style {
        case .query:
            let version = service.version.isEmpty ? "" : "&Version=\(service.version)"
            opening = pool.add("Action=\(action.action)\(version)")
            closing = .empty
            fields = pool.add("Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n")
        case .json(let wrapper):
            opening = pool.add(wrapper.map { "{\"\($0)\":[{" } ?? "{")
            closing = pool.add(wrapper == nil ? "}" : "}]}")
            var version = "1.1"
            if case .json(let own) = service.style { version = own }
            fields = pool.add(
                "X-Amz-Target: \(service.targetPrefix).\(action.action)\r\n"
                    + "Content-Type: application/x-amz-json-\(version)\r\n")
        case .path(let text):
            opening = .empty
            closing = .empty
            fields = .empty
            path = Self.pieces(base + text, given.map { action.parameters[$0.index].name }, pool)
        }
        self.path = path
    }

    /// Takes a path apart; a variable that no parameter fills stands for nothing.
    private static func pieces(_ text: String, _ names: [String], _ pool: BytePool) -> [PathPiece] {
        let template = UriTemplate(text)
        return template.segments.compactMap { segment in
            switch segment {
            case .literal(let bytes): .literal(pool.add(bytes))
            case .placeholder(let index): names.firstIndex(of: template.placeholders[index]).map { .parameter($0) }
            case .stageVariable: nil
            }
        }
    }

    /// Whether a parameter is a part of the path.
    func isInPath(_ index: Int) -> Bool {
        path.contains { piece in
            if case .parameter(index) = piece { true } else { false }
        }
    }
}

extension StageProgramBuilder {
    /// The call of a service integration.
    func serviceAction(_ program: ServiceCallProgram, credentials: String?) -> ServingBackend {
        guard let action = ServiceAction.named(program.action), AWSService.named(action.service) != nil else {
            return .invalid("'\(program.action)' is no service integration")
        }
        let identity = snapshot.identity
        let written = text(program.region)
        let region = written.isEmpty ? identity.region : written
        let text = "arn:\(identity.partition):apigateway:\(region):\(action.service):action/\(action.action)"
        guard let arn = IntegrationARN(text) else { return .invalid("'\(region)' is no region") }
        let endpoint: AWSEndpoint
        do throws(AWSEndpoint.Problem) {
            endpoint = try AWSEndpoint(arn, endpoints)
        } catch {
            return .invalid(error.text)
        }
        let isGiven = endpoints.address(of: endpoint.service, named: arn.serviceText) != nil
        let scheme = "https://"
        var base = endpoint.base
        if !isGiven, base.hasPrefix(scheme) { base = scheme + action.hostPrefix + base.dropFirst(scheme.count) }
        guard !base.contains("?"), let address = EndpointAddress.parse(base, skipsAuthority: false, pool: pool) else {
            return .invalid("'\(base)' is no address of \(endpoint.service.name)")
        }
        var prefix = String(decoding: address.requestTarget.bytes, as: UTF8.self)
        while prefix.hasSuffix("/") { prefix = String(prefix.dropLast()) }
        return .service(
            ServingServiceCall(
                arn, endpoint, address, credentials: credentials, pool: pool,
                integration: ServingServiceAction(action, program, endpoint.service, base: prefix, builder: self)))
    }

    /// Text with the stage's variables in place of their names.
    private func text(_ segments: [TextSegment]) -> String {
        segments.map { segment in
            switch segment {
            case .literal(let text), .value(.literal(let text)): text
            case .value(.stageVariable(let slot)): slot < stage.variables.count ? stage.variables[slot] ?? "" : ""
            case .value: ""
            }
        }.joined()
    }
}

internal import PorticoIR
internal import PorticoSyntax

/// Gathers the error statuses that operations declare and gives each pair of status and body a type of its own.
struct ErrorCollector {
    /// A declared error of an operation.
    fileprivate struct Entry: Hashable {
        /// `nil` for `default`.
        var status: Int?
        var body: TypeReference?
    }

    private var entries: [[Entry]] = []
    private var documentation: [Entry: String] = [:]

    /// A type with the pair that it stands for.
    struct Named {
        var type: ErrorType
        fileprivate var entry: Entry
    }

    /// Takes the errors of the next operation.
    mutating func add(_ method: Method, operation: String, _ types: inout TypeResolver) {
        var own: [Entry] = []
        let hasSuccess = method.responses.contains { $0.statusCode.value.hasPrefix("2") }
        for response in method.responses {
            let status = Int(response.statusCode.value)
            if status == nil, !hasSuccess { continue }
            if let status, (200...299).contains(status) { continue }
            let model = response.models.first { BodyKind.isJSON($0.mediaType) }
            let place = types.place(
                named: NameWords(operation).pascal + (status.map { ErrorNames.name(of: $0) } ?? "Default") + "Body",
                at: response.statusCode.span)
            let body = model.map { types.type(of: $0, at: place).withoutNull }
            let entry = Entry(status: status, body: body == .json ? nil : body)
            if documentation[entry] == nil { documentation[entry] = response.description }
            own.append(entry)
        }
        entries.append(own)
    }

    /// Types in the order of first use.
    func named(_ types: TypeResolver) -> [Named] {
        var order: [Entry] = []
        var seen: Set<Entry> = []
        for entry in entries.joined() where seen.insert(entry).inserted { order.append(entry) }
        let bodies = Dictionary(grouping: order, by: \.status)
        var scope = NameScope()
        return order.map { entry in
            let base = entry.status.map(ErrorNames.name(of:)) ?? "Default"
            var name = base
            if (bodies[entry.status]?.count ?? 1) > 1, let body = entry.body {
                name += types.shortName(of: body)
            }
            let type = ErrorType(
                name: scope.claim(name), status: entry.status, body: entry.body, documentation: documentation[entry])
            return Named(type: type, entry: entry)
        }
    }

    /// Writes the errors of an operation into it.
    func assign(_ named: [Named], to operation: inout Operation, at index: Int) {
        guard entries.indices.contains(index) else { return }
        for entry in entries[index] {
            guard let type = named.firstIndex(where: { $0.entry == entry }) else { continue }
            if let status = entry.status {
                operation.errors.append(DeclaredError(status: status, type: type))
            } else {
                operation.defaultError = type
            }
        }
    }
}

/// Words for statuses.
enum ErrorNames {
    /// The registered phrase in one word; `Status418` for others. Source: RFC 9110, section 15, and IANA's registry.
    static func name(of status: Int) -> String { phrases[status] ?? "Status\(status)" }

    private static let phrases: [Int: String] = [
        300: "MultipleChoices", 301: "MovedPermanently", 302: "Found", 303: "SeeOther", 304: "NotModified",
        307: "TemporaryRedirect", 308: "PermanentRedirect", 400: "BadRequest", 401: "Unauthorized",
        402: "PaymentRequired", 403: "Forbidden", 404: "NotFound", 405: "MethodNotAllowed", 406: "NotAcceptable",
        408: "RequestTimeout", 409: "Conflict", 410: "Gone", 411: "LengthRequired", 412: "PreconditionFailed",
        413: "ContentTooLarge", 414: "URITooLong", 415: "UnsupportedMediaType", 416: "RangeNotSatisfiable",
        417: "ExpectationFailed", 422: "UnprocessableContent", 423: "Locked", 424: "FailedDependency",
        426: "UpgradeRequired", 428: "PreconditionRequired", 429: "TooManyRequests",
        431: "RequestHeaderFieldsTooLarge", 451: "UnavailableForLegalReasons", 500: "InternalServer",
        501: "NotImplemented", 502: "BadGateway", 503: "ServiceUnavailable", 504: "GatewayTimeout",
    ]
}

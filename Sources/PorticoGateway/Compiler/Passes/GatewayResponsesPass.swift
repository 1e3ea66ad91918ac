internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// One program for each type of gateway response, after inheritance from DEFAULT_4XX and DEFAULT_5XX.
///
/// Source: reference, "Gateway responses" (7).
enum GatewayResponsesPass {
    static func run(_ context: inout LoweringContext) {
        let defined = Dictionary(
            context.description.gatewayResponses.map { ($0.type.value, $0) }, uniquingKeysWith: { first, _ in first })
        // Each definition is compiled once, where it stands, so that a mistake is told once.
        var compiled: [GatewayResponseType: (headers: [GatewayResponseHeader], templates: [GatewayResponseTemplate])] =
            [:]
        for response in context.description.gatewayResponses where compiled[response.type.value] == nil {
            compiled[response.type.value] = (
                response.responseParameters.compactMap { header($0, &context) },
                response.responseTemplates.map { template($0, &context) }
            )
        }
        context.parts.gatewayResponses = GatewayResponseType.allCases.map { type in
            let inherited: GatewayResponseType =
                (type.defaultStatus ?? 400) < 500 && type != .default5XX
                ? .default4XX : .default5XX
            // Source: the guide says that REQUEST_TOO_LARGE cannot be customised.
            let source = type == .requestTooLarge ? nil : defined[type] ?? defined[inherited]
            var program = GatewayResponseProgram(
                type: type, statusCode: type.defaultStatus ?? 0, headers: [],
                templates: [builtIn(type)], isCustomized: source != nil)
            guard let source else { return program }
            if let status = source.statusCode.flatMap({ Int($0.value) }), (100...599).contains(status) {
                program.statusCode = status
            }
            let parts = compiled[source.type.value]
            program.headers = parts?.headers ?? []
            if let templates = parts?.templates, !templates.isEmpty { program.templates = templates }
            return program
        }
    }

    /// `{"message":$context.error.messageString}`; a denial writes its key with a capital letter.
    private static func builtIn(_ type: GatewayResponseType) -> GatewayResponseTemplate {
        let slot = Int(ContextVariable.errorMessageString.rawValue)
        let key = type == .accessDenied ? "Message" : "message"
        return GatewayResponseTemplate(
            mediaType: "application/json",
            segments: [.literal("{\"\(key)\":"), .value(.context(slot)), .literal("}")])
    }

    private static func header(_ entry: ParameterMapping, _ context: inout LoweringContext) -> GatewayResponseHeader? {
        let destination = MappingDestination.parse(entry.destination.value, side: .gatewayResponse)
        guard case .success(.gatewayResponseHeader(let name)) = destination else {
            let severity: DiagnosticSeverity? =
                entry.destination.value.hasPrefix("gatewayresponse.") ? .warning : nil
            context.report(
                Diagnostic(
                    CompileDiagnostics.mappingDestination,
                    "'\(entry.destination.value)' has no effect on a gateway response", at: entry.destination.span,
                    severity: severity, fixIt: Diagnostic.FixIt(hint: "write 'gatewayresponse.header.NAME'")))
            return nil
        }
        let expression = entry.expression.value
        switch MappingExpression.parse(expression.string, side: .gatewayResponse) {
        case .success(let parsed):
            // As for mapped headers of a method response: what frames or names the answer is the gateway's.
            let shown = HeaderRules.nameShown(name, remapped: HeaderRules.gatewayResponseRemapped)
            context.reportFate(of: name, shown: shown, at: entry.destination.span)
            return shown.map { GatewayResponseHeader(name: $0, source: context.source(of: parsed)) }
        case .failure(let problem):
            context.report(
                Diagnostic(
                    CompileDiagnostics.mappingExpression,
                    "'\(expression.string)' is no mapping expression: \(problem.message)",
                    at: expression.span(of: problem.range), fixIt: problem.hint.map { Diagnostic.FixIt(hint: $0) }))
            return nil
        }
    }

    private static func template(_ entry: MappingTemplate, _ context: inout LoweringContext) -> GatewayResponseTemplate
    {
        let text = entry.template?.string ?? ""
        let (template, remarks) = SubstitutionTemplate.compile(text, symbols: context.parts.symbols)
        for remark in remarks {
            context.report(
                Diagnostic(
                    CompileDiagnostics.gatewayResponseText, remark.message,
                    at: entry.template?.span(of: remark.range) ?? entry.mediaType.span))
        }
        let segments = template.segments.map { segment -> TextSegment in
            switch segment {
            case .literal(let bytes): .literal(String(decoding: bytes, as: UTF8.self))
            case .context(let slot): .value(.context(slot))
            case .stageVariable(let slot): .value(.stageVariable(slot))
            case .header(let name): .value(.requestHeader(String(decoding: name, as: UTF8.self)))
            case .path(let name): .value(.requestPath(String(decoding: name, as: UTF8.self)))
            case .queryString(let name): .value(.requestQuery(String(decoding: name, as: UTF8.self)))
            }
        }
        // As it is written: the answer's Content-Type is the key, parameters and all.
        return GatewayResponseTemplate(mediaType: entry.mediaType.value, segments: segments)
    }
}

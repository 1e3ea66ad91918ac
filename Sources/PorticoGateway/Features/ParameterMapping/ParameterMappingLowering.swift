internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// `requestParameters` and `responseParameters` of integrations of HTTP APIs: names become slots, JSONPaths programs.
///
/// Source: reference, 1.7.
enum ParameterMappingLowering {
    /// - Parameter path: that of the route.
    static func lower(
        _ integration: Integration, path: String, _ context: inout LoweringContext
    ) -> ParameterMappingProgram {
        var program = ParameterMappingProgram()
        if integration.subtype != nil {
            program.service = ServiceCallLowering.lower(integration, path: path, &context)
        } else if integration.type.value == .awsProxy {
            if let first = integration.requestParameters.first {
                // Unconfirmed: that API Gateway leaves the event as it is. Source: reference, 1.2 and 1.7, which have
                // request parameters for HTTP backends and services.
                context.report(
                    Diagnostic(
                        HTTPAccessDiagnostics.parameterIgnored,
                        "'requestParameters' of a function's integration change nothing: the event is of the request as "
                            + "it came", at: first.destination.span))
            }
        } else {
            program.request = integration.requestParameters.compactMap { step($0, .request, path: path, &context) }
        }
        for response in integration.responseParameters {
            guard let status = status(response.statusCode, &context) else { continue }
            let steps = response.mappings.compactMap { step($0, .response, path: path, &context) }
            if !steps.isEmpty { program.answers.append(AnswerSteps(status: status, steps: steps)) }
        }
        return program
    }

    private static func status(_ code: Located<String>, _ context: inout LoweringContext) -> Int? {
        // Unconfirmed: the range. Answers that are not final are none of an integration.
        if code.value.utf8.count == 3, let status = Int(code.value), (200...599).contains(status) { return status }
        context.report(
            Diagnostic(
                HTTPAccessDiagnostics.parameterStatus,
                "'\(code.value)' is no status of an answer; expected 200 to 599", at: code.span))
        return nil
    }

    // MARK: Steps

    private static func step(
        _ entry: ParameterMapping, _ side: MappingSide, path: String, _ context: inout LoweringContext
    ) -> ParameterStep? {
        let destination: ParameterDestination
        switch ParameterDestination.parse(entry.destination.value, side: side) {
        case .success(let parsed): destination = parsed
        case .failure(let problem):
            context.report(
                Diagnostic(
                    HTTPAccessDiagnostics.parameterKey,
                    "'\(entry.destination.value)' is no key of a parameter mapping: \(problem.message)",
                    at: entry.destination.span, fixIt: problem.hint.map { .init(hint: $0) }))
            return nil
        }
        let operation: ParameterStep.Operation =
            switch destination.operation {
            case .append: .append
            case .overwrite: .overwrite
            case .remove: .remove
            }
        var step = ParameterStep(operation: operation, target: .header, name: "", value: [])
        switch destination.target {
        case .header(let name):
            guard !isReserved(name) else {
                context.report(
                    Diagnostic(
                        HTTPAccessDiagnostics.reservedHeader,
                        "header '\(name)' is reserved and cannot be mapped", at: entry.destination.span,
                        notes: [.init("API Gateway refuses mappings of this header when they are configured")]))
                return nil
            }
            step.name = name
        case .queryString(let name): (step.target, step.name) = (.querystring, name)
        case .path: step.target = .path
        case .statusCode: step.target = .statusCode
        }
        // A value beside `remove` is ignored; it is mostly `''`.
        guard operation != .remove else { return step }
        guard let value = context.parameterValue(entry.expression.value, side, path: path, isPath: step.target == .path)
        else { return nil }
        step.value = value
        if step.target == .statusCode, !isStatus(value) {
            context.report(
                Diagnostic(
                    HTTPAccessDiagnostics.parameterStatus,
                    "'\(entry.expression.value.string)' is no status; expected 200 to 599", at: entry.expression.span))
            return nil
        }
        return step
    }

    /// Whether a text is a status, as far as that is known before a request.
    private static func isStatus(_ value: [TextSegment]) -> Bool {
        var text = ""
        for segment in value {
            guard case .literal(let literal) = segment else { return true }
            text += literal
        }
        return text.utf8.count == 3 && (Int(text).map { (200...599).contains($0) } ?? false)
    }

    // MARK: Reserved headers

    private static let reservedPrefixes = ["access-control-", "apigw-", "x-amz-", "x-amzn-"]
    private static let reserved: Set<String> = [
        "authorization", "connection", "content-encoding", "content-length", "content-location", "forwarded",
        "keep-alive", "origin", "proxy-authenticate", "proxy-authorization", "te", "trailers", "transfer-encoding",
        "upgrade", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via",
        // Not of the list, but the same as 'trailers', which is no header of HTTP. Source: RFC 9110, 6.6.2.
        "trailer",
    ]

    /// Whether a header may not be mapped. Source: API Gateway guide, "Reserved headers".
    static func isReserved(_ name: String) -> Bool {
        let name = name.lowercased()
        return reserved.contains(name) || reservedPrefixes.contains { name.hasPrefix($0) }
    }
}

extension LoweringContext {
    /// A value of a parameter mapping with its names resolved; `nil` after reporting that it is none.
    ///
    /// - Parameters:
    ///   - path: that of the route, whose variables `$request.path.NAME` may name.
    ///   - isPath: whether it is for a path, where values stay percent-encoded as they came.
    mutating func parameterValue(
        _ text: PositionedText, _ side: MappingSide, path: String, isPath: Bool = false
    ) -> [TextSegment]? {
        let value: ParameterValue
        switch ParameterValue.parse(text.string, side: side) {
        case .success(let parsed): value = parsed
        case .failure(let problem):
            report(
                Diagnostic(
                    HTTPAccessDiagnostics.parameterValue,
                    "'\(text.string)' is no value of a parameter mapping: \(problem.message)",
                    at: text.span(of: problem.range), fixIt: problem.hint.map { .init(hint: $0) }))
            return nil
        }
        if let stray = value.strayExpression {
            report(
                Diagnostic(
                    HTTPAccessDiagnostics.parameterText,
                    "this is plain text: a source within a text stands in braces, as '${request.path}' does",
                    at: text.span(of: stray)))
        }
        var segments: [TextSegment] = []
        for piece in value.pieces {
            switch piece {
            case .literal(let literal): segments.append(.literal(literal))
            case .source(let source, let range):
                guard let lowered = lower(source, at: text.span(of: range), path: path, isPath: isPath) else {
                    continue
                }
                segments.append(.value(lowered))
            }
        }
        return segments
    }

    /// `nil` for a source without a value in any request, which was reported.
    private mutating func lower(
        _ source: ParameterSource, at span: SourceSpan, path: String, isPath: Bool
    ) -> ValueSource? {
        switch source {
        case .header(let name): return .anyCaseHeader(name)
        case .queryString(let name): return .requestQueryAll(name)
        case .body: return .plainBody
        case .bodyPath(let path): return .plainBodyPath(self.path(path))
        case .path: return .routePath
        case .pathParameter(let name):
            let known = RoutesPass.parameterNames(path)
            guard known.contains(name) else {
                reportNothing("the path of the route has no variable '\(name)'", name, known, at: span)
                return nil
            }
            return isPath ? .requestPath(name) : .decodedPath(name)
        case .context(let name):
            guard ContextVariable.slot(named: name) != nil || name.hasPrefix("authorizer.") else {
                reportNothing("'$context.\(name)' does not exist", name, ContextVariable.names, at: span)
                return nil
            }
            return contextVariable(name)
        case .stageVariable(let name):
            guard parts.symbols.stageVariables.contains(name) else {
                reportNothing("no stage has the variable '\(name)'", name, parts.symbols.stageVariables, at: span)
                return nil
            }
            return stageVariable(name)
        case .responseHeader(let name): return .answerHeader(name)
        case .responseBody: return .answerBody
        case .responseBodyPath(let path): return .answerBodyPath(self.path(path))
        }
    }

    private mutating func reportNothing(_ what: String, _ name: String, _ known: [String], at span: SourceSpan) {
        let near = TypoDetector.closest(to: name, in: known)
        report(
            Diagnostic(
                HTTPAccessDiagnostics.parameterSource, what + (near.map { "; did you mean '\($0)'?" } ?? ""), at: span,
                fixIt: near.map { .init(hint: "write '\($0)'") }))
    }
}

internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Calls of AWS services without a function: checks the parameters of the action that `integrationSubtype` names.
///
/// Source: reference, 1.2, the table of subtypes.
enum ServiceCallLowering {
    /// The call; `nil` after reporting why there is none.
    static func lower(
        _ integration: Integration, path: String, _ context: inout LoweringContext
    ) -> ServiceCallProgram? {
        guard let subtype = integration.subtype else { return nil }
        guard let action = ServiceAction.named(subtype.value) else {
            let names = ServiceAction.all.map(\.name)
            let near = TypoDetector.closest(to: subtype.value, in: names)
            context.report(
                Diagnostic(
                    HTTPAccessDiagnostics.subtype,
                    "'\(subtype.value)' is no service integration"
                        + (near.map { "; did you mean '\($0)'?" }
                            ?? "; expected one of \(names.joined(separator: ", "))"),
                    at: subtype.span, fixIt: near.map { .init("write '\($0)'", replace: subtype.span, with: $0) }))
            return nil
        }
        var call = ServiceCallProgram(action: action.name, region: [], parameters: [])
        for entry in integration.requestParameters {
            let name = entry.destination.value
            if name == ServiceAction.region {
                call.region = region(entry, path: path, &context)
                continue
            }
            guard let index = action.parameters.firstIndex(where: { $0.name == name }) else {
                reportUnknown(entry, action, &context)
                continue
            }
            guard let value = context.parameterValue(entry.expression.value, .request, path: path) else { continue }
            call.parameters.append(ServiceCallProgram.Parameter(index: index, value: value))
        }
        call.parameters.sort { $0.index < $1.index }
        checkCompleteness(integration, action, &context)
        return call
    }

    /// A region that is text with stage variables at most, because the address of the service is made of it.
    private static func region(
        _ entry: ParameterMapping, path: String, _ context: inout LoweringContext
    ) -> [TextSegment] {
        guard let value = context.parameterValue(entry.expression.value, .request, path: path) else { return [] }
        let isKnown = value.allSatisfy { segment in
            switch segment {
            case .literal, .value(.literal), .value(.stageVariable): true
            case .value: false
            }
        }
        if isKnown { return value }
        context.report(
            Diagnostic(
                HTTPAccessDiagnostics.serviceRegion,
                "the region of a call cannot be taken from a request: '\(entry.expression.value.string)'",
                at: entry.expression.span, fixIt: .init(hint: "write the region, or '$stageVariables.NAME'")))
        return []
    }

    private static func reportUnknown(
        _ entry: ParameterMapping, _ action: ServiceAction, _ context: inout LoweringContext
    ) {
        let name = entry.destination.value
        let known = action.parameters.map(\.name) + [ServiceAction.region]
        let near = TypoDetector.closest(to: name, in: known)
        // Mappings of other integrations, such as append:header.x, are a misunderstanding of their own.
        let isMapping = name.contains(":")
        context.report(
            Diagnostic(
                HTTPAccessDiagnostics.serviceParameter,
                isMapping
                    ? "'\(name)' has no effect on a service: the request parameters of '\(action.name)' are those of the "
                        + "action"
                    : "'\(action.name)' has no parameter '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
                at: entry.destination.span,
                fixIt: near.map { .init("write '\($0)'", replace: entry.destination.span, with: $0) }
                    ?? .init(hint: "its parameters are \(known.joined(separator: ", "))")))
    }

    private static func checkCompleteness(
        _ integration: Integration, _ action: ServiceAction, _ context: inout LoweringContext
    ) {
        let span = integration.subtype?.span ?? integration.type.span
        let given = Set(integration.requestParameters.map(\.destination.value))
        for parameter in action.parameters where parameter.isRequired && !given.contains(parameter.name) {
            context.report(
                Diagnostic(
                    HTTPAccessDiagnostics.serviceIncomplete,
                    "'\(action.name)' needs the request parameter '\(parameter.name)'", at: span,
                    fixIt: .init(hint: "add '\(parameter.name)' to 'requestParameters'")))
        }
        if integration.credentials?.value.isEmpty ?? true {
            context.report(
                Diagnostic(
                    HTTPAccessDiagnostics.serviceIncomplete,
                    "'\(action.name)' needs 'credentials': the ARN of the role that calls are signed with", at: span,
                    fixIt: .init(hint: "add 'credentials: arn:aws:iam::ACCOUNT:role/NAME'")))
        }
    }
}

// Hot: once per template that runs. Allocates: nothing once the worker's scratch arrays have grown.

internal import PorticoIR
internal import PorticoPrograms

/// Runs templates of an exchange: gathers what the program reads, and nothing else.
enum TemplateRunner {
    /// Renders the template at `index` of the snapshot into `output`. On failure sets the exchange's fault and gives
    /// `false`.
    static func render(
        _ template: ServingProgram, at index: Int, body: UnsafeRawBufferPointer, _ exchange: Exchange,
        into output: OutputBuffer
    ) -> Bool {
        guard let stage = exchange.stage else { return false }
        let worker = exchange.worker
        var input = TemplateInput()
        input.body = body
        input.parsedBody = worker.parsedTape(of: body)
        if template.readsPath { worker.collectPathParameters(exchange) }
        if template.readsQuery { exchange.parseQuery() }
        // Everything that is appended to the arena comes before pointers into it are taken.
        let context = worker.collectContext(template.contextSlots, exchange)
        if template.readsQuery { worker.collectQuery(exchange) }
        if template.readsHeaders { worker.collectHeaders(exchange) }
        worker.collectAuthorizer(exchange)
        let machine = worker.machine(for: stage.snapshot)
        input.pathParameters = worker.namedPath.view
        input.queryParameters = worker.namedQuery.view
        input.headers = worker.namedHeaders.view
        input.stageVariables = stage.stageVariableViews
        input.context = context
        input.extraContext = worker.namedExtra.view
        let outcome = machine.render(template.program, input: input, overrides: &exchange.overrides, into: output)
        switch outcome {
        case .done:
            return true
        case .failed(let failure):
            let entry = stage.snapshot.templates[stage.template(index, of: exchange.method)]
            let place = entry.position(at: failure.offset).map { ", line \($0.line), column \($0.column)" } ?? ""
            exchange.fault = .internalError(
                "Execution failed due to configuration error: Unable to transform "
                    + "\(exchange.response == nil ? "request" : "response"): \(entry.name)\(place): \(failure.reason)")
            exchange.fault?.isSpaced = true
            return false
        }
    }

    /// Why a template that did not parse answers 500.
    static func fail(_ index: Int, _ exchange: Exchange) {
        let name = exchange.stage?.snapshot.templates[index].name ?? ""
        exchange.fault = .internalError(
            "Execution failed due to configuration error: the template does not parse: \(name)")
    }
}

/// A template's program with what its runs ask for; in an object, because a copy of a program counts dozens of references.
/// Templates with the same text share it, so that a file of a thousand routes alike runs from the processor's caches.
final class ServingProgram: Sendable {
    let program: TemplateProgram
    let readsPath: Bool
    let readsQuery: Bool
    let readsHeaders: Bool
    let contextSlots: [UInt16]

    init(_ program: TemplateProgram) {
        readsPath = program.readsPath
        readsQuery = program.readsQuery
        readsHeaders = program.readsHeaders
        contextSlots =
            program.readsAllContext ? Array(0..<UInt16(ContextVariable.allCases.count)) : program.contextSlots
        self.program = program
    }
}

/// A template choice after it was rendered.
enum RenderedBody {
    /// There is no template: the body as it is.
    case passthrough
    /// Always the same.
    case constant(UnsafeRawBufferPointer, mockStatus: Int)
    /// In the worker's body buffer.
    case rendered
    /// The exchange has a fault.
    case failed
}

extension ServingTemplate {
    /// Whether the body goes through as it is.
    var isPassthrough: Bool {
        if case .passthrough = content { return true }
        return false
    }

    /// Renders the template, if there is one, into the worker's body buffer.
    func render(body: UnsafeRawBufferPointer, _ exchange: Exchange) -> RenderedBody {
        switch content {
        case .passthrough:
            return .passthrough
        case .constant(let bytes, let status):
            return .constant(bytes.bytes, mockStatus: status)
        case .broken(let index):
            TemplateRunner.fail(index, exchange)
            return .failed
        case .program(let program, let index):
            let output = exchange.worker.body
            output.reset()
            return TemplateRunner.render(program, at: index, body: body, exchange, into: output) ? .rendered : .failed
        }
    }
}

/// Which template applies, and what becomes of a body without one.
///
/// Source: reference, "Template choice and passthrough" (4.3).
enum TemplateSelection {
    enum Choice {
        case template(ServingTemplate)
        case passthrough
        case unsupportedMediaType
    }

    /// For the request: by its content type.
    static func request(_ exchange: Exchange, _ integration: ServingIntegration) -> Choice {
        if let route = exchange.method?.route { return request(exchange, integration, route) }
        let templates = integration.requestTemplates
        if templates.isEmpty {
            return integration.passthroughBehavior == .never ? .unsupportedMediaType : .passthrough
        }
        let header = exchange.headerValue(.contentType)
        let type = header.map(MediaTypes.essence) ?? StaticBytes.empty.bytes
        for template in templates {
            if type.isEmpty ? template.isJSON : bytesEqualIgnoringCase(template.mediaType.bytes, type) {
                return .template(template)
            }
        }
        for template in templates where template.isDefault {
            return .template(template)
        }
        return integration.passthroughBehavior == .whenNoMatch ? .passthrough : .unsupportedMediaType
    }

    /// For the response: by the first media type that the request accepts; `nil` passes the body through.
    static func response(_ exchange: Exchange, _ response: ServingIntegrationResponse) -> ServingTemplate? {
        if let route = exchange.method?.route { return self.response(exchange, response, route) }
        let templates = response.templates
        guard templates.count > 1 else { return templates.first }
        let accept = exchange.headerValue(.accept).map(MediaTypes.essence) ?? StaticBytes.empty.bytes
        var json: ServingTemplate?
        for template in templates {
            if !accept.isEmpty, bytesEqualIgnoringCase(template.mediaType.bytes, accept) { return template }
            if template.isJSON { json = template }
        }
        return json ?? templates[0]
    }
}

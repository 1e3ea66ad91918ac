import PorticoPrograms
import Testing

/// Renders templates in tests.
struct TemplateRenderer {
    var body = ""
    var path: [(String, String)] = []
    var query: [(String, String)] = []
    var headers: [(String, String)] = []
    var context: [String: String] = [:]
    var extra: [(String, String)] = []
    var stageVariables: [String: String] = [:]
    var overrides = TemplateOverrides()
    var limits = TemplateLimits()
    /// Whether the machine gets the body parsed.
    var bringsTape = false

    static let symbols = SymbolTable(
        contextVariables: [
            "httpMethod", "stage", "requestId", "path", "identity.sourceIp", "identity.userAgent", "identity.apiKey",
            "authorizer.principalId",
        ],
        stageVariables: ["env", "table"])

    static func program(_ template: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> TemplateProgram
    {
        let (program, problems) = TemplateProgram.compile(template, symbols: symbols)
        return try #require(program, "\(problems.map(\.message))", sourceLocation: sourceLocation)
    }

    /// The output, or the failure.
    mutating func run(_ program: TemplateProgram) -> (outcome: TemplateOutcome, output: String) {
        let arena = TestArena()
        var input = TemplateInput()
        input.body = arena.bytes(Array(body.utf8))
        let tape = JSONTape()
        if bringsTape, case .ok = tape.parse(input.body) { input.parsedBody = tape }
        input.pathParameters = arena.names(path)
        input.queryParameters = arena.names(query)
        input.headers = arena.names(headers)
        input.extraContext = arena.names(extra)
        input.context = arena.slots(Self.symbols.contextVariables.map { context[$0] })
        input.stageVariables = arena.slots(Self.symbols.stageVariables.map { stageVariables[$0] })
        let machine = TemplateMachine(symbols: Self.symbols, limits: limits)
        let output = OutputBuffer()
        var outcome = TemplateOutcome.done
        // Twice, since a machine must not remember anything of a run.
        for _ in 0..<2 {
            output.reset()
            var copy = overrides
            outcome = machine.render(program, input: input, overrides: &copy, into: output)
            if outcome == .done { lastOverrides = copy }
        }
        overrides = lastOverrides ?? overrides
        lastOverrides = nil
        return (outcome, String(decoding: output.bytes, as: UTF8.self))
    }

    private var lastOverrides: TemplateOverrides?

    /// The output; `nil` when the template does not compile or fails.
    mutating func render(_ template: String) -> String? {
        guard let program = TemplateProgram.compile(template, symbols: Self.symbols).program else { return nil }
        let (outcome, output) = run(program)
        return outcome == .done ? output : nil
    }

    init(body: String = "") { self.body = body }
}

/// Memory that stays in place for a run.
private final class TestArena {
    private var blocks: [UnsafeMutableRawBufferPointer] = []

    deinit {
        for block in blocks { block.deallocate() }
    }

    func bytes(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 16)
        block.copyBytes(from: bytes)
        blocks.append(block)
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[..<bytes.count])
    }

    func names(_ pairs: [(String, String)]) -> UnsafeBufferPointer<NamedBytes> {
        array(pairs.map { NamedBytes(name: bytes(Array($0.0.utf8)), value: bytes(Array($0.1.utf8))) })
    }

    func slots(_ values: [String?]) -> UnsafeBufferPointer<UnsafeRawBufferPointer> {
        array(values.map { $0.map { bytes(Array($0.utf8)) } ?? UnsafeRawBufferPointer(start: nil, count: 0) })
    }

    private func array<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
        let size = max(elements.count, 1) * MemoryLayout<Element>.stride
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        blocks.append(block)
        let typed = block.bindMemory(to: Element.self)
        for (place, element) in elements.enumerated() { typed.initializeElement(at: place, to: element) }
        return UnsafeBufferPointer(rebasing: UnsafeBufferPointer(typed)[..<elements.count])
    }
}

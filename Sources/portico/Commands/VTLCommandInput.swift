import PorticoGateway
import PorticoPrograms
import PorticoSyntax

/// What a template reads, as the command line gives it.
struct VTLInput {
    var body: [UInt8]
    /// `$input.params()`: name and value, several of one name if given as a list.
    var path: [(name: String, value: String)] = []
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    /// `$context` by dotted name.
    var context: [(name: String, value: String)] = []
    var stageVariables: [(name: String, value: String)] = []
    /// What is overridden before the template runs, as JSON, by the name of the map.
    var overrides: [(name: String, json: String)] = []

    var symbols: SymbolTable {
        .standalone(
            contextVariables: context.map(\.name).filter { !$0.hasPrefix("authorizer.") },
            stageVariables: stageVariables.map(\.name))
    }

    init(body: [UInt8], params: [JSONMember], context: [JSONMember], stageVariables: [JSONMember])
        throws(CommandFailure)
    {
        self.body = body
        for group in params {
            switch group.name {
            case "path": path = try Self.pairs(group, of: "--params")
            case "querystring": query = try Self.pairs(group, of: "--params")
            case "header": headers = try Self.pairs(group, of: "--params")
            default:
                throw CommandFailure(
                    .usage, "--params has '\(group.name)'; it may have 'path', 'querystring' and 'header'")
            }
        }
        self.stageVariables = try stageVariables.map { member throws(CommandFailure) in
            (member.name, try Self.text(member.value, member.name, of: "--stage-variables"))
        }
        for member in context {
            if member.name == "requestOverride" || member.name == "responseOverride" {
                guard case .object = member.value else {
                    throw CommandFailure(.usage, "'\(member.name)' of --context is no object")
                }
                overrides.append((member.name, JSONWriter.compact(member.value)))
            } else {
                flatten(member.value, member.name)
            }
        }
        let given = Set(self.context.map(\.name))
        self.context += Self.defaults.filter { !given.contains($0.name) }
    }

    /// `identity: {sourceIp: ...}` becomes `identity.sourceIp`. What is no object is text, as API Gateway keeps it.
    private mutating func flatten(_ value: JSONValue, _ name: String) {
        switch value {
        case .object(let members): for member in members { flatten(member.value, "\(name).\(member.name)") }
        case .null: break
        case .string(let text): context.append((name, text))
        case .array, .boolean, .number: context.append((name, JSONWriter.compact(value)))
        }
    }

    /// Of a request that nobody sent: values of the shape that API Gateway gives.
    private static let defaults: [(name: String, value: String)] = [
        ("accountId", "123456789012"), ("apiId", "a1b2c3d4e5"), ("deploymentId", "d1e2f3"),
        ("domainName", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"), ("domainPrefix", "a1b2c3d4e5"),
        ("extendedRequestId", "AbCdEfGhIjKlMnO="), ("httpMethod", "GET"), ("identity.sourceIp", "127.0.0.1"),
        ("identity.userAgent", "portico"), ("path", "/dev/"), ("protocol", "HTTP/1.1"),
        ("requestId", "00000000-0000-4000-8000-000000000000"), ("requestTime", "01/Jan/2024:00:00:00 +0000"),
        ("requestTimeEpoch", "1704067200000"), ("resourceId", "r1s2t3"), ("resourcePath", "/"), ("stage", "dev"),
    ]

    // MARK: Reading

    /// A file, or standard input for `-`.
    static func file(_ path: String) throws(CommandFailure) -> [UInt8] {
        try LocalFile.read(path == "-" ? "/dev/stdin" : path)
    }

    /// The members of an option's object, written on the command line or in a file.
    static func object(_ argument: String?, option: String) throws(CommandFailure) -> [JSONMember] {
        guard let argument else { return [] }
        let isInline =
            argument.utf8.first { $0 > 0x20 }.map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") } ?? true
        let text = isInline ? argument : String(decoding: try file(argument), as: UTF8.self)
        guard case .object(let members) = JSONValue(parsing: text) else {
            throw CommandFailure(.usage, "\(option) '\(argument)' is no JSON object")
        }
        return members
    }

    private static func pairs(_ group: JSONMember, of option: String) throws(CommandFailure) -> [(String, String)] {
        guard case .object(let members) = group.value else {
            throw CommandFailure(.usage, "'\(group.name)' of \(option) is no object")
        }
        var pairs: [(String, String)] = []
        for member in members {
            if case .array(let values) = member.value {
                for value in values { pairs.append((member.name, try text(value, member.name, of: option))) }
            } else {
                pairs.append((member.name, try text(member.value, member.name, of: option)))
            }
        }
        return pairs
    }

    private static func text(_ value: JSONValue, _ name: String, of option: String) throws(CommandFailure) -> String {
        switch value {
        case .string(let text): text
        case .number, .boolean: JSONWriter.compact(value)
        default: throw CommandFailure(.usage, "'\(name)' of \(option) is no text")
        }
    }
}

/// One run of a template, and all that came of it.
struct VTLRun {
    /// Steps that a trace keeps, so that a long loop fills neither memory nor terminal.
    static let eventLimit = 20_000

    private(set) var output: [UInt8] = []
    private(set) var failure: TemplateFailure?
    private(set) var overrides = TemplateOverrides()
    private(set) var events: [TemplateTraceEvent] = []
    private(set) var omittedEvents = 0

    init(_ program: TemplateProgram, _ input: VTLInput) throws(CommandFailure) {
        let symbols = input.symbols
        let machine = TemplateMachine(symbols: symbols)
        let buffer = OutputBuffer(capacity: 1024)
        let arena = VTLArena()
        for (name, json) in input.overrides {
            // A template sets them, so that they are what a request template would have left behind.
            let text = """
                #foreach($e in $input.path('$').entrySet())#set($context.\(name)[$e.key] = $e.value)#end
                """
            guard let setter = TemplateProgram.compile(text, symbols: symbols).program else { continue }
            var settings = TemplateInput()
            settings.body = arena.bytes(Array(json.utf8))
            _ = machine.render(setter, input: settings, overrides: &overrides, into: buffer)
        }
        buffer.reset()
        var events: [TemplateTraceEvent] = []
        var omitted = 0
        machine.tracer = { event in
            if events.count < Self.eventLimit { events.append(event) } else { omitted += 1 }
        }
        let outcome = machine.render(program, input: arena.input(input, symbols), overrides: &overrides, into: buffer)
        self.events = events
        omittedEvents = omitted
        output = Array(buffer.bytes)
        if case .failed(let failure) = outcome { self.failure = failure }
    }
}

/// Memory that stays in place for a run.
private final class VTLArena {
    private var blocks: [UnsafeMutableRawBufferPointer] = []

    deinit {
        for block in blocks { block.deallocate() }
    }

    func input(_ input: VTLInput, _ symbols: SymbolTable) -> TemplateInput {
        var result = TemplateInput()
        result.body = bytes(input.body)
        result.pathParameters = names(input.path)
        result.queryParameters = names(input.query)
        result.headers = names(input.headers)
        let slots = Set(symbols.contextVariables)
        result.context = values(symbols.contextVariables, input.context)
        result.extraContext = names(input.context.filter { !slots.contains($0.name) })
        result.stageVariables = values(symbols.stageVariables, input.stageVariables)
        return result
    }

    func bytes(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 16)
        block.copyBytes(from: bytes)
        blocks.append(block)
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[..<bytes.count])
    }

    private func names(_ pairs: [(name: String, value: String)]) -> UnsafeBufferPointer<NamedBytes> {
        array(pairs.map { NamedBytes(name: bytes(Array($0.name.utf8)), value: bytes(Array($0.value.utf8))) })
    }

    /// The value of each name; a `nil` base where there is none.
    private func values(
        _ names: [String], _ pairs: [(name: String, value: String)]
    ) -> UnsafeBufferPointer<UnsafeRawBufferPointer> {
        let known = Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        return array(
            names.map { name in
                known[name].map { bytes(Array($0.utf8)) } ?? UnsafeRawBufferPointer(start: nil, count: 0)
            })
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

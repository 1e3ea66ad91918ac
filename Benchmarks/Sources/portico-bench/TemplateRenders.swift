import Measurement
import PorticoPrograms

/// Renders of the three templates beside `Benchmarks/templates/run`, over the same data as the other engines have.
///
/// `items` reads a body that was parsed before, as the others do; `items+parse` parses it in each run.
struct TemplateRenders {
    private static let names = ["passthrough", "items", "mock"]
    private static let context: KeyValuePairs = [
        "identity.accountId": "123456789012", "identity.apiKey": "k", "identity.caller": "c",
        "identity.sourceIp": "127.0.0.1", "identity.user": "u", "identity.userAgent": "bench/1.0",
        "identity.userArn": "arn:aws:iam::123456789012:user/u", "authorizer.principalId": "p", "apiId": "abc123",
        "httpMethod": "POST", "stage": "prod", "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "resourceId": "r1", "resourcePath": "/things/{id}",
    ]
    private static let stageVariables: KeyValuePairs = ["env": "prod", "table": "items-prod"]

    private let seconds: Double
    private var programs: [String: TemplateProgram] = [:]
    private let machine: TemplateMachine
    private let output = OutputBuffer()
    private let tape = JSONTape()

    init(folder: String, seconds: Double) throws(BenchmarkFailure) {
        self.seconds = seconds
        let symbols = SymbolTable(
            contextVariables: Self.context.map(\.key), stageVariables: Self.stageVariables.map(\.key))
        machine = TemplateMachine(symbols: symbols)
        for name in Self.names {
            let source = String(decoding: try contents(of: "\(folder)/\(name).vtl"), as: UTF8.self)
            let (program, problems) = TemplateProgram.compile(source, symbols: symbols)
            guard let program else { throw BenchmarkFailure("\(name).vtl: \(problems.map(\.message))") }
            programs[name] = program
        }
    }

    func run() throws(BenchmarkFailure) {
        for name in Self.names {
            var input = input(name)
            if name == "items" {
                guard case .ok = tape.parse(input.body) else { throw BenchmarkFailure("the items are no JSON") }
                try measure("items+parse", name, input)
                input.parsedBody = tape
            }
            try measure(name, name, input)
        }
    }

    /// Prints what a template renders, for comparison with what other engines do.
    func write(_ name: String) throws(BenchmarkFailure) {
        guard let program = programs[name] else { throw BenchmarkFailure("no template '\(name)'") }
        var overrides = TemplateOverrides()
        guard machine.render(program, input: input(name), overrides: &overrides, into: output) == .done else {
            throw BenchmarkFailure("\(name) does not render")
        }
        print(String(decoding: output.bytes, as: UTF8.self), terminator: "")
    }

    private func measure(_ figure: String, _ name: String, _ input: TemplateInput) throws(BenchmarkFailure) {
        guard let program = programs[name] else { return }
        var overrides = TemplateOverrides()
        var isDone = true
        let rate = Measurement.perSecond(seconds: seconds) {
            output.reset()
            if machine.render(program, input: input, overrides: &overrides, into: output) != .done { isDone = false }
        }
        guard isDone else { throw BenchmarkFailure("\(name) does not render") }
        print("portico \(figure) renders_per_cpu_s=\(Int(rate)) bytes=\(output.count)")
    }

    private func input(_ name: String) -> TemplateInput {
        var input = TemplateInput()
        input.body =
            name == "items"
            ? Self.items : Arena.text(#"{"name":"Portable speaker","qty":3,"tags":["audio","outdoor"]}"#)
        input.pathParameters = Arena.names(["id": "42", "item": "abc-9"])
        input.queryParameters = Arena.names(["limit": "10", "after": "2024-01-01", "sort": "name"])
        input.headers = Arena.names([
            "Accept": "application/json", "Host": "api.example.com", "User-Agent": "bench/1.0 (linux)",
            "X-Api-Key": "key-0001-abcdefghijklmnop", "X-Forwarded-For": "127.0.0.1",
            "Content-Type": "application/json",
        ])
        input.context = Arena.array(Self.context.map { Arena.text($0.value) })
        input.stageVariables = Arena.array(Self.stageVariables.map { Arena.text($0.value) })
        return input
    }

    /// A hundred items as DynamoDB answers them, 10 KB.
    private static var items: UnsafeRawBufferPointer {
        let items = (0..<100).map { number in
            #"{"id":{"S":"item-\#(number)"},"title":{"S":"A \"quoted\" title no. \#(number)"},"#
                + #""price":{"N":"\#(10 + number)"},"qty":{"N":"\#(number % 5)"}}"#
        }
        return Arena.text(#"{"Items":[\#(items.joined(separator: ","))],"Count":100}"#)
    }
}

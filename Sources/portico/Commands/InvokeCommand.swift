import ArgumentParser
import Logging
import PorticoGateway
import PorticoSyntax

/// `portico invoke METHOD PATH [SPEC]`
struct InvokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Calls one method without a server, as TestInvokeMethod does.",
        discussion: """
            Runs the request through the pipeline that serves, past authorizers, API keys and policies; backends are \
            really called. PATH may begin with the stage; without it the first stage, or that of --stage, is used. \
            The answer goes to standard output, the execution log of --trace to standard error.
            """
    )

    @Argument(help: "Verb, such as GET.")
    var method: String

    @Argument(help: "Path with query, such as '/pets/3?type=cat'.")
    var path: String

    @Argument(help: "The spec, or a .portico file.")
    var file: String = "api.yaml"

    @Option(
        name: [.customShort("H"), .long], help: ArgumentHelp("A header. Repeatable.", valueName: "name: value"))
    var header: [HeaderField] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The body; '@file' reads it from a file, '@-' from standard input.", valueName: "data"))
    var data: String?

    @Flag(help: "Print the execution log, with headers and bodies, to standard error.")
    var trace = false

    @Option(help: "text: status line, headers and body; json: as TestInvokeMethod answers.")
    var format: OutputFormat = .text

    @OptionGroup var specOptions: SpecOptions

    func run() async throws {
        let snapshot = try SnapshotInput.read(file, specOptions)
        var invocation = TestInvocation(method: method, path: path)
        invocation.headers = header.map { (name: $0.name, value: $0.value) }
        invocation.body = try body()
        invocation.baseDirectory = LocalFile.directory(of: file)
        // What would be logged of faults stands in the execution log.
        var logger = Logger(label: "portico")
        logger.logLevel = .critical
        let answer: TestInvocation.Answer
        do {
            answer = try await invocation.run(
                on: snapshot, logger: logger,
                functions: FunctionHosting.configuration(for: file, state: Environment()["PORTICO_STATE"]))
        } catch let failure as TestInvocation.Failure {
            throw CommandFailure(.usage, "\(failure)")
        }
        if trace { Console.say(answer.log) }
        switch format {
        case .text:
            let head = answer.headers.reduce(answer.statusLine + "\n") { "\($0)\($1.name): \($1.value)\n" } + "\n"
            Console.write(Array(head.utf8) + answer.body)
        case .json:
            OutputFormat.printJSON(Self.json(answer))
        }
    }

    private func body() throws(CommandFailure) -> [UInt8] {
        guard let data else { return [] }
        guard data.hasPrefix("@") else { return Array(data.utf8) }
        let name = String(data.dropFirst())
        return try LocalFile.read(name == "-" ? "/dev/stdin" : name)
    }
}

extension InvokeCommand {
    /// The members of TestInvokeMethod's answer. Source: API Gateway API reference, "TestInvokeMethod".
    fileprivate static func json(_ answer: TestInvocation.Answer) -> JSONValue {
        var names: [String] = []
        var values: [String: [String]] = [:]
        for header in answer.headers {
            if values[header.name] == nil { names.append(header.name) }
            values[header.name, default: []].append(header.value)
        }
        return .object([
            JSONMember("status", .number("\(answer.status)")),
            JSONMember("body", .string(String(decoding: answer.body, as: UTF8.self))),
            JSONMember("headers", .object(names.map { JSONMember($0, .string(values[$0]?.last ?? "")) })),
            JSONMember(
                "multiValueHeaders",
                .object(names.map { JSONMember($0, .array((values[$0] ?? []).map { .string($0) })) })),
            JSONMember("log", .string(answer.log)),
            JSONMember("latency", .number("\(answer.latencyMilliseconds)")),
        ])
    }
}

/// `name: value` on the command line, as curl takes it.
struct HeaderField: ExpressibleByArgument, Sendable {
    var name: String
    var value: String

    init?(argument: String) {
        guard let colon = argument.firstIndex(of: ":"), colon != argument.startIndex else { return nil }
        name = String(argument[..<colon])
        value = String(argument[argument.index(after: colon)...].drop { $0 == " " })
    }
}

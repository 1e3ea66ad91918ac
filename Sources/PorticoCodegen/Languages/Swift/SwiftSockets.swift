/// The file of connections of a WebSocket API: their type, its methods that send, and the client's one that opens.
struct SwiftSockets {
    private let types: SwiftTypes
    private let operations: SwiftOperations
    private let socket: Socket
    private let names: SwiftSymbols.SocketNames

    init?(_ types: SwiftTypes) {
        guard let socket = types.model.socket, let names = types.symbols.socket else { return nil }
        self.types = types.qualified
        operations = SwiftOperations(types)
        self.socket = socket
        self.names = names
    }

    /// The text of the file.
    func text(header: String) -> String {
        let space = types.symbols.namespace
        let incoming = types.text(socket.incoming.type)
        var printer = SwiftPrinter()
        printer.line(header)
        printer.line()
        let used = [socket.connect.parameters.map(\.type), socket.routes.map(\.message)].joined()
        if used.contains(where: types.needsFoundation) {
            printer.line("public import Foundation")
            printer.line()
        }
        printer.block("extension \(space)") { printer in
            printer.documentation(
                DocumentationText.joined(
                    "A connection to \(types.model.title).",
                    "A method for each route sends a message; what comes is received, or gone through."), fallback: "")
            printer.line("public typealias Socket = \(types.name("MessageSocket"))<\(incoming)>")
        }
        printer.line()
        printer.block("extension \(space).MessageSocket where Incoming == \(incoming)") { printer in
            printer.separated(zip(socket.routes, names.routes)) { send($1.0, $1.1, &$0) }
        }
        printer.line()
        printer.block("extension \(space).Client") { connect(&$0) }
        return printer.text
    }

    private func send(_ route: SocketRoute, _ name: String, _ printer: inout SwiftPrinter) {
        let answer = route.answer.map { "``\(types.text($0))``" } ?? "a message"
        printer.documentation(
            DocumentationText.joined(
                route.summary, route.documentation,
                route.isTwoWay ? "The answer comes as \(answer) among the messages." : nil),
            fallback: "Sends a message.")
        let message = SwiftPrinter.Parameter(
            "message", types.text(route.message), label: "_", default: route.isMessageRequired ? nil : "[:]")
        var effects = SwiftPrinter.Effects(effects: "async throws")
        if route.isDeprecated { effects.attributes = ["@available(*, deprecated)"] }
        printer.function("func \(SwiftPrinter.name(name))", [message], effects) { printer in
            let key = route.routeKey.map { SwiftPrinter.literal($0) } ?? "nil"
            printer.call("try await self.send", ["message", types.codec(route.message), "to: \(key)"])
        }
    }

    private func connect(_ printer: inout SwiftPrinter) {
        let operation = socket.connect
        let names = names.connect
        let type = types.name("Socket")
        printer.documentation(
            DocumentationText.joined(operation.summary, "Opens a connection.", operation.documentation), fallback: "")
        printer.line("/// - Parameters:")
        let parameters = Array(zip(operation.parameters, names.parameters))
        for isRequired in [true, false] {
            for (parameter, name) in parameters where parameter.isRequired == isRequired {
                let place = "`\(SwiftModels.inline(parameter.wireName))` of the \(parameter.location.rawValue)."
                let text = DocumentationText.joined(
                    parameter.documentation, parameter.isDeprecated ? "Deprecated." : nil)
                printer.parameterDocumentation(name, text ?? place)
            }
        }
        printer.parameterDocumentation(names.options, "How the connection behaves.")
        var effects = SwiftPrinter.Effects(effects: "async throws", result: type)
        if operation.isDeprecated { effects.attributes = ["@available(*, deprecated)"] }
        let options = SwiftPrinter.Parameter(names.options, "\(type).Options", default: ".init()")
        printer.function(
            "func \(SwiftPrinter.name(names.method))", operations.parameters(of: operation, names) + [options], effects
        ) { printer in
            operations.call(operation, names, isSocket: true, &printer)
            let selection = (socket.selection ?? []).map { SwiftPrinter.literal($0) }.joined(separator: ", ")
            printer.call(
                "let \(names.token) = \(types.name("SocketConnection"))<\(types.text(socket.incoming.type))>",
                [
                    names.call, names.options, "self.configuration",
                    ".init(selection: [\(selection)], codec: \(types.codec(socket.incoming.type)),"
                        + " unknown: { .unknown($0) })",
                ])
            printer.line("try await \(names.token).open()")
            printer.line("return \(type)(\(names.token))")
        }
    }
}

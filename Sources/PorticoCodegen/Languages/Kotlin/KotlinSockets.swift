/// Prints the class of connections with a suspending function for each route, and the client's function that opens one.
struct KotlinSockets {
    private let types: KotlinTypes
    private let socket: Socket
    private let library: KotlinLibrary
    private var symbols: JavaSymbols { types.symbols }
    private var index: Int { types.java.model.operations.count - 1 }

    init?(types: KotlinTypes) {
        guard let socket = types.java.model.socket else { return nil }
        self.types = types
        self.socket = socket
        library = KotlinLibrary(symbols: types.symbols)
    }

    /// Types of the library that generated files name.
    static let typeNames: Set<String> = ["MessageIterator", "SuspendSocket"]

    /// The class.
    var name: KotlinType { KotlinType(symbols.base + "Socket", package: symbols.package) }

    private var incoming: KotlinType { types.type(socket.incoming.type) }

    /// The class of connections.
    func write(to printer: inout KotlinPrinter) {
        let connection = KotlinType(symbols.socketClass)
        printer.type(
            .init(
                DocumentationText.joined(
                    "A connection to \(types.java.model.title).",
                    "A function for each route sends a message; what comes is received, or iterated over.")),
            "public class \(name.name)",
            constructor: ("internal", .init(name: "connection", type: connection)),
            extends: (types.runtime("SuspendSocket", [incoming]), "connection")
        ) { printer in
            var isFirst = true
            for (route, method) in zip(socket.routes, symbols.routes) {
                if !isFirst { printer.blank() }
                isFirst = false
                send(route, method, &printer)
            }
        }
    }

    private func send(_ route: SocketRoute, _ method: String, _ printer: inout KotlinPrinter) {
        let answer = route.answer.map { "[\(types.type($0).text)]" } ?? "a message"
        let target = route.routeKey.map { "route " + $0 } ?? "the default route"
        let text = DocumentationText.joined(
            route.summary ?? "Sends a message to \(target).", route.documentation,
            route.isTwoWay ? "The answer comes as \(answer) among the messages." : nil)
        let type = types.type(route.message)
        let java = KotlinExpression.name("connection")
        let complete = library.complete
        func function(_ parameters: [KotlinPrinter.Parameter], _ arguments: [KotlinExpression]) {
            printer.function(
                .init(
                    documentation: .init(text, isDeprecated: route.isDeprecated), modifiers: ["public", "suspend"],
                    name: method, parameters: parameters, result: .unit),
                java.call(method + "Async", arguments).call(complete))
        }
        if !route.isMessageRequired {
            function([], [])
            printer.blank()
        }
        function([.init(name: "message", type: type)], [.name("message")])
    }

    /// The client's function that opens a connection.
    func connect(to printer: inout KotlinPrinter) {
        let operation = socket.connect
        let requests = KotlinRequests(types: types)
        let options = types.runtime("SocketOptions")
        let none = KotlinExpression.type(options).property("NONE")
        let java = KotlinExpression.type(KotlinType(symbols.socketClass)).call(
            "connectTo",
            [.name("transport")] + requests.arguments(index) + [.either(.name("options"), none)])
        let names = Set(requests.parameters(index).map(\.name))
        let parameters = JavaOperations(types: types.java).arguments(index).compactMap { argument in
            names.contains(argument.name) ? argument.documentation.map { (name: argument.name, text: $0) } : nil
        }
        printer.function(
            .init(
                documentation: .init(
                    DocumentationText.joined(operation.summary ?? "Opens a connection.", operation.documentation),
                    parameters: parameters, isDeprecated: operation.isDeprecated),
                modifiers: ["public", "suspend"], name: symbols.calls[index].method,
                parameters: requests.parameters(index)
                    + [.init(name: "options", type: options.orNull, isOptional: true)],
                result: name),
            .new(name, [java.call(library.await)]))
    }
}

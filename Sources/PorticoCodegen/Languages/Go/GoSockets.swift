/// Writes the type of connections with a method for each route, and the client's method that opens one.
struct GoSockets {
    let types: GoTypes
    private let socket: Socket
    private let names: GoSymbols.SocketSymbols

    init?(types: GoTypes) {
        guard let socket = types.model.socket, let names = types.symbols.socket else { return nil }
        self.types = types
        self.socket = socket
        self.names = names
    }

    /// Files of the library that clients without connections do not need.
    static let libraryFiles: Set<String> = ["frames.go", "link.go", "receiving.go", "socket.go"]

    func write(to printer: inout GoPrinter) {
        let incoming = types.text(socket.incoming.type)
        printer.use(["context", "encoding/json"])
        printer.structure(
            names.type,
            "\(names.type) is a connection to the API.\n\nA method for each route sends a message; Receive gives what comes.",
            [.init(name: "*SocketConnection[\(incoming)]", type: "")])
        let operations = GoOperations(types: types)
        operations.writeInput(socket.connect, names.connect, &printer)
        var parameters = ["ctx context.Context"]
        if let input = names.connect.input { parameters.append("in *\(input)") }
        parameters.append("options *SocketOptions")
        printer.function(
            .init(
                receiver: "c *Client", name: names.connect.method, parameters: parameters,
                results: ["*\(names.type)", "error"]),
            DocumentationText.joined(
                "\(names.connect.method) opens a connection. Options may be nil.", socket.connect.summary,
                socket.connect.documentation) ?? ""
        ) { statements in
            if let input = names.connect.input { statements.when("in == nil") { $0.assign("in", "&\(input){}") } }
            statements.closure("open", [], "*request") { inner in
                operations.prepareSocket(socket.connect, names.connect, &inner)
                inner.giveBack("r")
            }
            let unknown = "\(incoming){\(unknownField): raw}"
            statements.closure("unknown", ["raw json.RawMessage"], incoming) { $0.giveBack(unknown) }
            let selection = (socket.selection ?? []).map(GoPrinter.string).joined(separator: ", ")
            let spec = "socketSpec[\(incoming)]{selection: []string{\(selection)}, unknown: unknown}"
            statements.declare(
                "connection, err", GoCall.text("openSocket", ["ctx", "c", spec, "open", "options"]))
            statements.when("err != nil") { $0.giveBack("nil", "err") }
            statements.giveBack("&\(names.type){connection}", "nil")
        }
        for (route, name) in zip(socket.routes, names.routes) { method(route, name, &printer) }
    }

    private var unknownField: String {
        guard case .model(let index) = socket.incoming.type, types.symbols.rest.indices.contains(index) else {
            return "Unknown"
        }
        return types.symbols.rest[index]
    }

    private func method(_ route: SocketRoute, _ name: String, _ printer: inout GoPrinter) {
        printer.use(types.imports(route.message))
        let type = types.text(route.message)
        let answer = route.answer.map { types.text($0) } ?? "a message"
        let target = route.routeKey.map { "the route \($0)" } ?? "the default route"
        let text = DocumentationText.joined(
            "\(name) sends a message to \(target).", route.summary, route.documentation,
            route.isMessageRequired ? nil : "Without a message, nil, an object is sent that has the route's key alone.",
            route.isTwoWay ? "The answer comes as \(answer) among the messages." : nil,
            route.isDeprecated ? "Deprecated: The API says that it should no longer be used." : nil)
        printer.function(
            .init(receiver: "s *\(names.type)", name: name, parameters: ["message \(type)"], results: ["error"]),
            text ?? ""
        ) { statements in
            statements.giveBack(
                GoCall.text("s.sendMessage", [GoPrinter.string(route.routeKey ?? ""), "message"]))
        }
    }
}

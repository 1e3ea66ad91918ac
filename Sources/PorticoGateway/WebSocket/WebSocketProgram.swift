internal import PorticoIR
internal import PorticoPrograms

/// What a WebSocket API has beside what all snapshots have. Its routes are methods: one for each, in the same order.
struct WebSocketProgram: Sendable, Hashable {
    /// Which route a message takes.
    var routeSelection: SelectionProgram
    /// Whether binary frames are messages; else they close the connection.
    var takesBinary = false
    /// By position of the method.
    var routes: [WebSocketRouteProgram] = []

    /// Position of the route of that key.
    func position(ofRoute key: String) -> Int? { routes.firstIndex { $0.key == key } }
}

/// A route, compiled.
struct WebSocketRouteProgram: Sendable, Hashable {
    /// `$connect`, `$disconnect`, `$default`
    static let connect = "$connect"
    static let disconnect = "$disconnect"
    static let fallback = "$default"

    /// `$connect`, `$disconnect`, `$default`, or what the selection expression gives.
    var key: String
    /// Whether what the integration gives is sent to the client.
    var isTwoWay = false
    /// Whether the document says nothing of it: a `$connect` that everybody may take.
    var isImplied = false
    /// Which of ``models`` a message is checked against.
    var modelSelection: SelectionProgram?
    /// Models by key; empty when messages are not checked.
    var models: [WebSocketModel] = []
    /// Which of the integration's request templates applies.
    var templateSelection: SelectionProgram?
    /// Which of the templates of each integration response applies, by position of the response.
    var responseSelections: [SelectionProgram?] = []
}

/// A model by the key that chooses it.
struct WebSocketModel: Sendable, Hashable {
    /// `$default` for every other.
    var key: String
    /// Position in ``DeploymentSnapshot/schemas``.
    var schema: Int
}

// ORDER SNAPSHOT: each `write` has its `read` below it.

extension ByteWriter {
    mutating func write(_ value: WebSocketProgram?) {
        write(value != nil)
        guard let value else { return }
        value.routeSelection.encode(into: &self)
        write(value.takesBinary)
        write(value.routes) { writer, route in
            writer.write(route.key)
            writer.write(route.isTwoWay)
            writer.write(route.isImplied)
            writer.write(route.modelSelection)
            writer.write(route.models) {
                $0.write($1.key)
                $0.write(count: $1.schema)
            }
            writer.write(route.templateSelection)
            writer.write(route.responseSelections) { $0.write($1) }
        }
    }

    private mutating func write(_ value: SelectionProgram?) {
        write(value != nil)
        value?.encode(into: &self)
    }
}

extension ByteReader {
    mutating func readWebSocket(_ symbols: SymbolTable) throws(ProgramDecodingError) -> WebSocketProgram? {
        guard try readBool() else { return nil }
        var program = WebSocketProgram(routeSelection: try SelectionProgram(from: &self, symbols: symbols))
        program.takesBinary = try readBool()
        program.routes = try readArray { reader throws(ProgramDecodingError) in
            var route = WebSocketRouteProgram(key: try reader.readString())
            route.isTwoWay = try reader.readBool()
            route.isImplied = try reader.readBool()
            route.modelSelection = try reader.readSelection(symbols)
            route.models = try reader.readArray { reader throws(ProgramDecodingError) in
                WebSocketModel(key: try reader.readString(), schema: try reader.readIndex())
            }
            route.templateSelection = try reader.readSelection(symbols)
            route.responseSelections = try reader.readArray { reader throws(ProgramDecodingError) in
                try reader.readSelection(symbols)
            }
            return route
        }
        return program
    }

    private mutating func readSelection(_ symbols: SymbolTable) throws(ProgramDecodingError) -> SelectionProgram? {
        try readBool() ? try SelectionProgram(from: &self, symbols: symbols) : nil
    }
}

extension SnapshotVerifier {
    func verifyWebSocket() throws(SnapshotError) {
        guard let webSocket = parts.webSocket else { return }
        try require(
            webSocket.routes.count == parts.methods.count, .webSocket, "routes do not fit methods")
        try require(
            webSocket.position(ofRoute: WebSocketRouteProgram.connect) != nil, .webSocket, "no route to connect by")
        try require(
            Set(webSocket.routes.map(\.key)).count == webSocket.routes.count, .webSocket, "two routes of one key")
        for (route, method) in zip(webSocket.routes, parts.methods) {
            try require(
                route.models.allSatisfy { $0.schema < parts.schemas.count }, .webSocket, "a model that is not there")
            let responses = parts.integrations[method.integration].responses.count
            try require(
                route.responseSelections.count <= responses, .webSocket,
                "more selections than integration responses")
        }
    }
}

extension WebSocketProgram {
    /// What `portico dump` shows beside the methods.
    func describe() -> [String] {
        var lines = ["route selection \(routeSelection.text)"]
        if takesBinary { lines.append("binary frames are messages") }
        for (index, route) in routes.enumerated() {
            lines.append(
                "route \(index)  \(route.key)" + (route.isTwoWay ? "  two-way" : "")
                    + (route.isImplied ? "  not declared" : ""))
            if let selection = route.modelSelection { lines.append("  model selection \(selection.text)") }
            lines += route.models.map { "  model \($0.key)  schema \($0.schema)" }
            if let selection = route.templateSelection { lines.append("  template selection \(selection.text)") }
            for (position, selection) in route.responseSelections.enumerated() {
                if let selection { lines.append("  response \(position) template selection \(selection.text)") }
            }
        }
        return lines
    }
}

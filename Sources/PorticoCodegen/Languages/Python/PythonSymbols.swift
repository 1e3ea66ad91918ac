/// Identifiers of everything that a client names, given out once.
struct PythonSymbols {
    /// A call and what is derived from it.
    struct Call {
        /// The method.
        var name: String
        /// The method that streams the body; empty unless the output is binary.
        var stream: String
        /// The methods that go through pages and items; empty without pagination.
        var pages: String
        var items: String
        /// The constant that describes it.
        var constant: String
        /// In the order of the operation's parameters.
        var parameters: [String]
    }

    /// A connection.
    struct SocketNames {
        /// The method that opens it.
        var connect: Call
        /// Methods of the routes.
        var routes: [String]
        /// Built-in types that they hide from annotations.
        var hiddenByMethods: Set<String>
    }

    /// Package of the files.
    let package: String
    /// Name that package indexes know it by.
    let distribution: String
    /// By index of the model's types.
    let types: [String]
    /// Constants that describe unions, by index of the model's types; empty for other types.
    let unions: [String]
    /// By index of the model's types: attributes in the order of the fields.
    let fields: [[String]]
    /// By index of the model's types: the attribute of additional properties; empty if there are none.
    let additional: [String]
    /// By index of the model's types: constants in the order of an enumeration's values.
    let constants: [[String]]
    /// By index of the model's errors.
    let errors: [String]
    /// By index of the model's operations.
    let calls: [Call]

    /// The connection of a WebSocket API.
    let socket: SocketNames?
    /// Errors of the library that the API's calls can end with.
    let libraryErrors: [String]

    /// Built-in types that a method hides from the annotations in the classes of clients.
    let hiddenByMethods: Set<String>

    init(_ model: ClientModel, _ options: SDKOptions) {
        let words = NameWords(options.packageName, fallback: "api")
        package = Self.packageName(words)
        distribution = NameWords(package, fallback: "api").kebab

        var scope = NameScope(reserved: ["None", "True", "False", "TypeAlias"])
        types = model.types.map { scope.claim(NameWords($0.name, fallback: "model").pascal, prefix: "Model") }
        unions = model.types.map { type in
            guard case .union = type.shape else { return "" }
            return scope.claim(NameWords(type.name, fallback: "model").constant + "_TYPE", prefix: "MODEL_")
        }
        let structures = model.types.map(Self.members)
        fields = structures.map(\.fields)
        additional = structures.map(\.additional)
        constants = model.types.map { type in
            guard case .enumeration(let values) = type.shape else { return [] }
            var scope = NameScope()
            return values.map { value in
                scope.claim(NameWords(value, fallback: value.isEmpty ? "empty" : "value").constant, prefix: "VALUE_")
            }
        }

        var errorScope = NameScope(reserved: Self.libraryErrors + ["ConnectionClosedError"])
        errors = model.errors.map {
            errorScope.claim(NameWords($0.name, fallback: "declared").pascal + "Error", prefix: "Status")
        }

        calls = Self.calls(model)
        socket = model.socket.map(Self.socket)
        libraryErrors = (Self.libraryErrors + (model.socket == nil ? [] : ["ConnectionClosedError"])).sorted()
        hiddenByMethods = PythonReservedWords.annotationTypes.intersection(calls.map(\.name))
    }

    /// Errors of the library, which the module of errors has too.
    static let libraryErrors = [
        "APIError", "CallTimeoutError", "DecodingError", "GatewayError", "InvalidCallError", "PagingError",
        "ResponseError",
        "TransportError",
    ]

    /// Attributes of a structure. What `Model` has, and what the class body names, cannot be attributes.
    private static func members(_ type: ModelType) -> (fields: [String], additional: String) {
        guard case .structure(let structure) = type.shape else { return ([], "") }
        var scope = PythonScope(besides: [
            "builtins", "classmethod", "dataclasses", "dt", "from_json", "lib", "self", "to_json",
        ])
        let fields = structure.fields.map { scope.claim($0.wireName, fallback: "field") }
        return (fields, structure.additional == nil ? "" : scope.claim("additional_properties", fallback: ""))
    }

    private static func calls(_ model: ClientModel) -> [Call] {
        // What the base classes have, and the modules that annotations name.
        var methods = PythonScope(besides: [
            "aclose", "builtins", "close", "dt", "lib", "models", "ops", "with_response",
        ])
        var constants = NameScope(reserved: ["PACKAGE"])
        let names = model.operations.map { methods.claim($0.name, fallback: "operation") }
        return zip(model.operations, names).map { operation, name in
            let base = name.hasSuffix("_") ? String(name.dropLast()) : name
            var scope = PythonScope(besides: ["ops", "options", "self"])
            if operation.body != nil { scope.reserve("body") }
            if operation.verb == "ANY" { scope.reserve("method") }
            return Call(
                name: name,
                stream: operation.output == .binary ? methods.claim(base + "_stream", fallback: "") : "",
                pages: operation.pagination == nil ? "" : methods.claim(base + "_pages", fallback: ""),
                items: operation.pagination == nil ? "" : methods.claim(base + "_items", fallback: ""),
                constant: constants.claim(
                    NameWords(operation.name, fallback: "operation").constant, prefix: "OPERATION_"),
                parameters: operation.parameters.map { scope.claim($0.wireName, fallback: "parameter") })
        }
    }

    private static func socket(_ socket: Socket) -> SocketNames {
        var methods = PythonScope(besides: ["aclose", "builtins", "close", "lib", "models", "with_response"])
        let connect = methods.claim(socket.connect.name, fallback: "connect")
        var scope = PythonScope(besides: ["ops", "options", "self", "sockets"])
        let call = Call(
            name: connect, stream: "", pages: "", items: "", constant: "SOCKET",
            parameters: socket.connect.parameters.map { scope.claim($0.wireName, fallback: "parameter") })
        var sends = PythonScope(besides: [
            "aclose", "builtins", "close", "dt", "lib", "message", "models", "ping", "receive", "send_bytes",
            "send_text", "subprotocol",
        ])
        let routes = socket.routes.map { sends.claim($0.name, fallback: "send") }
        return SocketNames(
            connect: call, routes: routes,
            hiddenByMethods: PythonReservedWords.annotationTypes.intersection(routes))
    }

    private static func packageName(_ words: NameWords) -> String {
        var name = words.snake
        if let first = name.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { name = "api_" + name }
        let isTaken = PythonReservedWords.keywords.contains(name) || PythonReservedWords.modules.contains(name)
        return isTaken ? name + "_client" : name
    }
}

/// Lower-case names of one scope. What is reserved gets a `_` behind it, as PEP 8 has it, and what comes twice a number.
struct PythonScope {
    private var scope = NameScope()
    private var reserved: Set<String>

    /// Makes a scope that has neither keywords nor these names.
    init(besides names: [String]) { reserved = PythonReservedWords.keywords.union(names) }

    /// Reserves one more name.
    mutating func reserve(_ name: String) { reserved.insert(name) }

    /// An identifier for a name.
    mutating func claim(_ name: String, fallback: String) -> String {
        let snake = NameWords(name, fallback: fallback).snake
        return scope.claim(reserved.contains(snake) ? snake + "_" : snake, prefix: fallback + "_")
    }
}

/// The identifiers of a client, each claimed once.
struct SwiftSymbols {
    /// Names of a type and of what is in it.
    struct TypeNames {
        var name: String
        /// Properties, values or variants, in the order of the model.
        var members: [String] = []
        /// The property for properties that have no names of their own.
        var additional = ""
    }

    /// Names of an operation's methods and of their parameters.
    struct OperationNames {
        var method: String
        var responseMethod: String
        var streamMethod = ""
        var callMethod = ""
        var pagesMethod = ""
        /// Parameters in the order of the model.
        var parameters: [String] = []
        /// The parameter for the HTTP method, of operations that take any.
        var verb = ""
        var body = ""
        var options = ""
        /// The local variable of a call under construction.
        var call = ""
        /// The local variable of a page's token.
        var token = ""
    }

    /// Names of connections.
    struct SocketNames {
        /// The method that opens one.
        var connect: OperationNames
        /// Methods that send, in the order of the routes.
        var routes: [String]
    }

    /// The enumeration around everything.
    let namespace: String
    /// The module and the package.
    let module: String
    let types: [TypeNames]
    let errors: [String]
    let operations: [OperationNames]
    /// Names of connections, for WebSocket APIs.
    let socket: SocketNames?

    init(_ model: ClientModel, packageName: String, library: SwiftLibrary) {
        // A type that only the API needs, and one that is declared for each system.
        var reserved = library.typeNames.union(["Int32", "UploadPipe"])
        reserved.formUnion(SwiftReservedWords.needingBackticks)
        if model.socket != nil { reserved.insert("Socket") }
        let words = NameWords(packageName, fallback: "api").pascal
        let plain = words.utf8.first.map { $0 < 0x41 } ?? true ? "API" + words : words
        namespace = reserved.contains(plain) ? plain + "API" : plain
        module = namespace + "SDK"
        var scope = NameScope(reserved: reserved.union([namespace, module]))
        // Names of the document first: errors are called after statuses, and can give way.
        types = model.types.map { type in
            let preferred = NameWords(type.name).pascal
            let name = scope.claim(scope.contains(preferred) ? preferred + "Model" : preferred, prefix: "V")
            return Self.members(of: type, name)
        }
        errors = model.errors.map { error in
            let name = NameWords(error.name).pascal
            return scope.claim(scope.contains(name + "Error") ? name + "ResponseError" : name + "Error", prefix: "V")
        }
        var methods = NameScope(reserved: SwiftReservedWords.members + ["configuration", "send"])
        operations = model.operations.map { Self.names(of: $0, &methods) }
        socket = model.socket.map { socket in
            var connect = Self.names(of: socket.connect, &methods)
            // The connection, which must not be called like a parameter.
            connect.token =
                ["connection", "opened", "theConnection"].first { !connect.parameters.contains($0) } ?? "_0"
            return SocketNames(connect: connect, routes: Self.routes(socket.routes))
        }
    }

    /// A name of a member, with a suffix where it cannot be as it is.
    private static func claim(_ text: String, fallback: String, suffix: String, in scope: inout NameScope) -> String {
        let preferred = NameWords(text, fallback: fallback).camel
        return scope.claim(scope.contains(preferred) ? preferred + suffix : preferred, prefix: "v")
    }

    private static func members(of type: ModelType, _ name: String) -> TypeNames {
        var names = TypeNames(name: name)
        var scope = NameScope(reserved: SwiftReservedWords.members)
        switch type.shape {
        case .structure(let structure):
            scope = NameScope(reserved: ["init", "self", "hashValue"])
            names.members = structure.fields.map {
                claim($0.wireName, fallback: "field", suffix: "Value", in: &scope)
            }
            if structure.additional != nil { names.additional = scope.claim("additionalProperties") }
        case .enumeration(let values):
            _ = scope.claim("knownValues")
            names.members = values.map {
                claim($0, fallback: $0.isEmpty ? "empty" : "value", suffix: "Value", in: &scope)
            }
        case .union(let union):
            _ = scope.claim("unknown")
            names.members = union.variants.map { claim($0.name, fallback: "variant", suffix: "Value", in: &scope) }
        }
        return names
    }

    private static func routes(_ routes: [SocketRoute]) -> [String] {
        var scope = NameScope(
            reserved: SwiftReservedWords.members + [
                "close", "connection", "makeAsyncIterator", "ping", "receive", "send", "sendBytes", "sendText",
                "subprotocol",
            ])
        return routes.map { claim($0.name, fallback: "send", suffix: "Message", in: &scope) }
    }

    private static func names(of operation: Operation, _ methods: inout NameScope) -> OperationNames {
        let preferred = NameWords(operation.name, fallback: "call").camel
        let method = methods.claim(methods.contains(preferred) ? preferred + "Call" : preferred, prefix: "call")
        var names = OperationNames(method: method, responseMethod: methods.claim(method + "Response"))
        if operation.output == .binary {
            names.streamMethod = methods.claim(method + "Stream")
            names.callMethod = methods.claim(method + "Call")
        }
        if operation.pagination != nil { names.pagesMethod = methods.claim(method + "Pages") }
        var scope = NameScope(reserved: ["self"])
        names.parameters = operation.parameters.map {
            claim($0.wireName, fallback: "parameter", suffix: "Value", in: &scope)
        }
        func other(_ name: String, _ instead: String) -> String { scope.claim(scope.contains(name) ? instead : name) }
        if operation.verb == "ANY" { names.verb = other("method", "httpMethod") }
        names.body = other("body", "requestBody")
        names.options = other("options", "callOptions")
        names.call = other("call", "request")
        names.token = other("token", "pageToken")
        return names
    }
}

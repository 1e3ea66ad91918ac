/// Identifiers of everything in a client, given out once, so that all files agree on them.
///
/// All exported names share one scope, as `index.ts` exports them all. Properties of structures keep their names in
/// JSON; arguments get names of TypeScript's own style.
struct TypeScriptSymbols {
    /// Identifiers of one operation.
    struct OperationSymbols {
        /// Method of the client.
        var method: String
        /// Constant in `operations.ts`.
        var constant: String
        /// Interface of the arguments; `nil` if there are none.
        var request: String?
        /// Arguments in the order of the parameters.
        var arguments: [String]
        /// Method that gives the body as it comes.
        var stream: String?
        /// Method that gives all pages.
        var pages: String?
    }

    /// Identifiers of a connection.
    struct SocketSymbols {
        /// What opens it.
        var connect: OperationSymbols
        /// The class.
        var className: String
        /// Methods in the order of the routes.
        var routes: [String]
    }

    /// The class of the client.
    let client: String
    /// Types in the order of the model.
    let types: [String]
    /// Classes of errors in the order of the model.
    let errors: [String]
    /// Operations in the order of the model.
    let operations: [OperationSymbols]
    /// The connection of a WebSocket API.
    let socket: SocketSymbols?

    init(_ model: ClientModel) {
        var exported = NameScope(
            reserved: TypeScriptReservedWords.words.union(TypeScriptReservedWords.libraryTypes)
                .union(TypeScriptReservedWords.globalTypes)
                .union(model.socket == nil ? [] : TypeScriptReservedWords.socketTypes))
        types = model.types.map { type in
            let name = NameWords(type.name, fallback: "model").pascal
            return exported.claim(TypeScriptReservedWords.globalTypes.contains(name) ? name + "Model" : name)
        }
        client = exported.claim(NameWords(model.title, fallback: "api").pascal + "Client")
        errors = model.errors.map { exported.claim(NameWords($0.name, fallback: "other").pascal + "Error") }

        var methods = NameScope(reserved: TypeScriptReservedWords.clientMembers)
        var constants = NameScope(reserved: TypeScriptReservedWords.words)
        func symbols(of operation: Operation) -> OperationSymbols {
            let words = NameWords(operation.name, fallback: "call")
            let method = methods.claim(words.camel)
            let hasArguments = !operation.parameters.isEmpty || operation.body != nil
            // An object without the argument would still have what every object inherits.
            let inherited = TypeScriptReservedWords.inheritedMembers
            var arguments = NameScope(reserved: operation.body == nil ? inherited : inherited.union(["body"]))
            return OperationSymbols(
                method: method,
                constant: constants.claim(
                    TypeScriptReservedWords.words.contains(method) ? method + "Operation" : method),
                request: hasArguments ? exported.claim(words.pascal + "Request") : nil,
                arguments: operation.parameters.map { parameter in
                    let name = NameWords(parameter.wireName).camel
                    return arguments.claim(inherited.contains(name) ? name + "Value" : name)
                })
        }
        var operations = model.operations.map(symbols)
        socket = model.socket.map { socket in
            let connect = symbols(of: socket.connect)
            var sends = NameScope(reserved: TypeScriptReservedWords.socketMembers)
            return SocketSymbols(
                connect: connect,
                className: exported.claim(NameWords(model.title, fallback: "api").pascal + "Socket"),
                routes: socket.routes.map { sends.claim(NameWords($0.name, fallback: "send").camel) })
        }
        // Derived methods come last, so that they take no operation its name.
        for (index, operation) in model.operations.enumerated() {
            let method = operations[index].method
            if operation.output == .binary { operations[index].stream = methods.claim(method + "Stream") }
            if operation.pagination != nil {
                operations[index].pages = methods.claim("paginate" + method.prefix(1).uppercased() + method.dropFirst())
            }
        }
        self.operations = operations
    }

    /// What `kind` says of each variant of a union.
    static func kinds(of union: Union) -> [String] {
        var scope = NameScope(reserved: ["unknown"])
        return union.variants.map { scope.claim($0.name, prefix: "") }
    }

    /// The property that takes what is not among a structure's fields.
    static func additionalProperty(of structure: Structure) -> String {
        var scope = NameScope(reserved: structure.fields.map(\.wireName))
        return scope.claim("additionalProperties")
    }
}

/// The identifiers of a client, each given once.
struct RubySymbols {
    /// Identifiers of an operation.
    struct OperationNames {
        /// Constant in `Operations`.
        var constant: String
        /// Method that returns the value.
        var method: String
        /// Method that returns the whole answer.
        var response: String
        /// Methods that page; empty without paging.
        var pages = ""
        var items = ""
        /// Keyword arguments in the order of the operation's parameters.
        var parameters: [String]
    }

    /// Identifiers of connections.
    struct SocketNames {
        /// The method of the client that opens one.
        var connect: OperationNames
        /// Methods that send, in the order of the routes.
        var routes: [String]
    }

    /// Module of everything.
    let module: String
    /// Name of the gem and of its folder.
    let gem: String
    /// Version as RubyGems takes it.
    let version: String
    /// Constants of types in `Models`.
    let types: [String]
    /// Names of union types in signatures, by the index of the type.
    let aliases: [Int: String]
    /// Attributes of structures, or constants of enumerations; empty for unions.
    let members: [[String]]
    /// Constants of errors in `Errors`.
    let errors: [String]
    /// Identifiers of operations.
    let operations: [OperationNames]
    /// Identifiers of connections, for WebSocket APIs.
    let socket: SocketNames?

    /// Gives identifiers to everything.
    init(_ model: ClientModel, packageName: String) {
        var words = NameWords(packageName, fallback: "api").words
        let isTaken =
            RubyReservedWords.coreConstants.contains(NameWords(words: words).pascal)
            || RubyReservedWords.standardLibraries.contains(NameWords(words: words).snake)
        if isTaken { words.append("api") }
        if words.first?.first?.isNumber ?? true { words.insert("api", at: 0) }
        module = NameWords(words: words).pascal
        gem = NameWords(words: words).snake
        version = Self.version(model.version)
        types = Self.constants(
            model.types.map(\.name), besides: RubyReservedWords.modelConstants, prefix: "Model", suffix: "Model")
        errors = Self.constants(
            model.errors.map { $0.name + " error" }, besides: RubyReservedWords.errorConstants, prefix: "Status",
            suffix: "Answer")
        aliases = Self.aliases(model.types)
        members = model.types.map(Self.members)
        operations = Self.operations(model.operations)
        socket = model.socket.map(Self.socket)
    }

    /// What RubyGems takes for a version: numbers with dots; anything else ends it.
    private static func version(_ text: String) -> String {
        let trimmed = text.drop { !("0"..."9").contains($0) }
        var parts: [String] = []
        for part in trimmed.split(separator: ".", omittingEmptySubsequences: false).prefix(4) {
            let digits = part.prefix { ("0"..."9").contains($0) }
            guard !digits.isEmpty, digits.utf8.count < 10 else { break }
            parts.append(String(digits))
            if digits.endIndex != part.endIndex { break }
        }
        return parts.isEmpty ? "0.0.0" : parts.joined(separator: ".")
    }

    private static func constants(
        _ names: [String], besides taken: Set<String>, prefix: String, suffix: String
    ) -> [String] {
        var scope = NameScope()
        return names.map { name in
            let constant = NameWords(name).pascal
            let isTaken = RubyReservedWords.coreConstants.contains(constant) || taken.contains(constant)
            return scope.claim(isTaken ? constant + suffix : constant, prefix: prefix)
        }
    }

    private static func aliases(_ types: [ModelType]) -> [Int: String] {
        var scope = NameScope(reserved: RubyReservedWords.keywords.union(signatureWords))
        var result: [Int: String] = [:]
        for (index, type) in types.enumerated() {
            if case .union = type.shape {
                result[index] = scope.claim(NameWords(type.name).snake, prefix: "model_")
            }
        }
        return result
    }

    /// Names of types that RBS has itself.
    private static let signatureWords: Set<String> = [
        "bool", "bot", "boolish", "class", "instance", "int", "interface", "io", "out", "real", "self", "singleton",
        "string", "top", "type", "unchecked", "untyped", "void",
    ]

    private static func members(_ type: ModelType) -> [String] {
        switch type.shape {
        case .union: return []
        case .enumeration(let values):
            var scope = NameScope(reserved: ["VALUES"])
            return values.map { value in
                let constant = NameWords(value, fallback: "empty").constant
                // Blocks of the language, not constants.
                let isBlock = ["BEGIN", "END"].contains(constant)
                return scope.claim(isBlock ? constant + "_" : constant, prefix: "VALUE_")
            }
        case .structure(let structure):
            var scope = NameScope()
            return structure.fields.map { field in
                scope.claim(
                    identifier(
                        field.wireName, besides: RubyReservedWords.objectMethods, RubyReservedWords.structureMethods),
                    prefix: "value_")
            }
        }
    }

    /// A name in small letters, with a mark behind it if it is taken.
    private static func identifier(_ name: String, besides taken: Set<String>...) -> String {
        let name = NameWords(name).snake
        let isTaken = RubyReservedWords.keywords.contains(name) || taken.contains { $0.contains(name) }
        return isTaken ? name + "_" : name
    }

    private static func operations(_ operations: [Operation]) -> [OperationNames] {
        // Those are blocks of the language.
        var constants = NameScope(reserved: ["BEGIN", "END"])
        var methods = NameScope()
        var names = operations.map { operation in
            let method = identifier(
                operation.name, besides: RubyReservedWords.objectMethods, RubyReservedWords.clientMethods)
            return OperationNames(
                constant: constants.claim(NameWords(operation.name).constant, prefix: "CALL_"),
                method: methods.claim(method, prefix: "call_"), response: "", parameters: parameters(operation))
        }
        // Operations have the first choice; what is derived from them takes what is left.
        for index in names.indices {
            names[index].response = methods.claim(names[index].method + "_with_response")
            guard operations[index].pagination != nil else { continue }
            names[index].pages = methods.claim(names[index].method + "_pages")
            names[index].items = methods.claim(names[index].method + "_items")
        }
        return names
    }

    private static func socket(_ socket: Socket) -> SocketNames {
        var scope = NameScope()
        return SocketNames(
            connect: operations([socket.connect])[0],
            routes: socket.routes.map { route in
                scope.claim(
                    identifier(route.name, besides: RubyReservedWords.objectMethods, RubyReservedWords.socketMethods),
                    prefix: "send_")
            })
    }

    private static func parameters(_ operation: Operation) -> [String] {
        var scope = NameScope()
        let own: Set<String> = ["options", "http_method", "body", "content_type", "block"]
        return operation.parameters.map { parameter in
            scope.claim(identifier(parameter.wireName, besides: own), prefix: "value_")
        }
    }
}

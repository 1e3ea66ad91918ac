/// Identifiers of everything in a Go client, each given out once.
struct GoSymbols {
    /// Names for an operation.
    struct OperationSymbols {
        /// Method of the client.
        var method: String
        /// Method that streams the answer, for bytes.
        var stream: String?
        /// Method that makes the pager, if there is one.
        var pager: String?
        /// Structure of inputs; `nil` if there are none.
        var input: String?
        /// Fields of ``input`` by index of the parameter.
        var parameters: [String]
        /// Field of ``input`` for the body.
        var body: String
        /// File that the operation stands in.
        var file: String
    }

    /// Names for a connection.
    struct SocketSymbols {
        /// The method that opens it.
        var connect: OperationSymbols
        /// Its type.
        var type: String
        /// Methods in the order of the routes.
        var routes: [String]
    }

    /// Path of the module.
    let module: String
    /// Name of the package.
    let package: String
    /// Names of types by index.
    let types: [String]
    /// Names of fields of structures, variants of unions, constants of enumerations, by index of type.
    let members: [[String]]
    /// Field for additional properties of structures, or for unknown values of unions, by index of type.
    let rest: [String]
    /// By index of operation.
    let operations: [OperationSymbols]
    /// Error types by index.
    let errors: [String]
    /// The connection of a WebSocket API.
    let socket: SocketSymbols?

    init(_ model: ClientModel, _ options: SDKOptions) {
        (module, package) = Self.package(options.packageName)
        var names = NameScope(reserved: GoReservedWords.library)
        let types = model.types.map { names.claim(NameWords($0.name).goExported, prefix: "X") }
        let errors = model.errors.map { names.claim(NameWords($0.name).goExported + "Error", prefix: "X") }
        var members: [[String]] = []
        var rest: [String] = []
        for (type, name) in zip(model.types, types) {
            var scope = NameScope(reserved: GoReservedWords.members)
            switch type.shape {
            case .structure(let structure):
                members.append(structure.fields.map { scope.claim(NameWords($0.wireName).goExported, prefix: "X") })
                rest.append(scope.claim("AdditionalProperties"))
            case .union(let union):
                members.append(union.variants.map { scope.claim(NameWords($0.name).goExported, prefix: "X") })
                rest.append(scope.claim("Unknown"))
            case .enumeration(let values):
                members.append(values.map { names.claim(name + Self.constant($0)) })
                rest.append("")
            }
        }
        var methods = NameScope()
        let methodNames = model.operations.map { methods.claim(NameWords($0.name).goExported, prefix: "X") }
        operations = zip(model.operations, methodNames).map { operation, method in
            var fields = NameScope()
            let body = fields.claim("Body")
            let hasInput = !operation.parameters.isEmpty || operation.body != nil
            return OperationSymbols(
                method: method, stream: operation.output == .binary ? methods.claim(method + "Stream") : nil,
                pager: operation.pagination == nil ? nil : methods.claim(method + "Pager"),
                input: hasInput ? names.claim(method + "Input") : nil,
                parameters: operation.parameters.map {
                    fields.claim(NameWords($0.wireName).goExported, prefix: "X")
                },
                body: body, file: Self.file(operation.tag))
        }
        socket = model.socket.map { socket in
            var fields = NameScope()
            let method = methods.claim(NameWords(socket.connect.name).goExported, prefix: "X")
            let connect = OperationSymbols(
                method: method, stream: nil, pager: nil,
                input: socket.connect.parameters.isEmpty ? nil : names.claim(method + "Input"),
                parameters: socket.connect.parameters.map {
                    fields.claim(NameWords($0.wireName).goExported, prefix: "X")
                },
                body: "", file: "")
            var sends = NameScope(reserved: GoReservedWords.socketMembers)
            return SocketSymbols(
                connect: connect, type: names.claim("Socket"),
                routes: socket.routes.map { sends.claim(NameWords($0.name, fallback: "send").goExported, prefix: "X") })
        }
        self.types = types
        self.errors = errors
        self.members = members
        self.rest = rest
    }

    /// Name of an enumeration's value behind the name of its type. Signs without letters have names of their own.
    private static func constant(_ value: String) -> String {
        if value.isEmpty { return "Empty" }
        let words = NameWords(value).goExported
        guard let first = value.first, let sign = signs[first] else { return words }
        return words == "Value" ? value.map { signs[$0] ?? "" }.joined() : sign + words
    }

    private static let signs: [Character: String] = [
        "-": "Minus", "+": "Plus", "<": "Less", ">": "Greater", "=": "Equal", "!": "Not", "*": "Star", "%": "Percent",
        "/": "Slash", "&": "And", "|": "Or", "#": "Hash", "@": "At", "$": "Dollar", "^": "Caret", "~": "Tilde",
    ]

    /// Operations of a tag stand together. The name ends in a word that no platform is called by, since the go command
    /// compiles `x_linux.go` on Linux only and `x_test.go` in tests only.
    private static func file(_ tag: String?) -> String {
        tag.map { NameWords($0, fallback: "tag").snake + "_operations.go" } ?? "operations.go"
    }

    /// Path of the module and name of the package for what the user calls it.
    static func package(_ name: String) -> (module: String, package: String) {
        let elements = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPath = elements.allSatisfy { element in
            !element.isEmpty && element.first != "." && element.last != "." && element.first != "-"
                && element.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                    default: "-._~".utf8.contains(byte)
                    }
                }
        }
        var module = isPath ? name : NameWords(name, fallback: "api").kebab
        if GoReservedWords.standardPaths.contains(module.split(separator: "/").first.map(String.init) ?? module) {
            module += "-client"
        }
        // The last element names the package, unless it is the major version.
        var parts = module.split(separator: "/")
        if parts.count > 1, let last = parts.last, last.first == "v", last.dropFirst().allSatisfy(\.isNumber) {
            parts.removeLast()
        }
        var package = NameWords(String(parts.last ?? "api"), fallback: "api").words.joined()
        if package.first?.isNumber == true { package = "api" + package }
        if GoReservedWords.packages.contains(package) { package += "api" }
        return (module, package)
    }
}

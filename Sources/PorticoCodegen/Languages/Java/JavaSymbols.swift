/// Identifiers of everything that a client in Java declares, given out once.
struct JavaSymbols: Sendable {
    /// Identifiers of an operation.
    struct Call: Sendable {
        /// The method of the clients; the others are this one and `Async`, `Stream`, `StreamAsync`, `Pages`.
        var method: String
        /// The class of its arguments, if it has one.
        var request: JavaType?
        /// Its parameters.
        var parameters: [String]
    }

    /// The package of the client.
    let package: String
    /// The word that the client's classes begin with.
    let base: String
    /// Named types.
    private(set) var types: [JavaType] = []
    /// Properties of structures, constants of enumerations, or variants of unions (`Circle`), by the type's index.
    private(set) var members: [[String]] = []
    /// Constants of `Kind` of unions, by the type's index.
    private(set) var kinds: [[String]] = []
    /// Exceptions of declared errors.
    private(set) var errors: [JavaType] = []
    /// Operations.
    private(set) var calls: [Call] = []
    /// What follows ``base`` in the name of ``socketClass``.
    private let socketSuffix: String
    /// Methods of a connection, in the order of its routes.
    private(set) var routes: [String] = []

    /// The package of models, requests and errors.
    var modelPackage: String { package + ".model" }
    /// The package of the library.
    var runtimePackage: String { package + ".runtime" }
    /// The client.
    var client: JavaType { JavaType(base + "Client", package: package) }
    /// The class of connections.
    var socketClass: JavaType { JavaType(base + socketSuffix, package: package) }
    /// The client that gives whole responses.
    var rawClient: JavaType { JavaType(base + "RawClient", package: package) }
    /// The class that makes calls, number `index`.
    func callsClass(_ index: Int) -> JavaType {
        JavaType(base + "Calls" + (index == 0 ? "" : String(index + 1)), package: package)
    }

    /// A type of the library.
    func runtime(_ name: String, _ arguments: [JavaType] = []) -> JavaType {
        JavaType(name, package: runtimePackage, arguments.map(\.boxed))
    }

    /// Gives out identifiers.
    /// - Parameter reserved: Names of types that a language on top of Java uses.
    init(
        _ model: ClientModel, _ options: SDKOptions, reserved: Set<String> = [], socketSuffix: String = "Socket"
    ) {
        self.socketSuffix = socketSuffix
        package = Self.package(options.packageName)
        base = Self.typeName(Self.words(options.packageName).last ?? "api")
        nameMembers(model)
        nameOperations(model, reserved)
    }

    /// A name with dots is a package as it is; another one is the last part of `portico.{name}`.
    private static func package(_ name: String) -> String {
        let parts = name.split(separator: ".").map { part in
            let words = NameWords(String(part), fallback: "api").words.joined()
            let starts = words.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
            return JavaReservedWords.words.contains(words) || starts ? "api" + words : words
        }
        guard parts.count > 1 else { return "portico." + (parts.first ?? "api") }
        return parts.joined(separator: ".")
    }

    private static func words(_ name: String) -> [String] { name.split(separator: ".").map(String.init) }

    private static func typeName(_ name: String) -> String {
        let name = NameWords(name).pascal
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return "T" + name
        }
        return name
    }

    /// The folder of a package.
    static func path(package: String) -> String {
        "src/main/java/" + package.split(separator: ".").joined(separator: "/") + "/"
    }

    private mutating func nameMembers(_ model: ClientModel) {
        for type in model.types {
            switch type.shape {
            case .structure(let structure):
                var scope = NameScope(reserved: JavaReservedWords.modelMembers.union(["additionalProperties"]))
                members.append(structure.fields.map { scope.claim(NameWords($0.wireName).camel) })
                kinds.append([])
            case .enumeration(let values):
                var scope = NameScope(reserved: ["CODEC", "VALUES"])
                members.append(values.map { scope.claim(NameWords($0, fallback: "empty").constant) })
                kinds.append([])
            case .union(let union):
                var scope = NameScope(reserved: ["Unknown"], ignoresCase: true)
                var constants = NameScope(reserved: ["UNKNOWN"])
                members.append(union.variants.map { scope.claim(NameWords($0.name).pascal) })
                kinds.append(union.variants.map { constants.claim(NameWords($0.name).constant) })
            }
        }
    }

    private mutating func nameOperations(_ model: ClientModel, _ reserved: Set<String>) {
        let own =
            [client.name, rawClient.name] + (0...model.operations.count / JavaCalls.chunk).map { callsClass($0).name }
        let sockets = model.socket == nil ? [] : JavaSockets.typeNames.union([socketClass.name])
        var scope = NameScope(
            reserved: JavaReservedWords.types.union(own).union(reserved).union(sockets), ignoresCase: true)
        nameRoutes(model.socket)
        types = model.types.map {
            JavaType(scope.claim(NameWords($0.name).pascal, prefix: "T"), package: modelPackage)
        }
        errors = model.errors.map {
            JavaType(scope.claim(NameWords($0.name).pascal + "Exception", prefix: "T"), package: modelPackage)
        }
        var taken = JavaReservedWords.clientMembers
        let reserved = JavaReservedWords.arguments.union(model.socket == nil ? [] : ["options"])
        for operation in model.operations {
            let words = NameWords(operation.name, fallback: "call")
            let forms = Self.forms(operation)
            var method = words.camel
            if let first = method.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
                method = "_" + method
            }
            let preferred = method
            var number = 2
            while !taken.isDisjoint(with: forms.map { method + $0 }) {
                method = preferred + String(number)
                number += 1
            }
            taken.formUnion(forms.map { method + $0 })
            var names = NameScope(reserved: reserved)
            let parameters = operation.parameters.map { names.claim(NameWords($0.wireName).camel) }
            let request =
                Self.hasRequest(operation)
                ? JavaType(scope.claim(words.pascal + "Request", prefix: "T"), package: modelPackage) : nil
            calls.append(Call(method: method, request: request, parameters: parameters))
        }
    }

    private mutating func nameRoutes(_ socket: Socket?) {
        var taken = JavaReservedWords.socketMembers
        for route in socket?.routes ?? [] {
            let preferred = NameWords(route.name, fallback: "send").camel
            var method = preferred.first?.isNumber == true ? "_" + preferred : preferred
            var number = 2
            while !taken.isDisjoint(with: [method, method + "Async"]) {
                method = preferred + String(number)
                number += 1
            }
            taken.formUnion([method, method + "Async"])
            routes.append(method)
        }
    }

    /// Endings of the methods of an operation.
    private static func forms(_ operation: Operation) -> [String] {
        var forms = ["", "Async"]
        if operation.output == .binary { forms += ["Stream", "StreamAsync"] }
        if operation.pagination != nil { forms.append("Pages") }
        return forms
    }

    /// Most arguments that are told apart by their order.
    private static let mostPositional = 5

    /// Arguments that must be given.
    static func required(_ operation: Operation) -> Int {
        operation.parameters.count(where: \.isRequired) + (operation.body?.isRequired == true ? 1 : 0)
    }

    /// Whether the required arguments alone make a method of their own.
    static func isPositional(_ operation: Operation) -> Bool { required(operation) <= mostPositional }

    private static func hasRequest(_ operation: Operation) -> Bool {
        let all = operation.parameters.count + (operation.body == nil ? 0 : 1)
        return all > required(operation) || !isPositional(operation) || operation.pagination != nil
    }
}

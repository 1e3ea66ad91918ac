/// Prints the object that makes requests of arguments, `null` for those that were not given.
struct KotlinRequests {
    /// Most arguments of a function: a method of a class file has 255 words for them, and some need two.
    private static let mostArguments = 100

    let types: KotlinTypes
    private var symbols: JavaSymbols { types.symbols }
    private var operations: JavaOperations { JavaOperations(types: types.java) }

    init(types: KotlinTypes) { self.types = types }

    /// The object.
    var name: KotlinType { KotlinType("Requests", package: symbols.package) }

    /// Whether no operation has a request that is made so.
    var isEmpty: Bool { !symbols.calls.indices.contains(where: makesRequest) }

    /// The parameters of an operation, without the HTTP method.
    func parameters(_ index: Int) -> [KotlinPrinter.Parameter] {
        let arguments = operations.arguments(index)
        if arguments.count > Self.mostArguments, let request = symbols.calls[index].request {
            return [.init(name: "request", type: KotlinType(request))]
        }
        return arguments.map { argument in
            let type = types.type(argument)
            return .init(
                name: argument.name, type: argument.isRequired ? type : type.orNull, isOptional: !argument.isRequired)
        }
    }

    /// What Java's call of an operation takes, from arguments of the same names.
    func arguments(_ index: Int) -> [KotlinExpression] {
        let names = parameters(index).map { KotlinExpression.name($0.name) }
        return makesRequest(index)
            ? [KotlinExpression.type(name).call(symbols.calls[index].method, names)] : names
    }

    private func makesRequest(_ index: Int) -> Bool {
        symbols.calls[index].request != nil && operations.arguments(index).count <= Self.mostArguments
    }

    /// The object with a function for each operation.
    func write(to printer: inout KotlinPrinter) {
        printer.type(
            .init("Makes requests of arguments."), "internal object \(name.name)"
        ) { printer in
            var isFirst = true
            for index in symbols.calls.indices where makesRequest(index) {
                guard let request = symbols.calls[index].request else { continue }
                if !isFirst { printer.blank() }
                isFirst = false
                let parameters = parameters(index).map { parameter in
                    KotlinPrinter.Parameter(name: parameter.name, type: parameter.type)
                }
                let builder = parameters.reduce(KotlinExpression.type(KotlinType(request)).call("builder")) {
                    $0.call($1.name, [.name($1.name)])
                }
                printer.function(
                    .init(name: symbols.calls[index].method, parameters: parameters, result: KotlinType(request)),
                    builder.call("build"))
            }
        }
    }
}

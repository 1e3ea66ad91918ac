/// Prints functions that make structures: `Book { title("...") }`.
struct KotlinBuilders {
    /// The name of their file.
    static let file = "Builders"

    let types: KotlinTypes
    private var model: ClientModel { types.java.model }

    init(types: KotlinTypes) { self.types = types }

    /// Whether there are no structures.
    var isEmpty: Bool { structures.isEmpty }

    private var structures: [Int] {
        model.types.indices.filter { index in
            if case .structure = model.types[index].shape { true } else { false }
        }
    }

    /// A function for each structure.
    func write(to printer: inout KotlinPrinter) {
        for (number, index) in structures.enumerated() {
            if number > 0 { printer.blank() }
            let name = KotlinType(types.symbols.types[index])
            let isDeprecated = model.types[index].isDeprecated
            printer.function(
                .init("Makes [\(name.name)].", isDeprecated: isDeprecated),
                "public inline", name.name,
                configuring: KotlinType(name.name + ".Builder", package: name.package),
                marker: types.runtime("ModelDsl"), result: name,
                KotlinExpression.type(name).call("builder").call("apply", [.name("configure")]).call("build"))
        }
    }
}

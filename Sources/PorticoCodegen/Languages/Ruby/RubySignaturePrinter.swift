/// Prints declarations as signatures of RBS.
struct RubySignaturePrinter {
    private var code = CodePrinter(indent: "  ")

    /// A file with the signatures of the declarations.
    static func file(header: [String], _ declarations: [RubyDeclaration]) -> String {
        var printer = RubySignaturePrinter()
        for line in header { printer.code.line("# " + line) }
        for declaration in declarations {
            printer.code.line()
            printer.code.lines(lines(declaration))
        }
        return printer.code.text
    }

    private static func lines(_ declaration: RubyDeclaration) -> [String] {
        switch declaration {
        case .module(let name, _, let members): nested("module \(name)", members)
        case .class(let name, let superclass, _, let members): nested("class \(name) < \(superclass)", members)
        case .constant(let name, let type, _, _): ["\(name): \(type.signature)"]
        case .reader(let name, let type, _): ["attr_reader \(name): \(type.signature)"]
        case .method(let method): lines(method)
        case .macro: []
        case .alias(let name, let type): ["type \(name) = \(type.signature)"]
        }
    }

    private static func nested(_ open: String, _ members: [RubyDeclaration]) -> [String] {
        [open] + members.flatMap { lines($0).map { "  " + $0 } } + ["end"]
    }

    private static func lines(_ method: RubyMethod) -> [String] {
        let parameters = method.parameters.map { parameter in
            switch parameter.kind {
            case .positional: "\(parameter.type.signature) \(parameter.name)"
            case .optionalPositional: "?\(parameter.type.signature) \(parameter.name)"
            case .keyword: "\(parameter.name): \(parameter.type.signature)"
            case .optionalKeyword: "?\(parameter.name): \(parameter.type.signature)"
            }
        }
        let list = "(" + parameters.joined(separator: ", ") + ")"
        let returns = method.name == "initialize" ? "void" : method.returns.signature
        let first = "def \(method.name): \(list) -> \(returns)"
        guard let block = method.block else { return [first] }
        let indent = String(repeating: " ", count: method.name.utf8.count + 4)
        return [first, "\(indent)| \(list) { (\(block.gives.signature)) -> void } -> \(block.returns.signature)"]
    }
}

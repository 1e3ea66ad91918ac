/// Prints declarations as code of Ruby.
enum RubyPrinter {
    /// A file with the declarations.
    /// - Parameters:
    ///   - header: Lines of the comment at its beginning.
    ///   - requires: Files beside it that it needs.
    static func file(header: [String], requires: [String] = [], _ declarations: [RubyDeclaration]) -> String {
        var code = CodePrinter(indent: "  ")
        code.line("# frozen_string_literal: true")
        code.line()
        comment(header, &code)
        if !requires.isEmpty { code.line() }
        for path in requires { code.line("require_relative \(RubyText.literal(path))") }
        for declaration in declarations {
            code.line()
            print(declaration, &code, depth: 0)
        }
        return code.text
    }

    /// Statements alone, for samples.
    static func lines(_ statements: [RubyStatement]) -> [String] { statements.flatMap { $0.lines(indent: 0) } }

    private static func comment(_ lines: [String], _ code: inout CodePrinter) {
        for line in lines { code.line(line.isEmpty ? "#" : "# " + line) }
    }

    private static func print(_ declaration: RubyDeclaration, _ code: inout CodePrinter, depth: Int) {
        switch declaration {
        case .module(let name, let lines, let members):
            comment(lines, &code)
            nested("module \(name)", members, &code, depth: depth)
        case .class(let name, let superclass, let lines, let members):
            comment(lines, &code)
            if members.isEmpty {
                code.line("class \(name) < \(superclass); end")
            } else {
                nested("class \(name) < \(superclass)", members, &code, depth: depth)
            }
        case .constant(let name, _, let value, let comments):
            comment(comments, &code)
            code.lines(RubyStatement.assign(name, value).lines(indent: depth * 2))
        case .reader(let name, _, let lines):
            comment(lines, &code)
            code.line("attr_reader :\(name)")
        case .method(let method): print(method, &code, depth: depth)
        case .macro(let call): code.lines(call.lines(indent: depth * 2))
        case .alias: break
        }
    }

    private static func nested(
        _ open: String, _ members: [RubyDeclaration], _ code: inout CodePrinter, depth: Int
    ) {
        code.block(open, close: "end") { code in
            var previous: RubyDeclaration?
            for member in members {
                if case .alias = member { continue }
                if let previous, !stand(together: previous, member) { code.line() }
                print(member, &code, depth: depth + 1)
                previous = member
            }
        }
    }

    /// Constants without comments need no empty line between.
    private static func stand(together first: RubyDeclaration, _ second: RubyDeclaration) -> Bool {
        if case .constant(_, _, _, let above) = first, case .constant(_, _, _, let below) = second {
            return above.isEmpty && below.isEmpty
        }
        return false
    }

    private static func print(_ method: RubyMethod, _ code: inout CodePrinter, depth: Int) {
        comment(method.comment, &code)
        let parameters = method.parameters.map(text) + (method.block == nil ? [] : ["&block"])
        let name = "def \(method.name)"
        let flat = parameters.isEmpty ? name : name + "(" + parameters.joined(separator: ", ") + ")"
        if depth * 2 + flat.utf8.count <= RubyExpression.width {
            code.line(flat)
        } else {
            code.block(name + "(", close: ")") { code in
                code.lines(parameters.dropLast().map { $0 + "," } + parameters.suffix(1))
            }
        }
        code.indented { code in
            code.lines(method.body.flatMap { $0.lines(indent: depth * 2 + 2) })
        }
        code.line("end")
    }

    private static func text(_ parameter: RubyMethod.Parameter) -> String {
        switch parameter.kind {
        case .positional: parameter.name
        case .optionalPositional(let value): "\(parameter.name) = \(value.flat)"
        case .keyword: parameter.name + ":"
        case .optionalKeyword(let value): "\(parameter.name): \(value.flat)"
        }
    }
}

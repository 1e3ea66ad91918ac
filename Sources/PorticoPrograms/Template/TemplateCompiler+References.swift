import PorticoSyntax

/// References: `$context`, `$input`, `$util` and `$stageVariables` are resolved as far as their names are known.
extension TemplateCompiler {
    /// Puts the value of a reference on the stack, or `null`.
    mutating func chain(_ reference: TemplateReference, isTarget: Bool = false) {
        offset = reference.range.lowerBound
        guard isSpecial(reference.name) else {
            noteGenericUse(of: reference.name)
            emit(.load, b: slot(reference.name))
            return steps(reference.steps[...])
        }
        switch reference.name {
        case "context": context(reference, isTarget: isTarget)
        case "input": input(reference)
        case "util": util(reference)
        case "stageVariables": stageVariable(reference)
        default:
            emit(.load, b: slot(reference.name))
            steps(reference.steps[...])
        }
    }

    /// An object that is an ordinary variable may be asked for anything.
    private mutating func noteGenericUse(of name: String) {
        switch name {
        case "context":
            program.readsAllContext = true
            program.readsExtraContext = true
            program.readsOverrides = true
            program.writesOverrides = true
        case "input": noteWholeInput()
        case "stageVariables": program.readsStageVariables = true
        default: break
        }
    }

    private mutating func noteWholeInput() {
        program.readsBody = true
        noteParameters()
    }

    private mutating func noteParameters(_ kind: TemplateParameterKind? = nil) {
        if kind == nil || kind == .header { program.readsHeaders = true }
        if kind == nil || kind == .querystring { program.readsQuery = true }
        if kind == nil || kind == .path { program.readsPath = true }
    }

    // MARK: Steps

    private mutating func steps(_ steps: ArraySlice<TemplateReference.Step>) {
        var ends: [Int] = []
        for step in steps {
            offset = step.range.lowerBound
            switch step.form {
            case .property(let name):
                let name = constant(name)
                if let last = lastInstruction, last.opcode == .load {
                    removeLast()
                    emit(.loadProperty, b: last.b, c: name)
                } else {
                    emit(.property, c: name)
                }
            case .method(let name, let arguments):
                if arguments.contains(where: { !Self.isSimple($0) }) { ends.append(emit(.jumpIfNull)) }
                for argument in arguments { value(argument) }
                offset = step.range.lowerBound
                // Methods take 255 arguments at most, as Java's do; more find no method.
                guard arguments.count <= 255 else {
                    for _ in 0...arguments.count { emit(.pop) }
                    emit(.null)
                    continue
                }
                let method = TemplateMethod.named(name)
                checkPattern(method, arguments)
                emit(.call, a: UInt8(arguments.count), b: method.rawValue)
            case .index(let index):
                if !Self.isSimple(index) { ends.append(emit(.jumpIfNull)) }
                value(index)
                offset = step.range.lowerBound
                emit(.index)
            }
        }
        patch(ends)
    }

    /// Whether evaluating it changes nothing, so that it may be evaluated in vain.
    private static func isSimple(_ value: TemplateExpression) -> Bool {
        switch value.form {
        case .string, .integer, .float, .truth: true
        case .reference(let reference):
            reference.steps.allSatisfy {
                if case .property = $0.form { true } else { false }
            }
        default: false
        }
    }

    private mutating func checkPattern(_ method: TemplateMethod, _ arguments: [TemplateExpression]) {
        switch method {
        case .matches, .replaceAll, .replaceFirst, .split: break
        default: return
        }
        guard let first = arguments.first, case .string(let text) = first.form else { return }
        guard case .failure(let problem) = Pattern.compile(String(decoding: text, as: UTF8.self)) else { return }
        problems.append(
            TemplateProblem(
                TemplateDiagnostics.badPattern, "no regular expression: \(problem.message)", at: first.range))
    }

    /// The name that a step gives without computing one: `.name`, `["name"]` or `.get("name")`.
    private static func staticName(_ step: TemplateReference.Step?) -> String? {
        switch step?.form {
        case .property(let name): name
        case .index(let index): constantText(index)
        case .method("get", let arguments) where arguments.count == 1: constantText(arguments[0])
        default: nil
        }
    }

    private static func constantText(_ value: TemplateExpression) -> String? {
        if case .string(let text) = value.form { String(decoding: text, as: UTF8.self) } else { nil }
    }

    // MARK: $context

    private mutating func context(_ reference: TemplateReference, isTarget: Bool) {
        var node = 0
        var taken = 0
        var dotted: [String] = []
        while let name = Self.staticName(reference.steps.dropFirst(taken).first) {
            if let override = names.nodes[node].override {
                return overrides(override, reference, from: taken, isTarget)
            }
            guard let child = names.child(name, of: node) else { break }
            node = child
            dotted.append(name)
            taken += 1
        }
        if let override = names.nodes[node].override { return overrides(override, reference, from: taken, isTarget) }
        let rest = reference.steps[taken...]
        let found = names.nodes[node]
        if found.slot >= 0 && (found.children.isEmpty || rest.isEmpty) {
            program.contextSlots.append(UInt16(found.slot))
            emit(.context, b: UInt16(found.slot))
            return steps(rest)
        }
        if let name = Self.staticName(rest.first), name != "size" {
            return extraContext(reference, dotted, from: taken)
        }
        if found.children.isEmpty && found.isAlwaysListed && rest.isEmpty {
            // Known, and never there.
            emit(.null)
            return
        }
        emit(.contextNode, b: UInt16(node))
        guard !rest.isEmpty || isTarget else { return }
        noteGenericUse(of: "context")
        steps(rest)
    }

    /// A name that the table does not have: perhaps an authorizer returned it.
    private mutating func extraContext(_ reference: TemplateReference, _ known: [String], from start: Int) {
        var dotted = known
        var taken = start
        while let name = Self.staticName(reference.steps.dropFirst(taken).first) {
            dotted.append(name)
            taken += 1
        }
        let name = dotted.joined(separator: ".")
        if dotted.first != "authorizer" {
            problems.append(
                TemplateProblem(
                    TemplateDiagnostics.unknownContextVariable, "unknown variable '$context.\(name)'",
                    at: reference.range, hint: suggestion(for: dotted[known.count], under: known)))
        }
        program.readsExtraContext = true
        emit(.contextExtra, c: constant(name))
        steps(reference.steps[taken...])
    }

    private func suggestion(for name: String, under known: [String]) -> String? {
        var node = 0
        for part in known { node = names.child(part, of: node) ?? node }
        let lowered = name.lowercased()
        for child in names.nodes[node].children where names.nodes[child].name.lowercased() == lowered {
            return "names are case-sensitive: '$context.\((known + [names.nodes[child].name]).joined(separator: "."))'"
        }
        return nil
    }

    private mutating func overrides(
        _ root: TemplateOverrideKind, _ reference: TemplateReference, from start: Int, _ isTarget: Bool
    ) {
        var kind = root
        var taken = start
        while let name = Self.staticName(reference.steps.dropFirst(taken).first), let child = kind.child(name) {
            kind = child
            taken += 1
        }
        program.readsOverrides = true
        if isTarget || reference.steps[taken...].contains(where: Self.isCall) { program.writesOverrides = true }
        emit(.override, a: kind.rawValue)
        steps(reference.steps[taken...])
    }

    private static func isCall(_ step: TemplateReference.Step) -> Bool {
        if case .method(let name, _) = step.form { name != "get" && name != "keySet" } else { false }
    }

    // MARK: $stageVariables

    private mutating func stageVariable(_ reference: TemplateReference) {
        program.readsStageVariables = true
        guard let name = Self.staticName(reference.steps.first) else {
            emit(.stageVariables)
            return steps(reference.steps[...])
        }
        if let slot = stageVariables[name] {
            emit(.stageVariable, b: UInt16(clamping: slot))
        } else {
            emit(.null)
        }
        steps(reference.steps[1...])
    }

    // MARK: $input

    private mutating func input(_ reference: TemplateReference) {
        guard let first = reference.steps.first else {
            noteWholeInput()
            emit(.input)
            return
        }
        let rest = reference.steps[1...]
        offset = first.range.lowerBound
        switch first.form {
        case .property("body"), .method("getBody", _):
            program.readsBody = true
            emit(.inputBody)
            steps(rest)
        case .method("json", let arguments) where arguments.count == 1:
            select(arguments[0], .inputJSON, .inputJSONOf)
            steps(rest)
        case .method("path", let arguments) where arguments.count == 1:
            select(arguments[0], .inputPath, .inputPathOf)
            steps(rest)
        case .method("params", let arguments) where arguments.count == 1:
            noteParameters()
            if case .string(let name) = arguments[0].form {
                emit(.param, c: constant(name))
            } else {
                value(arguments[0])
                emit(.paramOf)
            }
            steps(rest)
        case .method("params", let arguments) where arguments.isEmpty: parameters(rest)
        default: unknownMember("$input", first, known: "body, json(path), params(), params(name), path(path)", rest)
        }
    }

    private mutating func select(_ argument: TemplateExpression, _ known: TemplateOpcode, _ computed: TemplateOpcode) {
        program.readsBody = true
        guard let text = Self.constantText(argument) else {
            value(argument)
            emit(computed)
            return
        }
        switch JSONPath.compile(text) {
        case .success(let path): emit(known, c: self.path(path))
        case .failure(let problem):
            problems.append(
                TemplateProblem(
                    TemplateDiagnostics.badPath, "no JSONPath: \(problem.message)", at: argument.range))
            emit(.fail, c: constant("invalid JSONPath '\(text)': \(problem.message)"))
            // The stack must look alike on all ways, also behind what never returns.
            markLabel()
            emit(.null)
        }
    }

    private mutating func parameters(_ rest: ArraySlice<TemplateReference.Step>) {
        guard let group = Self.staticName(rest.first),
            let kind = TemplateParameterKind.allCases.first(where: { "\($0)" == group })
        else {
            noteParameters()
            emit(.params)
            return steps(rest)
        }
        noteParameters(kind)
        let rest = rest.dropFirst()
        if let name = Self.staticName(rest.first) {
            emit(.paramNamed, a: kind.rawValue, c: constant(name))
            return steps(rest.dropFirst())
        }
        emit(.paramsOf, a: kind.rawValue)
        steps(rest)
    }

    // MARK: $util

    private mutating func util(_ reference: TemplateReference) {
        guard let first = reference.steps.first else {
            emit(.util)
            return
        }
        offset = first.range.lowerBound
        if case .method(let name, let arguments) = first.form, arguments.count == 1,
            let function = TemplateUtility.named(name)
        {
            value(arguments[0])
            offset = first.range.lowerBound
            emit(.utility, a: 1, b: function.rawValue)
            return steps(reference.steps[1...])
        }
        let known = TemplateUtility.allCases.map { "\($0)(value)" }.joined(separator: ", ")
        unknownMember("$util", first, known: known, reference.steps[1...])
    }

    private mutating func unknownMember(
        _ owner: String, _ step: TemplateReference.Step, known: String, _ rest: ArraySlice<TemplateReference.Step>
    ) {
        let name: String
        switch step.form {
        case .property(let property): name = property
        case .method(let method, let arguments): name = "\(method)(\(arguments.isEmpty ? "" : "..."))"
        case .index: name = "[]"
        }
        problems.append(
            TemplateProblem(
                TemplateDiagnostics.unknownMember, "'\(owner)' has no '\(name)'", at: step.range,
                hint: "it has \(known)"))
        emit(.null)
        steps(rest)
    }
}

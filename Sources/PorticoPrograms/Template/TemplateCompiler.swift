import PorticoSyntax

/// Turns the statements of a template into instructions.
struct TemplateCompiler {
    /// A block of `#define`, compiled after the code that defines it.
    private struct PendingBlock {
        var instruction: Int
        var body: [TemplateStatement]
    }

    let source: [UInt8]
    let names: TemplateContextNames
    let stageVariables: [String: Int]
    /// Whether the program reports what it evaluates.
    let isTraced: Bool
    var program = TemplateProgram()
    var problems: [TemplateProblem] = []
    /// Offset in the template of what is being compiled.
    var offset = 0

    private var constants: [[UInt8]: UInt32] = [:]
    private var numbers: [UInt64: UInt32] = [:]
    private var paths: [String: UInt32] = [:]
    private var slots: [String: UInt16] = [:]
    private var pendingText: [UInt8] = []
    private var pendingOffset = 0
    /// Instructions that jumps lead to: sequences are not joined across them.
    private var labels: Set<Int> = []
    private var loopDepth = 0
    private var inBlock = false
    private var blocks: [PendingBlock] = []
    private var hasBlocks = false
    /// Names that the template assigns; `input`, `util`, `context` and `stageVariables` are then plain variables.
    private var assigned: Set<String> = []

    static func compile(
        _ source: [UInt8], symbols: SymbolTable, isTraced: Bool = false
    ) -> (program: TemplateProgram?, problems: [TemplateProblem]) {
        guard source.count <= TemplateProgram.maximumBytes else {
            let limit = TemplateProgram.maximumBytes
            let problem = TemplateProblem(
                TemplateDiagnostics.tooLarge, "template of \(source.count) bytes, the limit is \(limit)",
                at: limit..<source.count)
            return (nil, [problem])
        }
        let statements: [TemplateStatement]
        switch TemplateParser.parse(source) {
        case .success(let parsed): statements = parsed
        case .failure(let error): return (nil, [error.problem])
        }
        var compiler = TemplateCompiler(source: source, symbols: symbols, isTraced: isTraced)
        return compiler.compile(statements)
    }

    private init(source: [UInt8], symbols: SymbolTable, isTraced: Bool) {
        self.source = source
        self.isTraced = isTraced
        names = TemplateContextNames(symbols)
        stageVariables = Dictionary(
            symbols.stageVariables.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func compile(
        _ statements: [TemplateStatement]
    ) -> (program: TemplateProgram?, problems: [TemplateProblem]) {
        var survey = TemplateSurvey()
        survey.visit(statements)
        assigned = survey.assigned
        hasBlocks = survey.hasBlocks
        self.statements(statements)
        flushText()
        if let constant = constantOutput() {
            program = TemplateProgram()
            program.constant = constant
            return (program, problems)
        }
        program.lines = TemplateLines(source)
        emit(.stop)
        // Blocks may define blocks.
        while !blocks.isEmpty {
            let block = blocks.removeFirst()
            markLabel()
            program.instructions[block.instruction].c = UInt32(program.instructions.count)
            loopDepth = 0
            inBlock = true
            self.statements(block.body)
            flushText()
            emit(.return)
        }
        program.variables = slots.sorted { $0.value < $1.value }.map(\.key)
        program.foreachSlot = slots["foreach"] ?? TemplateProgram.noSlot
        program.countSlot = slots["velocityCount"] ?? TemplateProgram.noSlot
        program.hasNextSlot = slots["velocityHasNext"] ?? TemplateProgram.noSlot
        program.notePresets()
        program.contextSlots = Array(Set(program.contextSlots)).sorted()
        do throws(ProgramDecodingError) {
            try program.verify()
        } catch {
            problems.append(
                TemplateProblem(
                    TemplateDiagnostics.tooDeep, "template is too large or nests too deeply: \(error.reason)",
                    at: 0..<min(source.count, 1)))
            return (nil, problems)
        }
        return (program, problems)
    }

    /// The output, if there is nothing but text.
    private func constantOutput() -> [UInt8]? {
        guard program.instructions.allSatisfy({ $0.opcode == .text }) else { return nil }
        return program.instructions.flatMap { bytes(ofConstant: $0.c) }
    }

    private func bytes(ofConstant index: UInt32) -> ArraySlice<UInt8> {
        let constant = program.constants[Int(index)]
        return program.pool[Int(constant.offset)..<Int(constant.offset + constant.length)]
    }

    // MARK: Emitting

    /// Index of the next instruction.
    var here: Int { program.instructions.count }

    @discardableResult
    mutating func emit(_ opcode: TemplateOpcode, a: UInt8 = 0, b: UInt16 = 0, c: UInt32 = 0) -> Int {
        flushText()
        program.instructions.append(TemplateInstruction(opcode: opcode, a: a, b: b, c: c))
        program.offsets.append(UInt32(truncatingIfNeeded: offset))
        return here - 1
    }

    /// Lets the jumps lead to the next instruction.
    mutating func patch(_ jumps: [Int]) {
        guard !jumps.isEmpty else { return }
        flushText()
        for jump in jumps { program.instructions[jump].c = UInt32(here) }
        labels.insert(here)
    }

    mutating func markLabel() {
        flushText()
        labels.insert(here)
    }

    /// The last instruction, if nothing jumps right behind it.
    var lastInstruction: TemplateInstruction? {
        pendingText.isEmpty && !labels.contains(here) ? program.instructions.last : nil
    }

    mutating func removeLast() {
        program.instructions.removeLast()
        program.offsets.removeLast()
    }

    mutating func emitText(_ text: [UInt8]) {
        if pendingText.isEmpty { pendingOffset = offset }
        pendingText += text
    }

    mutating func flushText() {
        guard !pendingText.isEmpty else { return }
        let text = pendingText
        pendingText = []
        program.instructions.append(TemplateInstruction(opcode: .text, c: constant(text)))
        program.offsets.append(UInt32(truncatingIfNeeded: pendingOffset))
    }

    mutating func constant(_ bytes: [UInt8]) -> UInt32 {
        if let known = constants[bytes] { return known }
        let index = UInt32(program.constants.count)
        program.constants.append(
            TemplateConstant(offset: UInt32(program.pool.count), length: UInt32(bytes.count)))
        program.pool += bytes
        constants[bytes] = index
        return index
    }

    mutating func constant(_ text: String) -> UInt32 { constant(Array(text.utf8)) }

    mutating func number(_ bits: UInt64) -> UInt32 {
        if let known = numbers[bits] { return known }
        let index = UInt32(program.numbers.count)
        program.numbers.append(bits)
        numbers[bits] = index
        return index
    }

    mutating func path(_ path: JSONPath) -> UInt32 {
        if let known = paths[path.text] { return known }
        let index = UInt32(program.paths.count)
        program.paths.append(path)
        paths[path.text] = index
        return index
    }

    mutating func slot(_ name: String) -> UInt16 {
        if let known = slots[name] { return known }
        // The verifier refuses the slot that is one too many.
        let slot = UInt16(clamping: slots.count)
        slots[name] = slot
        return slot
    }

    /// Whether the name stands for one of API Gateway's objects in this template.
    func isSpecial(_ name: String) -> Bool { !assigned.contains(name) }

    func literal(_ range: Range<Int>) -> [UInt8] {
        Array(source[min(range.lowerBound, source.count)..<min(range.upperBound, source.count)])
    }

    // MARK: Statements

    mutating func statements(_ statements: [TemplateStatement]) {
        for statement in statements { self.statement(statement) }
    }

    private mutating func statement(_ statement: TemplateStatement) {
        offset = statement.range.lowerBound
        switch statement.form {
        case .text(let text): emitText(text)
        case .reference(let reference): printed(reference)
        case .set(let target, let value): set(target, value)
        case .choice(let branches, let otherwise): choice(branches, otherwise)
        case .loop(let variable, let source, let body): loop(variable, source, body)
        case .define(let name, let body):
            blocks.append(PendingBlock(instruction: emit(.define, b: slot(name)), body: body))
        case .stop: emit(.stop)
        case .break(let scope):
            if let scope {
                value(scope)
                emit(.breakScope)
            } else {
                emit(loopDepth > 0 ? .break : inBlock ? .return : .stop)
            }
        case .load(let directive):
            problems.append(
                TemplateProblem(
                    TemplateDiagnostics.noLoader, "'#\(directive)' cannot load anything in a mapping template",
                    at: statement.range, hint: "write the text into the template"))
            emit(.fail, c: constant("#\(directive): there is no resource loader"))
        }
    }

    private mutating func printed(_ reference: TemplateReference) {
        if let text = reference.bareText { return emitText(reference.escapePrefix + reference.prefix + text) }
        guard reference.isComputable else { return }
        if reference.isEscaped {
            // It is evaluated all the same, for what its methods do.
            if !reference.steps.isEmpty {
                chain(reference)
                emit(.pop)
            }
            return emitText(reference.escapePrefix + literal(reference.range))
        }
        emitText(reference.escapePrefix + reference.prefix)
        chain(reference)
        trace(.reference, reference.range)
        offset = reference.range.lowerBound
        let unprinted =
            hasBlocks && !reference.isQuiet ? constant(literal(reference.range)) : TemplateInstruction.noConstant
        if let last = lastInstruction {
            switch last.opcode {
            case .load:
                removeLast()
                emit(.printVariable, b: last.b, c: unprinted)
                return
            case .context:
                removeLast()
                emit(.printContext, b: last.b)
                return
            case .loadProperty:
                removeLast()
                emit(.printProperties, b: last.b, c: last.c)
                return
            case .property:
                removeLast()
                emit(.printProperty, c: last.c)
                return
            case .utility:
                removeLast()
                emit(.printUtility, b: last.b)
                return
            default: break
            }
        }
        emit(.print, c: unprinted)
    }

    private mutating func set(_ target: TemplateReference, _ value: TemplateExpression) {
        self.value(value)
        trace(.set, target.range)
        offset = target.range.lowerBound
        guard target.isComputable, let last = target.steps.last else {
            emit(.store, b: slot(target.name))
            return
        }
        let drop = emit(.dropIfNull)
        var owner = target
        owner.steps.removeLast()
        chain(owner, isTarget: true)
        offset = last.range.lowerBound
        switch last.form {
        case .property(let name), .method(let name, _): emit(.setProperty, c: constant(name))
        case .index(let index):
            self.value(index)
            emit(.setIndex)
        }
        patch([drop])
    }

    private mutating func choice(
        _ branches: [(condition: TemplateExpression, body: [TemplateStatement])], _ otherwise: [TemplateStatement]?
    ) {
        var ends: [Int] = []
        for (place, branch) in branches.enumerated() {
            offset = branch.condition.range.lowerBound
            let skips = condition(branch.condition)
            statements(branch.body)
            if place + 1 < branches.count || otherwise != nil { ends.append(emit(.jump)) }
            patch(skips)
        }
        if let otherwise { statements(otherwise) }
        patch(ends)
    }

    private mutating func loop(_ variable: String, _ source: TemplateExpression, _ body: [TemplateStatement]) {
        let start = offset
        value(source)
        offset = start
        let begin = emit(.loopBegin, b: slot(variable))
        markLabel()
        let head = emit(.loopNext)
        traceTurn(variable, start)
        loopDepth += 1
        statements(body)
        loopDepth -= 1
        emit(.jump, c: UInt32(head))
        patch([begin, head])
    }

    /// Runs `body` as part of a string, in which the loops around it are still the ones that `#break` leaves.
    mutating func string(_ body: [TemplateStatement], dropsLast: Bool) {
        emit(.beginString)
        statements(body)
        emit(.endString, a: dropsLast ? 1 : 0)
    }
}

/// What a template assigns and defines, looked up before it is compiled.
private struct TemplateSurvey {
    var assigned: Set<String> = []
    var hasBlocks = false

    mutating func visit(_ statements: [TemplateStatement]) {
        for statement in statements {
            switch statement.form {
            case .text, .stop, .load: break
            case .break(let scope): if let scope { visit(scope) }
            case .reference(let reference): visit(reference)
            case .set(let target, let value):
                if target.steps.isEmpty { assigned.insert(target.name) } else { visit(target) }
                visit(value)
            case .choice(let branches, let otherwise):
                for branch in branches {
                    visit(branch.condition)
                    visit(branch.body)
                }
                visit(otherwise ?? [])
            case .loop(let variable, let source, let body):
                assigned.insert(variable)
                visit(source)
                visit(body)
            case .define(let name, let body):
                hasBlocks = true
                assigned.insert(name)
                visit(body)
            }
        }
    }

    private mutating func visit(_ reference: TemplateReference) {
        for step in reference.steps {
            switch step.form {
            case .property: break
            case .method(_, let arguments): for argument in arguments { visit(argument) }
            case .index(let index): visit(index)
            }
        }
    }

    private mutating func visit(_ value: TemplateExpression) {
        switch value.form {
        case .string, .integer, .float, .truth: break
        case .reference(let reference): visit(reference)
        case .interpolation(let statements, _): visit(statements)
        case .list(let values): for value in values { visit(value) }
        case .map(let entries):
            for entry in entries {
                visit(entry.key)
                visit(entry.value)
            }
        case .range(let first, let last):
            visit(first)
            visit(last)
        case .not(let value): visit(value)
        case .chain(let first, let rest):
            visit(first)
            for part in rest { visit(part.operand) }
        }
    }
}

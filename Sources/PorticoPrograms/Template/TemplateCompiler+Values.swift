import PorticoSyntax

/// Values and conditions.
extension TemplateCompiler {
    /// Puts the value on the stack. A reference without a value is the empty string.
    mutating func value(_ expression: TemplateExpression) {
        offset = expression.range.lowerBound
        switch expression.form {
        case .reference(let reference):
            guard reference.isComputable else {
                emit(.null)
                return
            }
            chain(reference)
            trace(.reference, reference.range)
            finish()
        case .string(let text): emit(.string, c: constant(text))
        case .interpolation(let statements, let dropsLast): string(statements, dropsLast: dropsLast)
        case .integer(let text): integer(text)
        case .float(let text): emit(.double, c: number((Double(text) ?? 0).bitPattern))
        case .truth(let truth): emit(.truth, a: truth ? 1 : 0)
        case .list(let elements):
            emit(.newList)
            for element in elements {
                value(element)
                emit(.append)
            }
        case .map(let entries):
            emit(.newMap)
            for entry in entries {
                value(entry.key)
                value(entry.value)
                emit(.putEntry)
            }
        case .range(let first, let last):
            value(first)
            value(last)
            emit(.range)
        case .not(let operand):
            tested(operand)
            emit(.not)
        case .chain(let first, let rest): operators(first, rest)
        }
    }

    private mutating func integer(_ text: String) {
        if let small = Int32(text) {
            emit(.int, c: UInt32(bitPattern: small))
        } else if let large = Int64(text) {
            emit(.long, c: number(UInt64(bitPattern: large)))
        } else {
            emit(.bigInteger, c: constant(text))
        }
    }

    /// Turns `null` on the stack into the empty string, by a flag of the last instruction where it has one.
    private mutating func finish() {
        guard let last = lastInstruction else {
            emit(.orEmpty)
            return
        }
        switch last.opcode {
        case .load, .property, .loadProperty, .index, .context, .stageVariable, .inputPath, .inputPathOf, .contextExtra:
            program.instructions[here - 1].a |= TemplateInstruction.orEmpty
        case .call, .utility: program.instructions[here - 1].c |= UInt32(TemplateInstruction.orEmpty)
        default: emit(.orEmpty)
        }
    }

    private mutating func operators(
        _ first: TemplateExpression, _ rest: [(sign: TemplateOperator, operand: TemplateExpression)]
    ) {
        if rest[0].sign == .and || rest[0].sign == .or {
            let jumps = shortcut(first, rest)
            let decided = rest[0].sign == .or
            emit(.truth, a: decided ? 0 : 1)
            let end = emit(.jump)
            patch(jumps)
            emit(.truth, a: decided ? 1 : 0)
            patch([end])
            return
        }
        value(first)
        for (sign, operand) in rest {
            value(operand)
            offset = first.range.lowerBound
            emit(Self.opcodes[Int(sign.rawValue)])
        }
    }

    /// By the raw value of ``TemplateOperator``; the first two never come.
    private static let opcodes: [TemplateOpcode] = [
        .toTruth, .toTruth, .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual, .add, .subtract,
        .multiply, .divide, .modulo,
    ]

    /// Evaluates operands of `and` or `or` until one decides; answers the jumps that it takes.
    private mutating func shortcut(
        _ first: TemplateExpression, _ rest: [(sign: TemplateOperator, operand: TemplateExpression)]
    ) -> [Int] {
        let opcode: TemplateOpcode = rest[0].sign == .and ? .jumpIfFalse : .jumpIfTrue
        var jumps: [Int] = []
        tested(first)
        jumps.append(emit(opcode))
        for (_, operand) in rest {
            tested(operand)
            jumps.append(emit(opcode))
        }
        return jumps
    }

    /// Puts on the stack what is true or false where a condition is wanted. Literals and computed numbers never hold
    /// and are not even evaluated: `#if("x")` and `#if(1)` are false.
    /// *Source:* observed on Apache Velocity 1.7.
    private mutating func tested(_ expression: TemplateExpression) {
        switch expression.form {
        case .reference, .truth, .not: value(expression)
        case .chain(_, let rest) where rest[0].sign.level <= 3: value(expression)
        default: emit(.truth, a: 0)
        }
    }

    /// Evaluates a condition; answers the jumps that are taken when it does not hold.
    mutating func condition(_ expression: TemplateExpression) -> [Int] {
        if isTraced {
            tested(expression)
            emit(.toTruth)
            trace(.condition, expression.range)
            return [emit(.jumpIfFalse)]
        }
        switch expression.form {
        case .not(let operand):
            tested(operand)
            return [emit(.jumpIfTrue)]
        case .chain(let first, let rest) where rest[0].sign == .and:
            var jumps = condition(first)
            for (_, operand) in rest { jumps += condition(operand) }
            return jumps
        case .chain(let first, let rest) where rest[0].sign == .or:
            let holds = shortcut(first, rest)
            let fails = emit(.jump)
            patch(holds)
            return [fails]
        default:
            tested(expression)
            return [emit(.jumpIfFalse)]
        }
    }
}

/// What the machine trusts: operands in range, jumps to instructions, and one state of stack, loops and strings at each
/// instruction, whichever way leads there.
extension TemplateProgram {
    /// What must be the same on all ways to an instruction.
    private struct State: Equatable {
        var stack = 0
        var loops = 0
        var strings = 0
    }

    /// Checks the program and computes ``stackDepth``.
    mutating func verify() throws(ProgramDecodingError) {
        if constant != nil {
            guard instructions.isEmpty else { throw ProgramDecodingError("a constant template has no code", at: 0) }
            return
        }
        guard !instructions.isEmpty, instructions.count == offsets.count else {
            throw ProgramDecodingError("no code", at: 0)
        }
        guard variables.count < Int(Self.noSlot) else { throw ProgramDecodingError("too many variables", at: 0) }
        for constant in constants {
            guard UInt64(constant.offset) + UInt64(constant.length) <= UInt64(pool.count) else {
                throw ProgramDecodingError("constant beyond the pool", at: 0)
            }
        }
        for slot in [foreachSlot, countSlot, hasNextSlot] where slot != Self.noSlot {
            guard Int(slot) < variables.count else { throw ProgramDecodingError("no such variable", at: 0) }
        }
        for (place, instruction) in instructions.enumerated() { try verifyOperands(instruction, at: place) }
        try verifyFlow()
    }

    private func verifyOperands(_ instruction: TemplateInstruction, at place: Int) throws(ProgramDecodingError) {
        let row = instruction.opcode.row
        func require(_ condition: Bool, _ reason: String) throws(ProgramDecodingError) {
            if !condition { throw ProgramDecodingError("\(instruction.opcode): \(reason)", at: place) }
        }
        switch row.operand {
        case .none, .immediate: break
        case .constant:
            let mayLack = instruction.opcode == .print || instruction.opcode == .printVariable
            try require(
                Int(instruction.c) < constants.count || mayLack && instruction.c == TemplateInstruction.noConstant,
                "no such constant")
        case .target:
            let target = Int(instruction.c)
            try require(target < instructions.count, "jumps beyond the end")
            // Only loops go back, and each of their turns is counted: no program runs for ever.
            try require(
                target > place || instruction.opcode == .jump && instructions[target].opcode == .loopNext, "jumps back")
        case .number: try require(Int(instruction.c) < numbers.count, "no such number")
        case .path: try require(Int(instruction.c) < paths.count, "no such path")
        }
        if row.slot { try require(Int(instruction.b) < variables.count, "no such variable") }
        switch instruction.opcode {
        case .call: try require(Int(instruction.b) < TemplateMethod.allCases.count, "no such method")
        case .utility, .printUtility:
            try require(Int(instruction.b) < TemplateUtility.allCases.count, "no such function")
            let arguments = instruction.opcode == .utility ? 1 : 0
            try require(Int(instruction.a) == arguments, "wrong number of arguments")
        case .paramsOf, .paramNamed:
            try require(Int(instruction.a) < TemplateParameterKind.allCases.count, "no such parameters")
        case .override: try require(Int(instruction.a) < TemplateOverrideKind.allCases.count, "no such overrides")
        default: break
        }
    }

    private mutating func verifyFlow() throws(ProgramDecodingError) {
        var states = [State?](repeating: nil, count: instructions.count)
        var work = [0]
        states[0] = State()
        var deepest = 0
        while let place = work.popLast() {
            guard let state = states[place] else { continue }
            let instruction = instructions[place]
            let row = instruction.opcode.row
            func fail(_ reason: String) -> ProgramDecodingError {
                ProgramDecodingError("\(instruction.opcode): \(reason)", at: place)
            }
            let pops = row.pops + (row.counted ? Int(instruction.a) : 0)
            guard state.stack >= pops else { throw fail("stack is empty") }
            var after = state
            after.stack += row.pushes - pops
            deepest = max(deepest, state.stack, after.stack)
            guard deepest <= Self.maximumStack else { throw fail("stack is too deep") }
            var target = after
            switch instruction.opcode {
            case .dropIfNull: target.stack -= 1
            case .loopNext:
                guard state.loops > 0 else { throw fail("no loop") }
                target.loops -= 1
            case .loopBegin:
                guard state.loops < Self.maximumNesting else { throw fail("loops nest too deeply") }
                after.loops += 1
                // The machine needs to know where the loop goes on and ends.
                guard place + 1 < instructions.count, instructions[place + 1].opcode == .loopNext,
                    instructions[place + 1].c == instruction.c
                else { throw fail("no loop follows") }
            case .break:
                guard state.loops > 0 else { throw fail("no loop") }
            case .beginString:
                guard state.strings < Self.maximumNesting else { throw fail("strings nest too deeply") }
                after.strings += 1
            case .endString:
                guard state.strings > 0 else { throw fail("no string") }
                after.strings -= 1
            case .define: target = State()
            case .return:
                // A block may be left from within a loop only by `break`.
                guard state.loops == 0 else { throw fail("within a loop") }
            default: break
            }
            func reach(_ next: Int, _ state: State) throws(ProgramDecodingError) {
                if let known = states[next] {
                    guard known == state else { throw fail("ways that lead to \(next) differ") }
                } else {
                    states[next] = state
                    work.append(next)
                }
            }
            if row.operand == .target { try reach(Int(instruction.c), target) }
            if row.continues {
                guard place + 1 < instructions.count else { throw fail("runs off the end") }
                try reach(place + 1, after)
            }
        }
        stackDepth = deepest
    }
}

// Hot: once per instruction. Allocates: nothing.

/// The loop over the instructions.
extension TemplateMachine {
    /// Runs instructions until the block ends. `base` is the bottom of the whole stack.
    func run(
        from entry: Int, stack start: UnsafeMutablePointer<TemplateValue>, base: UnsafeMutablePointer<TemplateValue>
    )
        -> End
    {
        var pc = entry
        var top = start
        let code = self.code
        let variables = self.variables
        let outerFrames = frameCount
        while true {
            let instruction = code[pc]
            switch instruction.opcode {
            case .text: emit(constant(instruction.c))
            case .print:
                top -= 1
                let ending = printed(top.pointee, unprinted: instruction.c, top, base)
                if ending != .finished || failed {
                    if let next = left(ending, outerFrames) {
                        pc = next
                        top = base + frames[frameCount].stack
                        continue
                    }
                    return failed ? end(at: pc) : ending
                }
            case .printVariable:
                let ending = printed(variables[Int(instruction.b)], unprinted: instruction.c, top, base)
                if ending != .finished || failed {
                    if let next = left(ending, outerFrames) {
                        pc = next
                        top = base + frames[frameCount].stack
                        continue
                    }
                    return failed ? end(at: pc) : ending
                }
            case .printContext: emit(contextBytes(instruction.b))
            case .printProperty:
                top -= 1
                let ending = printed(
                    property(top.pointee, constant(instruction.c)), unprinted: TemplateInstruction.noConstant, top, base
                )
                if ending != .finished || failed {
                    if let next = left(ending, outerFrames) {
                        pc = next
                        top = base + frames[frameCount].stack
                        continue
                    }
                    return failed ? end(at: pc) : ending
                }
            case .printProperties where isWalkable(variables[Int(instruction.b)]),
                .loadProperty where isWalkable(variables[Int(instruction.b)]):
                let next = walk(pc, variables[Int(instruction.b)], top)
                if failed { return end(at: pc) }
                top += next & 1
                pc = next &>> 1
                continue
            case .printProperties:
                let value = property(variables[Int(instruction.b)], constant(instruction.c))
                let ending = printed(value, unprinted: TemplateInstruction.noConstant, top, base)
                if ending != .finished || failed {
                    if let next = left(ending, outerFrames) {
                        pc = next
                        top = base + frames[frameCount].stack
                        continue
                    }
                    return failed ? end(at: pc) : ending
                }
            case .null: push(.null, &top)
            case .truth: push(TemplateValue(instruction.a != 0), &top)
            case .int: push(TemplateValue(int: Int32(bitPattern: instruction.c)), &top)
            case .long: push(TemplateValue(long: Int64(bitPattern: numbers[Int(instruction.c)])), &top)
            case .double: push(TemplateValue(Double(bitPattern: numbers[Int(instruction.c)])), &top)
            case .bigInteger: push(TemplateValue(bigInteger: constant(instruction.c)), &top)
            case .string: push(TemplateValue(constant(instruction.c)), &top)
            case .load: push(finished(variables[Int(instruction.b)], instruction.a), &top)
            case .loadProperty where variables[Int(instruction.b)].tag == .loop:
                let value = loopProperty(variables[Int(instruction.b)].handle, constant(instruction.c))
                push(finished(value, instruction.a), &top)
            case .loadProperty:
                push(finished(property(variables[Int(instruction.b)], constant(instruction.c)), instruction.a), &top)
                if failed { return end(at: pc) }
            case .store:
                top -= 1
                if !top.pointee.isNull { variables[Int(instruction.b)] = top.pointee }
            case .input: push(TemplateValue(object: .input), &top)
            case .util: push(TemplateValue(object: .util), &top)
            case .stageVariables: push(TemplateValue(object: .stageVariables), &top)
            case .stageVariable: push(finished(stageVariable(instruction.b), instruction.a), &top)
            case .context: push(finished(contextValue(instruction.b), instruction.a), &top)
            case .contextNode: push(TemplateValue(.context, handle: Int(instruction.b)), &top)
            case .contextExtra: push(finished(extraContext(constant(instruction.c)), instruction.a), &top)
            case .override: push(TemplateValue(.override, handle: Int(instruction.a)), &top)
            case .property:
                (top - 1).pointee = finished(property((top - 1).pointee, constant(instruction.c)), instruction.a)
                if failed { return end(at: pc) }
            case .index:
                top -= 1
                (top - 1).pointee = finished(index((top - 1).pointee, top.pointee), instruction.a)
                if failed { return end(at: pc) }
            case .call:
                top -= Int(instruction.a)
                (top - 1).pointee = finished(
                    call(instruction.b, (top - 1).pointee, UnsafeBufferPointer(start: top, count: Int(instruction.a))),
                    UInt8(truncatingIfNeeded: instruction.c))
                if failed { return end(at: pc) }
            case .jumpIfNull:
                if (top - 1).pointee.isNull { pc = Int(instruction.c); continue }
            case .dropIfNull:
                if (top - 1).pointee.isNull { top -= 1; pc = Int(instruction.c); continue }
            case .setProperty:
                top -= 2
                setProperty(of: (top + 1).pointee, constant(instruction.c), to: top.pointee)
                if failed { return end(at: pc) }
            case .setIndex:
                top -= 3
                setIndex(of: (top + 1).pointee, (top + 2).pointee, to: top.pointee)
                if failed { return end(at: pc) }
            case .pop: top -= 1
            case .orEmpty: if (top - 1).pointee.isNull { (top - 1).pointee = .empty }
            case .newList: push(TemplateValue(.list, handle: heap.newCells()), &top)
            case .newMap: push(TemplateValue(.map, handle: heap.newCells()), &top)
            case .append:
                top -= 1
                guard (top - 1).pointee.tag == .list else {
                    fail("damaged program")
                    return end(at: pc)
                }
                heap.append(top.pointee, to: (top - 1).pointee.handle)
                checkMemory()
                if failed { return end(at: pc) }
            case .putEntry:
                top -= 2
                guard (top - 1).pointee.tag == .map else {
                    fail("damaged program")
                    return end(at: pc)
                }
                _ = put((top - 1).pointee.handle, top.pointee, (top + 1).pointee)
            case .range:
                top -= 1
                (top - 1).pointee = range((top - 1).pointee, top.pointee)
                if failed { return end(at: pc) }
            case .add, .subtract, .multiply, .divide, .modulo:
                top -= 1
                (top - 1).pointee = arithmetic(instruction.opcode, (top - 1).pointee, top.pointee)
                if failed { return end(at: pc) }
            case .equal, .notEqual:
                top -= 1
                let areSame = hasSameText((top - 1).pointee, top.pointee) ?? areEqual((top - 1).pointee, top.pointee)
                if failed { return end(at: pc) }
                let truth = areSame == (instruction.opcode == .equal)
                // A condition mostly decides right away.
                if code[pc &+ 1].opcode == .jumpIfFalse {
                    top -= 1
                    pc = truth ? pc &+ 2 : Int(code[pc &+ 1].c)
                    continue
                }
                (top - 1).pointee = TemplateValue(truth)
            case .less:
                top -= 1
                (top - 1).pointee = TemplateValue(compare((top - 1).pointee, top.pointee) == -1)
            case .greater:
                top -= 1
                (top - 1).pointee = TemplateValue(compare((top - 1).pointee, top.pointee) == 1)
            case .lessOrEqual:
                top -= 1
                (top - 1).pointee = TemplateValue((compare((top - 1).pointee, top.pointee) ?? 2) <= 0)
            case .greaterOrEqual:
                top -= 1
                (top - 1).pointee = TemplateValue((compare((top - 1).pointee, top.pointee) ?? -2) >= 0)
            case .not: (top - 1).pointee = TemplateValue(!isTrue((top - 1).pointee))
            case .toTruth: (top - 1).pointee = TemplateValue(isTrue((top - 1).pointee))
            case .jump:
                pc = Int(instruction.c)
                continue
            case .jumpIfFalse:
                top -= 1
                if !isTrue(top.pointee) { pc = Int(instruction.c); continue }
            case .jumpIfTrue:
                top -= 1
                if isTrue(top.pointee) { pc = Int(instruction.c); continue }
            case .loopBegin:
                top -= 1
                if !beginLoop(top.pointee, instruction, pc, stack: top - base) {
                    if failed { return end(at: pc) }
                    pc = Int(instruction.c)
                    continue
                }
            case .loopNext:
                if !nextTurn(pc) {
                    if failed { return end(at: pc) }
                    pc = Int(instruction.c)
                    continue
                }
            case .break:
                leaveLoop(frameCount - 1)
                top = base + frames[frameCount].stack
                pc = frames[frameCount].exit
                continue
            case .breakScope:
                top -= 1
                guard top.pointee.tag == .loop, top.pointee.handle < frameCount else {
                    fail("#break: not a scope")
                    return end(at: pc)
                }
                let ending = End.leaving(loop: top.pointee.handle)
                if let next = left(ending, outerFrames) {
                    pc = next
                    top = base + frames[frameCount].stack
                    continue
                }
                return ending
            case .define:
                blockEntries.append(Int(instruction.c))
                blockTurns.append(0)
                variables[Int(instruction.b)] = TemplateValue(.block, handle: blockEntries.count - 1)
            case .return: return .finished
            case .stop: return .stopped
            case .fail:
                fail(String(decoding: constant(instruction.c), as: UTF8.self))
                return end(at: pc)
            case .beginString:
                strings.append(TemplateStringStart(place: scratch.count, sink: sink))
                sink = scratch
            case .endString:
                push(TemplateValue(finishString(dropsLast: instruction.a != 0)), &top)
                if failed { return end(at: pc) }
            case .inputBody: push(bodyText(), &top)
            case .inputPath:
                push(finished(select((paths + Int(instruction.c)).pointee), instruction.a), &top)
                if failed { return end(at: pc) }
            case .inputJSON: push(selectJSON((paths + Int(instruction.c)).pointee), &top)
            case .inputPathOf:
                (top - 1).pointee = finished(select(computed: (top - 1).pointee), instruction.a)
                if failed { return end(at: pc) }
            case .inputJSONOf:
                (top - 1).pointee = selectJSON(computed: (top - 1).pointee)
                if failed { return end(at: pc) }
            case .params: push(parameters(), &top)
            case .paramsOf: push(TemplateValue(.map, handle: parameterMap(Int(instruction.a))), &top)
            case .param: push(parameter(constant(instruction.c)), &top)
            case .paramOf: (top - 1).pointee = parameter(of: (top - 1).pointee)
            case .paramNamed: push(parameter(constant(instruction.c), Int(instruction.a)) ?? .null, &top)
            case .trace:
                report((top - 1).pointee, instruction, offset: Int(offsets[pc]))
                if failed { return end(at: pc) }
            case .printUtility:
                top -= 1
                printUtility(instruction.b, top.pointee)
                if failed { return end(at: pc) }
            case .utility:
                (top - 1).pointee = finished(
                    utility(instruction.b, (top - 1).pointee), UInt8(truncatingIfNeeded: instruction.c))
                if failed { return end(at: pc) }
            }
            pc &+= 1
        }
    }

    @inline(__always)
    private func push(_ value: TemplateValue, _ top: inout UnsafeMutablePointer<TemplateValue>) {
        top.initialize(to: value)
        top += 1
    }

    /// The value as a reference gives it.
    @inline(__always)
    func finished(_ value: TemplateValue, _ flags: UInt8) -> TemplateValue {
        value.isNull && flags & TemplateInstruction.orEmpty != 0 ? .empty : value
    }

    /// Where to go on when `#break` leaves a loop that is this block's own.
    @inline(never)
    private func left(_ ending: End, _ outerFrames: Int) -> Int? {
        guard case .leaving(let loop) = ending, loop >= outerFrames, !failed else { return nil }
        leaveLoop(loop)
        return frames[frameCount].exit
    }

    // MARK: Strings

    func finishString(dropsLast: Bool) -> UnsafeRawBufferPointer {
        guard let start = strings.popLast() else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var text = scratch.bytes(from: start.place)
        if dropsLast, !text.isEmpty, let base = text.baseAddress {
            var count = text.count - 1
            while count > 0 && text[count] & 0xC0 == 0x80 { count -= 1 }
            text = UnsafeRawBufferPointer(start: base, count: count)
        }
        charge(text.count >> 4)
        let result = heap.copy(text)
        checkMemory()
        scratch.truncate(to: start.place)
        sink = start.sink
        return result
    }

    /// Gives up strings under construction, down to a number of them.
    func abandonStrings(to count: Int) {
        guard strings.count > count else { return }
        scratch.truncate(to: strings[count].place)
        sink = strings[count].sink
        strings.removeSubrange(count...)
    }

    /// What `body` appends, as text of this run.
    func text(_ body: (OutputBuffer) -> Void) -> UnsafeRawBufferPointer {
        let start = scratch.count
        body(scratch)
        let text = scratch.bytes(from: start)
        charge(text.count >> 4)
        let result = heap.copy(text)
        checkMemory()
        scratch.truncate(to: start)
        return result
    }
}

// Hot: once per printed reference. Allocates: nothing.

/// How values print: Java's `toString`, but arrays of JSON as JSON.
extension TemplateMachine {
    /// Deepest nesting of lists and maps that prints; a list may contain itself.
    private static let maximumTextDepth = 600

    /// Appends what a reference prints. `unprinted` is the constant that stands for a block that would not end.
    @inline(__always)
    func printed(
        _ value: TemplateValue, unprinted: UInt32, _ top: UnsafeMutablePointer<TemplateValue>,
        _ base: UnsafeMutablePointer<TemplateValue>
    ) -> End {
        switch value.tag {
        case .null: return .finished
        case .string:
            emit(value.bytes)
            if value.bytes.count > 4096 { checkOutput() }
            return .finished
        case .json where !hasReplaced:
            let number = Int(value.length)
            let isScalar = withTape(number) { tape in
                if tape.kind(value.handle).isContainer { return false }
                unretainedSink._withUnsafeGuaranteedRef { tape.appendString(value.handle, into: $0) }
                return true
            }
            if isScalar { return .finished }
            appendText(value, into: sink)
            checkOutput()
            return .finished
        case .block: return block(value.handle, unprinted: unprinted, top, base)
        default:
            appendText(value, into: sink)
            checkOutput()
            return .finished
        }
    }

    /// Ends the run when the output, or a string under construction, has become too large.
    @inline(__always)
    func checkOutput() {
        if unretainedSink._withUnsafeGuaranteedRef({ $0.count }) > 2 * limits.outputBytes + 65_536 {
            fail("output is larger than \(limits.outputBytes) bytes")
        }
    }

    /// Runs the block of a `#define` in place. Each may print itself once within itself.
    /// *Source:* Velocity 1.7, `directive.define.max.depth`.
    @inline(never)
    private func block(
        _ handle: Int, unprinted: UInt32, _ top: UnsafeMutablePointer<TemplateValue>,
        _ base: UnsafeMutablePointer<TemplateValue>
    ) -> End {
        if blockTurns[handle] >= 2 {
            if unprinted != TemplateInstruction.noConstant { sink.append(constant(unprinted)) }
            return .finished
        }
        guard blockDepth < limits.depth, (top - base) + stackDepth <= Self.stackCapacity else {
            fail("#define blocks nest too deeply")
            return .failed
        }
        charge(64)
        blockDepth += 1
        blockTurns[handle] += 1
        let ending = run(from: blockEntries[handle], stack: top, base: base)
        blockTurns[handle] -= 1
        blockDepth -= 1
        return ending
    }

    /// Appends Java's `toString` of a value; nothing for `null`.
    func appendText(_ value: TemplateValue, into output: OutputBuffer, depth: Int = 0) {
        switch value.tag {
        case .null: break
        case .bool: output.append(value.bool ? "true" : "false")
        case .int, .long: output.append(decimal: Int(value.integer))
        case .double: JavaNumber.append(value.double, into: output)
        case .bigInteger, .string: output.append(value.bytes)
        case .character: appendCharacter(value.unit, into: output)
        case .json: appendNodeText(value, into: output, depth: depth)
        case .list: appendList(value.handle, into: output, depth: depth)
        case .map: appendMap(value.handle, into: output, depth: depth)
        // Observed: parts of `$context` print as nothing.
        case .context, .override, .input, .util, .iterator: break
        case .stageVariables: appendMap(snapshot(value), into: output, depth: depth)
        case .loop: output.append("{}")
        case .block: appendBlock(value.handle, into: output)
        }
    }

    private func appendCharacter(_ unit: UInt16, into output: OutputBuffer) {
        UTF8Text.append(UInt32(unit), into: output)
    }

    /// A block where a value is wanted: its text.
    private func appendBlock(_ handle: Int, into output: OutputBuffer) {
        guard blockTurns[handle] < 2, blockDepth < limits.depth else { return }
        let outer = sink
        sink = output
        let size = Self.stackCapacity
        let stack = heap.allocate(size * MemoryLayout<TemplateValue>.stride).bindMemory(
            to: TemplateValue.self, capacity: size)
        checkMemory()
        let ending = block(handle, unprinted: TemplateInstruction.noConstant, stack, stack)
        sink = outer
        if ending != .finished && ending != .failed {
            fail("#stop and #break cannot leave a block that is used as a value")
        }
    }

    private func appendList(_ handle: Int, into output: OutputBuffer, depth: Int) {
        if needsResolving { bringUpToDate(handle) }
        let kind = heap.cells[handle].kind
        let count = heap.cells[handle].count
        if kind == .json { return appendJSON(TemplateValue(.list, handle: handle), into: output, depth: depth) }
        guard enter(depth, count, output) else { return }
        if kind == .entry {
            appendElement(heap.element(handle, 0), into: output, depth: depth)
            output.append(0x3D)
            appendElement(entryValue(handle), into: output, depth: depth)
            return
        }
        output.append(0x5B)
        for place in 0..<count {
            if place > 0 { output.append(", ") }
            let element = heap.element(handle, place)
            if element.tag == .list && element.handle == handle {
                output.append("(this Collection)")
            } else {
                appendElement(element, into: output, depth: depth)
            }
            if failed { return }
        }
        output.append(0x5D)
    }

    private func appendMap(_ handle: Int, into output: OutputBuffer, depth: Int) {
        let count = heap.cells[handle].count
        guard enter(depth, count, output) else { return }
        output.append(0x7B)
        var place = 0
        while place < count {
            if place > 0 { output.append(", ") }
            for cell in place...place + 1 {
                if cell > place { output.append(0x3D) }
                let element = heap.element(handle, cell)
                if element.tag == .map && element.handle == handle {
                    output.append("(this Map)")
                } else {
                    appendElement(element, into: output, depth: depth)
                }
            }
            if failed { return }
            place += 2
        }
        output.append(0x7D)
    }

    private func appendElement(_ value: TemplateValue, into output: OutputBuffer, depth: Int) {
        if value.isNull { output.append("null") } else { appendText(value, into: output, depth: depth + 1) }
    }

    private func appendNodeText(_ value: TemplateValue, into output: OutputBuffer, depth: Int) {
        let value = resolved(value)
        guard value.tag == .json else { return appendText(value, into: output, depth: depth) }
        let tape = tapes[Int(value.length)]
        switch tape.kind(value.handle) {
        case .array where !hasReplaced:
            charge(tape.next(value.handle) - value.handle)
            tape.emit(value.handle, into: output)
        case .array: appendJSON(value, into: output, depth: depth)
        case .object:
            guard enter(depth, tape.memberCount(value.handle), output) else { return }
            output.append(0x7B)
            var isFirst = true
            for (key, member) in tape.members(value.handle) {
                if !isFirst { output.append(", ") }
                isFirst = false
                tape.appendString(key, into: output)
                output.append(0x3D)
                appendElement(nodeValue(member, tape: Int(value.length)), into: output, depth: depth)
                if failed { return }
            }
            output.append(0x7D)
        default: tape.appendString(value.handle, into: output)
        }
    }

    /// Limits of depth, work and size for one container.
    private func enter(_ depth: Int, _ count: Int, _ output: OutputBuffer) -> Bool {
        charge(count &+ 1)
        if depth > Self.maximumTextDepth { fail("value nests too deeply to be printed") }
        if output.count > 4 * limits.outputBytes { fail("output is larger than \(limits.outputBytes) bytes") }
        return !failed
    }

    // MARK: JSON

    /// Appends a value as compact JSON.
    func appendJSON(_ value: TemplateValue, into output: OutputBuffer, depth: Int = 0) {
        let value = resolved(value)
        switch value.tag {
        case .null: output.append("null")
        case .bool, .int, .long, .double, .bigInteger: appendText(value, into: output)
        case .json:
            let tape = tapes[Int(value.length)]
            guard hasReplaced, tape.kind(value.handle).isContainer else {
                charge(tape.next(value.handle) - value.handle)
                return tape.emit(value.handle, into: output)
            }
            appendChangedNode(value, tape, into: output, depth: depth)
        case .list where heap.cells[value.handle].kind != .entry:
            let count = heap.cells[value.handle].count
            guard enter(depth, count, output) else { return }
            output.append(0x5B)
            for place in 0..<count {
                if place > 0 { output.append(0x2C) }
                appendJSON(heap.element(value.handle, place), into: output, depth: depth + 1)
                if failed { return }
            }
            output.append(0x5D)
        case .map:
            let count = heap.cells[value.handle].count
            guard enter(depth, count, output) else { return }
            output.append(0x7B)
            var place = 0
            while place < count {
                if place > 0 { output.append(0x2C) }
                JSONText.appendQuoted(textBytes(heap.element(value.handle, place)), into: output)
                output.append(0x3A)
                appendJSON(heap.element(value.handle, place + 1), into: output, depth: depth + 1)
                if failed { return }
                place += 2
            }
            output.append(0x7D)
        default: JSONText.appendQuoted(textBytes(value), into: output)
        }
    }

    /// A node of which something below may have been replaced.
    private func appendChangedNode(_ value: TemplateValue, _ tape: JSONTape, into output: OutputBuffer, depth: Int) {
        guard enter(depth, tape.memberCount(value.handle), output) else { return }
        let isArray = tape.kind(value.handle) == .array
        output.append(isArray ? 0x5B : 0x7B)
        var isFirst = true
        for element in tape.elements(value.handle) {
            if !isFirst { output.append(0x2C) }
            isFirst = false
            appendJSON(TemplateValue(node: element, ofTape: Int(value.length)), into: output, depth: depth + 1)
            if failed { return }
        }
        for (key, member) in tape.members(value.handle) {
            if !isFirst { output.append(0x2C) }
            isFirst = false
            JSONText.appendQuoted(tape.text(key), into: output)
            output.append(0x3A)
            appendJSON(TemplateValue(node: member, ofTape: Int(value.length)), into: output, depth: depth + 1)
            if failed { return }
        }
        output.append(isArray ? 0x5D : 0x7D)
    }

    // MARK: As bytes

    /// The text of a value that is a Java `String`.
    @inline(__always)
    func stringBytes(_ value: TemplateValue) -> UnsafeRawBufferPointer? {
        if value.tag == .string { return value.bytes }
        return value.tag == .json ? escapedBytes(value) : nil
    }

    @inline(never)
    private func escapedBytes(_ value: TemplateValue) -> UnsafeRawBufferPointer? {
        let tape = tapes[Int(value.length)]
        guard tape.kind(value.handle).isString else { return nil }
        return text { tape.appendString(value.handle, into: $0) }
    }

    /// Java's `String.valueOf(value)`.
    func textBytes(_ value: TemplateValue) -> UnsafeRawBufferPointer {
        switch value.tag {
        case .string, .bigInteger: value.bytes
        case .null: Self.nullText
        default: text { appendText(value, into: $0) }
        }
    }

    private static var nullText: UnsafeRawBufferPointer {
        let text: StaticString = "null"
        return UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}

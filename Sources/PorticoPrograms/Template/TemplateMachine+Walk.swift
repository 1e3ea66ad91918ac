// Hot: once per reference into a body. Allocates: nothing.

/// References into a body, such as `$item.title.S`, in one go.
extension TemplateMachine {
    /// Whether ``walk(_:_:_:)`` takes a value.
    @inline(__always)
    func isWalkable(_ value: TemplateValue) -> Bool { value.tag == .json && !hasReplaced }

    /// Runs the instruction at `start`, which asks `value` for a property, and those behind it that ask on; then prints
    /// what is found, and the text that follows, or puts it at `top`. Answers the index of the next instruction, times
    /// two, plus one when something was put on the stack.
    ///
    /// One by one these instructions took three times as long: each made a value of a node, put it on the stack and found
    /// its tape again.
    @inline(never)
    func walk(_ start: Int, _ value: TemplateValue, _ top: UnsafeMutablePointer<TemplateValue>) -> Int {
        let code = self.code
        let number = Int(value.length)
        let view = view(number)
        var pc = start
        var node = view.node(value.handle)
        while true {
            let instruction = code[pc]
            let name = constant(instruction.c)
            var isDecided = true
            let found = view.member(node, named: name, isDecided: &isDecided)
            pc &+= 1
            let isPrinted = instruction.opcode == .printProperty || instruction.opcode == .printProperties
            if let found {
                if isPrinted {
                    printNode(found, view, number)
                    break
                }
                let next = code[pc]
                if next.opcode == .printProperty || next.opcode == .property {
                    node = found
                    continue
                }
                if next.opcode == .printUtility, printEscaped(next.b, found, view) {
                    pc &+= 1
                    break
                }
                top.initialize(to: finished(view.value(found, tape: number), instruction.a))
                return pc &<< 1 | 1
            }
            let other = isDecided ? .null : property(view.value(node, tape: number), name)
            if isPrinted {
                appendText(other, into: sink)
                break
            }
            top.initialize(to: finished(other, instruction.a))
            return pc &<< 1 | 1
        }
        if code[pc].opcode == .text {
            emit(constant(code[pc].c))
            pc &+= 1
        }
        return pc &<< 1
    }

    @inline(__always)
    private func printNode(_ node: UnsafePointer<JSONNode>, _ view: TemplateTapeView, _ number: Int) {
        guard node.pointee.kind == .string else { return printOther(view.value(node, tape: number)) }
        let text = view.text(node)
        emit(text)
        if text.count > 4096 { checkOutput() }
    }

    @inline(never)
    private func printOther(_ value: TemplateValue) {
        appendText(value, into: sink)
        checkOutput()
    }

    /// Prints a string with JavaScript's escapes; false for other functions and other values.
    @inline(__always)
    private func printEscaped(_ function: UInt16, _ node: UnsafePointer<JSONNode>, _ view: TemplateTapeView) -> Bool {
        let kind = node.pointee.kind
        guard function == TemplateUtility.escapeJavaScript.rawValue, kind == .string || kind == .escapedString else {
            return false
        }
        let text = view.text(node)
        charge(text.count >> 3)
        unretainedSink._withUnsafeGuaranteedRef {
            TemplateEscaping.appendJavaScript(text, hasEscapes: kind == .escapedString, into: $0)
        }
        if text.count > 4096 { checkOutput() }
        return true
    }
}

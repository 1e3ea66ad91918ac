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
        var node = value.handle
        while true {
            let instruction = code[pc]
            let name = constant(instruction.c)
            let found = view.member(node, named: name)
            pc &+= 1
            let isPrinted = instruction.opcode == .printProperty || instruction.opcode == .printProperties
            if found >= 0 {
                if isPrinted {
                    printNode(found, view, number)
                    break
                }
                let next = code[pc]
                if next.opcode == .property || next.opcode == .printProperty {
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
            let other = found == TemplateTapeView.absent ? .null : property(view.value(node, tape: number), name)
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

    /// Prints a member of an object.
    @inline(__always)
    private func printNode(_ node: NodeIndex, _ view: TemplateTapeView, _ number: Int) {
        let (kind, text) = view.scalar(node)
        if kind == .string {
            emit(text)
            if text.count > 4096 { checkOutput() }
        } else {
            printOther(node, number)
        }
    }

    @inline(never)
    private func printOther(_ node: NodeIndex, _ number: Int) {
        appendText(nodeValue(node, tape: number), into: sink)
        checkOutput()
    }

    /// Prints a string with JavaScript's escapes; false for other functions and other values.
    @inline(__always)
    private func printEscaped(_ function: UInt16, _ node: NodeIndex, _ view: TemplateTapeView) -> Bool {
        guard function == TemplateUtility.escapeJavaScript.rawValue else { return false }
        let (kind, text) = view.scalar(node)
        guard kind == .string || kind == .escapedString else { return false }
        charge(text.count >> 3)
        unretainedSink._withUnsafeGuaranteedRef {
            TemplateEscaping.appendJavaScript(text, hasEscapes: kind == .escapedString, into: $0)
        }
        return true
    }
}

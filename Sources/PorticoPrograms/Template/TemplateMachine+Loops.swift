// Hot: once per turn of a loop. Allocates: nothing.

/// A `#foreach` under way.
struct TemplateFrame {
    /// What is walked through: a list or the cells of a map, else the children of a JSON node.
    var cells = -1
    var isMap = false
    /// The first element of ``cells`` that it takes.
    var start = 0
    /// The list or map whose changes Java's iterator would notice, or -1, and how many it had seen.
    var watched = -1
    var changes: UInt32 = 0
    /// Whether the iterator knows its end by the size of the list, as those of `ArrayList` do.
    var followsSize = false
    /// An iterator that goes on with the loop, or -1.
    var iterator = -1
    var tape = 0
    /// The array or object, and the child that comes next.
    var container: NodeIndex = 0
    var node: NodeIndex = 0
    var isObject = false
    /// Elements, as of the beginning.
    var count = 0
    /// Turns begun.
    var turn = 0
    var slot = 0
    var exit = 0
    var stack = 0
    var strings = 0
    /// Values that the loop's variables had before.
    var savedVariable = TemplateValue.null
    var savedForeach = TemplateValue.null
    var savedCount = TemplateValue.null
    var savedHasNext = TemplateValue.null
    /// The frame of the loop around this one, as `$foreach.parent` sees it.
    var parent = -1
}

extension TemplateMachine {
    /// Begins a loop over `value`; false when there is nothing to walk through.
    func beginLoop(_ value: TemplateValue, _ instruction: TemplateInstruction, _ pc: Int, stack depth: Int) -> Bool {
        var frame = TemplateFrame()
        let source = resolved(value)
        switch source.tag {
        case .list:
            guard heap.cells[source.handle].kind != .entry else { return false }
            frame.cells = source.handle
            frame.count = heap.cells[source.handle].count
            watch(source.handle, &frame)
        case .map:
            frame.cells = source.handle
            frame.isMap = true
            frame.count = heap.cells[source.handle].count / 2
            frame.watched = source.handle
            frame.changes = heap.cells[source.handle].changes
        case .json:
            let tape = tapes[Int(source.length)]
            let kind = tape.kind(source.handle)
            guard kind.isContainer else { return false }
            frame.tape = Int(source.length)
            frame.container = source.handle
            frame.node = source.handle + 1
            frame.isObject = kind == .object
            frame.count = tape.memberCount(source.handle)
        case .iterator:
            frame.iterator = source.handle
            frame.cells = heap.element(source.handle, 0).handle
            frame.start = Int(heap.element(source.handle, 1).integer)
            frame.count = heap.cells[frame.cells].count - frame.start
            watch(frame.cells, &frame)
            frame.changes = UInt32(truncatingIfNeeded: heap.element(source.handle, 2).integer)
        case .stageVariables, .context, .override:
            frame.cells = snapshot(source)
            frame.isMap = true
            frame.count = heap.cells[frame.cells].count / 2
        default: return false
        }
        guard frameCount < Self.frameCapacity else {
            fail("loops nest too deeply")
            return false
        }
        frame.slot = Int(instruction.b)
        frame.exit = Int(instruction.c)
        frame.stack = depth
        frame.strings = strings.count
        frame.savedVariable = variables[frame.slot]
        if loopSlots.foreach != TemplateProgram.noSlot {
            let slot = Int(loopSlots.foreach)
            frame.savedForeach = variables[slot]
            if frame.savedForeach.tag == .loop { frame.parent = frame.savedForeach.handle }
            variables[slot] = TemplateValue(.loop, handle: frameCount)
        }
        if loopSlots.count != TemplateProgram.noSlot { frame.savedCount = variables[Int(loopSlots.count)] }
        if loopSlots.hasNext != TemplateProgram.noSlot { frame.savedHasNext = variables[Int(loopSlots.hasNext)] }
        (frames + frameCount).initialize(to: frame)
        frameCount += 1
        return true
    }

    /// Goes on to the next element; false when the loop has ended.
    func nextTurn(_ pc: Int) -> Bool {
        let frame = frames + (frameCount - 1)
        if needsResolving { followChanges(frame) }
        let turn = frame.pointee.turn
        if frame.pointee.watched >= 0 {
            let watched = heap.cells[frame.pointee.watched]
            if frame.pointee.followsSize { frame.pointee.count = watched.count - frame.pointee.start }
            let hasNext = frame.pointee.followsSize ? turn != frame.pointee.count : turn < frame.pointee.count
            if hasNext && watched.changes != frame.pointee.changes {
                fail("ConcurrentModificationException: the list was changed while #foreach walked through it")
                return false
            }
        }
        let count = frame.pointee.count
        guard turn < count, turn < limits.foreachTurns else {
            leaveLoop(frameCount - 1)
            return false
        }
        charge(frame.pointee.exit - pc)
        // Short texts are printed without a look at how much there is.
        checkOutput()
        if failed { return false }
        let value: TemplateValue
        if frame.pointee.cells >= 0 {
            let place = frame.pointee.start + turn
            value = heap.element(frame.pointee.cells, frame.pointee.isMap ? place * 2 + 1 : place)
            if frame.pointee.iterator >= 0 {
                heap.setElement(frame.pointee.iterator, 1, TemplateValue(count: place + 1))
            }
        } else {
            let number = frame.pointee.tape
            let node = frame.pointee.isObject ? frame.pointee.node + 1 : frame.pointee.node
            value = nodeValue(node, tape: number)
            frame.pointee.node = view(number).next(node)
        }
        variables[frame.pointee.slot] = value
        frame.pointee.turn = turn + 1
        if loopSlots.count != TemplateProgram.noSlot {
            variables[Int(loopSlots.count)] = TemplateValue(count: turn + 1)
        }
        if loopSlots.hasNext != TemplateProgram.noSlot {
            variables[Int(loopSlots.hasNext)] = TemplateValue(turn + 1 < count)
        }
        return true
    }

    /// Notes what Java's iterator of a list would watch.
    private func watch(_ list: Int, _ frame: inout TemplateFrame) {
        let cells = heap.cells[list]
        frame.watched = cells.view == .none ? list : source(of: list) ?? -1
        frame.followsSize = cells.view == .none && cells.kind != .array
        if frame.watched >= 0 { frame.changes = heap.cells[frame.watched].changes }
    }

    /// Goes on with what a loop walks through after something has changed.
    @inline(never)
    private func followChanges(_ frame: UnsafeMutablePointer<TemplateFrame>) {
        if frame.pointee.cells >= 0 {
            if frame.pointee.watched < 0, let source = source(of: frame.pointee.cells) {
                // A JSON object that has become a map since; it had no changes then.
                frame.pointee.watched = source
            }
            let isGood = frame.pointee.watched < 0 || heap.cells[frame.pointee.watched].changes == frame.pointee.changes
            if isGood { bringUpToDate(frame.pointee.cells) }
            return
        }
        let container = TemplateValue(node: frame.pointee.container, ofTape: frame.pointee.tape)
        guard let handle = replaced[Self.key(container)] else { return }
        frame.pointee.cells = handle
        frame.pointee.watched = handle
        frame.pointee.isMap = frame.pointee.isObject
        frame.pointee.followsSize = !frame.pointee.isObject
    }

    /// Ends the loop and those within it, and gives their variables the old values back.
    func leaveLoop(_ index: Int) {
        precondition(index >= 0 && index < frameCount)
        while frameCount > index {
            frameCount -= 1
            let frame = frames[frameCount]
            variables[frame.slot] = frame.savedVariable
            if loopSlots.foreach != TemplateProgram.noSlot {
                // What the template itself has put there stays.
                let current = variables[Int(loopSlots.foreach)]
                if current.tag == .loop { variables[Int(loopSlots.foreach)] = frame.savedForeach }
            }
            if loopSlots.count != TemplateProgram.noSlot { variables[Int(loopSlots.count)] = frame.savedCount }
            if loopSlots.hasNext != TemplateProgram.noSlot { variables[Int(loopSlots.hasNext)] = frame.savedHasNext }
            abandonStrings(to: frame.strings)
        }
    }

    /// A member of `$foreach`.
    func loopProperty(_ handle: Int, _ name: UnsafeRawBufferPointer) -> TemplateValue {
        guard handle < frameCount else { return .null }
        let frame = frames[handle]
        let hasNext = frame.turn < frame.count
        // By length first: this is asked in every turn of most loops.
        switch name.count {
        case 7:
            if Self.equals(name, "hasNext") { return TemplateValue(hasNext) }
            if Self.equals(name, "topmost") { return topmostLoop(handle) }
        case 5:
            if Self.equals(name, "index") { return TemplateValue(count: frame.turn - 1) }
            if Self.equals(name, "count") { return TemplateValue(count: frame.turn) }
            if Self.equals(name, "first") { return TemplateValue(frame.turn <= 1) }
            if Self.equals(name, "empty") { return TemplateValue(true) }
        case 4:
            if Self.equals(name, "last") { return TemplateValue(!hasNext) }
        default:
            if Self.equals(name, "parent"), frame.parent >= 0 { return TemplateValue(.loop, handle: frame.parent) }
        }
        return .null
    }

    private func topmostLoop(_ handle: Int) -> TemplateValue {
        var handle = handle
        while frames[handle].parent >= 0 && frames[handle].parent < handle { handle = frames[handle].parent }
        return TemplateValue(.loop, handle: handle)
    }

    func loopMethod(_ method: TemplateMethod, _ handle: Int) -> TemplateValue {
        func property(_ name: StaticString) -> TemplateValue {
            loopProperty(handle, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
        switch method {
        case .getIndex: return property("index")
        case .getCount: return property("count")
        case .hasNext, .getHasNext: return property("hasNext")
        case .isFirst, .getFirst: return property("first")
        case .isLast, .getLast: return property("last")
        case .getParent: return property("parent")
        case .getTopmost: return property("topmost")
        case .size: return TemplateValue(int: 0)
        case .isEmpty: return TemplateValue(true)
        case .toString: return TemplateValue(text { $0.append("{}") })
        default: return .null
        }
    }
}

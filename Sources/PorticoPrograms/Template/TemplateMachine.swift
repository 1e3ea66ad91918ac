// Hot: once per template run. Allocates: what the template builds, in memory that later runs reuse.

/// Limits of one run.
public struct TemplateLimits: Sendable {
    /// Instructions, and bytes handled by methods counted with them.
    public var steps = 20_000_000
    /// Bytes of output. *Source:* API Gateway quotas, payload size.
    public var outputBytes = 10 << 20
    /// Turns of one `#foreach`, after which it ends. *Source:* API Gateway quotas, "Iterations in a #foreach loop".
    /// Unconfirmed: that the loop ends, rather than the request.
    public var foreachTurns = 1000
    /// Blocks of `#define` that print one another.
    public var depth = 32

    /// API Gateway's limits, and Portico's where it has none.
    public init() {}
}

/// Why a run ended without its output.
public struct TemplateFailure: Error, Sendable, Equatable {
    /// One line for the execution log.
    public var reason: String
    /// Offset in the template of what failed.
    public var offset: Int
}

/// How a run ended.
public enum TemplateOutcome: Sendable, Equatable {
    /// The output is complete.
    case done
    /// The output is of no use; what was appended has been removed again.
    case failed(TemplateFailure)
}

/// Runs template programs. A worker owns one and uses it from its event loop only; it keeps its memory from run to run.
public final class TemplateMachine {
    /// How a sequence of instructions ended.
    enum End: Equatable {
        case finished, stopped, failed
        /// `#break` of a loop outside of the block that was running.
        case leaving(loop: Int)
    }

    static let stackCapacity = 4096
    static let frameCapacity = 1024

    let names: TemplateContextNames
    let symbols: SymbolTable
    let limits: TemplateLimits
    let heap = TemplateHeap()
    let scratch = OutputBuffer()
    let matcher = PatternMatcher()
    private let stack = UnsafeMutablePointer<TemplateValue>.allocate(capacity: TemplateMachine.stackCapacity)
    let frames = UnsafeMutablePointer<TemplateFrame>.allocate(capacity: TemplateMachine.frameCapacity)
    var frameCount = 0
    var variables = UnsafeMutablePointer<TemplateValue>.allocate(capacity: 64)
    private var variableCapacity = 64

    // Of the run under way
    var input = TemplateInput()
    var overrides = TemplateOverrides()
    /// Where text goes: the caller's buffer, or ``scratch`` while a string is built.
    var sink: OutputBuffer
    var strings: [TemplateStringStart] = []
    var stepsLeft = 0
    var blockDepth = 0
    var blockEntries: [Int] = []
    var blockTurns: [Int] = []
    var failure: TemplateFailure?
    var failed = false
    var code = UnsafePointer<TemplateInstruction>(bitPattern: 16).unsafelyUnwrapped
    var offsets = UnsafePointer<UInt32>(bitPattern: 16).unsafelyUnwrapped
    var constants = UnsafePointer<TemplateConstant>(bitPattern: 16).unsafelyUnwrapped
    var pool = UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped
    var loopSlots = (foreach: TemplateProgram.noSlot, count: TemplateProgram.noSlot, hasNext: TemplateProgram.noSlot)
    var stackDepth = 0

    // JSON
    var tapes: [JSONTape] = [JSONTape()]
    var usedTapes = 1
    var bodyState = TemplateBodyState.unread
    /// Arrays and objects of tapes that a template has changed, with the list or map that replaces them.
    var replaced: [UInt64: Int] = [:]
    var parameterMaps: [Int] = [-1, -1, -1, -1]
    // Kept from run to run
    var computedPaths: [String: JSONPath] = [:]
    var patterns: [String: Pattern] = [:]

    /// Makes a machine for programs that were compiled with these symbols.
    public init(symbols: SymbolTable, limits: TemplateLimits = .init()) {
        self.symbols = symbols
        self.limits = limits
        names = TemplateContextNames(symbols)
        sink = scratch
    }

    deinit {
        stack.deallocate()
        frames.deallocate()
        variables.deallocate()
    }

    /// Renders `program` to the end of `output`.
    public func render(
        _ program: borrowing TemplateProgram, input: TemplateInput, overrides: inout TemplateOverrides,
        into output: OutputBuffer
    ) -> TemplateOutcome {
        if let constant = program.constant {
            output.append(constant)
            return .done
        }
        let start = output.count
        prepare(program, input, output)
        swap(&self.overrides, &overrides)
        let end = program.instructions.withUnsafeBufferPointer { code in
            program.offsets.withUnsafeBufferPointer { offsets in
                program.constants.withUnsafeBufferPointer { constants in
                    program.pool.withUnsafeBytes { pool in
                        run(program, code, offsets, constants, pool)
                    }
                }
            }
        }
        swap(&self.overrides, &overrides)
        cleanUp()
        if end == .failed || failed {
            output.truncate(to: start)
            return .failed(failure ?? TemplateFailure(reason: "template failed", offset: 0))
        }
        if output.count - start > limits.outputBytes {
            output.truncate(to: start)
            return .failed(TemplateFailure(reason: "output is larger than \(limits.outputBytes) bytes", offset: 0))
        }
        return .done
    }

    private func prepare(_ program: borrowing TemplateProgram, _ input: TemplateInput, _ output: OutputBuffer) {
        self.input = input
        sink = output
        stepsLeft = limits.steps
        failed = false
        failure = nil
        frameCount = 0
        blockDepth = 0
        stackDepth = program.stackDepth
        loopSlots = (program.foreachSlot, program.countSlot, program.hasNextSlot)
        let count = program.variables.count
        if count > variableCapacity {
            variables.deallocate()
            variables = .allocate(capacity: count)
            variableCapacity = count
        }
        variables.initialize(repeating: .null, count: count)
        for preset in program.presets { variables[Int(preset.slot)] = TemplateValue(object: preset.tag) }
    }

    private func cleanUp() {
        heap.reset()
        scratch.reset()
        input = TemplateInput()
        sink = scratch
        if !strings.isEmpty { strings.removeAll(keepingCapacity: true) }
        if !blockEntries.isEmpty {
            blockEntries.removeAll(keepingCapacity: true)
            blockTurns.removeAll(keepingCapacity: true)
        }
        if !replaced.isEmpty { replaced.removeAll() }
        if bodyState != .unread || usedTapes > 1 {
            for tape in 0..<usedTapes { tapes[tape].clear() }
            if tapes.count > 4 { tapes.removeSubrange(4...) }
            usedTapes = 1
            bodyState = .unread
        }
        for place in 0..<4 { parameterMaps[place] = -1 }
    }

    private func run(
        _ program: borrowing TemplateProgram, _ code: UnsafeBufferPointer<TemplateInstruction>,
        _ offsets: UnsafeBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<TemplateConstant>,
        _ pool: UnsafeRawBufferPointer
    ) -> End {
        guard let first = code.baseAddress, let firstOffset = offsets.baseAddress else { return .finished }
        self.code = first
        self.offsets = firstOffset
        if let base = constants.baseAddress { self.constants = base }
        if let base = pool.baseAddress { self.pool = base }
        numbers = program.numbers
        paths = program.paths
        return run(from: 0, stack: stack, base: stack)
    }

    var numbers: [UInt64] = []
    var paths: [JSONPath] = []

    // MARK: Failing

    /// Ends the run; the instruction under way becomes the place of the failure.
    @inline(never)
    @discardableResult
    func fail(_ reason: @autoclosure () -> String) -> TemplateValue {
        if !failed {
            failed = true
            failure = TemplateFailure(reason: reason(), offset: -1)
        }
        return .null
    }

    /// Counts work that is more than an instruction.
    @inline(__always)
    func charge(_ steps: Int) {
        stepsLeft &-= steps
        if stepsLeft < 0 { fail("template takes more than \(limits.steps) steps") }
    }

    func checkMemory() {
        if heap.usedBytes > TemplateHeap.maximumBytes { fail("template uses more than \(TemplateHeap.maximumBytes) bytes") }
    }

    private func end(at pc: Int) -> End {
        if failure?.offset == -1 { failure?.offset = Int(offsets[pc]) }
        return .failed
    }

    @inline(__always)
    func constant(_ index: UInt32) -> UnsafeRawBufferPointer {
        let constant = constants[Int(index)]
        return UnsafeRawBufferPointer(start: pool + Int(constant.offset), count: Int(constant.length))
    }

    // MARK: Running

    /// Runs instructions until the block ends. `base` is the bottom of the whole stack.
    func run(from entry: Int, stack start: UnsafeMutablePointer<TemplateValue>, base: UnsafeMutablePointer<TemplateValue>)
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
            case .text: sink.append(constant(instruction.c))
            case .print:
                top -= 1
                let ending = printed(top.pointee, unprinted: instruction.c, top, base)
                if ending != .finished || failed {
                    if let next = left(ending, outerFrames, base, &top) { pc = next; continue }
                    return failed ? end(at: pc) : ending
                }
            case .printVariable:
                let ending = printed(variables[Int(instruction.b)], unprinted: instruction.c, top, base)
                if ending != .finished || failed {
                    if let next = left(ending, outerFrames, base, &top) { pc = next; continue }
                    return failed ? end(at: pc) : ending
                }
            case .printContext: sink.append(contextBytes(instruction.b))
            case .printProperty:
                top -= 1
                let ending = printed(
                    property(top.pointee, constant(instruction.c)), unprinted: TemplateInstruction.noConstant, top, base)
                if ending != .finished || failed {
                    if let next = left(ending, outerFrames, base, &top) { pc = next; continue }
                    return failed ? end(at: pc) : ending
                }
            case .printProperties:
                let value = property(variables[Int(instruction.b)], constant(instruction.c))
                let ending = printed(value, unprinted: TemplateInstruction.noConstant, top, base)
                if ending != .finished || failed {
                    if let next = left(ending, outerFrames, base, &top) { pc = next; continue }
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
                heap.append(top.pointee, to: (top - 1).pointee.handle)
            case .putEntry:
                top -= 2
                _ = put((top - 1).pointee.handle, top.pointee, (top + 1).pointee)
            case .range:
                top -= 1
                (top - 1).pointee = range((top - 1).pointee, top.pointee)
                if failed { return end(at: pc) }
            case .add, .subtract, .multiply, .divide, .modulo:
                top -= 1
                (top - 1).pointee = arithmetic(instruction.opcode, (top - 1).pointee, top.pointee)
                if failed { return end(at: pc) }
            case .equal:
                top -= 1
                (top - 1).pointee = TemplateValue(areEqual((top - 1).pointee, top.pointee))
                if failed { return end(at: pc) }
            case .notEqual:
                top -= 1
                (top - 1).pointee = TemplateValue(!areEqual((top - 1).pointee, top.pointee))
                if failed { return end(at: pc) }
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
                if let next = left(ending, outerFrames, base, &top) { pc = next; continue }
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
                push(finished(select(paths[Int(instruction.c)]), instruction.a), &top)
                if failed { return end(at: pc) }
            case .inputJSON: push(selectJSON(paths[Int(instruction.c)]), &top)
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
    private func finished(_ value: TemplateValue, _ flags: UInt8) -> TemplateValue {
        value.isNull && flags & TemplateInstruction.orEmpty != 0 ? .empty : value
    }

    /// Where to go on when `#break` leaves a loop that is this block's own.
    @inline(never)
    private func left(
        _ ending: End, _ outerFrames: Int, _ base: UnsafeMutablePointer<TemplateValue>,
        _ top: inout UnsafeMutablePointer<TemplateValue>
    ) -> Int? {
        guard case .leaving(let loop) = ending, loop >= outerFrames, !failed else { return nil }
        leaveLoop(loop)
        top = base + frames[frameCount].stack
        return frames[frameCount].exit
    }

    // MARK: Strings

    func finishString(dropsLast: Bool) -> UnsafeRawBufferPointer {
        guard let start = strings.popLast() else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var text = scratch.bytes(from: start.place)
        if dropsLast, let base = text.baseAddress {
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

/// A string under construction.
struct TemplateStringStart {
    /// Its first byte in the scratch buffer.
    var place: Int
    /// Where text went before.
    var sink: OutputBuffer
}

/// Whether the body has been parsed.
enum TemplateBodyState {
    case unread, parsed, notJSON
}

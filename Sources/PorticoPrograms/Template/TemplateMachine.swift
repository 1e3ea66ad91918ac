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
    /// Line in the template, from 1.
    public var line = 1
    /// Column in Unicode scalars, from 1.
    public var column = 1
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
    let stack = UnsafeMutablePointer<TemplateValue>.allocate(capacity: TemplateMachine.stackCapacity)
    let frames = UnsafeMutablePointer<TemplateFrame>.allocate(capacity: TemplateMachine.frameCapacity)
    var frameCount = 0
    var variables = UnsafeMutablePointer<TemplateValue>.allocate(capacity: 64)
    private var variableCapacity = 64

    /// Told what a traced program evaluates, in order.
    public var tracer: ((TemplateTraceEvent) -> Void)?

    // Of the run under way
    var input = TemplateInput()
    var overrides = TemplateOverrides()
    /// Where text goes: the caller's buffer, or ``scratch`` while a string is built.
    var sink: OutputBuffer { didSet { unretainedSink = Unmanaged.passUnretained(sink) } }
    /// ``sink`` for hot code: without reference counting, which took half of the time of a run.
    private(set) var unretainedSink: Unmanaged<OutputBuffer>
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
    var numbers = UnsafePointer<UInt64>(bitPattern: 16).unsafelyUnwrapped
    var paths = UnsafePointer<JSONPath>(bitPattern: 16).unsafelyUnwrapped
    var loopSlots = (foreach: TemplateProgram.noSlot, count: TemplateProgram.noSlot, hasNext: TemplateProgram.noSlot)
    var stackDepth = 0

    // JSON
    private(set) var tapes: [JSONTape]
    /// The machine's own tape for the body, which is the first of ``tapes`` unless the caller brings a parsed one.
    private let bodyTape = JSONTape()
    /// ``tapes`` for hot code, without reference counting.
    private var unretainedTapes = UnsafeMutablePointer<Unmanaged<JSONTape>>.allocate(capacity: 4)
    /// The nodes of the tapes in use.
    private var views = UnsafeMutablePointer<TemplateTapeView>.allocate(capacity: 4)
    private var tapeCapacity = 4
    var usedTapes = 1
    var bodyState = TemplateBodyState.unread
    /// Arrays and objects of tapes that a template has changed, with the list or map that replaces them.
    var replaced: [UInt64: Int] = [:] {
        didSet {
            hasReplaced = !replaced.isEmpty
            if hasReplaced { needsResolving = true }
        }
    }
    private(set) var hasReplaced = false
    /// Whether a value may have been replaced, or show a list or map that has changed.
    var needsResolving = false
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
        unretainedSink = Unmanaged.passUnretained(scratch)
        tapes = [bodyTape]
        unretainedTapes.initialize(to: Unmanaged.passUnretained(bodyTape))
        views.initialize(to: TemplateTapeView(bodyTape))
    }

    deinit {
        unretainedTapes.deallocate()
        views.deallocate()
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
        self.overrides.beginTemplate()
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
            var failure = failure ?? TemplateFailure(reason: "template failed", offset: 0)
            (failure.line, failure.column) = program.lines.position(of: failure.offset)
            return .failed(failure)
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
        if let tape = input.parsedBody, tape.count > 0, tape.source.baseAddress == input.body.baseAddress,
            tape.source.count == input.body.count
        {
            readBody(from: tape)
            bodyState = .parsed
        }
    }

    private func readBody(from tape: JSONTape) {
        tapes[0] = tape
        unretainedTapes.initialize(to: Unmanaged.passUnretained(tape))
        refreshView(0)
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
        needsResolving = false
        if tapes[0] !== bodyTape { readBody(from: bodyTape) }
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
        return program.numbers.withUnsafeBufferPointer { numbers in
            program.paths.withUnsafeBufferPointer { paths in
                if let base = numbers.baseAddress { self.numbers = base }
                if let base = paths.baseAddress { self.paths = base }
                return run(from: 0, stack: stack, base: stack)
            }
        }
    }

    // MARK: Hot access

    /// Appends to ``sink``.
    @inline(__always)
    func emit(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        unretainedSink._withUnsafeGuaranteedRef { $0.appendShort(source, bytes.count) }
    }

    /// Reads a tape that is in use.
    @inline(__always)
    func withTape<Result>(_ number: Int, _ body: (JSONTape) -> Result) -> Result {
        precondition(number >= 0 && number < usedTapes)
        return unretainedTapes[number]._withUnsafeGuaranteedRef(body)
    }

    /// The nodes of a tape that is in use.
    @inline(__always)
    func view(_ number: Int) -> TemplateTapeView {
        precondition(number >= 0 && number < usedTapes)
        return views[number]
    }

    /// Notes that a tape has parsed a text.
    func refreshView(_ number: Int) {
        precondition(number >= 0 && number < tapes.count)
        (views + number).initialize(to: TemplateTapeView(tapes[number]))
    }

    /// The next tape that is not in use, which the caller may take by counting ``usedTapes`` up.
    func spareTape() -> JSONTape {
        if usedTapes == tapes.count {
            tapes.append(JSONTape())
            if tapes.count > tapeCapacity {
                unretainedTapes.deallocate()
                tapeCapacity = tapes.count * 2
                unretainedTapes = .allocate(capacity: tapeCapacity)
                let moved = UnsafeMutablePointer<TemplateTapeView>.allocate(capacity: tapeCapacity)
                moved.moveInitialize(from: views, count: usedTapes)
                views.deallocate()
                views = moved
            }
            for (place, tape) in tapes.enumerated() {
                (unretainedTapes + place).initialize(to: Unmanaged.passUnretained(tape))
            }
        }
        return tapes[usedTapes]
    }

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
        if heap.usedBytes > TemplateHeap.maximumBytes {
            fail("template uses more than \(TemplateHeap.maximumBytes) bytes")
        }
    }

    func end(at pc: Int) -> End {
        if failure?.offset == -1 { failure?.offset = Int(offsets[pc]) }
        return .failed
    }

    @inline(__always)
    func constant(_ index: UInt32) -> UnsafeRawBufferPointer {
        let constant = constants[Int(index)]
        return UnsafeRawBufferPointer(start: pool + Int(constant.offset), count: Int(constant.length))
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

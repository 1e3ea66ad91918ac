/// A mapping template, compiled: instructions, constants and what it reads. Immutable and flat.
public struct TemplateProgram: Sendable {
    /// Largest template. *Source:* API Gateway quotas, "Mapping template size": 300 KB.
    public static let maximumBytes = 300 << 10
    /// Most values on the stack at once within one block.
    static let maximumStack = 512
    /// Most loops, and most strings, under way at once within one block.
    static let maximumNesting = 250
    /// A slot that is not used.
    static let noSlot = UInt16.max

    /// The output of a template without references and directives that matter: it never runs.
    public internal(set) var constant: [UInt8]?
    /// Slots of `$context` variables that it reads, in ascending order.
    public internal(set) var contextSlots: [UInt16] = []
    /// Whether it may read any `$context` variable, because it computes names or lists them.
    public internal(set) var readsAllContext = false
    /// Whether it reads ``TemplateInput/extraContext``, such as what an authorizer returned.
    public internal(set) var readsExtraContext = false
    /// Whether it needs the body that `$input` works on.
    public internal(set) var readsBody = false
    /// Whether `$input.params` could look at headers.
    public internal(set) var readsHeaders = false
    /// Whether `$input.params` could look at query parameters.
    public internal(set) var readsQuery = false
    /// Whether `$input.params` could look at path parameters.
    public internal(set) var readsPath = false
    /// Whether it reads stage variables.
    public internal(set) var readsStageVariables = false
    /// Whether it may put something into `$context.requestOverride` or `$context.responseOverride`.
    public internal(set) var writesOverrides = false
    /// Whether it may read them.
    public internal(set) var readsOverrides = false

    /// Where the lines of the template begin.
    var lines = TemplateLines()
    var instructions: [TemplateInstruction] = []
    /// Offset in the template of what each instruction came from.
    var offsets: [UInt32] = []
    /// Bytes of all constants.
    var pool: [UInt8] = []
    /// Offset and length in ``pool`` of each constant.
    var constants: [TemplateConstant] = []
    /// 64-bit numbers: whole ones, and the bits of others.
    var numbers: [UInt64] = []
    var paths: [JSONPath] = []
    /// Names of variables; the position is the slot.
    var variables: [String] = []
    /// Slots of the variables that loops set, if the template mentions them.
    var foreachSlot = TemplateProgram.noSlot
    var countSlot = TemplateProgram.noSlot
    var hasNextSlot = TemplateProgram.noSlot
    /// Deepest stack within one block, as the verifier computed it.
    var stackDepth = 0

    /// Variables that begin as one of API Gateway's objects, because the template also assigns them.
    private(set) var presets: [(slot: UInt16, tag: TemplateTag)] = []

    mutating func notePresets() {
        let tags: [String: TemplateTag] = [
            "input": .input, "util": .util, "context": .context, "stageVariables": .stageVariables,
        ]
        presets = []
        for (slot, name) in variables.enumerated() {
            if let tag = tags[name] { presets.append((UInt16(clamping: slot), tag)) }
        }
    }

    /// Compiles a template. Without a program there is at least one problem whose severity is an error.
    ///
    /// A traced program reports what it evaluates to ``TemplateMachine/tracer``; others have no code for it.
    public static func compile(
        _ text: String, symbols: SymbolTable, isTraced: Bool = false
    ) -> (program: TemplateProgram?, problems: [TemplateProblem]) {
        TemplateCompiler.compile(Array(text.utf8), symbols: symbols, isTraced: isTraced)
    }
}

/// Where a constant stands in a program's pool.
struct TemplateConstant: Equatable, Hashable {
    var offset: UInt32
    var length: UInt32
}

/// What the 32-bit operand of an instruction means.
enum TemplateOperand: UInt8 {
    case none
    /// Index of a constant.
    case constant
    /// Index of an instruction.
    case target
    /// A whole number as it is.
    case immediate
    /// Index of a 64-bit number.
    case number
    /// Index of a JSONPath.
    case path
}

/// The instructions of template programs. This enum and ``row`` are the whole table, which compiler, verifier,
/// disassembler and tests read.
///
/// The machine has a stack of values, slots for variables, a stack of loops, and a stack of strings under construction.
/// `null` on the stack is Java's: references turn it into the empty string where their value is used (flag 1), as API
/// Gateway does, so that undefined equals `""` and counts as true.
enum TemplateOpcode: UInt8, CaseIterable {
    // Output
    case text, print, printVariable, printContext
    // Constants
    case null, truth, int, long, double, bigInteger, string
    // Variables and special objects
    case load, store, input, util, stageVariables, stageVariable, context, contextNode, contextExtra, override
    // Steps of references
    case property, index, call, jumpIfNull, dropIfNull, setProperty, setIndex, pop, orEmpty
    // Values
    case newList, append, newMap, putEntry, range
    // Operators
    case add, subtract, multiply, divide, modulo, equal, notEqual, less, greater, lessOrEqual, greaterOrEqual
    case not, toTruth
    // Control
    case jump, jumpIfFalse, jumpIfTrue, loopBegin, loopNext, `break`, breakScope, define, `return`, stop, fail
    // Strings
    case beginString, endString
    // $input and $util
    case inputBody, inputPath, inputJSON, inputPathOf, inputJSONOf, params, paramsOf, param, paramOf, paramNamed
    case utility
    // Frequent sequences in one step
    case loadProperty, printProperty, printProperties, printUtility
    // What a traced program reports; others have none of it
    case trace

    /// One row of the table.
    struct Row {
        /// What the 32-bit operand is.
        var operand: TemplateOperand
        /// Values taken from the stack; ``Row/counted`` takes as many more as the 8-bit operand says.
        var pops: Int
        /// Values put on the stack.
        var pushes: Int
        /// Whether the 8-bit operand counts arguments.
        var counted = false
        /// Whether the 16-bit operand is a slot of a variable.
        var slot = false
        /// Whether the next instruction can follow.
        var continues = true
    }

    /// What the verifier, the disassembler and the compiler must know of an instruction.
    var row: Row {
        switch self {
        case .text: Row(operand: .constant, pops: 0, pushes: 0)
        case .print: Row(operand: .constant, pops: 1, pushes: 0)
        case .printVariable: Row(operand: .constant, pops: 0, pushes: 0, slot: true)
        case .printContext: Row(operand: .none, pops: 0, pushes: 0)
        case .null, .truth: Row(operand: .none, pops: 0, pushes: 1)
        case .int: Row(operand: .immediate, pops: 0, pushes: 1)
        case .long, .double: Row(operand: .number, pops: 0, pushes: 1)
        case .bigInteger, .string: Row(operand: .constant, pops: 0, pushes: 1)
        case .load: Row(operand: .none, pops: 0, pushes: 1, slot: true)
        case .store: Row(operand: .none, pops: 1, pushes: 0, slot: true)
        case .input, .util, .stageVariables, .stageVariable, .context, .contextNode, .override:
            Row(operand: .none, pops: 0, pushes: 1)
        case .contextExtra: Row(operand: .constant, pops: 0, pushes: 1)
        case .property: Row(operand: .constant, pops: 1, pushes: 1)
        case .index: Row(operand: .none, pops: 2, pushes: 1)
        case .call: Row(operand: .immediate, pops: 1, pushes: 1, counted: true)
        case .jumpIfNull: Row(operand: .target, pops: 1, pushes: 1)
        case .dropIfNull: Row(operand: .target, pops: 1, pushes: 1)
        case .setProperty: Row(operand: .constant, pops: 2, pushes: 0)
        case .setIndex: Row(operand: .none, pops: 3, pushes: 0)
        case .pop: Row(operand: .none, pops: 1, pushes: 0)
        case .orEmpty: Row(operand: .none, pops: 1, pushes: 1)
        case .newList, .newMap: Row(operand: .none, pops: 0, pushes: 1)
        case .append: Row(operand: .none, pops: 2, pushes: 1)
        case .putEntry: Row(operand: .none, pops: 3, pushes: 1)
        case .range, .add, .subtract, .multiply, .divide, .modulo, .equal, .notEqual, .less, .greater, .lessOrEqual,
            .greaterOrEqual:
            Row(operand: .none, pops: 2, pushes: 1)
        case .not, .toTruth: Row(operand: .none, pops: 1, pushes: 1)
        case .jump: Row(operand: .target, pops: 0, pushes: 0, continues: false)
        case .jumpIfFalse, .jumpIfTrue: Row(operand: .target, pops: 1, pushes: 0)
        case .loopBegin: Row(operand: .target, pops: 1, pushes: 0, slot: true)
        case .loopNext: Row(operand: .target, pops: 0, pushes: 0)
        case .break, .return, .stop: Row(operand: .none, pops: 0, pushes: 0, continues: false)
        case .breakScope: Row(operand: .none, pops: 1, pushes: 0, continues: false)
        case .define: Row(operand: .target, pops: 0, pushes: 0, slot: true)
        case .fail: Row(operand: .constant, pops: 0, pushes: 0, continues: false)
        case .beginString: Row(operand: .none, pops: 0, pushes: 0)
        case .endString: Row(operand: .none, pops: 0, pushes: 1)
        case .inputBody, .params, .paramsOf: Row(operand: .none, pops: 0, pushes: 1)
        case .inputPath, .inputJSON: Row(operand: .path, pops: 0, pushes: 1)
        case .inputPathOf, .inputJSONOf, .paramOf: Row(operand: .none, pops: 1, pushes: 1)
        case .param, .paramNamed: Row(operand: .constant, pops: 0, pushes: 1)
        case .utility: Row(operand: .none, pops: 0, pushes: 1, counted: true)
        case .loadProperty: Row(operand: .constant, pops: 0, pushes: 1, slot: true)
        case .printUtility: Row(operand: .none, pops: 1, pushes: 0)
        case .printProperty: Row(operand: .constant, pops: 1, pushes: 0)
        case .printProperties: Row(operand: .constant, pops: 0, pushes: 0, slot: true)
        case .trace: Row(operand: .immediate, pops: 1, pushes: 1)
        }
    }
}

/// One instruction: 8 bytes.
struct TemplateInstruction: Equatable {
    /// Flag in ``a`` of instructions that end a reference: `null` becomes the empty string.
    static let orEmpty: UInt8 = 1
    /// In the operand of ``TemplateOpcode/print`` and ``TemplateOpcode/printVariable``: prints nothing else when the value
    /// has no text.
    static let noConstant = UInt32.max

    var opcode: TemplateOpcode
    /// Flags, or a count of arguments.
    var a: UInt8 = 0
    /// Slot, method or function.
    var b: UInt16 = 0
    /// As ``TemplateOpcode/Row/operand`` says.
    var c: UInt32 = 0
}

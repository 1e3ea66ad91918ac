/// What a step of a trace is about.
public enum TemplateTraceKind: UInt8, Sendable {
    /// A reference was evaluated.
    case reference
    /// `#set` assigns the value.
    case set
    /// `#if` or `#elseif` has decided.
    case condition
    /// A turn of `#foreach` begins with the value.
    case turn
}

/// One step of a traced run.
public struct TemplateTraceEvent: Sendable, Equatable {
    /// What it is about.
    public var kind: TemplateTraceKind
    /// Bytes of the template that say it.
    public var range: Range<Int>
    /// `string`, `integer`, `long`, `double`, `boolean`, `map`, `list`, `undefined`...
    public var type: String
    /// The value as it would print; at most ``textLimit`` bytes.
    public var text: String
    /// Whether ``text`` lacks the end of the value.
    public var isCut = false

    /// Bytes of a value that an event carries.
    public static let textLimit = 4096
}

extension TemplateCompiler {
    /// Reports the value on top of the stack, in a traced program.
    mutating func trace(_ kind: TemplateTraceKind, _ range: Range<Int>) {
        guard isTraced else { return }
        offset = range.lowerBound
        emit(.trace, a: kind.rawValue, c: UInt32(truncatingIfNeeded: range.count))
    }

    /// Reports what a turn of a loop begins with, in a traced program.
    mutating func traceTurn(_ variable: String, _ start: Int) {
        guard isTraced else { return }
        emit(.load, b: slot(variable))
        trace(.turn, start..<start + 8)
        emit(.pop)
    }
}

extension TemplateMachine {
    /// Tells the tracer of a value.
    @inline(never)
    func report(_ value: TemplateValue, _ instruction: TemplateInstruction, offset: Int) {
        guard let tracer else { return }
        charge(100)
        let text = value.tag == .block ? UnsafeRawBufferPointer(start: nil, count: 0) : textBytes(value)
        var shown = value.isNull ? UnsafeRawBufferPointer(start: nil, count: 0) : text
        let isCut = shown.count > TemplateTraceEvent.textLimit
        if isCut {
            var end = TemplateTraceEvent.textLimit
            while end > 0 && shown[end] & 0xC0 == 0x80 { end -= 1 }
            shown = UnsafeRawBufferPointer(rebasing: shown[..<end])
        }
        tracer(
            TemplateTraceEvent(
                kind: TemplateTraceKind(rawValue: instruction.a) ?? .reference,
                range: offset..<offset + Int(instruction.c), type: typeName(value),
                text: String(decoding: shown, as: UTF8.self), isCut: isCut))
    }

    /// What a person calls the type of a value.
    private func typeName(_ value: TemplateValue) -> String {
        let value = resolved(value)
        switch value.tag {
        case .null: return "undefined"
        case .bool: return "boolean"
        case .int: return "integer"
        case .long: return "long"
        case .double: return "double"
        case .bigInteger: return "big integer"
        case .string: return "string"
        case .character: return "character"
        case .list:
            switch heap.cells[value.handle].kind {
            case .plain, .json: return "list"
            case .collection: return "collection"
            case .array: return "array"
            case .entry: return "entry"
            }
        case .map, .context, .override, .stageVariables: return "map"
        case .iterator: return "iterator"
        case .input, .util: return "object"
        case .loop: return "loop"
        case .block: return "block"
        case .json:
            switch tapes[Int(value.length)].kind(value.handle) {
            case .object: return "map"
            case .array: return "list"
            case .string, .escapedString, .key, .escapedKey: return "string"
            case .true, .false: return "boolean"
            case .null: return "undefined"
            default: break
            }
            switch number(value) {
            case .int?: return "integer"
            case .long?: return "long"
            case .double?: return "double"
            default: return "big integer"
            }
        }
    }
}

/// `$name.property.method(...)[index]`, wherever it stands.
struct TemplateReference {
    /// One step down from the value before it.
    struct Step {
        enum Form {
            case property(String)
            case method(String, [TemplateExpression])
            case index(TemplateExpression)
        }

        var form: Form
        var range: Range<Int>
    }

    /// Name after the dollar.
    var name: String
    var steps: [Step] = []
    /// The reference without what precedes its dollar.
    var range: Range<Int>
    /// Whether it can have a value at all. A bare word as an argument and `$\!x` cannot.
    var isComputable = true
    /// `$!`
    var isQuiet = false
    /// `\$`: prints its own text.
    var isEscaped = false
    /// What a word without a dollar prints.
    var bareText: [UInt8]?
    /// Backslashes that remain of the escapes before it.
    var escapePrefix: [UInt8] = []
    /// `$` and `#` before it that turned out to begin nothing.
    var prefix: [UInt8] = []
}

/// An operator between two values.
enum TemplateOperator: UInt8 {
    case or, and, equal, notEqual, less, greater, lessOrEqual, greaterOrEqual, add, subtract, multiply, divide, modulo

    /// How strongly it binds; operators of one level are read from left to right.
    var level: Int {
        switch self {
        case .or: 0
        case .and: 1
        case .equal, .notEqual: 2
        case .less, .greater, .lessOrEqual, .greaterOrEqual: 3
        case .add, .subtract: 4
        case .multiply, .divide, .modulo: 5
        }
    }

    init?(_ token: TemplateTokenKind) {
        switch token {
        case .or: self = .or
        case .and: self = .and
        case .equal: self = .equal
        case .notEqual: self = .notEqual
        case .less: self = .less
        case .greater: self = .greater
        case .lessOrEqual: self = .lessOrEqual
        case .greaterOrEqual: self = .greaterOrEqual
        case .plus: self = .add
        case .minus: self = .subtract
        case .multiply: self = .multiply
        case .divide: self = .divide
        case .modulus: self = .modulo
        default: return nil
        }
    }
}

/// A value in a template's text.
struct TemplateExpression {
    indirect enum Form {
        case reference(TemplateReference)
        case string([UInt8])
        /// A string with references or directives. `dropsLast`: its last character is Velocity's own and goes.
        case interpolation([TemplateStatement], dropsLast: Bool)
        case integer(String)
        case float(String)
        case truth(Bool)
        case list([TemplateExpression])
        case map([(key: TemplateExpression, value: TemplateExpression)])
        case range(TemplateExpression, TemplateExpression)
        case not(TemplateExpression)
        /// Operators of one level, left to right: flat, so that a long chain needs no deep stack.
        case chain(TemplateExpression, [(sign: TemplateOperator, operand: TemplateExpression)])
    }

    var form: Form
    var range: Range<Int>
}

/// A part of a template.
struct TemplateStatement {
    indirect enum Form {
        case text([UInt8])
        case reference(TemplateReference)
        case set(TemplateReference, TemplateExpression)
        case choice([(condition: TemplateExpression, body: [TemplateStatement])], otherwise: [TemplateStatement]?)
        case loop(variable: String, source: TemplateExpression, body: [TemplateStatement])
        case define(name: String, body: [TemplateStatement])
        case stop
        /// Unconfirmed: that API Gateway knows it, though Velocity 1.7 does.
        case `break`(scope: TemplateExpression?)
        /// `#include` and `#parse`, for which there is no loader. Unconfirmed: that they fail.
        case load(directive: String)
    }

    var form: Form
    var range: Range<Int>
}

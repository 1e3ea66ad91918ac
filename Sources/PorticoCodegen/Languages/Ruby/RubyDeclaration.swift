/// What a file of Ruby declares. The code and its RBS signatures are printed from the same tree, by ``RubyPrinter`` and
/// ``RubySignaturePrinter``, so they cannot differ.
indirect enum RubyDeclaration {
    /// A module.
    case module(String, comment: [String], [RubyDeclaration])
    /// A class.
    case `class`(String, superclass: String, comment: [String], [RubyDeclaration])
    /// A constant.
    case constant(String, RubyType, RubyExpression, comment: [String])
    /// A reader of an instance variable.
    case reader(String, RubyType, comment: [String])
    /// A method.
    case method(RubyMethod)
    /// A call in the body of a class, which has no signature.
    case macro(RubyExpression)
    /// A name for a type, which has no code.
    case alias(String, RubyType)
}

/// A method.
struct RubyMethod {
    /// A parameter.
    struct Parameter {
        /// How it is given.
        enum Kind {
            case positional
            case optionalPositional(RubyExpression)
            case keyword
            case optionalKeyword(RubyExpression)
        }

        var name: String
        var type: RubyType
        var kind: Kind
    }

    var name: String
    var comment: [String] = []
    var parameters: [Parameter] = []
    var returns: RubyType
    /// Type of what the method gives its block, and what the method returns then; `nil`: it takes none.
    var block: (gives: RubyType, returns: RubyType)?
    var body: [RubyStatement]
}

/// A statement of a method.
enum RubyStatement {
    /// Sets a variable.
    case assign(String, RubyExpression)
    /// Computes something.
    case expression(RubyExpression)
}

// Hot: once per JSON value of a validated body. Allocates: nothing.

/// "There is no such rule", in all fields that hold an index.
let noSchemaRule = UInt32.max

/// What one schema demands: indices into the tables of the program, one for each kind of value.
///
/// Node 0 accepts everything. A `$ref` has no node: whoever refers holds the number of the node that is meant.
struct SchemaNode: BitwiseCopyable, Hashable {
    /// Bit n is set when a value of ``JSONNodeKind`` n is allowed. `integer` allows whole numbers of any size.
    var types = SchemaTypes.all
    var text = noSchemaRule
    var number = noSchemaRule
    var array = noSchemaRule
    var object = noSchemaRule
    /// The first constant of `enum`, and how many there are.
    var enumeration: UInt32 = 0
    var enumerationCount: UInt32 = 0
    /// The first of `allOf`, `anyOf`, `not` and `oneOf`, and how many of them there are.
    var combinators: UInt32 = 0
    var combinatorCount: UInt32 = 0
}

/// Sets of primitive types as masks over ``JSONNodeKind``.
enum SchemaTypes {
    static let all = mask(.null) | boolean | number | string | array | object
    static let boolean = mask(.false) | mask(.true)
    static let integer = mask(.integer)
    static let number = mask(.integer) | mask(.number)
    static let string = mask(.string) | mask(.escapedString)
    static let array = mask(.array)
    static let object = mask(.object)

    @inline(__always)
    static func mask(_ kind: JSONNodeKind) -> UInt32 { 1 &<< UInt32(kind.rawValue) }

    /// The names of draft 4 with their masks, in the order in which messages list them.
    static let table: [(name: String, mask: UInt32)] = [
        ("array", array), ("boolean", boolean), ("integer", integer), ("null", mask(.null)), ("number", number),
        ("object", object), ("string", string),
    ]
}

/// Bytes of the program's pool.
struct SchemaText: BitwiseCopyable, Hashable {
    var offset: UInt32 = 0
    var length: UInt32 = 0
}

/// What a string must be.
struct StringRule: BitwiseCopyable, Hashable {
    var minimum: UInt32 = 0
    var maximum = UInt32.max
    /// Index of a pattern.
    var pattern = noSchemaRule
    /// Raw value of a ``SchemaFormat``.
    var format: UInt32 = 0
}

/// What a number must be.
struct NumberRule: BitwiseCopyable, Hashable {
    /// Indices of numbers.
    var minimum = noSchemaRule
    var maximum = noSchemaRule
    var divisor = noSchemaRule
    /// 1 when the limit itself is refused.
    var minimumIsExclusive: UInt32 = 0
    var maximumIsExclusive: UInt32 = 0
}

/// What an array must be.
struct ArrayRule: BitwiseCopyable, Hashable {
    var minimum: UInt32 = 0
    var maximum = UInt32.max
    /// 1 when no two elements may be equal.
    var unique: UInt32 = 0
    /// The node of all elements after the tuple. ``ObjectRule/forbidden`` when there must be none.
    var rest: UInt32 = 0
    /// Where in the links the nodes of the first elements stand.
    var tuple: UInt32 = 0
    var tupleCount: UInt32 = 0
}

/// What an object must be.
struct ObjectRule: BitwiseCopyable, Hashable {
    /// Stands in the place of a node that nothing may meet.
    static let forbidden = UInt32.max

    var minimum: UInt32 = 0
    var maximum = UInt32.max
    /// Properties in the order of their declaration, then names that are only required.
    var properties: UInt32 = 0
    var propertyCount: UInt32 = 0
    /// How many properties have ``PropertyRule/isRequired``.
    var requiredCount: UInt32 = 0
    var patterns: UInt32 = 0
    var patternCount: UInt32 = 0
    /// The node of all other members. ``forbidden`` when there must be none.
    var additional: UInt32 = 0
    var dependencies: UInt32 = 0
    var dependencyCount: UInt32 = 0
}

/// A name that an object's schema mentions.
struct PropertyRule: BitwiseCopyable, Hashable {
    static let isDeclared: UInt32 = 1
    static let isRequired: UInt32 = 2

    var name = SchemaText()
    var node: UInt32 = 0
    var flags: UInt32 = 0
}

/// One entry of `patternProperties`.
struct PatternRule: BitwiseCopyable, Hashable {
    var pattern: UInt32 = 0
    var node: UInt32 = 0
}

/// One entry of `dependencies`: a node for the whole object, or names.
struct DependencyRule: BitwiseCopyable, Hashable {
    var trigger = SchemaText()
    /// `noSchemaRule` when names are wanted.
    var node = noSchemaRule
    var names: UInt32 = 0
    var nameCount: UInt32 = 0
}

/// `allOf`, `anyOf`, `not` or `oneOf` over linked nodes.
struct CombinatorRule: BitwiseCopyable, Hashable {
    enum Kind: UInt32 { case all, any, none, one }

    var kind: UInt32 = 0
    var links: UInt32 = 0
    var count: UInt32 = 0
}

/// One node of a value of `enum`, in pre-order like the nodes of a ``JSONTape``.
struct SchemaConstant: BitwiseCopyable, Hashable {
    /// Raw value of a ``JSONNodeKind``: never an escaped one; numbers are always `.number`.
    var kind: UInt32 = 0
    /// Unescaped text of a string or key, or the spelling of a number.
    var text = SchemaText()
    /// Members or elements of a container.
    var count: UInt32 = 0
    /// The constant after this one's subtree.
    var next: UInt32 = 0
}

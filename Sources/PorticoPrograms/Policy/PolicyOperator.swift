/// The operators of conditions.
///
/// *Source:* IAM guide, "IAM JSON policy elements: Condition operators".
enum PolicyOperator: UInt8, CaseIterable {
    case stringEquals, stringNotEquals, stringEqualsIgnoreCase, stringNotEqualsIgnoreCase, stringLike, stringNotLike
    case numericEquals, numericNotEquals, numericLessThan, numericLessThanEquals, numericGreaterThan
    case numericGreaterThanEquals
    case dateEquals, dateNotEquals, dateLessThan, dateLessThanEquals, dateGreaterThan, dateGreaterThanEquals
    case bool, binaryEquals, ipAddress, notIPAddress, arnEquals, arnNotEquals, arnLike, arnNotLike, null

    /// What the operator compares: it tells the form of its values.
    enum Family: UInt8 {
        case text, pattern, number, date, truth, binary, address, arn, presence
    }

    /// What holds between the request's value and that of the policy.
    enum Relation: UInt8 {
        case equal, less, lessOrEqual, greater, greaterOrEqual
    }

    /// What compiler and machine must know of an operator.
    struct Row {
        var name: String
        var family: Family
        var relation: Relation = .equal
        /// Whether none of the values may match.
        var isNegated = false
        var ignoresCase = false
    }

    var row: Row { Self.rows[Int(rawValue)] }

    // ORDER OF OPERATORS: as the cases above.
    private static let rows: [Row] = [
        Row(name: "StringEquals", family: .text),
        Row(name: "StringNotEquals", family: .text, isNegated: true),
        Row(name: "StringEqualsIgnoreCase", family: .text, ignoresCase: true),
        Row(name: "StringNotEqualsIgnoreCase", family: .text, isNegated: true, ignoresCase: true),
        Row(name: "StringLike", family: .pattern),
        Row(name: "StringNotLike", family: .pattern, isNegated: true),
        Row(name: "NumericEquals", family: .number),
        Row(name: "NumericNotEquals", family: .number, isNegated: true),
        Row(name: "NumericLessThan", family: .number, relation: .less),
        Row(name: "NumericLessThanEquals", family: .number, relation: .lessOrEqual),
        Row(name: "NumericGreaterThan", family: .number, relation: .greater),
        Row(name: "NumericGreaterThanEquals", family: .number, relation: .greaterOrEqual),
        Row(name: "DateEquals", family: .date),
        Row(name: "DateNotEquals", family: .date, isNegated: true),
        Row(name: "DateLessThan", family: .date, relation: .less),
        Row(name: "DateLessThanEquals", family: .date, relation: .lessOrEqual),
        Row(name: "DateGreaterThan", family: .date, relation: .greater),
        Row(name: "DateGreaterThanEquals", family: .date, relation: .greaterOrEqual),
        Row(name: "Bool", family: .truth),
        Row(name: "BinaryEquals", family: .binary),
        Row(name: "IpAddress", family: .address),
        Row(name: "NotIpAddress", family: .address, isNegated: true),
        Row(name: "ArnEquals", family: .arn),
        Row(name: "ArnNotEquals", family: .arn, isNegated: true),
        Row(name: "ArnLike", family: .arn),
        Row(name: "ArnNotLike", family: .arn, isNegated: true),
        Row(name: "Null", family: .presence),
    ]

    static let byName: [String: PolicyOperator] = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.row.name, $0) })
}

/// How a condition treats a key of several values.
enum PolicyQuantifier: UInt8 {
    /// One value; of several, any (with a negated operator: none).
    case single
    /// `ForAnyValue:`
    case any
    /// `ForAllValues:`
    case all
}

/// An operator as it stands in a policy, with prefix and suffix.
struct PolicyTest: Hashable {
    var code: PolicyOperator
    var quantifier: PolicyQuantifier = .single
    /// Whether an absent key is fine.
    var ifExists = false

    init(_ code: PolicyOperator) { self.code = code }

    /// Reads `ForAnyValue:StringLikeIfExists` and the like; names keep their case.
    init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("ForAnyValue:") {
            quantifier = .any
            rest = rest.dropFirst(12)
        } else if rest.hasPrefix("ForAllValues:") {
            quantifier = .all
            rest = rest.dropFirst(13)
        }
        if rest.hasSuffix("IfExists") {
            ifExists = true
            rest = rest.dropLast(8)
        }
        guard let code = PolicyOperator.byName[String(rest)] else { return nil }
        // Null looks at the key, not at its values, and IfExists would make it say nothing.
        if code == .null, ifExists || quantifier != .single { return nil }
        self.code = code
    }

    /// The word of a program: operator, quantifier, `IfExists`.
    var word: UInt32 {
        UInt32(code.rawValue) | UInt32(quantifier.rawValue) << 8 | (ifExists ? 1 << 16 : 0)
    }

    init?(word: UInt32) {
        guard word >> 17 == 0, let code = PolicyOperator(rawValue: UInt8(word & 0xFF)),
            let quantifier = PolicyQuantifier(rawValue: UInt8(word >> 8 & 0xFF))
        else { return nil }
        self.code = code
        self.quantifier = quantifier
        ifExists = word >> 16 & 1 == 1
    }

    /// As a policy has it.
    var text: String {
        let prefix =
            switch quantifier {
            case .single: ""
            case .any: "ForAnyValue:"
            case .all: "ForAllValues:"
            }
        return prefix + code.row.name + (ifExists ? "IfExists" : "")
    }
}

// Hot: once per number of a request that a condition compares. Allocates: nothing.

/// Numbers of conditions: decimal texts of any length, compared exactly.
enum PolicyNumber {
    /// Longest text, so that a comparison stays cheap.
    private static let limit = 64

    /// Whether the text is a decimal number.
    static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count <= limit else { return false }
        var at = 0
        func digits() -> Bool {
            let start = at
            while at < text.count, text[at] &- 0x30 < 10 { at &+= 1 }
            return at > start
        }
        if at < text.count, text[at] == 0x2D { at &+= 1 }
        guard digits() else { return false }
        if at < text.count, text[at] == 0x2E {
            at &+= 1
            guard digits() else { return false }
        }
        if at < text.count, text[at] | 0x20 == 0x65 {
            at &+= 1
            if at < text.count, text[at] == 0x2B || text[at] == 0x2D { at &+= 1 }
            guard digits() else { return false }
        }
        return at == text.count
    }

    /// Whether the relation holds from `left` to `right`, both valid.
    static func holds(
        _ relation: PolicyOperator.Relation, _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Bool {
        relation.holds(SchemaDecimal.compare(SchemaDecimal(left), SchemaDecimal(right)))
    }
}

extension PolicyOperator.Relation {
    /// Whether it holds for a comparison's outcome: below zero, zero or above zero.
    @inline(__always)
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}

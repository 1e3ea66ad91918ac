internal import PorticoSyntax

/// Takes a small value off a tape.
enum PolicyTapeReader {
    /// The value at `node`; `nil` when it is longer than `limit` bytes. A policy has five levels: what is deeper than
    /// sixteen becomes `null`, which no element of a policy may be.
    static func value(_ tape: JSONTape, _ node: NodeIndex, limit: Int) -> JSONValue? {
        guard node >= 0, node < tape.count else { return JSONValue.null }
        var left = limit
        return value(tape, node, level: 16, &left)
    }

    private static func value(_ tape: JSONTape, _ node: NodeIndex, level: Int, _ left: inout Int) -> JSONValue? {
        // A quote, a comma or a bracket at least.
        left -= 1 + tape.rawText(node).count
        guard left >= 0 else { return nil }
        switch tape.kind(node) {
        case .null: return .null
        case .true: return .boolean(true)
        case .false: return .boolean(false)
        case .integer, .number: return .number(tape.text(node))
        case .string, .escapedString, .key, .escapedKey: return .string(tape.text(node))
        case .array:
            guard level > 0 else { return .null }
            var elements: [JSONValue] = []
            for element in tape.elements(node) {
                guard let value = value(tape, element, level: level - 1, &left) else { return nil }
                elements.append(value)
            }
            return .array(elements)
        case .object:
            guard level > 0 else { return .null }
            var members: [JSONMember] = []
            for (key, child) in tape.members(node) {
                left -= tape.rawText(key).count
                guard left >= 0, let value = value(tape, child, level: level - 1, &left) else { return nil }
                members.append(JSONMember(tape.text(key), value))
            }
            return .object(members)
        }
    }
}

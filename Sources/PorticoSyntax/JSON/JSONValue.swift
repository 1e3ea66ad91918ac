/// A JSON value without positions, members in order: schemas, policies and other documents that are kept as they were
/// read and written back as they were.
public indirect enum JSONValue: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case boolean(Bool)
    /// A number by its text, so that nothing is lost.
    case number(String)
    /// Text
    case string(String)
    /// A list
    case array([JSONValue])
    /// Members in order
    case object([JSONMember])

    /// The value of a member, if this is an object that has it.
    public subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { return members.first { $0.name == key }?.value }
        return nil
    }
}

/// One member of a JSON object.
public struct JSONMember: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

internal import PorticoSyntax

/// Gathers the members of a JSON object; what is absent is left out.
struct ObjectBuilder {
    private(set) var members: [JSONMember] = []

    /// The object.
    var value: JSONValue { .object(members) }
    /// The object, unless it has no members.
    var valueUnlessEmpty: JSONValue? { members.isEmpty ? nil : value }

    /// Adds a member if there is a value.
    mutating func set(_ name: String, _ value: JSONValue?) {
        if let value { members.append(JSONMember(name, value)) }
    }

    /// Adds a text if there is one.
    mutating func set(_ name: String, _ text: String?) {
        if let text { members.append(JSONMember(name, .string(text))) }
    }

    /// Adds a list if it has elements.
    mutating func setUnlessEmpty(_ name: String, _ elements: [JSONValue]) {
        if !elements.isEmpty { members.append(JSONMember(name, .array(elements))) }
    }

    /// Adds an object if it has members.
    mutating func setUnlessEmpty(_ name: String, _ object: [JSONMember]) {
        if !object.isEmpty { members.append(JSONMember(name, .object(object))) }
    }
}

internal import PorticoSyntax

/// The documents that a compilation reads, and which of their schemas have addresses of their own: an `id` changes the
/// address that references below it are read against, or names its schema with a fragment (`"id": "#name"`).
///
/// An `id` counts only where a schema stands: not in `enum`, not as the name of a property, not beside a `$ref`.
/// *Source:* JSON Schema draft 4 core, 7.2.2 to 7.2.4.
struct SchemaDocuments {
    /// A place in a document.
    struct Location {
        /// The name of a model, the address of a document, or `nil` for the schema that is compiled.
        var document: String?
        /// JSON pointer.
        var pointer: String

        func appending(_ token: String) -> Location {
            Location(document: document, pointer: pointer + "/" + JSONPointer.escaped(token))
        }

        /// As messages show it, and as programs keep it.
        var label: String {
            guard let document else { return pointer }
            return document + "#" + pointer
        }
    }

    /// The document that is compiled.
    let main: JSONValue
    /// Other models of the API by name.
    let models: [String: JSONValue]
    /// Documents by address without fragment.
    let remotes: [String: JSONValue]
    // Keys are bytes, since strings that look alike count as equal.
    private var places: [[UInt8]: Location] = [:]
    private var bases: [[UInt8]: String] = [:]
    private var indexed: Set<[UInt8]> = []

    init(_ main: JSONValue, models: [String: JSONValue], remotes: [String: JSONValue]) {
        self.main = main
        self.models = models
        self.remotes = Dictionary(
            remotes.map { (SchemaAddress.resolve($0.key, under: ""), $0.value) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The whole value of a document.
    func root(_ document: String?) -> JSONValue? {
        guard let document else { return main }
        if let model = models[document] { return model }
        if let remote = remotes[document] { return remote }
        return document == SchemaMetaschema.address ? SchemaMetaschema.value : nil
    }

    /// The address of a document before any `id`. Models have addresses that nobody can write.
    private func address(_ document: String?) -> String {
        guard let document else { return "" }
        return models[document] == nil ? document : "model:" + document
    }

    /// The address that a reference at `location` is read against.
    mutating func base(of location: Location) -> String {
        index(Location(document: location.document, pointer: ""))
        return base(ofIndexed: location)
    }

    private func base(ofIndexed location: Location) -> String {
        var pointer = Array(location.pointer.utf8)[...]
        let document: [UInt8] = location.document.map { Array(($0 + "#").utf8) } ?? []
        while true {
            if let base = bases[document + pointer] { return base }
            guard let slash = pointer.lastIndex(of: 0x2F) else { return address(location.document) }
            pointer = pointer[..<slash]
        }
    }

    /// The place that an address without fragment leads to.
    mutating func place(_ address: String) -> Location? {
        index(Location(document: nil, pointer: ""))
        if address.isEmpty { return Location(document: nil, pointer: "") }
        if let place = places[Array(address.utf8)] { return place }
        // A document that nobody has looked at yet.
        guard models[address] == nil, root(address) != nil else { return nil }
        return Location(document: address, pointer: "")
    }

    /// The place that `"id": "#name"` gives a name.
    mutating func place(_ address: String, named name: String) -> Location? {
        if let place = place(address) { index(Location(document: place.document, pointer: "")) }
        return places[Array((address + "#" + name).utf8)]
    }

    /// The value that a pointer leads to, from a place on.
    func find(_ pointer: String, from start: Location) -> (JSONValue, Location)? {
        guard let root = root(start.document) else { return nil }
        var value = root
        for token in start.pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let next = Self.child(value, JSONPointer.unescaped(token)) else { return nil }
            value = next
        }
        var place = start
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = JSONPointer.unescaped(token)
            guard let next = Self.child(value, name) else { return nil }
            value = next
            place = place.appending(name)
        }
        return (value, place)
    }

    private static func child(_ value: JSONValue, _ name: String) -> JSONValue? {
        switch value {
        case .object: return value[name]
        case .array(let elements):
            guard let index = Int(name), elements.indices.contains(index), String(index) == name else { return nil }
            return elements[index]
        default: return nil
        }
    }

    // MARK: Finding `id`s

    /// Finds the `id`s at and below a place where a schema stands. A place within an unknown keyword becomes such a
    /// place when a reference leads there.
    mutating func index(_ location: Location) {
        if !location.pointer.isEmpty { index(Location(document: location.document, pointer: "")) }
        guard !indexed.contains(Array(location.label.utf8)), let (root, _) = find("", from: location) else { return }
        if location.pointer.isEmpty { places[Array(address(location.document).utf8)] = location }
        let start = location.pointer.isEmpty ? address(location.document) : base(ofIndexed: location)
        var pending = [(root, location, start)]
        while let (value, location, base) = pending.popLast() {
            guard case .object(let members) = value, indexed.insert(Array(location.label.utf8)).inserted else {
                continue
            }
            let isReference = if case .string? = value["$ref"] { true } else { false }
            var inner = base
            if !isReference, case .string(let id)? = value["id"] { inner = add(id, location, base) }
            // Backwards, so that the first schema of the text comes off the list first.
            for member in members.reversed() {
                for child in Self.schemas(member).reversed() {
                    var place = location.appending(member.name)
                    if let token = child.token { place = place.appending(token) }
                    pending.append((child.value, place, inner))
                }
            }
        }
    }

    /// Notes an `id`; returns the address that holds below it.
    private mutating func add(_ id: String, _ location: Location, _ base: String) -> String {
        let address = SchemaAddress.resolve(id, under: base)
        let fragment = SchemaAddress(id).fragment.map { SchemaAddress.percentDecoded($0) } ?? ""
        var key = Array(address.utf8)
        if !fragment.isEmpty { key += [0x23] + Array(fragment.utf8) }
        // Of two schemas with one address the first one counts.
        if places[key] == nil { places[key] = location }
        if fragment.isEmpty { bases[Array(location.label.utf8)] = address }
        return fragment.isEmpty ? address : base
    }

    /// The schemas that a keyword holds.
    private static func schemas(_ member: JSONMember) -> [(token: String?, value: JSONValue)] {
        switch member.name {
        case "not": return [(nil, member.value)]
        case "additionalItems", "additionalProperties", "items", "allOf", "anyOf", "oneOf":
            guard case .array(let elements) = member.value else { return [(nil, member.value)] }
            return elements.enumerated().map { (String($0.offset), $0.element) }
        case "definitions", "dependencies", "patternProperties", "properties":
            guard case .object(let members) = member.value else { return [] }
            return members.map { ($0.name, $0.value) }
        default: return []
        }
    }
}

internal import PorticoSyntax

/// Turns a schema into the tables of a program. Schemas that are referred to are compiled once each, wherever they
/// stand, so a circle of `$ref`s is a circle of node numbers.
struct SchemaCompiler {
    /// How many steps a pointer to a schema may have.
    static let maximumDepth = 512
    /// How deeply a value of `enum` may nest.
    static let maximumConstantDepth = 64
    /// More than any real model, and few enough that a hostile file is refused in time.
    static let maximumNodes = 1 << 18

    typealias Location = SchemaDocuments.Location

    /// A schema that waits for its turn.
    private struct Pending {
        var node: Int
        var members: [JSONMember]
        var location: Location
    }

    var documents: SchemaDocuments
    private(set) var problems: [SchemaProblem] = []
    var parts = SchemaParts()
    // Keys are bytes, since strings that look alike count as equal.
    private var known: [[UInt8]: UInt32] = [:]
    private var pending: [Pending] = []
    private var texts: [[UInt8]: SchemaText] = [:]
    private var patternIndices: [[UInt8]: UInt32] = [:]

    init(_ documents: SchemaDocuments) { self.documents = documents }

    /// The verified tables, or `nil` after a fatal problem.
    mutating func compile() -> SchemaParts? {
        parts.root = node(documents.main, Location(document: nil, pointer: ""))
        while let next = pending.popLast() {
            let node = fill(next.members, next.location)
            parts.nodes[next.node] = node
        }
        if !problems.contains(where: \.isFatal), let node = SchemaCycles.find(parts) {
            let label = parts.labels[node]
            report("the schema applies to the same value again and again", pointer: label, isFatal: true)
        }
        guard !problems.contains(where: \.isFatal) else { return nil }
        if let failure = SchemaVerifier(parts).failure() {
            report("the schema is too large: \(failure)", pointer: "", isFatal: true)
            return nil
        }
        return parts
    }

    mutating func report(_ message: String, _ location: Location, isFatal: Bool) {
        report(message, pointer: location.label, isFatal: isFatal)
    }

    private mutating func report(_ message: String, pointer: String, isFatal: Bool) {
        let problem = SchemaProblem(message, at: pointer, isFatal: isFatal)
        if problems.count < 1000, !problems.contains(problem) { problems.append(problem) }
    }

    /// The number of the node for a schema; 0 when it accepts everything or cannot be compiled.
    mutating func node(_ value: JSONValue, _ location: Location) -> UInt32 {
        var value = value
        var location = location
        var visited: Set<[UInt8]> = []
        while case .object(let members) = value, let reference = value["$ref"] {
            guard visited.insert(Array(location.label.utf8)).inserted else {
                report("'$ref' leads back to itself", location, isFatal: true)
                return 0
            }
            guard case .string(let text) = reference else {
                report("'$ref' must be a string", location.appending("$ref"), isFatal: true)
                return 0
            }
            if let sibling = members.first(where: { SchemaKeywords.isLost($0.name) }) {
                report("'\(sibling.name)' beside '$ref' has no effect", location, isFatal: false)
            }
            guard let (target, place) = resolve(text, from: location) else {
                report("'\(text)' refers to nothing", location.appending("$ref"), isFatal: true)
                return 0
            }
            value = target
            location = place
        }
        let label = location.label
        let key = Array(label.utf8)
        if let index = known[key] { return index }
        guard case .object(let members) = value else {
            report("a schema must be an object", location, isFatal: true)
            return 0
        }
        guard key.count(where: { $0 == 0x2F }) <= Self.maximumDepth else {
            report("the schema nests more than \(Self.maximumDepth) levels deep", location, isFatal: true)
            return 0
        }
        guard parts.nodes.count < Self.maximumNodes else {
            report("the schema has more than \(Self.maximumNodes) parts", location, isFatal: true)
            return 0
        }
        let index = UInt32(parts.nodes.count)
        parts.nodes.append(SchemaNode())
        parts.labels.append(label)
        known[key] = index
        pending.append(Pending(node: Int(index), members: members, location: location))
        return index
    }

    /// Bytes of the pool that spell `text`.
    mutating func pool(_ text: String) -> SchemaText {
        let key = Array(text.utf8)
        if let known = texts[key] { return known }
        let place = SchemaText(offset: UInt32(parts.bytes.count), length: UInt32(key.count))
        parts.bytes.append(contentsOf: key)
        texts[key] = place
        return place
    }

    /// Index of a pattern; `nil` when it does not compile, which is reported.
    mutating func pattern(_ text: String, _ location: Location) -> UInt32? {
        let key = Array(text.utf8)
        if let known = patternIndices[key] { return known }
        switch Pattern.compileScript(text) {
        case .success(let pattern):
            let index = UInt32(parts.patterns.count)
            parts.patterns.append(pattern)
            patternIndices[key] = index
            return index
        case .failure(let problem):
            report("malformed pattern '\(text)': \(problem.message)", location, isFatal: true)
            return nil
        }
    }
}

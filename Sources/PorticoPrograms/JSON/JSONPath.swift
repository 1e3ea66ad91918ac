// Hot: once per step of a path. Allocates: what the caller's result list needs.

/// A JSONPath as Jayway reads it, compiled once.
///
/// A path without `$` gets `$.` in front. It is definite when it names one place: member and index steps only, at the end
/// perhaps several names (which make a new object of them). An indefinite path answers a list, which may be empty.
/// A function at the end computes a value from what the path found.
/// *Source:* Jayway JsonPath 2.x, README and `PathCompiler`.
public struct JSONPath: Sendable, Hashable {
    /// What an evaluation means.
    public enum Shape: Sendable, Hashable {
        /// At most one node: the value.
        case value
        /// A list of nodes: the elements of an array.
        case list
        /// The values of several named members of one object; each stands right behind its key on the tape.
        case object
        /// A number or a list computed by ``function``.
        case computed
    }

    enum Step: Sendable, Hashable {
        case member([UInt8])
        case members([[UInt8]])
        case index(Int)
        case indices([Int])
        /// `from` inclusive, `to` exclusive, each counted from the end when negative.
        case slice(from: Int?, to: Int?)
        case wildcard
        /// The next step at every container below, the starting one included.
        case descend
        case filter(JSONPathFilter)
    }

    /// The text it was compiled from.
    public let text: String
    let steps: [Step]
    /// What is computed at the end.
    public let function: JSONPathFunction?

    init(text: String, steps: [Step], function: JSONPathFunction?) {
        self.text = text
        self.steps = steps
        self.function = function
    }

    /// Compiles a path.
    public static func compile(_ text: String) -> Result<JSONPath, JSONPathProblem> {
        var compiler = JSONPathCompiler(text)
        return compiler.compilePath()
    }

    /// Whether it names one place, so that the answer is a value and not a list.
    public var isDefinite: Bool {
        for (place, step) in steps.enumerated() {
            switch step {
            case .member, .index: continue
            case .members: if place + 1 < steps.count { return false }
            default: return false
            }
        }
        return true
    }

    /// What ``evaluate(_:from:into:)`` yields.
    public var shape: Shape {
        if function != nil { return .computed }
        guard isDefinite else { return .list }
        if case .members? = steps.last { return .object }
        return .value
    }

    /// Equal paths have equal texts.
    public static func == (left: JSONPath, right: JSONPath) -> Bool { left.text == right.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Appends the nodes that the path finds to `results`, in order. `node` is the `$` of the path.
    public func evaluate(_ tape: JSONTape, from node: NodeIndex = 0, into results: inout [NodeIndex]) {
        guard node >= 0 && node < tape.count else { return }
        run(tape, 0, node, node, &results)
    }

    /// The node that a path of shape ``Shape/value`` finds.
    public func first(_ tape: JSONTape, from node: NodeIndex = 0) -> NodeIndex? {
        guard node >= 0 && node < tape.count else { return nil }
        var current = node
        for step in steps {
            switch step {
            case .member(let name):
                guard let found = tape.member(current, named: name) else { return nil }
                current = found
            case .index(let index):
                guard let found = tape.element(current, at: index) else { return nil }
                current = found
            default:
                var results: [NodeIndex] = []
                run(tape, 0, node, node, &results)
                return results.first
            }
        }
        return current
    }

    /// Follows the steps from `start` on. The depth of recursion is the number of steps.
    func run(_ tape: JSONTape, _ start: Int, _ node: NodeIndex, _ root: NodeIndex, _ results: inout [NodeIndex]) {
        var current = node
        var place = start
        while place < steps.count {
            let after = place + 1
            switch steps[place] {
            case .member(let name):
                guard let found = tape.member(current, named: name) else { return }
                current = found
            case .index(let index):
                guard let found = tape.element(current, at: index) else { return }
                current = found
            case .members(let names):
                for name in names {
                    if let found = tape.member(current, named: name) { run(tape, after, found, root, &results) }
                }
                return
            case .indices(let indices):
                for index in indices {
                    if let found = tape.element(current, at: index) { run(tape, after, found, root, &results) }
                }
                return
            case .slice(let from, let to):
                guard tape.kind(current) == .array else { return }
                let size = tape.memberCount(current)
                let low = Self.bound(from ?? 0, size)
                let high = Self.bound(to ?? size, size)
                var position = 0
                for element in tape.elements(current) {
                    if position >= high { break }
                    if position >= low { run(tape, after, element, root, &results) }
                    position += 1
                }
                return
            case .wildcard:
                for element in tape.elements(current) { run(tape, after, element, root, &results) }
                for (_, value) in tape.members(current) { run(tape, after, value, root, &results) }
                return
            case .filter(let filter):
                if tape.kind(current) == .array {
                    for element in tape.elements(current) where filter.accepts(tape, element, root) {
                        run(tape, after, element, root, &results)
                    }
                } else if tape.kind(current) == .object, filter.accepts(tape, current, root) {
                    run(tape, after, current, root, &results)
                }
                return
            case .descend:
                descend(tape, after, current, root, &results)
                return
            }
            place = after
        }
        results.append(current)
    }

    /// Applies the step at `place` to every container of the subtree, in the order of the text.
    private func descend(
        _ tape: JSONTape, _ place: Int, _ node: NodeIndex, _ root: NodeIndex, _ results: inout [NodeIndex]
    ) {
        var index = node
        let end = tape.next(node)
        while index < end {
            switch tape.kind(index) {
            case .object:
                if place < steps.count, case .filter(let filter) = steps[place] {
                    // Jayway asks a deep filter about each object itself, wherever it stands.
                    if filter.accepts(tape, index, root) { run(tape, place + 1, index, root, &results) }
                } else {
                    run(tape, place, index, root, &results)
                }
            case .array:
                if place < steps.count, case .filter(let filter) = steps[place] {
                    if filter.accepts(tape, index, root) { run(tape, place + 1, index, root, &results) }
                } else {
                    run(tape, place, index, root, &results)
                }
            default: break
            }
            index += 1
        }
    }

    private static func bound(_ index: Int, _ size: Int) -> Int {
        index < 0 ? max(0, index &+ size) : min(index, size)
    }
}

/// Why a text is no JSONPath.
public struct JSONPathProblem: Error, Sendable, Hashable {
    /// One line, lower case, no full stop.
    public var message: String
    /// The bytes of the text that it speaks of.
    public var range: Range<Int>

    /// Makes a problem.
    public init(_ message: String, _ range: Range<Int>) {
        self.message = message
        self.range = range
    }
}

extension JSONPath {
    /// Writes the flat form.
    public func encode(into writer: inout ByteWriter) { writer.write(text) }

    /// Reads the flat form: the text, which is compiled again and so checked.
    public init(from reader: inout ByteReader) throws(ProgramDecodingError) {
        let offset = reader.offset
        let text = try reader.readString()
        switch JSONPath.compile(text) {
        case .success(let path): self = path
        case .failure(let problem): throw ProgramDecodingError("JSONPath: \(problem.message)", at: offset)
        }
    }
}

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

    enum Step: Sendable {
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
    ///
    /// A path that takes too much work, more than some times the size of the body, ends with what it has found so far.
    public func evaluate(_ tape: JSONTape, from node: NodeIndex = 0, into results: inout [NodeIndex]) {
        var work = JSONPathWork(tape)
        evaluate(tape, from: node, into: &results, &work)
    }

    /// As part of an evaluation that is under way.
    func evaluate(
        _ tape: JSONTape, from node: NodeIndex, into results: inout [NodeIndex], _ work: inout JSONPathWork
    ) {
        guard node >= 0 && node < tape.count, !work.isSpent else { return }
        var run = JSONPathRun(steps: steps, tape: tape, root: node, work: work)
        run.follow(0, node, &results)
        work = run.work
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
                evaluate(tape, from: node, into: &results)
                return results.first
            }
        }
        return current
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

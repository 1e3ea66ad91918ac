// Hot: once per step of a path. Allocates: what the caller's result list needs.

/// A JSONPath as Jayway reads it, compiled once.
///
/// A path without `$` gets `$.` in front. It is definite when it names one place: member and index steps only, at the end
/// perhaps several names (which make a new object of them). An indefinite path answers a list, which may be empty.
/// A function at the end computes a value from what the path found.
/// An object, because a template takes one up for each `$input.path`, and a copy of a structure would count its lists.
/// *Source:* Jayway JsonPath 2.x, README and `PathCompiler`.
public final class JSONPath: Sendable, Hashable {
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

    /// Whether it names one place, so that the answer is a value and not a list.
    public let isDefinite: Bool
    /// What ``evaluate(_:from:into:)`` yields.
    public let shape: Shape
    /// The steps of a path of shape ``Shape/value`` once more, without references to count.
    private let plainSteps: [PlainStep]
    /// The names of ``plainSteps``.
    private let plainNames: [UInt8]

    /// A step to one member or element.
    private struct PlainStep: Sendable {
        /// A position of ``plainNames``, or an index.
        var place: Int
        /// Bytes of the name; -1 for an index.
        var length: Int
    }

    init(text: String, steps: [Step], function: JSONPathFunction?) {
        self.text = text
        self.steps = steps
        self.function = function
        isDefinite = Self.isDefinite(steps)
        shape = Self.shape(steps, function, isDefinite: isDefinite)
        var (plain, names): ([PlainStep], [UInt8]) = ([], [])
        for step in steps where shape == .value {
            switch step {
            case .member(let name):
                plain.append(PlainStep(place: names.count, length: name.count))
                names += name
            case .index(let index): plain.append(PlainStep(place: index, length: -1))
            // No other step is part of such a path.
            default: continue
            }
        }
        plainSteps = plain
        plainNames = names
    }

    /// Compiles a path.
    public static func compile(_ text: String) -> Result<JSONPath, JSONPathProblem> {
        var compiler = JSONPathCompiler(text)
        return compiler.compilePath()
    }

    private static func isDefinite(_ steps: [Step]) -> Bool {
        for (place, step) in steps.enumerated() {
            switch step {
            case .member, .index: continue
            case .members: if place + 1 < steps.count { return false }
            default: return false
            }
        }
        return true
    }

    private static func shape(_ steps: [Step], _ function: JSONPathFunction?, isDefinite: Bool) -> Shape {
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

    /// The node that a path of shape ``Shape/value`` finds; of another path, the first of its nodes.
    public func first(_ tape: JSONTape, from node: NodeIndex = 0) -> NodeIndex? {
        guard node >= 0 && node < tape.count else { return nil }
        guard shape == .value else {
            var results: [NodeIndex] = []
            evaluate(tape, from: node, into: &results)
            return results.first
        }
        return plainNames.withUnsafeBytes { names in
            var current = node
            for index in plainSteps.indices {
                let step = plainSteps[index]
                let found =
                    step.length < 0
                    ? tape.element(current, at: step.place)
                    : tape.member(
                        current, named: UnsafeRawBufferPointer(rebasing: names[step.place..<step.place + step.length]))
                guard let found else { return nil }
                current = found
            }
            return current
        }
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
    public convenience init(from reader: inout ByteReader) throws(ProgramDecodingError) {
        let offset = reader.offset
        let text = try reader.readString()
        var compiler = JSONPathCompiler(text)
        switch compiler.compilePath() {
        case .success(let path): self.init(text: path.text, steps: path.steps, function: path.function)
        case .failure(let problem): throw ProgramDecodingError("JSONPath: \(problem.message)", at: offset)
        }
    }
}

// Hot: once per path with a function. Allocates: nothing.

/// What stands at the end of a JSONPath as `.name()`.
public enum JSONPathFunction: Sendable, Hashable {
    /// `length()` and `size()`: the number of elements or members; of an indefinite path, of the nodes found.
    case length
    /// `min()` of the numbers found.
    case min
    /// `max()` of the numbers found.
    case max
    /// `avg()` of the numbers found.
    case avg
    /// `stddev()` of the numbers found.
    case stddev
    /// `sum()` of the numbers found.
    case sum
    /// `keys()`: the names of an object's members, as a list.
    case keys
    /// `first()` element.
    case first
    /// `last()` element.
    case last
    /// `index(n)`: the n-th element, from the end when negative.
    case index(Int)

    static let names: [String: JSONPathFunction] = [
        "length": .length, "size": .length, "min": .min, "max": .max, "avg": .avg, "stddev": .stddev, "sum": .sum,
        "keys": .keys, "first": .first, "last": .last,
    ]
}

/// What a path finds, ready for a machine.
public enum JSONPathAnswer: Sendable, Equatable {
    /// Nothing.
    case none
    /// One node.
    case node(NodeIndex)
    /// A new array of the nodes.
    case list([NodeIndex])
    /// A new object of the members whose values these are; each key stands one node before.
    case object([NodeIndex])
    /// A new array of the names of members.
    case names([NodeIndex])
    /// A whole number.
    case integer(Int)
    /// Another number.
    case double(Double)
}

extension JSONPath {
    /// Evaluates the path and its function.
    public func answer(_ tape: JSONTape, from node: NodeIndex = 0) -> JSONPathAnswer {
        if shape == .value { return first(tape, from: node).map { .node($0) } ?? .none }
        var work = JSONPathWork(tape)
        return answer(tape, from: node, &work)
    }

    /// As part of an evaluation that is under way.
    func answer(_ tape: JSONTape, from node: NodeIndex, _ work: inout JSONPathWork) -> JSONPathAnswer {
        if shape == .value, node >= 0 && node < tape.count {
            var run = JSONPathRun(steps: steps, tape: tape, root: node, work: work)
            let single = run.followSingle(node)
            work = run.work
            switch single {
            case .node(let found): return .node(found)
            case .nowhere: return .none
            case .manySteps: break
            }
        }
        var found: [NodeIndex] = []
        evaluate(tape, from: node, into: &found, &work)
        work.spend(found.count)
        switch shape {
        case .value: return found.first.map { .node($0) } ?? .none
        case .list: return .list(found)
        case .object: return found.isEmpty ? .none : .object(found)
        case .computed: return compute(tape, found)
        }
    }

    /// Bytes that the answer to a path may have: a list of nested containers repeats the body over and over.
    static let maximumOutputBytes = JSONTape.defaultMaximumBytes

    /// Appends what the path finds as JSON. Answers whether it found anything; an empty list is something. An answer of
    /// more than ``maximumOutputBytes`` counts as nothing.
    public func emit(_ tape: JSONTape, from node: NodeIndex = 0, into output: OutputBuffer) -> Bool {
        emit(answer(tape, from: node), tape, into: output)
    }

    func emit(_ answer: JSONPathAnswer, _ tape: JSONTape, into output: OutputBuffer) -> Bool {
        let start = output.count
        switch answer {
        case .none: return false
        case .node(let node): tape.emit(node, into: output)
        case .list(let nodes), .names(let nodes):
            output.append(0x5B)
            for (position, node) in nodes.enumerated() {
                if position > 0 { output.append(0x2C) }
                tape.emit(node, into: output)
                guard isShortEnough(output, start) else { return false }
            }
            output.append(0x5D)
        case .object(let nodes):
            output.append(0x7B)
            for (position, node) in nodes.enumerated() {
                if position > 0 { output.append(0x2C) }
                tape.emit(node - 1, into: output)
                output.append(0x3A)
                tape.emit(node, into: output)
                guard isShortEnough(output, start) else { return false }
            }
            output.append(0x7D)
        case .integer(let value): output.append(decimal: value)
        case .double(let value): JavaNumber.append(value, into: output)
        }
        return true
    }

    /// Takes back what is beyond the limit.
    private func isShortEnough(_ output: OutputBuffer, _ start: Int) -> Bool {
        if output.count - start <= Self.maximumOutputBytes { return true }
        output.truncate(to: start)
        return false
    }

    private func compute(_ tape: JSONTape, _ found: [NodeIndex]) -> JSONPathAnswer {
        guard let function else { return .none }
        // A definite path hands on the elements of the array that it names.
        var inputs = found
        if isDefinite {
            guard let node = found.first else { return .none }
            if function == .length {
                return tape.kind(node).isContainer ? .integer(tape.memberCount(node)) : .none
            }
            if function == .keys {
                return tape.kind(node) == .object ? .names(tape.members(node).map { $0.key }) : .none
            }
            guard tape.kind(node) == .array else { return .none }
            inputs = Array(tape.elements(node))
        }
        switch function {
        case .length: return .integer(inputs.count)
        case .keys: return .none
        case .first: return inputs.first.map { .node($0) } ?? .none
        case .last: return inputs.last.map { .node($0) } ?? .none
        case .index(let index):
            let place = index < 0 ? index + inputs.count : index
            return inputs.indices.contains(place) ? .node(inputs[place]) : .none
        case .min, .max, .avg, .stddev, .sum:
            let numbers = inputs.compactMap { tape.double($0) }
            if numbers.isEmpty { return .none }
            let sum = numbers.reduce(0, +)
            let mean = sum / Double(numbers.count)
            switch function {
            case .min: return numbers.min().map { .double($0) } ?? .none
            case .max: return numbers.max().map { .double($0) } ?? .none
            case .sum: return .double(sum)
            case .avg: return .double(mean)
            default:
                let squares = numbers.reduce(0) { $0 + $1 * $1 }
                return .double((squares / Double(numbers.count) - mean * mean).squareRoot())
            }
        }
    }
}

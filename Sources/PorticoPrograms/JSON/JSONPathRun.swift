// Hot: once per node that a path looks at. Allocates: what the caller's result list needs.

/// One evaluation of a ``JSONPath``.
struct JSONPathRun {
    let steps: [JSONPath.Step]
    let tape: JSONTape
    /// What `$` means within filters.
    let root: NodeIndex
    var work: JSONPathWork

    /// Follows the steps from `start` on. The depth of recursion is the number of steps.
    mutating func follow(_ start: Int, _ node: NodeIndex, _ results: inout [NodeIndex]) {
        var current = node
        var place = start
        while place < steps.count {
            guard !work.isSpent else { return }
            work.spend(1)
            let after = place + 1
            switch steps[place] {
            case .member(let name):
                spendOnMembers(current)
                guard let found = tape.member(current, named: name) else { return }
                current = found
            case .index(let index):
                spendOnElement(index, current)
                guard let found = tape.element(current, at: index) else { return }
                current = found
            case .members(let names):
                for name in names {
                    spendOnMembers(current)
                    if work.isSpent { return }
                    if let found = tape.member(current, named: name) { follow(after, found, &results) }
                }
                return
            case .indices(let indices):
                for index in indices {
                    spendOnElement(index, current)
                    if work.isSpent { return }
                    if let found = tape.element(current, at: index) { follow(after, found, &results) }
                }
                return
            case .slice(let from, let to): return slice(from, to, after, current, &results)
            case .wildcard:
                if tape.kind(current).isContainer { work.spend(tape.memberCount(current)) }
                for element in tape.elements(current) { follow(after, element, &results) }
                for (_, value) in tape.members(current) { follow(after, value, &results) }
                return
            case .filter(let filter):
                if tape.kind(current) == .array {
                    for element in tape.elements(current) where accepts(filter, element) {
                        follow(after, element, &results)
                    }
                } else if tape.kind(current) == .object, accepts(filter, current) {
                    follow(after, current, &results)
                }
                return
            case .descend: return descend(after, current, &results)
            }
            place = after
        }
        results.append(current)
    }

    /// Where a path of members and positions leads.
    enum Single {
        case node(NodeIndex)
        case nowhere
        /// The path has other steps.
        case manySteps
    }

    /// Follows such a path from `node` without a list of results, and so without memory.
    mutating func followSingle(_ node: NodeIndex) -> Single {
        var current = node
        for step in steps {
            guard !work.isSpent else { return .nowhere }
            work.spend(1)
            switch step {
            case .member(let name):
                spendOnMembers(current)
                guard let found = tape.member(current, named: name) else { return .nowhere }
                current = found
            case .index(let index):
                spendOnElement(index, current)
                guard let found = tape.element(current, at: index) else { return .nowhere }
                current = found
            default: return .manySteps
            }
        }
        return .node(current)
    }

    private mutating func accepts(_ filter: JSONPathFilter, _ node: NodeIndex) -> Bool {
        work.spend(1)
        return !work.isSpent && filter.accepts(tape, node, root, &work)
    }

    /// A member is looked for from the first one on.
    private mutating func spendOnMembers(_ node: NodeIndex) {
        if tape.kind(node) == .object { work.spend(tape.memberCount(node)) }
    }

    /// And so is an element.
    private mutating func spendOnElement(_ index: Int, _ node: NodeIndex) {
        guard tape.kind(node) == .array else { return }
        let size = tape.memberCount(node)
        if index < size { work.spend(index < 0 ? max(0, size &+ index) : index) }
    }

    private mutating func slice(
        _ from: Int?, _ to: Int?, _ after: Int, _ node: NodeIndex, _ results: inout [NodeIndex]
    ) {
        guard tape.kind(node) == .array else { return }
        let size = tape.memberCount(node)
        work.spend(size)
        let low = Self.bound(from ?? 0, size)
        let high = Self.bound(to ?? size, size)
        var position = 0
        for element in tape.elements(node) {
            if position >= high { return }
            if position >= low { follow(after, element, &results) }
            position += 1
        }
    }

    private static func bound(_ index: Int, _ size: Int) -> Int {
        index < 0 ? max(0, index &+ size) : min(index, size)
    }

    /// Applies the step at `place` to every container of the subtree, in the order of the text.
    private mutating func descend(_ place: Int, _ node: NodeIndex, _ results: inout [NodeIndex]) {
        var deepFilter: JSONPathFilter?
        if place < steps.count, case .filter(let filter) = steps[place] { deepFilter = filter }
        var index = node
        let end = tape.next(node)
        while index < end, !work.isSpent {
            work.spend(1)
            if tape.kind(index).isContainer {
                if let deepFilter {
                    // Jayway asks a deep filter about each container itself, wherever it stands.
                    if accepts(deepFilter, index) { follow(place + 1, index, &results) }
                } else {
                    follow(place, index, &results)
                }
            }
            index += 1
        }
    }
}

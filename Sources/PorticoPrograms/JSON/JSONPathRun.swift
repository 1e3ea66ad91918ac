// Hot: once per node that a path looks at. Allocates: what the caller's result list needs.

/// One evaluation of a ``JSONPath``.
struct JSONPathRun {
    let steps: [JSONPath.Step]
    let tape: JSONTape
    /// What `$` means within filters.
    let root: NodeIndex
    var visitsLeft: Int

    /// Follows the steps from `start` on. The depth of recursion is the number of steps.
    mutating func follow(_ start: Int, _ node: NodeIndex, _ results: inout [NodeIndex]) {
        var current = node
        var place = start
        while place < steps.count {
            guard visitsLeft > 0 else { return }
            visitsLeft &-= 1
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
                    if let found = tape.member(current, named: name) { follow(after, found, &results) }
                }
                return
            case .indices(let indices):
                for index in indices {
                    if let found = tape.element(current, at: index) { follow(after, found, &results) }
                }
                return
            case .slice(let from, let to): return slice(from, to, after, current, &results)
            case .wildcard:
                for element in tape.elements(current) { follow(after, element, &results) }
                for (_, value) in tape.members(current) { follow(after, value, &results) }
                return
            case .filter(let filter):
                if tape.kind(current) == .array {
                    for element in tape.elements(current) where filter.accepts(tape, element, root) {
                        follow(after, element, &results)
                    }
                } else if tape.kind(current) == .object, filter.accepts(tape, current, root) {
                    follow(after, current, &results)
                }
                return
            case .descend: return descend(after, current, &results)
            }
            place = after
        }
        results.append(current)
    }

    private mutating func slice(
        _ from: Int?, _ to: Int?, _ after: Int, _ node: NodeIndex, _ results: inout [NodeIndex]
    ) {
        guard tape.kind(node) == .array else { return }
        let size = tape.memberCount(node)
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
        while index < end, visitsLeft > 0 {
            visitsLeft &-= 1
            if tape.kind(index).isContainer {
                if let deepFilter {
                    // Jayway asks a deep filter about each container itself, wherever it stands.
                    if deepFilter.accepts(tape, index, root) { follow(place + 1, index, &results) }
                } else {
                    follow(place, index, &results)
                }
            }
            index += 1
        }
    }
}

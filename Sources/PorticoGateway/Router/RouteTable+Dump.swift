// Hot: no, for `portico dump`, `portico routes` and messages. Allocates: text.

extension RouteTable {
    /// The segment of a node as it is declared: `pets`, `{id}`, `{proxy+}`, and nothing for the root.
    func segmentText(of node: Int) -> String {
        let name = name(of: node)
        return switch nodes[node].kind {
        case .root: ""
        case .literal: name
        case .variable: "{\(name)}"
        case .greedy: "{\(name)+}"
        }
    }

    /// The path template of a node, such as `/pets/{id}`.
    func resourcePath(of node: Int) -> String {
        guard node != 0 else { return "/" }
        return way(to: node).map { "/" + segmentText(of: $0) }.joined()
    }

    /// Names of the variables on the way to a node: what ``RouteParameters`` holds the values of.
    func parameterNames(of node: Int) -> [String] {
        way(to: node).filter { nodes[$0].kind == .variable || nodes[$0].kind == .greedy }.map(name(of:))
    }

    /// Verbs that a node declares, ANY last.
    func declaredMethods(of node: Int) -> [RouteMethod] { trunk[node].methods }

    /// The tree as text: a line for each node, indented by its depth, with its methods as `VERB=index`.
    func dump() -> String {
        var text = "routes: \(nodes.count) nodes, \(methodCount) methods, at most \(maximumParameters) parameters\n"
        for (index, node) in trunk.enumerated() {
            var line = String(repeating: "  ", count: Int(node.depth))
            line += index == 0 ? "/" : segmentText(of: index)
            for method in node.methods { line += " \(method.verb.name)=\(method.method)" }
            text += "\(index): \(line)\n"
        }
        return text
    }

    private func name(of node: Int) -> String {
        let start = Int(nodes[node].nameStart)
        return String(decoding: names[start..<start + Int(nodes[node].nameCount)], as: UTF8.self)
    }

    /// Nodes from below the root down to `node`.
    private func way(to node: Int) -> [Int] {
        var way: [Int] = []
        var node = node
        while node != 0 {
            way.append(node)
            node = Int(nodes[node].parent)
        }
        return way.reversed()
    }
}

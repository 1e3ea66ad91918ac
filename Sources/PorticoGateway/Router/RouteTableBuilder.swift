// Hot: no, once per compile. Allocates: the table.

/// A resource with the methods that are declared for it.
struct RouteDeclaration: Sendable, Hashable {
    /// Its path template, such as `/pets/{id}`.
    var path: String
    var methods: [RouteMethod]

    init(_ path: String, _ methods: [RouteMethod]) {
        self.path = path
        self.methods = methods
    }
}

/// A declaration that cannot stand beside another one, or not at all. Indices are those of the declarations.
struct RouteClash: Sendable, Hashable {
    enum Reason: Sendable, Hashable {
        /// The path does not begin with a slash, or has braces other than around a whole segment with a name.
        case malformedPath
        /// A segment stands below `{x+}`.
        case childOfGreedy
        /// Both declare `verb` for the same resource.
        case duplicateMethod(verb: RouteVerb)
        /// Both have a variable at the same place, but by other names.
        case variableNames(String, String)
        /// One has `{x}` where the other has `{x+}`. The table serves both, as HTTP APIs do; REST APIs refuse it.
        case variableBesideGreedy(variable: String, greedy: String)
    }

    var reason: Reason
    /// The declaration that came later, or the only one.
    var declaration: Int
    /// The declaration that came before, whose way is kept.
    var other: Int?
}

/// What the builder made.
struct RouteTableBuild: Sendable {
    var table: RouteTable
    /// Node of each declaration's resource; `nil` when its path was refused.
    var resources: [Int?]
    /// In the order of the declarations.
    var clashes: [RouteClash]
}

/// Sorts declarations so that their segments come in the table's order, and writes each new segment as a node.
///
/// The same set of declarations gives the same table; their order decides only who wins a clash.
struct RouteTableBuilder {
    private struct Segment {
        var kind: RouteTable.Kind
        /// In ``text``: the literal, or the variable's name.
        var start: Int
        var count: Int
    }

    private struct Resource {
        var declaration: Int
        var segments: Range<Int>
    }

    /// A node on the way from the root to the resource that is written now.
    private struct Step {
        var node: Int
        var segment: Segment
        /// The earliest declaration seen that goes through here, which names the variable.
        var declaration: Int
        /// The node's variable child, once there is one.
        var variable: (segment: Segment, declaration: Int)?
    }

    private var text: [UInt8] = []
    private var segments: [Segment] = []
    private var resources: [Resource] = []
    private var clashes: [RouteClash] = []
    private var trunk: [RouteTable.TrunkNode]
    private var names: [UInt8] = []
    private var nameStarts: [ArraySlice<UInt8>: UInt32] = [:]
    private var nodes: [Int?]
    /// Declaration that gave a node its verb, as node times stride plus verb.
    private var owners: [Int: Int] = [:]

    private init(declarationCount: Int) {
        trunk = [RouteTable.TrunkNode(kind: .root, depth: 0, nameStart: 0, nameCount: 0, methods: [])]
        nodes = [Int?](repeating: nil, count: declarationCount)
    }

    /// Makes a table of `declarations`, whose method indices are below `methodCount`.
    static func build(_ declarations: [RouteDeclaration], methodCount: Int) -> RouteTableBuild {
        var builder = RouteTableBuilder(declarationCount: declarations.count)
        for (index, declaration) in declarations.enumerated() { builder.cut(declaration.path, index) }
        builder.sort()
        builder.write(declarations)
        guard let table = RouteTable(trunk: builder.trunk, names: builder.names, methodCount: methodCount) else {
            preconditionFailure("the builder writes trees in canonical order, of methods below methodCount")
        }
        builder.clashes.sort {
            ($0.declaration, $0.other ?? -1) < ($1.declaration, $1.other ?? -1)
        }
        return RouteTableBuild(table: table, resources: builder.nodes, clashes: builder.clashes)
    }

    private mutating func cut(_ path: String, _ declaration: Int) {
        let first = segments.count
        let base = text.count
        text.append(contentsOf: path.utf8)
        guard text.count > base, text[base] == SegmentScanner.slash else {
            return refuse(.malformedPath, declaration, first)
        }
        var start = base
        while start < text.count {
            guard text[start] != SegmentScanner.slash else {
                start += 1
                continue
            }
            let end = text[start...].firstIndex(of: SegmentScanner.slash) ?? text.count
            guard let segment = segment(start, end) else { return refuse(.malformedPath, declaration, first) }
            if segments.count > first, segments[segments.count - 1].kind == .greedy {
                return refuse(.childOfGreedy, declaration, first)
            }
            segments.append(segment)
            start = end
        }
        resources.append(Resource(declaration: declaration, segments: first..<segments.count))
    }

    private mutating func refuse(_ reason: RouteClash.Reason, _ declaration: Int, _ first: Int) {
        segments.removeLast(segments.count - first)
        clashes.append(RouteClash(reason: reason, declaration: declaration, other: nil))
    }

    private func segment(_ start: Int, _ end: Int) -> Segment? {
        let open = UInt8(ascii: "{"), close = UInt8(ascii: "}")
        guard text[start..<end].contains(where: { $0 == open || $0 == close }) else {
            return Segment(kind: .literal, start: start, count: end - start)
        }
        guard text[start] == open, text[end - 1] == close, end - start > 2 else { return nil }
        let isGreedy = text[end - 2] == UInt8(ascii: "+")
        let name = start + 1..<end - (isGreedy ? 2 : 1)
        guard !name.isEmpty, !text[name].contains(where: { $0 == open || $0 == close }) else { return nil }
        return Segment(kind: isGreedy ? .greedy : .variable, start: name.lowerBound, count: name.count)
    }

    private mutating func sort() {
        let segments = segments
        text.withUnsafeBufferPointer { text in
            segments.withUnsafeBufferPointer { segments in
                resources.sort { Self.precedes($0, $1, segments, text) }
            }
        }
    }

    private static func precedes(
        _ left: Resource, _ right: Resource, _ segments: UnsafeBufferPointer<Segment>,
        _ text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let common = min(left.segments.count, right.segments.count)
        for index in 0..<common {
            let first = segments[left.segments.lowerBound + index]
            let second = segments[right.segments.lowerBound + index]
            if first.kind != second.kind { return first.kind.rawValue < second.kind.rawValue }
            guard first.kind == .literal else { continue }
            for offset in 0..<min(first.count, second.count) {
                let a = text[first.start + offset]
                let b = text[second.start + offset]
                if a != b { return a < b }
            }
            if first.count != second.count { return first.count < second.count }
        }
        if left.segments.count != right.segments.count { return left.segments.count < right.segments.count }
        return left.declaration < right.declaration
    }

    private mutating func write(_ declarations: [RouteDeclaration]) {
        var way = [Step(node: 0, segment: Segment(kind: .root, start: 0, count: 0), declaration: 0)]
        for resource in resources {
            var depth = 0
            for segment in segments[resource.segments] {
                depth += 1
                if depth < way.count, isSame(way[depth].segment, segment) {
                    checkName(&way[depth], segment, resource.declaration)
                    continue
                }
                way.removeLast(way.count - depth)
                checkSiblings(&way[depth - 1], segment, resource.declaration)
                let node = trunk.count
                trunk.append(
                    RouteTable.TrunkNode(
                        kind: segment.kind, depth: UInt32(clamping: depth), nameStart: intern(segment),
                        nameCount: UInt32(clamping: segment.count), methods: []))
                way.append(Step(node: node, segment: segment, declaration: resource.declaration))
            }
            way.removeLast(way.count - depth - 1)
            nodes[resource.declaration] = way[depth].node
            declare(declarations[resource.declaration].methods, at: way[depth].node, resource.declaration)
        }
    }

    private func isSame(_ left: Segment, _ right: Segment) -> Bool {
        guard left.kind == right.kind else { return false }
        return left.kind != .literal || bytes(left) == bytes(right)
    }

    private mutating func checkName(_ step: inout Step, _ segment: Segment, _ declaration: Int) {
        if segment.kind != .literal, bytes(step.segment) != bytes(segment) {
            let isLater = declaration > step.declaration
            let (first, second) = isLater ? (step.segment, segment) : (segment, step.segment)
            addClash(.variableNames(name(first), name(second)), declaration, step.declaration)
            if !isLater { rename(&step, segment) }
        }
        step.declaration = min(step.declaration, declaration)
    }

    /// The earlier declaration names the variable.
    private mutating func rename(_ step: inout Step, _ segment: Segment) {
        step.segment = segment
        trunk[step.node].nameStart = intern(segment)
        trunk[step.node].nameCount = UInt32(clamping: segment.count)
    }

    private mutating func checkSiblings(_ parent: inout Step, _ segment: Segment, _ declaration: Int) {
        if segment.kind == .variable { parent.variable = (segment, declaration) }
        if segment.kind == .greedy, let (sibling, other) = parent.variable {
            addClash(
                .variableBesideGreedy(variable: name(sibling), greedy: name(segment)), declaration, other)
        }
    }

    private mutating func declare(_ methods: [RouteMethod], at node: Int, _ declaration: Int) {
        for method in methods {
            let key = node * RouteTable.methodStride + Int(method.verb.rawValue)
            if let owner = owners[key] {
                addClash(.duplicateMethod(verb: method.verb), declaration, owner)
            } else {
                owners[key] = declaration
                trunk[node].methods.append(method)
            }
        }
        trunk[node].methods.sort { $0.verb.rawValue < $1.verb.rawValue }
    }

    private mutating func addClash(_ reason: RouteClash.Reason, _ one: Int, _ another: Int) {
        clashes.append(RouteClash(reason: reason, declaration: max(one, another), other: min(one, another)))
    }

    private func bytes(_ segment: Segment) -> ArraySlice<UInt8> { text[segment.start..<segment.start + segment.count] }

    private func name(_ segment: Segment) -> String { String(decoding: bytes(segment), as: UTF8.self) }

    /// Equal names share their bytes, which keeps what searches compare close together.
    private mutating func intern(_ segment: Segment) -> UInt32 {
        let bytes = bytes(segment)
        if let start = nameStarts[bytes] { return start }
        let start = UInt32(clamping: names.count)
        names += bytes
        nameStarts[bytes] = start
        return start
    }
}

// Hot: once per request, through RouteTable+Match. Allocates: nothing after it is made.

/// The routes of one API as a trie of path segments in flat arrays: immutable, shared by all event loops.
///
/// Nodes stand in pre-order: the root first, then below each node its literal children by their bytes, its variable child
/// `{x}` and its greedy child `{x+}`. A node's depth is its number of segments, so a node's index is greater than its
/// parent's, and each node can be met at most once in one search. Everything but the tree itself (child links, hash
/// tables, masks) is derived in ``init(trunk:names:methodCount:)``, whether the tree comes from the builder or from a
/// file; a damaged file can thus describe a wrong tree, but never one that leads a search out of the arrays or in circles.
final class RouteTable: Sendable {
    /// What a node matches.
    enum Kind: UInt8, Sendable, Hashable {
        case root
        /// A segment with just these bytes.
        case literal
        /// `{x}`: one segment.
        case variable
        /// `{x+}`: the rest of the path, at least one segment.
        case greedy
    }

    /// A node as the search reads it. Child links are 0 when there is none, since the root is nobody's child.
    struct Node: Sendable {
        /// First slot of the table of literal children.
        var slots: UInt32 = 0
        /// Number of slots less one; meaningful only with ``hasLiterals``.
        var slotMask: UInt32 = 0
        /// The child `{x}`.
        var variable: UInt32 = 0
        /// The child `{x+}`.
        var greedy: UInt32 = 0
        /// First of the node's ``RouteTable/methodStride`` entries in ``RouteTable/methods``; row 0 is the empty row.
        var methods: UInt32 = 0
        /// The literal, or the variable's name, in ``RouteTable/names``.
        var nameStart: UInt32 = 0
        var nameCount: UInt32 = 0
        /// ``SegmentScanner/Segment/tail`` of a literal.
        var tail: UInt64 = 0
        /// Depth of the deepest node with a method, from here down; 0 when there is none below the root.
        var deepest: UInt32 = 0
        var parent: UInt32 = 0
        var kind: Kind = .root
        var hasLiterals = false
        /// Verbs, as bits, that this node or a node below it answers at its own depth.
        var exactVerbs: UInt8 = 0
        /// Verbs, as bits, that a greedy node below answers, whatever the number of segments.
        var greedyVerbs: UInt8 = 0
    }

    /// A slot of an open-addressing table; `child` is 0 when it is empty.
    struct Slot: Sendable {
        var hash: UInt32
        var child: UInt32
    }

    /// What the tree itself is: pre-order and depths give all links.
    struct TrunkNode: Sendable, Hashable {
        var kind: Kind
        /// Number of segments: 0 for the root.
        var depth: UInt32
        var nameStart: UInt32
        var nameCount: UInt32
        /// Verb and method, by rising verb.
        var methods: [RouteMethod]
    }

    /// Entries in ``methods`` for a node: one for each verb, `any` last. ORDER RouteVerb.
    static let methodStride = 8
    /// No method.
    static let none = UInt32.max

    let nodes: [Node]
    let slots: [Slot]
    /// Rows of ``methodStride``: method index by verb, where a verb without a method of its own holds ANY's.
    let methods: [UInt32]
    /// Bytes of all literals and variable names.
    let names: [UInt8]
    /// Method indices are below this.
    let methodCount: Int
    /// Most variables on the way to any node, which is the room that a search needs.
    let maximumParameters: Int
    /// The tree that all of this came from, kept for the file and for `dump`.
    let trunk: [TrunkNode]

    /// Derives the table from a tree, or gives `nil` when `trunk` is not one in canonical order.
    convenience init?(trunk: [TrunkNode], names: [UInt8], methodCount: Int) {
        guard let parts = RouteTableParts(trunk: trunk, names: names, methodCount: methodCount) else { return nil }
        self.init(parts, trunk: trunk, names: names, methodCount: methodCount)
    }

    /// Keeps what was derived from `trunk` and `names`.
    init(_ parts: RouteTableParts, trunk: [TrunkNode], names: [UInt8], methodCount: Int) {
        nodes = parts.nodes
        slots = parts.slots
        methods = parts.methods
        maximumParameters = parts.maximumParameters
        self.names = names
        self.trunk = trunk
        self.methodCount = methodCount
    }
}

/// A method of a resource: its verb and its index in the snapshot.
struct RouteMethod: Sendable, Hashable {
    var verb: RouteVerb
    var method: UInt32

    init(_ verb: RouteVerb, _ method: Int) {
        self.verb = verb
        self.method = UInt32(clamping: method)
    }
}

/// Bytes of a path.
struct RouteSpan: Sendable, Hashable {
    var start: Int32
    var count: Int32

    @inline(__always)
    init(_ start: Int, _ end: Int) {
        self.start = Int32(truncatingIfNeeded: start)
        count = Int32(truncatingIfNeeded: end &- start)
    }

    /// As offsets into the path.
    var range: Range<Int> { Int(start)..<Int(start) &+ Int(count) }
}

/// What a search found: the method, and the resource that declares it as an index of a node.
struct RouteMatch: Sendable, Hashable {
    var method: UInt32
    var resource: UInt32
}

/// Room for the values of path parameters, in the order of the path: one for each worker, reused by each search.
final class RouteParameters {
    private(set) var count = 0
    private(set) var capacity: Int
    private var base: UnsafeMutablePointer<RouteSpan>

    init(capacity: Int = 32) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
        base.initialize(repeating: RouteSpan(0, 0), count: self.capacity)
    }

    deinit {
        base.deallocate()
    }

    /// Where in the path the value of the variable at `index` stands.
    @inline(__always)
    subscript(index: Int) -> RouteSpan {
        precondition(index >= 0 && index < count)
        return base[index]
    }

    /// Forgets the values and lends the memory, with room for `needed`, to one search, which ends with ``keep(_:)``.
    /// Allocates only when a table asks for more than any before.
    @inline(__always)
    func lend(_ needed: Int) -> UnsafeMutableBufferPointer<RouteSpan> {
        count = 0
        if needed > capacity { grow(to: needed) }
        return UnsafeMutableBufferPointer(start: base, count: capacity)
    }

    /// Says how many values the search wrote.
    @inline(__always)
    func keep(_ written: Int) {
        precondition(written >= 0 && written <= capacity)
        count = written
    }

    @inline(never)
    private func grow(to needed: Int) {
        base.deallocate()
        capacity = needed
        base = .allocate(capacity: needed)
        base.initialize(repeating: RouteSpan(0, 0), count: needed)
    }
}

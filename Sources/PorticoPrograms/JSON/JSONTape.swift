// Hot: once per body. Allocates: when a body has more nodes than any before, which the next body keeps.

/// A JSON text as a flat list of nodes in pre-order, each with a link to the node after its subtree.
///
/// A worker owns one and parses body after body into it; it is not `Sendable`. Nodes hold offsets into the parsed bytes,
/// which the caller must keep in place until the next ``parse(_:)``; strings are unescaped only when they are written.
///
/// The grammar is that of RFC 8259, with the whole UTF-8 check; depth and size are limited, and nothing recurses.
/// Of several members with one name the last one counts and keeps the place of the first, as in the maps of the Java
/// parsers that API Gateway is built on; repetitions never reach the reader of the tape.
public final class JSONTape {
    /// Deepest nesting by default.
    public static let defaultMaximumDepth = 512
    /// Largest text by default: API Gateway's payload limit of 10 MB, and as much again for what templates make of it.
    public static let defaultMaximumBytes = 20 << 20
    /// Nodes whose memory outlives a body: 1 MB.
    private static let keptNodes = 1 << 16

    let maximumDepth: Int
    let maximumBytes: Int
    @exclusivity(unchecked) private var nodes: UnsafeMutablePointer<JSONNode>
    @exclusivity(unchecked) private var capacity: Int
    private let keyMasks: UnsafeMutablePointer<UInt64>
    /// Number of nodes; 0 when nothing was parsed or the last text was no JSON.
    @exclusivity(unchecked) public private(set) var count = 0
    /// Whether the text had objects with a name twice; the tape holds one member of each. For readers that refuse such
    /// texts, because others may read them in another way.
    @exclusivity(unchecked) public internal(set) var hasRepeatedKeys = false
    /// The text that the nodes point into.
    @exclusivity(unchecked) public private(set) var source = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Makes an empty tape with its limits.
    public init(
        maximumDepth: Int = JSONTape.defaultMaximumDepth, maximumBytes: Int = JSONTape.defaultMaximumBytes
    ) {
        self.maximumDepth = min(max(maximumDepth, 1), 1 << 16)
        // Offsets have 32 bits.
        self.maximumBytes = min(max(maximumBytes, 0), Int(UInt32.max) - 1)
        capacity = 256
        nodes = .allocate(capacity: capacity)
        keyMasks = .allocate(capacity: self.maximumDepth + 2)
    }

    deinit {
        nodes.deallocate()
        keyMasks.deallocate()
    }

    /// Forgets the text.
    public func clear() {
        count = 0
        hasRepeatedKeys = false
        source = UnsafeRawBufferPointer(start: nil, count: 0)
        if capacity > Self.keptNodes {
            nodes.deallocate()
            capacity = 256
            nodes = .allocate(capacity: capacity)
        }
    }

    /// Replaces the content by the value that `bytes` holds. `bytes` must stay in place as long as the tape is read.
    public func parse(_ bytes: UnsafeRawBufferPointer) -> JSONParseResult {
        clear()
        guard bytes.count <= maximumBytes else { return .failed(offset: maximumBytes, reason: .tooLong) }
        guard let start = bytes.baseAddress else { return .failed(offset: 0, reason: .empty) }
        var parser = JSONTapeParser(
            base: start.assumingMemoryBound(to: UInt8.self), end: bytes.count, maximumDepth: maximumDepth,
            nodes: nodes, capacity: capacity, keyMasks: keyMasks)
        let failure = parser.run()
        // The parser may have moved the nodes to a larger place.
        nodes = parser.nodes
        capacity = parser.capacity
        if let failure { return .failed(offset: parser.offset, reason: failure) }
        count = parser.count
        source = bytes
        if parser.mayRepeatKeys { dropRepeatedKeys() }
        return .ok
    }

    /// The nodes in place, until the next ``parse(_:)`` or ``clear()``; for readers that have checked their index.
    var nodeBase: UnsafePointer<JSONNode> { UnsafePointer(nodes) }

    func node(_ index: NodeIndex) -> JSONNode {
        precondition(index >= 0 && index < count, "no such node")
        return nodes[index]
    }

    /// A node whose index comes from the links of the tape.
    @inline(__always)
    func nodeUnchecked(_ index: NodeIndex) -> JSONNode { nodes[index] }

    /// Memory for one number per level of nesting, for whoever walks the tape; the parser keeps its key filters there.
    @inline(__always)
    var openContainers: UnsafeMutablePointer<UInt64> { keyMasks }

    /// Replaces the nodes by fewer ones.
    func replaceNodes(_ body: (UnsafeMutableBufferPointer<JSONNode>) -> Int) {
        let kept = body(UnsafeMutableBufferPointer(start: nodes, count: count))
        precondition(kept <= count)
        count = kept
    }
}

// MARK: Reading

extension JSONTape {
    /// The whole value. There is none when ``count`` is 0.
    public var root: NodeIndex { 0 }

    /// What the node is.
    public func kind(_ index: NodeIndex) -> JSONNodeKind { node(index).kind }

    /// The node after this one's subtree: the next element of an array, the next key of an object, or whatever follows
    /// the parent.
    public func next(_ index: NodeIndex) -> NodeIndex { Int(node(index).next) }

    /// Number of elements or members; 0 for a scalar.
    public func memberCount(_ index: NodeIndex) -> Int {
        let node = node(index)
        return node.kind.isContainer ? Int(node.length) : 0
    }

    /// The text of a scalar as it stands in the source: a number, a literal, or what is within a string's or key's
    /// quotes, escapes and all. Empty for a container.
    public func rawText(_ index: NodeIndex) -> UnsafeRawBufferPointer {
        let node = node(index)
        if node.kind.isContainer { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: source[Int(node.offset)..<Int(node.offset + node.length)])
    }

    /// The value of a number that fits `Int64`; `nil` for anything else.
    public func integer(_ index: NodeIndex) -> Int64? {
        guard kind(index) == .integer else { return nil }
        var negative = false
        var value: Int64 = 0
        for byte in rawText(index) {
            if byte == 0x2D {
                negative = true
            } else {
                // Accumulated below zero, so that Int64.min fits; the parser has checked the range.
                value = value &* 10 &- Int64(byte &- 0x30)
            }
        }
        return negative ? value : 0 &- value
    }

    /// The value of any number; infinite when it is beyond `Double`. `nil` for anything else.
    public func double(_ index: NodeIndex) -> Double? {
        let kind = kind(index)
        if kind == .integer, let whole = integer(index) { return Double(whole) }
        guard kind == .number else { return nil }
        return Double(String(decoding: rawText(index), as: UTF8.self))
    }

    /// The elements of an array; none for anything else.
    public func elements(_ index: NodeIndex) -> JSONElements {
        JSONElements(tape: self, container: kind(index) == .array ? index : nil)
    }

    /// The members of an object in order; none for anything else.
    public func members(_ index: NodeIndex) -> JSONMembers {
        JSONMembers(tape: self, container: kind(index) == .object ? index : nil)
    }

    /// The element at `position`, counted from the end when negative.
    public func element(_ index: NodeIndex, at position: Int) -> NodeIndex? {
        let node = node(index)
        guard node.kind == .array else { return nil }
        let size = Int(node.length)
        let place = position < 0 ? position &+ size : position
        guard place >= 0 && place < size else { return nil }
        var child = index + 1
        for _ in 0..<place { child = next(child) }
        return child
    }

    /// The value of the member of that name.
    public func member(_ index: NodeIndex, named name: UnsafeRawBufferPointer) -> NodeIndex? {
        let node = node(index)
        guard node.kind == .object else { return nil }
        var key = index + 1
        for _ in 0..<Int(node.length) {
            if textEquals(key, name) { return key + 1 }
            key = next(key + 1)
        }
        return nil
    }

    /// The value of the member of that name.
    public func member(_ index: NodeIndex, named name: [UInt8]) -> NodeIndex? {
        name.withUnsafeBytes { member(index, named: $0) }
    }
}

/// The elements of an array, front to back.
public struct JSONElements: Sequence, IteratorProtocol {
    private let tape: JSONTape
    private var place: NodeIndex
    private var left: Int

    init(tape: JSONTape, container: NodeIndex?) {
        self.tape = tape
        place = (container ?? 0) + 1
        left = container.map { tape.memberCount($0) } ?? 0
    }

    /// The next element.
    public mutating func next() -> NodeIndex? {
        guard left > 0 else { return nil }
        left &-= 1
        defer { place = tape.next(place) }
        return place
    }
}

/// The members of an object, front to back.
public struct JSONMembers: Sequence, IteratorProtocol {
    private let tape: JSONTape
    private var place: NodeIndex
    private var left: Int

    init(tape: JSONTape, container: NodeIndex?) {
        self.tape = tape
        place = (container ?? 0) + 1
        left = container.map { tape.memberCount($0) } ?? 0
    }

    /// The next name and its value.
    public mutating func next() -> (key: NodeIndex, value: NodeIndex)? {
        guard left > 0 else { return nil }
        left &-= 1
        defer { place = tape.next(place + 1) }
        return (place, place + 1)
    }
}

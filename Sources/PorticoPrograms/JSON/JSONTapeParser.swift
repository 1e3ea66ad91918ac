// Hot: once per byte of a body. Allocates: more nodes when the tape is full.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The pass that fills a ``JSONTape``: one loop over the bytes, eight at a time within strings, with the open containers
/// linked through their `next` fields instead of a stack.
struct JSONTapeParser {
    let base: UnsafePointer<UInt8>
    let end: Int
    let maximumDepth: Int
    var nodes: UnsafeMutablePointer<JSONNode>
    var capacity: Int
    /// One filter for each open object: bit n is set when a key with fingerprint n was seen.
    let keyMasks: UnsafeMutablePointer<UInt64>
    var count = 0
    /// The next byte; after a failure, the byte that could not be taken.
    var offset = 0
    /// Whether some object may hold the same key twice.
    var mayRepeatKeys = false

    init(
        base: UnsafePointer<UInt8>, end: Int, maximumDepth: Int, nodes: UnsafeMutablePointer<JSONNode>, capacity: Int,
        keyMasks: UnsafeMutablePointer<UInt64>
    ) {
        self.base = base
        self.end = end
        self.maximumDepth = maximumDepth
        self.nodes = nodes
        self.capacity = capacity
        self.keyMasks = keyMasks
    }

    private static let noContainer = UInt32.max

    /// Takes one value and the blanks round it.
    ///
    /// All state is in few local variables, and what is called from here gets and gives words: fields whose address is
    /// taken stay in memory, and so does what no register is left for; either made this twice as long.
    mutating func run() -> JSONFailure? {
        let last = base + end
        var at = Self.afterBlanks(base, last)
        if at == last {
            offset = end
            return .empty
        }
        var nodes = nodes
        // A round adds at most a key and a value.
        var limit = nodes + (capacity &- 2)
        var node = nodes
        // Index of the node after the one that comes.
        var next: UInt32 = 1
        var open = nodes
        // What ends the innermost container; 0 outside of any.
        var closing: UInt8 = 0
        var depth = 0
        var mask: UInt64 = 0
        var failure: JSONFailure?
        text: do {
            values: while true {
                if node > limit {
                    let count = node - nodes
                    let container = open - nodes
                    nodes = Self.grow(nodes, count, capacity)
                    capacity = capacity &* 2
                    limit = nodes + (capacity &- 2)
                    node = nodes + count
                    open = nodes + container
                }
                if closing == 0x7D {
                    guard at < last, at.pointee == 0x22 else {
                        failure = at < last ? .unexpectedByte : .unexpectedEnd
                        break text
                    }
                    let start = at + 1
                    at = Self.endOfPlainText(start, last)
                    var kind = JSONNodeKind.key
                    if at == last || at.pointee != 0x22 {
                        let found = Self.endOfOddString(base, at - base, end)
                        at = base + Self.place(found)
                        if found < 0 {
                            failure = Self.reason(found)
                            break text
                        }
                        if found & 1 != 0 { kind = .escapedKey }
                    }
                    let length = at - start
                    Self.put(node, start - base, length, next, kind)
                    // Of an empty name these are its quotes, which do as well.
                    let letters = Int(start.pointee) &* 3 &+ Int((at - 1).pointee) &* 5
                    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: (length &+ letters) & 63)
                    if mask & bit != 0 || kind == .escapedKey, Self.mayRepeat(nodes, open, node, base) {
                        open.pointee.mayRepeatKeys = true
                        mayRepeatKeys = true
                    }
                    mask |= bit
                    node += 1
                    next &+= 1
                    at += 1
                    if at < last, at.pointee <= 0x20 { at = Self.afterBlanks(at, last) }
                    guard at < last, at.pointee == 0x3A else {
                        failure = at < last ? .unexpectedByte : .unexpectedEnd
                        break text
                    }
                    at += 1
                    if at < last, at.pointee <= 0x20 { at = Self.afterBlanks(at, last) }
                }
                guard at < last else {
                    failure = .unexpectedEnd
                    break text
                }
                let byte = at.pointee
                if byte == 0x22 {
                    let start = at + 1
                    at = Self.endOfPlainText(start, last)
                    var kind = JSONNodeKind.string
                    if at == last || at.pointee != 0x22 {
                        let found = Self.endOfOddString(base, at - base, end)
                        at = base + Self.place(found)
                        if found < 0 {
                            failure = Self.reason(found)
                            break text
                        }
                        if found & 1 != 0 { kind = .escapedString }
                    }
                    Self.put(node, start - base, at - start, next, kind)
                    at += 1
                } else if byte == 0x7B || byte == 0x5B {
                    if depth == maximumDepth {
                        failure = .tooDeep
                        break text
                    }
                    Self.put(node, at - base, 0, next, byte == 0x7B ? .object : .array)
                    at += 1
                    if at < last, at.pointee <= 0x20 { at = Self.afterBlanks(at, last) }
                    guard at < last else {
                        failure = .unexpectedEnd
                        break text
                    }
                    // The closing bracket stands two places after the opening one in ASCII.
                    if at.pointee != byte &+ 2 {
                        node.pointee.next = closing == 0 ? Self.noContainer : UInt32(truncatingIfNeeded: open - nodes)
                        open = node
                        keyMasks[depth] = mask
                        depth &+= 1
                        mask = 0
                        closing = byte &+ 2
                        node += 1
                        next &+= 1
                        continue values
                    }
                    at += 1
                } else if byte &- 0x30 < 10 || byte == 0x2D {
                    let start = at
                    at = Self.endOfPlainNumber(start, last)
                    var kind = JSONNodeKind.integer
                    if at == start {
                        let found = Self.endOfOddNumber(base, start - base, end)
                        at = base + Self.place(found)
                        if found < 0 {
                            failure = Self.reason(found)
                            break text
                        }
                        if found & 1 != 0 { kind = .number }
                    }
                    Self.put(node, start - base, at - start, next, kind)
                } else {
                    guard let (length, kind) = Self.literal(at, last) else {
                        failure = .unexpectedByte
                        break text
                    }
                    Self.put(node, at - base, length, next, kind)
                    at += length
                }
                node += 1
                next &+= 1
                // A value is complete; so may be the containers that it ends.
                while closing != 0 {
                    if at < last, at.pointee <= 0x20 { at = Self.afterBlanks(at, last) }
                    guard at < last else {
                        failure = .unexpectedEnd
                        break text
                    }
                    open.pointee.length &+= 1
                    let byte = at.pointee
                    if byte == 0x2C {
                        at += 1
                        if at < last, at.pointee <= 0x20 { at = Self.afterBlanks(at, last) }
                        continue values
                    }
                    guard byte == closing else {
                        failure = .unexpectedByte
                        break text
                    }
                    at += 1
                    let parent = open.pointee.next
                    open.pointee.next = next &- 1
                    depth &-= 1
                    mask = keyMasks[depth]
                    closing = 0
                    if parent != Self.noContainer {
                        open = nodes + Int(parent)
                        closing = open.pointee.kind == .object ? 0x7D : 0x5D
                    }
                }
                break
            }
            at = Self.afterBlanks(at, last)
            if at < last { failure = .trailingBytes }
        }
        offset = at - base
        count = node - nodes
        self.nodes = nodes
        return failure
    }

    @inline(__always)
    private static func put(
        _ node: UnsafeMutablePointer<JSONNode>, _ start: Int, _ length: Int, _ next: UInt32, _ kind: JSONNodeKind
    ) {
        node.initialize(
            to: JSONNode(
                offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: length), next: next,
                kind: kind))
    }

    @inline(never)
    private static func grow(
        _ nodes: UnsafeMutablePointer<JSONNode>, _ count: Int, _ capacity: Int
    ) -> UnsafeMutablePointer<JSONNode> {
        let bigger = UnsafeMutablePointer<JSONNode>.allocate(capacity: capacity &* 2)
        bigger.moveInitialize(from: nodes, count: count)
        nodes.deallocate()
        return bigger
    }

    @inline(never)
    private static func afterBlanks(
        _ start: UnsafePointer<UInt8>, _ last: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        var at = start
        while at < last {
            switch at.pointee {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return at
            }
        }
        return at
    }

    // MARK: Keys

    /// Whether the object may hold the key `last` already. An escape may spell any key, and a long list of keys is
    /// cheaper to look through at the end, so both count.
    @inline(never)
    private static func mayRepeat(
        _ nodes: UnsafeMutablePointer<JSONNode>, _ container: UnsafeMutablePointer<JSONNode>,
        _ last: UnsafeMutablePointer<JSONNode>, _ base: UnsafePointer<UInt8>
    ) -> Bool {
        let wanted = last.pointee
        if wanted.kind == .escapedKey || container.pointee.length >= JSONTape.fewKeys { return true }
        var key = container + 1
        while key < last {
            if key.pointee.length == wanted.length,
                memcmp(base + Int(key.pointee.offset), base + Int(wanted.offset), Int(wanted.length)) == 0
            {
                return true
            }
            key = nodes + Int((key + 1).pointee.next)
        }
        return false
    }

    // MARK: Scalars
    //
    // What is odd about a scalar is looked at apart. Those functions answer one word: where the scalar ends, times two,
    // plus one when it is of the costlier kind; or, below zero, where and why it is malformed.

    /// Packs the place and the reason of a failure into a word below zero.
    private static func failed(_ at: Int, _ reason: JSONFailure) -> Int { -1 &- (at &<< 8 | Int(reason.rawValue)) }

    private static func reason(_ word: Int) -> JSONFailure? {
        JSONFailure(rawValue: UInt8(truncatingIfNeeded: -1 &- word))
    }

    @inline(__always)
    private static func place(_ word: Int) -> Int { word < 0 ? (-1 &- word) &>> 8 : word &>> 1 }

    @inline(__always)
    private static func literal(
        _ at: UnsafePointer<UInt8>, _ last: UnsafePointer<UInt8>
    ) -> (length: Int, kind: JSONNodeKind)? {
        guard last - at >= 4 else { return nil }
        switch UInt32(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt32.self)) {
        case 0x6575_7274: return (4, .true)
        case 0x6C6C_756E: return (4, .null)
        case 0x736C_6166:
            guard last - at >= 5, at[4] == 0x65 else { return nil }
            return (5, .false)
        default: return nil
        }
    }

    /// The end of a number that has few digits, no leading zero, and neither fraction nor exponent; else `start`.
    @inline(__always)
    private static func endOfPlainNumber(
        _ start: UnsafePointer<UInt8>, _ last: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        let whole = start.pointee == 0x2D ? start + 1 : start
        var at = whole
        while at < last, at.pointee &- 0x30 < 10 { at += 1 }
        let digits = at - whole
        let isPlain =
            digits > 0 && digits < 19 && (whole.pointee != 0x30 || digits == 1)
            && (at == last || (at.pointee != 0x2E && at.pointee | 0x20 != 0x65))
        return isPlain ? at : start
    }

    /// The costlier kind is a number that is no `Int64`.
    @inline(never)
    private static func endOfOddNumber(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        let whole = base[start] == 0x2D ? start &+ 1 : start
        var at = whole
        while at < end, base[at] &- 0x30 < 10 { at &+= 1 }
        let digits = at &- whole
        if digits == 0 { return failed(at, .badNumber) }
        if base[whole] == 0x30 && digits > 1 { return failed(whole &+ 1, .badNumber) }
        var isOdd = digits > 18 && !fitsInt64(base, whole, digits, negative: whole > start)
        if at < end, base[at] == 0x2E {
            isOdd = true
            at &+= 1
            let fraction = at
            while at < end, base[at] &- 0x30 < 10 { at &+= 1 }
            if at == fraction { return failed(at, .badNumber) }
        }
        if at < end, base[at] | 0x20 == 0x65 {
            isOdd = true
            at &+= 1
            if at < end, base[at] == 0x2B || base[at] == 0x2D { at &+= 1 }
            let exponent = at
            while at < end, base[at] &- 0x30 < 10 { at &+= 1 }
            if at == exponent { return failed(at, .badNumber) }
        }
        return at &<< 1 | (isOdd ? 1 : 0)
    }

    private static func fitsInt64(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ digits: Int, negative: Bool
    ) -> Bool {
        guard digits == 19 else { return false }
        var value: UInt64 = 0
        // 19 digits fit UInt64.
        for index in start..<start + digits { value = value &* 10 &+ UInt64(base[index] &- 0x30) }
        return value <= UInt64(Int64.max) + (negative ? 1 : 0)
    }

    /// The high bits of bytes that end a run of plain text: a quote, a backslash, a control character, or not ASCII.
    /// Borrows can only mark bytes after a true mark, and only the first one is used.
    @inline(__always)
    private static func marks(_ at: UnsafePointer<UInt8>) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = UInt64(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self))
        return (((word ^ (ones &* 0x22)) &- ones) | ((word ^ (ones &* 0x5C)) &- ones) | (word &- ones &* 0x20) | word)
            & (ones &* 0x80)
    }

    /// The first byte that does not stand for itself, or one of the last seven.
    @inline(__always)
    private static func endOfPlainText(
        _ start: UnsafePointer<UInt8>, _ last: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        var at = start
        while last - at >= 8 {
            let marks = marks(at)
            if marks != 0 { return at + marks.trailingZeroBitCount &>> 3 }
            at += 8
        }
        return at
    }

    /// Goes on at something other than a closing quote, or where fewer than eight bytes are left.
    @inline(never)
    private static func endOfOddString(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        var isEscaped = 0
        while true {
            while end &- at >= 8 {
                let marks = marks(base + at)
                if marks != 0 {
                    at &+= marks.trailingZeroBitCount &>> 3
                    break
                }
                at &+= 8
            }
            guard at < end else { return failed(end, .unexpectedEnd) }
            let byte = base[at]
            if byte == 0x22 { return at &<< 1 | isEscaped }
            if byte == 0x5C {
                isEscaped = 1
                let length = escapeLength(base, at, end)
                if length == 0 { return failed(at, .badEscape) }
                at &+= length
            } else if byte < 0x20 {
                return failed(at, .controlCharacter)
            } else if byte < 0x80 {
                at &+= 1
            } else {
                at = UTF8Text.endOfMultibyte(base, at, end)
                guard at < end, base[at] < 0x80 else {
                    return at < end ? failed(at, .badUTF8) : failed(end, .unexpectedEnd)
                }
            }
        }
    }

    /// Bytes of the escape at `at`, or 0 when it is none.
    static func escapeLength(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int {
        guard end &- at >= 2 else { return 0 }
        switch base[at &+ 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return 2
        case 0x75:
            guard end &- at >= 6 else { return 0 }
            for index in at &+ 2..<at &+ 6 where hexValue(base[index]) > 15 { return 0 }
            return 6
        default: return 0
        }
    }
}

/// The value of a hexadecimal digit, or 255.
@inline(__always)
func hexValue(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x30...0x39: byte &- 0x30
    case 0x41...0x46: byte &- 0x37
    case 0x61...0x66: byte &- 0x57
    default: 255
    }
}

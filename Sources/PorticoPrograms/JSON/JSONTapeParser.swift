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
    /// All state is in local variables, and what is called from here gets and gives words: fields whose address is taken
    /// stay in memory, which made this twice as long.
    mutating func run() -> JSONFailure? {
        let base = base
        let end = end
        var nodes = nodes
        var capacity = capacity
        var count = 0
        var open = Self.noContainer
        var inObject = false
        var depth = 0
        var mask: UInt64 = 0
        var failure: JSONFailure?
        var at = Self.afterBlanks(base, 0, end)
        text: do {
            if at == end {
                failure = .empty
                break text
            }
            values: while true {
                // A round adds at most a key and a value.
                if capacity &- count < 2 {
                    nodes = Self.grow(nodes, count, capacity)
                    capacity = capacity &* 2
                }
                if inObject {
                    guard at < end, base[at] == 0x22 else {
                        failure = at < end ? .unexpectedByte : .unexpectedEnd
                        break text
                    }
                    let start = at &+ 1
                    let found = Self.endOfString(base, start, end)
                    if found < 0 {
                        (at, failure) = Self.failure(found)
                        break text
                    }
                    at = found &>> 1
                    Self.put(nodes + count, start, at &- start, count, found & 1 == 0 ? .key : .escapedKey)
                    // Of an empty name these are its quotes, which do as well.
                    let letters = Int(base[start]) &* 3 &+ Int(base[at &- 1]) &* 5
                    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: (at &- start &+ letters) & 63)
                    if mask & bit != 0 || found & 1 != 0, Self.mayRepeat(nodes, Int(open), count, base) {
                        nodes[Int(open)].mayRepeatKeys = true
                        mayRepeatKeys = true
                    }
                    mask |= bit
                    count &+= 1
                    at &+= 1
                    if at < end, base[at] <= 0x20 { at = Self.afterBlanks(base, at, end) }
                    guard at < end, base[at] == 0x3A else {
                        failure = at < end ? .unexpectedByte : .unexpectedEnd
                        break text
                    }
                    at &+= 1
                    if at < end, base[at] <= 0x20 { at = Self.afterBlanks(base, at, end) }
                }
                guard at < end else {
                    failure = .unexpectedEnd
                    break text
                }
                let byte = base[at]
                switch byte {
                case 0x22:
                    let start = at &+ 1
                    let found = Self.endOfString(base, start, end)
                    if found < 0 {
                        (at, failure) = Self.failure(found)
                        break text
                    }
                    at = found &>> 1
                    Self.put(nodes + count, start, at &- start, count, found & 1 == 0 ? .string : .escapedString)
                    count &+= 1
                    at &+= 1
                case 0x7B, 0x5B:
                    if depth == maximumDepth {
                        failure = .tooDeep
                        break text
                    }
                    let isObject = byte == 0x7B
                    Self.put(nodes + count, at, 0, count, isObject ? .object : .array)
                    count &+= 1
                    at &+= 1
                    if at < end, base[at] <= 0x20 { at = Self.afterBlanks(base, at, end) }
                    guard at < end else {
                        failure = .unexpectedEnd
                        break text
                    }
                    // The closing bracket stands two places after the opening one in ASCII.
                    if base[at] == byte &+ 2 {
                        at &+= 1
                        break
                    }
                    nodes[count &- 1].next = open
                    open = UInt32(truncatingIfNeeded: count &- 1)
                    keyMasks[depth] = mask
                    depth &+= 1
                    mask = 0
                    inObject = isObject
                    continue values
                case 0x2D, 0x30...0x39:
                    let found = Self.endOfNumber(base, at, end)
                    if found < 0 {
                        (at, failure) = Self.failure(found)
                        break text
                    }
                    Self.put(nodes + count, at, found &>> 1 &- at, count, found & 1 == 0 ? .integer : .number)
                    count &+= 1
                    at = found &>> 1
                default:
                    guard let (length, kind) = Self.literal(base, at, end) else {
                        failure = .unexpectedByte
                        break text
                    }
                    Self.put(nodes + count, at, length, count, kind)
                    count &+= 1
                    at &+= length
                }
                // A value is complete; so may be the containers that it ends.
                while open != Self.noContainer {
                    if at < end, base[at] <= 0x20 { at = Self.afterBlanks(base, at, end) }
                    guard at < end else {
                        failure = .unexpectedEnd
                        break text
                    }
                    let container = nodes + Int(open)
                    container.pointee.length &+= 1
                    let byte = base[at]
                    if byte == 0x2C {
                        at &+= 1
                        if at < end, base[at] <= 0x20 { at = Self.afterBlanks(base, at, end) }
                        continue values
                    }
                    guard byte == (inObject ? 0x7D : 0x5D) else {
                        failure = .unexpectedByte
                        break text
                    }
                    at &+= 1
                    open = container.pointee.next
                    container.pointee.next = UInt32(truncatingIfNeeded: count)
                    depth &-= 1
                    mask = keyMasks[depth]
                    inObject = open != Self.noContainer && nodes[Int(open)].kind == .object
                }
                break
            }
            at = Self.afterBlanks(base, at, end)
            if at < end { failure = .trailingBytes }
        }
        offset = at
        self.count = count
        self.nodes = nodes
        self.capacity = capacity
        return failure
    }

    @inline(__always)
    private static func put(
        _ node: UnsafeMutablePointer<JSONNode>, _ start: Int, _ length: Int, _ index: Int, _ kind: JSONNodeKind
    ) {
        node.initialize(
            to: JSONNode(
                offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: length),
                next: UInt32(truncatingIfNeeded: index &+ 1), kind: kind))
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

    @inline(__always)
    private static func afterBlanks(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end {
            switch base[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at &+= 1
            default: return at
            }
        }
        return at
    }

    // MARK: Keys

    /// Whether the object may hold the key at `last` already. An escape may spell any key, and a long list of keys is
    /// cheaper to look through at the end, so both count.
    @inline(never)
    private static func mayRepeat(
        _ nodes: UnsafeMutablePointer<JSONNode>, _ container: Int, _ last: Int, _ base: UnsafePointer<UInt8>
    ) -> Bool {
        let wanted = nodes[last]
        if wanted.kind == .escapedKey || nodes[container].length >= JSONTape.fewKeys { return true }
        var key = container &+ 1
        while key < last {
            if nodes[key].length == wanted.length,
                memcmp(base + Int(nodes[key].offset), base + Int(wanted.offset), Int(wanted.length)) == 0
            {
                return true
            }
            key = Int(nodes[key &+ 1].next)
        }
        return false
    }

    // MARK: Scalars
    //
    // What follows answers one word: where the token ends, times two, plus one when it is of the costlier kind; or, below
    // zero, where and why it is malformed.

    /// Packs the place and the reason of a failure into a word below zero.
    private static func failed(_ at: Int, _ reason: JSONFailure) -> Int { -1 &- (at &<< 8 | Int(reason.rawValue)) }

    @inline(never)
    private static func failure(_ word: Int) -> (at: Int, reason: JSONFailure?) {
        let packed = -1 &- word
        return (packed &>> 8, JSONFailure(rawValue: UInt8(packed & 0xFF)))
    }

    @inline(__always)
    private static func literal(
        _ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int
    ) -> (length: Int, kind: JSONNodeKind)? {
        guard end &- at >= 4 else { return nil }
        switch UInt32(littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt32.self)) {
        case 0x6575_7274: return (4, .true)
        case 0x6C6C_756E: return (4, .null)
        case 0x736C_6166:
            guard end &- at >= 5, base[at &+ 4] == 0x65 else { return nil }
            return (5, .false)
        default: return nil
        }
    }

    /// The costlier kind is a number that is no `Int64`.
    @inline(__always)
    private static func endOfNumber(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        if base[at] == 0x2D { at &+= 1 }
        let whole = at
        while at < end, base[at] &- 0x30 < 10 { at &+= 1 }
        let digits = at &- whole
        // One test for nearly all numbers: few digits, no leading zero, and neither fraction nor exponent.
        if digits &- 1 < 18, digits > 0, base[whole] != 0x30 || digits == 1,
            at == end || (base[at] != 0x2E && base[at] | 0x20 != 0x65)
        {
            return at &<< 1
        }
        return endOfOddNumber(base, start, whole, at, end)
    }

    @inline(never)
    private static func endOfOddNumber(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ whole: Int, _ endOfWhole: Int, _ end: Int
    ) -> Int {
        var at = endOfWhole
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
    private static func marks(_ base: UnsafePointer<UInt8>, _ at: Int) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = UInt64(littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
        return (((word ^ (ones &* 0x22)) &- ones) | ((word ^ (ones &* 0x5C)) &- ones) | (word &- ones &* 0x20) | word)
            & (ones &* 0x80)
    }

    /// Where the closing quote of the string stands whose text begins at `start`. The costlier kind has escapes.
    @inline(__always)
    private static func endOfString(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while end &- at >= 8 {
            let marks = marks(base, at)
            if marks != 0 {
                at &+= marks.trailingZeroBitCount &>> 3
                if base[at] == 0x22 { return at &<< 1 }
                break
            }
            at &+= 8
        }
        return endOfOddString(base, at, end)
    }

    /// Goes on at something other than a closing quote, or where fewer than eight bytes are left.
    @inline(never)
    private static func endOfOddString(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        var isEscaped = 0
        while true {
            while end &- at >= 8 {
                let marks = marks(base, at)
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

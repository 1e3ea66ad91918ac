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
    mutating func run() -> JSONFailure? {
        // A copy whose address nobody has, so that its fields live in registers.
        var local = self
        let failure = local.takeText()
        self = local
        return failure
    }

    @inline(__always)
    private mutating func takeText() -> JSONFailure? {
        var open = Self.noContainer
        var inObject = false
        var depth = 0
        var mask: UInt64 = 0
        skipBlanks()
        if offset == end { return .empty }
        var expectsKey = false
        values: while true {
            // A round pushes at most a key and a value.
            if capacity &- count < 2 {
                nodes = Self.grow(nodes, count, capacity)
                capacity = capacity &* 2
            }
            if expectsKey {
                if let failure = takeKey(&mask, open) { return failure }
            }
            guard offset < end else { return .unexpectedEnd }
            let byte = base[offset]
            switch byte {
            case 0x22:
                if let failure = takeString(.string, .escapedString) { return failure }
            case 0x7B, 0x5B:
                if depth == maximumDepth { return .tooDeep }
                let isObject = byte == 0x7B
                push(offset, 0, isObject ? .object : .array)
                offset &+= 1
                skipBlanks()
                guard offset < end else { return .unexpectedEnd }
                // The closing bracket stands two places after the opening one in ASCII.
                if base[offset] == byte &+ 2 {
                    offset &+= 1
                    break
                }
                nodes[count &- 1].next = open
                open = UInt32(truncatingIfNeeded: count &- 1)
                keyMasks[depth] = mask
                depth &+= 1
                mask = 0
                inObject = isObject
                expectsKey = isObject
                continue values
            case 0x2D, 0x30...0x39:
                if let failure = takeNumber() { return failure }
            case 0x74:
                if let failure = takeLiteral(0x6575_7274, 4, .true) { return failure }
            case 0x6E:
                if let failure = takeLiteral(0x6C6C_756E, 4, .null) { return failure }
            case 0x66:
                guard end &- offset >= 5, base[offset &+ 4] == 0x65 else { return .unexpectedByte }
                if let failure = takeLiteral(0x736C_6166, 5, .false) { return failure }
            default: return .unexpectedByte
            }
            // A value is complete; so may be the containers that it ends.
            while open != Self.noContainer {
                skipBlanks()
                guard offset < end else { return .unexpectedEnd }
                let container = Int(open)
                nodes[container].length &+= 1
                let byte = base[offset]
                if byte == 0x2C {
                    offset &+= 1
                    skipBlanks()
                    expectsKey = inObject
                    continue values
                }
                guard byte == (inObject ? 0x7D : 0x5D) else { return .unexpectedByte }
                offset &+= 1
                open = nodes[container].next
                nodes[container].next = UInt32(truncatingIfNeeded: count)
                depth &-= 1
                mask = keyMasks[depth]
                inObject = open != Self.noContainer && nodes[Int(open)].kind == .object
            }
            break
        }
        skipBlanks()
        return offset == end ? nil : .trailingBytes
    }

    @inline(__always)
    private mutating func push(_ start: Int, _ length: Int, _ kind: JSONNodeKind) {
        let after = UInt32(truncatingIfNeeded: count &+ 1)
        (nodes + count).initialize(
            to: JSONNode(
                offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: length), next: after,
                kind: kind))
        count &+= 1
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
    private mutating func skipBlanks() {
        while offset < end, base[offset] <= 0x20 {
            switch base[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset &+= 1
            default: return
            }
        }
    }

    /// Takes a name and the colon after it; the blanks before the value too.
    @inline(__always)
    private mutating func takeKey(_ mask: inout UInt64, _ container: UInt32) -> JSONFailure? {
        guard offset < end else { return .unexpectedEnd }
        guard base[offset] == 0x22 else { return .unexpectedByte }
        if let failure = takeString(.key, .escapedKey) { return failure }
        note(&mask, Int(container))
        skipBlanks()
        guard offset < end else { return .unexpectedEnd }
        guard base[offset] == 0x3A else { return .unexpectedByte }
        offset &+= 1
        skipBlanks()
        return nil
    }

    /// Marks the object when the key just taken may stand in it already. An escape may spell any key, and a long list of
    /// keys is cheaper to look through at the end, so both count.
    @inline(__always)
    private mutating func note(_ mask: inout UInt64, _ container: Int) {
        let key = nodes[count &- 1]
        let length = Int(key.length)
        var fingerprint = length
        if length > 0 {
            let start = Int(key.offset)
            fingerprint &+= Int(base[start]) &* 3 &+ Int(base[start &+ length &- 1]) &* 5
        }
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: fingerprint & 63)
        if mask & bit != 0 || key.kind == .escapedKey {
            if key.kind == .escapedKey || nodes[container].length >= JSONTape.fewKeys
                || Self.holds(nodes, container, count &- 1, base)
            {
                nodes[container].mayRepeatKeys = true
                mayRepeatKeys = true
            }
        }
        mask |= bit
    }

    /// Whether one of the keys before `last` has the same bytes.
    @inline(never)
    private static func holds(
        _ nodes: UnsafeMutablePointer<JSONNode>, _ container: Int, _ last: Int, _ base: UnsafePointer<UInt8>
    ) -> Bool {
        let wanted = nodes[last]
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

    @inline(__always)
    private mutating func takeLiteral(_ word: UInt32, _ length: Int, _ kind: JSONNodeKind) -> JSONFailure? {
        guard end &- offset >= length else { return .unexpectedByte }
        let found = UnsafeRawPointer(base + offset).loadUnaligned(as: UInt32.self)
        guard UInt32(littleEndian: found) == word else { return .unexpectedByte }
        push(offset, length, kind)
        offset &+= length
        return nil
    }

    @inline(__always)
    private mutating func takeNumber() -> JSONFailure? {
        let start = offset
        var at = offset
        if base[at] == 0x2D { at &+= 1 }
        let whole = at
        while at < end, base[at] &- 0x30 < 10 { at &+= 1 }
        let digits = at &- whole
        if digits == 0 || (base[whole] == 0x30 && digits > 1) {
            offset = digits == 0 ? at : whole &+ 1
            return .badNumber
        }
        var kind = digits < 19 || fitsInt64(whole, digits, negative: whole > start) ? JSONNodeKind.integer : .number
        if at < end, base[at] == 0x2E {
            kind = .number
            at &+= 1
            let fraction = at
            while at < end, base[at] &- 0x30 < 10 { at &+= 1 }
            if at == fraction {
                offset = at
                return .badNumber
            }
        }
        if at < end, base[at] | 0x20 == 0x65 {
            kind = .number
            at &+= 1
            if at < end, base[at] == 0x2B || base[at] == 0x2D { at &+= 1 }
            let exponent = at
            while at < end, base[at] &- 0x30 < 10 { at &+= 1 }
            if at == exponent {
                offset = at
                return .badNumber
            }
        }
        push(start, at &- start, kind)
        offset = at
        return nil
    }

    @inline(never)
    private func fitsInt64(_ start: Int, _ digits: Int, negative: Bool) -> Bool {
        guard digits == 19 else { return false }
        var value: UInt64 = 0
        // 19 digits fit UInt64.
        for index in start..<start + digits { value = value &* 10 &+ UInt64(base[index] &- 0x30) }
        return value <= UInt64(Int64.max) + (negative ? 1 : 0)
    }

    /// Takes a string from its opening quote to its closing one.
    @inline(__always)
    private mutating func takeString(_ plain: JSONNodeKind, _ escaped: JSONNodeKind) -> JSONFailure? {
        let start = offset &+ 1
        var at = start
        var kind = plain
        let ones: UInt64 = 0x0101_0101_0101_0101
        while true {
            while end &- at >= 8 {
                let word = UInt64(littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
                // The high bit of a byte: a quote, a backslash, a control character, or not ASCII. Borrows can only
                // mark bytes after a true mark, and only the first one is used.
                let marks =
                    (((word ^ (ones &* 0x22)) &- ones) | ((word ^ (ones &* 0x5C)) &- ones) | (word &- ones &* 0x20)
                        | word) & (ones &* 0x80)
                if marks != 0 {
                    at &+= marks.trailingZeroBitCount &>> 3
                    break
                }
                at &+= 8
            }
            guard at < end else {
                offset = end
                return .unexpectedEnd
            }
            let byte = base[at]
            if byte == 0x22 {
                push(start, at &- start, kind)
                offset = at &+ 1
                return nil
            }
            if byte == 0x5C {
                kind = escaped
                let length = JSONTapeParser.escapeLength(base, at, end)
                if length == 0 {
                    offset = at
                    return .badEscape
                }
                at &+= length
            } else if byte < 0x20 {
                offset = at
                return .controlCharacter
            } else if byte < 0x80 {
                at &+= 1
            } else {
                at = UTF8Text.endOfMultibyte(base, at, end)
                guard at < end, base[at] < 0x80 else {
                    offset = min(at, end)
                    return at < end ? .badUTF8 : .unexpectedEnd
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

// Hot: once per value written. Allocates: only for numbers that must be respelled.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension JSONTape {
    /// Appends the value as compact JSON, as the Java writers print it; a key as the string that it is.
    ///
    /// Strings are spelt with the fewest escapes: `\/` becomes `/`, `\u00e9` becomes `é`, control characters become
    /// `\b \f \n \r \t` or `\u00XX`. Numbers are written by ``appendNumber(_:into:)``.
    public func emit(_ index: NodeIndex, into output: OutputBuffer) {
        let first = node(index)
        guard first.kind.isContainer else {
            emitScalar(index, first, needsComma: false, output)
            // Without the colon.
            if first.kind == .key || first.kind == .escapedKey { output.truncate(to: output.count - 1) }
            return
        }
        let last = Int(first.next)
        var place = index
        // The way up: containers that are open around the present one. Their depth is within the parser's limit.
        var depth = 0
        var open = first
        var needsComma = false
        while true {
            while place == Int(open.next), place > index {
                output.append(open.kind == .array ? 0x5D : 0x7D)
                needsComma = true
                if depth <= 1 { return }
                depth &-= 1
                open = nodeUnchecked(Int(openContainers[depth]))
            }
            if place >= last { return }
            let node = nodeUnchecked(place)
            switch node.kind {
            case .array, .object:
                if needsComma { output.append(0x2C) }
                output.append(node.kind == .array ? 0x5B : 0x7B)
                // The slot of the container around this one; the outermost stands in slot 1.
                depth &+= 1
                openContainers[depth] = UInt64(truncatingIfNeeded: place)
                open = node
                needsComma = false
            case .key, .escapedKey:
                emitScalar(place, node, needsComma: needsComma, output)
                needsComma = false
            default:
                emitScalar(place, node, needsComma: needsComma, output)
                needsComma = true
            }
            place &+= 1
        }
    }

    /// Appends a scalar, a comma before it if asked, and a colon behind a key.
    @inline(__always)
    private func emitScalar(_ index: NodeIndex, _ node: JSONNode, needsComma: Bool, _ output: OutputBuffer) {
        switch node.kind {
        case .string, .key:
            let length = Int(node.length)
            guard let text = source.baseAddress.map({ $0 + Int(node.offset) }) else { return }
            // Short texts are copied as one block of 16 bytes, which must lie within the source.
            let isBlock = length <= 16 && Int(node.offset) &+ 16 <= source.count
            output.append(upTo: length &+ 20) { target in
                var at = 0
                if needsComma {
                    target.storeBytes(of: 0x2C, as: UInt8.self)
                    at = 1
                }
                target.storeBytes(of: 0x22, toByteOffset: at, as: UInt8.self)
                at &+= 1
                if isBlock {
                    let block = text.loadUnaligned(as: SIMD2<UInt64>.self)
                    target.storeBytes(of: block, toByteOffset: at, as: SIMD2<UInt64>.self)
                } else {
                    (target + at).copyMemory(from: text, byteCount: length)
                }
                at &+= length
                target.storeBytes(of: 0x22, toByteOffset: at, as: UInt8.self)
                if node.kind == .string { return at &+ 1 }
                target.storeBytes(of: 0x3A, toByteOffset: at &+ 1, as: UInt8.self)
                return at &+ 2
            }
        default:
            if needsComma { output.append(0x2C) }
            emitOther(index, node, output)
        }
    }

    @inline(never)
    private func emitOther(_ index: NodeIndex, _ node: JSONNode, _ output: OutputBuffer) {
        switch node.kind {
        case .escapedString, .escapedKey:
            output.append(0x22)
            var pieces = JSONUnescaper(rawText(index))
            while let piece = pieces.next() {
                switch piece {
                case .plain(let bytes): output.append(bytes)
                case .scalar(let scalar): JSONText.appendEscaped(scalar, into: output)
                }
            }
            output.append(0x22)
            if node.kind == .escapedKey { output.append(0x3A) }
        case .integer, .number: appendNumber(index, into: output)
        case .null: output.append("null")
        case .true: output.append("true")
        case .false: output.append("false")
        case .string, .key, .array, .object: break
        }
    }

    /// Appends the text of a string or key with its escapes undone, and of any other scalar as it is printed.
    public func appendString(_ index: NodeIndex, into output: OutputBuffer) {
        switch kind(index) {
        case .string, .key: output.append(rawText(index))
        case .escapedString, .escapedKey:
            var pieces = JSONUnescaper(rawText(index))
            while let piece = pieces.next() {
                switch piece {
                case .plain(let bytes): output.append(bytes)
                case .scalar(let scalar): UTF8Text.append(scalar, into: output)
                }
            }
        case .array, .object: break
        default: emitOther(index, node(index), output)
        }
    }

    /// Appends a number as Java prints what it reads: whole numbers as written (`-0` is `0`), of any length; others as
    /// `Double.toString` prints them (`1.50` is `1.5`, `1e3` is `1000.0`, `1e10` is `1.0E10`), except that what a
    /// `Double` cannot hold (more than 17 digits, `1e999`, `1e-999`) stays as written.
    public func appendNumber(_ index: NodeIndex, into output: OutputBuffer) {
        let text = rawText(index)
        if kind(index) == .integer || !text.contains(where: { $0 == 0x2E || $0 | 0x20 == 0x65 }) {
            if text.count == 2, text[0] == 0x2D, text[1] == 0x30 {
                output.append(0x30)
            } else {
                output.append(text)
            }
            return
        }
        JavaNumber.append(jsonText: text, into: output)
    }

    /// Whether the unescaped text of a string or key is `bytes`.
    public func textEquals(_ index: NodeIndex, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let text = rawText(index)
        switch kind(index) {
        case .string, .key:
            return text.count == bytes.count && bytesEqual(text, bytes)
        case .escapedString, .escapedKey: return JSONUnescaper.spells(text, bytes)
        default: return false
        }
    }

    /// Whether two strings or keys have the same text.
    func textsEqual(_ left: NodeIndex, _ right: NodeIndex) -> Bool {
        switch kind(right) {
        case .string, .key: return textEquals(left, rawText(right))
        default:
            switch kind(left) {
            case .string, .key: return textEquals(right, rawText(left))
            default: return text(left) == text(right)
            }
        }
    }

    /// The unescaped text of a string or key, or the printed text of any other scalar.
    public func text(_ index: NodeIndex) -> String {
        switch kind(index) {
        case .string, .key: return String(decoding: rawText(index), as: UTF8.self)
        default:
            let buffer = OutputBuffer(capacity: rawText(index).count + 8)
            appendString(index, into: buffer)
            return String(decoding: buffer.bytes, as: UTF8.self)
        }
    }
}

/// Whether two byte strings of the same length are equal.
@inline(__always)
func bytesEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard let a = left.baseAddress, let b = right.baseAddress else { return true }
    return memcmp(a, b, left.count) == 0
}

/// Whether `count` bytes are equal: without a call up to 16 bytes, which nearly all names have.
@inline(__always)
func bytesEqualShort(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
    if count >= 8 {
        if count > 16 { return memcmp(left, right, count) == 0 }
        let differences =
            (left.loadUnaligned(as: UInt64.self) ^ right.loadUnaligned(as: UInt64.self))
            | (left.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
                ^ right.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        return differences == 0
    }
    if count >= 4 {
        let differences =
            (left.loadUnaligned(as: UInt32.self) ^ right.loadUnaligned(as: UInt32.self))
            | (left.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
                ^ right.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
        return differences == 0
    }
    if count == 0 { return true }
    let last = count &- 1
    return left.load(as: UInt8.self) == right.load(as: UInt8.self)
        && left.load(fromByteOffset: count &>> 1, as: UInt8.self)
            == right.load(fromByteOffset: count &>> 1, as: UInt8.self)
        && left.load(fromByteOffset: last, as: UInt8.self) == right.load(fromByteOffset: last, as: UInt8.self)
}

/// The UTF-8 of one code point without memory of its own; a lone surrogate is `?`.
struct SpeltScalar {
    private let bits: UInt32
    let count: Int

    init(_ scalar: UInt32) {
        if scalar < 0x80 {
            (bits, count) = (scalar, 1)
        } else if scalar < 0x800 {
            (bits, count) = ((0xC0 | scalar &>> 6) | (0x80 | scalar & 0x3F) &<< 8, 2)
        } else if scalar >= 0xD800 && scalar < 0xE000 {
            (bits, count) = (0x3F, 1)
        } else if scalar < 0x10000 {
            let head = (0xE0 | scalar &>> 12) | (0x80 | scalar &>> 6 & 0x3F) &<< 8
            (bits, count) = (head | (0x80 | scalar & 0x3F) &<< 16, 3)
        } else {
            let head = (0xF0 | scalar &>> 18) | (0x80 | scalar &>> 12 & 0x3F) &<< 8
            (bits, count) = (head | (0x80 | scalar &>> 6 & 0x3F) &<< 16 | (0x80 | scalar & 0x3F) &<< 24, 4)
        }
    }

    subscript(position: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits &>> UInt32(truncatingIfNeeded: position &* 8)) }
}

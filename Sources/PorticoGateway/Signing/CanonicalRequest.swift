// Hot: once per signed or verified request. Allocates: nothing once its buffers have grown.

internal import PorticoPrograms

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Brings a request into the form that is signed. The signer and the verifier use the same.
///
/// First ``begin()``, then ``add(name:value:)`` for each header, then one of the two ways to write; a header's value must
/// stay where it is until then. One worker owns it.
///
/// Source: IAM User Guide, "Create a signed AWS API request", "Step 1: Create a canonical request".
final class CanonicalRequest {
    /// A header, its name in lower case at `name` of ``names``.
    private struct Field {
        /// The first eight bytes of the name, which decide most comparisons.
        var key: UInt64
        var name: Range<Int>
        var value: UnsafeRawBufferPointer
        /// Place among the headers: values of one name are joined in the order of their arrival.
        var order: Int
    }

    /// A parameter of the query, as it is signed, in ``parameters``.
    private struct Pair {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// Parameters of a query that are no part of what was signed.
    enum Omission {
        case nothing
        /// The signature of a presigned URL.
        case signature
        /// Its session token, too.
        case signatureAndToken

        @inline(__always)
        fileprivate func contains(_ name: UnsafeRawBufferPointer) -> Bool {
            switch name.count {
            case 15: bytesEqual(name, ("X-Amz-Signature" as StaticString).signedBytes)
            case 20 where self == .signatureAndToken:
                bytesEqual(name, ("X-Amz-Security-Token" as StaticString).signedBytes)
            default: false
            }
        }
    }

    /// The canonical request, once it was written.
    let text = OutputBuffer(capacity: 1024)
    /// Where ``text`` has the names of the signed headers.
    private(set) var signedHeaders = 0..<0
    private let names = OutputBuffer(capacity: 512)
    private let parameters = OutputBuffer(capacity: 512)
    // Not checked for exclusive access, as in `OutputBuffer`: no method hands out a field.
    @exclusivity(unchecked) private var fields = ContiguousArray<Field>()
    @exclusivity(unchecked) private var pairs = ContiguousArray<Pair>()
    @exclusivity(unchecked) private var isSorted = true

    /// Forgets the request before.
    func begin() {
        names.reset()
        fields.removeAll(keepingCapacity: true)
        isSorted = true
    }

    /// Takes a header. Line breaks within its value count as blanks.
    func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let start = names.count
        names.appendUninitialized(name.count) { target in
            for index in 0..<name.count {
                let byte = name[index]
                target.storeBytes(of: byte &- 0x41 < 26 ? byte | 0x20 : byte, toByteOffset: index, as: UInt8.self)
            }
        }
        let range = start..<names.count
        let field = Field(key: Self.key(names.view(range)), name: range, value: value, order: fields.count)
        if isSorted, let last = fields.last, precedes(field, last) { isSorted = false }
        fields.append(field)
    }

    /// Writes the request with all headers that were added as the signed ones.
    func write(
        method: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer, query: UnsafeRawBufferPointer,
        payloadHash: UnsafeRawBufferPointer, style: SigV4PathStyle
    ) {
        writeLines(method, path, query, leavingOut: .nothing, style)
        sortFields()
        var index = 0
        while index < fields.count { index = writeHeader(at: index) }
        text.append(0x0A)
        let start = text.count
        index = 0
        while index < fields.count {
            let field = fields[index]
            if index == 0 || !isSameName(fields[index - 1], field) {
                if index > 0 { text.append(0x3B) }
                text.append(names.view(field.name))
            }
            index &+= 1
        }
        finish(from: start, payloadHash)
    }

    /// Writes the request with the signed headers that it names itself, in its order. A name that no header has
    /// gives no line, so that a signed header that got lost on the way is noticed even if it was empty.
    func write(
        method: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer, query: UnsafeRawBufferPointer,
        signedHeaders list: UnsafeRawBufferPointer, payloadHash: UnsafeRawBufferPointer, style: SigV4PathStyle,
        leavingOut: Omission
    ) {
        writeLines(method, path, query, leavingOut: leavingOut, style)
        sortFields()
        var start = 0
        while start <= list.count {
            var end = start
            while end < list.count, list[end] != 0x3B { end &+= 1 }
            let name = UnsafeRawBufferPointer(rebasing: list[start..<end])
            start = end &+ 1
            if name.isEmpty, list.isEmpty { break }
            if let index = firstField(name) { _ = writeHeader(at: index) }
        }
        text.append(0x0A)
        let listStart = text.count
        text.append(list)
        finish(from: listStart, payloadHash)
    }

    /// The value of the first header of this name, which is in lower case; `nil` if no such header was added.
    func value(of name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        sortFields()
        return firstField(name).map { fields[$0].value }
    }

    // MARK: Parts

    private func writeLines(
        _ method: UnsafeRawBufferPointer, _ path: UnsafeRawBufferPointer, _ query: UnsafeRawBufferPointer,
        leavingOut: Omission, _ style: SigV4PathStyle
    ) {
        text.reset()
        text.append(method)
        text.append(0x0A)
        writePath(path, style)
        text.append(0x0A)
        writeQuery(query, leavingOut)
        text.append(0x0A)
    }

    private func finish(from start: Int, _ payloadHash: UnsafeRawBufferPointer) {
        signedHeaders = start..<text.count
        text.append(0x0A)
        text.append(payloadHash)
    }

    private func writePath(_ path: UnsafeRawBufferPointer, _ style: SigV4PathStyle) {
        if style == .standard {
            writeNormalized(path, from: text.count)
            return
        }
        if path.first != 0x2F { text.append(0x2F) }
        if style == .s3 {
            SigV4Encoding.appendReencoded(path, to: text, keepingSlash: true)
        } else {
            SigV4Encoding.appendEncoded(path, to: text, keepingSlash: true)
        }
    }

    /// Writes segment after segment; `..` takes back the last one. An encoded segment has no slash, so that the last
    /// slash written is where it began.
    private func writeNormalized(_ path: UnsafeRawBufferPointer, from start: Int) {
        var index = 0
        while index < path.count {
            guard path[index] != 0x2F else {
                index &+= 1
                continue
            }
            let begin = index
            while index < path.count, path[index] != 0x2F { index &+= 1 }
            let segment = UnsafeRawBufferPointer(rebasing: path[begin..<index])
            if segment.count == 1, segment[0] == 0x2E { continue }
            if segment.count == 2, segment[0] == 0x2E, segment[1] == 0x2E {
                var length = text.count
                while length > start {
                    length &-= 1
                    if text.bytes[length] == 0x2F { break }
                }
                text.truncate(to: length)
                continue
            }
            text.append(0x2F)
            SigV4Encoding.appendEncoded(segment, to: text, keepingSlash: false)
        }
        if text.count == start || path.last == 0x2F { text.append(0x2F) }
    }

    private func writeQuery(_ query: UnsafeRawBufferPointer, _ leavingOut: Omission) {
        guard !query.isEmpty else { return }
        parameters.reset()
        pairs.removeAll(keepingCapacity: true)
        var inOrder = true
        var start = 0
        while start < query.count {
            var end = start
            var equals = -1
            while end < query.count, query[end] != 0x26 {
                if equals < 0, query[end] == 0x3D { equals = end }
                end &+= 1
            }
            defer { start = end &+ 1 }
            guard end > start else { continue }
            let nameEnd = equals < 0 ? end : equals
            let first = parameters.count
            SigV4Encoding.appendReencoded(
                UnsafeRawBufferPointer(rebasing: query[start..<nameEnd]), to: parameters, keepingSlash: false)
            let middle = parameters.count
            if leavingOut != .nothing, leavingOut.contains(parameters.view(first..<middle)) {
                parameters.truncate(to: first)
                continue
            }
            if nameEnd < end {
                SigV4Encoding.appendReencoded(
                    UnsafeRawBufferPointer(rebasing: query[nameEnd &+ 1..<end]), to: parameters, keepingSlash: false)
            }
            let pair = Pair(name: first..<middle, value: middle..<parameters.count)
            if inOrder, let last = pairs.last, precedes(pair, last) { inOrder = false }
            pairs.append(pair)
        }
        if !inOrder { pairs.sort { precedes($0, $1) } }
        for (place, pair) in pairs.enumerated() {
            if place > 0 { text.append(0x26) }
            text.append(parameters.view(pair.name))
            text.append(0x3D)
            text.append(parameters.view(pair.value))
        }
    }

    /// Writes `name:value,value` of the fields of one name, which stand together, and answers where the next name is.
    private func writeHeader(at first: Int) -> Int {
        let field = fields[first]
        text.append(names.view(field.name))
        text.append(0x3A)
        writeValue(field.value)
        var index = first &+ 1
        while index < fields.count, isSameName(fields[index], field) {
            text.append(0x2C)
            writeValue(fields[index].value)
            index &+= 1
        }
        text.append(0x0A)
        return index
    }

    /// Writes a value without blanks at its ends, and with one blank for several.
    private func writeValue(_ value: UnsafeRawBufferPointer) {
        let value = trimmingBlanks(value)
        // Nearly all values stay as they are.
        guard mayHaveBlanksToChange(value) else {
            text.append(value)
            return
        }
        text.reserve(value.count)
        let target = text.base + text.count
        var length = 0
        var isBlankDue = false
        for byte in value {
            if byte == 0x20 || byte &- 0x09 < 5 {
                isBlankDue = length > 0
                continue
            }
            if isBlankDue {
                target.storeBytes(of: 0x20, toByteOffset: length, as: UInt8.self)
                length &+= 1
                isBlankDue = false
            }
            target.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
            length &+= 1
        }
        text.advance(by: length)
    }

    /// False only if a value has neither two blanks in a row nor a tab or line break. Looks at eight bytes and those
    /// after them at once, since tokens are long.
    private func mayHaveBlanksToChange(_ value: UnsafeRawBufferPointer) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones &<< 7
        var index = 0
        while value.count &- index > 8 {
            let bytes = value.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let next = value.loadUnaligned(fromByteOffset: index &+ 1, as: UInt64.self)
            // The top bit of each byte that is a control character, or a blank, or a `!` behind one.
            let controls = (bytes &- ones &* 0x20) & ~bytes & tops
            let blank = bytes ^ ones &* 0x20
            let nextBlank = next ^ ones &* 0x20
            let doubles = (blank &- ones) & ~blank & (nextBlank &- ones) & ~nextBlank & tops
            if controls | doubles != 0 { return true }
            index &+= 8
        }
        while index < value.count {
            let byte = value[index]
            index &+= 1
            if byte < 0x20 || (byte == 0x20 && index < value.count && value[index] == 0x20) { return true }
        }
        return false
    }

    // MARK: Order

    private func sortFields() {
        guard !isSorted else { return }
        isSorted = true
        guard fields.count <= 24 else {
            fields.sort { precedes($0, $1) }
            return
        }
        for index in 1..<fields.count {
            let field = fields[index]
            var place = index
            while place > 0, precedes(field, fields[place &- 1]) {
                fields[place] = fields[place &- 1]
                place &-= 1
            }
            fields[place] = field
        }
    }

    private func firstField(_ name: UnsafeRawBufferPointer) -> Int? {
        var low = 0
        var high = fields.count
        while low < high {
            let middle = (low &+ high) &>> 1
            if Self.compare(names.view(fields[middle].name), name) < 0 { low = middle &+ 1 } else { high = middle }
        }
        guard low < fields.count, Self.compare(names.view(fields[low].name), name) == 0 else { return nil }
        return low
    }

    @inline(__always)
    private func isSameName(_ left: Field, _ right: Field) -> Bool {
        left.key == right.key && left.name.count == right.name.count
            && Self.compare(names.view(left.name), names.view(right.name)) == 0
    }

    @inline(__always)
    private func precedes(_ left: Field, _ right: Field) -> Bool {
        if left.key != right.key { return left.key < right.key }
        let order = Self.compare(names.view(left.name), names.view(right.name))
        return order == 0 ? left.order < right.order : order < 0
    }

    @inline(__always)
    private func precedes(_ left: Pair, _ right: Pair) -> Bool {
        let order = Self.compare(parameters.view(left.name), parameters.view(right.name))
        return order == 0
            ? Self.compare(parameters.view(left.value), parameters.view(right.value)) < 0 : order < 0
    }

    /// The order of bytes, a shorter one first.
    @inline(__always)
    private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let shared = min(left.count, right.count)
        if shared > 0, let one = left.baseAddress, let other = right.baseAddress {
            let order = memcmp(one, other, shared)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }

    /// Bytes as a number that has their order; a name that ends early has zeros, which no other byte precedes.
    @inline(__always)
    private static func key(_ name: UnsafeRawBufferPointer) -> UInt64 {
        var key: UInt64 = 0
        let length = min(name.count, 8)
        for index in 0..<length { key = key &<< 8 | UInt64(name[index]) }
        return length == 0 ? 0 : key &<< UInt64((8 &- length) &* 8)
    }
}

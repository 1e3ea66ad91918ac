// Hot: once per traced request. Allocates: nothing.

/// The header `X-Amzn-Trace-Id`: `Root=...;Parent=...;Sampled=...`, other members ignored.
///
/// *Source:* reference, "X-Ray" (9.4); X-Ray guide, "Tracing header".
struct XRayTraceHeader: Sendable, Hashable {
    /// What the caller decided.
    enum Sampling: Sendable, Hashable {
        /// `Sampled=1`
        case yes
        /// `Sampled=0`
        case no
        /// `Sampled=?`, or nothing: whoever comes next decides.
        case undecided
    }

    /// `nil` if it is missing or none of X-Ray's.
    var root: TraceIdentifier?
    /// `nil` if it is missing or none of X-Ray's.
    var parent: SpanIdentifier?
    var sampling = Sampling.undecided

    /// Bytes of a header that is written.
    static let length = 5 + TraceIdentifier.rootLength + 8 + SpanIdentifier.hexLength + 10

    /// Reads what there is; of members that stand twice the first one counts.
    init(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        var seen: UInt8 = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x3B { end &+= 1 }
            let member = trimmingBlanks(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            start = end &+ 1
            if seen & 1 == 0, let value = Self.value(of: "Root=", in: member) {
                root = TraceIdentifier(root: value)
                seen |= 1
            } else if seen & 2 == 0, let value = Self.value(of: "Parent=", in: member) {
                parent = SpanIdentifier(hex: value, acceptsUpperCase: true)
                seen |= 2
            } else if seen & 4 == 0, let value = Self.value(of: "Sampled=", in: member), value.count == 1 {
                sampling = value[0] == 0x31 ? .yes : value[0] == 0x30 ? .no : .undecided
                seen |= 4
            }
        }
    }

    /// Writes ``length`` bytes.
    static func write(
        root: TraceIdentifier, parent: SpanIdentifier, isSampled: Bool, to target: UnsafeMutableRawPointer
    ) {
        copy("Root=", to: target)
        root.writeRoot(to: target + 5)
        copy(";Parent=", to: target + 5 + TraceIdentifier.rootLength)
        parent.writeHex(to: target + 13 + TraceIdentifier.rootLength)
        let end = target + 13 + TraceIdentifier.rootLength + SpanIdentifier.hexLength
        copy(";Sampled=", to: end)
        end.storeBytes(of: isSampled ? 0x31 : 0x30, toByteOffset: 9, as: UInt8.self)
    }

    private static func copy(_ text: StaticString, to target: UnsafeMutableRawPointer) {
        target.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    }

    private static func value(of name: StaticString, in member: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let length = name.utf8CodeUnitCount
        guard member.count >= length,
            bytesEqual(
                UnsafeRawBufferPointer(rebasing: member[..<length]),
                UnsafeRawBufferPointer(start: name.utf8Start, count: length))
        else { return nil }
        return UnsafeRawBufferPointer(rebasing: member[length...])
    }
}

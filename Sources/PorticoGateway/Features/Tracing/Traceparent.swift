// Hot: once per traced request. Allocates: nothing.

/// The header `traceparent` of W3C Trace Context.
///
/// *Source:* W3C Trace Context, 3.2 and 4.3: a version of `ff`, an id of zeros and upper-case digits are invalid; of a
/// version that is not known yet the parts of version 00 are read, and what follows them is ignored.
struct Traceparent: Sendable, Hashable {
    let traceID: TraceIdentifier
    /// The caller's span.
    let parentID: SpanIdentifier
    /// Flags that are known: bit 0 says that the caller may have recorded the trace, bit 1 that the id is random.
    let flags: UInt8

    /// Bytes of version 00.
    static let length = 55

    /// Bit 0 of ``flags``.
    var isSampled: Bool { flags & 1 != 0 }

    init(traceID: TraceIdentifier, parentID: SpanIdentifier, flags: UInt8) {
        self.traceID = traceID
        self.parentID = parentID
        self.flags = flags & 0x03
    }

    init(traceID: TraceIdentifier, parentID: SpanIdentifier, isSampled: Bool) {
        self.init(traceID: traceID, parentID: parentID, flags: isSampled ? 1 : 0)
    }

    /// Parses the value of the one header field; `nil` for what is invalid, which counts as absent.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let bytes = trimmingBlanks(bytes)
        guard bytes.count >= Self.length, bytes[2] == 0x2D, bytes[35] == 0x2D, bytes[52] == 0x2D,
            let version = Hexadecimal.value(bytes, at: 0, digits: 2), version != 0xFF,
            let flags = Hexadecimal.value(bytes, at: 53, digits: 2)
        else { return nil }
        if bytes.count > Self.length {
            guard version != 0, bytes[Self.length] == 0x2D else { return nil }
        }
        guard let traceID = TraceIdentifier(hex: UnsafeRawBufferPointer(rebasing: bytes[3..<35])),
            let parentID = SpanIdentifier(hex: UnsafeRawBufferPointer(rebasing: bytes[36..<52]))
        else { return nil }
        // Of later versions only the first flag is known to mean the same.
        self.init(
            traceID: traceID, parentID: parentID,
            flags: UInt8(truncatingIfNeeded: flags) & (version == 0 ? 0x03 : 0x01))
    }

    /// Writes the 55 bytes of version 00.
    func write(to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: 0x3030, as: UInt16.self)
        target.storeBytes(of: 0x2D, toByteOffset: 2, as: UInt8.self)
        traceID.writeHex(to: target + 3)
        target.storeBytes(of: 0x2D, toByteOffset: 35, as: UInt8.self)
        parentID.writeHex(to: target + 36)
        target.storeBytes(of: 0x2D, toByteOffset: 52, as: UInt8.self)
        target.storeBytes(of: 0x30, toByteOffset: 53, as: UInt8.self)
        target.storeBytes(of: 0x30 &+ flags, toByteOffset: 54, as: UInt8.self)
    }
}

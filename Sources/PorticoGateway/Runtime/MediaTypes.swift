// Hot: once per body. Allocates: nothing.

/// Media types as API Gateway compares them: without parameters, and of `Accept` only the first.
enum MediaTypes {
    /// `application/json` of `application/json; charset=utf-8`; empty for an absent header.
    @inline(__always)
    static func essence(_ header: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = 0
        while end < header.count, header[end] != 0x3B, header[end] != 0x2C { end &+= 1 }
        return trimmingBlanks(UnsafeRawBufferPointer(rebasing: header[0..<end]))
    }

    /// Whether the type is one of `binaryMediaTypes`: exact, `type/*`, or `*/*`.
    static func isBinary(_ essence: UnsafeRawBufferPointer, _ ranges: [MediaRange]) -> Bool {
        guard !ranges.isEmpty else { return false }
        guard let slash = essence.firstIndex(of: 0x2F) else { return false }
        let type = UnsafeRawBufferPointer(rebasing: essence[0..<slash])
        let subtype = UnsafeRawBufferPointer(rebasing: essence[(slash + 1)...])
        for range in ranges where matches(range.type, type) && matches(range.subtype, subtype) { return true }
        return false
    }

    private static func matches(_ pattern: String, _ text: UnsafeRawBufferPointer) -> Bool {
        if pattern == "*" { return true }
        var pattern = pattern
        return pattern.withUTF8 { bytesEqualIgnoringCase(UnsafeRawBufferPointer($0), text) }
    }
}

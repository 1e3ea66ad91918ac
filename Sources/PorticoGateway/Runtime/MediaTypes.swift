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

    /// Whether the type that a header names is one of `binaryMediaTypes`: exact, `type/*`, or `*/*`.
    ///
    /// An absent header counts as `application/json`, so that only `*/*` and that type itself make it binary.
    /// Observed: in logs of mocks with `*/*`, a request without body and content type is "[Binary Data]".
    static func isBinary(_ header: UnsafeRawBufferPointer?, _ ranges: [MediaRange]) -> Bool {
        guard !ranges.isEmpty else { return false }
        var essence = header.map(self.essence) ?? UnsafeRawBufferPointer(start: nil, count: 0)
        if essence.isEmpty {
            let json: StaticString = "application/json"
            essence = UnsafeRawBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount)
        }
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

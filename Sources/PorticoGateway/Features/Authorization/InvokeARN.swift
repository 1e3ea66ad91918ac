// Hot: once per request that a policy decides on. Allocates: nothing.

internal import PorticoPrograms

/// The ARN that says what a request asks for: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`.
///
/// Source: reference, "IAM evaluation" (3.2): the path is the one of the request, without its first slash.
extension Exchange {
    /// Appends the ARN.
    func appendMethodARN(into output: OutputBuffer) {
        guard let stage else { return }
        output.append(stage.invokeARN.bytes)
        appendMethodAndPath(into: output)
    }

    /// Appends the ARN as a JSON text.
    func appendMethodARN(quotedInto output: OutputBuffer) {
        guard let stage else { return }
        output.append(0x22)
        EventText.appendEscaped(stage.invokeARN.bytes, into: output)
        if let route = method?.route {
            EventText.appendEscaped(route.key.bytes, into: output)
        } else {
            output.append(verbText)
            EventText.appendEscaped(routePath, into: output)
        }
        output.append(0x22)
    }

    /// Appends the ARN as messages show it: with most of the account's digits hidden.
    ///
    /// Source: reference, decision 4: `********` and the last four digits.
    func appendMaskedMethodARN(into output: OutputBuffer) {
        guard let stage else { return }
        output.append(stage.maskedInvokeARN.bytes)
        appendMethodAndPath(into: output)
    }

    private func appendMethodAndPath(into output: OutputBuffer) {
        // Source: reference, "Events" (2.4): that of a route ends with its key.
        if let route = method?.route {
            output.append(route.key.bytes)
            return
        }
        output.append(verbText)
        output.append(routePath)
    }

    /// How the path that a backend may read differs from the one that came.
    enum PathReading {
        /// Not at all.
        case same
        /// By its escapes only.
        case decoded
        /// It leads elsewhere: segments are others.
        case elsewhere
    }

    /// Appends the ARN with its path as a backend may read it: percent-decoded, without empty and dotted segments; nothing if
    /// that is the path as it came.
    ///
    /// A policy that denies `.../admin/*` must not be passed by `/public/../admin/x` or `/%61dmin/x`, which a backend behind
    /// a greedy path takes for the same.
    func appendDecodedMethodARN(into output: OutputBuffer) -> PathReading {
        guard method?.route == nil, hasUnusualPath, let stage else { return .same }
        // A backend may decode twice; more than that is its own fault.
        var decoded = Array(routePath)
        for _ in 0..<2 {
            let start = arena.count
            _ = decoded.withUnsafeBytes { PercentText.appendDecoded($0, plusIsBlank: false, into: arena) }
            decoded = Array(arenaBytes(start..<arena.count))
            arena.truncate(to: start)
        }
        var segments: [ArraySlice<UInt8>] = []
        for segment in decoded.split(whereSeparator: { $0 == 0x2F || $0 == 0x5C }) {
            // Some backends cut parameters off segments first: `..;x` is `..` to them.
            let name = segment.prefix { $0 != 0x3B }
            if name.elementsEqual([0x2E]) { continue }
            if name.elementsEqual([0x2E, 0x2E]) {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        output.append(stage.invokeARN.bytes)
        output.append(verbText)
        let start = output.count
        for segment in segments {
            output.append(0x2F)
            segment.withUnsafeBytes { output.append($0) }
        }
        if segments.isEmpty || decoded.last == 0x2F { output.append(0x2F) }
        let path = output.view(start..<output.count)
        if bytesEqual(path, routePath) { return .same }
        return path.elementsEqual(decoded) && !hasEncodedSlash ? .decoded : .elsewhere
    }

    private var hasUnusualPath: Bool {
        let path = routePath
        var last: UInt8 = 0
        for byte in path {
            if byte == 0x25 || byte == 0x5C || last == 0x2F && (byte == 0x2F || byte == 0x2E) { return true }
            last = byte
        }
        return false
    }

    /// Whether decoding makes a slash.
    private var hasEncodedSlash: Bool {
        let path = routePath
        var index = 0
        while index &+ 2 < path.count {
            if path[index] == 0x25 {
                if path[index &+ 1] == 0x32, path[index &+ 2] | 0x20 == 0x66 { return true }
                // An escaped percent sign may be part of an escape within it.
                if path[index &+ 1] == 0x32, path[index &+ 2] == 0x35 { return true }
            }
            index &+= 1
        }
        return false
    }
}

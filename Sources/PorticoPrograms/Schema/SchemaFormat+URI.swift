// Hot: once per string with `format: uri`. Allocates: nothing.

/// URIs with a scheme.
extension SchemaFormat {
    /// RFC 3986, 3.
    static func isURI(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !bytes.isEmpty, isLetter(bytes[0]) else { return false }
        var at = 1
        while at < bytes.count, bytes[at] != 0x3A {
            let byte = bytes[at]
            guard isLetter(byte) || isDigit(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E else { return false }
            at &+= 1
        }
        guard at < bytes.count else { return false }
        at &+= 1
        if at &+ 1 < bytes.count, bytes[at] == 0x2F, bytes[at &+ 1] == 0x2F {
            at &+= 2
            let start = at
            while at < bytes.count, bytes[at] != 0x2F, bytes[at] != 0x3F, bytes[at] != 0x23 { at &+= 1 }
            guard isAuthority(slice(bytes, start..<at)) else { return false }
        }
        // A path, then a query, then a fragment, which differ in where `?` and `#` end them.
        var isFragment = false
        var isQuery = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x23 {
                if isFragment { return false }
                isFragment = true
            } else if byte == 0x3F, !isQuery, !isFragment {
                isQuery = true
            } else if byte == 0x25 {
                guard isEscape(bytes, at) else { return false }
                at &+= 2
            } else {
                let isSeparator = byte == 0x2F || byte == 0x3A || byte == 0x40 || byte == 0x3F
                guard isSeparator || isPlain(byte) else { return false }
            }
            at &+= 1
        }
        return true
    }

    private static func isAuthority(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        if let mark = bytes.firstIndex(of: 0x40) {
            guard isText(slice(bytes, 0..<mark), colons: true) else { return false }
            start = mark &+ 1
        }
        var end = start
        if start < bytes.count, bytes[start] == 0x5B {
            guard let close = bytes[start...].firstIndex(of: 0x5D) else { return false }
            let literal = slice(bytes, start &+ 1..<close)
            guard isIPv6(literal) || isFutureAddress(literal) else { return false }
            end = close &+ 1
            guard end == bytes.count || bytes[end] == 0x3A else { return false }
        } else {
            while end < bytes.count, bytes[end] != 0x3A { end &+= 1 }
            guard isText(slice(bytes, start..<end), colons: false) else { return false }
        }
        // A port may be empty.
        return bytes[end...].dropFirst().allSatisfy { isDigit($0) }
    }

    /// `v`, hexadecimal digits, a dot, text.
    private static func isFutureAddress(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 4, bytes[0] | 0x20 == 0x76, let dot = bytes.firstIndex(of: 0x2E), dot > 1,
            dot &+ 1 < bytes.count
        else { return false }
        return bytes[1..<dot].allSatisfy { isHex($0) }
            && bytes[(dot &+ 1)...].allSatisfy { isPlain($0) || $0 == 0x3A }
    }

    private static func isText(_ bytes: UnsafeRawBufferPointer, colons: Bool) -> Bool {
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0x25 {
                guard isEscape(bytes, at) else { return false }
                at &+= 3
                continue
            }
            guard isPlain(bytes[at]) || (colons && bytes[at] == 0x3A) else { return false }
            at &+= 1
        }
        return true
    }

    private static func isEscape(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Bool {
        at &+ 2 < bytes.count && isHex(bytes[at &+ 1]) && isHex(bytes[at &+ 2])
    }

    /// `unreserved` or `sub-delims`.
    private static func isPlain(_ byte: UInt8) -> Bool {
        if isLetter(byte) || isDigit(byte) { return true }
        switch byte {
        case 0x21, 0x24, 0x26...0x2E, 0x3B, 0x3D, 0x5F, 0x7E: return true
        default: return false
        }
    }
}

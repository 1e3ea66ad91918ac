// Hot: once per string with a format. Allocates: nothing.

/// Names and addresses of machines, and of people on them.
extension SchemaFormat {
    /// RFC 1034, 3.1, with the digits that RFC 1123 lets a label begin with.
    static func isHostname(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= 253 else { return false }
        var length = 0
        var last: UInt8 = 0x2D
        for byte in bytes {
            if byte == 0x2E {
                if length == 0 || last == 0x2D { return false }
                length = 0
            } else {
                guard isLetter(byte) || isDigit(byte) || (byte == 0x2D && length > 0) else { return false }
                length &+= 1
                if length > 63 { return false }
            }
            last = byte
        }
        return length > 0 && last != 0x2D
    }

    /// RFC 2673, 3.2: four numbers up to 255 without leading zeros.
    static func isIPv4(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var parts = 1
        var digits = 0
        var value = 0
        for byte in bytes {
            if byte == 0x2E {
                if digits == 0 || parts == 4 { return false }
                parts &+= 1
                digits = 0
                value = 0
            } else {
                guard isDigit(byte), digits == 0 || value > 0 else { return false }
                value = value &* 10 &+ Int(byte &- 0x30)
                digits &+= 1
                if value > 255 { return false }
            }
        }
        return parts == 4 && digits > 0
    }

    /// RFC 4291, 2.2.
    static func isIPv6(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // Longer than any: six groups and an IPv4 address.
        guard bytes.count >= 2, bytes.count <= 45 else { return false }
        var groups = 0
        var hasGap = false
        var at = 0
        if bytes[0] == 0x3A {
            guard bytes[1] == 0x3A else { return false }
            hasGap = true
            at = 2
        }
        while at < bytes.count {
            let start = at
            while at < bytes.count, isHex(bytes[at]) { at &+= 1 }
            if at < bytes.count, bytes[at] == 0x2E {
                guard isIPv4(slice(bytes, start..<bytes.count)) else { return false }
                groups &+= 2
                return hasGap ? groups < 8 : groups == 8
            }
            guard at > start, at &- start <= 4 else { return false }
            groups &+= 1
            if at == bytes.count { break }
            guard bytes[at] == 0x3A else { return false }
            at &+= 1
            guard at < bytes.count else { return false }
            if bytes[at] == 0x3A {
                if hasGap { return false }
                hasGap = true
                at &+= 1
            }
        }
        return hasGap ? groups < 8 : groups == 8
    }

    /// RFC 5321, 4.1.2: a name or a quoted text, `@`, a host's name or an address in brackets.
    static func isEmail(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        if !bytes.isEmpty, bytes[0] == 0x22 {
            at = 1
            while true {
                guard at < bytes.count, bytes[at] >= 0x20, bytes[at] < 0x7F else { return false }
                if bytes[at] == 0x22 { break }
                if bytes[at] == 0x5C {
                    at &+= 1
                    guard at < bytes.count, bytes[at] >= 0x20, bytes[at] < 0x7F else { return false }
                }
                at &+= 1
            }
            at &+= 1
        } else {
            var last: UInt8 = 0x2E
            while at < bytes.count, bytes[at] != 0x40 {
                guard bytes[at] == 0x2E ? last != 0x2E : isAtomic(bytes[at]) else { return false }
                last = bytes[at]
                at &+= 1
            }
            if last == 0x2E { return false }
        }
        guard at &+ 1 < bytes.count, bytes[at] == 0x40 else { return false }
        let domain = slice(bytes, at &+ 1..<bytes.count)
        guard domain[0] == 0x5B else { return isHostname(domain) }
        guard domain.count > 2, domain[domain.count &- 1] == 0x5D else { return false }
        let literal = slice(domain, 1..<domain.count &- 1)
        let mark: StaticString = "IPv6:"
        let hasMark = mark.withUTF8Buffer { literal.count > $0.count && literal.starts(with: $0) }
        return hasMark ? isIPv6(slice(literal, 5..<literal.count)) : isIPv4(literal)
    }

    /// RFC 5322 `atext`.
    private static func isAtomic(_ byte: UInt8) -> Bool {
        if isLetter(byte) || isDigit(byte) { return true }
        switch byte {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: return true
        default: return false
        }
    }
}

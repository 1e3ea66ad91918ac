// Hot: once per traced request. Allocates: nothing.

/// The header `tracestate` of W3C Trace Context: what tracing systems on the way noted, by name, newest first.
///
/// *Source:* W3C Trace Context, 3.3: at most 32 members; a header that does not parse is dropped as a whole, while
/// `traceparent` stays. Longer ones than 512 bytes may be dropped; Portico passes up to ``longest``.
enum Tracestate {
    /// Members of a header.
    static let mostMembers = 32
    /// Bytes of a header that is passed on. Above what everybody must take, which is 512, and below what fills a head.
    static let longest = 2048

    /// Number of members of a header field's value, 0 for an empty one; `nil` if it is invalid. Of several fields the sum
    /// must not exceed ``mostMembers``.
    static func memberCount(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count <= longest else { return nil }
        var count = 0
        var isValid = true
        forEachMember(bytes) { member in
            guard let parts = split(member) else {
                isValid = false
                return false
            }
            count &+= 1
            // A name that stands twice would let each reader take another one.
            var seen = 0
            forEachMember(bytes) { other in
                if let key = split(other)?.key, bytesEqual(key, parts.key) { seen &+= 1 }
                return seen < 2
            }
            isValid = seen < 2 && count <= mostMembers
            return isValid
        }
        return isValid ? count : nil
    }

    /// The value of the member of that name; `nil` if there is none.
    static func value(of key: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        forEachMember(bytes) { member in
            if let parts = split(member), bytesEqual(parts.key, key) { found = parts.value }
            return found == nil
        }
        return found
    }

    /// Calls `body` with each member that is not empty, without blanks around it, until it answers `false`.
    @inline(__always)
    private static func forEachMember(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Bool) {
        var start = 0
        while start <= bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x2C { end &+= 1 }
            let member = trimmingBlanks(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            if !member.isEmpty, !body(member) { return }
            start = end &+ 1
        }
    }

    /// `key=value`, both of characters that are allowed there.
    private static func split(
        _ member: UnsafeRawBufferPointer
    ) -> (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)? {
        guard let equals = member.firstIndex(of: 0x3D) else { return nil }
        let key = UnsafeRawBufferPointer(rebasing: member[..<equals])
        let value = UnsafeRawBufferPointer(rebasing: member[(equals &+ 1)...])
        guard isKey(key), isValue(value) else { return nil }
        return (key, value)
    }

    /// `name`, or `tenant@system`. Source: W3C Trace Context, 3.3.1.3.1.
    private static func isKey(_ key: UnsafeRawBufferPointer) -> Bool {
        guard let first = key.first else { return false }
        guard let at = key.firstIndex(of: 0x40) else {
            return isLetter(first) && key.count <= 256 && key.allSatisfy(isKeyByte)
        }
        let tenant = key[..<at]
        let system = key[(at &+ 1)...]
        guard let systemFirst = system.first else { return false }
        return (1...241).contains(tenant.count) && (1...14).contains(system.count)
            && (isLetter(first) || isDigit(first)) && isLetter(systemFirst) && tenant.allSatisfy(isKeyByte)
            && system.allSatisfy(isKeyByte)
    }

    /// 1 to 256 printable characters, without comma and equals sign; the blanks at the end are gone already.
    private static func isValue(_ value: UnsafeRawBufferPointer) -> Bool {
        (1...256).contains(value.count)
            && value.allSatisfy { $0 >= 0x20 && $0 <= 0x7E && $0 != 0x2C && $0 != 0x3D }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == 0x5F || byte == 0x2D || byte == 0x2A || byte == 0x2F
    }
}

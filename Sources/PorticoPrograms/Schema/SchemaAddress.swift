/// Addresses of schemas: URI references and what they mean against the address that they stand under.
///
/// *Source:* RFC 3986, 5.2 and 5.3; JSON Schema draft 4 core, 7.2.
struct SchemaAddress {
    private var scheme: Substring?
    private var authority: Substring?
    private var path: Substring
    private var query: Substring?
    /// What stands after `#`, percent signs and all; `nil` without a `#`.
    private(set) var fragment: Substring?

    init(_ text: String) {
        var rest = Substring(text)
        if let mark = rest.utf8.firstIndex(of: 0x23) {
            fragment = rest[rest.utf8.index(after: mark)...]
            rest = rest[..<mark]
        }
        if let mark = rest.utf8.firstIndex(of: 0x3F) {
            query = rest[rest.utf8.index(after: mark)...]
            rest = rest[..<mark]
        }
        if let mark = rest.utf8.firstIndex(where: { $0 == 0x3A || $0 == 0x2F }), rest.utf8[mark] == 0x3A,
            Self.isScheme(rest[..<mark])
        {
            scheme = rest[..<mark]
            rest = rest[rest.utf8.index(after: mark)...]
        }
        if rest.utf8.starts(with: [0x2F, 0x2F]) {
            let start = rest.utf8.index(rest.startIndex, offsetBy: 2)
            let end = rest.utf8[start...].firstIndex(of: 0x2F) ?? rest.endIndex
            authority = rest[start..<end]
            rest = rest[end...]
        }
        path = rest
    }

    /// The whole without the fragment.
    var withoutFragment: String {
        var text = ""
        if let scheme { text += scheme + ":" }
        if let authority { text += "//" + authority }
        text += path
        if let query { text += "?" + query }
        return text
    }

    /// The address without fragment that a reference means under `base`; the base itself for nothing but a fragment.
    static func resolve(_ reference: String, under base: String) -> String {
        let reference = SchemaAddress(reference)
        if reference.scheme != nil { return reference.normalized.withoutFragment }
        var result = reference
        let base = SchemaAddress(base)
        result.scheme = base.scheme
        if reference.authority == nil {
            result.authority = base.authority
            if reference.path.isEmpty {
                result.path = base.path
                if reference.query == nil { result.query = base.query }
                return result.withoutFragment
            }
            if reference.path.utf8.first != 0x2F {
                let folder = base.path.utf8.lastIndex(of: 0x2F).map { base.path[...$0] } ?? ""
                let isRooted = !folder.isEmpty || base.authority == nil
                result.path = Substring((isRooted ? String(folder) : "/") + reference.path)
            }
        }
        return result.normalized.withoutFragment
    }

    /// Without `.` and `..` in its path.
    private var normalized: SchemaAddress {
        guard path.utf8.contains(0x2F) || path == "." || path == ".." else { return self }
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".":
                if isLast { kept.append("") }
            case "..":
                // The empty text before the first slash stays.
                if kept.count > 1 || (kept.count == 1 && kept[0] != "") { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        var result = self
        result.path = Substring(kept.joined(separator: "/"))
        return result
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (first | 0x20) &- 0x61 < 26 else { return false }
        return text.utf8.allSatisfy { byte in
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2B || byte == 0x2D || byte == 0x2E
        }
    }

    /// Bytes for percent signs with two digits.
    static func percentDecoded(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(0x25) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2 {
                let high = hexValue(rest[rest.startIndex])
                let low = hexValue(rest[rest.startIndex + 1])
                if high < 16, low < 16 {
                    bytes.append(high << 4 | low)
                    rest.removeFirst(2)
                    continue
                }
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

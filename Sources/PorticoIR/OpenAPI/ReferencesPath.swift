/// Pure text work of references: JSON pointers (RFC 6901) in URI fragments, and paths of files beside.
public enum ReferencePath {
    /// Tokens of the pointer in a fragment, percent-decoded and unescaped; `nil` if it does not begin with `/`.
    public static func tokens(_ fragment: String) -> [String]? {
        if fragment.isEmpty { return [] }
        guard fragment.utf8.first == UInt8(ascii: "/") else { return nil }
        return fragment.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            unescaped(percentDecoded(String($0)))
        }
    }

    /// The fragment of those tokens.
    public static func text(_ tokens: some Sequence<String>) -> String {
        tokens.map { "/" + escaped($0) }.joined()
    }

    /// `~` and `/` of a token as RFC 6901 writes them.
    static func escaped(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
        var bytes: [UInt8] = []
        for byte in token.utf8 {
            switch byte {
            case UInt8(ascii: "~"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "0")]
            case UInt8(ascii: "/"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "1")]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ token: String) -> String {
        guard token.utf8.contains(UInt8(ascii: "~")) else { return token }
        var bytes: [UInt8] = []
        var pending = false
        for byte in token.utf8 {
            if pending {
                pending = false
                switch byte {
                case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
                default: bytes += [UInt8(ascii: "~"), byte]
                }
            } else if byte == UInt8(ascii: "~") {
                pending = true
            } else {
                bytes.append(byte)
            }
        }
        if pending { bytes.append(UInt8(ascii: "~")) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `%7B` as `{`; a `%` that begins no escape stays.
    static func percentDecoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let high = hexDigit(source[index + 1]), let low = hexDigit(source[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// `relative` as seen from the folder of `file`, with `.` and `..` folded, so that one file has one name.
    static func join(_ file: String, _ relative: String) -> String {
        if relative.utf8.first == UInt8(ascii: "/") { return relative }
        var parts = file.split(separator: "/", omittingEmptySubsequences: true).dropLast().map(String.init)
        let isAbsolute = file.utf8.first == UInt8(ascii: "/")
        for part in relative.split(separator: "/", omittingEmptySubsequences: true) {
            switch part {
            case ".": continue
            case "..":
                if let last = parts.last, last != "..", last != "." {
                    parts.removeLast()
                } else if !isAbsolute {
                    parts.append("..")
                }
            default: parts.append(String(part))
            }
        }
        return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
    }

    /// The last component of a path.
    static func lastComponent(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? path
    }
}

internal import PorticoSyntax

/// A host behind a VPC link in its parts.
public struct VPCLinkTarget: Sendable, Hashable {
    /// `true` for https, `false` for http, `nil` for the scheme of the integration's `uri`.
    public var isSecure: Bool?
    /// Name or address; without the brackets of an IPv6 address.
    public var host: String
    /// Port; `nil` for the usual one of the scheme, or without scheme for the one of the `uri`.
    public var port: Int?

    /// Parses `host`, `host:port`, or an http or https URL without path; `nil` for anything else.
    public init?(_ text: String) {
        var rest = text[...]
        if let end = text.range(of: "://") {
            switch text[..<end.lowerBound].lowercased() {
            case "http": isSecure = false
            case "https": isSecure = true
            default: return nil
            }
            rest = text[end.upperBound...]
            if rest.hasSuffix("/") { rest = rest.dropLast() }
        }
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            guard host.utf8.contains(UInt8(ascii: ":")), ASCII.consists(host, of: ":.") else { return nil }
        } else {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            host = String(rest[..<end])
            rest = rest[end...]
            guard ASCII.consists(host, of: "-._"), host.utf8.count <= 253 else { return nil }
        }
        guard !rest.isEmpty else { return }
        guard rest.hasPrefix(":") else { return nil }
        let digits = rest.dropFirst()
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(digits), (1...65535).contains(port)
        else { return nil }
        self.port = port
    }
}

extension String {
    /// The first place of `text`, without Foundation.
    fileprivate func range(of text: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}

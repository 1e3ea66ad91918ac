import Glibc

/// A name that a server certificate is good for.
enum CertificateName: Hashable {
    /// In lower case; the first label may be `*`.
    case dns(String)
    /// Four or sixteen bytes.
    case address(text: String, bytes: [UInt8])

    /// As users write it.
    var text: String {
        switch self {
        case .dns(let name): name
        case .address(let text, _): text
        }
    }

    /// Reads what a user wrote.
    ///
    /// *Source:* RFC 5280, section 4.2.1.6; RFC 1034, section 3.5; RFC 6125, section 6.4.3 for wildcards.
    init(_ text: String) throws(CommandFailure) {
        if let bytes = Self.addressBytes(text) {
            self = .address(text: text.lowercased(), bytes: bytes)
            return
        }
        func refusal(_ why: String) -> CommandFailure {
            CommandFailure(.usage, "'\(text)' is no name for a server: \(why)")
        }
        guard !text.isEmpty, text.utf8.count <= 253 else { throw refusal("it must have 1 to 253 characters") }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw refusal("write names of other scripts as they are in the DNS ('xn--...')")
        }
        let labels = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        for (place, label) in labels.enumerated() where !(place == 0 && label == "*") {
            guard Self.isLabel(label) else {
                throw refusal(
                    "'\(label)' must be letters, digits and hyphens, at most 63, and '*' may only be the whole first part"
                )
            }
        }
        if labels[0] == "*", labels.count < 3 {
            throw refusal("clients accept '*' only before two parts or more, as in '*.example.test'")
        }
        if let last = labels.last, last.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            throw refusal("it is neither an IP address nor a domain name")
        }
        self = .dns(text.lowercased())
    }

    private static func isLabel(_ label: Substring) -> Bool {
        let bytes = label.utf8
        guard (1...63).contains(bytes.count), bytes.first != 0x2D, bytes.last != 0x2D else { return false }
        return bytes.allSatisfy { $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D }
    }

    private static func addressBytes(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    /// Bytes of an address as people read them.
    static func text(ofAddress bytes: [UInt8]) -> String? {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var buffer = [CChar](repeating: 0, count: 64)
        guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &buffer, 64) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

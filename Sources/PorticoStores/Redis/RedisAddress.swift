/// Where a Redis or Valkey server is: `redis://[[user]:password@]host[:port][/database][?prefix=...]`.
///
/// `rediss://` is the same over TLS; `?ca=FILE` names certificates that its own must come from, in PEM, in place of
/// those that the system trusts.
///
/// *Source:* IANA's registrations of the schemes `redis` and `rediss`.
public struct RedisAddress: Sendable, Hashable {
    /// Name or address.
    public var host: String
    /// Port.
    public var port: Int
    /// Number of the database, 0...65,535.
    public var database: Int
    /// Name of the user, for servers that have several.
    public var user: String?
    /// Password, never printed.
    public var password: String?
    /// Whether the connection is encrypted.
    public var isEncrypted: Bool
    /// File of trusted certificates; `nil` for those of the system.
    public var trustedCertificates: String?
    /// What names of keys begin with: gateways that should share nothing have other ones.
    public var prefix: String

    /// Reads a URL.
    ///
    /// - Throws: what is wrong with it, without the password.
    public init(url: String) throws(RedisAddressProblem) {
        guard let colon = url.firstRange(of: "://") else {
            throw RedisAddressProblem("it has no scheme; write redis://HOST:PORT")
        }
        switch url[..<colon.lowerBound].lowercased() {
        case "redis", "valkey": isEncrypted = false
        case "rediss", "valkeys": isEncrypted = true
        default: throw RedisAddressProblem("its scheme is none of redis, rediss, valkey and valkeys")
        }
        var rest = url[colon.upperBound...]
        var query: Substring = ""
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        guard !rest.contains("#") && !query.contains("#") else { throw RedisAddressProblem("it has a fragment") }
        var path: Substring = ""
        // A password may hold a slash that nobody escaped; a host cannot hold an at sign.
        let hostStart = rest.lastIndex(of: "@").map { rest.index(after: $0) } ?? rest.startIndex
        if let slash = rest[hostStart...].firstIndex(of: "/") {
            path = rest[rest.index(after: slash)...]
            rest = rest[..<slash]
        }
        user = nil
        password = nil
        if hostStart > rest.startIndex {
            let credentials = rest[..<rest.index(before: hostStart)]
            let parts = credentials.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                user = parts[0].isEmpty ? nil : try RedisAddress.unescaped(parts[0])
                password = try RedisAddress.unescaped(parts[1])
            } else {
                throw RedisAddressProblem("what stands before '@' has no colon; write redis://:PASSWORD@HOST")
            }
        }
        (host, port) = try RedisAddress.hostAndPort(rest[hostStart...])
        database = 0
        if !path.isEmpty {
            guard let number = Int(path), (0...65_535).contains(number) else {
                throw RedisAddressProblem("'\(path)' is no number of a database")
            }
            database = number
        }
        trustedCertificates = nil
        prefix = "portico"
        for entry in query.split(separator: "&") {
            let pair = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count == 2 ? try RedisAddress.unescaped(pair[1]) : ""
            switch pair[0] {
            case "prefix" where !value.isEmpty && value.utf8.count <= 64: prefix = value
            case "ca" where !value.isEmpty && isEncrypted: trustedCertificates = value
            default: throw RedisAddressProblem("'\(pair[0])' is no setting, or has no value that fits")
            }
        }
    }

    /// For logs: where it is, without user and password.
    public var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isEncrypted ? "rediss" : "redis")://\(name):\(port)/\(database)"
    }

    private static func hostAndPort(_ text: Substring) throws(RedisAddressProblem) -> (String, Int) {
        var host = text
        var port: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw RedisAddressProblem("its address has no ']'") }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw RedisAddressProblem("something stands behind ']'") }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { throw RedisAddressProblem("it has no host") }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw RedisAddressProblem("its host is no name") }
        guard let port else { return (String(host), 6379) }
        guard let number = Int(port), (1...65_535).contains(number) else {
            throw RedisAddressProblem("'\(port)' is no port")
        }
        return (String(host), number)
    }

    private static func unescaped(_ text: Substring) throws(RedisAddressProblem) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = Hexadecimal.bytes(String(decoding: [high, low], as: UTF8.self).lowercased())?.first
            else { throw RedisAddressProblem("a '%' is not followed by two hexadecimal digits") }
            bytes.append(value)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension RedisAddress: CustomStringConvertible {}

/// Why a URL is no address of a Redis server, in words that hold no password.
public struct RedisAddressProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    init(_ reason: String) {
        description = "no URL of a shared store: \(reason)"
    }
}

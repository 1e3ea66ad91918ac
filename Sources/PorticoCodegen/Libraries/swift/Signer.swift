public import Foundation

extension PorticoSDK {
    /// Credentials of AWS.
    public struct AWSCredentials: Sendable, Hashable {
        /// The access key, such as `AKIDEXAMPLE`.
        public var accessKeyID: String
        /// The secret key.
        public var secretAccessKey: String
        /// The token of temporary credentials.
        public var sessionToken: String?

        /// Makes credentials.
        public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
        }
    }

    /// Signature Version 4 of AWS, as botocore's `SigV4Auth` makes it.
    public enum Signer {
        /// Headers that are not signed: what is between here and the service may change them.
        private static let unsigned: Set<String> = [
            "user-agent", "x-amzn-trace-id", "expect", "connection", "transfer-encoding", "content-length",
            "accept-encoding", "authorization",
        ]

        /// The headers that a request gets: `X-Amz-Date`, `X-Amz-Security-Token` and `Authorization`.
        /// - Parameters:
        ///   - method: The HTTP method.
        ///   - url: The whole address, encoded as it is sent.
        ///   - headers: The other headers that are sent; `Host` is made of the address unless it is among them.
        ///   - body: The bytes of the body.
        ///   - credentials: Who signs.
        ///   - region: Region of the API.
        ///   - service: Name of the service.
        ///   - date: Time of the signature.
        public static func headers(
            method: String, url: String, headers: HTTPHeaders, body: some Sequence<UInt8>, credentials: AWSCredentials,
            region: String, service: String = "execute-api", date: Date
        ) -> HTTPHeaders {
            let time = RFC3339.compact(date)
            let address = URLParts(url)
            var added: HTTPHeaders = ["X-Amz-Date": time]
            if let token = credentials.sessionToken { added["X-Amz-Security-Token"] = token }
            var all = headers
            all.merge(added)
            if all["host"] == nil { all["host"] = address.host }
            let (names, canonicalHeaders) = canonical(all)
            let request = [
                method, canonical(path: address.path), canonical(query: address.query), canonicalHeaders, names,
                hexadecimal(SHA256.hash(Array(body))),
            ].joined(separator: "\n")
            let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
            let text = ["AWS4-HMAC-SHA256", time, scope, hexadecimal(SHA256.hash(Array(request.utf8)))]
            var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
            for part in scope.split(separator: "/") { key = SHA256.authenticationCode(Array(part.utf8), key: key) }
            let signature = SHA256.authenticationCode(Array(text.joined(separator: "\n").utf8), key: key)
            added["Authorization"] =
                "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(names), "
                + "Signature=\(hexadecimal(signature))"
            return added
        }

        /// Names and lines of the signed headers.
        private static func canonical(_ headers: HTTPHeaders) -> (names: String, lines: String) {
            var values: [String: [String]] = [:]
            for field in headers {
                let name = field.name.lowercased()
                guard !unsigned.contains(name) else { continue }
                let words = field.value.split { $0 == " " || $0 == "\t" }
                values[name, default: []].append(words.joined(separator: " "))
            }
            let sorted = values.sorted { $0.key < $1.key }
            let lines = sorted.map { "\($0.key):\($0.value.joined(separator: ","))\n" }
            return (sorted.map(\.key).joined(separator: ";"), lines.joined())
        }

        /// The encoded path, encoded once more, without dot segments and empty ones.
        private static func canonical(path: String) -> String {
            var segments: [Substring] = []
            for segment in path.split(separator: "/") where segment != "." {
                if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
            }
            guard !segments.isEmpty else { return "/" }
            let joined = segments.map { percentEncoded(String($0)) }.joined(separator: "/")
            return "/" + joined + (path.hasSuffix("/") ? "/" : "")
        }

        private static func canonical(query: String) -> String {
            let pairs = query.split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
            }
            let sorted = pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            return sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        }
    }

    /// The parts of an address, as they are written in it.
    struct URLParts {
        /// `https`
        let scheme: String
        /// Host with port unless that is the scheme's own, as in the `Host` header.
        let host: String
        /// Path, encoded.
        let path: String
        /// Query without `?`, encoded.
        let query: String

        init(_ url: String) {
            var rest = Substring(url)
            if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
            var scheme = ""
            if let mark = rest.range(of: "://") {
                scheme = rest[..<mark.lowerBound].lowercased()
                rest = rest[mark.upperBound...]
            }
            self.scheme = scheme
            var query: Substring = ""
            if let mark = rest.firstIndex(of: "?") {
                query = rest[rest.index(after: mark)...]
                rest = rest[..<mark]
            }
            self.query = String(query)
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            path = slash == rest.endIndex ? "/" : String(rest[slash...])
            var host = rest[..<slash]
            if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
            let port = scheme == "https" ? ":443" : ":80"
            self.host = String(host.hasSuffix(port) ? host.dropLast(port.count) : host).lowercased()
        }
    }
}

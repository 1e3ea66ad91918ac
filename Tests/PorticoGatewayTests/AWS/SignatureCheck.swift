import PorticoTestSupport

@testable import PorticoGateway

/// Makes the signature of a request that a service received anew, from the rules and apart from the signer, and tells what
/// is wrong with it.
///
/// *Source:* IAM User Guide, "Create a signed AWS API request".
enum SignatureCheck {
    static func problem(
        _ request: PorticoTestSupport.FakeUpstream.Request, secret: String, accessKeyID: String, scope: String,
        isS3: Bool = false
    ) -> String? {
        guard let authorization = request["authorization"], let date = request["x-amz-date"] else {
            return "no Authorization or X-Amz-Date"
        }
        let prefix = "AWS4-HMAC-SHA256 "
        guard authorization.hasPrefix(prefix) else { return "Authorization is '\(authorization)'" }
        var fields: [String: String] = [:]
        for field in authorization.dropFirst(prefix.count).split(separator: ",") {
            let parts = field.drop { $0 == " " }.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        let day = date.prefix(8)
        let wanted = "\(day)/\(scope)/aws4_request"
        guard fields["Credential"] == "\(accessKeyID)/\(wanted)" else {
            return "the credential is '\(fields["Credential"] ?? "")', not '\(accessKeyID)/\(wanted)'"
        }
        let signed = (fields["SignedHeaders"] ?? "").split(separator: ";").map(String.init)
        let target = request.path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let query = (target.count > 1 ? target[1] : "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return "\(encoded(decoded(String(parts[0])), slash: false))="
                + (parts.count > 1 ? encoded(decoded(String(parts[1])), slash: false) : "")
        }.sorted().joined(separator: "&")
        let path =
            isS3 ? encoded(decoded(target[0]), slash: true) : encoded(Array(normalized(target[0]).utf8), slash: true)
        var lines = [request.method, path, query]
        for name in signed { lines.append("\(name):\(request[name] ?? "")") }
        lines += ["", signed.joined(separator: ";"), hex(request.bytes)]
        for needed in ["host"] + request.headers.map({ $0.name.lowercased() }).filter({ $0.hasPrefix("x-amz-") }) {
            guard signed.contains(needed) else { return "'\(needed)' is not signed" }
        }
        if isS3, request["x-amz-content-sha256"] != hex(request.bytes) {
            return "X-Amz-Content-Sha256 is another body's"
        }
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(wanted)\n\(hex(Array(lines.joined(separator: "\n").utf8)))"
        var key = Array("AWS4\(secret)".utf8)
        for part in wanted.split(separator: "/") { key = code(Array(part.utf8), key) }
        let signature = code(Array(text.utf8), key).map(byteText).joined()
        return signature == fields["Signature"]
            ? nil : "the signature is another one than that of\n\(lines.joined(separator: "\n"))"
    }

    private static func code(_ text: [UInt8], _ key: [UInt8]) -> [UInt8] {
        let hash = key.withUnsafeBytes { KeyedHash(key: $0) }
        return text.withUnsafeBytes { Array(hash.code(of: $0)) }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { SigV4Encoding.hash($0).map(byteText).joined() }
    }

    private static func byteText(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }

    private static func decoded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var index = 0
        while index < source.count {
            if source[index] == 0x25, index + 2 < source.count,
                let byte = UInt8(String(decoding: source[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return bytes
    }

    private static func encoded(_ bytes: [UInt8], slash: Bool) -> String {
        bytes.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
            return isPlain || "-._~".unicodeScalars.contains(scalar) || (slash && byte == 0x2F)
                ? String(scalar) : "%" + byteText(byte).uppercased()
        }.joined()
    }

    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        let text = "/" + parts.joined(separator: "/")
        return path.hasSuffix("/") && text != "/" ? text + "/" : text
    }
}

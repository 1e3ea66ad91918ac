internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// How identities of unknown access keys are asked for. Immutable; any thread.
struct IdentityEndpointClient: Sendable, Hashable {
    /// Why nobody can be asked.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    let name: String
    let address: TokenAddress
    let timeToLiveMilliseconds: Int
    let timeoutMilliseconds: Int
    /// What follows the target of a question. May have a secret in it.
    private let headers: String

    init(_ entry: IdentityEndpointEntry, _ secrets: SecretText) throws(Problem) {
        guard let address = TokenAddress(entry.address, allowsQuery: true) else {
            throw Problem(description: "its address is none")
        }
        name = entry.name
        self.address = address
        timeToLiveMilliseconds = entry.ttlSeconds * 1000
        timeoutMilliseconds = entry.timeoutMilliseconds
        let literal = address.host.contains(":") ? "[\(address.host)]" : address.host
        let host = address.port == (address.isSecure ? 443 : 80) ? literal : "\(literal):\(address.port)"
        var headers =
            " HTTP/1.1\r\nHost: \(host)\r\nAccept: application/json\r\nUser-Agent: portico\r\n"
            + "Accept-Encoding: identity\r\n"
        if let authorization = entry.authorization {
            let value: String
            do throws(EnvironmentText.Problem) {
                value = try secrets.expand(authorization)
            } catch {
                throw Problem(description: "\(error)")
            }
            guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
                throw Problem(description: "its 'authorization' is no value of a header")
            }
            headers += "Authorization: \(value)\r\n"
        }
        self.headers = headers + "\r\n"
    }

    /// Whether it may be asked for that access key: letters, digits, `_` and `-`, which need no encoding.
    /// Source: IAM API reference, AccessKey: `[\w]+`, up to 128 characters.
    static func isAccessKeyID(_ bytes: UnsafeRawBufferPointer) -> Bool {
        (1...128).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
                default: false
                }
            }
    }

    /// The request that asks for an access key.
    func question(_ accessKeyID: UnsafeRawBufferPointer) -> ByteBuffer {
        let path = address.path.hasPrefix("/") ? address.path : "/" + address.path
        var buffer = ByteBuffer(string: "GET \(path)\(path.contains("?") ? "&" : "?")accessKeyId=")
        buffer.writeBytes(accessKeyID)
        buffer.writeString(headers)
        return buffer
    }

    var target: UpstreamTarget { UpstreamTarget(host: address.host, port: address.port, isTLS: address.isSecure) }
}

extension IdentityEndpointClient: CustomStringConvertible, CustomReflectable {
    var description: String { "identities by '\(name)'" }
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

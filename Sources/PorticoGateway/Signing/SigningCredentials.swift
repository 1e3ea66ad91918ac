/// Keys that requests are signed with. Its secrets are in no description, mirror or dump of it.
final class SigningCredentials: Sendable {
    /// Access key id; it is sent with each request and is no secret.
    let accessKeyID: String
    /// When they end, in milliseconds since 1970; `nil` for keys that stay.
    let expiryMilliseconds: Int?
    let accessKeyIDBytes: [UInt8]
    /// Session token of temporary credentials.
    let sessionToken: [UInt8]?
    /// `AWS4` and the secret access key, which all derived keys begin with.
    let prefixedSecret: [UInt8]

    /// Takes keys as they were found, and refuses those that no header could carry.
    init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiryMilliseconds: Int? = nil
    ) throws(CredentialProblem) {
        try Self.check(accessKeyID, "access key id", excluding: "/,=")
        try Self.check(secretAccessKey, "secret access key", excluding: "")
        // An empty token is none, as for the SDKs.
        let token = sessionToken.flatMap { $0.isEmpty ? nil : $0 }
        if let token { try Self.check(token, "session token", excluding: "") }
        self.accessKeyID = accessKeyID
        self.expiryMilliseconds = expiryMilliseconds
        accessKeyIDBytes = Array(accessKeyID.utf8)
        self.sessionToken = token.map { Array($0.utf8) }
        prefixedSecret = Array("AWS4".utf8) + secretAccessKey.utf8
    }

    /// The value is not told: what is wrong with it may be that it is another one's secret.
    private static func check(_ value: String, _ what: String, excluding: String) throws(CredentialProblem) {
        if value.isEmpty { throw CredentialProblem("the \(what) is empty") }
        for byte in value.utf8 {
            guard byte > 0x20, byte < 0x7F, !excluding.utf8.contains(byte) else {
                let found =
                    switch byte {
                    case 0x0A, 0x0D: "a line break"
                    case 0x20, 0x09: "a blank"
                    case 0x21..<0x7F: "'\(Character(Unicode.Scalar(byte)))'"
                    default: "a character that is no visible ASCII"
                    }
                throw CredentialProblem("the \(what) has \(found) in it, which no key has")
            }
        }
    }

    /// Whether both would sign the same, for as long.
    func isSame(as other: SigningCredentials) -> Bool {
        self === other
            || (accessKeyIDBytes == other.accessKeyIDBytes && prefixedSecret == other.prefixedSecret
                && sessionToken == other.sessionToken && expiryMilliseconds == other.expiryMilliseconds)
    }
}

extension SigningCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "credentials '\(accessKeyID)'" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}

/// Why there are no credentials, for a person to read: cause, and what to do. It never has a secret in it.
struct CredentialProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line, lower case, no full stop.
    let text: String

    init(_ text: String) { self.text = text }

    var description: String { text }
}

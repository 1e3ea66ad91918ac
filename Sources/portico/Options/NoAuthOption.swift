import ArgumentParser
import PorticoGateway
import PorticoSyntax

/// `--no-auth NAME` and `--no-auth NAME=CLAIMS`.
enum NoAuthOption {
    /// Reads a value of the option.
    static func read(_ text: String) throws -> AuthorizerBypass {
        guard let equals = text.firstIndex(of: "=") else {
            guard !text.isEmpty else { throw ValidationError("--no-auth needs the name of an authorizer") }
            return AuthorizerBypass(name: text)
        }
        let name = String(text[..<equals])
        let claims = String(text[text.index(after: equals)...])
        guard !name.isEmpty, let value = JSONValue(parsing: claims), case .object = value else {
            throw ValidationError(
                "--no-auth '\(text)' is no NAME=CLAIMS; write for instance --no-auth 'pool={\"sub\":\"ada\"}'")
        }
        return AuthorizerBypass(name: name, claims: value)
    }
}

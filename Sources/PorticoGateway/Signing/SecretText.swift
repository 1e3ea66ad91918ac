internal import PorticoIR

/// Keys of identities as a document has them: text with `${env.NAME}` in it, or `${file.PATH}` as a whole.
struct SecretText: Sendable {
    var environment: [String: String]
    /// What paths are relative to.
    var directory = "."
    var files: any FileLoader = SystemFileLoader()

    /// Bytes of a file: no key has as many.
    private static let longest = 16 << 10

    /// The path of a text that stands for a file.
    func path(_ text: String) -> String? {
        guard text.hasPrefix("${file."), text.hasSuffix("}") else { return nil }
        let path = String(text.dropFirst("${file.".count).dropLast())
        return path.isEmpty || path.contains("}") ? nil : ClientIdentities.path(path, in: directory)
    }

    /// What the text stands for. A line break at the end of a file is none of the key.
    func expand(_ text: String) throws(EnvironmentText.Problem) -> String {
        guard let path = path(text) else { return try EnvironmentText.expand(text, environment: environment) }
        var bytes: [UInt8]
        do throws(FileLoadingError) {
            bytes = try files.load(path)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        guard bytes.count <= Self.longest else { throw .unreadable(path: path, reason: "it is too long for a key") }
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

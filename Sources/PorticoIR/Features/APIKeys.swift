public import PorticoSyntax

/// One entry of `x-portico-api-keys`.
public struct APIKey: Sendable, Hashable {
    /// Name.
    public var name: Located<String>
    /// Value, or `${env.NAME}`.
    public var value: Located<String>
    /// `enabled`, true unless the file says otherwise.
    public var isEnabled: Bool
    /// Names of usage plans.
    public var usagePlans: [Located<String>]
    /// The members as read, for exports; `null` for a key that no file declares.
    public var settings: JSONValue

    /// Makes a key.
    public init(
        name: Located<String>, value: Located<String>, isEnabled: Bool, usagePlans: [Located<String>],
        settings: JSONValue = .null
    ) {
        self.name = name
        self.value = value
        self.isEnabled = isEnabled
        self.usagePlans = usagePlans
        self.settings = settings
    }
}

/// What the value of an API key may be, wherever it comes from: a spec, the environment, a CSV file, a caller.
public enum APIKeyValue {
    /// Bytes of a value. Source: API Gateway API reference, "CreateApiKey"; recorded: "API Key value should be at least
    /// 20 characters".
    public static let lengths = 20...128
    /// Usage plans of one key. Source: API Gateway quotas, "Usage plans per API key".
    public static let mostPlans = 10
    /// Characters of a name. Source: API Gateway API reference, "CreateApiKey".
    public static let longestName = 1024

    /// Whether a byte may be part of a value: letters, digits and `-._~+/=`, which is what tokens are made of, such as
    /// UUIDs and base64. Unconfirmed: which marks API Gateway takes beside letters and digits.
    public static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2D, 0x2E, 0x5F, 0x7E, 0x2B, 0x2F, 0x3D: true
        default: false
        }
    }

    /// What is wrong with a value, in words that do not repeat it; `nil` if nothing is.
    public static func problem(_ value: String) -> String? {
        let bytes = value.utf8
        guard lengths.contains(bytes.count) else {
            return "has \(bytes.count) characters; expected \(lengths.lowerBound) to \(lengths.upperBound)"
        }
        guard bytes.allSatisfy(isAllowed) else {
            return "has characters other than letters, digits and '-._~+/='"
        }
        return nil
    }

    /// The name in `${env.NAME}`, if that is the whole value.
    public static func environmentName(_ value: String) -> String? {
        guard value.hasPrefix("${env."), value.hasSuffix("}") else { return nil }
        let name = value.dropFirst(6).dropLast()
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
        return isName && !name.isEmpty ? String(name) : nil
    }
}

/// An API key of a store: made by `portico keys`, not by a spec. Its value is not kept.
public struct StoredAPIKey: Sendable, Hashable {
    /// Ten base-36 characters.
    public var id: String
    /// Name; no two keys of a store have the same.
    public var name: String
    /// SHA-256 of the value, 32 bytes. No salt and no slow hash: a value that Portico made is 40 random characters
    /// (238 bits), which nobody finds by trying, and each request has to look one up.
    public var digest: [UInt8]
    /// The first characters of the value, to tell keys apart.
    public var prefix: String
    /// What it is for.
    public var description: String
    /// Whether it opens anything.
    public var isEnabled: Bool
    /// Names of usage plans of the spec, in order.
    public var usagePlans: [String]
    /// Milliseconds since 1970.
    public var createdMilliseconds: Int
    /// Milliseconds since 1970.
    public var updatedMilliseconds: Int

    /// Makes a key as a store keeps it.
    public init(
        id: String, name: String, digest: [UInt8], prefix: String, description: String = "", isEnabled: Bool = true,
        usagePlans: [String] = [], createdMilliseconds: Int, updatedMilliseconds: Int
    ) {
        self.id = id
        self.name = name
        self.digest = digest
        self.prefix = prefix
        self.description = description
        self.isEnabled = isEnabled
        self.usagePlans = usagePlans
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
    }
}

/// Keeps API keys beyond the end of a process. What it has acknowledged outlasts a power failure; several processes may
/// use one store at once. Any thread.
public protocol APIKeyStore: Sendable {
    /// Something that is another thing after every change by any process. Asked several times a second.
    func changeMark() throws(APIKeyStoreError) -> APIKeyStoreMark
    /// All keys by name; none if there is no store.
    func keys() throws(APIKeyStoreError) -> [StoredAPIKey]
    /// Adds all keys, or none; makes the store if there is none.
    func add(_ keys: [StoredAPIKey]) throws(APIKeyStoreError)
    /// Enables or disables the key of that id, or else that name. Returns it as it is then.
    func setEnabled(_ isEnabled: Bool, key: String, atMilliseconds: Int) throws(APIKeyStoreError) -> StoredAPIKey
    /// Deletes the key of that id, or else that name. Returns what it was.
    func delete(key: String) throws(APIKeyStoreError) -> StoredAPIKey
}

/// A state of a store; equal marks mean that nothing has changed.
public struct APIKeyStoreMark: Sendable, Hashable {
    /// Numbers that mean something to the store only.
    private var parts: [Int64]

    /// Makes a mark.
    public init(_ parts: [Int64]) {
        self.parts = parts
    }
}

/// Why a store did not do what it was asked.
public enum APIKeyStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is a key of that name.
    case nameTaken(String)
    /// There is a key of the value that a key of this name should have.
    case valueTaken(name: String)
    /// There is no such key.
    case unknownKey(String)
    /// Nothing was changed, because the change could not be recorded; why.
    case unrecorded(String)
    /// The store is damaged, cannot be read or cannot be written; where it is, and why.
    case unusable(path: String, reason: String)

    /// What is wrong, without values of keys.
    public var description: String {
        switch self {
        case .nameTaken(let name): "there is an API key named '\(name)' already"
        case .valueTaken(let name):
            "another API key has the value of '\(name)'; API Gateway answers: API Key already exists"
        case .unknownKey(let key): "there is no API key with the id or name '\(key)'"
        case .unrecorded(let reason): "nothing was changed: \(reason)"
        case .unusable(let path, let reason): "the store of API keys, '\(path)', \(reason)"
        }
    }
}

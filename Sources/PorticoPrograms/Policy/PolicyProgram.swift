/// Something that the compiler has to say about a policy.
public struct PolicyProblem: Error, Sendable, Hashable {
    /// One line, lower case, no full stop.
    public var message: String
    /// Where in the document, as a JSON pointer.
    public var pointer: String
    /// Whether there is no program because of it.
    public var isFatal: Bool

    /// Makes a problem.
    public init(_ message: String, at pointer: String, isFatal: Bool) {
        self.message = message
        self.pointer = pointer
        self.isFatal = isFatal
    }
}

/// What a policy is for: it decides which elements it must and must not have.
public enum PolicyKind: Sendable, Hashable, CaseIterable {
    /// What a user or a role may do; names no principal.
    case identity
    /// Who may call an API; names principals.
    case resource
    /// What a Lambda authorizer answers; names no principal.
    case authorizer
}

/// What abbreviated resources such as `execute-api:/stage/GET/x` stand for.
///
/// *Source:* API Gateway guide, "API Gateway resource policy examples": they are expanded when the API is saved.
public struct PolicyExpansion: Sendable, Hashable {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    public var partition: String
    /// Region of the API.
    public var region: String
    /// Account of the API, 12 digits.
    public var account: String
    /// Id of the API.
    public var apiID: String

    /// Makes an expansion.
    public init(partition: String = "aws", region: String, account: String, apiID: String) {
        self.partition = partition
        self.region = region
        self.account = account
        self.apiID = apiID
    }

    /// What stands before the slash.
    var prefix: String { "arn:\(partition):execute-api:\(region):\(account):\(apiID)" }
}

/// Longest and largest things of a policy.
public enum PolicyLimits {
    /// Characters of a resource policy, without blanks. *Source:* API Gateway guide, "Quotas": 8192.
    public static let resourcePolicyCharacters = 8192
    /// Characters of a resource in an authorizer's policy. *Source:* API Gateway guide, "Output from a Lambda authorizer".
    public static let authorizerResourceCharacters = 512
    /// Bytes of an authorizer's policy. Unconfirmed: AWS names no limit.
    public static let authorizerPolicyBytes = 65536
    /// Statements of an authorizer's policy. Unconfirmed: AWS names no limit.
    public static let authorizerStatements = 1024
    /// Bytes of any policy, so that a program's offsets have room.
    public static let policyBytes = 1 << 20
}

/// A compiled policy: its statements as words (``PolicyLayout``) over a pool of bytes, run by ``PolicyMachine``.
///
/// *Source:* IAM guide, "IAM JSON policy reference" and "Policy evaluation logic".
public struct PolicyProgram: Sendable, Hashable {
    let words: [UInt32]
    let bytes: [UInt8]
    /// The keys that its conditions and variables read.
    public let keys: PolicyKeySet

    /// The words must have passed ``PolicyVerifier``, or come from the compiler.
    init(verified words: [UInt32], _ bytes: [UInt8], keys: PolicyKeySet) {
        self.words = words
        self.bytes = bytes
        self.keys = keys
    }

    /// Number of statements.
    public var statementCount: Int { Int(words[1]) }

    /// Memory of the program, for caches that have a limit.
    public var byteCount: Int { words.count * 4 + bytes.count }

    /// Writes the flat form.
    public func encode(into writer: inout ByteWriter) {
        writer.write(words) { $0.write($1) }
        writer.write(bytes)
    }

    /// Reads the flat form and checks all of it.
    public init(decoding reader: inout ByteReader) throws(ProgramDecodingError) {
        let start = reader.offset
        let words = try reader.readArray { reader throws(ProgramDecodingError) in try reader.read(UInt32.self) }
        let bytes = try reader.readBytes()
        var verifier = PolicyVerifier(words, bytes)
        if let reason = verifier.failure() {
            throw ProgramDecodingError("policy program: \(reason)", at: start)
        }
        self.init(verified: words, bytes, keys: verifier.keys)
    }
}

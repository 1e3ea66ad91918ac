/// Where things stand in the words of a ``PolicyProgram``. Lengths and offsets of texts are bytes of its pool.
///
/// ```
/// program    version, statements, variables; then the variables and the statements
/// variable   key, offset and length of its text, offset and length of the default (none: ``none``)
/// statement  words, flags, offset and length of the Sid, principals, actions, resources, conditions; then those
/// principal  kind, offset, length
/// text       shape, offset, length: an action, a resource, or a value of a condition on texts
/// condition  words, test, key, offset and length of the key's name, values; then those, of three words each
/// ```
///
/// The text of a variable or a condition is the tag's name in lower case if the key is a tag, else the key's name.
/// `ORDER OF WORDS`: the compiler, the verifier, the disassembler and the machine go by these numbers.
enum PolicyLayout {
    static let programWords = 3
    static let variableWords = 5
    static let statementWords = 8
    static let conditionWords = 6
    static let rowWords = 3

    /// No text, no key.
    static let none = UInt32.max

    /// Largest number of variables: their numbers have 14 bits.
    static let variableLimit = 1 << 14

    /// The version of a program's words.
    static let version2008: UInt32 = 2008
    static let version2012: UInt32 = 2012
}

/// The second word of a statement.
enum PolicyFlags {
    static let denies: UInt32 = 1
    /// The statement names principals, or all but those.
    static let hasPrincipals: UInt32 = 2
    static let invertsPrincipals: UInt32 = 4
    static let invertsActions: UInt32 = 8
    static let invertsResources: UInt32 = 16
    static let all: UInt32 = 31
}

/// The first word of a principal.
enum PolicyPrincipalForm: UInt32, CaseIterable {
    /// Everybody, also without credentials.
    case anyone
    /// Everybody of an account.
    case account
    /// One user or session by its ARN.
    case arn
    /// A role by its ARN, and all its sessions.
    case role
    case service, federated, canonicalUser
}

/// The first word of a text.
enum PolicyShape: UInt32, CaseIterable {
    /// Equal bytes.
    case exact
    /// `*`
    case anything
    /// A text with one asterisk, at its end, which is left out.
    case prefix
    /// Any other text with wildcards.
    case glob
    /// A text with variables, and wildcards perhaps.
    case template
}

/// What a token and a key set may cost.
enum TokenLimits {
    /// Bytes of a token. The whole head of a request has 10,240.
    static let tokenBytes = 8192
    /// Nesting of JSON in a token, which is one or two levels by the standard and a few more by custom claims.
    static let depth = 32
    /// Bytes of a key's name; longer ones name nothing.
    static let keyIDBytes = 512

    /// Bytes of a discovery document or key set. Source: API Gateway guide, "Control access to HTTP APIs with JWT
    /// authorizers".
    static let keySetBytes = 150_000
    /// Keys of a set; issuers have two or three.
    static let keys = 100
    /// Bits of an RSA modulus. Source of the lower one: RFC 7518, 3.3.
    static let modulusBits = 2048...8192

    /// Time for each of the two documents. Source: as above.
    static let fetchMilliseconds = 1500
    /// How long keys are used without asking again. Source: API Gateway guide, JWT authorizers of REST APIs; of HTTP
    /// APIs.
    static let restKeyAgeMilliseconds = 3_600_000
    static let httpKeyAgeMilliseconds = 7_200_000

    /// How far the clocks of issuers may be ahead of ours: a token is often used within milliseconds of its making. It
    /// does not lengthen the life of a token.
    static let clockSkewMilliseconds = 5000
}

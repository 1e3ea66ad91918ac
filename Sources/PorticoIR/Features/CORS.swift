/// `x-amazon-apigateway-cors`: the CORS settings that an HTTP API answers with.
///
/// Source: API Gateway guide, "Configure CORS for HTTP APIs in API Gateway".
public struct CORSConfiguration: Sendable, Hashable {
    /// The extension's key, at the place of its value.
    public var key = Located(CORSExtension.key)
    /// `allowOrigins`: exact origins, `*`, `https://*` or `http://*`.
    public var allowOrigins: [Located<String>] = []
    /// `allowMethods`: verbs, or `*`.
    public var allowMethods: [Located<String>] = []
    /// `allowHeaders`: header names, or `*`.
    public var allowHeaders: [Located<String>] = []
    /// `exposeHeaders`
    public var exposeHeaders: [Located<String>] = []
    /// `maxAge` in seconds, -1...86400; -1 tells browsers not to keep the answer of a preflight.
    public var maxAge: Located<Int>?
    /// `allowCredentials`
    public var allowCredentials: Located<Bool>?

    /// Makes settings that allow nothing.
    public init() {}
}

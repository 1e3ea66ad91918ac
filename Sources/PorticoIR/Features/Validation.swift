/// One entry of `x-amazon-apigateway-request-validators`.
public struct RequestValidator: Sendable, Hashable {
    /// Name.
    public var name: Located<String>
    /// Whether the body is checked against the request model.
    public var validateRequestBody: Bool
    /// Whether required parameters are checked.
    public var validateRequestParameters: Bool

    /// Makes a validator.
    public init(name: Located<String>, validateRequestBody: Bool, validateRequestParameters: Bool) {
        self.name = name
        self.validateRequestBody = validateRequestBody
        self.validateRequestParameters = validateRequestParameters
    }
}

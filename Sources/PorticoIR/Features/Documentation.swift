public import PorticoSyntax

/// `x-amazon-apigateway-documentation`
public struct Documentation: Sendable, Hashable {
    /// `version`
    public var version: String?
    /// Parts in order.
    public var parts: [DocumentationPart] = []

    /// Makes an empty documentation.
    public init() {}
}

/// One documentation part.
public struct DocumentationPart: Sendable, Hashable {
    /// `location` as read: `type`, `path`, `method`, `statusCode`, `name`.
    public var location: JSONValue
    /// `properties` as read.
    public var properties: JSONValue

    /// Makes a part.
    public init(location: JSONValue, properties: JSONValue) {
        self.location = location
        self.properties = properties
    }
}

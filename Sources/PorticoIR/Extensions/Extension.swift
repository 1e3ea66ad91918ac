/// Objects of a document in which extensions and OpenAPI's own keys may stand.
enum ExtensionPlace: String, CaseIterable {
    case root = "the root"
    case info = "'info'"
    case paths = "'paths'"
    case pathItem = "a path"
    case operation = "an operation"
    case parameter = "a parameter"
    case requestBody = "a request body"
    case mediaType = "a media type"
    case response = "a response"
    case components = "'components'"
    case securityScheme = "a security scheme"
    case server = "a server"
    case tag = "a tag"
    /// Names that the author chose: schemas, responses, security schemes.
    case names = "a list of names"
}

/// One row of the table of extensions: what is known of an `x-` key.
struct ExtensionDeclaration {
    /// The key.
    let key: String
    /// Objects in which it is read.
    let places: [ExtensionPlace]
    /// Kinds of API that have it.
    let protocols: [APIProtocol]
    /// One sentence for the documentation.
    let documentation: String

    init(_ key: String, in places: [ExtensionPlace], of protocols: [APIProtocol], _ documentation: String) {
        self.key = key
        self.places = places
        self.protocols = protocols
        self.documentation = documentation
    }
}

/// Reads one `x-` key. Each has one file, and one line in ``ExtensionList``.
protocol Extension: Sendable {
    /// Its row of the table.
    static var declaration: ExtensionDeclaration { get }
}

extension Extension {
    /// The key.
    static var key: String { declaration.key }
}

/// Client SDKs: what a generated client cannot say, and folders that it cannot be written to.
public enum SDKDiagnostics {
    /// Nothing to call.
    public static let noOperations = DiagnosticID(
        "sdk.no-operations", .error,
        "'portico sdk' writes a client of a spec's operations, and this spec has none. Add methods to 'paths'.")
    /// Two operations of one name.
    public static let operationRenamed = DiagnosticID(
        "sdk.operation-renamed", .warning,
        """
        Two operations have the same name, so that the second one is called with a number behind it in clients. The number \
        depends on the order of the file; give each operation an 'operationId' of its own.
        """)
    /// A model that refers to nothing but itself.
    public static let circularModel = DiagnosticID(
        "sdk.model-circular", .warning,
        """
        A model is only another name for itself, directly or by way of others, so that it describes nothing. Clients take \
        any JSON for it.
        """)
    /// More types than a client should have.
    public static let tooManyTypes = DiagnosticID(
        "sdk.too-many-types", .warning,
        """
        Schemas written in place make more types than a client should have, usually because 'allOf' merges schemas that merge \
        others, so that each level doubles them. Clients take any JSON for the rest. Give the schemas names in \
        'components.schemas'.
        """)
    /// A keyword that clients have no type for.
    public static let schemaUnsupported = DiagnosticID(
        "sdk.schema-unsupported", .warning,
        """
        A schema uses a keyword that generated types cannot express (a type for each position of a list, properties by \
        pattern). Clients take any JSON in its place, and send and return it unchanged.
        """)
    /// A discriminator that cannot be used.
    public static let discriminatorIgnored = DiagnosticID(
        "sdk.discriminator-ignored", .warning,
        """
        A 'discriminator' tells types apart by the names of their models, and one of the alternatives is a schema written \
        in place. Clients tell them apart by their required properties. Move the schema to 'components.schemas'.
        """)
    /// A parameter of a type that has no text.
    public static let parameterUnsupported = DiagnosticID(
        "sdk.parameter-unsupported", .warning,
        """
        A parameter is an object, a union or a list of such. API Gateway gives parameters as text, so clients take the text \
        that is sent.
        """)
    /// A security scheme that clients do nothing for.
    public static let securityUnsupported = DiagnosticID(
        "sdk.security-unsupported", .warning,
        """
        The operation asks for a security scheme that is not something a request carries, such as mutual TLS. Clients send \
        nothing for it; give their transport what it needs.
        """)
    /// A selection that only callers know.
    public static let routeSelection = DiagnosticID(
        "sdk.route-selection", .warning,
        """
        Clients of a WebSocket API write the key of a route into the message where 'routeSelectionExpression' is \
        '$request.body.PATH'. Any other expression is left to the caller.
        """)
    /// Single requests for an API of connections.
    public static let connectionsUnsupported = DiagnosticID(
        "sdk.connections-unsupported", .error,
        """
        'curl', 'httpie', 'postman' and 'http-file' are single requests, and a WebSocket API has none. Choose a \
        programming language.
        """)
    /// A wrong `x-portico-pagination`.
    public static let paginationInvalid = DiagnosticID(
        "sdk.pagination-invalid", .error,
        """
        'x-portico-pagination' says how clients page through results: 'inputToken' is the query or header parameter that \
        takes the token, 'outputToken' the property of the answer that gives the next one, 'items' the property with the \
        list, 'pageSize' (optional) the parameter that limits a page. Properties inside of others are written with dots.
        """)
    /// A file in the way.
    public static let foreignFile = DiagnosticID(
        "sdk.foreign-file", .error,
        """
        A file that the client needs is there already, and 'portico sdk' did not write it or somebody changed it since. \
        Nothing is written. Move the file, choose another folder with -o, or let it be overwritten with --force.
        """)
    /// A generated file that was changed and is not needed any more.
    public static let changedFileKept = DiagnosticID(
        "sdk.changed-file-kept", .warning,
        "A file of an earlier client is not part of this one any more, but somebody changed it, so it stays.")

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        noOperations, operationRenamed, circularModel, tooManyTypes, schemaUnsupported, discriminatorIgnored,
        parameterUnsupported, securityUnsupported, routeSelection, connectionsUnsupported, paginationInvalid,
        foreignFile, changedFileKept,
    ]
}

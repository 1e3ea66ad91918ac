internal import PorticoSyntax

/// What a client of an API is, in no language: types, operations and errors with everything resolved.
///
/// ``ClientModelBuilder`` makes it from an `APIDescription`; languages only print it. Names in it are those of the
/// document or derived from it by fixed rules, never identifiers: each language makes its own with ``NameScope``.
struct ClientModel: Sendable {
    /// `info.title`
    var title: String
    /// `info.version`; `1.0` when the document has none.
    var version: String
    /// `info.description`
    var documentation: String?
    /// The identity that Portico gives the API, for addresses of the default endpoint.
    var apiID: String
    /// Stage names in the order of the file; never empty.
    var stages: [String]
    /// Address that a client calls unless it is told another, without slash at its end: the document's first absolute
    /// server, else the local gateway's `http://127.0.0.1:8080/{first stage}`.
    var defaultBaseURL: String
    /// Named types in a stable order. ``TypeReference/model(_:)`` is an index into it.
    var types: [ModelType]
    /// Operations in the order of the document.
    var operations: [Operation]
    /// Error types of declared statuses; ``DeclaredError/type`` is an index into it.
    var errors: [ErrorType]
    /// The connection of a WebSocket API, which has no ``operations``; `nil` for other kinds of API.
    var socket: Socket?
}

/// The connection of a WebSocket API.
struct Socket: Sendable {
    /// The request that opens it: a GET of the base URL with query and header parameters.
    var connect: Operation
    /// What clients send, in the order of the document: every route but `$connect` and `$disconnect`.
    var routes: [SocketRoute]
    /// Properties that lead to the member of a message that holds its route's key; `nil` if clients cannot fill it in.
    var selection: [String]?
    /// What comes.
    var incoming: IncomingMessages
    /// Whether bytes may be sent.
    var allowsBinary: Bool
}

/// A route that messages are sent to.
struct SocketRoute: Sendable {
    /// `operationId`, else the route's key, `sendDefault` for `$default`. Unique among the routes and
    /// ``Socket/connect``, not an identifier.
    var name: String
    /// What ``Socket/selection`` leads to; `nil` for `$default`, whose messages are sent as they are.
    var routeKey: String?
    /// `summary`
    var summary: String?
    /// `description`
    var documentation: String?
    /// Whether it should no longer be used.
    var isDeprecated: Bool
    /// Type of a message; ``TypeReference/json`` if none is declared.
    var message: TypeReference
    /// Whether a message must be given. Without one an object is sent that has the route's key alone.
    var isMessageRequired: Bool
    /// Whether its backend's output is sent back. An answer carries nothing that tells which message it is for.
    var isTwoWay: Bool
    /// Type of that answer, if it is declared; a variant of ``IncomingMessages/type``.
    var answer: TypeReference?
}

/// What comes on a connection.
struct IncomingMessages: Sendable {
    /// The union of declared messages, answers of routes and the gateway's own answers. JSON that is none of them is
    /// kept.
    var type: TypeReference
    /// The structure of the gateway's own answers (`message`, `connectionId`, `requestId`, `messageId`).
    var failure: TypeReference
    /// Properties that lead to a declared message's name; `nil` if there is none.
    var selection: [String]?
    /// Names of declared messages by their type.
    var names: [TypeReference: [String]]
}

/// The type of a value.
indirect enum TypeReference: Hashable, Sendable {
    /// Text.
    case string
    /// `true` or `false`.
    case boolean
    /// A whole number of 32 bits (`format: int32`).
    case int32
    /// A whole number of 64 bits, exact (`format: int64`).
    case int64
    /// A whole number without format. Languages with 64-bit integers use those; TypeScript its `number`.
    case integer
    /// A number of 64 bits (`type: number`).
    case double
    /// Bytes that travel as Base64 text (`format: byte`).
    case bytes
    /// A point in time (`format: date-time`, RFC 3339).
    case timestamp
    /// A day (`format: date`, RFC 3339 full-date).
    case date
    /// Any JSON value.
    case json
    /// A list.
    case list(TypeReference)
    /// A map from text.
    case map(TypeReference)
    /// The value or JSON null. Never nested in itself, never around `json`.
    case nullable(TypeReference)
    /// A named type, by its index in ``ClientModel/types``.
    case model(Int)
}

extension TypeReference {
    /// The type without ``nullable(_:)`` around it.
    var withoutNull: TypeReference {
        if case .nullable(let inner) = self { return inner }
        return self
    }

    /// Whether JSON null is a value of it.
    var isNullable: Bool { self != withoutNull }
}

/// A type that has a name.
struct ModelType: Sendable {
    /// What it is.
    enum Shape: Sendable {
        /// An object with known properties.
        case structure(Structure)
        /// Text of a known set; values outside of it must survive decoding and encoding.
        case enumeration([String])
        /// One of several types.
        case union(Union)
    }

    /// The model's name, or one derived for a schema written in place (`{owner}{Property}`). Unique, not an identifier.
    var name: String
    /// Text for people.
    var documentation: String?
    /// Whether it should no longer be used.
    var isDeprecated = false
    /// What it is.
    var shape: Shape
}

/// An object with known properties; `allOf` is merged into it.
struct Structure: Sendable {
    /// Properties in the order of the document.
    var fields: [Field]
    /// Type of properties that are not in ``fields``, kept when decoded and written when encoded; `nil`: those are
    /// ignored.
    var additional: TypeReference?
}

/// A property.
struct Field: Sendable {
    /// Name in JSON.
    var wireName: String
    /// Type; ``TypeReference/nullable(_:)`` if JSON null is allowed. A field that is not required and nullable has three
    /// states: absent, null, value.
    var type: TypeReference
    /// Whether it is always there.
    var isRequired: Bool
    /// Text for people, with limits and default of the schema.
    var documentation: String?
    /// Whether it should no longer be used.
    var isDeprecated = false
    /// The only value that it can have (`const`, or an `enum` of one in a required property).
    var constant: String?
    /// Whether its type leads back to the structure without a list or map between: value types need a box.
    var isRecursive = false
}

/// One of several types.
struct Union: Sendable {
    /// Name of the property that tells which; `nil`: ``Variant/matcher`` tells.
    var discriminator: String?
    /// Types in the order of the document. A value that is none of them must survive as JSON.
    var variants: [Variant]
}

/// A type of a union.
struct Variant: Sendable {
    /// Name of the type, or of its kind (`string`, `list`); unique in the union, not an identifier.
    var name: String
    /// Type; never nullable.
    var type: TypeReference
    /// Values of the discriminator that mean it; empty without discriminator.
    var discriminatorValues: [String]
    /// How it is recognised without discriminator: the first variant whose matcher fits is taken.
    var matcher: Matcher
    /// Whether its type leads back to the union without a list or map between.
    var isRecursive = false
}

/// What JSON must look like to be taken for a variant.
struct Matcher: Sendable, Hashable {
    /// Kinds of JSON value.
    enum Kind: String, Sendable, CaseIterable { case object, array, string, number, boolean, any }
    /// Kind of the value.
    var kind: Kind
    /// Properties that must be there (objects only), in the order of the document.
    var requiredProperties: [String] = []
    /// Properties that must have one of these texts (objects only).
    var constants: [Constant] = []

    /// A property with the texts that it may have.
    struct Constant: Sendable, Hashable {
        var property: String
        var values: [String]
    }
}

/// One call.
struct Operation: Sendable {
    /// `operationId`, or API Gateway's name for the method (`petsPetIdGet`). Unique, not an identifier.
    var name: String
    /// HTTP method; `ANY` takes the method as an argument.
    var verb: String
    /// Segments of the path.
    var path: [PathSegment]
    /// First tag.
    var tag: String?
    /// `summary`
    var summary: String?
    /// `description`
    var documentation: String?
    /// Whether it should no longer be called.
    var isDeprecated: Bool
    /// Path, query and header parameters: required ones first, each group in the order of the document. Path parameters
    /// are always required.
    var parameters: [Parameter]
    /// The body that it takes.
    var body: RequestBody?
    /// The body that it answers with.
    var output: Output
    /// Declared error statuses.
    var errors: [DeclaredError]
    /// Type of an error body for every other error status (`default`); `nil` if none is declared.
    var defaultError: Int?
    /// What it needs.
    var security: OperationSecurity
    /// How to page through its results.
    var pagination: Pagination?

    /// The path as the document has it.
    var pathText: String { path.isEmpty ? "/" : path.map { "/" + $0.text }.joined() }
}

/// A segment of a path.
enum PathSegment: Sendable, Hashable {
    /// Fixed text, percent-encoded already.
    case literal(String)
    /// The value of a path parameter (index into ``Operation/parameters``), percent-encoded as one segment.
    case parameter(Int, name: String)
    /// The value of a greedy parameter: its slashes stay, the rest is percent-encoded.
    case greedy(Int, name: String)

    /// As the document has it.
    var text: String {
        switch self {
        case .literal(let text): text
        case .parameter(_, let name): "{\(name)}"
        case .greedy(_, let name): "{\(name)+}"
        }
    }
}

/// A parameter of a call.
struct Parameter: Sendable {
    /// Where it stands.
    enum Location: String, Sendable { case path, query, header }
    /// How a list is written.
    enum ListStyle: Sendable, Hashable {
        /// The parameter once for each element (query and header default of OpenAPI 3 queries).
        case repeated
        /// One value, elements joined by the separator: `,`, ` `, `|` or a tab.
        case joined(String)
    }

    /// Name on the wire.
    var wireName: String
    /// Where it stands.
    var location: Location
    /// Type: scalar, enumeration, or a list of those. Anything else was turned into `string`.
    var type: TypeReference
    /// Whether it must be given.
    var isRequired: Bool
    /// Text for people.
    var documentation: String?
    /// Whether it should no longer be used.
    var isDeprecated = false
    /// How a list is written.
    var listStyle: ListStyle
}

/// The body that an operation takes.
struct RequestBody: Sendable {
    /// How it is written.
    enum Kind: Sendable {
        /// JSON of a type.
        case json(TypeReference)
        /// Text as it is, UTF-8.
        case text
        /// Bytes, or a stream of them.
        case binary
    }

    /// How it is written.
    var kind: Kind
    /// Media type that is sent unless the caller gives another.
    var mediaType: String
    /// Whether it must be given.
    var isRequired: Bool
}

/// What a successful call gives.
enum Output: Sendable, Hashable {
    /// Nothing.
    case none
    /// JSON of a type. `nullable` if some success statuses have no body.
    case json(TypeReference)
    /// Text.
    case text
    /// Bytes, to be streamed.
    case binary
}

/// An error status that an operation declares.
struct DeclaredError: Sendable, Hashable {
    /// 400 to 599, or a status below 200 or 300 to 399 that is declared.
    var status: Int
    /// Index into ``ClientModel/errors``.
    var type: Int
}

/// A type of error: a status with a type of body.
struct ErrorType: Sendable, Hashable {
    /// `NotFound` (by the status), `NotFoundProblem` (with the model) where one status has several bodies, `Default` for
    /// `default`. Unique, not an identifier, without the word Error.
    var name: String
    /// Status; `nil` for `default`.
    var status: Int?
    /// Type of the JSON body; `nil` if none is declared.
    var body: TypeReference?
    /// Text for people.
    var documentation: String?
}

/// What a call must carry.
struct OperationSecurity: Sendable, Hashable {
    /// Who is calling.
    enum Identity: Sendable, Hashable {
        /// Everybody may.
        case none
        /// Signature Version 4 with service `execute-api`.
        case sigV4
        /// The token in a header as it is (Cognito and Lambda authorizers).
        case token(header: String)
        /// `Authorization: Bearer` and the token (HTTP bearer, OAuth 2, OpenID Connect, JWT authorizers).
        case bearer
        /// `Authorization: Basic` (RFC 7617).
        case basic
        /// A key of the caller in a header or query parameter other than `x-api-key`.
        case key(name: String, inQuery: Bool)
    }

    /// Who is calling.
    var identity: Identity
    /// Whether `x-api-key` must be sent.
    var needsAPIKey: Bool
}

/// How to page: send what an answer gave until it gives nothing.
struct Pagination: Sendable, Hashable {
    /// Index of the parameter that takes the token.
    var input: Int
    /// Properties that lead to the next token in the answer.
    var output: [String]
    /// Properties that lead to the list of items in the answer.
    var items: [String]
    /// Type of an item.
    var itemType: TypeReference
    /// Index of the parameter that limits a page.
    var limit: Int?
}

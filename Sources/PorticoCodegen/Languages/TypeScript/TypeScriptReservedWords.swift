/// Words that identifiers of TypeScript clients must not be.
enum TypeScriptReservedWords {
    /// Words of the language that no variable can be called.
    /// Source: ECMAScript 2023, section 12.7.2, and the strict mode of modules.
    static let words: Set<String> = [
        "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete",
        "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements",
        "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public",
        "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void",
        "while", "with", "yield",
    ]

    /// Types that every program knows. A model of one of these names would hide it where the model is imported.
    static let globalTypes: Set<String> = [
        "AbortSignal", "Array", "ArrayBuffer", "AsyncIterable", "BigInt", "Blob", "Boolean", "Date", "Error",
        "Function",
        "Headers", "Infinity", "Iterable", "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "PromiseLike",
        "Proxy", "ReadableStream", "Readonly", "Record", "Reflect", "RegExp", "Request", "Response", "Set", "String",
        "Symbol", "URL", "Uint8Array",
    ]

    /// What the library exports beside the generated types. ORDER EXPORTS: Libraries/typescript/src/library/index.ts.
    static let libraryTypes: Set<String> = [
        "AttemptRequest", "AttemptResult", "BinaryBody", "Call", "CallOptions", "ClientOptions", "Credentials",
        "CredentialsProvider", "DateString", "DeclaredError", "DecodedResponse", "DecodingError", "DomainEndpoint",
        "Fetch", "GatewayError", "Hooks", "JSONObject", "JSONValue", "OptionError", "Paginator", "PagingError",
        "RawResponse", "ResponseError", "SDKError", "SignableRequest", "SigningContext", "StageEndpoint",
        "StreamedResponse", "TimeoutError", "TransportError", "UnknownVariant", "environmentCredentials", "sign",
        // Not exported, but imported by the generated files.
        "ClientCore", "OperationSpec", "Schemas", "TypeSpec", "api", "operations", "schemas",
    ]

    /// What the library exports beside them for connections. ORDER EXPORTS: Libraries/typescript/src/library/socket.ts.
    static let socketTypes: Set<String> = [
        "ConnectionClosedError", "SocketBase", "SocketMessage", "SocketOptions", "SocketSetup", "SocketSpec",
        "WebSocketFactory", "WebSocketLike", "spec",
    ]

    /// Members that a connection has already.
    static let socketMembers = inheritedMembers.union([
        "catch", "close", "finally", "open", "protocol", "receive", "sendBytes", "sendMessage", "sendText", "then",
        "toJSON",
    ])

    /// Members that the compiler knows every object to have.
    static let inheritedMembers: Set<String> = [
        "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString",
        "valueOf",
    ]

    /// Members that a client has already, or that would make it something else: an object with `then` is taken for a
    /// promise.
    static let clientMembers = inheritedMembers.union(["baseURL", "catch", "finally", "then", "toJSON"])
}

/// A script of curl commands.
enum CurlLanguage: SDKLanguage {
    static let name = "curl"
    static let summary = "a Bash script with a curl command for each operation"
    static let hasConnections = false

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        ShellRequests(.curl, RequestTree(model, options)).files(options)
    }
}

/// A script of HTTPie commands.
enum HTTPieLanguage: SDKLanguage {
    static let name = "httpie"
    static let summary = "a Bash script with an HTTPie command for each operation"
    static let hasConnections = false

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        ShellRequests(.httpie, RequestTree(model, options)).files(options)
    }
}

/// A collection for Postman.
enum PostmanLanguage: SDKLanguage {
    static let name = "postman"
    static let summary = "a Postman collection (v2.1) with a folder for each tag"
    static let hasConnections = false

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        PostmanCollection(RequestTree(model, options)).files(options)
    }
}

/// A file of requests for editors.
enum HTTPFileLanguage: SDKLanguage {
    static let name = "http-file"
    static let summary = "a .http file for VS Code (REST Client) and IntelliJ"
    static let hasConnections = false

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        HTTPFile(RequestTree(model, options)).files(options)
    }
}

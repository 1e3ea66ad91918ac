// Hot: no, read when a snapshot is compiled or put into service. Allocates: freely.

/// Addresses that are given for AWS services, instead of those of AWS.
///
/// What the spec, its configuration or `--endpoint` says wins; then come `AWS_ENDPOINT_URL_SERVICE` and
/// `AWS_ENDPOINT_URL` of the environment that the server runs in, which a snapshot does not carry.
/// Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
struct ServiceEndpoints: Sendable {
    private let entries: [EndpointEntry]
    private let environment: [String: String]

    init(_ entries: [EndpointEntry], environment: [String: String] = [:]) {
        self.entries = entries
        let ignores = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() == "true"
        self.environment = ignores ? [:] : environment
    }

    /// The address of a service, without a slash at its end; `nil` if none is given.
    ///
    /// - Parameter name: as the URI has it, such as `my-bucket.s3`.
    func address(of service: AWSService, named name: String) -> String? {
        for candidate in [name] + service.names {
            let plain = Self.plain(candidate)
            if let entry = entries.first(where: { Self.plain($0.service) == plain }) { return Self.trimmed(entry.url) }
        }
        let variables =
            (service.environmentName.isEmpty ? [] : ["AWS_ENDPOINT_URL_" + service.environmentName])
            + ["AWS_ENDPOINT_URL"]
        for variable in variables {
            if let url = environment[variable], !url.isEmpty { return Self.trimmed(url) }
        }
        return nil
    }

    /// Names compare without regard to what an environment variable cannot spell.
    static func plain(_ name: String) -> String {
        String(decoding: name.lowercased().utf8.map { $0 == 0x2E || $0 == 0x2D ? 0x5F : $0 }, as: UTF8.self)
    }

    private static func trimmed(_ url: String) -> String {
        var url = Substring(url)
        while url.hasSuffix("/") { url = url.dropLast() }
        return String(url)
    }
}

// Hot: no, read when a snapshot is compiled or put into service. Allocates: freely.

/// What is known of an AWS service: how it is called, signed and found. One row of ``AWSServiceTable``.
struct AWSService: Sendable, Hashable {
    /// How an action is named in a call.
    enum Style: Sendable, Hashable {
        /// In `X-Amz-Target`, with a JSON body of that version.
        case json(String)
        /// In the parameter `Action`, with `Version`.
        case query
        /// By verb and path: there is no call by the name of an action.
        case rest
    }

    /// Names in integration URIs; the first one is the endpoint prefix.
    let names: [String]
    let signingName: String
    let style: Style
    /// What stands before the action's name in `X-Amz-Target`; empty for none.
    let targetPrefix: String
    /// Version of the Query protocol's API; empty for none.
    let version: String
    /// What follows `AWS_ENDPOINT_URL_` in the environment; empty for none.
    let environmentName: String
    /// Where it is, if not at the usual address.
    private let hosts: [Host]

    private struct Host: Sendable, Hashable {
        /// Empty for every partition that has none of its own.
        var partition: String
        var pattern: String
        /// Region that signs, for a service that has one for all.
        var region: String?
    }

    /// Name for messages.
    var name: String { names[0] }

    /// A service that the table does not know; it can be called by path at an address that is given.
    init(unknown name: String) {
        names = [name]
        signingName = name
        style = .rest
        targetPrefix = ""
        version = ""
        environmentName = ""
        hosts = []
    }

    /// Reads a row.
    init?(row: Substring) {
        let fields = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 7 else { return nil }
        names = fields[0].split(separator: ",").map(String.init)
        guard let first = names.first else { return nil }
        signingName = fields[1].isEmpty ? first : fields[1]
        switch fields[2] {
        case "query": style = .query
        case "rest": style = .rest
        default: style = .json(String(fields[2].dropFirst(4)))
        }
        targetPrefix = fields[3]
        version = fields[4]
        environmentName = fields[5]
        hosts = fields[6].split(separator: " ").map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            let address = (parts.last ?? "").split(separator: "@", maxSplits: 1).map(String.init)
            return Host(
                partition: parts.count > 1 ? String(parts[0]) : "", pattern: address.first ?? "",
                region: address.count > 1 ? address[1] : nil)
        }
    }

    /// Host name of a region, and the region that signs.
    func host(region: String, partition: String) -> (name: String, signingRegion: String) {
        let own = hosts.first { $0.partition == partition } ?? hosts.first { $0.partition.isEmpty }
        let domains = AWSServiceTable.domains[partition] ?? ("amazonaws.com", "api.aws")
        var text = ""
        var rest = Substring(own?.pattern ?? "\(name).{region}.{dns}")
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            switch rest[rest.index(after: open)..<close] {
            case "region": text += region
            case "dual": text += domains.dual
            default: text += domains.usual
            }
            rest = rest[rest.index(after: close)...]
        }
        return (text + rest, own?.region ?? region)
    }

    /// How its paths are signed. Source: S3 User Guide, "Signature calculations"; the endpoint rules of these services
    /// say `disableDoubleEncoding`.
    var pathStyle: SigV4PathStyle {
        ["s3", "s3express", "s3-outposts", "s3-object-lambda"].contains(signingName) ? .s3 : .standard
    }

    /// Whether the name of an action has to be mapped to `X-Amz-Target` by the author, although the service speaks JSON.
    /// Source: reference 4.8.
    var needsMappedTarget: Bool { name == "events" }
}

extension AWSService {
    private static let byName: [String: AWSService] = {
        var found: [String: AWSService] = [:]
        for row in AWSServiceTable.rows.split(separator: "\n") {
            guard let service = AWSService(row: row) else { continue }
            for name in service.names where found[name.lowercased()] == nil { found[name.lowercased()] = service }
        }
        return found
    }()

    /// All names of all services, sorted.
    static let allNames: [String] = byName.keys.sorted()

    /// The service of that name, in any case.
    static func named(_ name: String) -> AWSService? { byName[name.lowercased()] }

    /// The service whose name ends a text such as `dynamodb`, `runtime.sagemaker` or `my-bucket.s3`, and what stands
    /// before it: the longest name wins.
    static func find(_ text: String) -> (service: AWSService, subdomain: String)? {
        var labels = text.split(separator: ".", omittingEmptySubsequences: false)[...]
        var before: [Substring] = []
        while let first = labels.first {
            if let service = named(labels.joined(separator: ".")) {
                return (service, before.joined(separator: "."))
            }
            before.append(first)
            labels = labels.dropFirst()
        }
        return nil
    }
}

// Hot: no, made when a snapshot is put into service. Allocates: freely.

/// Where an integration ARN leads: `https://{subdomain.}{service}.{region}.{domain}`, or the address that is given.
///
/// Source: reference, "AWS service integrations" (4.8).
struct AWSEndpoint: Sendable, Hashable {
    /// Scheme, authority and what the path begins with; no slash at its end.
    let base: String
    let service: AWSService
    /// Region of the signature.
    let signingRegion: String

    /// Why a call has no address.
    enum Problem: Error, Hashable {
        case unknownService(String)
        case noRegion(String)
        case subdomain(String)

        /// One line for the log.
        var text: String {
            switch self {
            case .unknownService(let name):
                "'\(name)' is no AWS service that is known; if it is one, give its address with --endpoint \(name)=URL"
            case .noRegion(let region): "'\(region)' is no region"
            case .subdomain(let text): "'\(text)' cannot stand before the name of a service"
            }
        }
    }

    init(_ arn: IntegrationARN, _ endpoints: ServiceEndpoints) throws(Problem) {
        let name = arn.serviceText
        let found = AWSService.find(name)
        let service = found?.service ?? AWSService(unknown: arn.service)
        let subdomain = found?.subdomain ?? arn.subdomain
        guard Self.isLabel(arn.region) else { throw .noRegion(arn.region) }
        guard
            subdomain.isEmpty
                || subdomain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(Self.isLabel)
        else { throw .subdomain(subdomain) }
        let (host, signingRegion) = service.host(region: arn.region, partition: arn.partition)
        self.service = service
        self.signingRegion = signingRegion
        let isBucket = service.name == "s3" && !subdomain.isEmpty
        if let given = endpoints.address(of: service, named: name) {
            // A bucket is no name that a given address would answer under.
            base = isBucket ? "\(given)/\(subdomain)" : given
        } else if found == nil {
            throw .unknownService(name)
        } else if isBucket, subdomain.contains(".") {
            // Certificates of S3 cover one label. Source: S3 User Guide, "Virtual hosting of buckets".
            base = "https://\(host)/\(subdomain)"
        } else {
            base = "https://\(subdomain.isEmpty ? "" : subdomain + ".")\(host)"
        }
    }

    /// Whether a text can stand between the dots of a host name.
    private static func isLabel(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

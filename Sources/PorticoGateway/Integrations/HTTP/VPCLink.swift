// Hot: read once per call through a VPC link. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// A VPC link or load balancer as a snapshot carries it, and its state is known by.
struct VPCLinkEntry: Sendable, Hashable {
    /// VPC link id, or ARN of a load balancer's listener.
    var name: String
    /// Hosts as ``VPCLinkTarget`` reads them; at least one.
    var targets: [String]
    /// `nil` calls all hosts, whatever becomes of the calls.
    var healthCheck: HealthCheck?
}

/// A VPC link that some integration of a stage calls.
final class ServingVPCLink: Sendable {
    let entry: VPCLinkEntry
    let hosts: [VPCLinkTarget]

    init(_ entry: VPCLinkEntry) {
        self.entry = entry
        hosts = entry.targets.compactMap { VPCLinkTarget($0) }
    }

    /// Where a host is called for an integration whose `uri` says `uri`: host and port are the host's own, the name that
    /// a TLS server is asked for stays that of the `uri`.
    static func target(of host: VPCLinkTarget, for uri: UpstreamTarget) -> UpstreamTarget {
        var target = uri
        target.host = host.host
        target.isTLS = host.isSecure ?? uri.isTLS
        target.port = host.port ?? (host.isSecure == nil ? uri.port : target.isTLS ? 443 : 80)
        target.serverName = target.isTLS ? uri.serverName ?? uri.host : nil
        return target
    }
}

/// The address of an integration whose calls go to the hosts of a VPC link.
final class LinkedEndpoint: Sendable {
    let link: ServingVPCLink
    /// What `uri` says: the `Host` field and the request target are its own.
    let uri: ServingEndpoint
    /// For each host where it is called; empty if only a request makes the address.
    let addresses: [EndpointAddress]

    init(link: ServingVPCLink, uri: ServingEndpoint) {
        self.link = link
        self.uri = uri
        switch uri {
        case .fixed(let address), .pathTemplate(let address, _):
            addresses = link.hosts.map { host in
                EndpointAddress(
                    target: ServingVPCLink.target(of: host, for: address.target), hostLine: address.hostLine,
                    requestTarget: address.requestTarget)
            }
        case .none, .template, .invalid, .unusable, .linked:
            addresses = []
        }
    }
}

extension StageProgramBuilder {
    /// The address of an integration with a VPC link, once the link's name is known; other addresses stay as they are.
    func linked(_ endpoint: ServingEndpoint, _ program: IntegrationProgram) -> ServingEndpoint {
        guard let template = program.vpcLink else { return endpoint }
        switch endpoint {
        case .fixed, .pathTemplate, .template: break
        case .none, .invalid, .unusable, .linked: return endpoint
        }
        let name = text(of: template)
        guard let entry = snapshot.vpcLinks.first(where: { $0.name == name }) else {
            let known = snapshot.vpcLinks.map { "'\($0.name)'" }.joined(separator: ", ")
            return .unusable(
                "Invalid VPC link '\(name)': x-portico-vpc-links "
                    + (known.isEmpty ? "declares none" : "declares \(known)"))
        }
        return .linked(LinkedEndpoint(link: ServingVPCLink(entry), uri: endpoint))
    }
}

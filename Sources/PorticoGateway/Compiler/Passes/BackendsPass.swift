internal import PorticoIR
internal import PorticoSyntax

/// Where functions run, where services and private hosts are, and with whose keys they are called.
enum BackendsPass {
    static func run(_ context: inout LoweringContext) {
        let description = context.description
        context.parts.functions = description.functions.map {
            FunctionEntry(name: $0.name.value, home: $0.home)
        }
        // Flags and environment win over the file.
        var endpoints = context.options.endpoints.sorted { $0.key < $1.key }
            .map { EndpointEntry(service: $0.key, url: $0.value) }
        for endpoint in description.endpoints where context.options.endpoints[endpoint.name.value] == nil {
            endpoints.append(EndpointEntry(service: endpoint.name.value, url: endpoint.value.value))
        }
        context.parts.endpoints = endpoints
        context.parts.identities = description.identities.map { identity in
            IdentityEntry(
                name: identity.name.value, arn: identity.arn?.value, accessKeyID: identity.accessKeyID,
                secretAccessKey: identity.secretAccessKey, sessionToken: identity.sessionToken,
                account: identity.accountID)
        }
        context.parts.access.identityEndpoint = description.identityEndpoint.map { endpoint in
            IdentityEndpointEntry(
                name: endpoint.name.value, address: endpoint.address.value, ttlSeconds: endpoint.timeToLiveSeconds,
                timeoutMilliseconds: endpoint.timeoutMilliseconds, authorization: endpoint.authorization)
        }
        context.parts.vpcLinks = description.vpcLinks.map {
            VPCLinkEntry(name: $0.name.value, targets: $0.targets.map(\.value), healthCheck: $0.healthCheck)
        }
        context.parts.clientCertificates = description.clientCertificates.map {
            ClientCertificateEntry(
                name: $0.name.value, certificate: $0.certificate.value, privateKey: $0.privateKey.value)
        }
    }
}

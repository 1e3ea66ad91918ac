internal import PorticoSyntax

extension ImporterContext {
    /// Everything of the document, once version and kind are known.
    func readDescription() -> APIDescription {
        var api = APIDescription(info: readInfo())
        api.protocolType = protocolType
        api.apiID = APIIdentity.make(title: api.info.title.value, file: ReferencePath.lastComponent(path))
        checkKeys(root, at: .root)
        if let components { checkKeys(components, at: .components) }
        readRootExtensions(into: &api)
        readServers(into: &api)
        api.tags = readTags()
        readHosting(into: &api)
        readingIgnoredParts { readModels() }
        api.authorizers = readSecuritySchemes()
        api.clientSecuritySchemes = clientSecuritySchemes
        if protocolType == .webSocket {
            readWebSocket(into: &api)
        } else {
            api.resources = readResources()
        }
        readingIgnoredParts { readAddedModels() }
        api.models = models.declared + models.added
        var subject = api
        // Rules see the stages as they will be served.
        for index in subject.stages.indices {
            subject.stages[index].variables += options.stageVariables.sorted().map {
                NamedValue(Located($0), Located(""))
            }
        }
        for rule in RuleList.rules(of: protocolType) { reader.report(contentsOf: rule.check(subject)) }
        return api
    }

    /// Reads what an HTTP API ignores, such as models and responses, which clients and documentation need all the same.
    /// Source: API Gateway guide, "Working with OpenAPI definitions for HTTP APIs": valid and ignored is no problem.
    func readingIgnoredParts(_ read: () -> Void) {
        let start = reader.diagnostics.count
        read()
        guard protocolType == .http else { return }
        let kept: Set<DiagnosticID> = [
            ImportDiagnostics.missingReference, ImportDiagnostics.externalReference,
            ImportDiagnostics.circularReference, ImportDiagnostics.unreadable, ImportDiagnostics.wrongType,
        ]
        reader.retract(from: start) { kept.contains($0.id) }
    }

    /// A root extension that this kind of API has; of others it was said that they are ignored.
    private func own(_ declaration: ExtensionDeclaration) -> Node? {
        declaration.protocols.contains(protocolType) ? root.present(declaration.key) : nil
    }

    private func readInfo() -> APIInfo {
        let fallback = ReferencePath.lastComponent(path)
        guard let node = root.present("info"), let info = reader.mapping(node, "'info'") else {
            if root.present("info") == nil {
                reader.report(
                    ImportDiagnostics.titleMissing, "the document has no 'info'; the API is called '\(fallback)'",
                    at: root.members.first?.keySpan ?? .none, fixIt: .init(hint: "add 'info' with 'title'"))
            }
            return APIInfo(title: Located(fallback))
        }
        checkKeys(info, at: .info)
        var title = located(info.present("title"), "'title'")
        if title == nil || title?.value.isEmpty == true {
            if info.present("title") == nil || title != nil {
                reader.report(
                    ImportDiagnostics.titleMissing, "'info' has no 'title'; the API is called '\(fallback)'",
                    at: root.member("info")?.keySpan ?? node.span, fixIt: .init(hint: "add 'title' to 'info'"))
            }
            title = Located(fallback)
        }
        return APIInfo(
            title: title ?? Located(fallback), version: string(info, "version"),
            description: string(info, "description"))
    }

    private func readRootExtensions(into api: inout APIDescription) {
        if let node = own(RequestValidatorsExtension.declaration) {
            api.requestValidators = RequestValidatorsExtension.read(node, self)
        }
        if let node = own(GatewayResponsesExtension.declaration) {
            api.gatewayResponses = GatewayResponsesExtension.read(node, self)
        }
        if let node = own(BinaryMediaTypesExtension.declaration) {
            api.binaryMediaTypes = BinaryMediaTypesExtension.read(node, self)
        }
        if own(MinimumCompressionSizeExtension.declaration) != nil {
            api.minimumCompressionSize = MinimumCompressionSizeExtension.read(root, self)
        }
        api.cors = own(CORSExtension.declaration).flatMap { CORSExtension.read($0, self) }
        if let node = own(APIKeySourceExtension.declaration), let source = APIKeySourceExtension.read(node, self) {
            api.apiKeySource = source
        }
        api.policy = own(PolicyExtension.declaration).flatMap { PolicyExtension.read($0, self) }
        api.securityPolicy = own(SecurityPolicyExtension.declaration).flatMap {
            SecurityPolicyExtension.read($0, self)
        }
        api.endpointAccessMode = own(EndpointAccessModeExtension.declaration).flatMap {
            EndpointAccessModeExtension.read($0, self)
        }
        api.documentation = own(DocumentationExtension.declaration).flatMap { DocumentationExtension.read($0, self) }
        if let node = own(EndpointConfigurationExtension.declaration) {
            EndpointConfigurationExtension.read(node, into: &api.endpointConfiguration, self)
        }
    }

    private func readServers(into api: inout APIDescription) {
        api.servers = serverAddresses()
        guard dialect != .swagger2, let node = root.present("servers") else { return }
        for server in reader.sequence(node, "'servers'") ?? [] {
            guard let mapping = reader.mapping(server, "a server") else { continue }
            checkKeys(mapping, at: .server)
            if let node = mapping.present(EndpointConfigurationExtension.key) {
                EndpointConfigurationExtension.read(node, into: &api.endpointConfiguration, self)
            }
        }
    }

    /// Absolute addresses, variables at their defaults.
    private func serverAddresses() -> [String] {
        if dialect == .swagger2 {
            guard let host = root["host"]?.scalar?.text.string, !host.isEmpty else { return [] }
            let schemes = (root["schemes"]?.sequence ?? []).compactMap { $0.scalar?.text.string }
            let scheme = schemes.isEmpty || schemes.contains("https") ? "https" : schemes.first ?? "https"
            return ServerAddress.normalised("\(scheme)://\(host)/\(root["basePath"]?.scalar?.text.string ?? "")").map {
                [$0]
            }
                ?? []
        }
        return (root.present("servers")?.sequence ?? []).compactMap { server in
            guard let url = server["url"]?.scalar?.text.string else { return nil }
            return ServerAddress.normalised(
                ServerAddress.substituted(url) { server["variables"]?[$0]?["default"]?.scalar?.text.string })
        }
    }

    private func readTags() -> [Tag] {
        guard let node = root.present("tags"), let nodes = reader.sequence(node, "'tags'") else { return [] }
        return nodes.compactMap { node in
            guard let mapping = reader.mapping(node, "a tag") else { return nil }
            checkKeys(mapping, at: .tag)
            guard let name = string(mapping, "name") else {
                if mapping.present("name") == nil {
                    reader.report(ImportDiagnostics.valueMissing, "the tag has no 'name'", at: node.span)
                }
                return nil
            }
            return Tag(
                name: name, value: mapping.present(TagValueExtension.key).flatMap { TagValueExtension.read($0, self) },
                description: string(mapping, "description"))
        }
    }

    /// `x-portico-*`: what AWS keeps outside OpenAPI.
    private func readHosting(into api: inout APIDescription) {
        api.stages = own(StagesExtension.declaration).map { StagesExtension.read($0, self) } ?? []
        if api.stages.isEmpty { api.stages = [Stage.standard(of: protocolType)] }
        if let node = own(AccountExtension.declaration) { api.accountThrottle = AccountExtension.read(node, self) }
        if let node = own(UsagePlansExtension.declaration) { api.usagePlans = UsagePlansExtension.read(node, self) }
        if let node = own(APIKeysExtension.declaration) { api.apiKeys = APIKeysExtension.read(node, self) }
        if let node = own(DomainNamesExtension.declaration) { api.domainNames = DomainNamesExtension.read(node, self) }
        api.functions = FunctionsExtension.read(own(FunctionsExtension.declaration), self)
        if let node = own(EndpointsExtension.declaration) { api.endpoints = EndpointsExtension.read(node, self) }
        if let node = own(VPCLinksExtension.declaration) { api.vpcLinks = VPCLinksExtension.read(node, self) }
        if let node = own(IdentitiesExtension.declaration) {
            (api.identities, api.identityEndpoint) = IdentitiesExtension.read(node, self)
        }
        if let node = own(ClientCertificatesExtension.declaration) {
            api.clientCertificates = ClientCertificatesExtension.read(node, self)
        }
        if let node = own(IdentityProvidersExtension.declaration) {
            api.identityProviders = IdentityProvidersExtension.read(node, self)
        }
        if let node = own(AlarmsExtension.declaration) { api.alarms = AlarmsExtension.read(node, self) }
        if let node = own(TracingExtension.declaration), let settings = TracingExtension.read(node, self) {
            api.tracing = Located(settings, at: root.member(TracingExtension.key)?.keySpan ?? node.span)
        }
    }
}

/// Text work on addresses of servers.
enum ServerAddress {
    private static let schemes = ["https://", "http://", "wss://", "ws://"]

    /// The address with `{name}` replaced by the variable's default; a variable without one stays.
    static func substituted(_ url: String, _ value: (String) -> String?) -> String {
        var result = ""
        var rest = url[...]
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].utf8.firstIndex(of: UInt8(ascii: "}"))
        {
            result += rest[..<open]
            let name = String(rest[rest.utf8.index(after: open)..<close])
            result += value(name) ?? "{\(name)}"
            rest = rest[rest.utf8.index(after: close)...]
        }
        return result + rest
    }

    /// The address without slash at its end and without empty segments; `nil` unless it is absolute, of HTTP or
    /// WebSocket, and whole.
    static func normalised(_ url: String) -> String? {
        for scheme in schemes where url.hasPrefix(scheme) {
            let segments = url.dropFirst(scheme.utf8.count).split(separator: "/", omittingEmptySubsequences: true)
            guard let host = segments.first, !host.isEmpty, !url.utf8.contains(UInt8(ascii: "{")) else { return nil }
            return scheme + segments.joined(separator: "/")
        }
        return nil
    }
}

/// The identity that Portico gives an API.
enum APIIdentity {
    /// Ten base-36 characters of the FNV-1a hash of title and file name: the same text has the same identity anywhere.
    static func make(title: String, file: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in Array(title.utf8) + [0] + Array(file.utf8) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        var bytes: [UInt8] = []
        for _ in 0..<10 {
            bytes.append(digits[Int(hash % 36)])
            hash /= 36
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

internal import PorticoSyntax

extension ImporterContext {
    /// Reads `paths` into resources, in the order of the file.
    func readResources() -> [Resource] {
        guard let node = root.present("paths") else {
            let status = protocolType == .http ? 404 : 403
            reader.report(
                ImportDiagnostics.pathsMissing, "the document has no 'paths'; every request is answered \(status)",
                at: root.members.first?.keySpan ?? .none)
            return []
        }
        guard let paths = reader.mapping(node, "'paths'") else { return [] }
        let prefix = basePathPrefix()
        let rootSecurity = readRootSecurity()
        var resources: [Resource] = []
        resources.reserveCapacity(paths.members.count)
        for member in paths.members {
            if member.key.hasPrefix("x-") {
                checkKeys(Mapping([member]), at: .paths)
                continue
            }
            guard let resource = readPath(member, prefix: prefix, rootSecurity: rootSecurity) else { continue }
            resources.append(resource)
        }
        return resources
    }

    private func readPath(_ member: Mapping.Member, prefix: String, rootSecurity: RootSecurity) -> Resource? {
        let path = normalisedPath(member, prefix: prefix)
        var resource = Resource(path: Located(path, at: member.keySpan))
        if member.value.isNull { return resource }
        guard let target = references.dereference(member.value, "path '\(member.key)'"),
            let item = reader.mapping(target, "path '\(member.key)'")
        else { return resource }
        checkKeys(item, at: .pathItem)
        let shared = item.present("parameters")
        let names = PathSegments.parameters(of: path)
        for operation in item.members {
            guard let verb = Self.verbs[operation.key] else {
                if operation.key == "trace" {
                    reader.report(
                        ImportDiagnostics.unsupportedVerb, "API Gateway has no TRACE methods; the operation is ignored",
                        at: operation.keySpan)
                }
                continue
            }
            if isDefaultRoute(resource), verb != .any {
                reader.report(
                    HTTPAPIDiagnostics.defaultRoute,
                    "'\(operation.key)' of '\(member.key)' is ignored: the default route takes requests of every verb",
                    at: operation.keySpan, fixIt: .init(hint: "write '\(AnyMethodExtension.key)'"))
                continue
            }
            if let method = readOperation(
                operation, verb: verb, path: path, shared: shared, pathParameters: names, rootSecurity: rootSecurity)
            {
                resource.methods.append(method)
            }
        }
        return resource
    }

    private static let verbs: [String: MethodVerb] = [
        "get": .get, "head": .head, "post": .post, "put": .put, "patch": .patch, "delete": .delete,
        "options": .options, AnyMethodExtension.key: .any,
    ]

    private func isDefaultRoute(_ resource: Resource) -> Bool { protocolType == .http && resource.isDefaultRoute }

    /// The path as a resource has it: with the base path's segments, without a slash at the end.
    private func normalisedPath(_ member: Mapping.Member, prefix: String) -> String {
        var path = member.key
        if protocolType == .http, path == "$default" || path == Resource.defaultRoutePath {
            return Resource.defaultRoutePath
        }
        if path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") {
            reader.report(
                ImportDiagnostics.trailingSlash, "the '/' at the end of '\(path)' is dropped", at: member.keySpan)
            while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        }
        if prefix.isEmpty { return path }
        return path == "/" ? prefix : prefix + path
    }

    /// What `basepath` puts before all paths: nothing, or segments that begin with `/`.
    /// Source: API Gateway guide, "Set the OpenAPI basePath property for an API Gateway API".
    private func basePathPrefix() -> String {
        guard options.basepath != .ignore else { return "" }
        var segments = documentBasePath().split(separator: "/", omittingEmptySubsequences: true)
        if options.basepath == .split, !segments.isEmpty { segments.removeFirst() }
        return segments.map { "/" + $0 }.joined()
    }

    private func documentBasePath() -> String {
        if dialect == .swagger2 { return string(root, "basePath") ?? "" }
        let servers = root.present("servers")?.sequence ?? []
        // The variable counts even if no URL mentions it.
        for server in servers {
            if let variable = server["variables"]?["basePath"]?["default"]?.scalar { return variable.text.string }
        }
        for server in servers {
            guard let url = server["url"]?.scalar?.text.string else { continue }
            let path = PathSegments.pathOfURL(url)
            if path.utf8.count > 1 { return path }
        }
        return ""
    }

    /// Reads an operation with the parameters that it shares with its siblings.
    private func readOperation(
        _ member: Mapping.Member, verb: MethodVerb, path: String, shared: Node?, pathParameters: [String],
        rootSecurity: RootSecurity
    ) -> Method? {
        guard !member.value.isNull, let operation = reader.mapping(member.value, "'\(member.key)'") else { return nil }
        checkKeys(operation, at: .operation)
        var method = Method(verb: Located(verb, at: member.keySpan))
        method.operationName = string(operation, "operationId")
        method.summary = string(operation, "summary")
        method.description = string(operation, "description")
        method.tags = strings(operation, "tags").map(\.value)
        method.deprecated = boolean(operation, "deprecated") ?? false
        readingIgnoredParts {
            readParameters(operation, shared: shared, pathParameters: pathParameters, into: &method)
            readResponses(operation, into: &method)
        }
        applySecurity(of: operation, rootSecurity: rootSecurity, to: &method)
        if protocolType != .http {
            method.requestValidator =
                (operation.present(RequestValidatorExtension.key) ?? root.present(RequestValidatorExtension.key))
                .flatMap { RequestValidatorExtension.read($0, self) }
        }
        checkDefaultRoute(operation, path: path)
        if let node = operation.present(IntegrationExtension.key) {
            method.integration = IntegrationExtension.read(node, self)
        } else {
            reader.report(
                ImportDiagnostics.noIntegration,
                "\(verb.rawValue) \(path) has no integration; requests are answered 500", at: member.keySpan,
                notes: protocolType == .http
                    ? [] : [.init("API Gateway answers to a deployment: No integration defined for method")],
                fixIt: .init(hint: "add '\(IntegrationExtension.key)'"))
        }
        method.pagination = operation.present(PaginationExtension.key).flatMap { PaginationExtension.read($0, self) }
        return method
    }
}

extension ImporterContext {
    /// `isDefaultRoute` says what the path `/$default` says anyway. Unconfirmed: that it has no effect elsewhere.
    private func checkDefaultRoute(_ operation: Mapping, path: String) {
        guard let member = operation.member("isDefaultRoute") else { return }
        guard protocolType == .http else {
            reader.report(
                ImportDiagnostics.ignoredMember, "'isDefaultRoute' belongs to HTTP APIs and is ignored",
                at: member.keySpan)
            return
        }
        guard boolean(operation, "isDefaultRoute") == true, path != Resource.defaultRoutePath else { return }
        reader.report(
            HTTPAPIDiagnostics.defaultRoute, "'isDefaultRoute' has no effect on the path '\(path)'",
            at: member.keySpan,
            fixIt: .init(hint: "write the operation under the path '\(Resource.defaultRoutePath)'"))
    }
}

/// Text work on paths of resources.
enum PathSegments {
    /// Names of the path parameters in order, greedy ones with their `+`.
    static func parameters(of path: String) -> [String] {
        path.split(separator: "/").compactMap { segment in
            guard segment.utf8.first == UInt8(ascii: "{"), segment.utf8.last == UInt8(ascii: "}") else { return nil }
            return String(segment.dropFirst().dropLast())
        }
    }

    /// The part of a URL after the authority, without query; a URL that begins with `/` is all path.
    static func pathOfURL(_ url: String) -> String {
        var rest = Substring(url)
        if let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")), rest[colon...].hasPrefix("://") {
            rest = rest[colon...].dropFirst(3)
            guard let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) else { return "" }
            rest = rest[slash...]
        }
        return String(rest.prefix { $0 != "?" && $0 != "#" })
    }
}

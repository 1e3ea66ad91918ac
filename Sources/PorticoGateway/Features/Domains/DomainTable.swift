// Hot: once per request of an API with custom domains. Allocates: nothing; made when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// Which host leads where: the custom domains of an API, resolved to stage programs.
///
/// Domains, rules and mappings are few, so they are compared one by one.
/// *Source:* reference, "Custom domains" (4.5).
final class DomainTable: Sendable {
    /// Exact names before those with a star.
    private let domains: [ServingDomain]
    /// Whether requests that name no domain are refused.
    let isDefaultEndpointDisabled: Bool
    /// Whether TLS has to name the default endpoint's host, too.
    let isDefaultEndpointStrict: Bool
    /// Whether nothing of this concerns any request.
    let isTrivial: Bool

    /// - Parameter tls: certificates and truststores of the domains, if there are any.
    init(_ hosts: SnapshotHosts, stages: [StageProgram], tls: TLSTable?) {
        let sorted = hosts.domains.filter { !$0.isWildcard } + hosts.domains.filter(\.isWildcard)
        domains = sorted.map { ServingDomain($0, stages: stages, tls: tls) }
        isDefaultEndpointDisabled = hosts.isDefaultEndpointDisabled
        isDefaultEndpointStrict = hosts.defaultTLS?.isStrict ?? false
        isTrivial = domains.isEmpty && !isDefaultEndpointDisabled && !isDefaultEndpointStrict
    }

    /// The domain of a host, which is without port.
    func domain(of host: UnsafeRawBufferPointer) -> ServingDomain? {
        for domain in domains where domain.isName(host) { return domain }
        return nil
    }
}

/// A custom domain, resolved.
final class ServingDomain: Sendable {
    /// Whom it lets in.
    enum Clients {
        /// Whoever comes.
        case all
        /// Those whose certificate this truststore has let in; nobody if it cannot be used.
        case certified(TruststoreID?)
    }

    /// What a base path, without slashes at its ends, leads to.
    struct Mapping {
        let basePath: StaticBytes
        let target: Target
    }

    /// Where a request goes.
    enum Target {
        case stage(StageProgram)
        /// The next segment of the path names the stage.
        case nextSegment
        /// A stage that is not served.
        case nowhere
    }

    struct Rule {
        let headers: [[Header]]
        /// `nil` for any.
        let basePaths: [StaticBytes]?
        let target: Target
        let stripsBasePath: Bool
    }

    /// A header and what its value looks like.
    struct Header {
        let name: StaticBytes
        let text: StaticBytes
        /// Whether something may stand before the text, and behind it.
        let isOpenBefore: Bool
        let isOpenBehind: Bool

        func matches(_ value: UnsafeRawBufferPointer) -> Bool {
            let text = text.bytes
            guard value.count >= text.count else { return false }
            switch (isOpenBefore, isOpenBehind) {
            case (false, false): return bytesEqual(value, text)
            case (false, true): return bytesEqual(UnsafeRawBufferPointer(rebasing: value[..<text.count]), text)
            case (true, false):
                return bytesEqual(UnsafeRawBufferPointer(rebasing: value[(value.count &- text.count)...]), text)
            case (true, true):
                // A header is short, so looking at each place costs little.
                for start in 0...value.count &- text.count
                where bytesEqual(UnsafeRawBufferPointer(rebasing: value[start..<start &+ text.count]), text) {
                    return true
                }
                return false
            }
        }
    }

    /// Lower case; with a star, what follows it.
    private let name: StaticBytes
    let isWildcard: Bool
    /// As the document has it, for the connection's facts.
    let fullName: StaticBytes
    /// `$context.domainName` and `domainPrefix` of a name without star.
    let contextName: StaticBytes
    let contextPrefix: StaticBytes
    let clients: Clients
    /// Whether requests come by TLS that names the very host.
    let isStrict: Bool
    let usesRules: Bool
    let usesMappings: Bool
    let rules: [Rule]
    /// Longest base path first.
    let mappings: [Mapping]
    private let pool: BytePool

    init(_ entry: DomainEntry, stages: [StageProgram], tls: TLSTable?) {
        let pool = BytePool(chunkBytes: 4096)
        self.pool = pool
        func target(_ name: String?) -> Target {
            guard let name else { return .nextSegment }
            let stage = stages.first { $0.name.bytes.elementsEqual(name.utf8) }
            return stage.map(Target.stage) ?? .nowhere
        }
        isWildcard = entry.isWildcard
        name = pool.add(entry.isWildcard ? String(entry.name.dropFirst()) : entry.name)
        fullName = pool.add(entry.name)
        contextName = pool.add(entry.name)
        contextPrefix = pool.add(String(entry.name.prefix { $0 != "." }))
        clients = entry.truststore == nil ? .all : .certified(tls?.truststore(ofDomain: entry.name)?.id)
        isStrict = entry.tls.isStrict && entry.certificate != nil
        usesRules = entry.usesRules
        usesMappings = entry.usesMappings
        mappings = entry.mappings.map { Mapping(basePath: pool.add($0.basePath), target: target($0.stage)) }
        rules = entry.rules.map { rule in
            Rule(
                headers: rule.headerConditions.map { $0.map { Self.header($0, pool) } },
                basePaths: rule.basePaths?.map { pool.add($0) }, target: target(rule.stage),
                stripsBasePath: rule.stripsBasePath)
        }
    }

    private static func header(_ header: RoutingHeader, _ pool: BytePool) -> Header {
        var text = Substring(header.valueGlob)
        let isOpenBefore = text.hasPrefix("*")
        if isOpenBefore { text = text.dropFirst() }
        // A single star is open on both sides.
        let isOpenBehind = text.hasSuffix("*") || header.valueGlob == "*"
        if text.hasSuffix("*") { text = text.dropLast() }
        return Header(
            name: pool.add(header.name), text: pool.add(String(text)), isOpenBefore: isOpenBefore,
            isOpenBehind: isOpenBehind)
    }

    /// Whether the domain has that name. A star stands for one label, as in a certificate (RFC 6125, section 6.4.3).
    func isName(_ host: UnsafeRawBufferPointer) -> Bool {
        guard isWildcard else { return bytesEqualIgnoringCase(host, name.bytes) }
        let start = host.count &- name.count
        guard start > 0, bytesEqualIgnoringCase(UnsafeRawBufferPointer(rebasing: host[start...]), name.bytes) else {
            return false
        }
        for byte in host[..<start] where byte == 0x2E { return false }
        return true
    }
}

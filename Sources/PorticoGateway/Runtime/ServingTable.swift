// Hot: once per request. Allocates: nothing; a new table is made on deployment and reload.

internal import PorticoIR

/// Which stage program answers which stage segment. Each worker holds one; it is replaced as a whole.
///
/// Hosts and base paths of custom domains lead to stages by way of ``domains``.
final class ServingTable: Sendable {
    let stages: [StageProgram]
    /// Whether the API is an HTTP API.
    let isHTTPAPI: Bool
    /// The `$default` stage of an HTTP API, which takes what names no stage.
    let defaultStage: StageProgram?
    /// Custom domains of the API.
    let domains: DomainTable
    /// Identities that may sign requests.
    let callers: CallerTable
    /// Why keys of some identity providers cannot be read.
    let tokenProblems: [String]
    /// Names of authorizers that are passed over.
    let bypassed: [String]
    /// The line that says so in every answer, after a line break; empty when there is none.
    let bypassHeader: StaticBytes
    private let bypassPool: BytePool
    /// Grows by one with each reload, for logs and metrics.
    let generation: Int

    /// - Parameters:
    ///   - logging: what is logged of all requests, whatever their stages say.
    ///   - clientIdentities: certificates that stages present.
    ///   - environment: may say where AWS services are.
    ///   - tls: certificates and truststores of custom domains.
    init(
        _ snapshot: DeploymentSnapshot, generation: Int, logging: LogSetting? = nil,
        clientIdentities: ClientIdentities = ClientIdentities(), environment: [String: String] = [:],
        bypasses: [AuthorizerBypass] = [], directory: String = ".", tls: TLSTable? = nil,
        limits: LimitRegistry = LimitRegistry(), caches: CacheRegistry = CacheRegistry(),
        observe: (StageRelease) -> ServingObservation = { _ in .none },
        deployments: StageDeployments = StageDeployments()
    ) {
        let identityProviders = ServingIdentityProviders(snapshot.identityProviders, in: directory)
        tokenProblems = identityProviders.failures
        let names = bypasses.map(\.name).filter { name in snapshot.access.authorizers.contains { $0.name == name } }
        bypassed = names
        bypassPool = BytePool()
        bypassHeader =
            names.isEmpty
            ? .empty : bypassPool.add("\r\n\(AuthorizerBypass.header): \(names.joined(separator: ", "))")

        let endpoints = ServiceEndpoints(snapshot.endpoints, environment: environment)
        let callers = CallerTable(snapshot, SecretText(environment: environment, directory: directory))
        self.callers = callers
        func program(_ release: StageRelease, canary: ServingCanary? = nil) -> StageProgram {
            StageProgram(
                release.snapshot, stage: release.stage, logging: logging, clientIdentities: clientIdentities,
                endpoints: endpoints, callers: callers, bypasses: bypasses, identityProviders: identityProviders,
                limits: limits, caches: caches, release: release, canary: canary, observation: observe(release))
        }
        stages = deployments.releases(of: snapshot).map { release in
            let canary = release.canary.map {
                ServingCanary(program($0.release), percent: $0.percent)
            }
            return program(release.base, canary: canary)
        }
        isHTTPAPI = snapshot.protocolType == .http
        defaultStage = isHTTPAPI ? stages.first { $0.name.bytes.elementsEqual(Stage.defaultName.utf8) } : nil
        domains = DomainTable(snapshot.hosts, stages: stages, tls: tls)
        self.generation = generation
    }

    /// How certificates of the backends are checked whose address is known now; empty without TLS backends.
    var tlsVerifications: Set<UpstreamTarget.Verification> {
        var found = Set<UpstreamTarget.Verification>()
        for stage in stages {
            for method in stage.methods {
                switch method.integration.endpoint {
                case .fixed(let address), .pathTemplate(let address, _):
                    if address.target.isTLS { found.insert(address.target.verification) }
                case .linked(let linked):
                    for address in linked.addresses where address.target.isTLS {
                        found.insert(address.target.verification)
                    }
                case .none, .template, .invalid, .unusable:
                    break
                }
                if case .service(let call) = method.integration.backend, call.address.target.isTLS {
                    found.insert(call.address.target.verification)
                }
            }
        }
        return found
    }

    /// Destinations of access logs.
    var accessLogSinks: [AccessLogSinkTarget] {
        stages.flatMap { [$0.observation, $0.canary?.program.observation].compactMap { $0?.accessLog?.sink } }
    }

    /// Position of a stage, whichever version of it; `nil` for one of an earlier table.
    func position(of stage: StageProgram) -> Int? {
        stages.firstIndex { $0 === stage || $0.canary?.program === stage }
    }

    /// Caches of the stages.
    var caches: [ResponseCache] { stages.flatMap { [$0.cache, $0.canary?.program.cache].compactMap { $0 } } }

    /// Who is asked for identities.
    var identityEndpoints: Set<IdentityEndpointClient> { Set(stages.compactMap(\.callers.endpoint)) }

    /// Whose tokens are taken.
    var trusts: [TokenTrust] {
        stages.flatMap { stage in
            stage.methods.flatMap { method in
                method.steps.compactMap { step in
                    if case .access(let access) = step { access.rules?.trust } else { nil }
                }
            }
        }
    }

    /// The stage of that name. Names are few, so they are compared one by one.
    @inline(__always)
    func stage(named name: UnsafeRawBufferPointer) -> StageProgram? {
        for stage in stages where bytesEqual(stage.name.bytes, name) { return stage }
        return nil
    }
}

internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Refuses kinds of API that are not served.
enum ProtocolPass {
    static func run(_ context: inout LoweringContext) {
        let kind = context.description.protocolType
        guard kind == .webSocket, context.description.webSocket == nil else { return }
        context.report(
            Diagnostic(
                ImportDiagnostics.protocolUnsupported, "this is a WebSocket API without 'x-portico-websocket'",
                at: context.description.info.title.span))
    }
}

/// Stages with their variables, and the names that programs read by slot.
enum StagesPass {
    static func run(_ context: inout LoweringContext) {
        let options = context.options
        var stages = context.description.stages
        if let wanted = options.stage {
            stages = stages.filter { $0.name.value == wanted }
            if stages.isEmpty { stages = [Stage(name: Located(wanted))] }
        }
        var names = Set(options.stageVariables.keys).union(options.furtherVariables)
        for stage in stages {
            names.formUnion(stage.variables.map(\.name.value))
            names.formUnion(stage.canary?.stageVariableOverrides.map(\.name.value) ?? [])
        }
        let ordered = names.sorted()
        context.parts.symbols = SymbolTable(contextVariables: ContextVariable.names, stageVariables: ordered)
        context.parts.accountThrottle = context.description.accountThrottle
        for stage in stages {
            guard let deployment = stage.canary?.deploymentID else { continue }
            context.report(
                Diagnostic(
                    CompileDiagnostics.settingWithoutEffect,
                    "'deploymentId' has no effect: the canary of a file serves the file with the canary's stage variables",
                    at: deployment.span,
                    fixIt: Diagnostic.FixIt(hint: "deploy another version with 'portico deploy --canary PERCENT'")))
        }
        context.parts.stages = stages.map { stage in
            var values = Dictionary(
                stage.variables.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { first, _ in first })
            values.merge(options.stageVariables) { _, flag in flag }
            return StageEntry(
                name: stage.name.value, variables: ordered.map { values[$0] },
                clientCertificate: stage.clientCertificateID?.value, canary: canary(stage, ordered),
                cacheBytes: cacheBytes(stage))
        }
    }
}

extension StagesPass {
    private static func canary(_ stage: Stage, _ names: [String]) -> CanaryEntry? {
        stage.canary.map { canary in
            let overrides = Dictionary(
                canary.stageVariableOverrides.map { ($0.name.value, $0.value.value) },
                uniquingKeysWith: { first, _ in first })
            return CanaryEntry(
                percentTraffic: canary.percentTraffic, overrides: names.map { overrides[$0] },
                deploymentID: canary.deploymentID?.value, usesStageCache: canary.usesStageCache)
        }
    }

    /// `cacheClusterSize` is in GB, of which API Gateway's smallest is taken when the file names none.
    private static func cacheBytes(_ stage: Stage) -> Int {
        guard stage.cacheClusterEnabled else { return 0 }
        let size = stage.cacheClusterSize.flatMap(Double.init) ?? 0.5
        return Int(size * Double(1 << 30))
    }
}

/// `binaryMediaTypes`.
enum BinaryMediaTypesPass {
    static func run(_ context: inout LoweringContext) {
        context.parts.binaryMediaTypes = ranges(context.description)
    }

    static func ranges(_ description: APIDescription) -> [MediaRange] {
        description.binaryMediaTypes.compactMap { type in
            // Exports write a slash as ~1.
            let text = type.value.lowercased().split(separator: "~1", omittingEmptySubsequences: false)
                .joined(separator: "/")
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
            return MediaRange(type: String(parts[0]), subtype: String(parts[1]))
        }
    }
}

/// Models that request validators use.
enum ModelsPass {
    static func run(_ context: inout LoweringContext) {
        let validators = Dictionary(
            context.description.requestValidators.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
        var used = Set<String>()
        for resource in context.description.resources {
            for method in resource.methods {
                guard let name = method.requestValidator?.value, validators[name]?.validateRequestBody == true else {
                    continue
                }
                for reference in method.requestModels {
                    if let model = reference.model { used.insert(model.value) }
                }
            }
        }
        if let api = context.description.webSocket, !api.disablesSchemaValidation {
            for reference in api.routes.flatMap(\.requestModels) {
                if let model = reference.model { used.insert(model.value) }
            }
        }
        reportCircles(except: used, &context)
        guard !used.isEmpty else { return }
        let models = context.description.models.map { (name: $0.name.value, schema: $0.schema) }
        let library = Dictionary(models.map { ($0.name, $0.schema) }, uniquingKeysWith: { first, _ in first })
        for model in context.description.models where used.contains(model.name.value) {
            context.schemas[model.name.value] = context.schema(
                model.schema, name: model.name.value, span: model.name.span, source: model.source,
                library: library)
        }
    }

    /// A model that is nothing but a reference, and by way of others a reference to itself, is wrong also where no
    /// validator reads it; one that a validator reads is reported when it is compiled.
    private static func reportCircles(except used: Set<String>, _ context: inout LoweringContext) {
        let prefix = "#/components/schemas/"
        var targets: [String: String] = [:]
        for model in context.description.models {
            guard case .string(let text)? = model.schema["$ref"], text.hasPrefix(prefix) else { continue }
            targets[model.name.value] = String(text.dropFirst(prefix.count))
        }
        // One diagnostic for each circle.
        var seen = used
        for model in context.description.models where !seen.contains(model.name.value) {
            var circle = [model.name.value]
            // A way longer than there are references goes round elsewhere.
            var next = targets[model.name.value]
            while let name = next, name != model.name.value, circle.count <= targets.count {
                circle.append(name)
                next = targets[name]
            }
            guard next == model.name.value, used.isDisjoint(with: circle) else { continue }
            seen.formUnion(circle)
            context.report(
                Diagnostic(
                    CompileDiagnostics.schemaInvalid, "model '\(model.name.value)': '$ref' leads back to itself",
                    at: model.name.span))
        }
    }
}

extension LoweringContext {
    /// Compiles a schema; `nil` after reporting that it cannot be checked.
    mutating func schema(
        _ schema: JSONValue, name: String, span: SourceSpan, source: SourceTree, library: [String: JSONValue]
    ) -> Int? {
        let (program, problems) = SchemaProgram.compile(schema, library: library)
        for problem in problems { report(problem, name: name, span: span, source: source) }
        guard let program else { return nil }
        parts.schemas.append(SchemaEntry(name: name, program: program))
        return parts.schemas.count - 1
    }
}

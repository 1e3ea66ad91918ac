internal import PorticoSyntax

/// `x-portico-stages`: stages by name.
enum StagesExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-stages", in: [.root], of: [.rest, .http, .webSocket],
        "Stages with their variables, method settings, canary and logs.")

    private static let members: Set<String> = [
        "variables", "methodSettings", "canarySettings", "accessLogSettings", "cacheClusterEnabled", "cacheClusterSize",
        "tracingEnabled", "description", "documentationVersion", "clientCertificateId", "webAclArn", "tags",
        "defaultRouteSettings", "routeSettings", "autoDeploy", "stageVariables",
    ]

    /// Members that only one kind of stage has. Source: API Gateway API reference, "Stage", and v2 API reference, "Stage".
    private static let restMembers = [
        "methodSettings", "canarySettings", "cacheClusterEnabled", "cacheClusterSize", "documentationVersion",
    ]
    /// `stageVariables` is CloudFormation's word for `variables`.
    private static let routeMembers = ["defaultRouteSettings", "routeSettings", "autoDeploy", "stageVariables"]
    /// Members that HTTP APIs lack besides. Source: API Gateway guide, "Choose between REST APIs and HTTP APIs".
    private static let notOfHTTPAPIs = ["tracingEnabled", "webAclArn", "clientCertificateId"]

    /// Members of a method setting. Source: API Gateway API reference, "MethodSetting".
    private static let settingMembers: Set<String> = [
        "metricsEnabled", "loggingLevel", "dataTraceEnabled", "throttlingBurstLimit", "throttlingRateLimit",
        "cachingEnabled", "cacheTtlInSeconds", "cacheDataEncrypted", "requireAuthorizationForCacheControl",
        "unauthorizedCacheControlHeaderStrategy",
    ]

    static func read(_ node: Node, _ context: ImporterContext) -> [Stage] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.compactMap { readStage($0, context) }
    }

    private static func readStage(_ member: Mapping.Member, _ context: ImporterContext) -> Stage? {
        let reader = context.reader
        let isDefault = context.protocolType == .http && member.key == Stage.defaultName
        guard isDefault || ASCII.consists(member.key, of: "-_"), member.key.utf8.count <= 128 else {
            reader.report(
                ImportDiagnostics.invalidName,
                "stage name '\(member.key)' may hold only a-zA-Z0-9_- , at most 128"
                    + (context.protocolType == .http ? ", or be '$default'" : ""),
                at: member.keySpan,
                notes: [.init("API Gateway answers: Stage name only allows a-zA-Z0-9_-")])
            return nil
        }
        var stage = Stage(name: Located(member.key, at: member.keySpan))
        if member.value.isNull { return stage }
        guard let mapping = reader.mapping(member.value, "stage '\(member.key)'") else { return stage }
        reader.checkMembers(mapping, known: members, "a stage")
        for key in context.protocolType == .rest ? routeMembers : restMembers {
            guard let member = mapping.member(key) else { continue }
            let kinds = context.protocolType == .rest ? "HTTP and WebSocket" : "REST"
            reader.report(
                ImportDiagnostics.ignoredMember, "'\(key)' belongs to stages of \(kinds) APIs and is ignored",
                at: member.keySpan)
        }
        stage.variables = readVariables(mapping, context)
        if context.protocolType == .rest {
            stage.methodSettings = readMethodSettings(mapping, context)
            readCanary(mapping, &stage, context)
            stage.cacheClusterEnabled = context.boolean(mapping, "cacheClusterEnabled") ?? false
            stage.cacheClusterSize = readCacheSize(mapping, context)
            stage.documentationVersion = context.string(mapping, "documentationVersion")
        } else {
            stage.variables += readVariables(mapping, context, key: "stageVariables")
            RouteSettingReading.read(mapping, into: &stage, context)
        }
        stage.accessLogSettings = AccessLogReading.read(mapping, context)
        stage.description = context.string(mapping, "description")
        guard context.protocolType != .http else {
            for key in notOfHTTPAPIs {
                guard let member = mapping.member(key) else { continue }
                reader.report(
                    ImportDiagnostics.ignoredMember, "'\(key)' belongs to stages of REST APIs and is ignored",
                    at: member.keySpan)
            }
            return stage
        }
        stage.tracingEnabled = context.boolean(mapping, "tracingEnabled") ?? false
        stage.clientCertificateID = context.located(mapping.present("clientCertificateId"), "'clientCertificateId'")
        stage.webACLARN = context.string(mapping, "webAclArn")
        return stage
    }

    private static func readVariables(
        _ mapping: Mapping, _ context: ImporterContext, key: String = "variables"
    ) -> [NamedValue] {
        guard let node = mapping.present(key), let variables = context.reader.mapping(node, "'\(key)'") else {
            return []
        }
        return variables.members.compactMap { member in
            guard ASCII.consists(member.key, of: "_") else {
                context.reader.report(
                    ImportDiagnostics.invalidName,
                    "name '\(member.key)' of a stage variable may hold only a-zA-Z0-9_", at: member.keySpan)
                return nil
            }
            guard let value = context.located(member.value, "stage variable '\(member.key)'") else { return nil }
            // Source: API Gateway guide, "Stage variables": names [a-zA-Z0-9_]+, values [A-Za-z0-9-._~:/?#&=,]+.
            guard
                value.value.isEmpty || ASCII.consists(value.value, of: "-._~:/?#&=,")
                    || context.unresolved.touches(value.span)
            else {
                context.reader.report(
                    ImportDiagnostics.invalidName,
                    "value '\(value.value)' of a stage variable may hold only A-Za-z0-9-._~:/?#&=,", at: value.span)
                return nil
            }
            return NamedValue(Located(member.key, at: member.keySpan), value)
        }
    }

    private static func readMethodSettings(_ mapping: Mapping, _ context: ImporterContext) -> [NamedJSON] {
        let reader = context.reader
        guard let node = mapping.present("methodSettings"), let settings = reader.mapping(node, "'methodSettings'")
        else {
            return []
        }
        return settings.members.compactMap { member in
            guard let object = reader.mapping(member.value, "method setting '\(member.key)'") else { return nil }
            guard let slash = member.key.utf8.lastIndex(of: UInt8(ascii: "/")),
                case let verb = String(member.key[slash...].dropFirst()),
                verb == "*" || MethodVerb(rawValue: verb) != nil
            else {
                reader.report(
                    ImportDiagnostics.invalidName,
                    "'\(member.key)' is no key of a method setting; expected '*/*' or '/path/VERB'", at: member.keySpan)
                return nil
            }
            reader.checkMembers(object, known: settingMembers, "a method setting")
            checkSetting(object, context)
            return NamedJSON(Located(member.key, at: member.keySpan), JSONValue(member.value))
        }
    }

    private static func checkSetting(_ setting: Mapping, _ context: ImporterContext) {
        _ = context.integer(setting, "cacheTtlInSeconds", in: 0...3600)
        _ = context.integer(setting, "throttlingBurstLimit", in: 0...Int(Int32.max))
        UsagePlansExtension.checkRate(setting, "throttlingRateLimit", context)
        for key in [
            "metricsEnabled", "dataTraceEnabled", "cachingEnabled", "cacheDataEncrypted",
            "requireAuthorizationForCacheControl",
        ] { _ = context.boolean(setting, key) }
        if let node = setting.present("loggingLevel") {
            _ = context.reader.choice(node, "'loggingLevel'", of: LoggingLevel.self)
        }
        if let node = setting.present("unauthorizedCacheControlHeaderStrategy") {
            _ = context.reader.choice(
                node, "'unauthorizedCacheControlHeaderStrategy'", of: UnauthorizedCacheControl.self)
        }
    }

    private static func readCanary(_ mapping: Mapping, _ stage: inout Stage, _ context: ImporterContext) {
        let reader = context.reader
        guard let node = mapping.present("canarySettings"), let canary = reader.mapping(node, "'canarySettings'") else {
            return
        }
        reader.checkMembers(
            canary, known: ["percentTraffic", "deploymentId", "stageVariableOverrides", "useStageCache"],
            "'canarySettings'")
        let percent = UsagePlansExtension.rate(canary, "percentTraffic", context) ?? 0
        if percent > 100 {
            reader.report(
                ImportDiagnostics.outOfRange, "'percentTraffic' must be from 0 to 100, not \(percent)",
                at: canary.present("percentTraffic")?.span ?? node.span)
        }
        stage.canary = Canary(
            percentTraffic: min(percent, 100),
            deploymentID: context.located(canary.present("deploymentId"), "'deploymentId'"),
            stageVariableOverrides: readVariables(canary, context, key: "stageVariableOverrides"),
            usesStageCache: context.boolean(canary, "useStageCache") ?? false)
        stage.canarySettings = JSONValue(node)
    }

    /// Sizes in GB. Source: API Gateway API reference, "cacheClusterSize".
    private static let cacheSizes = ["0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"]

    private static func readCacheSize(_ mapping: Mapping, _ context: ImporterContext) -> String? {
        guard let node = mapping.present("cacheClusterSize"), let size = context.string(mapping, "cacheClusterSize")
        else {
            return nil
        }
        guard cacheSizes.contains(size) else {
            context.reader.unknownWord(size, cacheSizes, "'cacheClusterSize'", at: node.span, severity: .error)
            return nil
        }
        return size
    }
}

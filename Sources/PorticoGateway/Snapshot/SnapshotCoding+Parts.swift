internal import PorticoIR
internal import PorticoPrograms

// ORDER SNAPSHOT: each `write` has its `read` below it.

extension ByteWriter {
    mutating func write(_ value: APIIdentity) {
        for text in [
            value.name, value.apiID, value.accountID, value.region, value.deploymentID, value.protocolType.rawValue,
        ] { write(text) }
    }

    mutating func write(_ value: StageEntry) {
        write(value.name)
        write(value.variables) { $0.write($1) }
        write(value.settings) { $0.write($1) }
        write(value.defaultSetting)
        write(value.clientCertificate)
        write(value.canary != nil)
        if let canary = value.canary {
            write(canary.percentTraffic.bitPattern)
            write(canary.overrides) { $0.write($1) }
            write(canary.deploymentID)
            write(canary.usesStageCache)
        }
        write(UInt64(value.cacheBytes))
        write(value.accessLog)
        write(value.isTraced)
    }

    mutating func write(_ value: MethodSetting) {
        write(value.logging)
        write(value.isMetered)
        write(value.throttle)
        write(value.cache != nil)
        if let cache = value.cache {
            write(count: cache.ttlSeconds)
            write(cache.isEncrypted)
            write(cache.needsAuthorization)
            write(cache.unauthorized.rawValue)
        }
    }

    mutating func write(_ value: LogSetting) {
        write(value.level.rawValue)
        write(value.tracesData)
    }

    mutating func write(_ value: ResourceEntry) {
        write(value.id)
        write(value.path)
        write(value.parameterNames) { $0.write($1) }
    }

    mutating func write(_ value: MethodProgram) {
        write(value.verb)
        write(count: value.resource)
        write(value.operationName)
        write(value.steps) { $0.write($1) }
        write(count: value.integration)
        write(value.authorizationText)
        write(count: value.line)
    }

    mutating func write(_ value: FilterStep) {
        switch value {
        case .deny(let type, let reason):
            write(UInt8(0))
            write(type.rawValue)
            write(reason)
        case .requireParameters(let parameters):
            write(UInt8(1))
            write(parameters) {
                $0.write($1.location.rawValue)
                $0.write($1.name)
            }
        case .validateBody(let models):
            write(UInt8(2))
            write(models) {
                $0.write($1.mediaType)
                $0.write(count: $1.schema)
            }
        case .access(let access):
            write(UInt8(3))
            write(access)
        case .requireAPIKey(let source):
            write(UInt8(4))
            write(source.rawValue)
        }
    }

    mutating func write(_ value: IntegrationProgram) {
        write(value.kind.rawValue)
        write(value.reason)
        write(value.text)
        write(value.httpMethod)
        write(value.uri != nil)
        value.uri?.encode(into: &self)
        write(count: value.timeoutMilliseconds)
        write(value.passthroughBehavior.rawValue)
        write(value.contentHandling?.rawValue)
        write(value.requestTemplates) { $0.write($1) }
        write(value.requestMappings) { $0.write($1) }
        write(value.responses) { $0.write($1) }
        writeOptional(index: value.defaultResponse)
        write(value.skipsCertificateAuthority)
        write(value.credentials != nil)
        value.credentials?.encode(into: &self)
        write(value.streams)
        write(value.vpcLink != nil)
        value.vpcLink?.encode(into: &self)
        write(value.cacheNamespace)
        write(value.cacheKey) {
            $0.write($1.name)
            $0.write($1.source)
        }
        write(value.payloadFormat.rawValue)
        write(value.isRoute)
        write(value.appendsPath)
        write(value.parameters)
    }

    mutating func write(_ value: FunctionEntry) {
        write(value.name)
        switch value.home {
        case .server(let url):
            write(UInt8(0))
            write(url)
        case .process(let process):
            write(UInt8(1))
            write(process.runtime)
            write(process.handler)
            write(process.codeURI)
            write(count: process.timeoutSeconds)
            write(count: process.memoryMegabytes)
            write(count: process.concurrency)
            write(process.environment) {
                $0.write($1.name)
                $0.write($1.value)
            }
            write(process.command) { $0.write($1) }
        }
    }

    mutating func write(_ value: IdentityEntry) {
        write(value.name)
        write(value.arn)
        write(value.accessKeyID)
        write(value.secretAccessKey)
        write(value.sessionToken)
        write(value.account)
    }

    mutating func write(_ value: VPCLinkEntry) {
        write(value.name)
        write(value.targets) { $0.write($1) }
        write(value.healthCheck != nil)
        guard let check = value.healthCheck else { return }
        write(check.path)
        for count in [
            check.intervalSeconds, check.timeoutSeconds, check.healthyThreshold, check.unhealthyThreshold,
        ] { write(count: count) }
        write(check.successStatuses) {
            $0.write(UInt16($1.lowerBound))
            $0.write(UInt16($1.upperBound))
        }
    }

    mutating func write(_ value: ClientCertificateEntry) {
        write(value.name)
        write(value.certificate)
        write(value.privateKey)
    }

    mutating func write(_ value: TemplateChoice) {
        write(value.mediaType)
        writeOptional(index: value.template)
    }

    mutating func write(_ value: MappingStep) {
        write(value.target.rawValue)
        write(value.name)
        write(value.effect.rawValue)
        write(value.source)
    }

    mutating func write(_ value: IntegrationResponseProgram) {
        writeOptional(index: value.pattern)
        write(UInt16(value.statusCode))
        write(value.isDeclared)
        write(value.contentHandling?.rawValue)
        write(value.templates) { $0.write($1) }
        write(value.mappings) { $0.write($1) }
    }

    mutating func write(_ value: TemplateEntry) {
        write(value.program != nil)
        value.program?.encode(into: &self)
        write(value.name)
        write(value.lines) {
            $0.write($1.offset)
            $0.write($1.line)
            $0.write($1.column)
        }
    }

    mutating func write(_ value: GatewayResponseProgram) {
        write(value.type.rawValue)
        write(UInt16(value.statusCode))
        write(value.headers) {
            $0.write($1.name)
            $0.write($1.source)
        }
        write(value.templates) { writer, template in
            writer.write(template.mediaType)
            writer.write(template.segments) { $0.write($1) }
        }
        write(value.isCustomized)
    }

    mutating func write(_ value: TextSegment) {
        switch value {
        case .literal(let text):
            write(UInt8(0))
            write(text)
        case .value(let source):
            write(UInt8(1))
            write(source)
        }
    }

    /// Source kinds by number; ORDER SOURCE with `readSource`.
    mutating func write(_ value: ValueSource) {
        switch value {
        case .literal(let text): write(kind: 0, text)
        case .requestPath(let name): write(kind: 1, name)
        case .requestQuery(let name): write(kind: 2, name)
        case .requestQueryAll(let name): write(kind: 3, name)
        case .requestHeader(let name): write(kind: 4, name)
        case .requestHeaderAll(let name): write(kind: 5, name)
        case .requestBody: write(UInt8(6))
        case .requestBodyPath(let path): write(kind: 7, index: path)
        case .responseHeader(let name): write(kind: 8, name)
        case .responseHeaderAll(let name): write(kind: 9, name)
        case .responseBody: write(UInt8(10))
        case .responseBodyPath(let path): write(kind: 11, index: path)
        case .context(let slot): write(kind: 12, index: slot)
        case .stageVariable(let slot): write(kind: 13, index: slot)
        case .authorizer(let name): write(kind: 14, name)
        case .anyCaseHeader(let name): write(kind: 15, name)
        case .plainBody: write(UInt8(16))
        case .plainBodyPath(let path): write(kind: 17, index: path)
        case .routePath: write(UInt8(18))
        case .decodedPath(let name): write(kind: 19, name)
        case .answerHeader(let name): write(kind: 20, name)
        case .answerBody: write(UInt8(21))
        case .answerBodyPath(let path): write(kind: 22, index: path)
        }
    }

    private mutating func write(kind: UInt8, _ text: String) {
        write(kind)
        write(text)
    }

    private mutating func write(kind: UInt8, index: Int) {
        write(kind)
        write(count: index)
    }

    mutating func writeOptional(index value: Int?) {
        write(UInt32(value.map { $0 + 1 } ?? 0))
    }
}

extension ByteReader {
    mutating func readIdentity() throws(ProgramDecodingError) -> APIIdentity {
        APIIdentity(
            name: try readString(), apiID: try readString(), accountID: try readString(), region: try readString(),
            deploymentID: try readString(), protocolType: try readRaw(APIProtocol.self))
    }

    mutating func readStage() throws(ProgramDecodingError) -> StageEntry {
        StageEntry(
            name: try readString(),
            variables: try readArray { reader throws(ProgramDecodingError) in try reader.readOptionalString() },
            settings: try readArray { reader throws(ProgramDecodingError) in try reader.readMethodSetting() },
            defaultSetting: try readMethodSetting(), clientCertificate: try readOptionalString(),
            canary: try readBool() ? try readCanary() : nil, cacheBytes: Int(clamping: try read(UInt64.self)),
            accessLog: try readAccessLog(), isTraced: try readBool())
    }

    mutating func readCanary() throws(ProgramDecodingError) -> CanaryEntry {
        let percent = Double(bitPattern: try read(UInt64.self))
        guard percent >= 0, percent <= 100 else { throw ProgramDecodingError("a percentage that is none", at: offset) }
        return CanaryEntry(
            percentTraffic: percent,
            overrides: try readArray { reader throws(ProgramDecodingError) in try reader.readOptionalString() },
            deploymentID: try readOptionalString(), usesStageCache: try readBool())
    }

    mutating func readMethodSetting() throws(ProgramDecodingError) -> MethodSetting {
        MethodSetting(
            logging: try readLogSetting(), isMetered: try readBool(), throttle: try readThrottle(),
            cache: try readBool() ? try readCacheSetting() : nil)
    }

    mutating func readCacheSetting() throws(ProgramDecodingError) -> CacheSetting {
        CacheSetting(
            ttlSeconds: try readIndex(), isEncrypted: try readBool(), needsAuthorization: try readBool(),
            unauthorized: try readRaw(UnauthorizedCacheControl.self))
    }

    mutating func readLogSetting() throws(ProgramDecodingError) -> LogSetting {
        LogSetting(level: try readRaw(LoggingLevel.self), tracesData: try readBool())
    }

    mutating func readResource() throws(ProgramDecodingError) -> ResourceEntry {
        ResourceEntry(id: try readString(), path: try readString(), parameterNames: try readStrings())
    }

    mutating func readMethod() throws(ProgramDecodingError) -> MethodProgram {
        MethodProgram(
            verb: try readString(), resource: try readIndex(), operationName: try readOptionalString(),
            steps: try readArray { reader throws(ProgramDecodingError) in try reader.readStep() },
            integration: try readIndex(), authorizationText: try readString(), line: try readIndex())
    }

    mutating func readStep() throws(ProgramDecodingError) -> FilterStep {
        switch try read(UInt8.self) {
        case 0:
            return .deny(try readRaw(GatewayResponseType.self), reason: try readString())
        case 1:
            return .requireParameters(
                try readArray { reader throws(ProgramDecodingError) in
                    RequiredParameter(
                        location: try reader.readRaw(ParameterLocation.self), name: try reader.readString())
                })
        case 2:
            return .validateBody(
                try readArray { reader throws(ProgramDecodingError) in
                    BodyModel(mediaType: try reader.readString(), schema: try reader.readIndex())
                })
        case 3:
            return .access(try readAccessProgram())
        case 4:
            return .requireAPIKey(try readRaw(APIKeySource.self))
        default:
            throw ProgramDecodingError("unknown filter step", at: offset)
        }
    }

    mutating func readIntegration() throws(ProgramDecodingError) -> IntegrationProgram {
        guard let kind = IntegrationProgram.Kind(rawValue: try read(UInt8.self)) else {
            throw ProgramDecodingError("unknown kind of integration", at: offset)
        }
        let reason = try readString()
        let text = try readString()
        let httpMethod = try readOptionalString()
        let uri: UriTemplate? = try readBool() ? try UriTemplate(from: &self) : nil
        return IntegrationProgram(
            kind: kind, reason: reason, text: text, httpMethod: httpMethod, uri: uri,
            timeoutMilliseconds: try readIndex(), passthroughBehavior: try readRaw(PassthroughBehavior.self),
            contentHandling: try readContentHandling(),
            requestTemplates: try readArray { reader throws(ProgramDecodingError) in try reader.readTemplateChoice() },
            requestMappings: try readArray { reader throws(ProgramDecodingError) in try reader.readMapping() },
            responses: try readArray { reader throws(ProgramDecodingError) in try reader.readResponse() },
            defaultResponse: try readOptionalIndex(), skipsCertificateAuthority: try readBool(),
            credentials: try readBool() ? try UriTemplate(from: &self) : nil, streams: try readBool(),
            vpcLink: try readBool() ? try UriTemplate(from: &self) : nil, cacheNamespace: try readOptionalString(),
            cacheKey: try readArray { reader throws(ProgramDecodingError) in
                CacheKeyPart(name: try reader.readString(), source: try reader.readSource())
            }, payloadFormat: try readPayloadFormat(), isRoute: try readBool(), appendsPath: try readBool(),
            parameters: try readParameterMapping())
    }

    mutating func readPayloadFormat() throws(ProgramDecodingError) -> PayloadFormat {
        guard let format = PayloadFormat(rawValue: try read(UInt8.self)) else {
            throw ProgramDecodingError("unknown format of events", at: offset)
        }
        return format
    }

    mutating func readFunction() throws(ProgramDecodingError) -> FunctionEntry {
        let name = try readString()
        switch try read(UInt8.self) {
        case 0:
            return FunctionEntry(name: name, home: .server(url: try readString()))
        case 1:
            var process = FunctionProcess(
                runtime: try readString(), handler: try readString(), codeURI: try readString())
            process.timeoutSeconds = try readIndex()
            process.memoryMegabytes = try readIndex()
            process.concurrency = try readIndex()
            process.environment = try readArray { reader throws(ProgramDecodingError) in
                EnvironmentVariable(name: try reader.readString(), value: try reader.readString())
            }
            process.command = try readStrings()
            return FunctionEntry(name: name, home: .process(process))
        default:
            throw ProgramDecodingError("unknown home of a function", at: offset)
        }
    }

    mutating func readIdentityEntry() throws(ProgramDecodingError) -> IdentityEntry {
        IdentityEntry(
            name: try readString(), arn: try readOptionalString(), accessKeyID: try readString(),
            secretAccessKey: try readString(), sessionToken: try readOptionalString(),
            account: try readOptionalString())
    }

    mutating func readVPCLink() throws(ProgramDecodingError) -> VPCLinkEntry {
        var link = VPCLinkEntry(name: try readString(), targets: try readStrings())
        guard try readBool() else { return link }
        var check = HealthCheck()
        check.path = try readString()
        check.intervalSeconds = try readIndex()
        check.timeoutSeconds = try readIndex()
        check.healthyThreshold = try readIndex()
        check.unhealthyThreshold = try readIndex()
        check.successStatuses = try readArray { reader throws(ProgramDecodingError) in
            let (first, last) = (Int(try reader.read(UInt16.self)), Int(try reader.read(UInt16.self)))
            guard first <= last else {
                throw ProgramDecodingError("statuses from \(first) to \(last)", at: reader.offset)
            }
            return first...last
        }
        link.healthCheck = check
        return link
    }

    mutating func readClientCertificate() throws(ProgramDecodingError) -> ClientCertificateEntry {
        ClientCertificateEntry(name: try readString(), certificate: try readString(), privateKey: try readString())
    }

    mutating func readTemplateChoice() throws(ProgramDecodingError) -> TemplateChoice {
        TemplateChoice(mediaType: try readString(), template: try readOptionalIndex())
    }

    mutating func readMapping() throws(ProgramDecodingError) -> MappingStep {
        guard let target = MappingStep.Target(rawValue: try read(UInt8.self)) else {
            throw ProgramDecodingError("unknown mapping target", at: offset)
        }
        let name = try readString()
        guard let effect = MappingStep.Effect(rawValue: try read(UInt8.self)) else {
            throw ProgramDecodingError("unknown mapping effect", at: offset)
        }
        return MappingStep(target: target, name: name, effect: effect, source: try readSource())
    }

    mutating func readResponse() throws(ProgramDecodingError) -> IntegrationResponseProgram {
        IntegrationResponseProgram(
            pattern: try readOptionalIndex(), statusCode: Int(try read(UInt16.self)), isDeclared: try readBool(),
            contentHandling: try readContentHandling(),
            templates: try readArray { reader throws(ProgramDecodingError) in try reader.readTemplateChoice() },
            mappings: try readArray { reader throws(ProgramDecodingError) in try reader.readMapping() })
    }

    mutating func readTemplate() throws(ProgramDecodingError) -> TemplateEntry {
        let program: TemplateProgram? = try readBool() ? try TemplateProgram(decoding: &self) : nil
        return TemplateEntry(
            program: program, name: try readString(),
            lines: try readArray { reader throws(ProgramDecodingError) in
                TemplateLine(
                    offset: try reader.read(UInt32.self), line: try reader.read(UInt32.self),
                    column: try reader.read(UInt32.self))
            })
    }

    mutating func readGatewayResponse() throws(ProgramDecodingError) -> GatewayResponseProgram {
        GatewayResponseProgram(
            type: try readRaw(GatewayResponseType.self), statusCode: Int(try read(UInt16.self)),
            headers: try readArray { reader throws(ProgramDecodingError) in
                GatewayResponseHeader(name: try reader.readString(), source: try reader.readSource())
            },
            templates: try readArray { reader throws(ProgramDecodingError) in
                GatewayResponseTemplate(
                    mediaType: try reader.readString(),
                    segments: try reader.readArray { reader throws(ProgramDecodingError) in try reader.readSegment() })
            },
            isCustomized: try readBool())
    }

    mutating func readSegment() throws(ProgramDecodingError) -> TextSegment {
        switch try read(UInt8.self) {
        case 0: return .literal(try readString())
        case 1: return .value(try readSource())
        default: throw ProgramDecodingError("unknown piece of text", at: offset)
        }
    }

    /// ORDER SOURCE
    mutating func readSource() throws(ProgramDecodingError) -> ValueSource {
        switch try read(UInt8.self) {
        case 0: return .literal(try readString())
        case 1: return .requestPath(try readString())
        case 2: return .requestQuery(try readString())
        case 3: return .requestQueryAll(try readString())
        case 4: return .requestHeader(try readString())
        case 5: return .requestHeaderAll(try readString())
        case 6: return .requestBody
        case 7: return .requestBodyPath(try readIndex())
        case 8: return .responseHeader(try readString())
        case 9: return .responseHeaderAll(try readString())
        case 10: return .responseBody
        case 11: return .responseBodyPath(try readIndex())
        case 12: return .context(try readIndex())
        case 13: return .stageVariable(try readIndex())
        case 14: return .authorizer(try readString())
        case 15: return .anyCaseHeader(try readString())
        case 16: return .plainBody
        case 17: return .plainBodyPath(try readIndex())
        case 18: return .routePath
        case 19: return .decodedPath(try readString())
        case 20: return .answerHeader(try readString())
        case 21: return .answerBody
        case 22: return .answerBodyPath(try readIndex())
        default: throw ProgramDecodingError("unknown source of a value", at: offset)
        }
    }

    mutating func readStrings() throws(ProgramDecodingError) -> [String] {
        try readArray { reader throws(ProgramDecodingError) in try reader.readString() }
    }

    mutating func readIndex() throws(ProgramDecodingError) -> Int { Int(try read(UInt32.self)) }

    mutating func readOptionalIndex() throws(ProgramDecodingError) -> Int? {
        let value = Int(try read(UInt32.self))
        return value == 0 ? nil : value - 1
    }

    private mutating func readContentHandling() throws(ProgramDecodingError) -> ContentHandling? {
        guard let text = try readOptionalString() else { return nil }
        guard let value = ContentHandling(rawValue: text) else {
            throw ProgramDecodingError("unknown content handling", at: offset)
        }
        return value
    }

    mutating func readRaw<Value: RawRepresentable<String>>(
        _ type: Value.Type
    ) throws(ProgramDecodingError) -> Value {
        let text = try readString()
        guard let value = Value(rawValue: text) else {
            throw ProgramDecodingError("'\(text)' is not known", at: offset)
        }
        return value
    }
}

internal import PorticoSyntax

/// `x-portico-tracing`: sampling rules, and where traces go.
enum TracingExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-tracing", in: [.root], of: [.rest, .http, .webSocket],
        "Sampling rules of X-Ray, and the daemon or collector that traces go to.")

    /// Header values that are shorter are no secrets.
    private static let shortestSecret = 20

    static func read(_ node: Node, _ context: ImporterContext) -> TracingSettings? {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return nil }
        context.reader.checkMembers(mapping, known: ["samplingRules", "xray", "otlp", "description"], "'\(key)'")
        var settings = TracingSettings(settings: JSONValue(node))
        if let node = mapping.present("samplingRules") {
            settings.samplingRules = SamplingRuleReading.read(node, context)
        }
        settings.xray = mapping.present("xray").flatMap { readDaemon($0, context) }
        settings.otlp = mapping.present("otlp").flatMap { readCollector($0, context) }
        return settings
    }

    /// `true`, `false` or an address.
    private static func readDaemon(_ node: Node, _ context: ImporterContext) -> XRayDestination? {
        if case .boolean(let isOn)? = node.scalar?.kind { return isOn ? XRayDestination() : nil }
        guard node.scalar?.kind == .string, let text = context.strictLocated(node, "'xray'") else {
            return context.reader.wrongType(node, "'xray'", "true, false or an address")
        }
        if let destination = XRayDestination(text.value) { return destination }
        if !context.unresolved.touches(node.span) {
            context.reader.report(
                ImportDiagnostics.tracingDestination,
                "\(quoted(text.value)) is no address of an X-Ray daemon; expected 'udp://HOST:PORT'", at: node.span)
        }
        return nil
    }

    private static func readCollector(_ node: Node, _ context: ImporterContext) -> OTLPDestination? {
        let reader = context.reader
        guard let object = reader.mapping(node, "'otlp'") else { return nil }
        reader.checkMembers(
            object,
            known: [
                "endpoint", "headers", "serviceName", "resourceAttributes", "timeoutInMillis", "batchSize",
                "delayInMillis", "queueSize", "description",
            ], "'otlp'")
        guard let place = object.present("endpoint") else {
            reader.report(
                ImportDiagnostics.valueMissing, "'otlp' has no 'endpoint'", at: node.span,
                fixIt: .init(hint: "write the collector's base address, such as 'http://127.0.0.1:4318'"))
            return nil
        }
        guard let text = context.strictLocated(place, "'endpoint'") else { return nil }
        guard let address = CollectorAddress(text.value) else {
            if !context.unresolved.touches(place.span) {
                reader.report(
                    ImportDiagnostics.tracingDestination,
                    "\(quoted(text.value)) is no 'endpoint'; expected an absolute http or https URL without user, query "
                        + "and fragment", at: place.span)
            }
            return nil
        }
        var destination = OTLPDestination(endpoint: address)
        destination.headers = readHeaders(object, context)
        destination.serviceName = context.string(object, "serviceName")
        destination.resourceAttributes = readTexts(object, "resourceAttributes", context).map { $0.text }
        if let value = context.integer(object, "timeoutInMillis", in: 100...60_000) {
            destination.timeoutMilliseconds = value.value
        }
        if let value = context.integer(object, "batchSize", in: 1...8192) { destination.batchSize = value.value }
        if let value = context.integer(object, "delayInMillis", in: 10...60_000) {
            destination.delayMilliseconds = value.value
        }
        if let value = context.integer(object, "queueSize", in: 1...65_536) { destination.queueSize = value.value }
        return destination
    }

    /// Fields that the exporter writes itself.
    private static let ownHeaders: Set<String> = [
        "host", "content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "user-agent",
    ]

    private static func readHeaders(_ object: Mapping, _ context: ImporterContext) -> [NamedText] {
        readTexts(object, "headers", context).compactMap { name, text, span in
            guard ASCII.isToken(text.name), !ownHeaders.contains(text.name.lowercased()) else {
                context.reader.report(
                    ImportDiagnostics.invalidName, "\(quoted(text.name)) cannot be set as a header of 'otlp'", at: name)
                return nil
            }
            guard text.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                context.reader.report(
                    ImportDiagnostics.invalidName, "\(quoted(text.value)) is no value of a header", at: span)
                return nil
            }
            if text.value.utf8.count >= shortestSecret, !text.value.contains("${"), !context.unresolved.touches(span) {
                context.reader.report(
                    ImportDiagnostics.literalSecret,
                    "the value of '\(text.name)' stands in the file, and so in what is compiled from it", at: span,
                    fixIt: .init(hint: "write '${env.NAME}' to read it from the environment"))
            }
            return text
        }
    }

    private static func readTexts(
        _ object: Mapping, _ name: String, _ context: ImporterContext
    ) -> [(name: SourceSpan, text: NamedText, span: SourceSpan)] {
        guard let node = object.present(name), let mapping = context.reader.mapping(node, "'\(name)'") else {
            return []
        }
        return mapping.members.compactMap { member in
            context.located(member.value, "'\(member.key)' of '\(name)'").map {
                (member.keySpan, NamedText(member.key, $0.value), $0.span)
            }
        }
    }
}

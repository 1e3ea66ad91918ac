internal import PorticoSyntax

/// Reads `accessLogSettings` of a stage. Which variables a format may name is checked where it is compiled.
enum AccessLogReading {
    static func read(_ mapping: Mapping, _ context: ImporterContext) -> AccessLogSettings? {
        let reader = context.reader
        guard let node = mapping.present("accessLogSettings"), let log = reader.mapping(node, "'accessLogSettings'")
        else { return nil }
        reader.checkMembers(log, known: ["destinationArn", "format"], "'accessLogSettings'")
        var settings = AccessLogSettings(settings: JSONValue(node))
        settings.destination = readDestination(log, at: node.span, context)
        settings.format = readFormat(log, at: node.span, context)
        return settings
    }

    private static func readDestination(
        _ log: Mapping, at span: SourceSpan, _ context: ImporterContext
    ) -> Located<AccessLogDestination>? {
        guard let node = log.present("destinationArn") else {
            context.reader.report(
                ImportDiagnostics.valueMissing, "'accessLogSettings' has no 'destinationArn'", at: span,
                fixIt: .init(hint: "write 'stdout', 'file:PATH' or the ARN of a log group or delivery stream"))
            return nil
        }
        guard let text = context.strictLocated(node, "'destinationArn'"), !context.unresolved.touches(node.span) else {
            return nil
        }
        guard let destination = AccessLogDestination(text.value) else {
            context.reader.report(
                ImportDiagnostics.accessLogDestination, "\(quoted(text.value)) is no destination of access logs",
                at: text.span,
                fixIt: .init(
                    hint: "write 'arn:aws:logs:REGION:ACCOUNT:log-group:NAME', "
                        + "'arn:aws:firehose:REGION:ACCOUNT:deliverystream/amazon-apigateway-NAME', 'stdout' or "
                        + "'file:PATH'"))
            return nil
        }
        if case .deliveryStream(_, _, let name) = destination, !name.hasPrefix(AccessLogDestination.streamPrefix) {
            context.reader.report(
                ImportDiagnostics.accessLogDestination,
                "delivery stream \(quoted(name)) must have a name that begins with "
                    + "'\(AccessLogDestination.streamPrefix)'", at: text.span)
            return nil
        }
        return Located(destination, at: text.span)
    }

    private static func readFormat(
        _ log: Mapping, at span: SourceSpan, _ context: ImporterContext
    ) -> Located<PositionedText>? {
        let reader = context.reader
        guard let node = log.present("format") else {
            reader.report(
                ImportDiagnostics.valueMissing, "'accessLogSettings' has no 'format'", at: span,
                fixIt: .init(hint: "write a line such as '$context.requestId $context.status'"))
            return nil
        }
        guard var format = context.positioned(node, "'format'"), !context.unresolved.touches(node.span) else {
            return nil
        }
        // A block of text ends with a line break that is no part of the line; a folded one has spaces.
        format.value = withoutLineEnd(format.value)
        let text = format.value.string
        func refuse(_ message: String, at span: SourceSpan, note: String) {
            reader.report(ImportDiagnostics.accessLogFormat, message, at: span, notes: [.init(note)])
        }
        if let place = text.utf8.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            let offset = text.utf8.distance(from: text.startIndex, to: place)
            refuse(
                "the format of access logs must be one line", at: format.value.span(of: offset..<offset + 1),
                note: "each request is one line of the log; a block that begins with '>-' is folded into one")
            return nil
        }
        guard text.utf8.count <= AccessLogSettings.longestFormat else {
            refuse(
                "the format of access logs has \(text.utf8.count) bytes; at most "
                    + "\(AccessLogSettings.longestFormat) are allowed", at: format.span, note: "the quota is 3 KB")
            return nil
        }
        guard ["requestId", "extendedRequestId"].contains(where: { mentions($0, text) }) else {
            refuse(
                "the format of access logs must contain '$context.requestId' or '$context.extendedRequestId'",
                at: format.span, note: "API Gateway refuses a format without one of them")
            return nil
        }
        return format
    }

    /// Whether the variable stands in the text with its whole name, so that `$context.requestIdentity` is none.
    private static func mentions(_ name: String, _ text: String) -> Bool {
        if text.contains("${context.\(name)}") { return true }
        let (text, variable) = (Array(text.utf8), Array("$context.\(name)".utf8))
        guard text.count >= variable.count else { return false }
        return (0...text.count - variable.count).contains { start in
            let end = start + variable.count
            guard text[start..<end].elementsEqual(variable) else { return false }
            guard end < text.count else { return true }
            return !ASCII.isAlphanumeric(text[end]) && text[end] != UInt8(ascii: "_")
        }
    }

    private static func withoutLineEnd(_ text: PositionedText) -> PositionedText {
        var end = text.string.utf8.count
        let bytes = Array(text.string.utf8)
        while end > 0, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return PositionedText(String(decoding: bytes[..<end], as: UTF8.self), span: text.span, runs: text.runs)
    }
}

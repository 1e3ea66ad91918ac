internal import PorticoIR
internal import PorticoSyntax

/// Access logs and tracing of stages, alarms.
enum ObservationPass {
    static func run(_ context: inout LoweringContext) {
        context.parts.observation = ObservationParts(
            alarms: context.description.alarms, tracing: context.description.tracing?.value)
        for (index, stage) in context.parts.stages.enumerated() {
            guard let declared = context.description.stages.first(where: { $0.name.value == stage.name }) else {
                continue
            }
            context.parts.stages[index].isTraced = declared.tracingEnabled
            guard let settings = declared.accessLogSettings else { continue }
            let (format, diagnostics) = AccessLogPass.compile(settings, symbols: context.parts.symbols)
            for diagnostic in diagnostics { context.report(diagnostic) }
            // The importer has said what is missing.
            guard format != nil, let text = settings.format, let destination = settings.destination else { continue }
            context.parts.stages[index].accessLog = AccessLogEntry(
                format: text.value.string, destination: destination.value.text)
        }
    }
}

internal import PorticoIR

/// `minimumCompressionSize`.
enum CompressionLowering {
    static func run(_ context: inout LoweringContext) {
        context.parts.minimumCompressionSize = context.description.minimumCompressionSize?.value
    }
}

public import PorticoIR
internal import PorticoSyntax

/// From a description to a snapshot. Read ``passes`` first: it is the whole compiler in order.
public enum Compiler {
    /// The passes in the order in which they run. Each reads the description and what earlier passes made, adds its
    /// part of the snapshot, and reports what is wrong; none stops the others.
    private static let passes: [(name: String, run: @Sendable (inout LoweringContext) -> Void)] = [
        ("protocol", ProtocolPass.run),
        ("stages and symbols", StagesPass.run),
        ("support", SupportPass.run),
        ("domain names", DomainsPass.run),
        ("functions, endpoints and identities", BackendsPass.run),
        ("identity providers", IdentityProvidersPass.run),
        ("calls of AWS services", ServiceCallsPass.run),
        ("models", ModelsPass.run),
        ("authorizers", AuthorizersPass.run),
        ("policies", PoliciesPass.run),
        ("routes of web sockets", WebSocketPass.run),
        ("routes, methods and integrations", RoutesPass.run),
        ("method settings", MethodSettingsPass.run),
        ("access logs, tracing and alarms", ObservationPass.run),
        ("gateway responses", GatewayResponsesPass.run),
        ("binary media types", BinaryMediaTypesPass.run),
        ("compression", CompressionLowering.run),
        ("usage plans and API keys", APIKeysLowering.run),
        ("CORS", CORSLowering.run),
    ]

    /// Compiles `description`. Never throws for what its author wrote: there is a snapshot unless there are errors.
    public static func compile(_ description: APIDescription, options: CompileOptions = CompileOptions())
        -> CompileResult
    {
        var context = LoweringContext(description: description, options: options)
        for pass in passes { pass.run(&context) }
        let sorted = DiagnosticSink.sorted(context.diagnostics)
        guard !sorted.hasErrors else { return CompileResult(snapshot: nil, diagnostics: sorted) }
        // The deployment's id is a hash of all that it consists of.
        context.parts.identity.deploymentID = StableHash.base36(
            DeploymentSnapshot(context.parts).encoded(), length: 6)
        return CompileResult(snapshot: DeploymentSnapshot(context.parts), diagnostics: sorted)
    }
}

/// Identifiers that stay the same as long as their input does.
enum StableHash {
    /// `length` base-36 characters of a 64-bit FNV-1a hash.
    static func base36(_ bytes: some Sequence<UInt8>, length: Int) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        // FNV leaves its high bits poorly mixed for short input.
        hash ^= hash &>> 32
        hash = hash &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash &>> 29
        var text: [UInt8] = []
        for _ in 0..<length {
            let digit = UInt8(truncatingIfNeeded: hash % 36)
            text.append(digit < 10 ? 48 + digit : 87 + digit)
            hash /= 36
        }
        return String(decoding: text, as: UTF8.self)
    }
}

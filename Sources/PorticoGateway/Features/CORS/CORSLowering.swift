internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// CORS of an HTTP API as a snapshot carries it.
struct CORSEntry: Sendable, Hashable {
    /// Exact origins, `*`, `https://*` and `http://*`.
    var allowOrigins: [String]
    var allowMethods: [String]
    var allowHeaders: [String]
    var exposeHeaders: [String]
    /// -1...86400; `nil` says nothing to browsers.
    var maxAge: Int?
    var allowCredentials: Bool
}

/// `x-amazon-apigateway-cors`.
enum CORSLowering {
    static func run(_ context: inout LoweringContext) {
        guard let cors = context.description.cors else { return }
        context.parts.cors = CORSEntry(
            allowOrigins: cors.allowOrigins.map(\.value), allowMethods: cors.allowMethods.map(\.value),
            allowHeaders: cors.allowHeaders.map(\.value), exposeHeaders: cors.exposeHeaders.map(\.value),
            maxAge: cors.maxAge?.value, allowCredentials: cors.allowCredentials?.value ?? false)
    }
}

// ORDER SNAPSHOT: `write` has its `read` below it.
extension ByteWriter {
    mutating func write(_ value: CORSEntry) {
        for texts in [value.allowOrigins, value.allowMethods, value.allowHeaders, value.exposeHeaders] {
            write(texts) { $0.write($1) }
        }
        // One more, so that -1 is a count.
        writeOptional(index: value.maxAge.map { $0 + 1 })
        write(value.allowCredentials)
    }
}

extension ByteReader {
    mutating func readCORS() throws(ProgramDecodingError) -> CORSEntry {
        CORSEntry(
            allowOrigins: try readStrings(), allowMethods: try readStrings(), allowHeaders: try readStrings(),
            exposeHeaders: try readStrings(), maxAge: try readOptionalIndex().map { $0 - 1 },
            allowCredentials: try readBool())
    }
}

extension DeploymentSnapshot {
    /// CORS in words, a line each.
    func describe(_ cors: CORSEntry) -> [String] {
        var lines = ["origins \(cors.allowOrigins.joined(separator: ", "))"]
        for (what, names) in [
            ("methods", cors.allowMethods), ("headers", cors.allowHeaders), ("exposes", cors.exposeHeaders),
        ] where !names.isEmpty {
            lines.append("\(what) \(names.joined(separator: ", "))")
        }
        if let maxAge = cors.maxAge { lines.append("kept \(maxAge) s") }
        if cors.allowCredentials { lines.append("with credentials") }
        return lines
    }
}

// Hot: read once per answer of an HTTP API with CORS. Allocates: only when a snapshot is put into service.

internal import PorticoPrograms

/// The CORS headers of an HTTP API, preformatted.
///
/// Source: reference, "CORS" (1.8); Fetch standard, "CORS protocol".
final class ServingCORS: Sendable {
    private let origins: [StaticBytes]
    private let allowsAll: Bool
    private let allowsHTTPS: Bool
    private let allowsHTTP: Bool
    /// `access-control-allow-origin: *`, where that says it; empty where the origin is echoed.
    private let anyOrigin: StaticBytes
    /// Lines of every answer to an origin that is allowed.
    let common: StaticBytes
    /// Further lines of the answer to a preflight.
    let preflight: StaticBytes
    private let pool: BytePool

    init(_ entry: CORSEntry) {
        let pool = BytePool(chunkBytes: 1024)
        self.pool = pool
        let patterns: Set<String> = ["*", "https://*", "http://*"]
        origins = entry.allowOrigins.filter { !patterns.contains($0) }.map { pool.add($0) }
        allowsAll = entry.allowOrigins.contains("*")
        allowsHTTPS = entry.allowOrigins.contains("https://*")
        allowsHTTP = entry.allowOrigins.contains("http://*")
        anyOrigin = allowsAll ? pool.add("access-control-allow-origin: *\r\n") : .empty
        func line(_ name: String, _ values: [String]) -> String {
            values.isEmpty ? "" : "\(name): \(values.joined(separator: ","))\r\n"
        }
        common = pool.add(
            (entry.allowCredentials ? "access-control-allow-credentials: true\r\n" : "")
                + line("access-control-expose-headers", entry.exposeHeaders))
        preflight = pool.add(
            line("access-control-allow-methods", entry.allowMethods)
                + line("access-control-allow-headers", entry.allowHeaders)
                + (entry.maxAge.map { "access-control-max-age: \($0)\r\n" } ?? ""))
    }

    /// Whether an origin is allowed. Origins compare byte by byte: browsers write them in lower case.
    func allows(_ origin: UnsafeRawBufferPointer) -> Bool {
        if allowsAll { return true }
        if allowsHTTPS, origin.count > 8, origin.starts(with: "https://".utf8) { return true }
        if allowsHTTP, origin.count > 7, origin.starts(with: "http://".utf8) { return true }
        for allowed in origins where bytesEqual(allowed.bytes, origin) { return true }
        return false
    }

    /// Writes the line that names the origin.
    @inline(__always)
    func writeOrigin(_ origin: UnsafeRawBufferPointer, into output: OutputBuffer) {
        guard anyOrigin.isEmpty else {
            output.append(anyOrigin.bytes)
            return
        }
        output.append("access-control-allow-origin: ")
        ResponseWriter.appendFieldValue(origin, into: output)
        // Unconfirmed: `vary`, without which a shared cache would show one origin's answer to another.
        output.append("\r\nvary: Origin\r\n")
    }
}

// Hot: no, once per server. Allocates: texts.

internal import PorticoIR

/// Settings of tracing that come from the environment, which count more than those of the document.
///
/// *Source:* X-Ray guide, "Environment variables" of the SDKs; OpenTelemetry specification, "OTLP exporter
/// configuration" and "General SDK configuration".
enum TracingEnvironment {
    /// The settings with the environment's, and what is wrong with it. A variable that is wrong counts as absent. A pure
    /// function: the same environment, the same answer.
    static func apply(
        _ environment: [String: String], to settings: TracingSettings?
    ) -> (settings: TracingSettings?, problems: [String]) {
        var result = settings ?? TracingSettings()
        var problems: [String] = []
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

        if let text = value("AWS_XRAY_DAEMON_ADDRESS") {
            if let destination = daemon(text) {
                result.xray = destination
            } else {
                problems.append(
                    "AWS_XRAY_DAEMON_ADDRESS is no address; expected HOST:PORT or 'tcp:HOST:PORT udp:HOST:PORT'")
            }
        }
        if let text = value("OTEL_EXPORTER_OTLP_ENDPOINT") {
            if let address = CollectorAddress(text) {
                if result.otlp == nil {
                    result.otlp = OTLPDestination(endpoint: address)
                } else {
                    result.otlp?.endpoint = address
                }
            } else {
                problems.append("OTEL_EXPORTER_OTLP_ENDPOINT is no absolute http or https URL without query")
            }
        }
        if let text = value("OTEL_EXPORTER_OTLP_HEADERS"), result.otlp != nil {
            let pairs = pairs(text, "OTEL_EXPORTER_OTLP_HEADERS", &problems)
                .filter { isHeader($0, "OTEL_EXPORTER_OTLP_HEADERS", &problems) }
            merge(pairs, into: &result.otlp, \.headers) { $0.lowercased() == $1.lowercased() }
        }
        if let text = value("OTEL_RESOURCE_ATTRIBUTES"), result.otlp != nil {
            let pairs = pairs(text, "OTEL_RESOURCE_ATTRIBUTES", &problems)
            merge(pairs, into: &result.otlp, \.resourceAttributes) { $0 == $1 }
            if let name = pairs.last(where: { $0.name == "service.name" }) { result.otlp?.serviceName = name.value }
        }
        if let name = value("OTEL_SERVICE_NAME") { result.otlp?.serviceName = name }
        let isUnset = settings == nil && result.xray == nil && result.otlp == nil
        return (isUnset ? nil : result, problems)
    }

    /// `HOST:PORT`, or two of them with `tcp:` and `udp:` before them, of which the second counts.
    private static func daemon(_ text: String) -> XRayDestination? {
        let words = text.split(separator: " ")
        guard words.count == 2 else { return words.count == 1 ? XRayDestination(text) : nil }
        guard let word = words.first(where: { $0.hasPrefix("udp:") }), words.contains(where: { $0.hasPrefix("tcp:") })
        else { return nil }
        return XRayDestination(String(word.dropFirst("udp:".count)))
    }

    /// `name=value,name=value`, values with escapes of URLs. Source: W3C Baggage, as OpenTelemetry uses it.
    private static func pairs(_ text: String, _ variable: String, _ problems: inout [String]) -> [NamedText] {
        var result: [NamedText] = []
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, case let name = trimmed(parts[0]), !name.isEmpty,
                let value = decoded(trimmed(parts[1])), let name = decoded(name)
            else {
                // Without its text: it may be a secret.
                problems.append("an entry of \(variable) is not 'name=value'")
                continue
            }
            result.append(NamedText(name, value))
        }
        return result
    }

    private static func isHeader(_ pair: NamedText, _ variable: String, _ problems: inout [String]) -> Bool {
        let isName = pair.name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x2E: true
            default: false
            }
        }
        let isValue = pair.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
        guard isName, isValue else {
            problems.append("an entry of \(variable) is no header field")
            return false
        }
        return true
    }

    private static func merge(
        _ pairs: [NamedText], into destination: inout OTLPDestination?,
        _ path: WritableKeyPath<OTLPDestination, [NamedText]>, _ isSame: (String, String) -> Bool
    ) {
        guard var changed = destination else { return }
        changed[keyPath: path].removeAll { old in pairs.contains { isSame($0.name, old.name) } }
        changed[keyPath: path] += pairs
        destination = changed
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// Escapes of URLs undone; `nil` if one is broken or the result is no text.
    private static func decoded(_ text: String) -> String? {
        guard text.utf8.contains(0x25) else { return text }
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var index = 0
        while index < source.count {
            guard source[index] == 0x25 else {
                bytes.append(source[index])
                index += 1
                continue
            }
            guard index + 2 < source.count,
                let value = source.withUnsafeBytes({
                    Hexadecimal.value($0, at: index + 1, digits: 2, acceptsUpperCase: true)
                })
            else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: value))
            index += 3
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

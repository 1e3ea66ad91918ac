import PorticoIR
import Testing

@testable import PorticoGateway

/// A strict reader of Prometheus' text format 0.0.4, which shares nothing with the writer.
struct PrometheusDocument {
    struct Sample: Hashable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Problem: Error {
        var line: String
        var reason: String
    }

    var types: [String: String] = [:]
    var samples: [Sample] = []

    init(_ bytes: [UInt8]) throws {
        let text = try #require(String(validating: bytes, as: UTF8.self))
        guard text.hasSuffix("\n") else { throw Problem(line: "", reason: "no line break at the end") }
        var helped: Set<String> = []
        var family = ""
        var closed: Set<String> = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("# HELP ") {
                let name = String(line.dropFirst(7).prefix { $0 != " " })
                guard helped.insert(name).inserted else { throw Problem(line: line, reason: "a second HELP") }
                closed.insert(family)
                family = name
            } else if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 4, words[2] == family, ["counter", "gauge", "histogram"].contains(words[3]) else {
                    throw Problem(line: line, reason: "no type of this family")
                }
                types[family] = words[3]
            } else {
                let sample = try Self.sample(line)
                let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                guard suffixes.contains(where: { sample.name == family + $0 }), !closed.contains(family) else {
                    throw Problem(line: line, reason: "no sample of \(family)")
                }
                guard !samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels }) else {
                    throw Problem(line: line, reason: "twice")
                }
                samples.append(sample)
            }
        }
    }

    private static func sample(_ line: String) throws -> Sample {
        var rest = Array(line.unicodeScalars)[...]
        func problem(_ reason: String) -> Problem { Problem(line: line, reason: reason) }
        func word() -> String {
            let word = rest.prefix {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
            }
            rest = rest.dropFirst(word.count)
            return String(String.UnicodeScalarView(word))
        }
        func take(_ scalar: Unicode.Scalar) throws {
            guard rest.popFirst() == scalar else { throw problem("expected \(scalar)") }
        }
        let name = word()
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else { throw problem("no name") }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            try take("{")
            while rest.first != "}" {
                let label = word()
                try take("=")
                try take("\"")
                var value = String.UnicodeScalarView()
                while let scalar = rest.popFirst(), scalar != "\"" {
                    guard scalar == "\\" else {
                        value.append(scalar)
                        continue
                    }
                    switch rest.popFirst() {
                    case "n": value.append("\n")
                    case "\\": value.append("\\")
                    case "\"": value.append("\"")
                    default: throw problem("an escape")
                    }
                }
                guard !label.isEmpty, labels.updateValue(String(value), forKey: label) == nil else {
                    throw problem("a label")
                }
                if rest.first != "}" { try take(",") }
            }
            try take("}")
        }
        try take(" ")
        let number = String(String.UnicodeScalarView(rest))
        guard let value = Double(number), !number.contains(" ") else { throw problem("a number") }
        return Sample(name: name, labels: labels, value: value)
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let found = samples.filter { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }
        return found.count == 1 ? found[0].value : nil
    }
}

@Suite struct PrometheusTextTests {
    private func document(_ registry: MetricRegistry) throws -> PrometheusDocument {
        var bytes: [UInt8] = Array("# HELP before x\n# TYPE before gauge\nbefore 1\n".utf8)
        PrometheusText.append(registry.read(), limit: registry.limit, to: &bytes)
        return try PrometheusDocument(bytes)
    }

    @Test("the text is what Prometheus reads, after what stood before it")
    func format() throws {
        let registry = MetricRegistry(limit: 3)
        let shard = registry.makeShard()
        let names = ["a\"b\\c\nd", "é, {} =", "three"]
        for (number, name) in names.enumerated() {
            let series = registry.series(
                MetricSeriesKey(
                    apiName: "Pets", apiID: "abc", stage: "dev", method: "GET", resource: name, isCanary: number == 1))
            shard.record(series: series, status: 429, latencyMicroseconds: 800, throttle: .plan)
        }
        let document = try document(registry)
        #expect(document.value("before") == 1)
        #expect(document.value("portico_metric_series") == 3 && document.value("portico_metric_series_limit") == 3)
        #expect(document.value("portico_metric_series_refused_total") == 1)
        let requests = document.samples.filter { $0.name == "portico_api_requests_total" }
        #expect(requests.map { $0.labels["resource"] } == [names[0], names[1], ""])
        #expect(requests.map { $0.labels["canary"] } == ["false", "true", "false"])
        #expect(requests.map { $0.labels["api"] } == ["Pets", "Pets", "__overflow__"])
        #expect(document.types["portico_api_latency_seconds"] == "histogram")
        #expect(document.types["portico_api_requests_total"] == "counter")
        for level in ThrottleLevel.refusing {
            #expect(
                document.value("portico_api_throttled_requests_total", ["resource": names[0], "level": level.name])
                    == (level == .plan ? 1 : 0))
        }
    }

    @Test("a histogram is cumulative, ends with +Inf, and its count is that of its last bucket")
    func histogram() throws {
        let registry = MetricRegistry()
        let shard = registry.makeShard()
        let series = registry.series(MetricSeriesKey(apiName: "Pets", apiID: "abc", stage: "dev"))
        let times = [0, 99, 240, 9_000, 9_000, 26_000, 700_000, 29_000_000, 130_000_000, 500_000_000]
        for time in times {
            shard.record(series: series, status: 200, latencyMicroseconds: time)
        }
        let document = try document(registry)
        let buckets = document.samples.filter { $0.name == "portico_api_latency_seconds_bucket" }
        let bounds = try buckets.map { try #require($0.labels["le"].flatMap(Double.init)) }
        #expect(bounds == PrometheusText.bounds.map { Double($0) / 1_000_000 } + [.infinity])
        #expect(buckets.last?.labels["le"] == "+Inf")
        for (bucket, bound) in zip(buckets, bounds) {
            #expect(Int(bucket.value) == times.filter { Double($0) / 1_000_000 <= bound }.count)
        }
        #expect(document.value("portico_api_latency_seconds_count") == 10)
        #expect(document.value("portico_api_latency_seconds_sum") == Double(times.reduce(0, +)) / 1_000_000)
        #expect(document.value("portico_api_integration_latency_seconds_count") == 0)
        #expect(document.value("portico_api_integration_latency_seconds_bucket", ["le": "+Inf"]) == 0)
    }

    @Test("a kind of API has samples only of what it has")
    func kinds() throws {
        let registry = MetricRegistry()
        let shard = registry.makeShard()
        for kind in APIProtocol.allCases {
            let series = registry.series(
                MetricSeriesKey(apiName: kind.rawValue, apiID: "abc", stage: "dev", kind: kind))
            if kind == .http { shard.record(series: series, dataProcessed: 1234) }
            if kind == .webSocket { shard.record(series: series, .integrationError) }
            shard.record(series: series, status: 200, latencyMicroseconds: 1)
        }
        let document = try document(registry)
        func apis(_ name: String) -> Set<String?> {
            Set(document.samples.filter { $0.name == name }.map { $0.labels["api"] })
        }
        #expect(apis("portico_api_requests_total") == ["REST", "HTTP", "WEBSOCKET"])
        #expect(apis("portico_api_cache_hits_total") == ["REST"] && apis("portico_api_cache_misses_total") == ["REST"])
        #expect(apis("portico_api_data_processed_bytes_total") == ["HTTP"])
        #expect(document.value("portico_api_data_processed_bytes_total") == 1234)
        #expect(apis("portico_api_websocket_events_total") == ["WEBSOCKET"])
        for event in SocketCount.allCases {
            #expect(
                document.value("portico_api_websocket_events_total", ["event": event.name])
                    == (event == .integrationError ? 1 : 0))
        }
    }

    @Test("without series the families are there and empty")
    func empty() throws {
        let document = try document(MetricRegistry())
        #expect(document.samples.map(\.name).filter { $0.hasPrefix("portico_api") }.isEmpty)
        #expect(document.types.count == 14)
    }
}

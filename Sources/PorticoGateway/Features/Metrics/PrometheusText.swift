// Hot: no, once per request of an operator. Allocates: the text.

internal import PorticoIR
internal import PorticoSyntax

/// Metrics in Prometheus' text format 0.0.4.
///
/// Source: Prometheus documentation, "Exposition formats". One family after the other, each with HELP and TYPE, its series
/// in the order of their names. Names are Portico's own and the same for all kinds of API; what a kind of API does not
/// have has no samples of it.
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Upper bounds of the histograms' buckets, in microseconds. A request counts where the middle of its own bucket is.
    static let bounds = [
        100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
        5_000_000, 10_000_000, 30_000_000, 60_000_000, 120_000_000,
    ]

    /// Appends all series of a reading.
    static func append(_ reading: MetricReading, limit: Int, to bytes: inout [UInt8]) {
        var writer = Writer(bytes: bytes)
        bytes = []
        let order = reading.keys.indices.filter { reading.totals[$0].count > 0 }
            .sorted { reading.keys[$0] < reading.keys[$1] }
        let labels = order.map { Writer.labels(reading.keys[$0]) }
        func places(with metric: MetricName) -> [(offset: Int, element: Int)] {
            order.enumerated().filter { metric.name(in: reading.keys[$0.element].kind) != nil }
        }
        func counter(
            _ name: String, _ help: String, with metric: MetricName? = nil, _ value: (MetricTotals) -> UInt64
        ) {
            writer.family(name, "counter", help)
            for (place, series) in metric.map(places) ?? Array(order.enumerated()) {
                writer.sample(name, labels[place], UInt64(value(reading.totals[series])))
            }
        }
        counter("portico_api_requests_total", "Requests answered, by method of a stage.") { $0.count }
        counter("portico_api_client_errors_total", "Answers with a 4xx status.") { $0.clientErrors }
        counter("portico_api_server_errors_total", "Answers with a 5xx status.") { $0.serverErrors }
        counter("portico_api_cache_hits_total", "Answers that the cache had.", with: .cacheHits) { $0.cacheHits }
        counter(
            "portico_api_cache_misses_total", "Requests that the cache had no answer for.", with: .cacheMisses
        ) { $0.cacheMisses }
        counter(
            "portico_api_data_processed_bytes_total", "Bytes of requests and answers, of HTTP APIs.",
            with: .dataProcessed
        ) { $0.dataProcessed.sum }
        let events = "portico_api_websocket_events_total"
        writer.family(events, "counter", "What CloudWatch counts of the events of WebSocket APIs.")
        for (place, series) in places(with: .connects) {
            for event in SocketCount.allCases {
                writer.sample(
                    events, labels[place] + ",event=\"\(event.name)\"", reading.totals[series].sockets(event))
            }
        }
        let throttled = "portico_api_throttled_requests_total"
        writer.family(throttled, "counter", "Requests that a limit refused, by level of the limit.")
        for (place, series) in order.enumerated() {
            for level in ThrottleLevel.refusing {
                writer.sample(
                    throttled, labels[place] + ",level=\"\(level.name)\"", reading.totals[series].throttled(level))
            }
        }
        func histogram(_ name: String, _ help: String, _ value: (MetricTotals) -> LatencyDistribution) {
            writer.family(name, "histogram", help)
            for (place, series) in order.enumerated() {
                writer.histogram(name, labels[place], value(reading.totals[series]))
            }
        }
        histogram("portico_api_latency_seconds", "Time from a request to its answer.") { $0.latency }
        histogram("portico_api_integration_latency_seconds", "Time from the call of a backend to its answer.") {
            $0.integrationLatency
        }
        writer.value("portico_metric_series", "gauge", "Series of metrics.", UInt64(reading.keys.count))
        writer.value(
            "portico_metric_series_limit", "gauge", "Series of metrics that there can be.", UInt64(max(limit, 0)))
        writer.value(
            "portico_metric_series_refused_total", "counter",
            "Methods that found no room for a series and count in the one with the API '__overflow__'.",
            UInt64(reading.refusedSeries))
        bytes = writer.bytes
    }

    private struct Writer {
        var bytes: [UInt8]

        mutating func family(_ name: String, _ type: String, _ help: String) {
            bytes.append(contentsOf: "# HELP \(name) ".utf8)
            for byte in help.utf8 {
                switch byte {
                case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
                case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
                default: bytes.append(byte)
                }
            }
            bytes.append(contentsOf: "\n# TYPE \(name) \(type)\n".utf8)
        }

        mutating func value(_ name: String, _ type: String, _ help: String, _ value: UInt64) {
            family(name, type, help)
            bytes.append(contentsOf: "\(name) \(value)\n".utf8)
        }

        mutating func sample(_ name: String, _ labels: String, _ value: some CustomStringConvertible) {
            bytes.append(contentsOf: "\(name){\(labels)} \(value.description)\n".utf8)
        }

        mutating func histogram(_ name: String, _ labels: String, _ times: LatencyDistribution) {
            var buckets = times.buckets[...]
            var count: UInt64 = 0
            for bound in PrometheusText.bounds {
                while let bucket = buckets.first, LatencyBuckets.middle(Int(bucket.index)) <= Double(bound) {
                    count &+= bucket.count
                    buckets.removeFirst()
                }
                sample("\(name)_bucket", labels + ",le=\"\(Double(bound) / 1_000_000)\"", count)
            }
            let all = times.count
            sample("\(name)_bucket", labels + ",le=\"+Inf\"", all)
            sample("\(name)_sum", labels, Double(times.sum) / 1_000_000)
            sample("\(name)_count", labels, all)
        }

        /// `api="...",...` with backslash, quote and line break escaped.
        static func labels(_ key: MetricSeriesKey) -> String {
            let pairs = [
                ("api", key.apiName), ("api_id", key.apiID), ("stage", key.stage), ("method", key.method),
                ("resource", key.resource), ("canary", key.isCanary ? "true" : "false"),
            ]
            return pairs.map { name, value in
                var text = String.UnicodeScalarView()
                for scalar in value.unicodeScalars {
                    switch scalar {
                    case "\\", "\"": text.append(contentsOf: ["\\", scalar])
                    case "\n": text.append(contentsOf: ["\\", "n"])
                    default: text.append(scalar)
                    }
                }
                return "\(name)=\"\(String(text))\""
            }.joined(separator: ",")
        }
    }
}

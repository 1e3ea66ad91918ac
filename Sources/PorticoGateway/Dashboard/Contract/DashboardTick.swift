/// What happened in a second.
struct DashboardTick: Sendable, Hashable {
    /// The end of the second, in milliseconds since 1970.
    var time: Int
    /// How many seconds it stands for: 1, and more where the gateway was late.
    var seconds = 1
    /// By position in ``DashboardHello/stages``, those with requests only.
    var stages: [DashboardNumbers]
    /// By id, those with requests only.
    var routes: [DashboardNumbers]
    var gauges = DashboardGauges()

    /// The JSON.
    var json: [UInt8] {
        var json = DashboardJSON()
        write(to: &json)
        return json.bytes
    }

    func write(to json: inout DashboardJSON) {
        json.object { json in
            json.integer("time", time)
            json.integer("seconds", seconds)
            json.array("stages", stages) { $1.write(as: "stage", to: &$0) }
            json.array("routes", routes) { $1.write(as: "route", to: &$0) }
            json.integer("connections", ifPresent: gauges.connections)
            json.integer("underWay", ifPresent: gauges.underWay)
            json.integer("memoryBytes", ifPresent: gauges.memoryBytes)
        }
    }
}

/// What is the case at the end of a second.
struct DashboardGauges: Sendable, Hashable {
    /// Client connections that are open.
    var connections: Int?
    /// Requests that wait for a backend, an authorizer or a function.
    var underWay: Int?
    /// Memory of the process.
    var memoryBytes: Int?
}

/// Counts of a stage or a route.
struct DashboardCounts: Sendable, Hashable {
    /// Requests that were answered.
    var requests: UInt64 = 0
    /// Those answered with 4xx, throttled ones among them.
    var clientErrors: UInt64 = 0
    /// Those answered with 5xx.
    var serverErrors: UInt64 = 0
    /// Those answered with 429.
    var throttled: UInt64 = 0
    /// Those answered from the cache.
    var cacheHits: UInt64 = 0
    /// Those that were looked up in the cache in vain.
    var cacheMisses: UInt64 = 0

    /// Members of the JSON. This table is all that knows them.
    static let members: [(name: String, path: any WritableKeyPath<DashboardCounts, UInt64> & Sendable)] = [
        ("requests", \.requests), ("clientErrors", \.clientErrors), ("serverErrors", \.serverErrors),
        ("throttled", \.throttled), ("cacheHits", \.cacheHits), ("cacheMisses", \.cacheMisses),
    ]

    /// What came since `earlier`; all of it where a number is less than it was, because somebody began to count anew.
    func since(_ earlier: DashboardCounts) -> DashboardCounts {
        guard Self.members.allSatisfy({ self[keyPath: $0.path] >= earlier[keyPath: $0.path] }) else { return self }
        var difference = DashboardCounts()
        for member in Self.members {
            difference[keyPath: member.path] = self[keyPath: member.path] - earlier[keyPath: member.path]
        }
        return difference
    }
}

/// Numbers of one stage or route in a tick.
struct DashboardNumbers: Sendable, Hashable {
    /// How many of a ``DashboardBuckets`` bucket there were.
    struct Bucket: Sendable, Hashable {
        var index: Int
        var count: UInt64
    }

    /// Position of the stage, or id of the route.
    var id: Int
    var counts: DashboardCounts
    /// Time from the first byte of a request to the last of its answer; buckets that have some, in order.
    var latency: [Bucket] = []
    /// Time of calls of backends.
    var integrationLatency: [Bucket] = []

    func write(as name: String, to json: inout DashboardJSON) {
        json.object { json in
            json.integer(name, id)
            for member in DashboardCounts.members where counts[keyPath: member.path] > 0 {
                json.integer(member.name, counts[keyPath: member.path])
            }
            Self.write(latency, as: "latency", to: &json)
            Self.write(integrationLatency, as: "integrationLatency", to: &json)
        }
    }

    private static func write(_ buckets: [Bucket], as name: String, to json: inout DashboardJSON) {
        guard !buckets.isEmpty else { return }
        json.array(name, buckets) { json, bucket in
            json.integer(nil, bucket.index)
            json.integer(nil, bucket.count)
        }
    }
}

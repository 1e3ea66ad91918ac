/// What the dashboard is told first, and again with each deployment: the parts of an API by their numbers.
///
/// Events name stages by their position in ``stages`` and routes by ``DashboardRoute/id``; both count until the next
/// `hello`. `docs/dashboard.md` has the contract.
struct DashboardHello: Sendable, Hashable {
    /// Version of Portico.
    var version: String
    /// How many snapshots were put into service since the start.
    var generation: Int
    /// Milliseconds since 1970 at which the gateway started.
    var started: Int
    /// `info.title`
    var apiName: String
    /// Ten base-36 characters.
    var apiID: String
    var region: String
    var stages: [DashboardStage]
    var routes: [DashboardRoute]
    /// What else a user may want to know, in the order in which it is shown.
    var settings: [DashboardSetting] = []

    /// The JSON; `time` is now, in milliseconds since 1970.
    func json(at time: Int, alarms: [DashboardAlarm], history: some Sequence<DashboardTick>) -> [UInt8] {
        var json = DashboardJSON()
        json.object { json in
            json.string("version", version)
            json.integer("generation", generation)
            json.integer("started", started)
            json.integer("time", time)
            json.object("api") { json in
                json.string("name", apiName)
                json.string("id", apiID)
                json.string("region", region)
            }
            json.array("latencyBuckets", DashboardBuckets.bounds) { $0.integer(nil, $1) }
            json.array("phases", RequestPhase.allCases) { $0.string(nil, $1.name) }
            json.array("stages", stages) { $1.write(to: &$0) }
            json.array("routes", routes) { $1.write(to: &$0) }
            json.array("alarms", alarms) { $1.write(to: &$0) }
            json.array("settings", settings) { json, setting in
                json.object { json in
                    json.string("name", setting.name)
                    json.string("value", setting.value)
                }
            }
            json.array("history", history) { $1.write(to: &$0) }
        }
        return json.bytes
    }
}

/// A stage as the dashboard shows it.
struct DashboardStage: Sendable, Hashable {
    var name: String
    /// Id of its deployment.
    var deployment: String
    /// The deployment that has a part of the stage's requests.
    var canary: DashboardCanary?
    /// Whether it has a cache.
    var hasCache = false
    /// Its default throttle.
    var throttle: DashboardThrottle?
    /// `OFF`, `ERROR` or `INFO`
    var loggingLevel = "OFF"

    func write(to json: inout DashboardJSON) {
        json.object { json in
            json.string("name", name)
            json.string("deployment", deployment)
            if let canary {
                json.object("canary") { json in
                    json.number("percent", canary.percent)
                    json.string("deployment", canary.deployment)
                }
            }
            json.boolean("cache", hasCache)
            throttle?.write(to: &json)
            json.string("logging", loggingLevel)
        }
    }
}

/// A canary release of a stage.
struct DashboardCanary: Sendable, Hashable {
    /// Share of the requests, 0 to 100.
    var percent: Double
    /// Id of its deployment.
    var deployment: String
}

/// A throttle. Source: API Gateway guide, "Throttle requests to your REST APIs".
struct DashboardThrottle: Sendable, Hashable {
    /// Requests a second.
    var rate: Double
    /// Requests at once.
    var burst: Int

    func write(to json: inout DashboardJSON) {
        json.object("throttle") { json in
            json.number("rate", rate)
            json.integer("burst", burst)
        }
    }
}

/// A method of a resource in one stage, and what it is set to.
struct DashboardRoute: Sendable, Hashable {
    /// Number of its own among all routes, which need not be without gaps.
    var id: Int
    /// Position in ``DashboardHello/stages``.
    var stage: Int
    /// `GET`, ..., `ANY`
    var method: String
    /// Path with its variables.
    var path: String
    /// As `portico routes` prints it.
    var integration: String
    /// Such as `NONE` or `CUSTOM my-authorizer`.
    var authorization: String
    var requiresAPIKey = false
    /// Time to live of cached answers; `nil` without cache.
    var cacheSeconds: Int?
    /// Its own throttle.
    var throttle: DashboardThrottle?
    /// Longest time that its backend may take.
    var timeoutMilliseconds: Int?
    /// `operationId`
    var operation: String?
    /// Line in the spec, from 1; 0 if unknown.
    var line = 0

    func write(to json: inout DashboardJSON) {
        json.object { json in
            json.integer("id", id)
            json.integer("stage", stage)
            json.string("method", method)
            json.string("path", path)
            json.string("integration", integration)
            json.string("authorization", authorization)
            json.boolean("apiKey", requiresAPIKey)
            json.integer("cacheSeconds", ifPresent: cacheSeconds)
            throttle?.write(to: &json)
            json.integer("timeoutMilliseconds", ifPresent: timeoutMilliseconds)
            json.string("operation", ifPresent: operation)
            if line > 0 { json.integer("line", line) }
        }
    }
}

/// A setting of the gateway in words.
struct DashboardSetting: Sendable, Hashable {
    var name: String
    var value: String
}

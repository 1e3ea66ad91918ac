/// The ticks of the last minutes, which a dashboard that is opened begins with.
struct TickHistory: Sendable {
    /// Seconds that are kept: the longest time that the page shows.
    static let seconds = 900
    /// Numbers of stages and routes that are kept in all; ticks of many routes go sooner.
    let limit: Int

    private(set) var ticks: [DashboardTick] = []
    private var numbers = 0

    init(limit: Int = 40_000) {
        self.limit = limit
    }

    /// Keeps a tick, and lets go of those that are too old or too many.
    mutating func add(_ tick: DashboardTick) {
        ticks.append(tick)
        numbers += Self.size(tick)
        let oldest = tick.time - Self.seconds * 1000
        var gone = 0
        while gone < ticks.count - 1, ticks[gone].time <= oldest || numbers > limit {
            numbers -= Self.size(ticks[gone])
            gone += 1
        }
        ticks.removeFirst(gone)
    }

    /// Gives stages and routes the numbers that they have in a new deployment; those that it lacks go.
    mutating func renumber(from old: DashboardHello, to new: DashboardHello) {
        let stages = Self.mapping(
            old.stages.enumerated().map { ($0.offset, $0.element.name) },
            new.stages.enumerated().map { ($0.offset, $0.element.name) })
        let routes = Self.mapping(
            old.routes.map { ($0.id, Self.key($0, old)) }, new.routes.map { ($0.id, Self.key($0, new)) })
        for index in ticks.indices {
            ticks[index].stages = Self.renumber(ticks[index].stages, stages)
            ticks[index].routes = Self.renumber(ticks[index].routes, routes)
        }
        numbers = ticks.reduce(0) { $0 + Self.size($1) }
    }

    private static func size(_ tick: DashboardTick) -> Int { tick.stages.count + tick.routes.count + 1 }

    private static func key(_ route: DashboardRoute, _ hello: DashboardHello) -> [String] {
        [hello.stages.indices.contains(route.stage) ? hello.stages[route.stage].name : "", route.method, route.path]
    }

    private static func mapping<Key: Hashable>(_ old: [(id: Int, key: Key)], _ new: [(id: Int, key: Key)]) -> [Int: Int]
    {
        let ids = Dictionary(new.map { ($0.key, $0.id) }) { first, _ in first }
        return Dictionary(old.compactMap { entry in ids[entry.key].map { (entry.id, $0) } }) { first, _ in first }
    }

    private static func renumber(_ numbers: [DashboardNumbers], _ ids: [Int: Int]) -> [DashboardNumbers] {
        numbers.compactMap { entry in
            guard let id = ids[entry.id] else { return nil }
            var entry = entry
            entry.id = id
            return entry
        }
        .sorted { $0.id < $1.id }
    }
}

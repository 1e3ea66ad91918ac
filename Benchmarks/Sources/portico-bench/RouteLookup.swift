@testable import PorticoGateway

/// Time of one route look-up among 10, 1,000 and 10,000 routes, parameters included.
enum RouteLookup {
    static let lookups = 1_000_000
    static let runs = 5

    static func run() -> Bool {
        [10, 1_000, 10_000].map(run).allSatisfy { $0 }
    }

    private static func run(count: Int) -> Bool {
        let declarations = (0..<count).map { service in
            RouteDeclaration("/v1/service-\(service)/{id}/items/{item}", [RouteMethod(.get, service)])
        }
        var table = RouteTableBuilder.build([], methodCount: 0).table
        let build = Measurement.median(runs: 3) {
            table = RouteTableBuilder.build(declarations, methodCount: count).table
        }

        // Services are asked for in an order that a cache cannot foresee.
        let paths = (0..<4_096).map { Array("/v1/service-\($0 &* 7_919 % count)/id-\($0)/items/abc".utf8) }
        let parameters = RouteParameters()
        var found = 0
        let time = Measurement.median(runs: runs) {
            for index in 0..<lookups {
                paths[index & 4_095].withUnsafeBytes { path in
                    if table.match(path, verb: RouteVerb.get.rawValue, parameters: parameters) != nil { found += 1 }
                }
            }
        }
        let lookup = Measurement.report("route look-up among \(count)", time / Double(lookups), "ns", limit: 100)
        let compile = Measurement.report("route table of \(count)", build / 1e6, "ms", limit: 1_000)
        return lookup && compile && found == lookups * (runs + 1)
    }
}

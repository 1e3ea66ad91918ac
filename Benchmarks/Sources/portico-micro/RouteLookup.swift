import Measurement

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

        // Services are asked for in an order that a cache cannot foresee. The paths lie in one buffer, as they do in a
        // connection's, so that it is the look-up that is measured and not the way to the path.
        var text: [UInt8] = []
        let spans = (0..<4_096).map { number in
            let start = text.count
            text += Array("/v1/service-\(number &* 7_919 % count)/id-\(number)/items/abc".utf8)
            return start..<text.count
        }
        let parameters = RouteParameters()
        var found = 0
        let time = Measurement.median(runs: runs) {
            text.withUnsafeBytes { text in
                for index in 0..<lookups {
                    let path = UnsafeRawBufferPointer(rebasing: text[spans[index & 4_095]])
                    if table.match(path, verb: RouteVerb.get.rawValue, parameters: parameters) != nil { found += 1 }
                }
            }
        }
        let lookup = Measurement.report("route look-up among \(count)", time / Double(lookups), "ns", limit: 100)
        let compile = Measurement.report("route table of \(count)", build / 1e6, "ms", limit: 1_000)
        return lookup && compile && found == lookups * (runs + 1)
    }
}

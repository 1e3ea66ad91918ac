import Testing

@testable import PorticoGateway

/// Counts what a search enters, and how often it meets any one node.
private struct CountingObserver: RouteObserver {
    var entered = 0
    var events = 0
    var mostOften = 0
    private var times: [Int: Int] = [:]

    mutating func note(_ event: @autoclosure () -> RouteEvent) {
        events += 1
        switch event() {
        case .literal(let node, _), .variable(let node, _), .greedy(let node, _):
            entered += 1
            times[node, default: 0] += 1
            mostOften = max(mostOften, times[node] ?? 0)
        default: break
        }
    }
}

@Suite("The cost of route matching")
struct RouteBoundTests {
    private func count(_ table: RouteTable, _ verb: RouteVerb, _ path: String) -> CountingObserver {
        var observer = CountingObserver()
        let parameters = RouteParameters()
        Array(path.utf8).withUnsafeBytes {
            _ = table.search($0, verb: verb.rawValue, parameters: parameters, observer: &observer)
        }
        return observer
    }

    @Test("200 segments through greedy branches at each level are given up once each")
    func greedyAtEachLevel() {
        var lines = ["GET /{top+}", "GET " + String(repeating: "/a", count: 200) + "/end"]
        for depth in 1..<200 { lines.append("POST " + String(repeating: "/a", count: depth) + "/{p+}") }
        let table = RouteTable.build(lines).table
        let path = String(repeating: "/a", count: 200)
        let observer = count(table, .get, path)
        #expect(table.answer(.get, path)?.resource == "/{top+}")
        #expect(observer.entered <= 401)
        #expect(observer.events <= 1000)
    }

    @Test("all mixtures of literal and variable, 4,096 routes, cost a request of 200 segments nothing")
    func allMixtures() {
        let lines = (0..<4096).map { bits in
            "GET " + (0..<12).map { bits >> $0 & 1 == 0 ? "/a" : "/{v}" }.joined()
        }
        let table = RouteTable.build(lines).table
        #expect(table.answer(.get, String(repeating: "/a", count: 12))?.values == [])
        #expect(table.answer(.get, String(repeating: "/b", count: 12))?.values.count == 12)
        // The wrong verb is refused at the root, and a path too long after the first way down.
        #expect(count(table, .post, String(repeating: "/a", count: 12)).entered == 0)
        #expect(count(table, .get, String(repeating: "/a", count: 200)).entered <= 24)
        #expect(count(table, .get, String(repeating: "/a", count: 11)).entered <= 2 * 4096)
    }

    @Test("no node is entered twice, whatever the routes and the request")
    func atMostOnce() {
        var lines: [String] = []
        for bits in 0..<1024 {
            let way = (0..<10).map { bits >> $0 & 1 == 0 ? "/a" : "/{v}" }.joined()
            lines.append("GET \(way)/only-\(bits)")
            lines.append("POST \(way)/{p+}")
        }
        let table = RouteTable.build(lines).table
        for path in [String(repeating: "/a", count: 200), String(repeating: "/a", count: 10) + "/none"] {
            let observer = count(table, .get, path)
            #expect(observer.mostOften <= 1)
            #expect(observer.entered <= table.nodes.count)
        }
    }

    @Test("chains that part at every level stay within the table's size")
    func chains() {
        let lines = (0..<200).map { at in
            "GET " + (0..<200).map { $0 == at ? "/{v}" : "/a" }.joined() + "/end-\(at)"
        }
        let table = RouteTable.build(lines).table
        let observer = count(table, .get, String(repeating: "/a", count: 200) + "/none")
        #expect(observer.mostOften == 1)
        #expect(observer.entered <= table.nodes.count)
        let longer = count(table, .get, String(repeating: "/a", count: 4000))
        #expect(longer.entered <= 201)
    }
}

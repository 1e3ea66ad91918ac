import Testing

@testable import PorticoGateway

/// The rule said another way: of all resources that fit the path and answer the verb, the one whose kinds of segments
/// come first when compared from the left. It looks at each route alone and knows no tree.
private struct PlainRoutes {
    struct Route {
        var path: String
        var segments: [String]
        var methods: [RouteMethod]

        var kinds: [Int] { segments.map { !$0.hasPrefix("{") ? 0 : $0.hasSuffix("+}") ? 2 : 1 } }
    }

    var routes: [Route]

    func answer(_ verb: RouteVerb, _ path: String) -> RouteAnswer? {
        let segments = path.split(separator: "/").map(String.init)
        let candidates = routes.compactMap { route -> (kinds: [Int], answer: RouteAnswer)? in
            guard
                let method = route.methods.first(where: { $0.verb == verb })
                    ?? route.methods.first(where: { $0.verb == .any })
            else { return nil }
            guard let values = values(route, segments, path) else { return nil }
            return (route.kinds, RouteAnswer(method: Int(method.method), resource: route.path, values: values))
        }
        return candidates.min { $0.kinds.lexicographicallyPrecedes($1.kinds) }?.answer
    }

    private func values(_ route: Route, _ segments: [String], _ path: String) -> [String]? {
        var values: [String] = []
        for (index, segment) in route.segments.enumerated() {
            guard index < segments.count else { return nil }
            switch route.kinds[index] {
            case 0:
                guard segment == segments[index] else { return nil }
            case 1: values.append(segments[index])
            default:
                values.append(greedy(path, after: index))
                return values
            }
        }
        return route.segments.count == segments.count ? values : nil
    }

    /// The path without its first `count` segments and without slashes at both ends.
    private func greedy(_ path: String, after count: Int) -> String {
        var rest = Substring(path)
        for _ in 0..<count {
            rest = rest.drop { $0 == "/" }
            rest = rest.drop { $0 != "/" }
        }
        rest = rest.drop { $0 == "/" }
        while rest.last == "/" { rest.removeLast() }
        return String(rest)
    }
}

@Suite("Route matching against the plain rule")
struct RouteDifferentialTests {
    private static let words = ["a", "b", "ab", "abcdefgh", "abcdefghijk", "items-and-more"]

    private static func routes(_ random: inout RouteRandom) -> [RouteDeclaration] {
        var paths: Set<String> = []
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            var path = ""
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<5: path += "/" + words[Int.random(in: 0..<words.count, using: &random)]
                case 5..<9: path += "/{v}"
                default:
                    path += "/{p+}"
                }
                if path.hasSuffix("+}") { break }
            }
            paths.insert(path.isEmpty ? "/" : path)
        }
        var method = 0
        return paths.sorted().map { path in
            var methods: [RouteMethod] = []
            for verb in RouteVerb.allCases where Int.random(in: 0..<4, using: &random) == 0 {
                methods.append(RouteMethod(verb, method))
                method += 1
            }
            return RouteDeclaration(path, methods)
        }
    }

    private static func path(_ random: inout RouteRandom) -> String {
        var path = ""
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            path += String(repeating: "/", count: Int.random(in: 0..<8, using: &random) == 0 ? 3 : 1)
            path += Int.random(in: 0..<6, using: &random) == 0 ? "zz" : words.randomElement(using: &random) ?? ""
        }
        if Int.random(in: 0..<4, using: &random) == 0 { path += "/" }
        return path
    }

    @Test("40,000 random requests on 400 random tables find what the plain rule finds", arguments: 0..<4)
    func requests(seed: Int) {
        var random = RouteRandom(seed: UInt64(seed) &+ 7)
        let parameters = RouteParameters(capacity: 1)
        var found = 0
        for _ in 0..<100 {
            let declarations = Self.routes(&random)
            let build = RouteTableBuilder.build(
                declarations, methodCount: declarations.reduce(0) { $0 + $1.methods.count })
            let plain = PlainRoutes(
                routes: declarations.map {
                    .init(path: $0.path, segments: $0.path.split(separator: "/").map(String.init), methods: $0.methods)
                })
            for _ in 0..<100 {
                let path = Self.path(&random)
                let verb = RouteVerb.allCases[Int.random(in: 0..<RouteVerb.requestVerbCount, using: &random)]
                let expected = plain.answer(verb, path)
                let actual = build.table.answer(raw: verb.rawValue, Array(path.utf8), parameters)
                guard actual == expected else {
                    Issue.record(
                        "\(verb.name) '\(path)': \(String(describing: actual)), not \(String(describing: expected))\n\(build.table.dump())"
                    )
                    return
                }
                let explained = build.table.explain(path, verb: verb)
                #expect(explained.match.map { Int($0.method) } == expected?.method)
                #expect(explained.parameters.map(\.value) == expected?.values ?? [])
                if expected != nil { found += 1 }
            }
        }
        #expect(found > 2000)
    }
}

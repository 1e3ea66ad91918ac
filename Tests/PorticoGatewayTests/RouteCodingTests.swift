import PorticoPrograms
import Testing

@testable import PorticoGateway

@Suite("Route tables as bytes")
struct RouteCodingTests {
    private static let lines = [
        "GET /", "GET,POST /pets", "GET,DELETE,ANY /pets/{id}", "PUT /pets/{id}/toys/{toy}", "GET /pets/mine",
        "ANY /files/{path+}", "OPTIONS /{proxy+}",
    ]

    private static func decode(_ bytes: [UInt8]) -> RouteTable? {
        var reader = ByteReader(bytes)
        guard let table = try? RouteTable(decoding: &reader), reader.isAtEnd else { return nil }
        return table
    }

    /// Asks a table, sound or not, for whatever it may be led astray by.
    private static func exercise(_ table: RouteTable) {
        let parameters = RouteParameters()
        let paths = [
            "", "/", "/pets", "/pets/1", "/pets/mine/", "/pets/1/toys/2", "/pets/1/toys/2/3", "/files/a//b/", "/x/y/z",
            String(repeating: "/pets", count: 50),
        ]
        for path in paths.map({ Array($0.utf8) }) {
            for verb in UInt8(0)..<9 {
                guard let match = path.withUnsafeBytes({ table.match($0, verb: verb, parameters: parameters) }) else {
                    continue
                }
                #expect(Int(match.method) < table.methodCount)
                #expect(Int(match.resource) < table.nodes.count)
                #expect(parameters.count == table.parameterNames(of: Int(match.resource)).count)
                for index in 0..<parameters.count {
                    let range = parameters[index].range
                    #expect(range.lowerBound >= 0 && range.upperBound <= path.count && !range.isEmpty)
                }
            }
        }
        #expect(!table.dump().isEmpty)
        #expect(table.explain("/pets/1/toys/none", verb: .put).steps.count <= 3 * table.nodes.count + 3)
    }

    @Test("a table comes back as it was")
    func roundTrip() throws {
        for lines in [[], ["GET /"], Self.lines] {
            let table = RouteTable.build(lines).table
            var reader = ByteReader(table.encoded)
            let other = try RouteTable(decoding: &reader)
            #expect(reader.isAtEnd)
            #expect(other.dump() == table.dump())
            #expect(other.encoded == table.encoded)
            for path in ["/", "/pets/mine", "/pets/1", "/files/a/b", "/pets/1/toys/2", "/no/where"] {
                for verb in RouteVerb.allCases { #expect(other.answer(verb, path) == table.answer(verb, path)) }
            }
        }
    }

    @Test("bytes cut anywhere are refused")
    func truncation() {
        let bytes = RouteTable.build(Self.lines).table.encoded
        for count in 0..<bytes.count { #expect(Self.decode(Array(bytes[..<count])) == nil) }
    }

    @Test("a flipped bit is refused or gives another table that is safe to ask")
    func bitFlips() {
        let bytes = RouteTable.build(Self.lines).table.encoded
        var accepted = 0
        for place in 0..<bytes.count * 8 {
            var damaged = bytes
            damaged[place / 8] ^= 1 << UInt8(place % 8)
            guard let table = Self.decode(damaged) else { continue }
            accepted += 1
            Self.exercise(table)
        }
        // Letters of names and other method numbers below the count are as good as the true ones.
        #expect(accepted > 0 && accepted < bytes.count * 4)
    }

    @Test("random changes of random bytes never lead a search astray", arguments: 0..<4)
    func randomDamage(seed: Int) {
        var random = RouteRandom(seed: UInt64(seed))
        let bytes = RouteTable.build(Self.lines).table.encoded
        for _ in 0..<4000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<damaged.count, using: &random)
                // Small numbers come closest to what a file holds.
                damaged[at] =
                    Bool.random(using: &random)
                    ? UInt8.random(in: 0...16, using: &random) : UInt8.random(in: 0...255, using: &random)
            }
            if let table = Self.decode(damaged) { Self.exercise(table) }
        }
    }

    @Test("random bytes are refused or safe", arguments: 0..<2)
    func noise(seed: Int) {
        var random = RouteRandom(seed: UInt64(seed) &+ 99)
        for _ in 0..<4000 {
            let bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ in UInt8.random(in: 0...3, using: &random)
            }
            if let table = Self.decode(bytes) { Self.exercise(table) }
        }
    }

    struct BadTree: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var nodes: [RouteTable.TrunkNode]
    }

    private static func node(
        _ kind: RouteTable.Kind, _ depth: UInt32, _ start: UInt32, _ count: UInt32, _ methods: [RouteMethod] = []
    ) -> RouteTable.TrunkNode {
        RouteTable.TrunkNode(kind: kind, depth: depth, nameStart: start, nameCount: count, methods: methods)
    }

    /// Names are `ab/`, and there are two methods.
    @Test(
        "what is no tree in canonical order is refused",
        arguments: [
            BadTree(testDescription: "no root", nodes: []),
            BadTree(testDescription: "a literal for a root", nodes: [node(.literal, 0, 0, 1)]),
            BadTree(testDescription: "two roots", nodes: [node(.root, 0, 0, 0), node(.root, 0, 0, 0)]),
            BadTree(testDescription: "a root below", nodes: [node(.root, 0, 0, 0), node(.root, 1, 0, 1)]),
            BadTree(testDescription: "a level left out", nodes: [node(.root, 0, 0, 0), node(.literal, 2, 0, 1)]),
            BadTree(
                testDescription: "siblings out of order",
                nodes: [node(.root, 0, 0, 0), node(.literal, 1, 1, 1), node(.literal, 1, 0, 1)]),
            BadTree(
                testDescription: "equal siblings",
                nodes: [node(.root, 0, 0, 0), node(.literal, 1, 0, 1), node(.literal, 1, 0, 1)]),
            BadTree(
                testDescription: "two variables",
                nodes: [node(.root, 0, 0, 0), node(.variable, 1, 0, 1), node(.variable, 1, 1, 1)]),
            BadTree(
                testDescription: "a variable before a literal",
                nodes: [node(.root, 0, 0, 0), node(.variable, 1, 0, 1), node(.literal, 1, 1, 1)]),
            BadTree(
                testDescription: "a child of a greedy node",
                nodes: [node(.root, 0, 0, 0), node(.greedy, 1, 0, 1), node(.literal, 2, 1, 1)]),
            BadTree(testDescription: "an empty literal", nodes: [node(.root, 0, 0, 0), node(.literal, 1, 0, 0)]),
            BadTree(testDescription: "a slash", nodes: [node(.root, 0, 0, 0), node(.literal, 1, 1, 2)]),
            BadTree(testDescription: "a name beyond the end", nodes: [node(.root, 0, 0, 0), node(.literal, 1, 2, 2)]),
            BadTree(
                testDescription: "a name far beyond the end",
                nodes: [node(.root, 0, 0, 0), node(.literal, 1, .max, .max)]),
            BadTree(testDescription: "a method beyond the end", nodes: [node(.root, 0, 0, 0, [RouteMethod(.get, 2)])]),
            BadTree(
                testDescription: "a verb twice",
                nodes: [node(.root, 0, 0, 0, [RouteMethod(.get, 0), RouteMethod(.get, 1)])]),
        ])
    func badTrees(_ tree: BadTree) {
        #expect(RouteTable(trunk: tree.nodes, names: Array("ab/".utf8), methodCount: 2) == nil)
    }
}

import Testing

@testable import PorticoGateway

@Suite("Building route tables")
struct RouteTableBuilderTests {
    @Test("the dump shows the tree in order, with its methods")
    func dump() {
        let table = RouteTable.of(
            "GET /", "GET,ANY /pets/{id}", "GET,POST /pets", "OPTIONS /{proxy+}", "GET /pets/mine/food")
        #expect(
            table.dump() == """
                routes: 6 nodes, 7 methods, at most 1 parameters
                0: / GET=0
                1:   pets GET=3 POST=4
                2:     mine
                3:       food GET=6
                4:     {id} GET=1 ANY=2
                5:   {proxy+} OPTIONS=5

                """)
    }

    @Test("each declaration learns its node")
    func resources() {
        let build = RouteTable.build(["GET /b", "GET /", "GET /a/{x}", "GET bad", "/b"])
        #expect(build.resources.map { $0.map(build.table.resourcePath(of:)) } == ["/b", "/", "/a/{x}", nil, "/b"])
        #expect(build.resources[0] == build.resources[4])
    }

    @Test("the order of the declarations does not change the table")
    func order() {
        var random = RouteRandom(seed: 3)
        var declarations = (0..<300).map { index in
            RouteDeclaration(
                "/v\(index % 7)/\(index % 3 == 0 ? "{id}" : "s\(index)")/part\(index)", [RouteMethod(.get, index)])
        }
        let first = RouteTableBuilder.build(declarations, methodCount: 300).table
        for _ in 0..<5 {
            declarations.shuffle(using: &random)
            let other = RouteTableBuilder.build(declarations, methodCount: 300).table
            #expect(other.dump() == first.dump())
            #expect(other.encoded == first.encoded)
        }
    }

    struct ClashRow: Sendable, CustomTestStringConvertible {
        var lines: [String]
        var clashes: [RouteClash]

        var testDescription: String { lines.joined(separator: ", ") }
    }

    private static func clash(_ reason: RouteClash.Reason, _ declaration: Int, _ other: Int?) -> RouteClash {
        RouteClash(reason: reason, declaration: declaration, other: other)
    }

    @Test(
        "what cannot stand together is told, with both places",
        arguments: [
            ClashRow(lines: ["GET /a", "POST /a"], clashes: []),
            ClashRow(lines: ["GET /a", "POST,GET /a"], clashes: [clash(.duplicateMethod(verb: .get), 1, 0)]),
            ClashRow(lines: ["GET /a", "GET /a/"], clashes: [clash(.duplicateMethod(verb: .get), 1, 0)]),
            ClashRow(lines: ["ANY /a", "GET /a", "ANY /a"], clashes: [clash(.duplicateMethod(verb: .any), 2, 0)]),
            ClashRow(lines: ["GET /{a}", "POST /{b}"], clashes: [clash(.variableNames("a", "b"), 1, 0)]),
            ClashRow(lines: ["GET /{b}/z", "POST /{a}/y"], clashes: [clash(.variableNames("b", "a"), 1, 0)]),
            ClashRow(lines: ["GET /{a+}", "POST /{b+}"], clashes: [clash(.variableNames("a", "b"), 1, 0)]),
            ClashRow(
                lines: ["GET /{p+}", "GET /{x}/y"],
                clashes: [clash(.variableBesideGreedy(variable: "x", greedy: "p"), 1, 0)]),
            ClashRow(lines: ["GET /{x}/{p+}", "GET /{x}/y"], clashes: []),
            ClashRow(lines: ["GET /{p+}/a"], clashes: [clash(.childOfGreedy, 0, nil)]),
            ClashRow(lines: ["GET a"], clashes: [clash(.malformedPath, 0, nil)]),
            ClashRow(lines: ["GET /a{x}"], clashes: [clash(.malformedPath, 0, nil)]),
            ClashRow(lines: ["GET /{x}.json"], clashes: [clash(.malformedPath, 0, nil)]),
            ClashRow(
                lines: ["GET /{x", "GET /x}"], clashes: [clash(.malformedPath, 0, nil), clash(.malformedPath, 1, nil)]),
            ClashRow(
                lines: ["GET /{}", "GET /{+}"], clashes: [clash(.malformedPath, 0, nil), clash(.malformedPath, 1, nil)]),
            ClashRow(lines: ["GET /{a}{b}"], clashes: [clash(.malformedPath, 0, nil)]),
        ])
    func clashes(_ row: ClashRow) {
        #expect(RouteTable.build(row.lines).clashes == row.clashes)
    }

    @Test("the first declaration wins a clash, and the rest of the table serves")
    func firstWins() {
        let build = RouteTable.build(["GET /{b}/z", "GET /{a}/z", "POST /{a}/y", "GET /{p+}/a", "GET /ok"])
        #expect(build.table.answer(.get, "/1/z") == RouteAnswer(method: 0, resource: "/{b}/z", values: ["1"]))
        #expect(build.table.answer(.post, "/1/y") == RouteAnswer(method: 2, resource: "/{b}/y", values: ["1"]))
        #expect(build.table.answer(.get, "/ok")?.method == 4)
        #expect(build.clashes.count == 4)
    }

    @Test("10,000 routes are all found again")
    func manyRoutes() {
        let declarations = (0..<10_000).map {
            RouteDeclaration("/v1/service-\($0)/{id}/items/{item}", [RouteMethod(.get, $0)])
        }
        let build = RouteTableBuilder.build(declarations, methodCount: 10_000)
        #expect(build.clashes.isEmpty)
        let parameters = RouteParameters()
        for index in 0..<10_000 {
            let path = Array("/v1/service-\(index)/o\(index)/items/i\(index)".utf8)
            let answer = build.table.answer(raw: RouteVerb.get.rawValue, path, parameters)
            guard answer?.method == index, answer?.values == ["o\(index)", "i\(index)"] else {
                Issue.record("route \(index): \(String(describing: answer))")
                return
            }
        }
        #expect(build.table.answer(.get, "/v1/service-10000/1/items/2") == nil)
    }
}

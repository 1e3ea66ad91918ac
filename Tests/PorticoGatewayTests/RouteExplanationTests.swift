import Testing

@testable import PorticoGateway

@Suite("Explaining routes")
struct RouteExplanationTests {
    private let table = RouteTable.of(
        "GET,POST /pets", "GET,ANY /pets/{id}", "GET /pets/mine/food", "OPTIONS /{proxy+}", "GET /a/b/c/d")

    private func texts(_ verb: RouteVerb, _ path: String) -> [String] {
        table.explain(path, verb: verb).steps.map(\.text)
    }

    @Test("the way to a method is told segment by segment")
    func found() {
        #expect(
            texts(.get, "/pets/3") == [
                "'pets' is the resource /pets",
                "'3' is no literal child of /pets",
                "'3' is taken as {id} of /pets/{id}",
                "/pets/{id} declares GET",
            ])
        #expect(texts(.delete, "/pets/3").last == "/pets/{id} declares ANY, which stands for DELETE")
    }

    @Test("a branch that is given up is told with its reason")
    func fallBack() {
        #expect(
            texts(.options, "/pets") == [
                "'pets' is the resource /pets",
                "/pets does not answer OPTIONS: it declares GET, POST",
                "back to /",
                "'pets' is taken as {proxy+} of /{proxy+}",
                "/{proxy+} declares OPTIONS",
            ])
        #expect(
            texts(.options, "/a/x") == [
                "/a is passed over: nothing there or below answers OPTIONS",
                "'a/x' is taken as {proxy+} of /{proxy+}",
                "/{proxy+} declares OPTIONS",
            ])
    }

    @Test("a request that nothing answers ends at the root")
    func notFound() {
        #expect(
            texts(.get, "/a/b") == [
                "'a' is the resource /a",
                "'b' is the resource /a/b",
                "/a/b does not answer GET: it declares no method",
                "back to /a",
                "back to /",
                "'a/b' is taken as {proxy+} of /{proxy+}",
                "/{proxy+} does not answer GET: it declares OPTIONS",
            ])
        #expect(table.explain("/a/b", verb: .get).match == nil)
    }

    @Test("a branch that cannot be as deep as the path is passed over")
    func tooShallow() {
        let table = RouteTable.of("GET /a/b/c", "GET /{x}/y", "GET /{x}/{z}/c/{p+}")
        #expect(
            table.explain("/a/b/c/d", verb: .get).steps.map(\.text) == [
                "'a' is the resource /a",
                "'b' is the resource /a/b",
                "'c' is the resource /a/b/c",
                "back to /a/b", "back to /a", "back to /",
                "'a' is taken as {x} of /{x}",
                "'b' is no literal child of /{x}",
                "'b' is taken as {z} of /{x}/{z}",
                "'c' is the resource /{x}/{z}/c",
                "'d' is taken as {p+} of /{x}/{z}/c/{p+}",
                "/{x}/{z}/c/{p+} declares GET",
            ])
        #expect(
            RouteTable.of("GET /a/b", "GET /{x}/y").explain("/a/b/c", verb: .get).steps.map(\.text).last
                == "/{x} is passed over: nothing below it is as deep as the path")
    }

    @Test("the values come with their names")
    func parameters() {
        let table = RouteTable.of("GET /{bucket}/{key+}")
        let explanation = table.explain("/b1/x%20y//z/", verb: .get)
        #expect(explanation.parameters.map(\.name) == ["bucket", "key"])
        #expect(explanation.parameters.map(\.value) == ["b1", "x%20y//z"])
    }
}

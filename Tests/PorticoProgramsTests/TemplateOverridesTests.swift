import PorticoPrograms
import Testing

@Suite("Overrides")
struct TemplateOverridesTests {
    private func text(_ entries: [TemplateOverrides.Entry]) -> [String] {
        entries.map { entry in
            let values = entry.values.map { String(decoding: $0, as: UTF8.self) }
            return "\(String(decoding: entry.name, as: UTF8.self))=\(values.joined(separator: "|"))"
        }
    }

    @Test("a template that overrides nothing leaves them empty")
    func empty() {
        var renderer = TemplateRenderer()
        #expect(
            renderer.render("$context.requestOverride.header.a#foreach($k in $context.responseOverride.keySet())#end")
                == "")
        #expect(renderer.overrides.isEmpty)
        #expect(renderer.overrides.requestHeaders.isEmpty)
    }

    @Test("headers, path and query of the request, by property, index and put")
    func request() {
        var renderer = TemplateRenderer(body: #"{"l": ["1", "2"]}"#)
        let template = """
            #set($context.requestOverride.header.A = "x")
            #set($n = "B")#set($context.requestOverride.header[$n] = 5)
            $context.requestOverride.querystring.put("q", ["a", "b"])
            #set($context["requestOverride"].querystring["r"] = $input.path('$.l'))
            #set($context.requestOverride.path.p = true)
            """
        #expect(renderer.render(template) != nil)
        #expect(text(renderer.overrides.requestHeaders) == ["A=x", "B=5"])
        #expect(text(renderer.overrides.requestQuery) == ["q=a|b", "r=1|2"])
        #expect(text(renderer.overrides.requestPath) == ["p=true"])
    }

    @Test("the response template reads what the request template set, invented names and types included")
    func visible() {
        var renderer = TemplateRenderer(body: #"{"a": {"b": [1]}}"#)
        let request = """
            #set($context.requestOverride.path.body = $input.body)#set($context.requestOverride.mine = {"n": 4})\
            #set($context.requestOverride.header.o = $input.path('$.a'))
            """
        #expect(renderer.render(request) != nil)
        renderer.body = ""
        let response = """
            $util.parseJson($context.requestOverride.path.body).a.b[0]|#set($m = $context.requestOverride.mine)\
            #set($n = $m.n + 1)$n $context.requestOverride.header.o $context.requestOverride.header.keySet() \
            $context.requestOverride.path.containsKey('body')
            """
        #expect(renderer.render(response) == "1|5 {b=[1]} [o] true")
    }

    static let statuses: [(value: String, status: Int?)] = [
        ("404", 404), ("100", 100), ("599", 599), ("600", nil), ("99", nil), ("\"404\"", nil), ("404.0", nil),
        ("true", nil), ("400 + 4", 404),
    ]

    @Test("the status counts if it is a whole number from 100 to 599", arguments: statuses)
    func status(_ row: (value: String, status: Int?)) {
        var renderer = TemplateRenderer()
        _ = renderer.render("#set($context.responseOverride.status = \(row.value))")
        #expect(renderer.overrides.status == row.status)
    }

    @Test("a whole map of headers")
    func wholeMap() {
        var renderer = TemplateRenderer()
        _ = renderer.render("#set($context.responseOverride.header = {'A': '1', 'B': ['2', '3']})")
        #expect(text(renderer.overrides.responseHeaders) == ["A=1", "B=2|3"])
        _ = renderer.render("#set($h = $context.responseOverride.header)$h.remove('A') $h.put('B', 'x')")
        #expect(text(renderer.overrides.responseHeaders) == ["B=x"])
    }

    @Test("a copy is independent")
    func copies() {
        var renderer = TemplateRenderer()
        _ = renderer.render("#set($context.responseOverride.header.A = '1')")
        let before = renderer.overrides
        _ = renderer.render("#set($context.responseOverride.header.A = '2')")
        #expect(text(before.responseHeaders) == ["A=1"])
        #expect(text(renderer.overrides.responseHeaders) == ["A=2"])
    }
}

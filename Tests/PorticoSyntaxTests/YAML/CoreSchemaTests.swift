import PorticoSyntax
import Testing

@Suite("Plain scalars of YAML 1.2")
struct CoreSchemaTests {
    @Test(
        "plain text has the type that JSON-minded authors mean",
        arguments: [
            ("", "null"), ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("nUll", #""nUll""#),
            ("true", "true"), ("True", "true"), ("FALSE", "false"), ("tRue", #""tRue""#),
            ("0", "0"), ("-7", "-7"), ("+7", "7"), ("200", "200"), ("1.10", "1.10"), ("3.0", "3.0"), ("2.", "2.0"),
            (".5", "0.5"), ("-.5e3", "-0.5e3"), ("1e5", "1e5"), ("1E+5", "1E+5"), ("1e", #""1e""#), ("+", #""+""#),
            (".", #"".""#), ("..", #""..""#), ("0x1F", "31"), ("0xg", #""0xg""#),
            ("0o8", #""0o8""#), ("9223372036854775807", "9223372036854775807"),
            ("9223372036854775808", "9223372036854775808"), ("-9223372036854775808", "-9223372036854775808"),
            ("123456789012345678901234567890", "123456789012345678901234567890"), (".inf", #"".inf""#),
            ("-.INF", #""-.INF""#), (".nan", #"".nan""#), ("+.nan", #""+.nan""#), ("2020-01-01", #""2020-01-01""#),
            ("2012-10-17T01:02:03Z", #""2012-10-17T01:02:03Z""#), ("1.2.3", #""1.2.3""#), ("8080:80", #""8080:80""#),
            ("y", #""y""#), ("n", #""n""#), ("<", #""<""#), ("é", #""é""#),
        ])
    func resolution(text: String, json: String) {
        let reading = Reading("v: \(text)")
        #expect(reading.json == #"{"v":\#(json)}"#)
        #expect(reading.diagnostics.isEmpty)
    }

    @Test(
        "text that YAML 1.1 reads otherwise is read by 1.2 and warned about",
        arguments: [
            ("yes", #""yes""#), ("Yes", #""Yes""#), ("NO", #""NO""#), ("on", #""on""#), ("Off", #""Off""#),
            ("010", "10"), ("-010", "-10"), ("012345678901", "12345678901"), ("08", "8"), ("007", "7"),
            ("0o17", "15"), ("0b101", #""0b101""#), ("12:30:45", #""12:30:45""#), ("1:30", #""1:30""#),
            ("190:20:30.15", #""190:20:30.15""#), ("1_000", #""1_000""#),
        ])
    func olderReaders(text: String, json: String) {
        let reading = Reading("v: \(text)")
        #expect(reading.json == #"{"v":\#(json)}"#)
        #expect(reading.places == ["1:4 yaml.ambiguous-scalar"])
        #expect(reading.diagnostics.first?.fixIt?.replacement == "\"\(text)\"")
    }

    @Test("quoted text is text, whatever it looks like", arguments: ["yes", "010", "null", "1", "true", "~", "0x1F"])
    func quoted(text: String) {
        let reading = Reading("a: '\(text)'\nb: \"\(text)\"\n'\(text)': \"\(text)\"")
        #expect(reading.json == #"{"a":"\#(text)","b":"\#(text)","\#(text)":"\#(text)"}"#)
        #expect(reading.diagnostics.isEmpty)
    }

    @Test("a scalar keeps its digits beside its value")
    func digits() {
        let reading = Reading("openapi: 3.0\nswagger: 2\naccount: \"000000000000\"\nid: 0x1F\nbig: 1e400")
        #expect(reading.node?["openapi"]?.scalar?.text.string == "3.0")
        #expect(reading.node?["openapi"]?.scalar?.kind == .number(3))
        #expect(reading.node?["swagger"]?.scalar?.kind == .integer(2))
        #expect(reading.node?["id"]?.scalar?.text.string == "0x1F")
        #expect(reading.node?["big"]?.scalar?.kind == .number(.infinity))
        #expect(reading.json?.contains(#""big":1e400"#) == true)
    }

    @Test(
        "tags of the core schema are applied",
        arguments: [
            ("!!str 12", #""12""#), ("!!str", #""""#), ("! 12", #""12""#), ("!!int \"12\"", "12"), ("!!float 1", "1"),
            ("!!bool 'true'", "true"), ("!!null ''", "null"), ("!!map {a: 1}", #"{"a":1}"#), ("!!seq [1]", "[1]"),
            ("!<tag:yaml.org,2002:str> 1", #""1""#),
        ])
    func coreTags(text: String, json: String) {
        let reading = Reading("v: \(text)")
        #expect(reading.json == #"{"v":\#(json)}"#)
        #expect(reading.diagnostics.isEmpty)
        #expect(reading.node?["v"]?.tag == nil)
    }

    @Test("tags of CloudFormation are kept, and their text is not given a type")
    func localTags() {
        let reading = Reading(
            "a: !Sub '${X}'\nb: !Ref 12\nc: !Join\n  - ','\n  - [x]\nd: !If [A, !Ref B, 1]\ne: !GetAtt {x: 1}")
        #expect(reading.diagnostics.isEmpty)
        let root = reading.node
        #expect(root?["a"]?.tag == "!Sub")
        #expect(root?["b"]?.tag == "!Ref")
        #expect(root?["b"]?.scalar?.kind == .string)
        #expect(root?["c"]?.tag == "!Join")
        #expect(root?["c"]?.sequence?.count == 2)
        #expect(root?["d"]?.sequence?[1].tag == "!Ref")
        #expect(root?["e"]?.tag == "!GetAtt")
        #expect(root?["a"].map { reading.text($0.span) } == "!Sub '${X}'")
        #expect((root?["a"]?.scalar).map { reading.text($0.text.span) } == "'${X}'")
        #expect(root?["c"].map { reading.text($0.span) } == "!Join\n  - ','\n  - [x]")
    }
}

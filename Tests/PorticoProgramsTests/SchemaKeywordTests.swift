import Testing

@testable import PorticoPrograms

/// A schema with bodies that it takes and bodies that it refuses.
struct KeywordCase: Sendable, CustomTestStringConvertible {
    var schema: String
    var valid: [String]
    var invalid: [String]

    var testDescription: String { schema }

    init(_ schema: String, valid: [String], invalid: [String]) {
        (self.schema, self.valid, self.invalid) = (schema, valid, invalid)
    }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        for body in valid {
            #expect(SchemaFixture.run(schema, body) == "valid", "\(schema) and \(body)", sourceLocation: sourceLocation)
        }
        for body in invalid {
            let outcome = SchemaFixture.run(schema, body)
            #expect(outcome.hasPrefix("["), "\(schema) and \(body): \(outcome)", sourceLocation: sourceLocation)
        }
    }
}

@Suite("Keywords of draft 4")
struct SchemaKeywordTests {
    @Test(
        "keywords of numbers",
        arguments: [
            KeywordCase(
                #"{"minimum":-1.5}"#, valid: ["-1.5", "-1.50", "-15e-1", "0", "1e400", "\"-2\"", "[-2]"],
                invalid: ["-1.5000001", "-2", "-1e1", "-1e400"]),
            KeywordCase(
                #"{"minimum":0}"#, valid: ["0", "-0", "-0.0", "0e9", "1e-400"], invalid: ["-1e-400", "-0.1"]),
            KeywordCase(
                #"{"minimum":1,"exclusiveMinimum":true}"#, valid: ["1.0000000000000000000000001", "2"],
                invalid: ["1", "1.0", "10e-1", "0.99999999999999999999999"]),
            KeywordCase(#"{"minimum":1,"exclusiveMinimum":false}"#, valid: ["1"], invalid: ["0"]),
            KeywordCase(
                #"{"maximum":3.25}"#, valid: ["3.25", "325e-2", "-9e99"], invalid: ["3.2500000000000000001", "4"]),
            KeywordCase(#"{"maximum":100,"exclusiveMaximum":true}"#, valid: ["99", "99.99"], invalid: ["100", "1e2"]),
            KeywordCase(
                #"{"maximum":9007199254740993}"#, valid: ["9007199254740992", "9007199254740993"],
                invalid: ["9007199254740994", "9007199254740993.5"]),
            KeywordCase(
                #"{"minimum":-9223372036854775808,"maximum":9223372036854775807}"#,
                valid: ["-9223372036854775808", "9223372036854775807", "0"],
                invalid: ["-9223372036854775809", "9223372036854775808", "-9223372036854775808.1"]),
            KeywordCase(
                #"{"minimum":1e1000,"maximum":1e1001}"#,
                valid: ["2e1000", "10e1000", "1\(String(repeating: "0", count: 1000))"],
                invalid: ["1e999", "1.1e1001", "5"]),
            KeywordCase(
                #"{"multipleOf":0.0001}"#, valid: ["0.0075", "12391239123", "1e308", "0", "-0.0001"],
                invalid: ["0.00751", "1e-5"]),
            KeywordCase(
                #"{"multipleOf":0.01}"#, valid: ["19.99", "1.10", "4.35", "0.07", "-1e2"], invalid: ["0.005", "19.999"]),
            KeywordCase(#"{"multipleOf":0.123456789}"#, valid: ["0.246913578", "0"], invalid: ["1e308", "1"]),
            KeywordCase(#"{"multipleOf":1}"#, valid: ["7", "7.0", "7e3", "70e-1"], invalid: ["7.5", "75e-1"]),
            KeywordCase(#"{"multipleOf":5}"#, valid: ["-15", "1e30", "\"6\"", "null"], invalid: ["12", "1e-30"]),
            KeywordCase(
                #"{"multipleOf":18446744073709551616}"#,
                valid: ["18446744073709551616", "36893488147419103232", "18446744073709551616e5", "0"],
                invalid: ["18446744073709551617", "9223372036854775808", "1e30"]),
            KeywordCase(
                #"{"multipleOf":0.00000000000000000000000000007}"#, valid: ["7", "0.0000000000000000000000000014"],
                invalid: ["1", "0.00000000000000000000000000001"]),
            KeywordCase(
                #"{"multipleOf":1267650600228229401496703205376}"#,
                valid: ["1267650600228229401496703205376", "1e100", "1e999999999"],
                invalid: ["1267650600228229401496703205377", "1e29"]),
        ])
    func numbers(row: KeywordCase) { row.check() }

    @Test(
        "keywords of strings",
        arguments: [
            KeywordCase(#"{"minLength":0}"#, valid: ["\"\""], invalid: []),
            KeywordCase(
                #"{"minLength":2}"#, valid: ["\"ab\"", "\"é€\"", "\"\\u00e9\\n\"", "\"\u{1F600}a\"", "5", "[]"],
                invalid: ["\"\"", "\"a\"", "\"\u{1F600}\"", "\"\\ud83d\\ude00\""]),
            KeywordCase(
                #"{"maxLength":2}"#, valid: ["\"\"", "\"ab\"", "\"\u{1F600}\u{1F600}\"", "\"\\\"\\\\\"", "555"],
                invalid: ["\"abc\"", "\"e\u{301}a\"", "\"\\u0061\\u0062\\u0063\""]),
            KeywordCase(#"{"maxLength":0}"#, valid: ["\"\""], invalid: ["\" \"", "\"\\u0000\""]),
            KeywordCase(#"{"minLength":2.0,"maxLength":3e0}"#, valid: ["\"abc\""], invalid: ["\"a\"", "\"abcd\""]),
            KeywordCase(
                #"{"pattern":"b"}"#, valid: ["\"abc\"", "\"b\"", "1", "{\"a\":1}"], invalid: ["\"\"", "\"B\""]),
            KeywordCase(#"{"pattern":"^b$"}"#, valid: ["\"b\"", "\"\\u0062\""], invalid: ["\"b\\n\"", "\"ab\""]),
            KeywordCase(
                #"{"pattern":"^.$"}"#, valid: ["\"\u{1F600}\"", "\"é\""], invalid: ["\"\\n\"", "\"\\u2028\"", "\"ab\""]),
            KeywordCase(#"{"pattern":"^\\d+$"}"#, valid: ["\"42\""], invalid: ["\"\u{664}\"", "\"4a\""]),
            KeywordCase(#"{"pattern":"^\\w$"}"#, valid: ["\"_\""], invalid: ["\"é\""]),
            KeywordCase(
                #"{"pattern":"^\\s$"}"#, valid: ["\"\\u00a0\"", "\"\\ufeff\"", "\"\\u3000\"", "\"\\t\""],
                invalid: ["\"\\u0085\"", "\"a\"", "\"\\u200b\""]),
            KeywordCase(#"{"pattern":"^[\\w-.]+$"}"#, valid: ["\"a-b.c\""], invalid: ["\"a b\""]),
            KeywordCase(#"{"pattern":"^{a}]$"}"#, valid: ["\"{a}]\""], invalid: ["\"a\""]),
            KeywordCase(#"{"pattern":"^(a)?\\1b$"}"#, valid: ["\"b\"", "\"aab\""], invalid: ["\"ab\""]),
            KeywordCase(#"{"pattern":"^(?<y>a|b)\\k<y>$"}"#, valid: ["\"aa\"", "\"bb\""], invalid: ["\"ab\""]),
            KeywordCase(#"{"pattern":"^[^]$"}"#, valid: ["\"\\n\"", "\"a\""], invalid: ["\"\""]),
            KeywordCase(#"{"pattern":"[]"}"#, valid: ["1"], invalid: ["\"a\"", "\"\""]),
            KeywordCase(
                #"{"pattern":"^\\cJ\\x41\\u0042\\u{43}\\0$"}"#, valid: ["\"\\nABC\\u0000\""], invalid: ["\"\""]),
            KeywordCase(#"{"pattern":"^\\ud83d\\ude00$"}"#, valid: ["\"\u{1F600}\""], invalid: ["\"a\""]),
            KeywordCase(
                #"{"pattern":"^\\p{Lu}\\P{Letter}[\\p{Script=Greek}]$"}"#, valid: ["\"É1α\""],
                invalid: ["\"é1α\"", "\"Éaα\""]),
            KeywordCase(#"{"pattern":"(?=.*a)(?!.*b)"}"#, valid: ["\"xa\""], invalid: ["\"ab\"", "\"x\""]),
        ])
    func strings(row: KeywordCase) { row.check() }

    @Test(
        "patterns that ECMA 262 refuses",
        arguments: [
            "(", ")", "a**", "a++", "*", "^*", "[b-a]", "[", "\\", "(?i)a", "a{2,1}", "(?<1>a)", "(?<a>b)(?<a>c)",
        ])
    func malformedPatterns(pattern: String) {
        let text = pattern.reduce(into: "") { $0 += $1 == "\\" ? "\\\\" : String($1) }
        #expect(SchemaFixture.compile("{\"pattern\":\"\(text)\"}").program == nil)
    }

    @Test(
        "keywords of arrays",
        arguments: [
            KeywordCase(#"{"minItems":1}"#, valid: ["[null]", "{}", "\"\""], invalid: ["[]"]),
            KeywordCase(#"{"maxItems":1}"#, valid: ["[]", "[[1,2]]", "\"ab\""], invalid: ["[1,2]"]),
            KeywordCase(#"{"maxItems":0}"#, valid: ["[]"], invalid: ["[[]]"]),
            KeywordCase(
                #"{"items":{"type":"integer"}}"#, valid: ["[]", "[1,2]", "{\"a\":\"b\"}"],
                invalid: ["[\"a\"]", "[1,2.5]", "[[1]]"]),
            KeywordCase(#"{"items":{}}"#, valid: ["[1,\"a\",null]"], invalid: []),
            KeywordCase(
                #"{"items":[{"type":"integer"},{"type":"string"}]}"#, valid: ["[]", "[1]", "[1,\"a\",{}]"],
                invalid: ["[\"a\"]", "[1,2]"]),
            KeywordCase(
                #"{"items":[{},{}],"additionalItems":false}"#, valid: ["[1,2]", "[]"], invalid: ["[1,2,3]"]),
            KeywordCase(#"{"items":[],"additionalItems":false}"#, valid: ["[]"], invalid: ["[1]"]),
            KeywordCase(
                #"{"items":[{"type":"null"}],"additionalItems":{"type":"boolean"}}"#,
                valid: ["[null,true,false]", "[null]"], invalid: ["[null,null]", "[true]"]),
            KeywordCase(#"{"items":[{}],"additionalItems":true}"#, valid: ["[1,2,3]"], invalid: []),
            KeywordCase(#"{"items":{},"additionalItems":false}"#, valid: ["[1,2,3]"], invalid: []),
            KeywordCase(
                #"{"uniqueItems":true}"#,
                valid: [
                    "[]", "[1]", "[0,false]", "[1,true,\"1\",\"true\"]", "[null,0,\"\",[],{}]", "[[1],[true]]",
                    "[{\"a\":1},{\"a\":true}]", "[[1,2],[2,1]]", "[{\"a\":{\"b\":1}},{\"a\":{\"b\":2}}]",
                    "[\"a\",\"A\"]", "[1e400,1e401]", "[\"é\",\"e\u{301}\"]", "{\"a\":1,\"b\":1}",
                ],
                invalid: [
                    "[1,1]", "[1,1.0]", "[100,1e2]", "[0,-0]", "[null,null]", "[[],[]]", "[{},{}]",
                    "[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]", "[\"a\",\"\\u0061\"]", "[1e400,10e399]",
                    "[{\"x\":[1,{\"y\":null}]},2,{\"x\":[1.0,{\"y\":null}]}]", "[false,1,false]",
                    "[12345678901234567890,12345678901234567890.0]",
                ]),
            KeywordCase(#"{"uniqueItems":false}"#, valid: ["[1,1]"], invalid: []),
        ])
    func arrays(row: KeywordCase) { row.check() }

    @Test(
        "keywords of objects",
        arguments: [
            KeywordCase(#"{"minProperties":1}"#, valid: ["{\"a\":1}", "[]", "\"\""], invalid: ["{}"]),
            KeywordCase(#"{"maxProperties":1}"#, valid: ["{}", "{\"a\":1}", "[1,2]"], invalid: ["{\"a\":1,\"b\":2}"]),
            KeywordCase(
                #"{"required":["a","b c","é","\n"]}"#,
                valid: ["{\"a\":null,\"b c\":0,\"\\u00e9\":1,\"\\n\":2}", "[]", "1"],
                invalid: ["{}", "{\"a\":1,\"b c\":1,\"\\n\":2}", "{\"A\":1,\"b c\":1,\"é\":1,\"\\n\":2}"]),
            KeywordCase(
                #"{"required":["__proto__","toString","constructor"]}"#,
                valid: ["{\"__proto__\":1,\"toString\":2,\"constructor\":3}"],
                invalid: ["{}", "{\"__proto__\":1}", "{\"toString\":1,\"constructor\":2}"]),
            KeywordCase(
                #"{"properties":{"__proto__":{"type":"number"},"length":{"type":"string"},"":{"type":"null"}}}"#,
                valid: ["{}", "{\"__proto__\":1,\"length\":\"a\",\"\":null}", "[1]"],
                invalid: ["{\"__proto__\":\"a\"}", "{\"length\":1}", "{\"\":0}"]),
            KeywordCase(
                #"{"properties":{"a":{"type":"integer"},"b":{"minimum":2}}}"#,
                valid: ["{\"a\":1,\"b\":2,\"c\":[]}", "{\"b\":\"x\"}"], invalid: ["{\"a\":\"1\"}", "{\"a\":1,\"b\":1}"]),
            KeywordCase(
                #"{"patternProperties":{"^n_":{"type":"number"},"e$":{"minimum":5}}}"#,
                valid: ["{\"n_e\":5,\"x\":\"y\"}", "{\"e\":\"text\"}", "[]"],
                invalid: ["{\"n_\":\"a\"}", "{\"n_e\":4}", "{\"size\":4}"]),
            KeywordCase(
                #"{"properties":{"ab":{"type":"integer"}},"patternProperties":{"^a":{"minimum":3}},"additionalProperties":false}"#,
                valid: ["{\"ab\":3,\"ac\":\"x\"}", "{}"], invalid: ["{\"ab\":2}", "{\"b\":1}", "{\"ab\":\"x\"}"]),
            KeywordCase(
                #"{"properties":{"a":{}},"additionalProperties":{"type":"boolean"}}"#,
                valid: ["{\"a\":1,\"b\":true}"], invalid: ["{\"a\":1,\"b\":1}"]),
            KeywordCase(#"{"additionalProperties":false}"#, valid: ["{}", "[1]", "1"], invalid: ["{\"a\":1}"]),
            KeywordCase(#"{"additionalProperties":true}"#, valid: ["{\"a\":1}"], invalid: []),
            KeywordCase(
                #"{"allOf":[{"properties":{"a":{}}}],"additionalProperties":{"type":"null"}}"#, valid: ["{\"a\":null}"],
                invalid: ["{\"a\":1}"]),
            KeywordCase(
                #"{"dependencies":{"a":["b","c"]}}"#,
                valid: ["{}", "{\"b\":1}", "{\"a\":1,\"b\":1,\"c\":1}", "[\"a\"]"],
                invalid: ["{\"a\":1}", "{\"a\":null,\"c\":1}"]),
            KeywordCase(
                #"{"dependencies":{"a\nb":["é\"f"],"c":{"required":["d"],"properties":{"c":{"type":"integer"}}}}}"#,
                valid: ["{\"a\\nb\":1,\"é\\\"f\":2}", "{\"c\":1,\"d\":2}", "{\"d\":1}"],
                invalid: ["{\"a\\nb\":1}", "{\"c\":1}", "{\"c\":\"x\",\"d\":1}"]),
        ])
    func objects(row: KeywordCase) { row.check() }

    @Test(
        "keywords of every value",
        arguments: [
            KeywordCase(
                #"{"type":"integer"}"#, valid: ["0", "-1", "1\(String(repeating: "0", count: 400))"],
                invalid: ["1.0", "1e2", "\"1\"", "true", "null"]),
            KeywordCase(#"{"type":"number"}"#, valid: ["0", "-0.0", "1e999"], invalid: ["\"1\"", "false"]),
            KeywordCase(#"{"type":"string"}"#, valid: ["\"\""], invalid: ["null", "1", "[\"\"]"]),
            KeywordCase(#"{"type":"boolean"}"#, valid: ["true", "false"], invalid: ["0", "1", "\"true\"", "null"]),
            KeywordCase(#"{"type":"null"}"#, valid: ["null"], invalid: ["0", "false", "\"\"", "[]", "{}"]),
            KeywordCase(#"{"type":"array"}"#, valid: ["[]"], invalid: ["{}", "\"[]\""]),
            KeywordCase(#"{"type":"object"}"#, valid: ["{}"], invalid: ["[]", "null"]),
            KeywordCase(#"{"type":["integer","string"]}"#, valid: ["1", "\"a\""], invalid: ["1.5", "null", "{}"]),
            KeywordCase(#"{"type":["number"]}"#, valid: ["1", "1.5"], invalid: ["\"1\""]),
            KeywordCase(
                #"{"enum":[0,"0",[],{},null,false]}"#, valid: ["0", "-0", "0.0", "\"0\"", "[]", "{}", "null", "false"],
                invalid: ["1", "\"\"", "[0]", "{\"a\":0}", "true"]),
            KeywordCase(#"{"enum":[false]}"#, valid: ["false"], invalid: ["0", "0.0", "[]", "\"\"", "null"]),
            KeywordCase(#"{"enum":[true]}"#, valid: ["true"], invalid: ["1", "1.0", "\"true\""]),
            KeywordCase(#"{"enum":[[false]]}"#, valid: ["[false]"], invalid: ["[0]", "[]", "[false,false]"]),
            KeywordCase(
                #"{"enum":[1]}"#, valid: ["1", "1.0", "1e0", "10e-1", "0.1e1"],
                invalid: ["true", "1.0000000000000000001"]),
            KeywordCase(
                #"{"enum":[12345678901234567890123]}"#, valid: ["12345678901234567890123"],
                invalid: ["12345678901234567890124"]),
            KeywordCase(
                #"{"enum":["a\nb","ç"]}"#, valid: ["\"a\\nb\"", "\"\\u00e7\""], invalid: ["\"ab\"", "\"c\u{327}\""]),
            KeywordCase(
                #"{"enum":[{"a":[1,{"b":null}],"c":"d"}]}"#, valid: ["{\"c\":\"d\",\"a\":[1.0,{\"b\":null}]}"],
                invalid: ["{\"a\":[1,{\"b\":null}]}", "{\"a\":[1,{\"b\":0}],\"c\":\"d\"}"]),
            KeywordCase(#"{"allOf":[{"minimum":2},{"maximum":4}]}"#, valid: ["2", "4", "\"x\""], invalid: ["1", "5"]),
            KeywordCase(#"{"allOf":[{}]}"#, valid: ["1"], invalid: []),
            KeywordCase(
                #"{"anyOf":[{"type":"integer"},{"minLength":2}]}"#, valid: ["1", "\"ab\"", "1.5"], invalid: ["\"a\""]),
            KeywordCase(#"{"oneOf":[{"type":"integer"},{"minimum":2}]}"#, valid: ["1", "2.5"], invalid: ["3", "1.5"]),
            KeywordCase(#"{"oneOf":[{},{}]}"#, valid: [], invalid: ["1", "null"]),
            KeywordCase(#"{"not":{"type":["integer","boolean"]}}"#, valid: ["\"a\"", "1.5"], invalid: ["1", "true"]),
            KeywordCase(#"{"not":{}}"#, valid: [], invalid: ["1", "{}", "null"]),
            KeywordCase(#"{"not":{"not":{"type":"integer"}}}"#, valid: ["1"], invalid: ["\"\""]),
            KeywordCase(
                #"{"anyOf":[{"allOf":[{"minimum":5},{"not":{"enum":[7]}}]},{"oneOf":[{"enum":[1]},{"enum":[1,2]}]}]}"#,
                valid: ["5", "2", "\"a\""], invalid: ["1", "7", "3"]),
            KeywordCase(
                #"{"default":1,"title":"t","description":"d","$schema":"http://json-schema.org/draft-04/schema#"}"#,
                valid: ["1", "null"], invalid: []),
        ])
    func anything(row: KeywordCase) { row.check() }

    @Test("A repeated name counts once, with its last value")
    func repeatedNames() {
        #expect(
            SchemaFixture.run(#"{"properties":{"a":{"type":"null"}},"maxProperties":1}"#, #"{"a":1,"a":null}"#)
                == "valid")
        #expect(SchemaFixture.run(#"{"required":["a"],"minProperties":2}"#, #"{"a":1,"a":2}"#).hasPrefix("["))
    }

    @Test("Hopeless patterns and divisions end soon")
    func bounded() {
        let letters = String(repeating: "a", count: 10_000)
        #expect(SchemaFixture.run(#"{"pattern":"(a+)+$"}"#, "\"\(letters)!\"").hasPrefix("["))
        #expect(SchemaFixture.run(#"{"pattern":"(a|a)*$"}"#, "\"\(letters)!\"").hasPrefix("["))
        #expect(SchemaFixture.run(#"{"pattern":"^(([a-z])+.)+[A-Z]([a-z])+$"}"#, "\"\(letters)\"").hasPrefix("["))
        let digits = String(repeating: "7", count: 400)
        let long = String(repeating: "7", count: 300_000)
        #expect(SchemaFixture.run("{\"multipleOf\":\(digits)}", long).hasPrefix("["))
        #expect(SchemaFixture.run("{\"multipleOf\":\(digits)}", String(repeating: "7", count: 800)) == "valid")
    }
}

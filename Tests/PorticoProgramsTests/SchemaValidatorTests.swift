import PorticoPrograms
import Testing

@Suite("JSON Schema")
struct SchemaValidatorTests {
    @Test(
        "A type accepts its values only",
        arguments: [
            ("null", "null", "0"), ("boolean", "true", "\"true\""), ("boolean", "false", "null"),
            ("integer", "1", "1.0"), ("integer", "-0", "1e2"), ("integer", "123456789012345678901234567890", "0.5"),
            ("number", "1", "\"1\""), ("number", "1.5", "true"), ("number", "1e400", "[]"),
            ("string", "\"\"", "1"), ("string", "\"\\n\"", "{}"), ("array", "[]", "{}"), ("object", "{}", "[]"),
        ])
    func types(type: String, accepted: String, refused: String) {
        #expect(SchemaFixture.run("{\"type\":\"\(type)\"}", accepted) == "valid")
        #expect(SchemaFixture.run("{\"type\":\"\(type)\"}", refused).hasPrefix("[instance type ("))
    }

    @Test(
        "A body that meets the schema is valid",
        arguments: [
            ("{}", "17"), ("{\"description\":\"x\",\"x-y\":{},\"format\":\"date\",\"nullable\":true}", "null"),
            ("{\"type\":[\"string\",\"null\"]}", "null"), ("{\"type\":\"string\",\"format\":\"byte\"}", "\"no bytes\""),
            ("{\"minLength\":2,\"maxLength\":2}", "\"\u{1F600}\\ud83d\\ude00\""), ("{\"minLength\":3}", "17"),
            ("{\"maxLength\":3}", "\"aé€\""), ("{\"pattern\":\"b+\"}", "\"abbc\""),
            ("{\"pattern\":\"^a\\\\nb$\"}", "\"a\\nb\""), ("{\"minimum\":5}", "5"), ("{\"minimum\":5}", "5.0"),
            ("{\"minimum\":0.1}", "1e-1"), ("{\"maximum\":1e3}", "1000"),
            ("{\"maximum\":9223372036854775807}", "9223372036854775807"),
            ("{\"minimum\":9223372036854775807}", "9223372036854775808"),
            ("{\"minimum\":-10,\"maximum\":10,\"exclusiveMinimum\":false}", "-10"),
            ("{\"exclusiveMinimum\":5}", "5.0000000000000000000000000001"), ("{\"exclusiveMaximum\":true}", "5"),
            ("{\"multipleOf\":0.01}", "4.35"), ("{\"multipleOf\":0.1}", "1e30"), ("{\"multipleOf\":3}", "-9"),
            ("{\"multipleOf\":7}", "700000000000000000000000000007"), ("{\"multipleOf\":2.5}", "0"),
            ("{\"enum\":[1,\"a\",null,[1,{\"b\":2}]]}", "1.0"), ("{\"enum\":[1,\"a\"]}", "\"\\u0061\""),
            ("{\"enum\":[[1,{\"b\":2,\"c\":3}]]}", "[1.0,{\"c\":3e0,\"b\":2}]"), ("{\"enum\":[true]}", "true"),
            ("{\"properties\":{\"a\":{\"type\":\"integer\"}}}", "{\"b\":\"x\"}"),
            ("{\"properties\":{\"a\":{\"type\":\"integer\"}}}", "[1]"),
            ("{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"\\u0061\":1}"),
            ("{\"patternProperties\":{\"^x-\":{\"type\":\"integer\"}},\"additionalProperties\":false}", "{\"x-1\":1}"),
            ("{\"additionalProperties\":{\"type\":\"integer\"}}", "{\"a\":1,\"b\":2}"),
            ("{\"required\":[\"a\",\"b\"]}", "{\"b\":1,\"a\":null}"), ("{\"required\":[\"a\"]}", "[]"),
            ("{\"required\":[]}", "{}"), ("{\"minProperties\":1,\"maxProperties\":1}", "{\"a\":1,\"a\":2}"),
            ("{\"items\":{\"type\":\"integer\"},\"minItems\":2,\"maxItems\":2}", "[1,2]"),
            ("{\"items\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}", "[1,\"a\",null]"),
            ("{\"items\":[{\"type\":\"integer\"}],\"additionalItems\":{\"type\":\"string\"}}", "[1,\"a\",\"b\"]"),
            ("{\"items\":[{}],\"additionalItems\":false}", "[1]"), ("{\"additionalItems\":false}", "[1]"),
            ("{\"uniqueItems\":true}", "[1,\"1\",[1],{\"a\":1},true,null,{\"a\":2},\"a\",false]"),
            (
                "{\"uniqueItems\":true}",
                "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,[1,2],[2,1],{\"a\":[]},{\"a\":{}}]"
            ),
            ("{\"dependencies\":{\"a\":[\"b\"]}}", "{\"b\":1}"),
            ("{\"dependencies\":{\"a\":[\"b\"]}}", "{\"b\":1,\"a\":1}"),
            ("{\"dependencies\":{\"a\":{\"minProperties\":2}}}", "{\"b\":1,\"a\":1}"),
            ("{\"allOf\":[{\"type\":\"integer\"},{\"minimum\":3}]}", "3"),
            ("{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}", "3"),
            ("{\"oneOf\":[{\"type\":\"string\"},{\"minimum\":3}]}", "4"), ("{\"not\":{\"type\":\"string\"}}", "4"),
            ("{\"const\":1,\"if\":{},\"then\":{\"not\":{}},\"contains\":{\"not\":{}}}", "2"),
            ("{\"$ref\":\"#/definitions/a\",\"minimum\":5,\"definitions\":{\"a\":{\"type\":\"integer\"}}}", "1"),
        ])
    func accepts(schema: String, body: String) {
        #expect(SchemaFixture.run(schema, body) == "valid")
    }

    @Test(
        "A body that does not is refused in json-schema-validator's words",
        arguments: [
            (
                "{\"type\":\"string\"}", "1",
                "instance type (integer) does not match any allowed primitive type (allowed: [\"string\"])"
            ),
            (
                "{\"type\":[\"object\",\"number\"]}", "null",
                "instance type (null) does not match any allowed primitive type (allowed: [\"integer\",\"number\",\"object\"])"
            ),
            (
                "{\"type\":\"string\"}", "12345678901234567890",
                "instance type (integer) does not match any allowed primitive type (allowed: [\"string\"])"
            ),
            (
                "{\"type\":\"integer\"}", "1.0",
                "instance type (number) does not match any allowed primitive type (allowed: [\"integer\"])"
            ),
            (
                "{\"required\":[\"b\",\"a\",\"c\"]}", "{\"c\":1}",
                "object has missing required properties ([\"a\",\"b\"])"
            ),
            (
                "{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"z\":1,\"a\":1,\"b\":2}",
                "object instance has properties which are not allowed by the schema: [\"b\",\"z\"]"
            ),
            (
                "{\"minProperties\":2}", "{\"a\":1}",
                "object has too few properties (found 1 but schema requires at least 2)"
            ),
            (
                "{\"maxProperties\":0}", "{\"a\":1}",
                "object has too many properties (found 1 but schema requires at most 0)"
            ),
            ("{\"minLength\":3}", "\"é€\"", "string \"é€\" is too short (length: 2, required minimum: 3)"),
            ("{\"maxLength\":3}", "\"ab\\u0063d\"", "string \"abcd\" is too long (length: 4, maximum allowed: 3)"),
            ("{\"pattern\":\"^a+$\"}", "\"ab\"", "ECMA 262 regex \"^a+$\" does not match input string \"ab\""),
            (
                "{\"minimum\":5}", "4.90",
                "numeric instance is lower than the required minimum (minimum: 5, found: 4.90)"
            ),
            (
                "{\"minimum\":5,\"exclusiveMinimum\":true}", "5",
                "numeric instance is not strictly greater than the required minimum 5"
            ),
            (
                "{\"maximum\":5}", "6e2",
                "numeric instance is greater than the required maximum (maximum: 5, found: 6E+2)"
            ),
            (
                "{\"maximum\":5,\"exclusiveMaximum\":5}", "5.0",
                "numeric instance is not strictly lower than the required maximum 5"
            ),
            (
                "{\"maximum\":5,\"exclusiveMaximum\":4}", "5",
                "numeric instance is greater than the required maximum (maximum: 4, found: 5)"
            ),
            (
                "{\"minimum\":6,\"exclusiveMinimum\":4}", "5",
                "numeric instance is lower than the required minimum (minimum: 6, found: 5)"
            ),
            (
                "{\"maximum\":9223372036854775807}", "9223372036854775808",
                "numeric instance is greater than the required maximum (maximum: 9223372036854775807, found: 9223372036854775808)"
            ),
            ("{\"multipleOf\":0.01}", "4.351", "remainder of division is not zero (4.351 / 0.01)"),
            ("{\"multipleOf\":3}", "10", "remainder of division is not zero (10 / 3)"),
            ("{\"multipleOf\":3}", "1e30", "remainder of division is not zero (1E+30 / 3)"),
            (
                "{\"enum\":[\"dog\",1.50,{\"a\":[null]}]}", "\"cat\"",
                "instance value (\"cat\") not found in enum (possible values: [\"dog\",1.50,{\"a\":[null]}])"
            ),
            ("{\"enum\":[[1]]}", "[1,2]", "instance value ([1,2]) not found in enum (possible values: [[1]])"),
            (
                "{\"enum\":[{\"a\":1}]}", "{\"b\":1}",
                "instance value ({\"b\":1}) not found in enum (possible values: [{\"a\":1}])"
            ),
            (
                "{\"minItems\":2}", "[1]",
                "array is too short: must have at least 2 elements but instance has 1 elements"
            ),
            (
                "{\"maxItems\":1}", "[1,2]",
                "array is too long: must have at most 1 elements but instance has 2 elements"
            ),
            (
                "{\"items\":[{}],\"additionalItems\":false}", "[1,2]",
                "schema only allows 1 elements in array but instance has 2 elements"
            ),
            ("{\"uniqueItems\":true}", "[1,2,1.0]", "array must not contain duplicate elements"),
            (
                "{\"uniqueItems\":true}", "[1,2,3,4,5,6,7,8,9,10,{\"a\":1,\"b\":[2]},{\"b\":[2e0],\"a\":1.0}]",
                "array must not contain duplicate elements"
            ),
            (
                "{\"uniqueItems\":true}", "[\"a\",2,3,4,5,6,7,8,9,10,\"\\u0061\"]",
                "array must not contain duplicate elements"
            ),
            (
                "{\"dependencies\":{\"a\":[\"c\",\"b\"]}}", "{\"a\":1,\"c\":1}",
                "property \"a\" of object has missing property dependencies (schema requires [\"b\",\"c\"]; missing: [\"b\"])"
            ),
            (
                "{\"dependencies\":{\"a\":{\"minProperties\":2}}}", "{\"a\":1}",
                "object has too few properties (found 1 but schema requires at least 2)"
            ),
            (
                "{\"allOf\":[{\"type\":\"integer\"},{\"minimum\":3}]}", "2",
                "instance failed to match all required schemas (matched only 1 out of 2)"
            ),
            (
                "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}", "2",
                "instance failed to match at least one required schema among 2"
            ),
            (
                "{\"oneOf\":[{\"type\":\"integer\"},{\"minimum\":3}]}", "4",
                "instance failed to match exactly one schema (matched 2 out of 2)"
            ),
            ("{\"not\":{\"type\":\"integer\"}}", "4", "instance matched a schema which it should not have"),
            (
                "{\"type\":\"string\",\"enum\":[\"a\"]}", "1",
                "instance value (1) not found in enum (possible values: [\"a\"]), instance type (integer) does not match any allowed primitive type (allowed: [\"string\"])"
            ),
            (
                "{\"properties\":{\"b\":{\"type\":\"integer\"},\"a\":{\"maxLength\":1}}}", "{\"b\":\"x\",\"a\":\"xy\"}",
                "string \"xy\" is too long (length: 2, maximum allowed: 1), instance type (string) does not match any allowed primitive type (allowed: [\"integer\"])"
            ),
            (
                "{\"required\":[\"b\"],\"properties\":{\"a\":{\"type\":\"integer\"}}}", "{\"a\":\"x\"}",
                "object has missing required properties ([\"b\"])"
            ),
            (
                "{\"items\":{\"type\":\"integer\"}}", "[1,\"a\",null]",
                "instance type (string) does not match any allowed primitive type (allowed: [\"integer\"]), instance type (null) does not match any allowed primitive type (allowed: [\"integer\"])"
            ),
            (
                "{\"patternProperties\":{\"^x\":{\"type\":\"integer\"}}}", "{\"xa\":null}",
                "instance type (null) does not match any allowed primitive type (allowed: [\"integer\"])"
            ),
            (
                "{\"additionalProperties\":{\"type\":\"integer\"}}", "{\"xa\":null}",
                "instance type (null) does not match any allowed primitive type (allowed: [\"integer\"])"
            ),
        ])
    func refuses(schema: String, body: String, message: String) {
        #expect(SchemaFixture.run(schema, body) == "[" + message + "]")
    }

    @Test("No more than twenty messages are collected, whatever the body")
    func limitsMessages() {
        let body = "[" + Array(repeating: "null", count: 1000).joined(separator: ",") + "]"
        let text = SchemaFixture.run("{\"items\":{\"type\":\"integer\"}}", body)
        #expect(text.split(separator: "instance type").count == 21)
    }

    @Test("An empty tape is refused as API Gateway refuses what is no JSON")
    func refusesNothing() {
        let program = SchemaFixture.compile("{}").program
        #expect(
            program.map { SchemaValidator().validate($0, JSONTape()) }
                == .invalid("[Unknown error parsing request body]"))
    }
}

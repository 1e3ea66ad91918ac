import PorticoSyntax
import Testing

@testable import PorticoPrograms

@Suite("Schema programs")
struct SchemaProgramTests {
    static let order = """
        {"type":"object","required":["id","lines","status"],"additionalProperties":false,"properties":{
        "id":{"type":"string","pattern":"^[a-z0-9-]{8,40}$"},"status":{"enum":["new","paid",{"a":[1,null]},2.50]},
        "lines":{"type":"array","minItems":1,"maxItems":50,"items":{"$ref":"#/definitions/line"}},
        "tags":{"type":"array","uniqueItems":true,"items":[{"maxLength":3}],"additionalItems":{"type":"string"}}},
        "patternProperties":{"^x-":{"oneOf":[{"type":"null"},{"type":"integer","multipleOf":0.5}]}},
        "dependencies":{"tags":["id"],"x-a":{"minProperties":3}},
        "definitions":{"line":{"type":"object","required":["sku"],"properties":{"sku":{"minLength":3},
        "price":{"type":"number","minimum":0,"exclusiveMinimum":true},"sub":{"$ref":"#/definitions/line"}},
        "anyOf":[{"required":["price"]},{"not":{"required":["sub"]}}]}}}
        """
    static let bodies = [
        """
        {"id":"order-2024-17","status":"paid","lines":[{"sku":"SKU-1","price":0.5,"sub":{"sku":"abc"}}],"tags":["a","b"]}
        """,
        "{\"id\":\"order-2024-17\",\"status\":{\"a\":[1.0,null]},\"lines\":[{\"sku\":\"ab\"}],\"x-a\":1.5,\"y\":[]}",
        "{\"id\":\"\\u0061\",\"status\":2.5,\"lines\":[],\"tags\":[1,2,3,4,5,6,7,8,9,10],\"x-b\":null}", "[]", "null",
        "{\"lines\":[{\"sku\":\"abcd\",\"price\":-1e400,\"sub\":{\"sub\":{}}},{},[],\"\"]}",
    ]

    @Test("A program survives the flat form, and the same schema gives the same bytes")
    func roundTrip() throws {
        let program = try #require(SchemaFixture.compile(Self.order).program)
        let bytes = SchemaFixture.encode(program)
        #expect(SchemaFixture.compile(Self.order).program.map { SchemaFixture.encode($0) } == bytes)
        var reader = ByteReader(bytes)
        let copy = try SchemaProgram(decoding: &reader)
        #expect(reader.isAtEnd)
        #expect(copy == program)
        for body in Self.bodies { #expect(SchemaFixture.run(copy, body) == SchemaFixture.run(program, body)) }
    }

    @Test("Truncated and damaged programs are refused, or run within their tables")
    func damaged() throws {
        let program = try #require(SchemaFixture.compile(Self.order).program)
        let bytes = SchemaFixture.encode(program)
        for length in stride(from: 0, to: bytes.count, by: 3) {
            var reader = ByteReader(Array(bytes[..<length]))
            #expect(throws: ProgramDecodingError.self) { try SchemaProgram(decoding: &reader) }
        }
        var random = SchemaRandom(seed: 17)
        for _ in 0..<4000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                damaged[place] =
                    Bool.random(using: &random)
                    ? UInt8.random(in: 0...8, using: &random)
                    : damaged[place] ^ (1 << UInt8.random(in: 0...7, using: &random))
            }
            var reader = ByteReader(damaged)
            guard let program = try? SchemaProgram(decoding: &reader) else { continue }
            for body in Self.bodies { _ = SchemaFixture.run(program, body) }
            _ = program.disassemble()
        }
    }

    @Test("Mutated schemas compile to verified programs or give a fatal problem")
    func mutatedSchemas() throws {
        var random = SchemaRandom(seed: 4711)
        let pieces = [
            "{}", "[]", "null", "true", "1", "-1", "1.5", "1e999999999", "\"\"", "\"#\"", "\"#/definitions/line\"",
            "\"object\"", "{\"$ref\":\"#\"}", "{\"type\":\"integer\"}", "[{\"$ref\":\"#/properties/lines\"}]",
        ].map { SchemaFixture.value($0) }
        let keywords = SchemaKeywords.constraints.sorted() + ["$ref"]
        let original = SchemaFixture.value(Self.order)
        for _ in 0..<1500 {
            var schema = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                schema = Self.mutate(schema, pieces, keywords, &random)
            }
            let (program, problems) = SchemaProgram.compile(schema, library: [:])
            #expect((program == nil) == problems.contains { $0.isFatal })
            guard let program else { continue }
            var reader = ByteReader(SchemaFixture.encode(program))
            #expect(try SchemaProgram(decoding: &reader) == program)
            for body in Self.bodies { _ = SchemaFixture.run(program, body) }
        }
    }

    /// Replaces, drops or adds one thing somewhere.
    static func mutate(
        _ value: JSONValue, _ pieces: [JSONValue], _ keywords: [String], _ random: inout SchemaRandom
    ) -> JSONValue {
        if Int.random(in: 0..<12, using: &random) == 0 { return pieces.randomElement(using: &random) ?? .null }
        switch value {
        case .object(var members) where !members.isEmpty:
            let place = Int.random(in: 0..<members.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: members.remove(at: place)
            case 1, 2:
                members.append(
                    JSONMember(
                        keywords.randomElement(using: &random) ?? "", pieces.randomElement(using: &random) ?? .null))
            default: members[place].value = mutate(members[place].value, pieces, keywords, &random)
            }
            return .object(members)
        case .array(var elements) where !elements.isEmpty:
            let place = Int.random(in: 0..<elements.count, using: &random)
            elements[place] = mutate(elements[place], pieces, keywords, &random)
            return .array(elements)
        default: return pieces.randomElement(using: &random) ?? .null
        }
    }
}

@Suite("Limits of schema validation")
struct SchemaLimitTests {
    static let recursive =
        "{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"items\":{\"$ref\":\"#\"},\"allOf\":[{\"type\":\"array\"}]}"

    @Test("A body as deep as the tape takes is validated")
    func deepBody() {
        let depth = JSONTape.defaultMaximumDepth
        let body = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(SchemaFixture.run(Self.recursive, body) == "valid")
        let refused = String(repeating: "[", count: depth - 1) + "1" + String(repeating: "]", count: depth - 1)
        #expect(
            SchemaFixture.run(Self.recursive, refused)
                == "[instance failed to match all required schemas (matched only 0 out of 1)]")
    }

    @Test("A body that is deeper than the recursion may go is refused, not overflowed")
    func tooDeep() throws {
        let tape = JSONTape(maximumDepth: 60_000)
        let body = Array((String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000)).utf8)
        for schema in [Self.recursive, "{\"uniqueItems\":true,\"items\":{\"$ref\":\"#\"}}"] {
            let program = try #require(SchemaFixture.compile(schema).program)
            let outcome = body.withUnsafeBytes { bytes in
                tape.parse(bytes) == .ok ? SchemaValidator().validate(program, tape) : .valid
            }
            #expect(outcome == .invalid("[validation takes more steps than allowed]"))
        }
        let twins = Array(
            ("[" + String(decoding: body, as: UTF8.self) + "," + String(decoding: body, as: UTF8.self) + "]").utf8)
        let program = try #require(SchemaFixture.compile("{\"uniqueItems\":true}").program)
        let outcome = twins.withUnsafeBytes { bytes in
            tape.parse(bytes) == .ok ? SchemaValidator().validate(program, tape) : .valid
        }
        #expect(outcome == .invalid("[validation takes more steps than allowed]"))
    }

    @Test("Branches that double at each level end at the step limit")
    func exponential() {
        let schema = """
            {"$ref":"#/definitions/a","definitions":{"a":{"anyOf":[{"items":{"$ref":"#/definitions/a"},"maxItems":0},\
            {"items":{"$ref":"#/definitions/a"},"minItems":1},{"items":{"$ref":"#/definitions/a"},"minItems":1}],\
            "not":{"type":"integer"}}}}
            """
        let body = String(repeating: "[", count: 60) + "1" + String(repeating: "]", count: 60)
        #expect(SchemaFixture.run(schema, body) == "[validation takes more steps than allowed]")
    }

    @Test("A pattern that never ends counts as not found and soon ends the validation")
    func hopelessPattern() {
        let text = "\"" + String(repeating: "a", count: 30) + "!\""
        let schema = "{\"items\":{\"not\":{\"pattern\":\"(a+)+$\"}}}"
        #expect(SchemaFixture.run(schema, "[\(text)]") == "valid")
        let body = "[" + Array(repeating: text, count: 100).joined(separator: ",") + "]"
        #expect(SchemaFixture.run(schema, body) == "[validation takes more steps than allowed]")
    }

    @Test("Quoted values are cut, and many members do not make long messages")
    func longMessages() {
        let long = "\"" + String(repeating: "é", count: 100_000) + "\""
        #expect(SchemaFixture.run("{\"maxLength\":3}", long).utf8.count < 2000)
        #expect(SchemaFixture.run("{\"enum\":[1]}", "[\(long)]").utf8.count < 2000)
        let members = (0..<20_000).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(SchemaFixture.run("{\"additionalProperties\":false}", "{\(members)}").utf8.count < 2000)
        let text = SchemaFixture.run("{\"additionalProperties\":{\"type\":\"null\"}}", "{\(members)}")
        #expect(text.split(separator: "instance type").count == 21)
    }

    @Test("Many names, equal and unequal, are told apart")
    func manyNames() {
        let names = (0..<3000).map { "property_number_\($0)_\($0 % 7)" }
        let required = "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        let properties = names.map { "\"\($0)\":{\"enum\":[\"\($0)\"]}" }.joined(separator: ",")
        let schema = "{\"required\":\(required),\"properties\":{\(properties)},\"additionalProperties\":false}"
        let body = "{" + names.reversed().map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",") + "}"
        #expect(SchemaFixture.run(schema, body) == "valid")
        let other = body.replacing("\"property_number_1234_2\":\"", with: "\"property_number_1234_3\":\"")
        #expect(
            SchemaFixture.run(schema, other) == """
                [object instance has properties which are not allowed by the schema: ["property_number_1234_3"], \
                object has missing required properties (["property_number_1234_2"])]
                """)
        let elements = (0..<5000).map { "\"\($0)\"" }.joined(separator: ",")
        #expect(SchemaFixture.run("{\"uniqueItems\":true}", "[\(elements)]") == "valid")
        #expect(
            SchemaFixture.run("{\"uniqueItems\":true}", "[\(elements),\"77\"]")
                == "[array must not contain duplicate elements]")
    }

    @Test("One validator serves many bodies")
    func reuse() throws {
        let validator = SchemaValidator()
        let tape = JSONTape()
        let program = try #require(SchemaFixture.compile(SchemaProgramTests.order).program)
        for _ in 0..<3 {
            for body in SchemaProgramTests.bodies {
                let outcome = Array(body.utf8).withUnsafeBytes { bytes in
                    tape.parse(bytes) == .ok ? validator.validate(program, tape) : nil
                }
                let text = SchemaFixture.run(program, body)
                #expect(outcome == (text == "valid" ? .valid : .invalid(text)))
            }
        }
    }
}

/// The same numbers in each run (SplitMix64).
struct SchemaRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value &>> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value &>> 31)
    }
}

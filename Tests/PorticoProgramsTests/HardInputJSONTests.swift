import PorticoPrograms
import Testing

@Suite("JSON that is meant to hurt", .timeLimit(.minutes(2)))
struct HardInputJSONTests {
    private static func result(_ text: String, _ tape: JSONTape = JSONTape()) -> JSONParseResult {
        Fixture.parse(Array(text.utf8), tape)
    }

    private static func nested(_ levels: Int, _ open: String, _ close: String, _ core: String = "1") -> String {
        String(repeating: open, count: levels) + core + String(repeating: close, count: levels)
    }

    // MARK: Size

    @Test("Ten megabytes are read: one text, one name, many texts")
    func tenMegabytes() {
        let long = String(repeating: "0123456789abcdef", count: 655_360)
        #expect(Fixture.print("[\"\(long)\"]")?.utf8.count == long.utf8.count + 4)
        let name = Fixture.withTape("{\"\(long)\": 1}") { tape in tape.member(0, named: Array(long.utf8)) }
        #expect(name == 2)
        let text = "[" + [String](repeating: "\"\(long.prefix(1000))\"", count: 10_000).joined(separator: ",") + "]"
        #expect(Fixture.withTape(text) { $0.memberCount(0) } == 10_000)
    }

    @Test("A text beyond the limit is refused before it is looked at")
    func tooLong() {
        let tape = JSONTape(maximumBytes: 1000)
        #expect(Self.result("[" + String(repeating: " ", count: 998) + "]", tape) == .ok)
        #expect(
            Self.result(String(repeating: "x", count: 1001), tape) == .failed(offset: 1000, reason: .tooLong))
        #expect(tape.count == 0)
        let default20 = [UInt8](repeating: 0x20, count: JSONTape.defaultMaximumBytes + 1)
        #expect(Fixture.parse(default20) == .failed(offset: JSONTape.defaultMaximumBytes, reason: .tooLong))
    }

    @Test("Names of a megabyte are told apart by their last letter")
    func longNames() {
        let name = String(repeating: "n", count: 1 << 20)
        let text = "{\"\(name)a\":1,\"\(name)b\":2,\"\(name)a\":3}"
        let found = Fixture.withTape(text) { tape in
            [
                tape.memberCount(0), Int(tape.integer(tape.member(0, named: Array("\(name)a".utf8)) ?? 0) ?? -1),
                Int(tape.integer(tape.member(0, named: Array("\(name)b".utf8)) ?? 0) ?? -1),
            ]
        }
        #expect(found == [2, 3, 2])
    }

    // MARK: Depth

    @Test(
        "Ten thousand levels are refused at the first one too many, in whatever they nest",
        arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":[", "]}]")])
    func tenThousandLevels(open: String, close: String) {
        guard case .failed(let offset, let reason) = Self.result(Self.nested(10_000, open, close)) else {
            Issue.record("was read")
            return
        }
        #expect(reason == .tooDeep)
        #expect(offset < (JSONTape.defaultMaximumDepth + 1) * open.utf8.count)
    }

    @Test("The last level that is allowed is read and printed")
    func deepest() {
        let depth = JSONTape.defaultMaximumDepth
        let text = Self.nested(depth, "[", "]")
        #expect(Fixture.print(text) == text)
        #expect(Self.result(Self.nested(depth + 1, "[", "]")) == .failed(offset: depth, reason: .tooDeep))
    }

    @Test("With another limit ten thousand levels are read, printed and searched without recursion")
    func deepTape() {
        let text = Self.nested(10_000, "{\"a\":[", "]}", "\"x\"")
        let tape = JSONTape(maximumDepth: 30_000)
        let output = OutputBuffer()
        let found = Array(text.utf8).withUnsafeBytes { bytes -> [NodeIndex] in
            #expect(tape.parse(bytes) == .ok)
            tape.emit(tape.root, into: output)
            var found: [NodeIndex] = []
            if case .success(let path) = JSONPath.compile("$..a") { path.evaluate(tape, into: &found) }
            return found
        }
        #expect(String(decoding: output.bytes, as: UTF8.self) == text)
        #expect(found.count == 10_000)
    }

    // MARK: Bytes

    @Test(
        "Bytes that are not UTF-8 are refused where they stand",
        arguments: [
            [0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0x80], [0xC3],
            [0xE2, 0x82], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func badUTF8(bytes: [UInt8]) {
        for lead in [0, 1, 7, 8, 30] {
            let start = Array(("[\"" + String(repeating: "a", count: lead)).utf8)
            for tail in ["\"]", "xxxxxxxxxxxx\"]"] {
                guard case .failed(let offset, let reason) = Fixture.parse(start + bytes + Array(tail.utf8)) else {
                    Issue.record("\(bytes) was read")
                    continue
                }
                #expect(reason == .badUTF8)
                #expect(offset >= start.count && offset <= start.count + bytes.count)
            }
            #expect(Fixture.parse(Array("{\"".utf8) + bytes + Array("\":1}".utf8)) != .ok)
        }
    }

    @Test(
        "Halves of surrogate pairs are read as question marks, whole pairs as their character",
        arguments: [
            (#""\ud800""#, "?"), (#""\udc00""#, "?"), (#""a\ud800b""#, "a?b"), (#""\ud800\ud800""#, "??"),
            (#""\udc00\ud800""#, "??"), (#""\ud83d\ude00""#, "\u{1F600}"), (#""\ud800\ud83d\ude00""#, "?\u{1F600}"),
            (#""\ud83d\u0041""#, "?A"), (#""\ud83d\n""#, "?\n"), (#""\uD83D\uDE00\uDE00""#, "\u{1F600}?"),
        ])
    func surrogates(text: String, read: String) {
        #expect(Fixture.withTape(text) { $0.text(0) } == read)
    }

    @Test(
        "Numbers beyond every type keep their text",
        arguments: [
            "1e999", "-1e999", "1e-999", "-0.0", "9223372036854775808", "-9223372036854775809",
            "123456789012345678901234567890.123456789012345678901234567890", "1E+400", "0.1e-400",
            "1" + String(repeating: "0", count: 5000), "0." + String(repeating: "3", count: 5000),
            "1e" + String(repeating: "9", count: 5000),
        ])
    func numbers(text: String) {
        #expect(Fixture.print("[\(text)]") == "[\(text)]")
        #expect(Fixture.withTape(text) { $0.integer(0) == nil } == true)
        #expect(Fixture.withTape(text) { $0.double(0)?.isNaN } == false)
    }

    @Test(
        "Numbers that JSON does not have are refused",
        arguments: [
            "01", "-01", "1.", ".1", "-", "+1", "1e", "1e+", "0x1", "1_0", "Infinity", "-Infinity", "NaN", "1.e1",
            "--1",
            "1.5.5",
        ])
    func noNumbers(text: String) {
        #expect(Self.result("[\(text)]") != .ok)
        #expect(Self.result(text) != .ok)
    }

    // MARK: Keys

    @Test("Of a hundred thousand members of one name the last one stays", arguments: ["a", #"\u0061"#])
    func oneName(name: String) {
        let members = (0..<100_000).map { "\"\($0 % 2 == 0 ? name : "a")\":\($0)" }
        #expect(Fixture.print("{" + members.joined(separator: ",") + "}")?.hasSuffix("\":99999}") == true)
    }

    @Test("A hundred thousand members of different names all stay")
    func manyNames() {
        let members = (0..<100_000).map { "\"k\($0)\":\($0)" }
        let text = "{" + members.joined(separator: ",") + ",\"k7\":true}"
        let found = Fixture.withTape(text) { tape in
            (tape.memberCount(0), tape.member(0, named: Array("k7".utf8)).map { tape.kind($0) })
        }
        #expect(found?.0 == 100_000)
        #expect(found?.1 == .true)
    }

    // MARK: The reader of MOCK texts

    @Test("The lenient reader takes ten megabytes and refuses ten thousand levels")
    func lenient() {
        func code(_ text: String) -> Result<Int, LenientJSON.Failure> {
            Array(text.utf8).withUnsafeBytes { LenientJSON.statusCode($0) }
        }
        let long = String(repeating: "x", count: 10 << 20)
        #expect(code("{a: \(long), statusCode: 201}") == .success(201))
        #expect(code("{\(long): 1, statusCode: 201}") == .success(201))
        #expect(code("{statusCode: 201, a: '\(long)'}") == .success(201))
        #expect(code(String(repeating: ",", count: 10 << 20)) == .failure(.notAnObject))
        #expect(code("{" + String(repeating: ",", count: 10 << 20) + "statusCode:1}") == .success(1))
        #expect(code("{a: " + Self.nested(10_000, "[", "]") + "}") == .failure(.tooDeep))
        #expect(code("{a: " + Self.nested(10_000, "{b:", "}") + "}") == .failure(.tooDeep))
        #expect(code("{statusCode: 99999999999999999999}") == .failure(.notAnInteger))
    }
}

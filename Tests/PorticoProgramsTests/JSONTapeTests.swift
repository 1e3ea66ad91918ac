import PorticoPrograms
import Testing

@Suite("JSON tape")
struct JSONTapeTests {
    @Test(
        "What is JSON is taken and printed compactly",
        arguments: [
            ("{}", "{}"), ("[]", "[]"), (" [ 1 , 2 ] ", "[1,2]"), ("{\"a\": {\"b\": []}}", "{\"a\":{\"b\":[]}}"),
            ("null", "null"), ("true", "true"), ("\"x\"", "\"x\""), ("[[],{},[{}]]", "[[],{},[{}]]"),
            ("{\"a\":[{\"b\":1},{\"c\":[2,{}]}],\"d\":null}", "{\"a\":[{\"b\":1},{\"c\":[2,{}]}],\"d\":null}"),
            ("\"\\/\\u00e9\\u001f\\ud83d\\ude00\\n\"", "\"/é\\u001F😀\\n\""), ("\"\\ud83d\"", "\"?\""),
            ("\"aé😀\"", "\"aé😀\""), ("-0", "0"), ("1.50", "1.5"), ("1e3", "1000.0"), ("1E10", "1.0E10"),
            ("1e999", "1e999"), ("-1.0", "-1.0"), ("0.001", "0.001"), ("0.0001", "1.0E-4"), ("0.10", "0.1"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("9223372036854775807", "9223372036854775807"), ("-0.0", "-0.0"), ("12345678.5", "1.23456785E7"),
            ("100.25", "100.25"), ("3.14159265358979323846", "3.14159265358979323846"),
        ])
    func accepts(text: String, printed: String) {
        #expect(Fixture.print(text) == printed)
    }

    @Test(
        "What is no JSON is refused where the trouble is",
        arguments: [
            ("", 0, JSONFailure.empty), ("  ", 2, .empty), ("[", 1, .unexpectedEnd), ("[1", 2, .unexpectedEnd),
            ("[1,]", 3, .unexpectedByte), ("{\"a\"}", 4, .unexpectedByte), ("{\"a\":}", 5, .unexpectedByte),
            ("{a:1}", 1, .unexpectedByte), ("{\"a\":1,}", 7, .unexpectedByte), ("1 2", 2, .trailingBytes),
            ("01", 1, .badNumber), ("1.", 2, .badNumber), ("1e", 2, .badNumber), ("-", 1, .badNumber),
            (".5", 0, .unexpectedByte), ("+1", 0, .unexpectedByte), ("tru", 0, .unexpectedByte),
            ("nul", 0, .unexpectedByte), ("falsy", 0, .unexpectedByte), ("\"a", 2, .unexpectedEnd),
            ("\"\\x\"", 1, .badEscape), ("\"\\u12g4\"", 1, .badEscape), ("\"\n\"", 1, .controlCharacter),
            ("[1}", 2, .unexpectedByte), ("{\"a\":1]", 6, .unexpectedByte), ("]", 0, .unexpectedByte),
            ("{]", 1, .unexpectedByte), ("[}", 1, .unexpectedByte), ("NaN", 0, .unexpectedByte),
        ])
    func refuses(text: String, offset: Int, reason: JSONFailure) {
        #expect(Fixture.parse(Array(text.utf8)) == .failed(offset: offset, reason: reason))
    }

    @Test("Words of eight bytes may end anywhere in names, texts and blanks")
    func alignments() {
        for blanks in 0...9 {
            let blank = String(repeating: " ", count: blanks)
            for length in 0...18 {
                let word = String("abcdefghijklmnopqrstuvwxyz".prefix(length))
                let printed = "{\"\(word)\":\"\(word)\",\"é\":[\"\(word)\\n\",\"\(word)é\",-12]}"
                let text = printed.flatMap { ":,[]{}".contains($0) ? "\(blank)\($0)\(blank)" : String($0) }
                #expect(Fixture.print(String(text)) == printed)
                #expect(Fixture.print("\(blank)\"\(word)\"") == "\"\(word)\"")
            }
        }
    }

    @Test("A text that is cut short is refused at its end")
    func refusesCutTexts() {
        let text = Array(#"{"name":"é ad\n","list":[1.5e3,true,{"k":null}],"more":{"x":[[],{}]}}"#.utf8)
        for length in 1..<text.count {
            guard case .failed(let offset, let reason) = Fixture.parse(Array(text[..<length])) else {
                Issue.record("\(length) bytes are taken")
                continue
            }
            // Within a word, a number or an escape the trouble is where that begins or ends.
            #expect(offset <= length && offset + 3 >= length)
            #expect([.unexpectedEnd, .unexpectedByte, .badNumber, .badEscape, .badUTF8].contains(reason))
        }
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func refusesBadText(bytes: [UInt8]) {
        #expect(Fixture.parse([0x22] + bytes + [0x22]) == .failed(offset: 1, reason: .badUTF8))
    }

    @Test("Nodes stand in order and link to what follows their subtree")
    func links() {
        let walked = Fixture.withTape("{\"a\":[1,{\"b\":2}],\"c\":\"x\"}") { tape -> [String] in
            #expect(tape.next(tape.root) == tape.count)
            return (0..<tape.count).map { "\(tape.kind($0)):\(tape.next($0)):\(tape.memberCount($0))" }
        }
        #expect(
            walked == [
                "object:9:2", "key:2:0", "array:7:2", "integer:4:0", "object:7:1", "key:6:0", "integer:7:0", "key:8:0",
                "string:9:0",
            ])
    }

    @Test("Members and elements are found by name and place")
    func lookUp() {
        let found = Fixture.withTape("{\"a\":[10,20,30],\"\\u0062\\n\":true,\"é\":null}") { tape -> [String?] in
            let list = tape.member(0, named: Array("a".utf8)) ?? -1
            func print(_ node: NodeIndex?) -> String? {
                node.map { node in Fixture.write { tape.emit(node, into: $0) } }
            }
            return [
                print(list), print(tape.element(list, at: 1)), print(tape.element(list, at: -1)),
                print(tape.element(list, at: 3)), print(tape.element(list, at: -4)),
                print(tape.element(list, at: .min)),
                print(tape.member(0, named: Array("b\n".utf8))), print(tape.member(0, named: Array("é".utf8))),
                print(tape.member(0, named: Array("b".utf8))), print(tape.member(list, named: Array("a".utf8))),
                print(tape.element(0, at: 0)), tape.members(0).map { tape.text($0.key) }.joined(separator: "|"),
            ]
        }
        #expect(found == ["[10,20,30]", "20", "30", nil, nil, nil, "true", "null", nil, nil, nil, "a|b\n|é"])
    }

    @Test(
        "Of members with one name the last counts, at the place of the first",
        arguments: [
            ("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}"), ("{\"a\":1,\"\\u0061\":2}", "{\"a\":2}"),
            ("{\"\\u0061\":1,\"a\":{\"x\":[1]},\"c\":0}", "{\"a\":{\"x\":[1]},\"c\":0}"),
            ("[{\"a\":{\"k\":1,\"k\":2},\"a\":[{\"k\":3,\"k\":4}]},5]", "[{\"a\":[{\"k\":4}]},5]"),
            ("{\"a\":1,\"a\":2,\"a\":3}", "{\"a\":3}"), ("{\"é\":1,\"e\u{301}\":2}", "{\"é\":1,\"e\u{301}\":2}"),
            ("{\"\":1,\"\":2}", "{\"\":2}"),
        ])
    func repeatedKeys(text: String, printed: String) {
        #expect(Fixture.print(text) == printed)
    }

    @Test("Repetitions are found in large objects too", arguments: [20, 33, 500, 5000])
    func manyKeys(count: Int) {
        let once = (0..<count).map { "\"key\($0)\":\($0)" }
        let twice = once + (0..<count).map { "\"key\($0)\":-\($0 + 1)" }
        #expect(Fixture.print("{\(once.joined(separator: ","))}") == "{\(once.joined(separator: ","))}")
        let kept = (0..<count).map { "\"key\($0)\":-\($0 + 1)" }
        #expect(Fixture.print("{\(twice.joined(separator: ","))}") == "{\(kept.joined(separator: ","))}")
    }

    @Test("Depth and size have limits, at the byte where they are passed")
    func limits() {
        let tape = JSONTape(maximumDepth: 3, maximumBytes: 12)
        #expect(Fixture.parse(Array("[[[]]]".utf8), tape) == .ok)
        #expect(Fixture.parse(Array("[[[[]]]]".utf8), tape) == .failed(offset: 3, reason: .tooDeep))
        #expect(Fixture.parse(Array("[1,2,3,4,5,6]".utf8), tape) == .failed(offset: 12, reason: .tooLong))
        #expect(tape.count == 0)
        let deep = JSONTape()
        let open = String(repeating: "[", count: 512)
        #expect(Fixture.parse(Array((open + String(repeating: "]", count: 512)).utf8), deep) == .ok)
        #expect(
            Fixture.parse(Array(("[" + open).utf8), deep) == .failed(offset: 512, reason: .tooDeep))
        let text = open + String(repeating: "]", count: 512)
        #expect(Fixture.print(text) == text)
    }

    @Test(
        "Whole numbers that fit 64 bits are integers",
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e2", nil),
            ("99999999999999999999", nil),
        ] as [(String, Int64?)])
    func integers(text: String, value: Int64?) {
        let read = Fixture.withTape(text) { tape in (tape.integer(0), tape.kind(0).isNumber) }
        #expect(read?.0 == value && read?.1 == true)
    }

    @Test("A tape is reused, whatever came before")
    func reuse() {
        let tape = JSONTape()
        let large = "[" + Array(repeating: "{\"a\":[1,2]}", count: 5000).joined(separator: ",") + "]"
        #expect(Fixture.parse(Array(large.utf8), tape) == .ok)
        #expect(Fixture.parse(Array("[1".utf8), tape) == .failed(offset: 2, reason: .unexpectedEnd))
        #expect(tape.count == 0)
        #expect(Fixture.parse(Array("[1]".utf8), tape) == .ok)
        #expect(tape.count == 2)
        #expect(Fixture.print(large) == large)
    }
}

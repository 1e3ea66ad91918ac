import PorticoPrograms
import Testing

@Suite("Lenient JSON of MOCK templates")
struct LenientJSONTests {
    static func statusCode(_ text: String) -> Result<Int, LenientJSON.Failure> {
        Array(text.utf8).withUnsafeBytes { LenientJSON.statusCode($0) }
    }

    @Test(
        "A status code is found",
        arguments: [
            ("{\"statusCode\": 200}", 200), (" \n{ statusCode : 404 }\n", 404), ("{'statusCode':201}", 201),
            ("{\"statusCode\":200,}", 200),
            ("{\"statusCode\":200 ,, }", 200), ("{,\"statusCode\":200}", 200), ("{statusCode: 200, }junk: [", 200),
            ("{\"statusCode\":200, x: y z}", 200),
            ("{\"statusCode\":200, x: [ba r, {a:b,, c:'d'}, [1,2,]]}", 200), ("{statusCode: 200, foo'}: 1}", 200),
            ("{null: null, statusCode: 200}", 200),
            ("{\"status\\u0043ode\": 200}", 200), ("{statusCode: 200, \"\": \"\"}", 200),
            ("{statusCode: 200, statusCode: 500}", 500),
            ("{a: {statusCode: 1}, statusCode: 2}", 2), ("{statusCode: 0200}", 200), ("{statusCode: -1}", -1),
            ("{a: , statusCode: 200}", 200),
            ("{\"a\":{},\"b\":[],\"statusCode\":200}", 200), ("{a:{b:{c:[{}]}},statusCode:200}", 200),
            ("{\"a\":\"}\",statusCode:200}", 200),
            ("{\"a\":\"\\\"\",statusCode:200}", 200),
        ])
    func found(text: String, code: Int) throws {
        #expect(try Self.statusCode(text).get() == code)
    }

    @Test(
        "What API Gateway refuses is refused",
        arguments: [
            ("", LenientJSON.Failure.notAnObject), ("statusCode: 200", .notAnObject), ("[200]", .notAnObject),
            ("{}", .missing), ("{\"status\":200}", .missing),
            ("{\"statusCode\": \"200\"}", .notAnInteger), ("{statusCode: '200'}", .notAnInteger),
            ("{statusCode: 200.0}", .notAnInteger),
            ("{statusCode: 2e2}", .notAnInteger), ("{statusCode: 200 OK}", .notAnInteger),
            ("{statusCode: [200]}", .notAnInteger), ("{statusCode: {a: 200}}", .notAnInteger),
            ("{statusCode: }", .malformed), ("{statusCode: 99999999999}", .notAnInteger),
            ("{statusCode: null}", .notAnInteger), ("{statusCode: 200", .malformed),
            ("{\"statusCode': 200}", .malformed), ("{'statusCode\": 200}", .malformed),
            ("{'statusCode: 200}", .malformed), ("{statusCode 200}", .malformed),
            ("{statusCode: 200, {a: 1}}", .malformed), ("{statusCode: 200, [1]: 1}", .malformed),
            ("{statusCode: 200, :1}", .malformed),
            ("{a: \"b\" c: 1, statusCode: 200}", .malformed), ("{a: [1}, statusCode: 200}", .malformed),
            ("{a: {b: 'x' 'y':1}, statusCode: 1}", .malformed),
            ("{\"\\u12\": 1, statusCode: 200}", .malformed),
        ])
    func refused(text: String, failure: LenientJSON.Failure) {
        #expect(Self.statusCode(text) == .failure(failure))
    }

    @Test("Nesting has a limit")
    func depth() {
        #expect(Self.statusCode("{a:" + String(repeating: "[", count: 5000)) == .failure(.tooDeep))
    }
}

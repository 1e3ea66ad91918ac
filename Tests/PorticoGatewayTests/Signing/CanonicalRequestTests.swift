import PorticoPrograms
import Testing

@testable import PorticoGateway

@Suite("Canonical requests")
struct CanonicalRequestTests {
    static func lines(
        path: String = "/", query: String = "", headers: [(String, String)] = [], style: SigV4PathStyle = .standard
    ) -> [String] {
        let canonical = CanonicalRequest()
        return WireRequest(method: "GET", path: path, query: query, headers: headers).withViews { request, fields in
            canonical.begin()
            for field in fields { canonical.add(name: field.0, value: field.1) }
            canonical.write(
                method: request.method, path: request.path, query: request.query,
                payloadHash: SigV4.unsignedPayload.signedBytes, style: style)
            return String(decoding: canonical.text.bytes, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false
            ).map(String.init)
        }
    }

    @Test(
        "paths are normalized and encoded once more, but for S3",
        arguments: [
            ("", "/", "/", "/"), ("/", "/", "/", "/"), ("//", "/", "//", "//"), ("/a", "/a", "/a", "/a"),
            ("/a/", "/a/", "/a/", "/a/"), ("/a//b", "/a/b", "/a//b", "/a//b"), ("/./a", "/a", "/./a", "/./a"),
            ("/a/..", "/", "/a/..", "/a/.."), ("/../..", "/", "/../..", "/../.."),
            ("/a/b/..", "/a", "/a/b/..", "/a/b/.."),
            ("/a/b/../", "/a/", "/a/b/../", "/a/b/../"), ("/../a", "/a", "/../a", "/../a"),
            ("/..a/.b./c..", "/..a/.b./c..", "/..a/.b./c..", "/..a/.b./c.."),
            ("/a%20b", "/a%2520b", "/a%2520b", "/a%20b"), ("/a%2Fb", "/a%252Fb", "/a%252Fb", "/a/b"),
            ("/%7Ea/-._~", "/%257Ea/-._~", "/%257Ea/-._~", "/~a/-._~"),
            (
                "/$default/!*'()", "/%24default/%21%2A%27%28%29", "/%24default/%21%2A%27%28%29",
                "/%24default/%21%2A%27%28%29"
            ),
            ("/é", "/%C3%A9", "/%C3%A9", "/%C3%A9"), ("/100%", "/100%25", "/100%25", "/100%25"),
            ("/a%zz%4", "/a%25zz%254", "/a%25zz%254", "/a%25zz%254"), ("a", "/a", "/a", "/a"),
            ("*", "/%2A", "/%2A", "/%2A"),
        ])
    func path(row: (String, String, String, String)) {
        #expect(Self.lines(path: row.0, style: .standard)[1] == row.1)
        #expect(Self.lines(path: row.0, style: .unnormalized)[1] == row.2)
        #expect(Self.lines(path: row.0, style: .s3)[1] == row.3)
    }

    @Test(
        "queries are decoded, encoded and sorted",
        arguments: [
            ("", ""), ("a", "a="), ("a=", "a="), ("a=b=c", "a=b%3Dc"), ("b=1&a=2", "a=2&b=1"), ("a=2&a=1", "a=1&a=2"),
            ("a=1&a", "a=&a=1"), ("a-b=1&a=2", "a=2&a-b=1"), ("ab=1&a=2", "a=2&ab=1"), ("a=%41&a=%2f", "a=%2F&a=A"),
            ("a=x+y", "a=x%2By"), ("a=x y", "a=x%20y"), ("%61=1", "a=1"), ("&&a=1&", "a=1"), ("=1", "=1"), ("=", "="),
            ("a=%", "a=%25"), ("a=%4", "a=%254"), ("a=%zz", "a=%25zz"), ("a=é", "a=%C3%A9"), ("a=%c3%a9", "a=%C3%A9"),
            ("a=b?c/d", "a=b%3Fc%2Fd"), ("B=1&a=2&A=3", "A=3&B=1&a=2"), ("X-Amz-Signature=1", "X-Amz-Signature=1"),
        ])
    func query(row: (String, String)) {
        #expect(Self.lines(query: row.0)[2] == row.1)
    }

    @Test("headers stand in the order of their names, values of one name in that of their arrival")
    func headers() {
        let lines = Self.lines(headers: [
            ("X-Amz-B", " 2"), ("Host", "a"), ("x-amz-b", "1 "), ("X-AMZ-A", ""), ("X-Amz-Long-Name-B", "x"),
            ("X-Amz-Long-Name-A", "\t a \r\n  b\tc "), ("x-amz-b", "3"),
        ])
        #expect(
            lines == [
                "GET", "/", "", "host:a", "x-amz-a:", "x-amz-b:2,1,3", "x-amz-long-name-a:a b c", "x-amz-long-name-b:x",
                "",
                "host;x-amz-a;x-amz-b;x-amz-long-name-a;x-amz-long-name-b", "UNSIGNED-PAYLOAD",
            ])
    }

    @Test("a thousand headers and a thousand parameters stand in order, too")
    func many() {
        let numbers = (0..<1000).map { ($0 * 7919) % 1000 }
        let lines = Self.lines(
            query: numbers.map { "p\(1000 + $0)=\($0)" }.joined(separator: "&"),
            headers: numbers.map { ("x-amz-\(1000 + $0)", "\($0)") })
        let sorted = numbers.sorted()
        #expect(lines[2] == sorted.map { "p\(1000 + $0)=\($0)" }.joined(separator: "&"))
        #expect(Array(lines[3..<1003]) == sorted.map { "x-amz-\(1000 + $0):\($0)" })
    }

    @Test(
        "times are written and read",
        arguments: [
            (0, "19700101T000000Z"), (951_782_400, "20000229T000000Z"), (1_440_938_160, "20150830T123600Z"),
            (4_107_542_399, "21000228T235959Z"), (-1, "19691231T235959Z"), (253_402_300_799, "99991231T235959Z"),
        ])
    func time(row: (Int, String)) {
        let time = SigV4Time(epochSeconds: row.0)
        #expect(time.withBytes { String(decoding: $0, as: UTF8.self) } == row.1)
        #expect(SigningSamples.bytes(row.1) { SigV4Time(basic: $0)?.epochSeconds } == row.0)
    }

    @Test(
        "what is no time is none",
        arguments: [
            "", "20150830", "20150830T123600", "20150830T123600z", "20150830 123600Z", "20150229T000000Z",
            "20151301T000000Z", "20150100T000000Z", "20150101T240000Z", "20150101T006000Z", "2015010aT000000Z",
            "20150830T123600ZZ", "Sun, 30 Aug 2015 12:36:00 GMT",
        ])
    func noTime(text: String) {
        #expect(SigningSamples.bytes(text) { SigV4Time(basic: $0) } == nil)
    }

    @Test("a Date header is read")
    func httpDate() {
        let time = SigningSamples.bytes("Sun, 30 Aug 2015 12:36:00 GMT") { SigV4Time(httpDate: $0) }
        #expect(time == SigV4Time(epochSeconds: 1_440_938_160))
        for text in [
            "Sun, 30 Aux 2015 12:36:00 GMT", "Sun, 31 Feb 2015 12:36:00 GMT", "Sunday", "Sun, 30 Aug 2015 12:36:00 CET",
        ] {
            #expect(SigningSamples.bytes(text) { SigV4Time(httpDate: $0) } == nil)
        }
    }
}

import Testing

@testable import PorticoGateway

@Suite("Verification of signatures")
struct SigV4VerifierTests {
    static let scope = SigningScope(region: "us-east-1", service: "execute-api")
    static let host = "a1.execute-api.us-east-1.amazonaws.com"

    static func presigned(_ path: String, _ query: String, host: String = host) -> WireRequest {
        WireRequest(method: "GET", path: path, query: query, headers: [("Host", host)])
    }

    static let plainQuery = """
        name=a%20b&type=dog&X-Amz-Algorithm=AWS4-HMAC-SHA256&\
        X-Amz-Credential=AKIDEXAMPLE%2F20240115%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20240115T120000Z&\
        X-Amz-Expires=900&X-Amz-SignedHeaders=host&\
        X-Amz-Signature=e086edc53d4ac6cdd1beb103a59c8c486dd377f3ff1f71de1c286bcf6c85e0f0
        """
    static let tokenQuery = """
        X-Amz-Algorithm=AWS4-HMAC-SHA256&\
        X-Amz-Credential=AKIDEXAMPLE%2F20240115%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20240115T120000Z&\
        X-Amz-Expires=900&X-Amz-SignedHeaders=host&\
        X-Amz-Security-Token=AQoDYXdzEPT%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FwEXAMPLE%3D%3D&\
        X-Amz-Signature=bb3bab370d16268b9291a1e9ddbacb702b1848dc0092c95e1cee23cf2522973d
        """

    @Test("a URL that botocore presigned is valid, and its claim says who, where and how long")
    func presigned() throws {
        let credentials = try SigningSamples.credentials()
        let verdict = Self.presigned("/prod/pets", Self.plainQuery).verify(credentials: credentials, scope: Self.scope)
        {
            guard case .claim(let claim) = $0 else {
                Issue.record("no claim: \($0)")
                return
            }
            let text = { (bytes: UnsafeRawBufferPointer) in String(decoding: bytes, as: UTF8.self) }
            #expect(claim.form == .query && claim.isOfItsDay)
            #expect(text(claim.accessKeyID) == "AKIDEXAMPLE" && text(claim.day) == "20240115")
            #expect(text(claim.region) == "us-east-1" && text(claim.service) == "execute-api")
            #expect(text(claim.terminator) == "aws4_request" && text(claim.signedHeaders) == "host")
            #expect(claim.time.epochSeconds == 1_705_320_000 && claim.expiresSeconds == 900)
            #expect(claim.sessionToken == nil)
        }
        #expect(verdict == .valid)
    }

    @Test("a session token may be a part of what was signed, or have been added afterwards")
    func token() throws {
        let credentials = try SigningSamples.credentials()
        let signed = Self.presigned("/prod/$connect", Self.tokenQuery)
        #expect(signed.verify(credentials: credentials, scope: Self.scope) == .valid)
        let added = Self.presigned("/prod/pets", Self.plainQuery + "&X-Amz-Security-Token=a%2Fb")
        #expect(added.verify(credentials: credentials, scope: Self.scope) == .valid)
        let other = Self.tokenQuery.replacing("wEXAMPLE", with: "wEXAMPLF")
        #expect(
            Self.presigned("/prod/$connect", other).verify(credentials: credentials, scope: Self.scope)
                == .wrongSignature)
    }

    @Test(
        "a change of anything that was signed shows",
        arguments: [
            ("/prod/pets", "a%20b", "a%20c"), ("/prod/pets", "type=dog", "type=cat"), ("/prod/pets", "900", "901"),
            ("/prod/pets", "T120000Z", "T120001Z"), ("/prod/pets", "85e0f0", "85e0f1"), ("/prod/pet", "", ""),
            ("/prod/pets", "85e0f0", "85E0F0"), ("/prod/pets", "85e0f0", "85e0f"), ("/prod/pets", "&type=dog", ""),
        ])
    func changed(row: (String, String, String)) throws {
        let query = row.1.isEmpty ? Self.plainQuery : Self.plainQuery.replacing(row.1, with: row.2)
        let verdict = Self.presigned(row.0, query).verify(
            credentials: try SigningSamples.credentials(), scope: Self.scope)
        #expect(verdict == .wrongSignature)
    }

    @Test("another host, key, secret, region or service is a wrong signature")
    func wrongKey() throws {
        let credentials = try SigningSamples.credentials()
        let request = Self.presigned("/prod/pets", Self.plainQuery)
        #expect(
            Self.presigned("/prod/pets", Self.plainQuery, host: "b").verify(credentials: credentials, scope: Self.scope)
                == .wrongSignature)
        let other = try SigningCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "other")
        #expect(request.verify(credentials: other, scope: Self.scope) == .wrongSignature)
        for scope in [
            SigningScope(region: "us-east-2", service: "execute-api"),
            SigningScope(region: "us-east-1", service: "lambda"),
        ] {
            #expect(request.verify(credentials: credentials, scope: scope) == .wrongSignature)
        }
    }

    static func signed(_ message: String, body: String = "") throws -> WireRequest {
        let message = try #require(
            SigningSamples.signed(
                message, body: body, scope: scope, credentials: SigningSamples.credentials(), addsPayloadHash: true))
        return WireRequest(Array(message.utf8), body: Array(body.utf8))
    }

    @Test("a body other than the one that was signed shows, with the hash sent and without")
    func body() throws {
        let credentials = try SigningSamples.credentials()
        var request = try Self.signed("POST /a HTTP/1.1\r\nHost: a\r\n", body: "one")
        #expect(request.verify(credentials: credentials, scope: Self.scope) == .valid)
        request.body = Array("two".utf8)
        #expect(request.verify(credentials: credentials, scope: Self.scope) == .wrongPayload)
        request.headers.removeAll { $0.name == "X-Amz-Content-Sha256" }
        #expect(request.verify(credentials: credentials, scope: Self.scope) == .wrongSignature)
    }

    @Test("a signature that leaves out the host is none")
    func host() throws {
        let query = Self.plainQuery.replacing("SignedHeaders=host", with: "SignedHeaders=x-host")
        #expect(
            Self.presigned("/prod/pets", query).verify(
                credentials: try SigningSamples.credentials(), scope: Self.scope) == .unsignedHost)
    }

    @Test("headers that are not signed may change, and signed ones may be folded")
    func headers() throws {
        let credentials = try SigningSamples.credentials()
        var request = try Self.signed("GET /a?b HTTP/1.1\r\nHost: a\r\nX-Amz-Meta-A: b c\r\nAccept: d\r\n")
        request.headers.append(("accept", "e"))
        request.headers.append(("X-Amz-Later", "f"))
        #expect(request.verify(credentials: credentials, scope: Self.scope) == .valid)
        for index in request.headers.indices where request.headers[index].name == "X-Amz-Meta-A" {
            request.headers[index].value = "  b\r\n    c\t"
        }
        #expect(request.verify(credentials: credentials, scope: Self.scope) == .valid)
        request.headers.append(("X-Amz-Meta-A", "d"))
        #expect(request.verify(credentials: credentials, scope: Self.scope) == .wrongSignature)
    }

    static func reading(_ authorization: String, amzDate: String?, date: String? = nil) -> String {
        var request = WireRequest(method: "GET", path: "/", headers: [("Host", "a"), ("Authorization", authorization)])
        if let amzDate { request.headers.append(("X-Amz-Date", amzDate)) }
        if let date { request.headers.append(("Date", date)) }
        return reading(request)
    }

    static func reading(_ request: WireRequest) -> String {
        var found = ""
        guard let credentials = try? SigningSamples.credentials() else { return "no credentials" }
        _ = request.verify(
            credentials: credentials, scope: scope,
            claimed: {
                switch $0 {
                case .none: found = "none"
                case .claim(let claim): found = "claim \(claim.time.epochSeconds)"
                case .incomplete(let parts): found = "incomplete \(names(parts))"
                case .malformed(let parts): found = "malformed \(names(parts))"
                case .noPair(let part): found = "no pair \(String(decoding: part, as: UTF8.self))"
                }
            })
        return found
    }

    static func names(_ parts: SigV4Parts) -> String {
        let all: [(SigV4Parts, String)] = [
            (.credential, "Credential"), (.signature, "Signature"), (.signedHeaders, "SignedHeaders"), (.date, "Date"),
            (.expires, "Expires"),
        ]
        return all.filter { parts.contains($0.0) }.map(\.1).joined(separator: " ")
    }

    static let credential = "Credential=A/20240115/us-east-1/execute-api/aws4_request"

    @Test(
        "an Authorization header is read",
        arguments: [
            ("Bearer x", "none"), ("", "none"), ("AWS4-HMAC-SHA256X a=b", "none"), ("AWS4-HMAC-SHA512 a=b", "none"),
            ("AWS4-HMAC-SHA256", "incomplete Credential Signature SignedHeaders"),
            ("AWS4-HMAC-SHA256 token", "no pair token"),
            ("AWS4-HMAC-SHA256 Signature=a, token", "no pair token"),
            ("AWS4-HMAC-SHA256 Signature=a", "incomplete Credential SignedHeaders"),
            ("AWS4-HMAC-SHA256 \(credential), SignedHeaders=host, Signature=a", "claim 1705320000"),
            ("  AWS4-HMAC-SHA256   \(credential),SignedHeaders=host,,Signature=a,Other=b ", "claim 1705320000"),
            ("AWS4-HMAC-SHA256 Credential=A, SignedHeaders=host, Signature=a", "malformed Credential"),
            (
                "AWS4-HMAC-SHA256 Credential=A/1/r//aws4_request, SignedHeaders=host, Signature=a",
                "malformed Credential"
            ),
            ("AWS4-HMAC-SHA256 Credential=/1/r/s/t, SignedHeaders=host, Signature=a", "malformed Credential"),
            ("AWS4-HMAC-SHA256 Credential=a/b/1/r/s/t, SignedHeaders=host, Signature=a", "claim 1705320000"),
            ("AWS4-HMAC-SHA256 \(credential), SignedHeaders=, Signature=a", "malformed SignedHeaders"),
        ])
    func authorization(row: (String, String)) {
        #expect(Self.reading(row.0, amzDate: "20240115T120000Z") == row.1)
    }

    @Test("the time stands in X-Amz-Date, else in Date, in either of its forms")
    func dates() {
        let value = "AWS4-HMAC-SHA256 \(Self.credential), SignedHeaders=host, Signature=a"
        #expect(Self.reading(value, amzDate: nil) == "incomplete Date")
        #expect(Self.reading(value, amzDate: "yesterday", date: "20240115T120000Z") == "malformed Date")
        #expect(Self.reading(value, amzDate: nil, date: "20240115T120000Z") == "claim 1705320000")
        #expect(Self.reading(value, amzDate: nil, date: "Mon, 15 Jan 2024 12:00:00 GMT") == "claim 1705320000")
        #expect(Self.reading(value, amzDate: nil, date: "now") == "malformed Date")
    }

    @Test(
        "the parameters of a presigned URL are read",
        arguments: [
            ("X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Algorithm=AWS4-HMAC-SHA512", "none"),
            ("X-Amz-Algorithm=AWS4-HMAC-SHA256&", "", "none"), ("X-Amz-Expires=900&", "", "incomplete Expires"),
            ("X-Amz-Expires=900", "X-Amz-Expires=0", "malformed Expires"),
            ("X-Amz-Expires=900", "X-Amz-Expires=604801", "malformed Expires"),
            ("X-Amz-Expires=900", "X-Amz-Expires=9e2", "malformed Expires"),
            ("X-Amz-Expires=900", "X-Amz-Expires=99999999999999999999", "malformed Expires"),
            ("X-Amz-Expires=900", "X-Amz-Expires=604800", "claim 1705320000"),
            ("X-Amz-Signature=", "x-amz-signature=", "incomplete Signature"),
            ("X-Amz-Date=20240115T120000Z", "X-Amz-Date=2024", "malformed Date"),
            ("%2Faws4_request", "", "malformed Credential"), ("X-Amz-Date=", "X%2DAmz%2DDate=", "claim 1705320000"),
        ])
    func parameters(row: (String, String, String)) {
        #expect(Self.reading(Self.presigned("/", Self.plainQuery.replacing(row.0, with: row.1))) == row.2)
    }
}

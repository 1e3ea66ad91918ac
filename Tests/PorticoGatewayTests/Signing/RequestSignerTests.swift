import PorticoPrograms
import Testing

@testable import PorticoGateway

@Suite("Signing of calls")
struct RequestSignerTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var message: String
        var body = ""
        var service: String
        var region = "us-east-1"
        var token: String?
        var style = SigV4PathStyle.standard
        var signedHeaders: String
        var signature: String
        var testDescription: String { name }
    }

    /// Signatures computed by botocore 1.40 (`SigV4Auth`, `S3SigV4Auth`) for 2024-01-15T12:00:00Z.
    static let rows: [Row] = [
        Row(
            name: "Lambda invocation, its path encoded twice",
            message: """
                POST /2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Apets/invocations \
                HTTP/1.1\r\nHost: lambda.us-east-1.amazonaws.com\r\nContent-Type: application/json\r\n\
                X-Amz-Invocation-Type: RequestResponse\r\nX-Amzn-Trace-Id: Root=1\r\nContent-Length: 7\r\n
                """,
            body: #"{"a":1}"#, service: "lambda",
            signedHeaders: "content-type;host;x-amz-date;x-amz-invocation-type",
            signature: "4a30e18fee42a3248cbd7e656dc4e9a3d2a76da5afc2c694fc93198c9e49874d"),
        Row(
            name: "JSON protocol with a session token",
            message: """
                POST / HTTP/1.1\r\nHost: dynamodb.eu-west-1.amazonaws.com\r\n\
                Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\n
                """,
            body: #"{"TableName":"t"}"#, service: "dynamodb", region: "eu-west-1",
            token: "AQoDYXdzEPT//////////wEXAMPLE==",
            signedHeaders: "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
            signature: "b762701ce8ac0009607849caa249f9f24bd44b5af31e38788b01b24cd5e14aff"),
        Row(
            name: "query protocol",
            message: """
                POST / HTTP/1.1\r\nHost: sqs.us-east-1.amazonaws.com\r\n\
                Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nAccept: */*\r\n
                """,
            body: "Action=SendMessage&Version=2012-11-05&MessageBody=a%20b", service: "sqs",
            signedHeaders: "content-type;host;x-amz-date",
            signature: "acbc3e287dac3e081b230ee562858f797cc3da1c7a29ff7f668aae998ca6a9c3"),
        Row(
            name: "query in order of name and value",
            message: """
                GET /prod/pets?b=2&a=1&a=0&B=3&a-b=&c HTTP/1.1\r\nhost:a1.execute-api.us-east-1.amazonaws.com\r\n
                """,
            service: "execute-api", signedHeaders: "host;x-amz-date",
            signature: "09dbef3c6de1c67c29e1fd3215bfdf0c76cf86187d4121a841e24af5bac8b8fe"),
        Row(
            name: "dots and double slashes in a path",
            message: "GET /a/./b//../c/%20d/ HTTP/1.1\r\nHost: example.com:8080\r\n",
            service: "execute-api", signedHeaders: "host;x-amz-date",
            signature: "ee856322af8d2815b33ee705315b1fe42fc4073153cbf3a96b2fe5d743f7f4b4"),
        Row(
            name: "several blanks in a value",
            message: "GET / HTTP/1.1\r\nHost: example.com\r\nX-Amz-Meta-Note:   a   b\t c  \r\n",
            service: "service", signedHeaders: "host;x-amz-date;x-amz-meta-note",
            signature: "7cd27cf0ddc3d66ad826449d2d80642d42f95ae7513db314c7b1377b6557f6d6"),
        Row(
            name: "object of S3, its path as it is",
            message: """
                PUT /bucket//a/./b%20c/%C3%A9.txt HTTP/1.1\r\nHost: s3.us-west-2.amazonaws.com\r\n\
                Content-Type: text/plain\r\nX-Amz-Acl: private\r\n
                """,
            body: "hello", service: "s3", region: "us-west-2", style: .s3,
            signedHeaders: "content-type;host;x-amz-acl;x-amz-content-sha256;x-amz-date",
            signature: "958c77f8b50c45576ee6fc6eeb9eaff963baf233550109002086bdee6f7fcf3a"),
        Row(
            name: "object of S3 with a session token",
            message: """
                GET /bucket/key?versionId=3HL4kqtJlcpXroDTDmJ%2BrmSpXd3dIbrHY&partNumber=1 HTTP/1.1\r\n\
                Host: s3.us-west-2.amazonaws.com\r\n
                """,
            service: "s3", region: "us-west-2", token: "token", style: .s3,
            signedHeaders: "host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
            signature: "e763454d6ea0be2fe9a61ec587adaadd9785a6cf7cce790b14be2b11e1865b71"),
    ]

    @Test("signs as botocore does", arguments: rows)
    func signature(row: Row) throws {
        let scope = SigningScope(region: row.region, service: row.service)
        let message = try #require(
            SigningSamples.signed(
                row.message, body: row.body, scope: scope, credentials: SigningSamples.credentials(token: row.token),
                style: row.style))
        #expect(message.hasPrefix(row.message))
        #expect(SigningSamples.header("X-Amz-Date", of: message) == "20240115T120000Z")
        #expect(SigningSamples.header("X-Amz-Security-Token", of: message) == row.token)
        #expect((SigningSamples.header("X-Amz-Content-Sha256", of: message) != nil) == (row.style == .s3))
        #expect(
            SigningSamples.header("Authorization", of: message)
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240115/\(row.region)/\(row.service)/aws4_request, "
                + "SignedHeaders=\(row.signedHeaders), Signature=\(row.signature)")
        #expect(message.hasSuffix("\r\n") && !message.hasSuffix("\r\n\r\n"))
    }

    @Test("a signer gives the same signature again, for the same and for other keys in between")
    func repeated() throws {
        let signer = RequestSigner()
        let scope = SigningScope(region: "us-east-1", service: "lambda")
        let message = Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8)
        let credentials = try SigningSamples.credentials()
        let first = SigningSamples.signed(message, scope: scope, credentials: credentials, signer: signer)
        for index in 0..<200 {
            let other = try SigningCredentials(accessKeyID: "KEY\(index)", secretAccessKey: "secret\(index)")
            let mixed = SigningSamples.signed(message, scope: scope, credentials: other, signer: signer)
            #expect(mixed == SigningSamples.signed(message, scope: scope, credentials: other))
            #expect(mixed != first)
        }
        let same = SigningScope(region: "us-east-1", service: "lambda")
        #expect(SigningSamples.signed(message, scope: same, credentials: credentials, signer: signer) == first)
    }

    @Test("headers that the signer writes are taken out when they stand there already")
    func replaced() throws {
        let scope = SigningScope(region: "us-east-1", service: "lambda")
        let credentials = try SigningSamples.credentials(token: "new")
        let clean = "GET /a HTTP/1.1\r\nHost: a\r\nAccept: b\r\n"
        let dirty = """
            GET /a HTTP/1.1\r\nx-amz-date: 20000101T000000Z\r\nHost: a\r\nAUTHORIZATION: Bearer x\r\n\
            X-Amz-Content-SHA256: x\r\nAccept: b\r\nx-amz-security-token: old\r\n
            """
        #expect(
            SigningSamples.signed(dirty, scope: scope, credentials: credentials)
                == SigningSamples.signed(clean, scope: scope, credentials: credentials))
    }

    @Test("a body that is not signed says so")
    func unsigned() throws {
        let scope = SigningScope(region: "us-east-1", service: "execute-api")
        let credentials = try SigningSamples.credentials()
        let message = try #require(
            SigningSamples.signed(
                "PUT / HTTP/1.1\r\nHost: a\r\n", body: "x", scope: scope, credentials: credentials,
                payload: .unsigned))
        #expect(SigningSamples.header("X-Amz-Content-Sha256", of: message) == "UNSIGNED-PAYLOAD")
        let verdict = WireRequest(Array(message.utf8), body: [1, 2]).verify(credentials: credentials, scope: scope)
        #expect(verdict == .valid)
    }

    @Test("the hash of the body is sent to other services when asked for")
    func hash() throws {
        let message = try #require(
            SigningSamples.signed(
                "PUT / HTTP/1.1\r\nHost: a\r\n", scope: SigningScope(region: "r", service: "s"),
                credentials: SigningSamples.credentials(), addsPayloadHash: true))
        #expect(
            SigningSamples.header("x-amz-content-sha256", of: message)
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test(
        "what is no request is refused and stays as it was",
        arguments: [
            "", "\r\n", "GET", "GET / HTTP/1.1", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\n", "GET /\r\nHost: a\r\n",
            " / HTTP/1.1\r\nHost: a\r\n", "GET  HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a",
            "GET / HTTP/1.1\r\nHost: a\n", "GET / HTTP/1.1\r\nHost a\r\n", "GET / HTTP/1.1\r\n: a\r\nHost: a\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody: x\r\n",
            "GET / HTTP/1.1\r\nAccept: a\r\n",
        ])
    func refused(message: String) throws {
        let buffer = OutputBuffer()
        buffer.append(message)
        let isSigned = RequestSigner().sign(
            buffer, from: 0, payload: .unsigned, scope: SigningScope(region: "r", service: "s"),
            credentials: try SigningSamples.credentials(), epochMilliseconds: SigningSamples.now)
        #expect(!isSigned)
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == message)
    }
}

import PorticoIR
import Testing

@testable import PorticoGateway

@Suite("Key sets")
struct KeySetTests {
    private static let x = base64URL([UInt8](repeating: 1, count: 32))

    private func read(_ text: String) throws -> KeySetReader.Reading {
        try KeySetReader().read(Array(text.utf8))
    }

    /// Why a text is no key set.
    private func problem(_ text: String) -> String? {
        do throws(KeySetProblem) {
            _ = try KeySetReader().read(Array(text.utf8))
            return nil
        } catch {
            return error.text
        }
    }

    @Test("keys of both types are read, with what they are for")
    func reading() throws {
        let keys = try Tokens.keySet(
            SigningKey.rsa2048.jwk("a", #""alg":"PS384","use":"sig""#),
            SigningKey.p256.jwk("b", #""key_ops":["verify"]"#),
            SigningKey.p521.jwk("c"), SigningKey.p384.jwk("d", #""x5c":["zzz"],"other":{"a":[1]}"#))
        #expect(keys.keys.map { String(decoding: $0.id, as: UTF8.self) } == ["a", "b", "c", "d"])
        #expect(keys.keys.map(\.algorithm) == [.ps384, nil, nil, nil])
        #expect(keys.key(named: Array("a".utf8), for: .rs256) == nil)
        #expect(keys.key(named: Array("a".utf8), for: .ps384) != nil)
        #expect(keys.key(named: Array("b".utf8), for: .es384) == nil)
        #expect(keys.key(named: Array("e".utf8), for: .rs256) == nil)
    }

    @Test("keys that cannot verify tokens are left out, with the reason")
    func leftOut() throws {
        let rsa = SigningKey.rsa2048.jwk("r")
        func replaced(_ name: String, _ value: String) -> String {
            let start = rsa.range(of: "\"\(name)\":\"")?.upperBound ?? rsa.startIndex
            let end = rsa[start...].firstIndex(of: "\"") ?? rsa.endIndex
            return rsa[..<start] + value + rsa[end...]
        }
        let rows: [(String, String)] = [
            (SigningKey.rsa2048.jwk("k", #""use":"enc""#), "'use' is 'enc'"),
            (SigningKey.rsa2048.jwk("k", #""key_ops":["encrypt"]"#), "'key_ops' has no 'verify'"),
            (SigningKey.rsa2048.jwk("k", #""alg":"RSA-OAEP""#), "'alg' is 'RSA-OAEP'"),
            (SigningKey.rsa2048.jwk("k", #""alg":"ES256""#), "'ES256' is not for such a key"),
            (SigningKey.p256.jwk("k", #""alg":"RS256""#), "'RS256' is not for such a key"),
            (SigningKey.rsa2048.jwk(""), "it has no 'kid'"),
            (SigningKey.rsa1024.jwk("k"), "its modulus has 1024 bits, not 2048 to 8192"),
            (
                replaced("n", base64URL([UInt8](repeating: 255, count: 1025))),
                "its modulus has 8200 bits, not 2048 to 8192"
            ),
            (replaced("e", "AQ"), "its exponent is of no use"), (replaced("e", "Ag"), "its exponent is of no use"),
            (replaced("e", "AQAAAAE"), "its exponent is of no use"), (replaced("e", "A"), "'e' is no base64url number"),
            (replaced("n", "+/=="), "'n' is no base64url number"),
            (#"{"kid":"k","kty":"oct","k":"c2VjcmV0"}"#, "'kty' is 'oct'"),
            (#"{"kid":"k","kty":"OKP","crv":"Ed25519","x":"\#(Self.x)"}"#, "'kty' is 'OKP'"),
            (#"{"kid":"k","kty":"EC","crv":"secp256k1","x":"\#(Self.x)","y":"\#(Self.x)"}"#, "'crv' is 'secp256k1'"),
            (
                #"{"kid":"k","kty":"EC","crv":"P-256","x":"\#(Self.x)","y":"\#(Self.x)"}"#,
                "its point is not on the curve 'P-256'"
            ),
            (
                #"{"kid":"k","kty":"EC","crv":"P-384","x":"\#(Self.x)","y":"\#(Self.x)"}"#,
                "its coordinates are not of 'P-384'"
            ),
            (#"{"kid":"k"}"#, "'kty' is ''"), (#"{"kid":5,"kty":"RSA"}"#, "it has no 'kid'"), ("5", "it is no object"),
        ]
        for (key, reason) in rows {
            let reading = try read(#"{"keys":[\#(key),\#(SigningKey.p256.jwk("good"))]}"#)
            #expect(reading.keys.keys.count == 1)
            #expect(reading.leftOut == ["key 1: \(reason)"])
            // Alone it is no set at all.
            #expect(
                problem(#"{"keys":[\#(key)]}"#) == "it has no key that can verify tokens (key 1: \(reason))")
        }
        let padded = replaced("n", base64URL([0] + (Base64URL.decoded(rsa, member: "n") ?? [])))
        #expect(try read(#"{"keys":[\#(padded)]}"#).leftOut == [])
    }

    @Test("what is no key set is a problem")
    func problems() {
        let key = SigningKey.p256.jwk("k")
        let many = [String](repeating: key, count: TokenLimits.keys + 1).joined(separator: ",")
        let rows: [(String, String)] = [
            ("", "it is no JSON: no value at byte 0"), ("{", "it is no JSON: unexpected end at byte 1"),
            ("[]", "it has no list 'keys'"), (#"{"keys":{}}"#, "it has no list 'keys'"),
            (#"{"keys":[]}"#, "it has no key that can verify tokens"),
            ("{\"keys\":[\(many)]}", "it has more than 100 keys"),
            (String(repeating: " ", count: TokenLimits.keySetBytes + 1), "it has more than 150000 bytes"),
        ]
        for (text, reason) in rows {
            #expect(problem(text) == reason, "\(text.prefix(40))")
        }
    }

    @Test("what a foreign document says cannot break a line of the log")
    func problemTexts() {
        let problem = KeySetProblem("a\r\nb\u{1B}[31m" + String(repeating: "é", count: 1000))
        #expect(problem.text.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        #expect(problem.text.hasPrefix("ab[31mé") && problem.text.count <= 300)
    }

    @Test("a key is the same in two sets if its name, use and numbers are")
    func sameness() throws {
        let old = try Tokens.keySet(SigningKey.rsa2048.jwk("a"), SigningKey.p256.jwk("b"))
        #expect(try Tokens.keySet(SigningKey.rsa2048.jwk("a")).contains(old.keys[0]))
        #expect(try !Tokens.keySet(SigningKey.rsa2048.jwk("b")).contains(old.keys[0]))
        #expect(try !Tokens.keySet(SigningKey.otherRSA2048.jwk("a")).contains(old.keys[0]))
        #expect(try !Tokens.keySet(SigningKey.rsa2048.jwk("a", #""alg":"RS512""#)).contains(old.keys[0]))
    }

    @Test(
        "keys come from where the issuer says, unless that is another issuer or less safe",
        arguments: [
            ("https://a", #"{"issuer":"https://a","jwks_uri":"https://b/keys?p=1"}"#, "https://b/keys?p=1"),
            (
                "http://127.0.0.1:9", #"{"issuer":"http://127.0.0.1:9","jwks_uri":"http://localhost:9/k"}"#,
                "http://localhost:9/k"
            ),
            ("https://a", #"{"issuer":"https://a/","jwks_uri":"https://b"}"#, nil),
            ("https://a", #"{"jwks_uri":"https://b"}"#, nil), ("https://a", #"{"issuer":"https://a"}"#, nil),
            ("https://a", #"{"issuer":"https://a","jwks_uri":"http://127.0.0.1/keys"}"#, nil),
            ("https://a", #"{"issuer":"https://a","jwks_uri":"http://169.254.169.254/keys"}"#, nil),
            ("https://a", #"{"issuer":"https://a","jwks_uri":"file:///etc/passwd"}"#, nil),
            ("https://a", #"{"issuer":"https://a","jwks_uri":"https://b/\r\nX: y"}"#, nil),
            ("https://a", "[]", nil), ("https://a", "", nil),
        ])
    func discovery(issuer: String, document: String, address: String?) {
        let found = try? DiscoveryDocument.keySetAddress(Array(document.utf8), issuer: issuer)
        #expect(found == address)
    }

    @Test(
        "max-age is read whatever stands around it",
        arguments: [
            ("max-age=60", 60_000), ("public, max-age=3600, must-revalidate", 3_600_000), ("Max-Age=\"5\"", 5000),
            ("no-store", 0), ("max-age=9, no-cache", 0), ("max-age=99999999999999999999", 999_999_999_000),
            ("public", nil), ("", nil), ("max-age=", nil), ("max-age=-1", nil), ("s-maxage=5", nil), (",,", nil),
        ])
    func maximumAge(text: String, milliseconds: Int?) {
        #expect(Array(text.utf8).withUnsafeBytes { MaximumAge.milliseconds($0) } == milliseconds)
    }
}

extension Base64URL {
    /// The bytes of a member of a key.
    fileprivate static func decoded(_ jwk: String, member: String) -> [UInt8]? {
        guard let start = jwk.range(of: "\"\(member)\":\"")?.upperBound else { return nil }
        return Array(jwk[start...].prefix { $0 != "\"" }.utf8).withUnsafeBytes { decoded($0) }
    }
}

extension StringProtocol {
    /// The first place of `text`, without Foundation.
    fileprivate func range(of text: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}

import Testing

@testable import PorticoGateway

@Suite("Signatures of any request")
struct SigningPropertyTests {
    /// A generator whose numbers are the same on each run (xorshift64*).
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state &>> 12
            state ^= state &<< 25
            state ^= state &>> 27
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }

    /// A request of odd but possible bytes: nothing that ends a line or a part of the request line.
    static func message(_ generator: inout Generator) -> (message: [UInt8], body: [UInt8]) {
        func bytes(_ limit: Int, _ generator: inout Generator) -> [UInt8] {
            let special = Array("%/.;:=&?+,%2e%2F~ \t-_Xx-amz".utf8)
            return (0..<Int.random(in: 0...limit, using: &generator)).map { _ in
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: UInt8.random(in: 0x21...0xFF, using: &generator)
                case 1: UInt8.random(in: 0x61...0x7A, using: &generator)
                default: special.randomElement(using: &generator) ?? 0x2F
                }
            }
        }
        var message = Array(["GET", "POST", "X"].randomElement(using: &generator)?.utf8 ?? "GET".utf8) + [0x20, 0x2F]
        message += bytes(40, &generator).filter { $0 > 0x20 && $0 != 0x3F }
        if Bool.random(using: &generator) { message += [0x3F] + bytes(60, &generator).filter { $0 > 0x20 } }
        message += Array(" HTTP/1.1\r\n".utf8)
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let names = ["X-Amz-Meta-A", "x-amz-meta-b", "Content-Type", "X-Amz-", "X-AMZ-DATE", "Accept", "x-amz"]
            message += Array((names.randomElement(using: &generator) ?? "a").utf8) + [0x3A]
            message += bytes(30, &generator) + [0x0D, 0x0A]
        }
        message += Array("host:".utf8) + bytes(8, &generator) + [0x0D, 0x0A]
        return (message, bytes(50, &generator))
    }

    @Test("what was signed is found valid, and any other byte of what was signed is found out", arguments: 1...40)
    func property(seed: Int) throws {
        var generator = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        let signer = RequestSigner()
        let verifier = SigV4Verifier()
        for round in 0..<20 {
            let (message, body) = Self.message(&generator)
            let scope = SigningScope(region: "r\(round % 3)", service: "execute-api")
            let token = round % 2 == 0 ? "t/+=" : nil
            let credentials = try SigningSamples.credentials(token: token)
            let style: SigV4PathStyle = round % 5 == 0 ? .s3 : .standard
            let signed = try #require(
                SigningSamples.signed(
                    message, body: body, scope: scope, credentials: credentials, style: style, signer: signer))
            let request = RawRequest(signed, body)
            #expect(request.verify(verifier, credentials, scope, style) == .valid, "\(signed)")

            var other = request
            other.body.append(0)
            #expect(other.verify(verifier, credentials, scope, style) != .valid)
            other = request
            other.method[0] ^= 0x20
            #expect(other.verify(verifier, credentials, scope, style) == .wrongSignature)
            other = request
            other.path.append(0x61)
            #expect(other.verify(verifier, credentials, scope, style) == .wrongSignature)
            other = request
            other.query += [0x26, 0x61]
            #expect(other.verify(verifier, credentials, scope, style) == .wrongSignature)
            for index in request.headers.indices where request.isSigned(index) {
                other = request
                other.headers[index].value.append(0x61)
                #expect(other.verify(verifier, credentials, scope, style) != .valid, "\(request.headers[index])")
                other = request
                other.headers.remove(at: index)
                #expect(other.verify(verifier, credentials, scope, style) != .valid, "\(request.headers[index])")
            }
        }
    }

    @Test("no bytes whatever stop the signer or the verifier", arguments: 1...20)
    func hardInput(seed: Int) throws {
        var generator = Generator(state: UInt64(seed) &* 0xD134_2543_DE82_EF95)
        let credentials = try SigningSamples.credentials()
        let scope = SigningScope(region: "r", service: "s")
        let signer = RequestSigner()
        let verifier = SigV4Verifier()
        for _ in 0..<100 {
            var (message, body) = Self.message(&generator)
            message = SigningSamples.signed(message, scope: scope, credentials: credentials) ?? message
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<message.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: message.remove(at: place)
                case 1: message.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                case 2: message.removeSubrange(place..<min(place + 20, message.count))
                default: message[place] = UInt8.random(in: 0...255, using: &generator)
                }
                if message.isEmpty { message = [0x0A] }
            }
            body = Array(message.suffix(10))
            _ = SigningSamples.signed(message, body: body, scope: scope, credentials: credentials, signer: signer)
            let request = RawRequest(message, body)
            _ = request.verify(verifier, credentials, scope, .standard)
            var presigned = request
            presigned.headers.removeAll { $0.name.count == 13 }
            presigned.query = Array(SigV4VerifierTests.plainQuery.utf8) + [0x26] + message
            presigned.query[Int.random(in: 0..<presigned.query.count, using: &generator)] = 0x25
            _ = presigned.verify(verifier, credentials, scope, .standard)
            _ = try? SharedConfigFile(message)
            _ = try? CredentialProcess.credentials(from: message)
            _ = ShellWords.split(String(decoding: message, as: UTF8.self))
            _ = try? EnvironmentText.expand(String(decoding: message, as: UTF8.self), environment: [:])
        }
    }
}

/// A request whose parts may be any bytes.
private struct RawRequest {
    var method: [UInt8]
    var path: [UInt8]
    var query: [UInt8]
    var headers: [(name: [UInt8], value: [UInt8])] = []
    var body: [UInt8]

    init(_ message: [UInt8], _ body: [UInt8]) {
        self.body = body
        let lines = message.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.last == 0x0D ? line.dropLast() : line
        }
        let line = lines.first ?? []
        let first = line.firstIndex(of: 0x20) ?? line.endIndex
        let last = max(line.lastIndex(of: 0x20) ?? first, first)
        method = Array(line[..<first])
        let target = line[first..<last].dropFirst()
        let mark = target.firstIndex(of: 0x3F) ?? target.endIndex
        path = Array(target[..<mark])
        query = Array(target[mark...].dropFirst())
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            headers.append((Array(line[..<colon]), Array(line[colon...].dropFirst())))
        }
    }

    /// Whether the signer signs the header.
    func isSigned(_ index: Int) -> Bool {
        let name = String(decoding: headers[index].name, as: UTF8.self).lowercased()
        return name == "host" || name == "content-type" || (name.hasPrefix("x-amz-") && name.utf8.count > 6)
    }

    func verify(
        _ verifier: SigV4Verifier, _ credentials: SigningCredentials, _ scope: SigningScope, _ style: SigV4PathStyle
    ) -> SigV4Verifier.Verdict? {
        let pieces = [method, path, query, body] + headers.flatMap { [$0.name, $0.value] }
        let memory = pieces.map { piece in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
            copy.copyBytes(from: piece)
            return UnsafeRawBufferPointer(copy)
        }
        defer { for view in memory { view.deallocate() } }
        verifier.begin()
        var authorization: UnsafeRawBufferPointer?
        var date: UnsafeRawBufferPointer?
        for (index, header) in headers.enumerated() {
            let value = memory[5 + index * 2]
            verifier.add(name: memory[4 + index * 2], value: value)
            switch String(decoding: header.name, as: UTF8.self).lowercased() {
            case "authorization": authorization = value
            case "x-amz-date": date = value
            default: break
            }
        }
        let reader = SigV4ClaimReader()
        let reading =
            authorization.map { reader.read(authorization: $0, amzDate: date, date: nil) }
            ?? reader.read(query: memory[2])
        guard case .claim(let claim) = reading else { return nil }
        let request = SigV4Request(method: memory[0], path: memory[1], query: memory[2], body: memory[3])
        return verifier.verify(claim, of: request, credentials: credentials, scope: scope, style: style)
    }
}

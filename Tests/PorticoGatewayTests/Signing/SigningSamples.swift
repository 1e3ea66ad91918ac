import PorticoPrograms
import Testing

@testable import PorticoGateway

/// Keys of the AWS documentation, and requests written as a backend call writes them.
enum SigningSamples {
    static let accessKeyID = "AKIDEXAMPLE"
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    /// 2024-01-15T12:00:00Z.
    static let now = 1_705_320_000_000

    static func credentials(token: String? = nil) throws -> SigningCredentials {
        try SigningCredentials(accessKeyID: accessKeyID, secretAccessKey: secret, sessionToken: token)
    }

    static func bytes<Result>(_ text: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = text
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    /// The message after signing, or `nil` if it was refused.
    static func signed(
        _ message: [UInt8], body: [UInt8] = [], scope: SigningScope, credentials: SigningCredentials,
        style: SigV4PathStyle = .standard, addsPayloadHash: Bool = false, payload: SigV4Payload? = nil,
        signer: RequestSigner = RequestSigner()
    ) -> [UInt8]? {
        let buffer = OutputBuffer(capacity: 64)
        // What stands before a message in the buffer is no part of it.
        buffer.append("before")
        buffer.append(message)
        let isSigned = body.withUnsafeBytes {
            signer.sign(
                buffer, from: 6, payload: payload ?? .body($0), scope: scope, credentials: credentials,
                epochMilliseconds: now, style: style, addsPayloadHash: addsPayloadHash)
        }
        return isSigned ? Array(buffer.bytes(from: 6)) : nil
    }

    static func signed(
        _ message: String, body: String = "", scope: SigningScope, credentials: SigningCredentials,
        style: SigV4PathStyle = .standard, addsPayloadHash: Bool = false, payload: SigV4Payload? = nil
    ) -> String? {
        signed(
            Array(message.utf8), body: Array(body.utf8), scope: scope, credentials: credentials, style: style,
            addsPayloadHash: addsPayloadHash, payload: payload
        ).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The value of a header of a message.
    static func header(_ name: String, of message: String) -> String? {
        for line in message.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == name.lowercased() {
                return String(parts[1].drop { $0 == " " })
            }
        }
        return nil
    }
}

/// A message taken apart by other means than the signer's own, and given to the verifier.
struct WireRequest {
    var method = ""
    var path = ""
    var query = ""
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    init(method: String, path: String, query: String = "", headers: [(String, String)], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
    }

    /// Reads a request line and headers; a line that begins with a blank goes on with the one before.
    init(_ message: [UInt8], lineEnd: [UInt8] = [0x0D, 0x0A], body: [UInt8] = []) {
        self.body = body
        var lines: [[UInt8]] = [[]]
        var index = 0
        while index < message.count {
            if message[index...].starts(with: lineEnd) {
                lines.append([])
                index += lineEnd.count
            } else {
                lines[lines.count - 1].append(message[index])
                index += 1
            }
        }
        func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
        let line = lines.removeFirst()
        let first = line.firstIndex(of: 0x20) ?? 0
        let last = line.lastIndex(of: 0x20) ?? 0
        method = text(line[..<first])
        let target = line[min(first + 1, last)..<last]
        let mark = target.firstIndex(of: 0x3F) ?? target.endIndex
        path = text(target[..<mark])
        query = text(target[mark...].dropFirst())
        for line in lines where !line.isEmpty {
            if line[0] == 0x20 || line[0] == 0x09, !headers.isEmpty {
                headers[headers.count - 1].value += "\n" + text(line[...])
                continue
            }
            let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
            headers.append((text(line[..<colon]), text(line[colon...].dropFirst())))
        }
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    /// Everything that a comparison needs, with views that hold as long as `body` runs.
    func withViews<Result>(
        _ body: (SigV4Request, [(UnsafeRawBufferPointer, UnsafeRawBufferPointer)]) -> Result
    ) -> Result {
        let pieces: [[UInt8]] =
            [Array(method.utf8), Array(path.utf8), Array(query.utf8), self.body]
            + headers.flatMap { [Array($0.name.utf8), Array($0.value.utf8)] }
        let memory = pieces.map { piece in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
            copy.copyBytes(from: piece)
            return UnsafeRawBufferPointer(copy)
        }
        defer { for view in memory { view.deallocate() } }
        let fields = stride(from: 4, to: memory.count, by: 2).map { (memory[$0], memory[$0 + 1]) }
        return body(SigV4Request(method: memory[0], path: memory[1], query: memory[2], body: memory[3]), fields)
    }

    /// What its signature claims, and what a comparison says; `nil` for the latter if there is no claim.
    func verify(
        _ verifier: SigV4Verifier = SigV4Verifier(), credentials: SigningCredentials, scope: SigningScope,
        style: SigV4PathStyle = .standard, claimed: (SigV4ClaimReading) -> Void = { _ in }
    ) -> SigV4Verifier.Verdict? {
        withViews { request, fields in
            let reader = SigV4ClaimReader()
            let field = { (name: String) in
                fields.first { String(decoding: $0.0, as: UTF8.self).lowercased() == name }?.1
            }
            var reading = SigV4ClaimReading.none
            if let authorization = field("authorization") {
                reading = reader.read(
                    authorization: authorization, amzDate: field("x-amz-date"), date: field("date"))
            }
            if case .none = reading { reading = reader.read(query: request.query) }
            claimed(reading)
            guard case .claim(let claim) = reading else { return nil }
            verifier.begin()
            for field in fields { verifier.add(name: field.0, value: field.1) }
            return verifier.verify(claim, of: request, credentials: credentials, scope: scope, style: style)
        }
    }
}

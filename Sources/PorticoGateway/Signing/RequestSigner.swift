// Hot: once per signed call. Allocates: four states of the hash, 128 bytes each.

internal import PorticoPrograms

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Signs requests that stand in an ``OutputBuffer``, ready to be sent but for the empty line after their headers.
///
/// What is signed is read from there, so that it is what is sent. One worker owns it and uses it on its loop only.
///
/// Source: IAM User Guide, "Create a signed AWS API request".
final class RequestSigner {
    private let canonical = CanonicalRequest()
    private let stringToSign = OutputBuffer(capacity: 256)
    private let payloadHash = OutputBuffer(capacity: 64)
    private let keys = SigningKeyCache()
    private var time = SigV4Time(epochSeconds: 0)

    /// Appends `X-Amz-Date`, `X-Amz-Security-Token` when the credentials have one, `X-Amz-Content-Sha256` for S3 and when
    /// asked for, and `Authorization`. Headers of these names that stand there already are taken out.
    ///
    /// Signed are `host`, `content-type` and all `x-amz-...` headers: what a proxy on the way may change is not.
    ///
    /// - Parameters:
    ///   - message: a request line and `Name: value` lines from `start` on, each with its line end, and nothing after them.
    ///   - payload: the body that will be sent, or that none is signed, which is told by `X-Amz-Content-Sha256`.
    ///   - addsPayloadHash: whether `X-Amz-Content-Sha256` is sent to other services than S3, too.
    /// - Returns: false, with the message as it was, if it is no such request or names no host.
    func sign(
        _ message: OutputBuffer, from start: Int, payload: SigV4Payload, scope: SigningScope,
        credentials: SigningCredentials, epochMilliseconds: Int, style: SigV4PathStyle = .standard,
        addsPayloadHash: Bool = false
    ) -> Bool {
        // Views into the message must not move while the own headers are appended.
        message.reserve(Self.ownHeaderBytes + (credentials.sessionToken?.count ?? 0))
        var facts = Facts()
        guard read(message.bytes(from: start), &facts) else { return false }
        if facts.hasOwnHeaders {
            removeOwnHeaders(message, from: start)
            facts = Facts()
            guard read(message.bytes(from: start), &facts) else { return false }
        }
        setTime(epochMilliseconds)
        setPayloadHash(payload)
        appendOwnHeaders(message, credentials, withHash: style == .s3 || addsPayloadHash || payload.isUnsigned)
        canonical.write(
            method: facts.method, path: facts.path, query: facts.query, payloadHash: payloadHash.bytes, style: style)
        let key = keys.key(credentials: credentials, scope: scope, day: time.day)
        stringToSign.reset()
        key.writeStringToSign(canonical.text.bytes, at: time, into: stringToSign)
        let signature = key.sign(stringToSign.bytes)

        message.append("Authorization: AWS4-HMAC-SHA256 Credential=")
        message.append(credentials.accessKeyIDBytes)
        message.append(0x2F)
        message.append(key.credentialScope)
        message.append(", SignedHeaders=")
        message.append(canonical.text.view(canonical.signedHeaders))
        message.append(", Signature=")
        SigV4Encoding.appendHex(signature, to: message)
        message.append("\r\n")
        return true
    }

    // MARK: Reading

    /// What a message says, as views of it.
    private struct Facts {
        var method = UnsafeRawBufferPointer(start: nil, count: 0)
        var path = UnsafeRawBufferPointer(start: nil, count: 0)
        var query = UnsafeRawBufferPointer(start: nil, count: 0)
        var hasHost = false
        var hasOwnHeaders = false
    }

    /// What a header is to the signer.
    private enum Role {
        case plain
        case host
        case signed
        case own
    }

    /// Takes a message apart and collects the headers that are signed; false if it is no request or names no host.
    private func read(_ message: UnsafeRawBufferPointer, _ facts: inout Facts) -> Bool {
        canonical.begin()
        guard var place = Self.lineEnd(message, from: 0), readRequestLine(message, place, &facts) else { return false }
        place &+= 2
        while place < message.count {
            guard let end = Self.lineEnd(message, from: place),
                let colon = Self.index(of: 0x3A, in: message, from: place, to: end), colon > place
            else { return false }
            let name = UnsafeRawBufferPointer(rebasing: message[place..<colon])
            switch Self.role(name) {
            case .plain: break
            case .own: facts.hasOwnHeaders = true
            case .host:
                facts.hasHost = true
                canonical.add(name: name, value: UnsafeRawBufferPointer(rebasing: message[colon &+ 1..<end]))
            case .signed:
                canonical.add(name: name, value: UnsafeRawBufferPointer(rebasing: message[colon &+ 1..<end]))
            }
            place = end &+ 2
        }
        return facts.hasHost
    }

    /// Reads `METHOD TARGET VERSION`.
    private func readRequestLine(_ message: UnsafeRawBufferPointer, _ end: Int, _ facts: inout Facts) -> Bool {
        guard let methodEnd = Self.index(of: 0x20, in: message, from: 0, to: end), methodEnd > 0 else { return false }
        let start = methodEnd &+ 1
        var targetEnd = end
        while targetEnd > start, message[targetEnd &- 1] != 0x20 { targetEnd &-= 1 }
        targetEnd &-= 1
        guard targetEnd > start else { return false }
        let mark = Self.index(of: 0x3F, in: message, from: start, to: targetEnd)
        facts.method = UnsafeRawBufferPointer(rebasing: message[0..<methodEnd])
        facts.path = UnsafeRawBufferPointer(rebasing: message[start..<(mark ?? targetEnd)])
        if let mark { facts.query = UnsafeRawBufferPointer(rebasing: message[mark &+ 1..<targetEnd]) }
        return true
    }

    /// Where the line that begins at `start` ends with a line end; `nil` if it does not.
    @inline(__always)
    private static func lineEnd(_ message: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let feed = index(of: 0x0A, in: message, from: start, to: message.count), feed > start,
            message[feed &- 1] == 0x0D
        else { return nil }
        return feed &- 1
    }

    @inline(__always)
    private static func index(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        guard let base = bytes.baseAddress, start < end, end <= bytes.count,
            let place = memchr(base + start, Int32(byte), end &- start)
        else { return nil }
        return UnsafeRawPointer(place) - base
    }

    @inline(__always)
    private static func role(_ name: UnsafeRawBufferPointer) -> Role {
        switch (name.count, name[0] | 0x20) {
        case (4, 0x68): return bytesEqualIgnoringCase(name, ("host" as StaticString).signedBytes) ? .host : .plain
        case (12, 0x63):
            return bytesEqualIgnoringCase(name, ("content-type" as StaticString).signedBytes) ? .signed : .plain
        case (13, 0x61):
            return bytesEqualIgnoringCase(name, ("authorization" as StaticString).signedBytes) ? .own : .plain
        case (7..., 0x78):
            let prefix = UnsafeRawBufferPointer(rebasing: name[..<6])
            guard bytesEqualIgnoringCase(prefix, ("x-amz-" as StaticString).signedBytes) else { return .plain }
            return isOwn(name) ? .own : .signed
        default: return .plain
        }
    }

    private static func isOwn(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 10: bytesEqualIgnoringCase(name, ("x-amz-date" as StaticString).signedBytes)
        case 20:
            bytesEqualIgnoringCase(name, ("x-amz-security-token" as StaticString).signedBytes)
                || bytesEqualIgnoringCase(name, ("x-amz-content-sha256" as StaticString).signedBytes)
        default: false
        }
    }

    /// Takes out the lines that the signer writes itself. The message was read before, so its lines are well formed.
    private func removeOwnHeaders(_ message: OutputBuffer, from start: Int) {
        let view = message.bytes(from: start)
        let target = message.base + start
        var kept = 0
        var place = 0
        while let end = Self.lineEnd(view, from: place) {
            let next = end &+ 2
            let colon = Self.index(of: 0x3A, in: view, from: place, to: end) ?? place
            let isOwn =
                place > 0 && colon > place
                && Self.role(UnsafeRawBufferPointer(rebasing: view[place..<colon])) == .own
            if !isOwn {
                memmove(target + kept, target + place, next &- place)
                kept &+= next &- place
            }
            place = next
        }
        message.truncate(to: start + kept)
    }

    // MARK: Writing

    /// Bytes of the three own headers without the token.
    private static let ownHeaderBytes = 160

    private func setTime(_ epochMilliseconds: Int) {
        let seconds = epochMilliseconds / 1000
        if seconds != time.epochSeconds { time = SigV4Time(epochSeconds: seconds) }
    }

    private func setPayloadHash(_ payload: SigV4Payload) {
        payloadHash.reset()
        switch payload {
        case .unsigned: payloadHash.append(SigV4.unsignedPayload)
        case .body(let bytes) where bytes.isEmpty: payloadHash.append(SigV4.emptyPayloadHash)
        case .body(let bytes): SigV4Encoding.appendHex(SigV4Encoding.hash(bytes), to: payloadHash)
        }
    }

    private func appendOwnHeaders(_ message: OutputBuffer, _ credentials: SigningCredentials, withHash: Bool) {
        time.withBytes { append("X-Amz-Date", $0, to: message) }
        if let token = credentials.sessionToken {
            token.withUnsafeBytes { append("X-Amz-Security-Token", $0, to: message) }
        }
        if withHash { append("X-Amz-Content-Sha256", payloadHash.bytes, to: message) }
    }

    private func append(_ name: StaticString, _ value: UnsafeRawBufferPointer, to message: OutputBuffer) {
        message.append(name)
        message.append(": ")
        let start = message.count
        message.append(value)
        canonical.add(name: name.signedBytes, value: message.view(start..<message.count))
        message.append("\r\n")
    }
}

extension SigV4Payload {
    fileprivate var isUnsigned: Bool {
        if case .unsigned = self { true } else { false }
    }
}

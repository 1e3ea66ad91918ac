// Hot: once per signed request. Allocates: four states of the hash, 128 bytes each.

internal import PorticoPrograms

/// A request as it came, before anything of it was rewritten.
struct SigV4Request {
    /// Method.
    var method: UnsafeRawBufferPointer
    /// Path with its stage, percent-encoded as it was sent.
    var path: UnsafeRawBufferPointer
    /// Query without `?`, as it was sent.
    var query: UnsafeRawBufferPointer
    /// Body without transfer coding.
    var body: UnsafeRawBufferPointer
}

/// Makes the signature of a request anew and compares. Whose key it is, whether the scope and the time are right, and
/// what is answered are for others to say. One worker owns it.
///
/// Source: IAM User Guide, "Create a signed AWS API request"; "Troubleshoot Signature Version 4 signing".
final class SigV4Verifier {
    /// What a comparison found.
    enum Verdict: Sendable, Hashable {
        case valid
        case wrongSignature
        /// The signature is that of another body than the one that came.
        case wrongPayload
        /// `host` is not among the signed headers, which it must be.
        case unsignedHost
    }

    private let canonical = CanonicalRequest()
    private let expected = OutputBuffer(capacity: 256)
    private let payloadHash = OutputBuffer(capacity: 64)
    private let keys = SigningKeyCache()
    private var stringLength = 0

    /// The canonical request of the last comparison, for messages; valid until the next one.
    var canonicalRequest: UnsafeRawBufferPointer { canonical.text.bytes }
    /// The string to sign of the last comparison, for messages; valid until the next one.
    var stringToSign: UnsafeRawBufferPointer { expected.view(0..<stringLength) }

    /// Forgets the headers of the request before.
    func begin() { canonical.begin() }

    /// Takes a header; its value must stay where it is until the comparison.
    func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) { canonical.add(name: name, value: value) }

    /// Compares a claim with what the credentials of its access key sign. All headers were added before.
    ///
    /// `scope` is the region and service that the server is; the claim's own, which it must equal, are never signed with.
    /// A claim whose day is not that of its time is not to be compared.
    func verify(
        _ claim: SigV4Claim, of request: SigV4Request, credentials: SigningCredentials, scope: SigningScope,
        style: SigV4PathStyle = .standard
    ) -> Verdict {
        guard claim.signs(("host" as StaticString).signedBytes) else { return .unsignedHost }
        let payload = setPayloadHash(claim, request, style)
        let isPresigned = claim.form == .query
        compute(claim, request, credentials, scope, style, leavingOut: isPresigned ? .signature : .nothing)
        var isValid = isSame(claim)
        if !isValid, isPresigned, claim.sessionToken != nil {
            // A token that was added to the URL after signing. Source: AWS signing test suite, `post-sts-header-after`.
            compute(claim, request, credentials, scope, style, leavingOut: .signatureAndToken)
            isValid = isSame(claim)
            // Messages show the way that is usual.
            if !isValid { compute(claim, request, credentials, scope, style, leavingOut: .signature) }
        }
        guard isValid else { return .wrongSignature }
        return payload ? .valid : .wrongPayload
    }

    /// Sets what stands for the body in the canonical request; false if it is the hash of another body.
    private func setPayloadHash(_ claim: SigV4Claim, _ request: SigV4Request, _ style: SigV4PathStyle) -> Bool {
        payloadHash.reset()
        let sent = canonical.value(of: ("x-amz-content-sha256" as StaticString).signedBytes).map(trimmingBlanks)
        if let sent, bytesEqual(sent, SigV4.unsignedPayload.signedBytes) {
            payloadHash.append(sent)
            return true
        }
        if sent == nil, style == .s3, claim.form == .query {
            // Source: S3 API Reference, "Authenticating requests: using query parameters".
            payloadHash.append(SigV4.unsignedPayload)
            return true
        }
        if request.body.isEmpty {
            payloadHash.append(SigV4.emptyPayloadHash)
        } else {
            SigV4Encoding.appendHex(SigV4Encoding.hash(request.body), to: payloadHash)
        }
        guard let sent, !bytesEqual(sent, payloadHash.bytes) else { return true }
        payloadHash.reset()
        payloadHash.append(sent)
        return false
    }

    private func compute(
        _ claim: SigV4Claim, _ request: SigV4Request, _ credentials: SigningCredentials, _ scope: SigningScope,
        _ style: SigV4PathStyle, leavingOut: CanonicalRequest.Omission
    ) {
        canonical.write(
            method: request.method, path: request.path, query: request.query, signedHeaders: claim.signedHeaders,
            payloadHash: payloadHash.bytes, style: style, leavingOut: leavingOut)
        let key = keys.key(credentials: credentials, scope: scope, day: claim.time.day)
        expected.reset()
        key.writeStringToSign(canonical.text.bytes, at: claim.time, into: expected)
        stringLength = expected.count
        let signature = key.sign(expected.bytes)
        SigV4Encoding.appendHex(signature, to: expected)
    }

    private func isSame(_ claim: SigV4Claim) -> Bool {
        SigV4Encoding.areSame(expected.view(stringLength..<expected.count), claim.signature)
    }
}

// Hot: once per signed request. Allocates: nothing.

internal import PorticoPrograms

/// Words of AWS Signature Version 4 that the signer and the verifier share.
///
/// Source: AWS General Reference, "Signature Version 4 signing process"; IAM User Guide, "Create a signed AWS API
/// request".
enum SigV4 {
    /// The only algorithm: HMAC with SHA-256.
    static let algorithm: StaticString = "AWS4-HMAC-SHA256"
    /// The last part of a credential scope.
    static let terminator: StaticString = "aws4_request"
    /// Stands for the hash of a body that is not signed.
    static let unsignedPayload: StaticString = "UNSIGNED-PAYLOAD"
    /// SHA-256 of no bytes.
    static let emptyPayloadHash: StaticString = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    /// Characters of a SHA-256 in hexadecimal.
    static let hashCharacters = 64
    /// Characters of a time such as `20150830T123600Z`.
    static let timestampCharacters = 16
    /// Seconds that the clocks of caller and server may differ. Observed: execute-api, 5 minutes and not 15.
    static let skewSeconds = 300
    /// Seconds for which a presigned request may be used at most.
    /// Source: AWS General Reference, "Query string parameters", X-Amz-Expires.
    static let maximumExpiresSeconds = 604_800
}

/// How the path of a request becomes part of what is signed.
enum SigV4PathStyle: Sendable, Hashable {
    /// `.`, `..` and empty segments are resolved, and what was sent is percent-encoded once more. All services but S3.
    case standard
    /// As ``standard``, with the segments as they are.
    case unnormalized
    /// Each byte of the path is encoded once, and segments stay as they are, since they are a part of an object's key.
    case s3
}

/// What of a body is signed.
enum SigV4Payload {
    /// The SHA-256 of these bytes.
    case body(UnsafeRawBufferPointer)
    /// Nothing: `UNSIGNED-PAYLOAD` stands in its place.
    case unsigned
}

/// Region and service that a signature is good for. One is made for each backend, not for each call: derived keys are
/// found by it.
final class SigningScope: Sendable {
    /// Region, such as `us-east-1`.
    let region: [UInt8]
    /// Service, such as `lambda`.
    let service: [UInt8]

    /// Takes any text; a caller guarantees that neither has a character that cannot stand in a header.
    init(region: String, service: String) {
        self.region = Array(region.utf8)
        self.service = Array(service.utf8)
    }

    /// Whether both are for the same region and service.
    func isSame(as other: SigningScope) -> Bool {
        self === other || (region == other.region && service == other.service)
    }
}

extension StaticString {
    /// Its UTF-8, for as long as the program runs.
    @inline(__always)
    var signedBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}

extension OutputBuffer {
    /// A view of bytes written before; valid until the next append.
    @inline(__always)
    func view(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }
}

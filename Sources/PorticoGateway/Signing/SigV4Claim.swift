// Hot: once per request that says it is signed. Allocates: nothing once its buffer has grown.

internal import PorticoPrograms

/// What a request says of its signature. The views are of the reader's memory and hold until it reads the next request.
struct SigV4Claim {
    /// Where the signature stands.
    enum Form: Sendable, Hashable {
        /// In the `Authorization` header.
        case header
        /// In the query: a presigned URL.
        case query
    }

    var form: Form
    /// The five parts of `Credential`: `ACCESSKEY/DAY/REGION/SERVICE/aws4_request`.
    var accessKeyID: UnsafeRawBufferPointer
    var day: UnsafeRawBufferPointer
    var region: UnsafeRawBufferPointer
    var service: UnsafeRawBufferPointer
    var terminator: UnsafeRawBufferPointer
    /// Names in lower case with `;` between them.
    var signedHeaders: UnsafeRawBufferPointer
    /// 64 characters, when it is one.
    var signature: UnsafeRawBufferPointer
    var time: SigV4Time
    /// Session token of a presigned URL; that of the other form is a header of its own.
    var sessionToken: UnsafeRawBufferPointer?
    /// `X-Amz-Expires`; `nil` in a header.
    var expiresSeconds: Int?

    /// Whether a header, its name in lower case, is among the signed ones.
    func signs(_ name: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        while start < signedHeaders.count {
            var end = start
            while end < signedHeaders.count, signedHeaders[end] != 0x3B { end &+= 1 }
            if bytesEqual(UnsafeRawBufferPointer(rebasing: signedHeaders[start..<end]), name) { return true }
            start = end &+ 1
        }
        return false
    }

    /// Whether the day of the scope is that of the time.
    var isOfItsDay: Bool {
        time.withBytes { bytesEqual(UnsafeRawBufferPointer(rebasing: $0[..<8]), day) }
    }
}

/// What came of looking for a signature.
enum SigV4ClaimReading {
    /// There is none of this algorithm.
    case none
    /// All parts are there.
    case claim(SigV4Claim)
    /// Parts are missing.
    case incomplete(SigV4Parts)
    /// This part of the `Authorization` header has no `=`.
    case noPair(UnsafeRawBufferPointer)
    /// A part is there and is not what it should be.
    case malformed(SigV4Parts)
}

/// Parts of a signature, in the order in which AWS lists those that are missing.
struct SigV4Parts: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static let credential = SigV4Parts(rawValue: 1)
    static let signature = SigV4Parts(rawValue: 2)
    static let signedHeaders = SigV4Parts(rawValue: 4)
    static let date = SigV4Parts(rawValue: 8)
    static let expires = SigV4Parts(rawValue: 16)
}

/// Reads what requests say of their signatures. One worker owns it.
///
/// Source: AWS General Reference, "Signature Version 4": Authorization header and query string parameters.
final class SigV4ClaimReader {
    private let memory = OutputBuffer(capacity: 1024)

    /// Where a part is in ``memory``.
    private struct Places {
        var credential: Range<Int>?
        var signature: Range<Int>?
        var signedHeaders: Range<Int>?
        var date: Range<Int>?
        var expires: Range<Int>?
        var token: Range<Int>?
    }

    /// Reads an `Authorization` header and the time beside it: `X-Amz-Date` if there is one, else `Date`.
    func read(
        authorization: UnsafeRawBufferPointer, amzDate: UnsafeRawBufferPointer?, date: UnsafeRawBufferPointer?
    ) -> SigV4ClaimReading {
        let value = trimmingBlanks(authorization)
        let algorithm = SigV4.algorithm.signedBytes
        guard value.count >= algorithm.count,
            bytesEqual(UnsafeRawBufferPointer(rebasing: value[..<algorithm.count]), algorithm),
            value.count == algorithm.count || value[algorithm.count] == 0x20 || value[algorithm.count] == 0x09
        else { return .none }
        memory.reset()
        var places = Places()
        var start = algorithm.count
        while start < value.count {
            var end = start
            while end < value.count, value[end] != 0x2C { end &+= 1 }
            let part = trimmingBlanks(UnsafeRawBufferPointer(rebasing: value[start..<end]))
            start = end &+ 1
            guard !part.isEmpty else { continue }
            guard let equals = part.firstIndex(of: 0x3D) else {
                let place = keep(part)
                return .noPair(memory.view(place))
            }
            let name = UnsafeRawBufferPointer(rebasing: part[..<equals])
            let content = UnsafeRawBufferPointer(rebasing: part[(equals &+ 1)...])
            if bytesEqual(name, ("Credential" as StaticString).signedBytes) {
                places.credential = keep(content)
            } else if bytesEqual(name, ("SignedHeaders" as StaticString).signedBytes) {
                places.signedHeaders = keep(content)
            } else if bytesEqual(name, ("Signature" as StaticString).signedBytes) {
                places.signature = keep(content)
            }
        }
        let time: SigV4Time?
        if let amzDate {
            places.date = keep(trimmingBlanks(amzDate))
            time = SigV4Time(basic: trimmingBlanks(amzDate))
        } else if let date {
            places.date = keep(trimmingBlanks(date))
            time = SigV4Time(httpDate: trimmingBlanks(date)) ?? SigV4Time(basic: trimmingBlanks(date))
        } else {
            time = nil
        }
        return claim(places, time, .header)
    }

    /// Reads a query, as it was sent, without `?`.
    func read(query: UnsafeRawBufferPointer) -> SigV4ClaimReading {
        memory.reset()
        var places = Places()
        var isAlgorithm: Bool?
        var start = 0
        while start < query.count {
            var end = start
            while end < query.count, query[end] != 0x26 { end &+= 1 }
            let part = UnsafeRawBufferPointer(rebasing: query[start..<end])
            start = end &+ 1
            let equals = part.firstIndex(of: 0x3D) ?? part.count
            guard let name = parameter(UnsafeRawBufferPointer(rebasing: part[..<equals])) else { continue }
            let first = memory.count
            if equals < part.count {
                SigV4Encoding.appendDecoded(UnsafeRawBufferPointer(rebasing: part[(equals &+ 1)...]), to: memory)
            }
            let place = first..<memory.count
            switch name {
            case .algorithm: isAlgorithm = bytesEqual(memory.view(place), SigV4.algorithm.signedBytes)
            case .credential: places.credential = place
            case .signature: places.signature = place
            case .signedHeaders: places.signedHeaders = place
            case .date: places.date = place
            case .expires: places.expires = place
            case .token: places.token = place
            }
        }
        guard isAlgorithm == true else { return .none }
        return claim(places, places.date.flatMap { SigV4Time(basic: memory.view($0)) }, .query)
    }

    private enum Parameter {
        case algorithm, credential, signature, signedHeaders, date, expires, token
    }

    private static let parameters: [(name: StaticString, parameter: Parameter)] = [
        ("X-Amz-Algorithm", .algorithm), ("X-Amz-Credential", .credential), ("X-Amz-Signature", .signature),
        ("X-Amz-SignedHeaders", .signedHeaders), ("X-Amz-Date", .date), ("X-Amz-Expires", .expires),
        ("X-Amz-Security-Token", .token),
    ]

    /// The parameter of a name, which may be written with escapes.
    private func parameter(_ name: UnsafeRawBufferPointer) -> Parameter? {
        let first = memory.count
        SigV4Encoding.appendDecoded(name, to: memory)
        defer { memory.truncate(to: first) }
        let decoded = memory.view(first..<memory.count)
        return Self.parameters.first { bytesEqual($0.name.signedBytes, decoded) }?.parameter
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) -> Range<Int> {
        let start = memory.count
        memory.append(bytes)
        return start..<memory.count
    }

    private func claim(_ places: Places, _ time: SigV4Time?, _ form: SigV4Claim.Form) -> SigV4ClaimReading {
        var missing: SigV4Parts = []
        if places.credential == nil { missing.insert(.credential) }
        if places.signature == nil { missing.insert(.signature) }
        if places.signedHeaders == nil { missing.insert(.signedHeaders) }
        if places.date == nil { missing.insert(.date) }
        if form == .query, places.expires == nil { missing.insert(.expires) }
        guard missing.isEmpty, let credential = places.credential, let signature = places.signature,
            let signedHeaders = places.signedHeaders
        else { return .incomplete(missing) }

        guard let parts = credentialParts(memory.view(credential)) else { return .malformed(.credential) }
        guard let time else { return .malformed(.date) }
        let names = memory.view(signedHeaders)
        guard !names.isEmpty else { return .malformed(.signedHeaders) }
        var seconds: Int?
        if let expires = places.expires {
            guard let number = Self.number(memory.view(expires)), (1...SigV4.maximumExpiresSeconds).contains(number)
            else { return .malformed(.expires) }
            seconds = number
        }
        return .claim(
            SigV4Claim(
                form: form, accessKeyID: parts.0, day: parts.1, region: parts.2, service: parts.3, terminator: parts.4,
                signedHeaders: names, signature: memory.view(signature), time: time,
                sessionToken: places.token.map(memory.view), expiresSeconds: seconds))
    }

    /// The parts of `ACCESSKEY/DAY/REGION/SERVICE/aws4_request`, none of which is empty.
    private func credentialParts(
        _ credential: UnsafeRawBufferPointer
    ) -> (
        UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer,
        UnsafeRawBufferPointer
    )? {
        // From the end: an access key id may be anything.
        var end = credential.count
        var found = 0
        var parts = SIMD8<Int>(repeating: 0)
        while found < 4 {
            guard let slash = credential[..<end].lastIndex(of: 0x2F), slash &+ 1 < end else { return nil }
            parts[found] = slash
            end = slash
            found &+= 1
        }
        guard end > 0 else { return nil }
        let part = { (start: Int, end: Int) in UnsafeRawBufferPointer(rebasing: credential[start..<end]) }
        return (
            part(0, parts[3]), part(parts[3] + 1, parts[2]), part(parts[2] + 1, parts[1]), part(parts[1] + 1, parts[0]),
            part(parts[0] + 1, credential.count)
        )
    }

    private static func number(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard (1...9).contains(bytes.count) else { return nil }
        var number = 0
        for byte in bytes {
            guard case 0x30...0x39 = byte else { return nil }
            number = number * 10 + Int(byte) - 48
        }
        return number
    }
}

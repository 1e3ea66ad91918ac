// Hot: once per header field. Allocates: nothing; the tables are made once per process.

#if canImport(Glibc)
    import Glibc
#endif

/// The header fields that the gateway treats by name. The parsers recognise them once, by length and word compare,
/// so that everything after them compares one byte.
///
/// Not more than 63 members beside `other`: a request's set of known fields is a bit mask in one word. ORDER HEADERS:
/// the names stand in `HeaderTables.names` in the same order.
enum KnownHeader: UInt8, CaseIterable {
    case other
    case host
    case contentLength
    case contentType
    case transferEncoding
    case connection
    case expect
    case accept
    case acceptEncoding
    case acceptLanguage
    case contentEncoding
    case authorization
    case userAgent
    case amznTraceID
    case amznRequestID
    case amznErrorType
    case amzAPIGatewayID
    case amznAPIGatewayAPIID
    case forwarded
    case forwardedFor
    case forwardedPort
    case forwardedProto
    case forwardedHost
    case apiKey
    case methodOverride
    case cookie
    case setCookie
    case origin
    case te
    case upgrade
    case via
    case cacheControl
    case contentMD5
    case maxForwards
    case proxyAuthenticate
    case proxyAuthorization
    case proxyConnection
    case keepAlive
    case server
    case trailer
    case wwwAuthenticate
    case date
    case amzDate
    case amzSecurityToken
    case amzContentSHA256
    case amzTarget
    case referer
    case location
    case etag
    case vary
    case warning
    case ifNoneMatch
    case ifModifiedSince
    case lastModified
    case accessControlRequestMethod
    case accessControlRequestHeaders

    /// This field's bit in a mask of known fields; `other` has bit 0.
    var bit: UInt64 { 1 &<< UInt64(rawValue) }

    /// The name in lower case; empty for `other`.
    var name: StaticString { HeaderTables.names[Int(rawValue)] }
}

/// Immutable look-up tables of the codec in one piece of memory: slots of a hash table of names, lengths, names with
/// their case masks, and character classes.
///
/// Made once and never freed. Parsers keep a copy of this struct, so that no once-check is paid per look-up.
struct HeaderTables: @unchecked Sendable {
    /// Characters of a token (RFC 9110, 5.6.2).
    static let tokenClass: UInt8 = 1
    /// Characters of a host with port (RFC 3986, 3.2.2): unreserved, sub-delims, `%`, `:`, `[`, `]`.
    static let hostClass: UInt8 = 2
    /// Longest name of the table.
    static let maximumNameLength = 32

    static let shared = HeaderTables()

    /// ORDER HEADERS: as `KnownHeader`.
    static let names: [StaticString] = [
        "", "host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "accept",
        "accept-encoding", "accept-language", "content-encoding", "authorization", "user-agent", "x-amzn-trace-id",
        "x-amzn-requestid", "x-amzn-errortype", "x-amz-apigw-id", "x-amzn-apigateway-api-id", "forwarded",
        "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-host", "x-api-key",
        "x-http-method-override", "cookie", "set-cookie", "origin", "te", "upgrade", "via", "cache-control",
        "content-md5", "max-forwards", "proxy-authenticate", "proxy-authorization", "proxy-connection", "keep-alive",
        "server", "trailer", "www-authenticate", "date", "x-amz-date", "x-amz-security-token",
        "x-amz-content-sha256", "x-amz-target", "referer", "location", "etag", "vary", "warning", "if-none-match",
        "if-modified-since", "last-modified", "access-control-request-method", "access-control-request-headers",
    ]

    // Layout of the memory: 256 slots, 64 lengths, 256 classes, then 64 entries of 32 bytes name and 32 bytes mask.
    private static let lengthsAt = 256
    private static let classesAt = 320
    private static let entriesAt = 576
    private static let entryBytes = 64
    private static let maskAt = 32

    private let base: UnsafeRawPointer

    private init() {
        precondition(Self.names.count == KnownHeader.allCases.count && Self.names.count <= 64)
        let size = Self.entriesAt + 64 * Self.entryBytes
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        memset(memory, 0, size)
        for (index, name) in Self.names.enumerated() where index > 0 {
            let bytes = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
            precondition(bytes.count <= Self.maximumNameLength)
            memory.storeBytes(of: UInt8(bytes.count), toByteOffset: Self.lengthsAt + index, as: UInt8.self)
            let entry = memory + Self.entriesAt + index * Self.entryBytes
            for (place, byte) in bytes.enumerated() {
                entry.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
                // Only letters fold: `\r` with bit 5 set would read as `-`.
                let mask: UInt8 = byte >= 0x61 && byte <= 0x7A ? 0x20 : 0
                entry.storeBytes(of: mask, toByteOffset: Self.maskAt + place, as: UInt8.self)
            }
            var slot = Self.slot(length: bytes.count, first: bytes[0], last: bytes[bytes.count - 1])
            while memory.load(fromByteOffset: slot, as: UInt8.self) != 0 { slot = (slot + 1) & 255 }
            memory.storeBytes(of: UInt8(index), toByteOffset: slot, as: UInt8.self)
        }
        for code in 0..<256 {
            memory.storeBytes(of: Self.classes(of: UInt8(code)), toByteOffset: Self.classesAt + code, as: UInt8.self)
        }
        base = UnsafeRawPointer(memory)
    }

    private static func classes(of byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "%"):
            return tokenClass | hostClass
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="),
            UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
            return hostClass
        case UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"):
            return tokenClass
        default:
            return 0
        }
    }

    @inline(__always)
    private static func slot(length: Int, first: UInt8, last: UInt8) -> Int {
        (length &* 7 &+ Int(first | 0x20) &* 3 &+ Int(last | 0x20) &* 13) & 255
    }

    /// Whether `byte` is of `characterClass`.
    @inline(__always)
    func isOf(_ characterClass: UInt8, _ byte: UInt8) -> Bool {
        base.load(fromByteOffset: Self.classesAt &+ Int(byte), as: UInt8.self) & characterClass != 0
    }

    /// The known field whose name, in any case, is the `length` bytes at `name`.
    ///
    /// - Parameter readable: bytes that may be read at `name`, at least `length`.
    @inline(__always)
    func recognise(_ name: UnsafeRawPointer, length: Int, readable: Int) -> KnownHeader {
        if length < 2 || length > Self.maximumNameLength { return .other }
        var slot = Self.slot(
            length: length, first: name.load(as: UInt8.self),
            last: name.load(fromByteOffset: length &- 1, as: UInt8.self))
        while true {
            let index = Int(base.load(fromByteOffset: slot, as: UInt8.self))
            if index == 0 { return .other }
            if Int(base.load(fromByteOffset: Self.lengthsAt &+ index, as: UInt8.self)) == length,
                matches(name, length: length, readable: readable, index: index)
            {
                // Tags of an enum without payload count from 0 as its raw values do.
                return unsafeBitCast(UInt8(truncatingIfNeeded: index), to: KnownHeader.self)
            }
            slot = (slot &+ 1) & 255
        }
    }

    @inline(__always)
    private func matches(_ name: UnsafeRawPointer, length: Int, readable: Int, index: Int) -> Bool {
        let entry = base + (Self.entriesAt &+ index &* Self.entryBytes)
        if length < 8 {
            var word: UInt64 = 0
            if readable >= 8 {
                word = name.loadUnaligned(as: UInt64.self) & ((1 &<< UInt64(length &* 8)) &- 1)
            } else {
                var place = length
                while place > 0 {
                    place &-= 1
                    word = word &<< 8 | UInt64(name.load(fromByteOffset: place, as: UInt8.self))
                }
            }
            return word | entry.load(fromByteOffset: Self.maskAt, as: UInt64.self) == entry.load(as: UInt64.self)
        }
        var place = 0
        let last = length &- 8
        while place < last {
            if !Self.matchesWord(name, entry, place) { return false }
            place &+= 8
        }
        return Self.matchesWord(name, entry, last)
    }

    @inline(__always)
    private static func matchesWord(_ name: UnsafeRawPointer, _ entry: UnsafeRawPointer, _ place: Int) -> Bool {
        name.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            | entry.loadUnaligned(fromByteOffset: maskAt &+ place, as: UInt64.self)
            == entry.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    }
}

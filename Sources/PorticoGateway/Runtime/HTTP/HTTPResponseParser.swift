// Hot: once per upstream response. Allocates: nothing.

/// How the body of a response ends.
enum ResponseFraming: Equatable {
    case none
    case length(Int)
    case chunked
    /// The body is all that comes until the server closes.
    case untilClose
}

/// One response head. Offsets count from the first of the bytes that were parsed; the fields are in the parser's
/// `HTTPHeaderTable`.
struct ResponseHead {
    var status = 0
    var minorVersion: UInt8 = 1
    var framing = ResponseFraming.none
    /// The server allows another request on this connection.
    var keepAlive = true
    var reasonOffset = 0
    var reasonLength = 0
    /// Bytes up to and including the empty line.
    var headLength = 0

    /// 1xx other than 101: the real answer is yet to come.
    var isInterim: Bool { status < 200 && status != 101 }
}

/// What parsing a response head came to.
enum ResponseParseStep {
    case head(ResponseHead)
    case needMore
    case malformed
    /// The head is larger than `maximumHeadBytes`.
    case tooLarge
}

/// Reads response heads in place. Lenient where servers of the field make clients so: a bare line feed, a missing
/// reason, blanks before the colon, a length given twice. Not lenient about control characters, folded lines and
/// lengths that differ.
///
/// Shares its table of fields between the connections of a worker: the spans are valid until the next parse.
struct HTTPResponseParser {
    let headers: HTTPHeaderTable
    var maximumHeadBytes = 65_536
    private let tables = HeaderTables.shared

    init(headers: HTTPHeaderTable = HTTPHeaderTable()) {
        self.headers = headers
    }

    /// Looks for a whole head at the start of `bytes`.
    ///
    /// - Parameter isHead: the request was a HEAD, so no body follows.
    @inline(__always)
    func parse(_ bytes: UnsafeRawBufferPointer, isHead: Bool, progress: inout HeadProgress) -> ResponseParseStep {
        guard progress.isWorthALook(bytes), let base = bytes.baseAddress else { return .needMore }
        var step = parse(base, count: bytes.count, isHead: isHead)
        if case .needMore = step {
            if bytes.count > maximumHeadBytes { step = .tooLarge }
            progress.lookedInVain(bytes.count)
        } else {
            progress.reset()
        }
        return step
    }

    /// Looks for a whole head in the `count` bytes at `base`.
    func parse(_ base: UnsafeRawPointer, count: Int, isHead: Bool) -> ResponseParseStep {
        var head = ResponseHead()
        guard count >= 13 else { return isPrefix(base, count) ? .needMore : .malformed }
        // "HTTP/1.x NNN": any minor version is read as the highest known (RFC 9112, 2.3).
        let version = base.loadUnaligned(as: UInt64.self)
        let minor = UInt8(truncatingIfNeeded: version &>> 56) &- 0x30
        if version & 0x00FF_FFFF_FFFF_FFFF != 0x002E_312F_5054_5448 || minor > 9
            || base.load(fromByteOffset: 8, as: UInt8.self) != 0x20
        {
            return .malformed
        }
        head.minorVersion = min(minor, 1)
        for place in 9..<12 {
            let digit = base.load(fromByteOffset: place, as: UInt8.self) &- 0x30
            if digit > 9 { return .malformed }
            head.status = head.status &* 10 &+ Int(digit)
        }
        if head.status < 100 { return .malformed }
        var place = 12
        let separator = base.load(fromByteOffset: place, as: UInt8.self)
        if separator == 0x20 {
            place &+= 1
        } else if separator != 0x0D && separator != 0x0A {
            return .malformed
        }
        head.reasonOffset = place
        while true {
            if place >= count { return .needMore }
            let byte = base.load(fromByteOffset: place, as: UInt8.self)
            if byte == 0x0D || byte == 0x0A { break }
            if byte < 0x20 && byte != 0x09 || byte == 0x7F { return .malformed }
            place &+= 1
        }
        head.reasonLength = place &- head.reasonOffset
        switch endOfLine(base, count, place) {
        case .needMore: return .needMore
        case .malformed: return .malformed
        case .next(let next): return readFields(base, count: count, from: next, isHead: isHead, &head)
        }
    }
}

extension HTTPResponseParser {
    private enum LineEnd {
        case next(Int)
        case needMore
        case malformed
    }

    @inline(__always)
    private func endOfLine(_ base: UnsafeRawPointer, _ count: Int, _ place: Int) -> LineEnd {
        if base.load(fromByteOffset: place, as: UInt8.self) == 0x0A { return .next(place &+ 1) }
        if place &+ 1 >= count { return .needMore }
        return base.load(fromByteOffset: place &+ 1, as: UInt8.self) == 0x0A ? .next(place &+ 2) : .malformed
    }

    private func isPrefix(_ base: UnsafeRawPointer, _ count: Int) -> Bool {
        let expected: StaticString = "HTTP/1."
        for place in 0..<min(count, 7)
        where base.load(fromByteOffset: place, as: UInt8.self) != expected.utf8Start[place] {
            return false
        }
        return true
    }

    @inline(__always)
    private func readFields(
        _ base: UnsafeRawPointer, count: Int, from start: Int, isHead: Bool, _ head: inout ResponseHead
    ) -> ResponseParseStep {
        let table = headers.storage
        var fields = 0
        var mask: UInt64 = 0
        var place = start
        var line = FieldLine()
        var frame = Frame(keepAlive: head.minorVersion == 1)
        let steering =
            KnownHeader.contentLength.bit | KnownHeader.transferEncoding.bit | KnownHeader.connection.bit
        while place < count {
            let byte = base.load(fromByteOffset: place, as: UInt8.self)
            if byte == 0x0D || byte == 0x0A {
                guard case .next(let next) = endOfLine(base, count, place) else {
                    return place &+ 1 >= count ? .needMore : .malformed
                }
                head.headLength = next
                if next > maximumHeadBytes { return .tooLarge }
                frame.finish(isHead: isHead, &head)
                headers.finish(count: fields, knownMask: mask)
                return .head(head)
            }
            switch line.read(base, count: count, from: place, tables: tables, lenient: true) {
            case .field: break
            case .malformed: return .malformed
            case .needMore: return .needMore
            }
            if fields == HTTPHeaderTable.capacity { return .tooLarge }
            (table + fields).pointee = HeaderSpan(
                nameOffset: Int32(truncatingIfNeeded: line.nameOffset),
                nameLength: Int32(truncatingIfNeeded: line.nameLength),
                valueOffset: Int32(truncatingIfNeeded: line.valueOffset),
                valueLength: Int32(truncatingIfNeeded: line.valueLength), known: line.known)
            fields &+= 1
            let bit = line.known.bit
            mask |= bit
            if bit & steering != 0, !frame.note(base + line.valueOffset, line.valueLength, line.known) {
                return .malformed
            }
            place = line.next
        }
        return .needMore
    }

    /// What the fields say about the end of the body (RFC 9112, 6.3).
    private struct Frame {
        var length = -1
        var hasTransferEncoding = false
        /// `chunked` is the last coding.
        var isChunked = false
        var keepAlive: Bool
        var closes = false

        /// False when the field cannot be understood.
        @inline(never)
        mutating func note(_ value: UnsafeRawPointer, _ valueLength: Int, _ known: KnownHeader) -> Bool {
            switch known {
            case .contentLength:
                // "5, 5" and a repeated line are one length, said twice.
                var isValid = true
                var members = 0
                var agreed = length
                FieldValue.forEachElement(value, valueLength) { digits, count in
                    members += 1
                    guard let number = FieldValue.decimal(digits, count), agreed < 0 || agreed == number else {
                        isValid = false
                        return
                    }
                    agreed = number
                }
                length = agreed
                return isValid && members > 0
            case .transferEncoding:
                var chunkedLast = isChunked
                var isValid = true
                FieldValue.forEachElement(value, valueLength) { coding, count in
                    // Nothing may follow `chunked`, not even itself, and we decode no other coding.
                    if chunkedLast { isValid = false }
                    chunkedLast = FieldValue.equals(coding, count, "chunked")
                    if !chunkedLast && !FieldValue.equals(coding, count, "identity") { isValid = false }
                }
                hasTransferEncoding = true
                isChunked = chunkedLast
                return isValid
            default:
                var closing = false
                var keeping = false
                FieldValue.forEachElement(value, valueLength) { option, count in
                    if FieldValue.equals(option, count, "close") {
                        closing = true
                    } else if FieldValue.equals(option, count, "keep-alive") {
                        keeping = true
                    }
                }
                if keeping { keepAlive = true }
                if closing { closes = true }
                return true
            }
        }

        func finish(isHead: Bool, _ head: inout ResponseHead) {
            head.keepAlive = keepAlive && !closes
            if isHead || head.status < 200 || head.status == 204 || head.status == 304 {
                head.framing = .none
                // Another protocol would follow.
                if head.status == 101 { head.keepAlive = false }
            } else if hasTransferEncoding {
                head.framing = isChunked ? .chunked : .untilClose
                // Both ways of framing at once, or chunks from HTTP/1.0, may be an attack: no second response.
                if !isChunked || length >= 0 || head.minorVersion == 0 { head.keepAlive = false }
            } else if length >= 0 {
                head.framing = .length(length)
            } else {
                head.framing = .untilClose
                head.keepAlive = false
            }
        }
    }
}

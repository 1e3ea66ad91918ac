// Hot: once per request. Allocates: nothing.

/// Reads request heads in place (RFC 9112), strictly: whatever two servers could read differently is refused.
///
/// One worker owns it and parses all its connections with it: the state of a head that has not come whole is the
/// connection's `HeadProgress`. The fields of the head last parsed are in `headers`, as spans that count from the first
/// byte given, until the next parse.
struct HTTPRequestParser {
    let headers: HTTPHeaderTable
    var limits: HTTPLimits
    private let tables = HeaderTables.shared

    init(headers: HTTPHeaderTable = HTTPHeaderTable(), limits: HTTPLimits = HTTPLimits()) {
        self.headers = headers
        self.limits = limits
    }

    /// Looks for a whole head at the start of `bytes`, which are all the unread bytes of a connection.
    @inline(__always)
    func parse(_ bytes: UnsafeRawBufferPointer, progress: inout HeadProgress) -> HTTPParseStep {
        guard progress.isWorthALook(bytes), let base = bytes.baseAddress else { return .needMore }
        let step = parse(base, count: bytes.count)
        if case .needMore = step {
            progress.lookedInVain(bytes.count)
        } else {
            progress.reset()
        }
        return step
    }

    /// Looks for a whole head in the `count` bytes at `base`; fails as soon as the bytes so far can be no head.
    func parse(_ base: UnsafeRawPointer, count: Int) -> HTTPParseStep {
        var head = RequestHead()
        var start = 0
        // RFC 9112, 2.2: empty lines before the request line are skipped.
        while start < count, base.load(fromByteOffset: start, as: UInt8.self) == 0x0D {
            if start &+ 1 >= count { return .needMore }
            if base.load(fromByteOffset: start &+ 1, as: UInt8.self) != 0x0A || start >= limits.leadingBytes {
                return .rejected(.malformedLineEnd)
            }
            start &+= 2
        }
        let line = readRequestLine(base, count: count, from: start, into: &head)
        if line.next == 0 {
            if let rejection = line.rejection { return .rejected(rejection) }
            // An unfinished line that is too long will not get shorter.
            if count &- start > limits.requestLineBytes { return .rejected(.requestLineTooLong) }
            return .needMore
        }
        if line.next &- start &- 2 > limits.requestLineBytes { return .rejected(.requestLineTooLong) }
        return readFields(base, count: count, from: line.next, into: &head)
    }
}

extension HTTPRequestParser {
    /// Where a request line ended: `next` is 0 when it is not whole, or refused.
    fileprivate struct LineEnd {
        var next: Int
        var rejection: HTTPRejection?

        static let needMore = LineEnd(next: 0, rejection: nil)

        static func rejected(_ rejection: HTTPRejection) -> LineEnd { LineEnd(next: 0, rejection: rejection) }
    }

    @inline(__always)
    private func readRequestLine(
        _ base: UnsafeRawPointer, count: Int, from start: Int, into head: inout RequestHead
    ) -> LineEnd {
        // Method: the first eight bytes in one word name the usual ones.
        var place = start
        var word: UInt64 = 0
        while true {
            if place >= count { return .needMore }
            let byte = base.load(fromByteOffset: place, as: UInt8.self)
            if byte == 0x20 { break }
            let length = place &- start
            if length >= 32 || !tables.isOf(HeaderTables.tokenClass, byte) { return .rejected(.malformedRequestLine) }
            if length < 8 { word |= UInt64(byte) &<< UInt64(length &* 8) }
            place &+= 1
        }
        head.methodOffset = start
        head.methodLength = place &- start
        guard let method = MethodWord.method(word, base + start, length: head.methodLength) else {
            return .rejected(.unknownMethod)
        }
        head.method = method
        place &+= 1

        // Target: printable ASCII without a fragment.
        let targetStart = place
        var questionMark = -1
        target: while true {
            var byte: UInt8 = 0
            if place &+ 8 <= count {
                let bytes = base.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                let hits =
                    WordScan.below(bytes, 0x21) | WordScan.equal(bytes, 0x7F) | WordScan.high(bytes)
                    | WordScan.equal(bytes, 0x23) | (questionMark < 0 ? WordScan.equal(bytes, 0x3F) : 0)
                if hits == 0 {
                    place &+= 8
                    continue
                }
                place &+= WordScan.first(hits)
                byte = base.load(fromByteOffset: place, as: UInt8.self)
            } else {
                if place >= count { return .needMore }
                byte = base.load(fromByteOffset: place, as: UInt8.self)
            }
            if byte == 0x20 { break target }
            if byte == 0x3F {
                if questionMark < 0 { questionMark = place }
            } else if byte <= 0x20 || byte >= 0x7F || byte == 0x23 {
                return .rejected(.malformedTarget)
            }
            place &+= 1
        }
        head.targetOffset = targetStart
        head.targetLength = place &- targetStart
        let pathEnd = questionMark < 0 ? place : questionMark
        head.pathOffset = targetStart
        head.pathLength = pathEnd &- targetStart
        if questionMark >= 0 {
            head.queryOffset = questionMark &+ 1
            head.queryLength = place &- head.queryOffset
        }
        if head.targetLength == 0 { return .rejected(.malformedTarget) }
        if base.load(fromByteOffset: targetStart, as: UInt8.self) != 0x2F,
            !readOtherTarget(base, pathEnd: pathEnd, into: &head)
        {
            return .rejected(.malformedTarget)
        }
        return readVersion(base, count: count, from: place &+ 1, into: &head)
    }

    @inline(__always)
    private func readVersion(
        _ base: UnsafeRawPointer, count: Int, from start: Int, into head: inout RequestHead
    ) -> LineEnd {
        if count &- start < 10 { return checkPartOfVersion(base, count: count, from: start) }
        let version = base.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        // "HTTP/1." and a digit.
        let minor = UInt8(truncatingIfNeeded: version &>> 56)
        if version & 0x00FF_FFFF_FFFF_FFFF != 0x002E_312F_5054_5448 || minor & 0xFE != 0x30 {
            return .rejected(refusedVersion(base + start))
        }
        if base.loadUnaligned(fromByteOffset: start &+ 8, as: UInt16.self) != 0x0A0D {
            return .rejected(.malformedLineEnd)
        }
        head.minorVersion = minor &- 0x30
        return LineEnd(next: start &+ 10, rejection: nil)
    }

    /// A line that breaks off in the version may already be wrong.
    @inline(never)
    private func checkPartOfVersion(_ base: UnsafeRawPointer, count: Int, from start: Int) -> LineEnd {
        let expected: StaticString = "HTTP/1.x\r\n"
        for place in 0..<max(0, min(count &- start, 10)) {
            let byte = base.load(fromByteOffset: start &+ place, as: UInt8.self)
            let fits = place == 7 ? byte == 0x30 || byte == 0x31 : byte == expected.utf8Start[place]
            if !fits { return .rejected(place < 8 ? .malformedVersion : .malformedLineEnd) }
        }
        return .needMore
    }

    /// 505 is for versions that exist; anything else is no HTTP.
    @inline(never)
    private func refusedVersion(_ base: UnsafeRawPointer) -> HTTPRejection {
        isVersion(base) ? .unsupportedVersion : .malformedVersion
    }

    private func isVersion(_ base: UnsafeRawPointer) -> Bool {
        let expected: StaticString = "HTTP/"
        for place in 0..<5 where base.load(fromByteOffset: place, as: UInt8.self) != expected.utf8Start[place] {
            return false
        }
        let major = base.load(fromByteOffset: 5, as: UInt8.self)
        return (major == 0x32 || major == 0x33) && base.load(fromByteOffset: 6, as: UInt8.self) == 0x2E
            && base.load(fromByteOffset: 7, as: UInt8.self) == 0x30
    }

    /// Absolute form (`http://host/path?query`) and asterisk form. Userinfo is refused (RFC 9110, 4.2.4).
    @inline(never)
    private func readOtherTarget(_ base: UnsafeRawPointer, pathEnd: Int, into head: inout RequestHead) -> Bool {
        let start = head.targetOffset
        if head.targetLength == 1 && base.load(fromByteOffset: start, as: UInt8.self) == 0x2A {
            return head.method == .options || head.method == .other
        }
        let length = pathEnd &- start
        let scheme: Int
        if length > 7, FieldValue.equals(base + start, 7, "http://") {
            scheme = 4
        } else if length > 8, FieldValue.equals(base + start, 8, "https://") {
            scheme = 5
        } else {
            return false
        }
        let authority = start &+ scheme &+ 3
        var place = authority
        while place < pathEnd, base.load(fromByteOffset: place, as: UInt8.self) != 0x2F { place &+= 1 }
        if place == authority || !isHost(base + authority, place &- authority) { return false }
        head.hostOffset = authority
        head.hostLength = place &- authority
        if place < pathEnd {
            head.pathOffset = place
            head.pathLength = pathEnd &- place
        } else {
            // No path means "/": the second slash after the scheme lends itself.
            head.pathOffset = authority &- 1
            head.pathLength = 1
        }
        return true
    }

    @inline(__always)
    fileprivate func isHost(_ base: UnsafeRawPointer, _ length: Int) -> Bool {
        var place = 0
        while place < length {
            if !tables.isOf(HeaderTables.hostClass, base.load(fromByteOffset: place, as: UInt8.self)) { return false }
            place &+= 1
        }
        return true
    }
}

extension HTTPRequestParser {
    @inline(__always)
    private func readFields(
        _ base: UnsafeRawPointer, count: Int, from start: Int, into head: inout RequestHead
    ) -> HTTPParseStep {
        let table = headers.storage
        var fields = 0
        var mask: UInt64 = 0
        var valueBytes = 0
        var place = start
        var line = FieldLine()
        head.keepAlive = head.minorVersion == 1
        // Fields so far that frame the message or steer the connection.
        let steering =
            KnownHeader.host.bit | KnownHeader.contentLength.bit | KnownHeader.transferEncoding.bit
            | KnownHeader.connection.bit | KnownHeader.expect.bit | KnownHeader.upgrade.bit
        while true {
            if place >= count { break }
            if base.load(fromByteOffset: place, as: UInt8.self) == 0x0D {
                if place &+ 1 >= count { break }
                if base.load(fromByteOffset: place &+ 1, as: UInt8.self) != 0x0A {
                    return .rejected(.malformedLineEnd)
                }
                if let rejection = finish(mask: mask, &head) { return .rejected(rejection) }
                head.headLength = place &+ 2
                head.headerValueBytes = valueBytes
                headers.finish(count: fields, knownMask: mask)
                return .head(head)
            }
            switch line.read(base, count: count, from: place, tables: tables, lenient: false) {
            case .field: break
            case .malformed: return .rejected(.malformedField)
            case .needMore:
                if count &- start > limits.headerBlockBytes { return .rejected(.fieldsTooLarge) }
                return .needMore
            }
            valueBytes &+= line.valueLength
            if valueBytes > limits.headerValueBytes || line.next &- start > limits.headerBlockBytes {
                return .rejected(.fieldsTooLarge)
            }
            if fields == HTTPHeaderTable.capacity { return .rejected(.tooManyFields) }
            (table + fields).pointee = HeaderSpan(
                nameOffset: Int32(truncatingIfNeeded: line.nameOffset),
                nameLength: Int32(truncatingIfNeeded: line.nameLength),
                valueOffset: Int32(truncatingIfNeeded: line.valueOffset),
                valueLength: Int32(truncatingIfNeeded: line.valueLength), known: line.known)
            fields &+= 1
            let bit = line.known.bit
            if bit & steering != 0, let rejection = steer(base, line, repeated: mask & bit != 0, &head) {
                return .rejected(rejection)
            }
            mask |= bit
            place = line.next
        }
        return .needMore
    }

    /// Reads a field that frames the message or steers the connection, while its line is at hand: a wrong one is
    /// refused without waiting for the end of the head.
    @inline(__always)
    private func steer(
        _ base: UnsafeRawPointer, _ line: FieldLine, repeated: Bool, _ head: inout RequestHead
    ) -> HTTPRejection? {
        if line.known == .host {
            if repeated || !isHost(base + line.valueOffset, line.valueLength) { return .invalidHost }
            // RFC 9112, 3.2.2: the authority of an absolute target wins.
            if head.hostLength == 0 {
                head.hostOffset = line.valueOffset
                head.hostLength = line.valueLength
            }
            return nil
        }
        return steerRare(base, line, repeated: repeated, &head)
    }

    @inline(never)
    private func steerRare(
        _ base: UnsafeRawPointer, _ line: FieldLine, repeated: Bool, _ head: inout RequestHead
    ) -> HTTPRejection? {
        let value = base + line.valueOffset
        let length = line.valueLength
        switch line.known {
        case .contentLength:
            guard !repeated, !head.isChunked, let bytes = FieldValue.decimal(value, length) else {
                return .invalidContentLength
            }
            head.contentLength = bytes
        case .transferEncoding:
            guard !repeated, head.contentLength < 0, head.minorVersion == 1,
                FieldValue.equals(value, length, "chunked")
            else { return .invalidTransferEncoding }
            head.isChunked = true
        case .connection:
            var closes = false
            var keeps = false
            var upgrades = false
            FieldValue.forEachElement(value, length) { token, length in
                if FieldValue.equals(token, length, "close") {
                    closes = true
                } else if FieldValue.equals(token, length, "keep-alive") {
                    keeps = true
                } else if FieldValue.equals(token, length, "upgrade") {
                    upgrades = true
                }
            }
            ConnectionTokens.note(closes: closes, keeps: keeps, upgrades: upgrades, repeated: repeated, &head)
        case .expect:
            guard FieldValue.equals(value, length, "100-continue") else { return .unsupportedExpectation }
            head.expectContinue = head.minorVersion == 1
        default: break
        }
        return nil
    }

    /// What can be judged only when all fields are there.
    @inline(__always)
    private func finish(mask: UInt64, _ head: inout RequestHead) -> HTTPRejection? {
        if mask & KnownHeader.host.bit == 0 && head.minorVersion == 1 { return .missingHost }
        if head.hasUpgrade && mask & KnownHeader.upgrade.bit == 0 { head.hasUpgrade = false }
        return nil
    }
}

/// How `Connection` options of one or several fields add up.
private enum ConnectionTokens {
    static func note(closes: Bool, keeps: Bool, upgrades: Bool, repeated: Bool, _ head: inout RequestHead) {
        if upgrades { head.hasUpgrade = true }
        if closes {
            head.keepAlive = false
        } else if keeps && !repeated {
            // `close` wins over `keep-alive` wherever they stand; for HTTP/1.0 only the first field can keep.
            head.keepAlive = true
        }
    }
}

/// Tells methods apart by their first eight bytes, read as a little-endian word padded with zeros.
private enum MethodWord {
    @inline(__always)
    static func method(_ word: UInt64, _ base: UnsafeRawPointer, length: Int) -> HTTPMethod? {
        switch word {
        case 0x54_4547: .get
        case 0x5453_4F50: .post
        case 0x54_5550: .put
        case 0x4441_4548: .head
        case 0x4554_454C_4544: .delete
        case 0x48_4354_4150: .patch
        case 0x53_4E4F_4954_504F: .options
        case 0x45_4341_5254: .trace
        default: otherMethod(base, length: length)
        }
    }

    @inline(never)
    private static func otherMethod(_ base: UnsafeRawPointer, length: Int) -> HTTPMethod? {
        for name in registered where equals(base, length, name) { return .other }
        return nil
    }

    private static func equals(_ base: UnsafeRawPointer, _ length: Int, _ name: StaticString) -> Bool {
        if length != name.utf8CodeUnitCount { return false }
        for place in 0..<length where base.load(fromByteOffset: place, as: UInt8.self) != name.utf8Start[place] {
            return false
        }
        return true
    }

    // Source: IANA HTTP Method Registry, and those of UPnP, caches and Icecast that clients send over HTTP/1.1.
    private static let registered: [StaticString] = [
        "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE",
        "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND",
        "PROPPATCH", "QUERY", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE",
        "UPDATEREDIRECTREF", "VERSION-CONTROL", "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PURGE", "SOURCE",
    ]
}

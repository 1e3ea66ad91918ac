import NIOCore
import PorticoFuzzTargets

// The package `Fuzzing` compiles this file too, together with the codec's own files: NIO's sockets and TLS are not needed.
#if !FUZZING
    @testable import PorticoGateway
#endif

extension FuzzTarget {
    /// The targets of what comes over connections.
    static let wire: [FuzzTarget] = [.requestHead, .responseHead, .chunkedBody, .frames]

    /// Heads of requests.
    static let requestHead = FuzzTarget(
        "http-request", "reads a request's head at once and in pieces, with the same outcome; its spans lie within it",
        dictionary: "http.dict"
    ) {
        let parser = HTTPRequestParser()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            var progress = HeadProgress()
            let whole = FuzzHTTP.outcome(parser, parser.parse(input, progress: &progress))
            if case .head(let head, let fields) = whole { try FuzzHTTP.check(head, fields, input) }
            try FuzzHTTP.forEachCut(input) { steps throws(FuzzFinding) in
                var progress = HeadProgress()
                var outcome = FuzzHTTP.RequestOutcome.needMore
                for end in steps {
                    let bytes = UnsafeRawBufferPointer(rebasing: input[..<end])
                    outcome = FuzzHTTP.outcome(parser, parser.parse(bytes, progress: &progress))
                    if outcome != .needMore { break }
                }
                if outcome == .needMore, case .rejected = whole {
                    outcome = FuzzHTTP.withLineEnd(input) {
                        FuzzHTTP.outcome(parser, parser.parse($0, progress: &progress))
                    }
                }
                try require(FuzzHTTP.agree(outcome, whole), "in pieces \(steps): \(outcome), at once: \(whole)")
            }
        }
    }

    /// Heads of responses.
    static let responseHead = FuzzTarget(
        "http-response", "reads a response's head at once and in pieces, with the same outcome", dictionary: "http.dict"
    ) {
        let parser = HTTPResponseParser()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            for isHead in [false, true] {
                var progress = HeadProgress()
                let whole = FuzzHTTP.outcome(parser, parser.parse(input, isHead: isHead, progress: &progress))
                if case .head(let head, let fields) = whole {
                    try FuzzHTTP.check(fields, head.headLength, input)
                    try require(head.status >= 100 && head.status <= 999, "status \(head.status)")
                    if case .length(let length) = head.framing { try require(length >= 0, "length \(length)") }
                }
                try FuzzHTTP.forEachCut(input) { steps throws(FuzzFinding) in
                    var progress = HeadProgress()
                    var outcome = FuzzHTTP.ResponseOutcome.needMore
                    for end in steps {
                        let bytes = UnsafeRawBufferPointer(rebasing: input[..<end])
                        outcome = FuzzHTTP.outcome(parser, parser.parse(bytes, isHead: isHead, progress: &progress))
                        if outcome != .needMore { break }
                    }
                    if outcome == .needMore, whole == .malformed || whole == .tooLarge {
                        outcome = FuzzHTTP.withLineEnd(input) {
                            FuzzHTTP.outcome(parser, parser.parse($0, isHead: isHead, progress: &progress))
                        }
                    }
                    try require(outcome == whole, "in pieces \(steps): \(outcome), at once: \(whole)")
                }
            }
        }
    }

    /// Chunked bodies.
    static let chunkedBody = FuzzTarget(
        "http-chunked", "decodes a chunked body at once and in pieces, to the same bytes", dictionary: "http.dict"
    ) {
        { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let whole = FuzzHTTP.decode(input, [input.count])
            try require(whole.body.count <= FuzzHTTP.maximumBody, "\(whole.body.count) bytes beyond the limit")
            try FuzzHTTP.forEachCut(input) { steps throws(FuzzFinding) in
                let pieces = FuzzHTTP.decode(input, steps)
                try require(pieces.outcome == whole.outcome, "in pieces \(steps): \(pieces), at once: \(whole)")
                guard whole.outcome == .finished || whole.outcome == .needMore else { return }
                try require(pieces == whole, "in pieces \(steps): \(pieces), at once: \(whole)")
            }
        }
    }
}

/// Properties of the HTTP codec.
enum FuzzHTTP {
    static let maximumBody = 2048

    /// What came of a request's head, comparable.
    enum RequestOutcome: Equatable {
        case head(HeadFacts, [[Int32]])
        case needMore
        case rejected(HTTPRejection)
    }

    /// What came of a response's head, comparable.
    enum ResponseOutcome: Equatable {
        case head(ResponseFacts, [[Int32]])
        case needMore
        case malformed
        case tooLarge
    }

    struct HeadFacts: Equatable {
        var numbers: [Int]
        var head: RequestHead

        static func == (left: HeadFacts, right: HeadFacts) -> Bool { left.numbers == right.numbers }
    }

    struct ResponseFacts: Equatable {
        var status: Int
        var framing: ResponseFraming
        var keepAlive: Bool
        var reasonOffset: Int
        var reasonLength: Int
        var headLength: Int
    }

    struct Decoded: Equatable {
        var outcome: ChunkedDecoder.Outcome
        var body: [UInt8]
        var taken: Int
    }

    static func outcome(_ parser: HTTPRequestParser, _ step: HTTPParseStep) -> RequestOutcome {
        switch step {
        case .needMore: return .needMore
        case .rejected(let rejection): return .rejected(rejection)
        case .head(let head):
            let flags = [head.isChunked, head.keepAlive, head.expectContinue, head.hasUpgrade].map { $0 ? 1 : 0 }
            let numbers = [
                Int(head.method.rawValue), Int(head.minorVersion), head.methodOffset, head.methodLength,
                head.targetOffset, head.targetLength, head.pathOffset, head.pathLength, head.queryOffset,
                head.queryLength, head.hostOffset, head.hostLength, head.contentLength, head.headLength,
                head.headerValueBytes,
            ]
            return .head(HeadFacts(numbers: flags + numbers, head: head), fields(parser.headers))
        }
    }

    static func outcome(_ parser: HTTPResponseParser, _ step: ResponseParseStep) -> ResponseOutcome {
        switch step {
        case .needMore: return .needMore
        case .malformed: return .malformed
        case .tooLarge: return .tooLarge
        case .head(let head):
            let facts = ResponseFacts(
                status: head.status, framing: head.framing, keepAlive: head.keepAlive, reasonOffset: head.reasonOffset,
                reasonLength: head.reasonLength, headLength: head.headLength)
            return .head(facts, fields(parser.headers))
        }
    }

    private static func fields(_ table: HTTPHeaderTable) -> [[Int32]] {
        table.spans.map { [$0.nameOffset, $0.nameLength, $0.valueOffset, $0.valueLength, Int32($0.known.rawValue)] }
    }

    /// A head that trickles in is not looked at for each byte, so its refusal may wait; but not beyond the next line end.
    static func withLineEnd<Result>(_ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result)
        -> Result
    {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: input.count + 1, alignment: 1)
        defer { memory.deallocate() }
        memory.copyMemory(from: input)
        memory[input.count] = 0x0A
        return body(UnsafeRawBufferPointer(memory))
    }

    /// A refusal may come for another reason once more bytes are there: which of two mistakes is met first is no promise.
    static func agree(_ left: RequestOutcome, _ right: RequestOutcome) -> Bool {
        if case .rejected = left, case .rejected = right { return true }
        return left == right
    }

    static func check(
        _ facts: HeadFacts, _ fields: [[Int32]], _ input: UnsafeRawBufferPointer
    ) throws(FuzzFinding) {
        let head = facts.head
        try check(fields, head.headLength, input)
        let spans = [
            (head.methodOffset, head.methodLength), (head.targetOffset, head.targetLength),
            (head.pathOffset, head.pathLength), (head.queryOffset, head.queryLength),
            (head.hostOffset, head.hostLength),
        ]
        for (offset, length) in spans {
            try require(offset >= 0 && length >= 0 && offset + length <= head.headLength, "span \(offset)+\(length)")
        }
        try require(head.pathLength > 0, "no path")
        try require(head.contentLength >= -1, "length \(head.contentLength)")
        try require(!head.isChunked || head.contentLength == -1, "chunked with a length")
        // Nothing that ends a line may hide in what is passed on.
        let line = input[head.targetOffset..<head.targetOffset + head.targetLength]
        try require(line.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a control character in the target")
    }

    static func check(_ fields: [[Int32]], _ headLength: Int, _ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        try require(headLength > 0 && headLength <= input.count, "a head of \(headLength) bytes")
        for field in fields {
            let (name, value) = (Int(field[0]), Int(field[2]))
            let (nameEnd, valueEnd) = (name + Int(field[1]), value + Int(field[3]))
            try require(name > 0 && nameEnd > name && nameEnd < value, "name \(name)..<\(nameEnd)")
            try require(valueEnd >= value && valueEnd <= headLength, "value \(value)..<\(valueEnd)")
            let text = input[value..<valueEnd]
            try require(text.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }, "a control character in a value")
            let known = KnownHeader(rawValue: UInt8(field[4])) ?? .other
            if known != .other {
                let name = input[name..<nameEnd].map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
                let expected = UnsafeBufferPointer(start: known.name.utf8Start, count: known.name.utf8CodeUnitCount)
                try require(name.elementsEqual(expected), "taken for \(known)")
            }
        }
    }

    /// Ways to cut an input: byte by byte when it is short, in two at places that depend on it, in pieces of seven.
    static func forEachCut(
        _ input: UnsafeRawBufferPointer, _ body: ([Int]) throws(FuzzFinding) -> Void
    ) throws(FuzzFinding) {
        guard input.count > 1 else { return }
        if input.count <= 96 { try body(Array(1...input.count)) }
        var sum = input.count
        for byte in input { sum = sum &* 31 &+ Int(byte) }
        for shift in [0, 11, 23] {
            let cut = 1 + ((sum &>> shift) & Int.max) % (input.count - 1)
            try body([cut, input.count])
        }
        try body(Array(stride(from: 7, to: input.count, by: 7)) + [input.count])
    }

    static func decode(_ input: UnsafeRawBufferPointer, _ ends: [Int]) -> Decoded {
        var decoder = ChunkedDecoder(maximumBytes: maximumBody)
        var body = ByteBuffer()
        var buffer = ByteBuffer()
        var outcome = ChunkedDecoder.Outcome.needMore
        var start = 0
        for end in ends {
            // A buffer of its own for each piece, as the channel reads them.
            let left = buffer.readableBytes
            var next = ByteBuffer()
            if left > 0 { next.writeBuffer(&buffer) }
            next.writeBytes(UnsafeRawBufferPointer(rebasing: input[start..<end]))
            buffer = next
            start = end
            outcome = decoder.decode(&buffer, into: &body)
            if outcome != .needMore { break }
        }
        return Decoded(outcome: outcome, body: Array(buffer: body), taken: start - buffer.readableBytes)
    }
}

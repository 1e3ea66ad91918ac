// Hot: once per mapped value. Allocates: nothing once the worker's scratch memory has grown.

internal import PorticoPrograms

// Values that mappings of HTTP APIs read, with rules other than those of REST APIs: names of headers have no case, several
// values are joined, and a body need not be JSON.
//
// Source: reference, 1.7.
extension Exchange {
    /// Bytes of a body that JSONPaths are applied to; of a longer one they find nothing.
    ///
    /// Source: API Gateway guide, "Transform API requests and responses for HTTP APIs": a body is cut off at 100 KB before
    /// the expression is applied. Unconfirmed: that what is cut off is no JSON any more.
    private static var longestBody: Int { 100 << 10 }

    /// Appends text with the values of its sources; nothing stands for what is not there.
    func append(_ segments: [ServingSegment], into output: OutputBuffer) {
        for segment in segments {
            switch segment {
            case .literal(let text): output.append(text.bytes)
            case .value(let source):
                if let value = value(of: source) { output.append(value) }
            }
        }
    }

    /// The value of one of those sources; `nil` for none.
    func mappedValue(of source: ServingSource) -> UnsafeRawBufferPointer? {
        switch source {
        case .anyCaseHeader(let name):
            var joined = JoinedValue(self)
            for span in headers.spans where bytesEqualIgnoringCase(self.name(of: span), name.bytes) {
                joined.add(value(of: span))
            }
            return joined.bytes
        case .plainBody:
            return bodyLength == 0 ? nil : body
        case .plainBodyPath(let path):
            return value(at: path, ofText: body)
        case .routePath:
            return routePath
        case .decodedPath(let name):
            guard let raw = value(of: .requestPath(name)) else { return nil }
            guard PercentText.needsDecoding(raw, plusIsBlank: false) else { return raw }
            let start = arena.count
            PercentText.appendDecoded(raw, plusIsBlank: false, into: arena)
            return arenaBytes(start..<arena.count)
        case .answerHeader(let name):
            var joined = JoinedValue(self)
            let fields = answerFields
            var place = 0
            while let end = HeadLines.end(of: fields, from: place) {
                let line = UnsafeRawBufferPointer(rebasing: fields[place..<end])
                place = end
                if bytesEqualIgnoringCase(HeadLines.name(line), name.bytes) { joined.add(HeadLines.value(line)) }
            }
            return joined.bytes
        case .answerBody:
            let body = answerBody
            return body.isEmpty ? nil : body
        case .answerBodyPath(let path):
            return value(at: path, ofText: answerBody)
        default:
            return nil
        }
    }

    /// The value at a JSONPath of a text; objects and lists are their JSON text.
    private func value(at path: Int, ofText text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let stage, !text.isEmpty, text.count <= Self.longestBody, worker.parse(text) else { return nil }
        return value(at: stage.snapshot.paths[path], worker.tape)
    }

    /// Fields of the answer that is written, without status line.
    private var answerFields: UnsafeRawBufferPointer {
        let output = worker.output.bytes
        guard answerStart <= headEnd, headEnd <= output.count else { return StaticBytes.empty.bytes }
        let head = UnsafeRawBufferPointer(rebasing: output[answerStart..<headEnd])
        let start = HeadLines.end(of: head, from: 0) ?? head.count
        return UnsafeRawBufferPointer(rebasing: head[start...])
    }

    /// Body of the answer that is written.
    private var answerBody: UnsafeRawBufferPointer {
        let output = worker.output.bytes
        return bodyStart <= output.count
            ? UnsafeRawBufferPointer(rebasing: output[bodyStart...]) : StaticBytes.empty.bytes
    }
}

/// Values with commas between them: a single one stays where it is, several are put together in the arena.
private struct JoinedValue {
    private let exchange: Exchange
    private var first: UnsafeRawBufferPointer?
    /// Where the joined text begins; -1 while there is one value at most.
    private var start = -1

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// Adds a value that is not in the arena.
    mutating func add(_ value: UnsafeRawBufferPointer) {
        guard let first else {
            self.first = value
            return
        }
        let arena = exchange.arena
        if start < 0 {
            start = arena.count
            arena.append(first)
        }
        arena.append(0x2C)
        arena.append(value)
    }

    /// All of them; `nil` for none.
    var bytes: UnsafeRawBufferPointer? {
        start < 0 ? first : exchange.arenaBytes(start..<exchange.arena.count)
    }
}

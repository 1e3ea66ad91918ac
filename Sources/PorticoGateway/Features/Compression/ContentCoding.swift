// Hot: once per body with a coding, and per answer that may get one. Allocates: nothing.

internal import PorticoPrograms

/// A content coding that is undone and applied. Source: reference, "Compression" (8.2); RFC 9110, section 8.4.1.
enum ContentCoding: UInt8 {
    case gzip
    /// The zlib format. Some clients send bare deflate data under this name.
    case deflate

    /// `Content-Encoding` of an answer with this coding.
    var headerLine: StaticString {
        switch self {
        case .gzip: "Content-Encoding: gzip\r\n"
        case .deflate: "Content-Encoding: deflate\r\n"
        }
    }
}

/// The codings of a body in the order in which they were applied, without `identity`.
struct ContentCodingList {
    /// Nobody applies more of them, and each costs a pass over the body.
    private static let maximumCount = 4

    /// Two bits for each, the last one lowest.
    private var bits: UInt8 = 0
    private(set) var count = 0
    /// Whether a coding is among them that cannot be undone, or there are too many.
    private(set) var hasUnknown = false

    /// Adds the codings of one `Content-Encoding` field.
    mutating func add(_ field: UnsafeRawBufferPointer) {
        forEachListElement(field) { element in
            if element.isEmpty || isNamed(element, "identity") { return }
            let coding: ContentCoding
            if isNamed(element, "gzip") || isNamed(element, "x-gzip") {
                coding = .gzip
            } else if isNamed(element, "deflate") {
                coding = .deflate
            } else {
                hasUnknown = true
                return
            }
            guard count < ContentCodingList.maximumCount else {
                hasUnknown = true
                return
            }
            bits = bits &<< 2 | coding.rawValue
            count &+= 1
        }
    }

    /// The only coding, if there is one.
    var single: ContentCoding? { count == 1 && !hasUnknown ? ContentCoding(rawValue: bits & 3) : nil }

    /// Takes the coding off that was applied last.
    mutating func popLast() -> ContentCoding? {
        guard count > 0 else { return nil }
        let coding = ContentCoding(rawValue: bits & 3)
        bits = bits &>> 2
        count &-= 1
        return coding
    }
}

/// What a client's `Accept-Encoding` asks for.
///
/// Source: API Gateway guide, "Receive an API response with a compressed payload" and "Enable payload compression": the
/// coding of the highest priority has to be gzip or deflate, and has to be named; an absent header or `*` is not enough.
struct AcceptedCodings {
    /// Weights in thousandths; 0 for what is refused or not named.
    private var gzip = 0
    private var deflate = 0
    private var others = 0

    /// Adds the codings of one `Accept-Encoding` field.
    mutating func add(_ field: UnsafeRawBufferPointer) {
        forEachListElement(field) { element in
            // The guide's own example has `gzip=1.0` beside `deflate;q=0.5`.
            let end = element.firstIndex { $0 == 0x3B || $0 == 0x3D } ?? element.count
            let name = trimmingBlanks(UnsafeRawBufferPointer(rebasing: element[0..<end]))
            let weight = AcceptedCodings.weight(UnsafeRawBufferPointer(rebasing: element[end...]))
            if isNamed(name, "gzip") || isNamed(name, "x-gzip") {
                gzip = max(gzip, weight)
            } else if isNamed(name, "deflate") {
                deflate = max(deflate, weight)
            } else {
                others = max(others, weight)
            }
        }
    }

    /// The coding to answer with.
    ///
    /// Unconfirmed: which one wins among equals. A supported one before any other, since browsers name theirs without
    /// weights; gzip before deflate, which clients read in two ways.
    var best: ContentCoding? {
        if gzip > 0, gzip >= deflate, gzip >= others { return .gzip }
        if deflate > 0, deflate >= others { return .deflate }
        return nil
    }

    /// `;q=0.5` in thousandths; 1000 without a weight, 0 for one that is none.
    private static func weight(_ parameters: UnsafeRawBufferPointer) -> Int {
        guard !parameters.isEmpty else { return 1000 }
        guard let equals = parameters.firstIndex(of: 0x3D) else { return 1000 }
        let text = trimmingBlanks(UnsafeRawBufferPointer(rebasing: parameters[(equals + 1)...]))
        guard let first = text.first, first == 0x30 || first == 0x31 else { return 0 }
        var value = Int(first &- 0x30) &* 1000
        var place = 100
        for (index, byte) in text.enumerated().dropFirst() {
            if index == 1 {
                guard byte == 0x2E else { return 0 }
                continue
            }
            guard byte >= 0x30, byte <= 0x39 else { return 0 }
            value &+= Int(byte &- 0x30) &* place
            place /= 10
        }
        return min(value, 1000)
    }
}

/// Calls `body` with each element of a comma-separated list, without blanks round it.
private func forEachListElement(_ field: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
    var start = 0
    while start <= field.count {
        var end = start
        while end < field.count, field[end] != 0x2C { end &+= 1 }
        body(trimmingBlanks(UnsafeRawBufferPointer(rebasing: field[start..<end])))
        start = end &+ 1
    }
}

private func isNamed(_ text: UnsafeRawBufferPointer, _ name: StaticString) -> Bool {
    bytesEqualIgnoringCase(text, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
}

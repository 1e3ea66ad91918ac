import PorticoTestSupport

/// One conversation with a server that echoes messages: what a client sends, right or wrong, and what has to come back.
struct FrameCase: Sendable {
    /// The stem of the category and a number.
    var id = ""
    /// The behaviour in a few words.
    var name: String
    /// Section of RFC 6455, or of the reference.
    var source: String
    var sends: [SentFrame]
    /// What has to come back. Pongs may stand between other answers wherever they like.
    var answers: [FrameAnswer]

    init(_ name: String, _ source: String, _ sends: [SentFrame], _ answers: [FrameAnswer]) {
        self.name = name
        self.source = source
        self.sends = sends
        self.answers = answers
    }

    /// What is sent, in one line.
    var sent: String { sends.map(\.description).joined(separator: ", ") }

    /// What comes back, in one line.
    var answer: String { answers.isEmpty ? "nothing" : answers.map(\.description).joined(separator: ", ") }
}

/// Cases about one thing.
struct FrameCategory: Sendable {
    var stem: String
    var title: String
    /// What the rows have in common, in a sentence.
    var summary: String
    var cases: [FrameCase]

    init(_ stem: String, _ title: String, _ summary: String, _ cases: [FrameCase]) {
        self.stem = stem
        self.title = title
        self.summary = summary
        self.cases = cases
        for index in cases.indices { self.cases[index].id = "\(stem)-\(index + 1)" }
    }
}

/// A frame as a client sends it, or what of it comes.
struct SentFrame: Sendable, CustomStringConvertible {
    enum LengthForm: Sendable {
        case shortest
        case twoBytes
        case eightBytes
    }

    var opcode: UInt8
    var payload: [UInt8]
    var isLast = true
    var reserved: UInt8 = 0
    var mask: [UInt8]? = [0xA1, 0xB2, 0xC3, 0xD4]
    var form = LengthForm.shortest
    /// The length that the head tells instead of the payload's.
    var claimed: UInt64?

    init(_ opcode: UInt8, _ payload: [UInt8]) {
        self.opcode = opcode
        self.payload = payload
    }

    private func with(_ change: (inout SentFrame) -> Void) -> SentFrame {
        var frame = self
        change(&frame)
        return frame
    }

    /// Not the last fragment.
    var part: SentFrame { with { $0.isLast = false } }
    /// Without a mask.
    var bare: SentFrame { with { $0.mask = nil } }
    /// With the length in two bytes, whatever it is.
    var inTwoBytes: SentFrame { with { $0.form = .twoBytes } }
    /// With the length in eight bytes, whatever it is.
    var inEightBytes: SentFrame { with { $0.form = .eightBytes } }
    /// With reserved bits: 4 is the first, 2 the second, 1 the third.
    func reserving(_ bits: UInt8) -> SentFrame { with { $0.reserved = bits } }
    /// With that masking key.
    func masked(_ key: [UInt8]) -> SentFrame { with { $0.mask = key } }
    /// With another length in its head than the payload has.
    func claiming(_ length: UInt64) -> SentFrame { with { $0.claimed = length } }

    /// What goes over the wire. Source: RFC 6455, section 5.2.
    var bytes: [UInt8] {
        let length = claimed ?? UInt64(payload.count)
        let bit: UInt8 = mask == nil ? 0 : 0x80
        var bytes = [(isLast ? 0x80 : 0) | reserved << 4 | opcode]
        let wide = (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> (UInt64($0) * 8)) }
        switch form {
        case .shortest where length <= 125: bytes.append(bit | UInt8(length))
        case .shortest where length <= 65_535, .twoBytes: bytes += [bit | 126] + wide.suffix(2)
        case .shortest, .eightBytes: bytes += [bit | 127] + wide
        }
        guard let mask else { return bytes + payload }
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    var description: String {
        let names: [UInt8: String] = [
            0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong",
        ]
        var text = names[opcode] ?? "opcode \(opcode)"
        var shown = payload
        if opcode == 8, claimed == nil, shown.count >= 2 {
            text += " \(Int(shown[0]) << 8 | Int(shown[1]))"
            shown.removeFirst(2)
        }
        if !shown.isEmpty || opcode < 3 { text += " " + Shown.bytes(shown) }
        var marks: [String] = []
        if !isLast { marks.append("FIN 0") }
        for (bit, name) in [(UInt8(4), "RSV1"), (2, "RSV2"), (1, "RSV3")] where reserved & bit != 0 {
            marks.append(name)
        }
        if mask == nil { marks.append("no mask") }
        if let mask, mask != [0xA1, 0xB2, 0xC3, 0xD4] { marks.append("mask " + Shown.hex(mask)) }
        if form == .twoBytes { marks.append("length in 2 bytes") }
        if form == .eightBytes { marks.append("length in 8 bytes") }
        if let claimed { marks.append("length \(claimed)") }
        return marks.isEmpty ? text : "\(text) (\(marks.joined(separator: ", ")))"
    }
}

/// What has to come back.
enum FrameAnswer: Sendable, Equatable, CustomStringConvertible {
    /// The message, echoed.
    case echo([UInt8])
    case pong([UInt8])
    /// The end, with this code; without one, an empty close frame.
    case close(Int?)

    static func echo(_ text: String) -> FrameAnswer { .echo(Array(text.utf8)) }
    static func pong(_ text: String) -> FrameAnswer { .pong(Array(text.utf8)) }

    var isPong: Bool {
        if case .pong = self { true } else { false }
    }

    var description: String {
        switch self {
        case .echo(let payload): "echo " + Shown.bytes(payload)
        case .pong(let payload): payload.isEmpty ? "pong" : "pong " + Shown.bytes(payload)
        case .close(let code): code.map { "close \($0)" } ?? "close"
        }
    }
}

/// Bytes in words.
enum Shown {
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
    }

    static func bytes(_ bytes: [UInt8]) -> String {
        guard let first = bytes.first else { return "\"\"" }
        if bytes.count > 8, bytes.allSatisfy({ $0 == first }) {
            let shown = (0x21..<0x7F).contains(first) ? String(decoding: [first], as: UTF8.self) : hex([first])
            return "\(bytes.count) × \(shown)"
        }
        if bytes.allSatisfy({ (0x20..<0x7F).contains($0) }), bytes.count <= 40 {
            return "\"\(String(decoding: bytes, as: UTF8.self))\""
        }
        return bytes.count <= 24 ? hex(bytes) : "\(bytes.count) bytes \(hex(bytes.prefix(4))) …"
    }
}

// Short words for the tables.

func text(_ text: String) -> SentFrame { SentFrame(RawWebSocket.Opcode.text, Array(text.utf8)) }
func text(_ bytes: [UInt8]) -> SentFrame { SentFrame(RawWebSocket.Opcode.text, bytes) }
func binary(_ bytes: [UInt8]) -> SentFrame { SentFrame(RawWebSocket.Opcode.binary, bytes) }
func more(_ text: String) -> SentFrame { SentFrame(RawWebSocket.Opcode.continuation, Array(text.utf8)) }
func more(_ bytes: [UInt8]) -> SentFrame { SentFrame(RawWebSocket.Opcode.continuation, bytes) }
func ping(_ text: String = "") -> SentFrame { SentFrame(RawWebSocket.Opcode.ping, Array(text.utf8)) }
func ping(_ bytes: [UInt8]) -> SentFrame { SentFrame(RawWebSocket.Opcode.ping, bytes) }
func pong(_ text: String = "") -> SentFrame { SentFrame(RawWebSocket.Opcode.pong, Array(text.utf8)) }
func pong(_ bytes: [UInt8]) -> SentFrame { SentFrame(RawWebSocket.Opcode.pong, bytes) }
func opcode(_ opcode: UInt8, _ payload: [UInt8] = []) -> SentFrame { SentFrame(opcode, payload) }
func closing(_ payload: [UInt8]) -> SentFrame { SentFrame(RawWebSocket.Opcode.close, payload) }
func closing(_ code: Int? = nil, _ reason: String = "") -> SentFrame { closing(code, Array(reason.utf8)) }
func closing(_ code: Int?, _ reason: [UInt8]) -> SentFrame {
    closing((code.map { [UInt8($0 >> 8 & 0xFF), UInt8($0 & 0xFF)] } ?? []) + reason)
}

func letters(_ count: Int) -> [UInt8] { Array(repeating: 0x78, count: count) }

/// A number of bytes in words.
func size(_ count: some BinaryInteger) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

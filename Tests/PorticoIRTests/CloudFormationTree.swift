import PorticoSyntax

/// Reads JSON without escapes, with YAML's local tags before values (`!Ref "A"`), so that one text can hold both forms
/// of a function; the tests of the resolver need no reader of the product.
struct CloudFormationTree {
    private let bytes: [UInt8]
    private var index = 0
    private let file = SourceFileID(rawValue: 0)

    private init(_ text: String) { bytes = Array(text.utf8) }

    static func read(_ text: String) -> Node {
        var reader = CloudFormationTree(text)
        return reader.value()
    }

    private mutating func skipSpace() {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A { index += 1 }
    }

    private mutating func value() -> Node {
        skipSpace()
        let start = index
        var tag: String?
        if bytes[index] == UInt8(ascii: "!") {
            while bytes[index] != 0x20 { index += 1 }
            tag = String(decoding: bytes[start..<index], as: UTF8.self)
            skipSpace()
        }
        let content: Node.Content
        switch bytes[index] {
        case UInt8(ascii: "{"):
            var members: [Mapping.Member] = []
            index += 1
            while !closes("}") {
                let key = text()
                skipSpace()
                index += 1
                members.append(Mapping.Member(key: key.string, keySpan: key.span, value: value()))
            }
            content = .mapping(Mapping(members))
        case UInt8(ascii: "["):
            var elements: [Node] = []
            index += 1
            while !closes("]") { elements.append(value()) }
            content = .sequence(elements)
        case UInt8(ascii: "\""):
            content = .scalar(Scalar(kind: .string, text: text(), style: .doubleQuoted))
        default:
            let first = index
            while index < bytes.count, !Array(" ,]}\n".utf8).contains(bytes[index]) { index += 1 }
            let span = SourceSpan(file: file, offset: first, length: index - first)
            let string = String(decoding: bytes[first..<index], as: UTF8.self)
            let kind: Scalar.Kind =
                switch string {
                case "true": .boolean(true)
                case "false": .boolean(false)
                case "null": .null
                default: .integer(Int64(string) ?? 0)
                }
            content = .scalar(Scalar(kind: kind, text: PositionedText(string, span: span), style: .plain))
        }
        return Node(content, span: SourceSpan(file: file, offset: start, length: index - start), tag: tag)
    }

    private mutating func closes(_ end: Unicode.Scalar) -> Bool {
        skipSpace()
        if bytes[index] == UInt8(ascii: ",") {
            index += 1
            skipSpace()
        }
        guard bytes[index] == UInt8(ascii: end) else { return false }
        index += 1
        return true
    }

    private mutating func text() -> PositionedText {
        let start = index
        index += 1
        while bytes[index] != UInt8(ascii: "\"") { index += 1 }
        index += 1
        let content = start + 1..<index - 1
        return PositionedText(
            String(decoding: bytes[content], as: UTF8.self),
            span: SourceSpan(file: file, offset: start, length: index - start),
            runs: [TextRun(textOffset: 0, fileOffset: content.lowerBound, length: content.count)])
    }
}

extension Node {
    /// JSON without spaces and escapes, tags in front.
    var compact: String {
        let prefix = tag.map { $0 + " " } ?? ""
        switch content {
        case .scalar(let scalar):
            return prefix + (scalar.kind == .string ? "\"\(scalar.text.string)\"" : scalar.text.string)
        case .sequence(let elements): return prefix + "[" + elements.map(\.compact).joined(separator: ",") + "]"
        case .mapping(let mapping):
            return prefix + "{" + mapping.members.map { "\"\($0.key)\":\($0.value.compact)" }.joined(separator: ",")
                + "}"
        }
    }
}

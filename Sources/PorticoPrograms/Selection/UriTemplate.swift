// Hot: once per request to a backend. Allocates: nothing.

/// The URI of an integration: text with `{name}` for mapped path parameters and `${stageVariables.x}`.
///
/// An unresolved `{name}` stays as it is written, a missing stage variable leaves nothing. Other `${...}` stay too.
/// *Source:* API Gateway guide, "Set up an HTTP integration request" and "Using stage variables".
public struct UriTemplate: Sendable, Hashable {
    /// A piece of the URI.
    public enum Segment: Sendable, Hashable {
        /// Text as it is.
        case literal([UInt8])
        /// `{name}`: an index into ``UriTemplate/placeholders``.
        case placeholder(Int)
        /// `${stageVariables.x}`: an index into ``UriTemplate/stageVariables``.
        case stageVariable(Int)
    }

    /// The pieces in order.
    public let segments: [Segment]
    /// Names of the placeholders, each once.
    public let placeholders: [String]
    /// Names of the stage variables, each once.
    public let stageVariables: [String]

    /// Reads a URI. Every text is one: what looks like no placeholder stands for itself.
    public init(_ text: String) {
        let bytes = Array(text.utf8)
        var segments: [Segment] = []
        var placeholders: [String] = []
        var stageVariables: [String] = []
        var literal: [UInt8] = []
        var at = 0
        func flush() {
            if !literal.isEmpty { segments.append(.literal(literal)) }
            literal = []
        }
        func slot(_ name: [UInt8], _ names: inout [String]) -> Int {
            let name = String(decoding: name, as: UTF8.self)
            if let index = names.firstIndex(of: name) { return index }
            names.append(name)
            return names.count - 1
        }
        let variablePrefix = Array("${stageVariables.".utf8)
        while at < bytes.count {
            if bytes[at...].starts(with: variablePrefix) {
                let start = at + variablePrefix.count
                if let end = Self.end(bytes, start, Self.isVariableByte) {
                    flush()
                    segments.append(.stageVariable(slot(Array(bytes[start..<end]), &stageVariables)))
                    at = end + 1
                    continue
                }
            }
            if bytes[at] == UInt8(ascii: "{"), at == 0 || bytes[at - 1] != UInt8(ascii: "$"),
                let end = Self.end(bytes, at + 1, Self.isPlaceholderByte)
            {
                flush()
                segments.append(.placeholder(slot(Array(bytes[at + 1..<end]), &placeholders)))
                at = end + 1
                continue
            }
            literal.append(bytes[at])
            at += 1
        }
        flush()
        self.segments = segments
        self.placeholders = placeholders
        self.stageVariables = stageVariables
    }

    private static func isVariableByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
    }

    private static func isPlaceholderByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && !"{}/?#&=\"'".utf8.contains(byte)
    }

    /// The closing brace, if only name bytes stand before it.
    private static func end(_ bytes: [UInt8], _ start: Int, _ isName: (UInt8) -> Bool) -> Int? {
        var at = start
        while at < bytes.count, isName(bytes[at]) { at += 1 }
        return at > start && at < bytes.count && bytes[at] == UInt8(ascii: "}") ? at : nil
    }

    /// Whether it is the same for every request.
    public var isConstant: Bool { placeholders.isEmpty && stageVariables.isEmpty }

    /// The text of a constant URI.
    public var constant: String? {
        if segments.isEmpty { return "" }
        guard segments.count == 1, case .literal(let bytes) = segments[0] else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the URI. Values stand in the order of ``placeholders`` and ``stageVariables``; a `nil` base or a missing
    /// entry means absent.
    public func render(
        placeholders values: UnsafeBufferPointer<UnsafeRawBufferPointer>,
        stageVariables variables: UnsafeBufferPointer<UnsafeRawBufferPointer>, into output: OutputBuffer
    ) {
        for segment in segments {
            switch segment {
            case .literal(let bytes): output.append(bytes)
            case .placeholder(let index):
                if index < values.count, values[index].baseAddress != nil {
                    output.append(values[index])
                } else {
                    output.append(0x7B)
                    output.append(placeholders[index])
                    output.append(0x7D)
                }
            case .stageVariable(let index):
                if index < variables.count { output.append(variables[index]) }
            }
        }
    }

    /// The URI as it is written in a spec file.
    public var text: String {
        var text: [UInt8] = []
        for segment in segments {
            switch segment {
            case .literal(let bytes): text += bytes
            case .placeholder(let index): text += "{\(placeholders[index])}".utf8
            case .stageVariable(let index): text += "${stageVariables.\(stageVariables[index])}".utf8
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes the flat form: the text.
    public func encode(into writer: inout ByteWriter) { writer.write(text) }

    /// Reads the flat form.
    public init(from reader: inout ByteReader) throws(ProgramDecodingError) { self.init(try reader.readString()) }
}

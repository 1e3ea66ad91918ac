internal import PorticoSyntax

/// Writes JSON of the dashboard, member by member, on one line: an event of a stream may have no line breaks.
///
/// Whoever writes keeps to the grammar: names within objects, none within arrays.
struct DashboardJSON {
    /// The text so far, in UTF-8.
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Writes an object, as the member `name` where there is one.
    mutating func object(_ name: String? = nil, _ members: (inout DashboardJSON) -> Void) {
        begin(name)
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        members(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Writes an array of what `write` writes of each element.
    mutating func array<Elements: Sequence>(
        _ name: String? = nil, _ elements: Elements, _ write: (inout DashboardJSON, Elements.Element) -> Void
    ) {
        begin(name)
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        for element in elements { write(&self, element) }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes a text.
    mutating func string(_ name: String?, _ value: String) {
        begin(name)
        JSONWriter.appendString(value, to: &bytes)
    }

    /// Writes a text where there is one, and nothing else.
    mutating func string(_ name: String, ifPresent value: String?) {
        if let value { string(name, value) }
    }

    /// Writes a whole number.
    mutating func integer(_ name: String?, _ value: some BinaryInteger) {
        begin(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes a whole number where there is one, and nothing else.
    mutating func integer(_ name: String, ifPresent value: Int?) {
        if let value { integer(name, value) }
    }

    /// Writes a number; JSON has none that is infinite or no number, which become 0.
    mutating func number(_ name: String, _ value: Double) {
        begin(name)
        if let whole = Int(exactly: value) {
            bytes.append(contentsOf: String(whole).utf8)
        } else {
            bytes.append(contentsOf: (value.isFinite ? String(value) : "0").utf8)
        }
    }

    /// Writes `true` or `false`.
    mutating func boolean(_ name: String, _ value: Bool) {
        begin(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    private mutating func begin(_ name: String?) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        guard let name else { return }
        JSONWriter.appendString(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}

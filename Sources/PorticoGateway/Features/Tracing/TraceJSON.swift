// Hot: no, only sampled requests come here. Allocates: the text.

internal import PorticoSyntax

/// Writes an object of JSON member by member, without a tree.
struct TraceJSON {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    mutating func open() { begin(UInt8(ascii: "{")) }

    mutating func open(_ name: String) {
        self.name(name)
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func openList(_ name: String) {
        self.name(name)
        bytes.append(UInt8(ascii: "["))
        needsComma = false
    }

    mutating func close() { end(UInt8(ascii: "}")) }

    mutating func closeList() { end(UInt8(ascii: "]")) }

    mutating func member(_ name: String, _ value: String) {
        self.name(name)
        JSONWriter.appendString(value, to: &bytes)
    }

    mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        bytes += "\(value)".utf8
    }

    mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bytes += (value ? "true" : "false").utf8
    }

    /// An element of a list.
    mutating func element(_ value: String) {
        comma()
        JSONWriter.appendString(value, to: &bytes)
        needsComma = true
    }

    /// Microseconds as seconds with six decimals, which no floating point rounds.
    mutating func member(_ name: String, seconds microseconds: Int) {
        self.name(name)
        let value = max(microseconds, 0)
        let fraction = "\(value % 1_000_000)"
        bytes += "\(value / 1_000_000).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)".utf8
    }

    private mutating func name(_ name: String) {
        comma()
        JSONWriter.appendString(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = true
    }

    private mutating func begin(_ byte: UInt8) {
        comma()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func end(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func comma() { if needsComma { bytes.append(UInt8(ascii: ",")) } }
}

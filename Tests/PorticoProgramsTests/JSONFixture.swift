import PorticoPrograms

/// Short ways to parse and print.
enum Fixture {
    static func parse(_ bytes: [UInt8], _ tape: JSONTape = JSONTape()) -> JSONParseResult {
        bytes.withUnsafeBytes { tape.parse($0) }
    }

    /// Runs `body` on the tape of `text`, which must be JSON.
    static func withTape<Result>(_ text: String, _ body: (JSONTape) -> Result) -> Result? {
        let tape = JSONTape()
        return Array(text.utf8).withUnsafeBytes { bytes in
            tape.parse(bytes) == .ok ? body(tape) : nil
        }
    }

    static func write(_ body: (OutputBuffer) -> Void) -> String {
        let output = OutputBuffer()
        body(output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    static func print(_ text: String) -> String? {
        withTape(text) { tape in write { tape.emit(tape.root, into: $0) } }
    }
}

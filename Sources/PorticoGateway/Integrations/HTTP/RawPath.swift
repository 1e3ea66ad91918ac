// Hot: once per path placeholder. Allocates: nothing but what the output grows.

internal import PorticoPrograms

/// Path values on their way into a request target.
enum RawPath {
    /// Appends a value that is percent-encoded already, as path parameters are: slashes and escapes stay, and only what
    /// would end the path or the request line is encoded, and a percent sign that begins no escape.
    /// Source: API Gateway guide, "Important notes": a literal `%` is encoded again on its way to an HTTP backend.
    static func append(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        for (index, byte) in text.enumerated() {
            let isPlain =
                byte > 0x20 && byte < 0x7F && byte != 0x3F && byte != 0x23 && byte != 0x22 && byte != 0x3C
                && byte != 0x3E
            if isPlain, byte != 0x25 || beginsEscape(text, index) {
                output.append(byte)
            } else {
                output.append(0x25)
                output.append(digit(byte &>> 4))
                output.append(digit(byte & 15))
            }
        }
    }

    private static func beginsEscape(_ text: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        index &+ 2 < text.count && isHexDigit(text[index &+ 1]) && isHexDigit(text[index &+ 2])
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value &+ 0x30 : value &+ 0x37 }
}

// Hot: once per path placeholder. Allocates: nothing but what the output grows.

internal import PorticoPrograms

/// Path values on their way into a request target.
enum RawPath {
    /// Appends a value that is percent-encoded already, as path parameters are: slashes and percent signs stay, and only
    /// what would end the path or the request line is encoded.
    static func append(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        for byte in text {
            if byte > 0x20, byte < 0x7F, byte != 0x3F, byte != 0x23, byte != 0x22, byte != 0x3C, byte != 0x3E {
                output.append(byte)
            } else {
                output.append(0x25)
                output.append(digit(byte &>> 4))
                output.append(digit(byte & 15))
            }
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value &+ 0x30 : value &+ 0x37 }
}

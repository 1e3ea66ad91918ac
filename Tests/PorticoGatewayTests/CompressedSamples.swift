import PorticoPrograms

@testable import PorticoGateway

/// Bodies that were compressed by something else: CPython's gzip and zlib modules.
enum CompressedSamples {
    static let plain = #"{"name":"rex","note":"a body that was compressed elsewhere"}"#
    static let gzip = bytes(
        "1f8b08000000000002ffab56ca4bcc4d55b2522a4aad50d251cacb2f0171121592f2532a154a32124b14ca138b1592f3730b8a528b8b535314"
            + "52738a53cb33528b52956a01b64059703c000000")
    /// With a file name in its header.
    static let named = bytes(
        "1f8b08080000000002ff66696c652e6a736f6e00ab56ca4bcc4d55b2522a4aad50d251cacb2f0171121592f2532a154a32124b14ca138b1592"
            + "f3730b8a528b8b53531452738a53cb33528b52956a01b64059703c000000")
    static let zlib = bytes(
        "789cab56ca4bcc4d55b2522a4aad50d251cacb2f0171121592f2532a154a32124b14ca138b1592f3730b8a528b8b53531452738a53cb33528b"
            + "52956a015efb14f3")
    /// Deflate data without the format that the coding `deflate` asks for, as some clients send it.
    static let bare = bytes(
        "ab56ca4bcc4d55b2522a4aad50d251cacb2f0171121592f2532a154a32124b14ca138b1592f3730b8a528b8b53531452738a53cb33528b5295"
            + "6a01")

    private static func bytes(_ digits: String) -> [UInt8] {
        var result: [UInt8] = []
        var high: UInt8?
        for character in digits.utf8 {
            let value = character < 0x3A ? character - 0x30 : character - 0x57
            if let first = high {
                result.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return result
    }

    static func compressed(_ text: some Sequence<UInt8>, _ coding: ContentCoding = .gzip) -> [UInt8] {
        let output = OutputBuffer()
        let deflater = Deflater(coding)
        _ = Array(text).withUnsafeBytes { deflater.apply(to: $0, into: output) }
        return Array(output.bytes)
    }

    /// `nil` unless all of it is of that coding.
    static func plain(_ bytes: [UInt8], _ coding: ContentCoding = .gzip, limit: Int = 1 << 20) -> [UInt8]? {
        let output = OutputBuffer()
        let outcome = bytes.withUnsafeBytes { Inflater().undo(coding, of: $0, into: output, limit: limit) }
        guard case .done = outcome else { return nil }
        return Array(output.bytes)
    }
}

import PorticoPrograms

/// Bytes that stay in place as long as the process runs, as a connection's do for a request.
enum Arena {
    static func bytes(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 16)
        block.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[..<bytes.count])
    }

    static func text(_ text: String) -> UnsafeRawBufferPointer { bytes(Array(text.utf8)) }

    static func names(_ pairs: KeyValuePairs<String, String>) -> UnsafeBufferPointer<NamedBytes> {
        array(pairs.map { NamedBytes(name: text($0.key), value: text($0.value)) })
    }

    static func array<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
        let block = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = block.initialize(from: elements)
        return UnsafeBufferPointer(block)
    }
}

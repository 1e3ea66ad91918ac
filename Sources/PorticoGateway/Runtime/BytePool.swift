// Hot: read on every request, written only while a stage program is made. Allocates: then, once per chunk.

/// Immutable bytes of a ``BytePool``; valid as long as the pool lives.
struct StaticBytes: @unchecked Sendable {
    // Immutable once made, which makes the pointer safe to share.
    let bytes: UnsafeRawBufferPointer

    static let empty = StaticBytes(bytes: UnsafeRawBufferPointer(start: nil, count: 0))

    var count: Int { bytes.count }
    var isEmpty: Bool { bytes.count == 0 }
    /// As text, for messages.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Memory for the byte strings of a stage program, freed with it.
final class BytePool: @unchecked Sendable {
    // Only the maker appends, before the pool is shared.
    private var chunks: [UnsafeMutableRawBufferPointer] = []
    private var used = 0
    private let chunkBytes: Int
    /// What equal strings share, until the pool is sealed; `nil` if they share nothing.
    private var known: [[UInt8]: StaticBytes]?

    /// - Parameters:
    ///   - chunkBytes: how much is taken from the system at a time.
    ///   - sharesEqual: whether equal strings stand once, which keeps what requests read close together.
    init(chunkBytes: Int = 16 << 10, sharesEqual: Bool = false) {
        self.chunkBytes = chunkBytes
        known = sharesEqual ? [:] : nil
    }

    /// Forgets which strings there are, when all have been added.
    func seal() { known = nil }

    deinit {
        for chunk in chunks { chunk.deallocate() }
    }

    /// Copies the UTF-8 of `text`.
    func add(_ text: String) -> StaticBytes { add(Array(text.utf8)) }

    /// Copies `bytes`.
    func add(_ bytes: [UInt8]) -> StaticBytes {
        if let same = known?[bytes] { return same }
        let added = copy(bytes)
        known?[bytes] = added
        return added
    }

    private func copy(_ bytes: [UInt8]) -> StaticBytes {
        // An empty string still needs an address: a missing one means "absent".
        let needed = max(bytes.count, 1)
        var chunk: UnsafeMutableRawBufferPointer
        if let last = chunks.last, last.count - used >= needed {
            chunk = last
        } else {
            chunk = .allocate(byteCount: max(chunkBytes, needed), alignment: 16)
            chunks.append(chunk)
            used = 0
        }
        guard let base = chunk.baseAddress else { return .empty }
        let start = base + used
        bytes.withUnsafeBytes { source in
            if let from = source.baseAddress { start.copyMemory(from: from, byteCount: source.count) }
        }
        used += needed
        return StaticBytes(bytes: UnsafeRawBufferPointer(start: start, count: bytes.count))
    }
}

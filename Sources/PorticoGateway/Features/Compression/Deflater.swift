// Hot: once per answer that is compressed. Allocates: zlib's state with the first one, and what the output grows.

internal import CZlib
internal import PorticoPrograms

/// Applies one content coding with one zlib stream, which is used again for every body. Belongs to one worker.
final class Deflater {
    // zlib's state points back to the stream, which therefore must not move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let window: CInt
    private var isReady = false

    /// The fastest: others wait while an event loop compresses. zlib's default level makes JSON an eighth smaller in more
    /// than twice the time (32 KB: 9.7 KB in 530 µs instead of 11.0 KB in 230 µs).
    private static let level = Z_BEST_SPEED

    init(_ coding: ContentCoding) {
        stream.initialize(to: z_stream())
        // Source: zlib.h, deflateInit2: 16 more make a gzip header and trailer instead of zlib's.
        window = coding == .gzip ? 15 + 16 : 15
    }

    deinit {
        if isReady { deflateEnd(stream) }
        stream.deallocate()
    }

    /// Appends `input` compressed; `false`, and nothing appended, if zlib cannot.
    func apply(to input: UnsafeRawBufferPointer, into output: OutputBuffer) -> Bool {
        guard let source = input.baseAddress, let length = UInt32(exactly: input.count), prepare() else { return false }
        // With so much room one call is enough.
        let bound = Int(clamping: deflateBound(stream, uLong(length)))
        guard let room = UInt32(exactly: bound) else { return false }
        output.reserve(bound)
        stream.pointee.next_in = source.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = length
        stream.pointee.next_out = (output.base + output.count).assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = room
        defer { stream.pointee.next_in = nil }
        guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return false }
        output.advance(by: bound &- Int(stream.pointee.avail_out))
        return true
    }

    private func prepare() -> Bool {
        if isReady { return deflateReset(stream) == Z_OK }
        isReady = portico_deflate_init(stream, Deflater.level, window) == Z_OK
        return isReady
    }
}

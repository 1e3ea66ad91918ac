// Hot: once per compressed body. Allocates: zlib's state with the first one, and what the output grows.

internal import CZlib
internal import PorticoPrograms

/// Undoes content codings with one zlib stream, which is used again for every body.
///
/// Belongs to one worker. Time and memory are bounded by the lengths of the input and of the limit.
final class Inflater {
    enum Outcome {
        case done
        /// Not of that coding, cut short, or followed by something else.
        case malformed
        /// More than the limit; nothing beyond it was decompressed.
        case tooLarge
        /// No memory for zlib's state.
        case failed
    }

    // zlib's state points back to the stream, which therefore must not move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var isReady = false

    // Source: zlib.h, inflateInit2: the sign and the tens of the window bits choose the format.
    private static let gzipWindow: CInt = 15 + 16
    private static let zlibWindow: CInt = 15
    private static let bareWindow: CInt = -15

    init() { stream.initialize(to: z_stream()) }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deallocate()
    }

    /// Appends what `input` stands for, `limit` bytes at most. After anything but ``Outcome/done`` the output is as it was.
    func undo(
        _ coding: ContentCoding, of input: UnsafeRawBufferPointer, into output: OutputBuffer, limit: Int
    ) -> Outcome {
        let start = output.count
        var outcome = Outcome.malformed
        switch coding {
        case .gzip:
            outcome = run(input, window: Inflater.gzipWindow, into: output, limit: limit)
        case .deflate:
            if Inflater.looksLikeZlib(input) {
                outcome = run(input, window: Inflater.zlibWindow, into: output, limit: limit)
            }
            if case .malformed = outcome {
                output.truncate(to: start)
                outcome = run(input, window: Inflater.bareWindow, into: output, limit: limit)
            }
        }
        if case .done = outcome { return .done }
        output.truncate(to: start)
        return outcome
    }

    /// Source: RFC 1950, section 2.2: method, window size and check bits of the first two bytes.
    private static func looksLikeZlib(_ input: UnsafeRawBufferPointer) -> Bool {
        guard input.count >= 2 else { return false }
        return input[0] & 0x0F == 8 && (Int(input[0]) &* 256 &+ Int(input[1])) % 31 == 0
    }

    private func run(
        _ input: UnsafeRawBufferPointer, window: CInt, into output: OutputBuffer, limit: Int
    ) -> Outcome {
        guard let source = input.baseAddress, let length = UInt32(exactly: input.count) else { return .malformed }
        guard prepare(window) else { return .failed }
        let start = output.count
        stream.pointee.next_in = source.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = length
        defer { stream.pointee.next_in = nil }
        while true {
            // One byte more than is allowed tells a body of just that length from a longer one.
            let allowed = limit &+ 1 &- (output.count &- start)
            output.reserve(min(allowed, max(Int(stream.pointee.avail_in) &* 2, 4096)))
            let room = min(allowed, output.capacity &- output.count, Int(Int32.max))
            stream.pointee.next_out = (output.base + output.count).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            let status = inflate(stream, Z_NO_FLUSH)
            output.advance(by: room &- Int(stream.pointee.avail_out))
            if output.count &- start > limit { return .tooLarge }
            switch status {
            case Z_OK:
                // All that came is used and the end has not come.
                if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 { return .malformed }
            case Z_STREAM_END:
                let rest = Int(stream.pointee.avail_in)
                if rest == 0 { return .done }
                // Source: RFC 1952, section 2.2: a gzip file may have several members.
                let next = input.count &- rest
                guard window == Inflater.gzipWindow, rest >= 2, input[next] == 0x1F, input[next &+ 1] == 0x8B,
                    inflateReset(stream) == Z_OK
                else { return .malformed }
            case Z_MEM_ERROR:
                return .failed
            default:
                return .malformed
            }
        }
    }

    private func prepare(_ window: CInt) -> Bool {
        if isReady { return inflateReset2(stream, window) == Z_OK }
        isReady = portico_inflate_init(stream, window) == Z_OK
        return isReady
    }
}

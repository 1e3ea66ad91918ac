// Hot: once per piece of a streamed answer's beginning. Allocates: the metadata.

internal import NIOCore

/// Finds the metadata at the beginning of what a function streams: JSON, then eight NUL bytes, then the body.
///
/// JSON has no raw NUL, so the first one begins the delimiter. Pieces may end anywhere.
///
/// Source: API Gateway guide, "Lambda proxy integration format for response streaming": metadata and delimiter stand
/// within the first 16 KB.
struct LambdaStreamPrelude {
    /// NUL bytes between metadata and body.
    static let delimiterBytes = 8
    /// Bytes within which the delimiter must have ended.
    static let maximumBytes = 16 << 10

    enum Outcome: Equatable {
        /// All of the input was taken.
        case needMore
        /// The metadata; what is left of the input is the body's beginning.
        case metadata(ByteBuffer)
        case malformed(Problem)
    }

    /// Why there is no metadata.
    enum Problem: String {
        case tooLong = "no delimiter of 8 NUL bytes within the first 16384 bytes"
        case shortDelimiter = "fewer than 8 NUL bytes after the metadata"
        case noDelimiter = "the function's output ended without a delimiter of 8 NUL bytes"
    }

    private var metadata = ByteBuffer()
    private var zeros = 0

    init() {}

    /// Takes what it can from `input`. Not to be called after an outcome other than ``Outcome/needMore``.
    mutating func read(_ input: inout ByteBuffer) -> Outcome {
        let (text, nulls, isBroken) = input.withUnsafeReadableBytes { bytes -> (Int, Int, Bool) in
            var place = 0
            if zeros == 0 {
                while place < bytes.count, bytes[place] != 0 { place &+= 1 }
            }
            let text = place
            while place < bytes.count, zeros &+ place &- text < Self.delimiterBytes {
                guard bytes[place] == 0 else { return (text, place &- text, true) }
                place &+= 1
            }
            return (text, place &- text, false)
        }
        // What is not whole needs one more byte within the limit.
        let count = metadata.readableBytes &+ zeros &+ text &+ nulls
        let isWhole = zeros &+ nulls == Self.delimiterBytes
        guard count < Self.maximumBytes || isWhole && count == Self.maximumBytes else { return .malformed(.tooLong) }
        guard !isBroken else { return .malformed(.shortDelimiter) }
        if text > 0, let slice = input.readSlice(length: text) { metadata.writeImmutableBuffer(slice) }
        input.moveReaderIndex(forwardBy: nulls)
        zeros &+= nulls
        return isWhole ? .metadata(metadata) : .needMore
    }
}

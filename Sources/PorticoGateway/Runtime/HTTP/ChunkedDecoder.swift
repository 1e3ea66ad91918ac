// Hot: once per chunk. Allocates: the body, when it comes in more than one piece.
import NIOCore

/// Takes a chunked body apart (RFC 9112, 7.1), a byte at a time between the chunks, so that it can break off anywhere
/// and nothing is read twice. Strict: blanks after the size, bare line feeds and malformed extensions are refused.
/// Extensions and trailers are checked, bounded and dropped.
struct ChunkedDecoder {
    enum Outcome: Equatable {
        /// All of the input was taken; the body goes on.
        case needMore
        /// The body is whole; what is left of the input belongs to the next message.
        case finished
        case malformed
        case tooLarge
    }

    /// Bytes of extensions and trailers that one body may carry.
    static let maximumExtraBytes = 8192
    /// The limit of bodies that nobody keeps; sizes still cannot overflow.
    static let unlimited = 1 << 58
    /// Digits of a chunk size; the value is bounded by the body's limit anyway.
    static let maximumSizeDigits = 32

    private enum State {
        case firstDigit
        case size
        case extensionName
        case extensionNameRest
        case extensionValue
        case extensionToken
        case quoted
        case quotedPair
        case afterQuoted
        case sizeLineFeed
        case data
        case dataReturn
        case dataLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case lastLineFeed
        case finished
    }

    /// Body bytes so far.
    private(set) var bodyBytes = 0
    private let maximumBytes: Int
    /// Whether all pieces go into one body; else each read's are taken by the caller.
    private let keepsPieces: Bool
    private var state = State.firstDigit
    private var remaining = 0
    private var extraBytes = 0
    private var digits = 0
    private let tables = HeaderTables.shared

    init(maximumBytes: Int, keepsPieces: Bool = true) {
        self.maximumBytes = maximumBytes
        self.keepsPieces = keepsPieces
    }

    /// Takes what it can from `input` and appends the data to `body`.
    ///
    /// The first piece that comes whole becomes `body` without a copy.
    mutating func decode(_ input: inout ByteBuffer, into body: inout ByteBuffer) -> Outcome {
        while true {
            if state == .data {
                let length = min(remaining, input.readableBytes)
                if length > 0 { append(&input, length, to: &body) }
                remaining &-= length
                if remaining > 0 { return .needMore }
                state = .dataReturn
            }
            let step = input.readWithUnsafeReadableBytes { bytes in frame(bytes) }
            if step == .needMore && state == .data { continue }
            return step
        }
    }

    @inline(__always)
    private mutating func append(_ input: inout ByteBuffer, _ length: Int, to body: inout ByteBuffer) {
        bodyBytes &+= length
        if body.readableBytes == 0 {
            if length == remaining || !keepsPieces && length == input.readableBytes,
                let slice = input.readSlice(length: length)
            {
                body = slice
                return
            }
            // Most bodies of one chunk that spans reads end with it. A peer's word buys it a little memory only.
            body.reserveCapacity(keepsPieces ? min(remaining, 1 << 18) : input.readableBytes)
        }
        input.readWithUnsafeReadableBytes { bytes in
            body.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
            return length
        }
    }

    /// Reads what stands between the data; stops where data begins.
    private mutating func frame(_ bytes: UnsafeRawBufferPointer) -> (Int, Outcome) {
        guard let base = bytes.baseAddress else { return (0, .needMore) }
        var place = 0
        while place < bytes.count {
            let byte = base.load(fromByteOffset: place, as: UInt8.self)
            place &+= 1
            switch state {
            case .firstDigit:
                guard let digit = Self.hexDigit(byte) else { return (place, .malformed) }
                if digit > maximumBytes &- bodyBytes { return (place, .tooLarge) }
                remaining = digit
                digits = 1
                state = .size
            case .size:
                if let digit = Self.hexDigit(byte) {
                    remaining = remaining &<< 4 | digit
                    if remaining > maximumBytes &- bodyBytes { return (place, .tooLarge) }
                } else if byte == 0x0D {
                    state = .sizeLineFeed
                } else if byte == 0x3B {
                    state = .extensionName
                } else {
                    return (place, .malformed)
                }
                // Leading zeros are legal, without end they are not.
                digits &+= 1
                if digits > Self.maximumSizeDigits { return (place, .malformed) }
            case .sizeLineFeed:
                if byte != 0x0A { return (place, .malformed) }
                if remaining == 0 {
                    state = .trailerStart
                } else {
                    state = .data
                    return (place, .needMore)
                }
            case .dataReturn:
                if byte != 0x0D { return (place, .malformed) }
                state = .dataLineFeed
            case .dataLineFeed:
                if byte != 0x0A { return (place, .malformed) }
                state = .firstDigit
            case .lastLineFeed:
                if byte != 0x0A { return (place, .malformed) }
                state = .finished
                return (place, .finished)
            case .data, .finished:
                return (place &- 1, state == .finished ? .finished : .needMore)
            default:
                if !spend() || !readExtra(byte) { return (place, .malformed) }
            }
        }
        return (place, .needMore)
    }

    @inline(__always)
    private mutating func spend() -> Bool {
        extraBytes &+= 1
        return extraBytes <= Self.maximumExtraBytes
    }

    /// Extensions and trailers; false when malformed.
    private mutating func readExtra(_ byte: UInt8) -> Bool {
        let isToken = tables.isOf(HeaderTables.tokenClass, byte)
        switch state {
        case .extensionName:
            state = .extensionNameRest
            return isToken
        case .extensionNameRest:
            if isToken { return true }
            if byte == 0x3D {
                state = .extensionValue
                return true
            }
            return endExtension(byte)
        case .extensionValue:
            state = byte == 0x22 ? .quoted : .extensionToken
            return isToken || byte == 0x22
        case .extensionToken:
            return isToken || endExtension(byte)
        case .quoted:
            if byte == 0x22 {
                state = .afterQuoted
            } else if byte == 0x5C {
                state = .quotedPair
            }
            return Self.isText(byte)
        case .quotedPair:
            state = .quoted
            return Self.isText(byte)
        case .afterQuoted:
            return endExtension(byte)
        case .trailerStart:
            if byte == 0x0D {
                state = .lastLineFeed
                return true
            }
            state = .trailerName
            return isToken
        case .trailerName:
            if byte == 0x3A {
                state = .trailerValue
                return true
            }
            return isToken
        case .trailerValue:
            if byte == 0x0D {
                state = .trailerLineFeed
                return true
            }
            return Self.isText(byte)
        case .trailerLineFeed:
            state = .trailerStart
            return byte == 0x0A
        default:
            return false
        }
    }

    private mutating func endExtension(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x3B: state = .extensionName
        case 0x0D: state = .sizeLineFeed
        default: return false
        }
        return true
    }

    private static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    @inline(__always)
    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte &- 0x30)
        case 0x41...0x46: Int(byte &- 0x37)
        case 0x61...0x66: Int(byte &- 0x57)
        default: nil
        }
    }
}

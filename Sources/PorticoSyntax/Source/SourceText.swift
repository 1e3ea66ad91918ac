/// Turns the bytes of a file into UTF-8 text without byte order mark.
///
/// Never fails: what cannot be decoded becomes U+FFFD and a problem, so that the rest of the file is still read and its
/// other mistakes are reported in the same run.
struct SourceText {
    /// Something that could not be decoded.
    struct Problem: Equatable {
        /// One line for a person.
        var message: String
        /// Offset of its replacement in ``bytes``.
        var offset: Int
        /// Bytes of the replacement.
        var length: Int
        /// What to do about it.
        var hint: String
    }

    /// Well-formed UTF-8.
    private(set) var bytes: [UInt8]
    /// What could not be decoded, in the order of the text; at most ``problemLimit``.
    private(set) var problems: [Problem] = []

    /// A file in a wrong encoding has thousands of mistakes that are all the same one.
    static let problemLimit = 5

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Decodes by the byte order mark, or, without one, by the zero bytes that UTF-16 has around an ASCII character.
    init(decoding raw: [UInt8]) {
        switch raw.prefix(4) {
        case [0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]:
            bytes = []
            problems = [
                Problem(
                    message: "the file is in UTF-32, which is not read; expected UTF-8", offset: 0, length: 0,
                    hint: "save the file as UTF-8")
            ]
        case let mark where mark.starts(with: [0xEF, 0xBB, 0xBF]):
            bytes = Array(raw[3...])
            repair()
        case let mark where mark.starts(with: [0xFF, 0xFE]):
            bytes = []
            transcode(raw[2...], bigEndian: false)
        case let mark where mark.starts(with: [0xFE, 0xFF]):
            bytes = []
            transcode(raw[2...], bigEndian: true)
        case let start where start.count >= 2 && start[0] != 0 && start[1] == 0:
            bytes = []
            transcode(raw[...], bigEndian: false)
        case let start where start.count >= 2 && start[0] == 0 && start[1] != 0:
            bytes = []
            transcode(raw[...], bigEndian: true)
        default:
            bytes = raw
            repair()
        }
    }

    private mutating func report(_ problem: Problem) {
        if problems.count < Self.problemLimit { problems.append(problem) }
    }
}

extension SourceText {
    /// Copies UTF-16 code units over as UTF-8.
    private mutating func transcode(_ raw: ArraySlice<UInt8>, bigEndian: Bool) {
        bytes.reserveCapacity(raw.count)
        let highByte = bigEndian ? 0 : 1
        var index = raw.startIndex
        func unit(at index: Int) -> UInt32 { UInt32(raw[index + highByte]) << 8 | UInt32(raw[index + 1 - highByte]) }
        while index + 1 < raw.endIndex {
            let first = unit(at: index)
            index += 2
            guard 0xD800...0xDFFF ~= first else {
                appendUTF8(first)
                continue
            }
            if first < 0xDC00, index + 1 < raw.endIndex, case let second = unit(at: index), 0xDC00...0xDFFF ~= second {
                index += 2
                appendUTF8(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            } else {
                report(
                    Problem(
                        message:
                            "half a surrogate pair (0x\(hexadecimal(first))) at byte \(index - 2) of the UTF-16 file",
                        offset: bytes.count, length: 3, hint: "save the file as UTF-8"))
                bytes += Self.replacement
            }
        }
        if index < raw.endIndex {
            report(
                Problem(
                    message: "the UTF-16 file ends in the middle of a character", offset: bytes.count, length: 3,
                    hint: "save the file as UTF-8"))
            bytes += Self.replacement
        }
    }

    private mutating func appendUTF8(_ scalar: UInt32) { UTF8Encoding.append(scalar, to: &bytes) }

    /// Replaces what is not UTF-8, copying only when there is something to replace.
    private mutating func repair() {
        guard var bad = bytes.withUnsafeBufferPointer({ UTF8Encoding.firstInvalid(in: $0, from: 0) }) else { return }
        var repaired: [UInt8] = []
        repaired.reserveCapacity(bytes.count + 16)
        var copied = 0
        while true {
            repaired += bytes[copied..<bad.lowerBound]
            let byte = bytes[bad.lowerBound]
            let latin =
                Unicode.Scalar(UInt32(byte)).map {
                    byte >= 0xA0 ? " (0x\(hexadecimal(UInt32(byte))) is '\($0)' in Latin-1)" : ""
                } ?? ""
            report(
                Problem(
                    message: "byte 0x\(hexadecimal(UInt32(byte))) at offset \(bad.lowerBound) is not UTF-8",
                    offset: repaired.count, length: 3, hint: "save the file as UTF-8\(latin)"))
            repaired += Self.replacement
            copied = bad.upperBound
            let next = bytes.withUnsafeBufferPointer { UTF8Encoding.firstInvalid(in: $0, from: copied) }
            guard let next else { break }
            bad = next
        }
        repaired += bytes[copied...]
        bytes = repaired
    }
}

/// The digits of a number in base 16, upper case.
func hexadecimal(_ value: UInt32, width: Int = 2) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

// Hot: no, a few frames for a process and one for a piece of its output. Allocates: freely.

/// What Portico and its supervisor tell each other, over one pipe in each direction.
///
/// A frame is the length of what follows (4 bytes), its kind (1 byte), the id of a process (4 bytes), and what the kind
/// says. Numbers are big endian; a text is its length (4 bytes) and its UTF-8. Both sides are the same executable, so
/// there is one version only; the check of every length is there because a pipe can be cut at any byte.
enum SupervisorFrame: Sendable, Hashable {
    /// To the supervisor: start a process.
    case start(UInt32, FunctionLaunch)
    /// To the supervisor: end a process and its group.
    case kill(UInt32)
    /// To the supervisor: end all processes, report their ends, and end.
    case end
    /// From the supervisor: a process runs; its process id is also that of its group.
    case started(UInt32, processID: Int32)
    /// From the supervisor: a process wrote to standard output or standard error.
    case output(UInt32, [UInt8])
    /// From the supervisor: a process is no more. Comes after all of its output.
    case ended(UInt32, FunctionExit)

    /// Bytes that follow a length at most. An environment may have 2 MB on Linux.
    static let maximumLength = 8 << 20
    /// Bytes of output in one frame at most.
    static let maximumOutput = 16 << 10
}

/// Bytes that are no frame.
struct SupervisorFrameError: Error, Hashable, CustomStringConvertible {
    var description: String
}

// MARK: - Encoding

extension SupervisorFrame {
    /// Kinds on the wire; ORDER SUPERVISOR FRAME.
    private enum Kind: UInt8 {
        case start = 1
        case kill, end, started, output, exited, signaled, outOfMemory, notStarted
    }

    /// Appends the frame's bytes.
    func encode(into bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.appendNumber(UInt32(0))
        switch self {
        case .start(let id, let launch):
            bytes.appendHead(Kind.start.rawValue, id)
            bytes.appendTexts(launch.command)
            bytes.appendTexts(launch.environment)
            bytes.appendText(launch.directory)
            bytes.appendNumber(UInt64(max(launch.maximumResidentBytes ?? 0, 0)))
        case .kill(let id):
            bytes.appendHead(Kind.kill.rawValue, id)
        case .end:
            bytes.appendHead(Kind.end.rawValue, 0)
        case .started(let id, let processID):
            bytes.appendHead(Kind.started.rawValue, id)
            bytes.appendNumber(UInt32(bitPattern: processID))
        case .output(let id, let output):
            bytes.appendHead(Kind.output.rawValue, id)
            bytes += output
        case .ended(let id, .exited(let status)):
            bytes.appendHead(Kind.exited.rawValue, id)
            bytes.appendNumber(UInt32(truncatingIfNeeded: status))
        case .ended(let id, .signaled(let signal)):
            bytes.appendHead(Kind.signaled.rawValue, id)
            bytes.appendNumber(UInt32(truncatingIfNeeded: signal))
        case .ended(let id, .outOfMemory(let residentBytes)):
            bytes.appendHead(Kind.outOfMemory.rawValue, id)
            bytes.appendNumber(UInt64(max(residentBytes, 0)))
        case .ended(let id, .notStarted(let reason)):
            bytes.appendHead(Kind.notStarted.rawValue, id)
            bytes.appendText(reason)
        }
        let length = UInt32(truncatingIfNeeded: bytes.count - start - 4)
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(index))) }
    }

    /// The frame's bytes.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    /// Reads what follows the length.
    fileprivate init(body: ArraySlice<UInt8>) throws(SupervisorFrameError) {
        var reader = FrameReader(rest: body)
        let number = try reader.byte()
        guard let kind = Kind(rawValue: number) else {
            throw SupervisorFrameError(description: "there is no frame of kind \(number)")
        }
        let id = try reader.number32()
        switch kind {
        case .start:
            let launch = FunctionLaunch(
                command: try reader.texts(), environment: try reader.texts(), directory: try reader.text(),
                maximumResidentBytes: nil)
            let limit = Int(clamping: try reader.number64())
            self = .start(id, launch)
            if limit > 0 {
                var limited = launch
                limited.maximumResidentBytes = limit
                self = .start(id, limited)
            }
        case .kill: self = .kill(id)
        case .end: self = .end
        case .started: self = .started(id, processID: Int32(bitPattern: try reader.number32()))
        case .output: self = .output(id, reader.remainder())
        case .exited: self = .ended(id, .exited(status: Int(Int32(bitPattern: try reader.number32()))))
        case .signaled: self = .ended(id, .signaled(Int(Int32(bitPattern: try reader.number32()))))
        case .outOfMemory:
            self = .ended(id, .outOfMemory(residentBytes: Int(clamping: try reader.number64())))
        case .notStarted: self = .ended(id, .notStarted(try reader.text()))
        }
        guard reader.rest.isEmpty else {
            throw SupervisorFrameError(description: "\(reader.rest.count) bytes too many in a frame of kind \(number)")
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendNumber(_ number: some FixedWidthInteger & UnsignedInteger) {
        var shift = number.bitWidth - 8
        while shift >= 0 {
            append(UInt8(truncatingIfNeeded: number >> shift))
            shift -= 8
        }
    }

    fileprivate mutating func appendHead(_ kind: UInt8, _ id: UInt32) {
        append(kind)
        appendNumber(id)
    }

    fileprivate mutating func appendText(_ text: String) {
        appendNumber(UInt32(truncatingIfNeeded: text.utf8.count))
        append(contentsOf: text.utf8)
    }

    fileprivate mutating func appendTexts(_ texts: [String]) {
        appendNumber(UInt32(truncatingIfNeeded: texts.count))
        for text in texts { appendText(text) }
    }
}

// MARK: - Decoding

/// Takes bytes as they come and gives whole frames.
struct SupervisorFrameDecoder {
    private var bytes: [UInt8] = []
    private var position = 0

    /// Bytes that are no whole frame yet.
    var remainder: Int { bytes.count - position }

    /// Takes bytes.
    mutating func append(_ more: some Sequence<UInt8>) {
        if position > 0 {
            bytes.removeFirst(position)
            position = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next whole frame; `nil` until more bytes come. After an error nothing more can be read.
    mutating func next() throws(SupervisorFrameError) -> SupervisorFrame? {
        guard remainder >= 4 else { return nil }
        var length = 0
        for byte in bytes[position..<position + 4] { length = length << 8 | Int(byte) }
        guard length <= SupervisorFrame.maximumLength else {
            throw SupervisorFrameError(
                description: "a frame of \(length) bytes; at most \(SupervisorFrame.maximumLength) are allowed")
        }
        guard remainder - 4 >= length else { return nil }
        let body = bytes[position + 4..<position + 4 + length]
        position += 4 + length
        return try SupervisorFrame(body: body)
    }
}

/// Reads the parts of a frame; every length is checked against what is there.
private struct FrameReader {
    var rest: ArraySlice<UInt8>

    mutating func byte() throws(SupervisorFrameError) -> UInt8 {
        guard let first = rest.popFirst() else { throw Self.tooShort }
        return first
    }

    mutating func number32() throws(SupervisorFrameError) -> UInt32 { UInt32(truncatingIfNeeded: try number(4)) }

    mutating func number64() throws(SupervisorFrameError) -> UInt64 { try number(8) }

    private mutating func number(_ count: Int) throws(SupervisorFrameError) -> UInt64 {
        guard rest.count >= count else { throw Self.tooShort }
        var value: UInt64 = 0
        for byte in rest.prefix(count) { value = value << 8 | UInt64(byte) }
        rest = rest.dropFirst(count)
        return value
    }

    mutating func text() throws(SupervisorFrameError) -> String {
        let count = Int(try number32())
        guard rest.count >= count else { throw Self.tooShort }
        defer { rest = rest.dropFirst(count) }
        return String(decoding: rest.prefix(count), as: UTF8.self)
    }

    mutating func texts() throws(SupervisorFrameError) -> [String] {
        let count = Int(try number32())
        // Each text has at least its length, so a wrong count cannot ask for more memory than there are bytes.
        guard rest.count / 4 >= count else { throw Self.tooShort }
        var texts: [String] = []
        texts.reserveCapacity(count)
        for _ in 0..<count { texts.append(try text()) }
        return texts
    }

    mutating func remainder() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }

    private static var tooShort: SupervisorFrameError {
        SupervisorFrameError(description: "a frame ends before its parts do")
    }
}

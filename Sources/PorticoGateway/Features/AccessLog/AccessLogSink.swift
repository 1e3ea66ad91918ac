// Hot: no, only the writer's thread comes here. Allocates: names of rotated files.

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Standard output or a file, with rotation, and with what has to be done when it cannot be written. One thread.
struct AccessLogSink: ~Copyable, Sendable {
    /// Where lines go.
    enum Target: Sendable, Hashable {
        case standardOutput
        case file(path: String)
    }

    /// When a file is set aside: `PATH` becomes `PATH.1`, that becomes `PATH.2`, and so on; the last one is dropped.
    struct Rotation: Sendable, Hashable {
        /// Bytes of a file. A line that is longer has a file of its own.
        var bytes: Int
        /// Files that are kept beside the one that is written, at least 1.
        var files: Int
    }

    private let target: Target
    private let rotation: Rotation?
    private var descriptor: Int32 = -1
    private var identity: (device: dev_t, file: ino_t) = (0, 0)
    private var size = 0
    private var isRegular = false
    /// Whether the last line was not written to its end.
    private var isWithinLine = false
    private var isFailing = false
    private var cannotRotate = false
    /// Lines lost since writing began to fail.
    private var lostLines = 0
    private var notes: [String] = []

    init(_ target: Target, rotation: Rotation?) {
        self.target = target
        self.rotation = rotation
    }

    /// What an operator should know since this was asked last.
    mutating func takeNotes() -> [String] {
        defer { notes = [] }
        return notes
    }

    /// Closes the file; the next lines open it anew.
    mutating func close() {
        if descriptor >= 0, target != .standardOutput { closeFile(descriptor) }
        descriptor = -1
    }

    /// Writes lines, and answers how many of them are there. `givesUp` is asked while a pipe takes nothing.
    mutating func write(_ bytes: [UInt8], lines: Int, givesUp: () -> Bool) -> Int {
        bytes.withUnsafeBytes { buffer in
            var at = 0
            var written = 0
            do {
                while at < buffer.count {
                    try prepare()
                    let end = piece(buffer, from: at)
                    guard end > at else {
                        rotate()
                        continue
                    }
                    let rest = UnsafeRawBufferPointer(rebasing: buffer[at..<end])
                    let (count, problem) = writeAll(rest, givesUp)
                    if count == buffer.count {
                        // All of it at once, as nearly always: nobody has to look where lines end.
                        written = lines
                        size += count
                    } else {
                        written += settle(rest, count)
                    }
                    if let problem { throw problem }
                    at = end
                }
                succeeded()
            } catch {
                failed(error, lost: lines - written)
            }
            return min(written, lines)
        }
    }

    /// The end of what can be written before the file must be set aside; `at` if nothing can.
    private func piece(_ buffer: UnsafeRawBufferPointer, from at: Int) -> Int {
        guard let rotation, isRegular, !cannotRotate else { return buffer.count }
        let room = rotation.bytes - size
        guard buffer.count - at > room else { return buffer.count }
        var end = at + max(room, 0)
        while end > at, buffer[end - 1] != 0x0A { end -= 1 }
        guard end == at, size == 0 else { return end }
        // A line that no file would have room for.
        return (buffer[at...].firstIndex(of: 0x0A) ?? buffer.count - 1) + 1
    }

    /// Why lines are not written.
    private struct Problem: Error {
        var code: Int32
        var description: String { code == 0 ? "its reader does not read" : String(cString: strerror(code)) }
    }

    private var name: String {
        switch target {
        case .standardOutput: "standard output"
        case .file(let path): path
        }
    }

    /// Opens the file unless the open one is still the one at its path.
    private mutating func prepare() throws(Problem) {
        switch target {
        case .standardOutput:
            descriptor = STDOUT_FILENO
        case .file(let path):
            var status = stat()
            if descriptor >= 0 {
                if stat(path, &status) == 0, status.st_dev == identity.device, status.st_ino == identity.file { return }
                close()
            }
            let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
            descriptor = open(path, flags, 0o640)
            guard descriptor >= 0 else { throw Problem(code: errno) }
            guard fstat(descriptor, &status) == 0 else { throw Problem(code: errno) }
            identity = (status.st_dev, status.st_ino)
            size = Int(status.st_size)
            isRegular = status.st_mode & S_IFMT == S_IFREG
            isWithinLine = false
            cannotRotate = false
        }
    }

    /// Pipes take this many bytes at once or say that they do not. Source: POSIX, PIPE_BUF; 4096 on Linux.
    private static let pipeBytes = 4096

    private mutating func writeAll(
        _ bytes: UnsafeRawBufferPointer, _ givesUp: () -> Bool
    ) -> (count: Int, problem: Problem?) {
        if isWithinLine {
            var lineEnd: UInt8 = 0x0A
            guard writeBytes(descriptor, &lineEnd, 1) == 1 else { return (0, Problem(code: errno)) }
            isWithinLine = false
        }
        var count = 0
        var waits = 0
        while count < bytes.count {
            if !isRegular {
                // A reader that is slow must not hold this thread up for ever.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                let ready = poll(&entry, 1, 100)
                if ready == 0 || ready < 0 && errno == EINTR {
                    waits += 1
                    if givesUp(), waits > 5 { return (count, Problem(code: 0)) }
                    continue
                }
            }
            let length = isRegular ? bytes.count - count : min(bytes.count - count, Self.pipeBytes)
            let written = writeBytes(descriptor, bytes.baseAddress.map { $0 + count }, length)
            if written > 0 {
                count += written
                waits = 0
            } else if written == 0 || errno != EINTR && errno != EAGAIN {
                return (count, Problem(code: written == 0 ? ENOSPC : errno))
            }
        }
        return (count, nil)
    }

    /// Counts the whole lines of what was written, and takes back what is half a line where that can be done.
    private mutating func settle(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Int {
        var lines = 0
        var end = 0
        var index = 0
        while index < count {
            if bytes[index] == 0x0A {
                lines += 1
                end = index + 1
            }
            index += 1
        }
        size += count
        guard end < count else { return lines }
        // Nobody reads half a line as a line.
        if isRegular, ftruncate(descriptor, off_t(size - (count - end))) == 0 {
            size -= count - end
        } else {
            isWithinLine = true
        }
        return lines
    }

    private mutating func rotate() {
        guard case .file(let path) = target, let rotation else { return }
        var number = max(rotation.files, 1)
        while number > 1 {
            // One that is not there yet does not matter.
            rename("\(path).\(number - 1)", "\(path).\(number)")
            number -= 1
        }
        guard rename(path, "\(path).1") == 0 else {
            notes.append("\(path) cannot be set aside: \(String(cString: strerror(errno))); it grows")
            cannotRotate = true
            return
        }
        close()
    }

    private mutating func failed(_ problem: any Error, lost: Int) {
        lostLines += lost
        if !isFailing {
            isFailing = true
            let reason = (problem as? Problem)?.description ?? "\(problem)"
            notes.append("access logs cannot be written to \(name): \(reason); lines are lost until they can")
        }
        let keepsPlace = isWithinLine
        if !keepsPlace { close() }
    }

    private mutating func succeeded() {
        guard isFailing else { return }
        notes.append("access logs are written to \(name) again; \(lostLines) lines were lost")
        isFailing = false
        lostLines = 0
    }
}

/// The system's call, which has the name of a method.
private func closeFile(_ descriptor: Int32) { _ = close(descriptor) }

/// The system's call, which has the name of a method.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

import Glibc

/// Whole files, read and written with the system's own reason when that fails.
enum LocalFile {
    /// Largest file that is read: import stops at 6 MB on AWS, so this only keeps a mistaken path from filling memory.
    static let readLimit = 256 << 20

    /// The directory that a file stands in, `.` for the current one.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A path as it is written in a file, seen from where the process stands.
    static func path(_ path: String, besides file: String) -> String {
        let directory = directory(of: file)
        return path.hasPrefix("/") || directory == "." ? path : directory + "/" + path
    }

    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes.append(contentsOf: chunk[0..<count])
                guard bytes.count <= readLimit else {
                    throw CommandFailure(.unavailable, "cannot read '\(path)': larger than \(readLimit >> 20) MB")
                }
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw unreadable(path)
            }
        }
    }

    /// Writes beside the file and renames, so that a reader never sees half of it. `rights` hold from the first byte on.
    static func replace(_ path: String, with bytes: [UInt8], rights: mode_t = 0o644) throws(CommandFailure) {
        let temporary = "\(path).\(getpid()).tmp"
        // Whatever stands there is not ours to write into.
        unlink(temporary)
        try create(temporary, bytes, rights: rights, name: path)
        guard rename(temporary, path) == 0 else {
            let failure = unwritable(path)
            unlink(temporary)
            throw failure
        }
    }

    /// Writes a file that must not be there yet. Returns whether it was not.
    static func createNew(_ path: String, with bytes: [UInt8]) throws(CommandFailure) -> Bool {
        if access(path, F_OK) == 0 { return false }
        try create(path, bytes, rights: 0o644, name: path)
        return true
    }

    private static func create(
        _ path: String, _ bytes: [UInt8], rights: mode_t, name: String
    ) throws(CommandFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights)
        guard descriptor >= 0 else { throw unwritable(name) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count > 0 {
                offset += count
            } else if errno != EINTR {
                let failure = unwritable(name)
                close(descriptor)
                unlink(path)
                throw failure
            }
        }
        // On the disk before it takes its place.
        let isSafe = fsync(descriptor) == 0
        guard close(descriptor) == 0, isSafe else {
            let failure = unwritable(name)
            unlink(path)
            throw failure
        }
    }

    /// Makes sure that lines can be appended to a file, which is made if it is not there.
    static func checkAppending(_ path: String) throws(CommandFailure) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o640)
        guard descriptor >= 0 else { throw unwritable(path) }
        close(descriptor)
    }

    private static func unreadable(_ path: String) -> CommandFailure {
        CommandFailure(.unavailable, "cannot read '\(path)': \(String(cString: strerror(errno)))")
    }

    private static func unwritable(_ path: String) -> CommandFailure {
        CommandFailure(.unavailable, "cannot write '\(path)': \(String(cString: strerror(errno)))")
    }
}

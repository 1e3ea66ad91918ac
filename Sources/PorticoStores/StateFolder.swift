internal import Glibc

/// The folder that state is kept in, `.portico` beside the spec unless the user names another.
///
/// A folder that is made here is open to its owner alone, and so are the files in it, whatever folder they are in.
struct StateFolder: Sendable {
    private let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    func path(of name: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }

    /// Runs `body` while no other process does the same: two that begin at once would both make the tables.
    func lockedForWriting<Result>(_ body: () throws -> Result) throws -> Result {
        try make()
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be opened") }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("cannot be locked") }
        }
        return try body()
    }

    /// Makes the database file if there is none, and closes it to others. SQLite gives the files beside it the same
    /// rights.
    func makeFile(_ path: String) throws -> FileIdentity {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StoreProblem(
                "cannot be written: \(Self.systemReason()); look at the rights of the file and its folder")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StoreProblem("cannot be read: \(Self.systemReason())") }
        if status.st_mode & 0o077 != 0 { fchmod(descriptor, 0o600) }
        if status.st_size == 0 { try synchronize(folder) }
        return FileIdentity(status)
    }

    private func make() throws {
        var status = stat()
        if stat(folder, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw StoreProblem("cannot be made: '\(folder)' is no folder")
            }
            // The folder that functions run from is made with the rights that others give; `.portico` is nobody else's.
            let isOurs = status.st_uid == geteuid() && (folder == ".portico" || folder.hasSuffix("/.portico"))
            if isOurs, status.st_mode & 0o077 != 0 { chmod(folder, 0o700) }
            return
        }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure("cannot be made") }
        let slash = folder.lastIndex(of: "/")
        try synchronize(slash.map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? ".")
    }

    /// Puts the names in a folder on the disk.
    private func synchronize(_ folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Some file systems have no such thing for folders.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw StoreProblem("cannot be written: \(Self.systemReason())")
        }
    }

    private func failure(_ what: String) -> StoreProblem {
        StoreProblem("cannot be written: folder '\(folder)' \(what): \(Self.systemReason())")
    }

    static func systemReason() -> String { String(cString: strerror(errno)) }
}

/// Which file a path leads to.
struct FileIdentity: Sendable, Hashable {
    let device: Int64
    let inode: Int64

    init(_ status: stat) {
        device = Int64(truncatingIfNeeded: status.st_dev)
        inode = Int64(truncatingIfNeeded: status.st_ino)
    }

    /// `nil` if there is no such file, or it cannot be looked for.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Why it cannot be told whether a file is there; `nil` if it can.
    static func problem(path: String) -> String? {
        var status = stat()
        guard stat(path, &status) != 0, errno != ENOENT, errno != ENOTDIR else { return nil }
        return "cannot be read: \(StateFolder.systemReason())"
    }
}

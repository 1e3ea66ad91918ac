import Glibc

/// A folder whose files are written whole or not at all; private keys in it are their owner's alone.
struct PrivateFolder {
    let path: String

    /// Makes the folder, and those above it, if they are not there. One that is made here is open to its owner alone.
    init(_ path: String) throws(CommandFailure) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        try Self.make(self.path)
    }

    private static func make(_ path: String) throws(CommandFailure) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw CommandFailure(.unavailable, "cannot write into '\(path)': it is no folder")
            }
            return
        }
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let parent = LocalFile.directory(of: path)
        guard errno == ENOENT, parent != path else {
            throw CommandFailure(.unavailable, "cannot make folder '\(path)': \(String(cString: strerror(errno)))")
        }
        try make(parent)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw CommandFailure(.unavailable, "cannot make folder '\(path)': \(String(cString: strerror(errno)))")
        }
    }

    func path(of name: String) -> String { path == "/" ? "/" + name : "\(path)/\(name)" }

    func has(_ name: String) -> Bool {
        var status = stat()
        return lstat(path(of: name), &status) == 0
    }

    func read(_ name: String) throws(CommandFailure) -> String {
        String(decoding: try LocalFile.read(path(of: name)), as: UTF8.self)
    }

    /// Writes beside the file and renames. A key can be read by its owner alone, from its first byte on.
    func write(_ name: String, _ text: String, isKey: Bool) throws(CommandFailure) {
        try LocalFile.replace(path(of: name), with: Array(text.utf8), rights: isKey ? 0o600 : 0o644)
    }
}

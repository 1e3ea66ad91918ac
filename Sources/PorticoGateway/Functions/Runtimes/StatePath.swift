// Hot: no, once per process of a function. Allocates: freely.

internal import Glibc

/// Files and directories that Portico makes for functions, so that several Porticos may make the same at once: made
/// beside under a name of its own, then renamed.
enum StatePath {
    enum Kind { case file, directory }

    /// What is at a path; links are followed.
    static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
    }

    /// `name` in `directory`, unless it is absolute.
    static func join(_ directory: String, _ name: String) -> String {
        if name.hasPrefix("/") { return name }
        var name = name[...]
        while name.hasPrefix("./") { name = name.dropFirst(2) }
        if name.isEmpty || name == "." { return directory }
        return directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }

    /// The path from the root, without a slash at its end.
    static func absolute(_ path: String) -> String {
        var path = path
        if !path.hasPrefix("/"), let current = getcwd(nil, 0) {
            path = join(String(cString: current), path)
            free(current)
        }
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// The directory that a path is in.
    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// Makes a directory and those above it.
    static func makeDirectory(_ path: String) throws(FunctionLaunchError) {
        if kind(path) == .directory { return }
        if path != "/" { try makeDirectory(parent(path)) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw FunctionLaunchError(
                "cannot make directory '\(path)': \(SystemError(code: errno)); choose another place for Portico's state"
            )
        }
    }

    /// Writes a file so that others see the old text or the new one.
    static func replace(_ path: String, _ text: String) throws(FunctionLaunchError) {
        let temporary = temporaryName(path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure("cannot write '\(path)'") }
        var bytes = Array(text.utf8)[...]
        var isWritten = true
        while isWritten, !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { bytes = bytes.dropFirst(count) } else if errno != EINTR { isWritten = false }
        }
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            let error = failure("cannot write '\(path)'")
            unlink(temporary)
            throw error
        }
    }

    /// A name beside `path` that no one else has.
    static func temporaryName(_ path: String) -> String {
        "\(path).\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
    }

    /// Deletes a directory and what is in it. What cannot be deleted stays.
    static func delete(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        SupervisorSystem.eachEntry(path) { delete("\(path)/\($0)") }
        rmdir(path)
    }

    /// Runs `body` while no other task or process holds the lock file `path`.
    static func withLock<Value>(
        _ path: String, _ body: () async throws(FunctionLaunchError) -> Value
    ) async throws(FunctionLaunchError) -> Value {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure("cannot open lock file '\(path)'") }
        // The lock goes with the descriptor, also when this process is killed.
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw failure("cannot lock '\(path)'") }
            do { try await Task.sleep(for: .milliseconds(50)) } catch {
                throw FunctionLaunchError("cancelled while another process was at work under '\(path)'")
            }
        }
        return try await body()
    }

    static func failure(_ what: String) -> FunctionLaunchError {
        FunctionLaunchError("\(what): \(SystemError(code: errno))")
    }
}

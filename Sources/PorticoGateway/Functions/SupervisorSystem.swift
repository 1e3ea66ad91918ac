// Hot: no, in the supervisor's process only. Allocates: freely.

internal import Glibc

/// What the supervisor asks of the system for itself.
enum SupervisorSystem {
    /// Descriptor that is readable after a child ended.
    static let childSignal: Int32 = 3
    /// Its other end. A number and no variable: the signal handler may touch nothing that is initialised late.
    private static let childSignalSender: Int32 = 4

    /// Makes this process deaf, alone and the parent of orphans; `false` if it cannot work.
    static func prepare() -> Bool {
        // A terminal's Ctrl-C goes to the whole foreground group; Portico decides what becomes of functions.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGTTOU, SIGTTIN] {
            signal(number, SIG_IGN)
        }
        // What Portico had open and was not closed by `exec`: sockets of a service manager, files of a shell.
        for descriptor in openDescriptors() where descriptor > 2 { close(descriptor) }
        // The code directory of a function, or the one that Portico was started in, may want to be unmounted.
        _ = chdir("/")

        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return false }
        guard move(ends[0], to: childSignal), move(ends[1], to: childSignalSender) else { return false }
        for descriptor in [0, 1, childSignal, childSignalSender] { hide(descriptor) }

        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            let number = errno
            var byte: UInt8 = 0
            _ = write(4, &byte, 1)
            errno = number
        }
        action.sa_flags = SA_RESTART
        guard sigaction(SIGCHLD, &action, nil) == 0 else { return false }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGCHLD)
        sigprocmask(SIG_UNBLOCK, &signals, nil)
        adoptOrphans()
        return true
    }

    /// Makes this process the parent of all descendants whose parent ends (`PR_SET_CHILD_SUBREAPER`), so that a
    /// function's daemon cannot get away by leaving its process group.
    ///
    /// `prctl` is variadic, which Swift does not import; all its arguments are words, which are passed alike.
    private static func adoptOrphans() {
        typealias ProcessControl = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        guard let symbol = dlsym(nil, "prctl") else { return }
        let setChildSubreaper: Int32 = 36
        _ = unsafeBitCast(symbol, to: ProcessControl.self)(setChildSubreaper, 1, 0, 0, 0)
    }

    /// Closes it in programs that are started, and makes reading and writing not wait.
    static func hide(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let flags = fcntl(descriptor, F_GETFL)
        if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
    }

    private static func move(_ descriptor: Int32, to wanted: Int32) -> Bool {
        guard descriptor != wanted else { return true }
        guard dup2(descriptor, wanted) == wanted else { return false }
        close(descriptor)
        return true
    }

    /// Descriptors of this process, the one that reads them included, which is closed by then.
    static func openDescriptors() -> [Int32] {
        var descriptors: [Int32] = []
        eachEntry("/proc/self/fd") { name in
            if let number = Int32(name) { descriptors.append(number) }
        }
        return descriptors
    }

    /// Names in a directory.
    static func eachEntry(_ path: String, _ body: (String) -> Void) {
        guard let directory = opendir(path) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { body(name) }
        }
    }

    /// Milliseconds of a clock that only goes forward.
    static var milliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// The bytes of a small file, at most `limit`.
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let piece = [UInt8](unsafeUninitializedCapacity: min(limit - bytes.count, 4096)) { buffer, count in
                count = max(Glibc.read(descriptor, buffer.baseAddress, buffer.count), 0)
            }
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }
}

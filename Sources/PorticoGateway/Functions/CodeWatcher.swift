// Hot: no, a few times a second on a thread of its own. Allocates: freely.

internal import Glibc
internal import Logging
internal import PorticoIR
internal import Synchronization

/// Tells when the code of a function was saved, by looking at its directory three times a second.
///
/// Looking works where notifications do not: editors that replace a file, builds that make a directory anew, network
/// file systems. A directory that several functions share is looked at once.
final class CodeWatcher: Sendable {
    /// How often directories are looked at.
    static let interval = Duration.milliseconds(300)
    /// A look may take one part of so many of the time.
    static let share = 20
    /// How long nothing may change until a change counts as done: editors and builds write more than once.
    static let settling = Duration.milliseconds(150)
    /// After so many looks, code that changes all the time is taken as it is.
    static let settlingLimit = 20

    private struct State {
        /// Names of functions by the absolute path of their code.
        var names: [String: [String]] = [:]
        /// How each path looked last.
        var looks: [String: CodeFingerprint] = [:]
        var task: Task<Void, Never>?
        var isStopped = false
    }

    private let configuration: FunctionHostConfiguration
    private let onChange: @Sendable (String) -> Void
    private let logger: Logger?
    private let state = Mutex(State())

    /// `onChange` is called on a thread of Swift's own, with the name of a function, once for each change.
    init(
        configuration: FunctionHostConfiguration, logger: Logger? = nil,
        onChange: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onChange = onChange
    }

    deinit { state.withLock { $0.task?.cancel() } }

    /// Watches the code of these functions, and no other any more. New code is looked at before this returns, so that a
    /// save right after it is a change; that takes milliseconds where there are thousands of files.
    func watch(_ functions: [FunctionSpecification]) {
        var names: [String: [String]] = [:]
        for function in functions {
            let path = StatePath.absolute(StatePath.join(configuration.baseDirectory, function.process.codeURI))
            names[path, default: []].append(function.name)
        }
        let known = state.withLock { Set($0.looks.keys) }
        let new = names.keys.filter { !known.contains($0) }.map { ($0, look($0)) }
        state.withLock { state in
            guard !state.isStopped else { return }
            state.names = names
            state.looks = state.looks.filter { names[$0.key] != nil }
            for (path, look) in new { state.looks[path] = look }
            guard state.task == nil, !names.isEmpty else { return }
            state.task = Task.detached { [weak self] in await Self.run { [weak self] in self } }
        }
    }

    /// Watches nothing any more. A change that was seen just before may still be told.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.task?.cancel()
            state.task = nil
            state.names = [:]
            state.looks = [:]
        }
    }

    private func look(_ path: String) -> CodeFingerprint {
        CodeFingerprint(path: path, stateDirectory: StatePath.absolute(configuration.stateDirectory))
    }

    /// `watcher` gives `nil` once nobody needs it.
    private static func run(_ watcher: @Sendable () -> CodeWatcher?) async {
        var warned: Set<String> = []
        var pause = interval
        while !Task.isCancelled {
            guard (try? await Task.sleep(for: pause)) != nil, let watcher = watcher() else { return }
            var spent = Duration.zero
            for path in watcher.state.withLock({ Array($0.names.keys) }) {
                let begin = ContinuousClock.now
                let look = watcher.look(path)
                spent += ContinuousClock.now - begin
                if look.isPartial, warned.insert(path).inserted {
                    watcher.logger?.warning(
                        """
                        '\(path)' has more than \(CodeFingerprint.limit) files; not every save in it is noticed. Give \
                        functions directories of their own.
                        """)
                }
                await watcher.compare(path, look)
            }
            pause = max(interval, spent * share)
        }
    }

    /// Tells of a change once it is done.
    private func compare(_ path: String, _ look: CodeFingerprint) async {
        let before = state.withLock { $0.looks[path] }
        guard let before, before != look, let settled = await settle(path, look) else { return }
        let names = state.withLock { state in
            guard state.looks[path] != nil else { return [String]() }
            state.looks[path] = settled
            return settled == before ? [] : state.names[path] ?? []
        }
        for name in names { onChange(name) }
    }

    /// Waits until two looks agree. Code that has vanished is waited for: it is being built anew.
    private func settle(_ path: String, _ look: CodeFingerprint) async -> CodeFingerprint? {
        var current = look
        for _ in 0..<Self.settlingLimit {
            guard (try? await Task.sleep(for: Self.settling)) != nil else { return nil }
            let next = self.look(path)
            if next == current, next.files > 0 { return next }
            current = next
        }
        return current
    }
}

/// What shows that the code in a directory is another one: names, sizes, times and inodes of its files.
struct CodeFingerprint: Equatable, Sendable {
    /// Files that are looked at at most.
    static let limit = 5_000
    /// Directories whose contents are no code of the function, or too much to look at.
    static let skippedDirectories: Set<String> = [
        ".git", ".hg", ".svn", ".portico", ".build", ".venv", "venv", "__pycache__", ".mypy_cache", ".pytest_cache",
        ".ruff_cache", ".idea", ".vscode",
    ]
    /// In these only the names count: an installed package is seen, a change deep in one is not.
    static let shallowDirectories: Set<String> = ["node_modules"]
    /// Endings of files that programs write while they run. Functions that print into such a file of their own directory,
    /// as Portico's own log may stand there, would otherwise be replaced by what they do.
    static let writtenEndings = [
        ".pyc", "~", ".swp", ".log", ".out", ".err", ".pid", ".sock", ".lock", ".tmp", ".db", ".sqlite", ".sqlite3",
        "-journal", "-wal", "-shm",
    ]
    private static let depthLimit = 32

    /// Files found.
    private(set) var files = 0
    /// Whether there were more than ``limit``.
    private(set) var isPartial = false
    private var sum: UInt64 = 0

    /// Looks at a directory, or at one file.
    init(path: String, stateDirectory: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            scan(path, stateDirectory: stateDirectory, isShallow: false, depth: 0)
        } else {
            add(path, status)
        }
    }

    static func == (one: CodeFingerprint, other: CodeFingerprint) -> Bool {
        one.files == other.files && one.sum == other.sum
    }

    private mutating func scan(_ directory: String, stateDirectory: String, isShallow: Bool, depth: Int) {
        guard depth < Self.depthLimit, directory != stateDirectory else { return }
        // Sorted, so that a directory with too many files always gives the same ones.
        var names: [String] = []
        SupervisorSystem.eachEntry(directory) { names.append($0) }
        for name in names.sorted() {
            guard !name.hasPrefix(".#"), !Self.writtenEndings.contains(where: name.hasSuffix) else { continue }
            guard files < Self.limit else {
                isPartial = true
                return
            }
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                if isShallow {
                    add(path, status)
                } else if !Self.skippedDirectories.contains(name) {
                    scan(
                        path, stateDirectory: stateDirectory, isShallow: Self.shallowDirectories.contains(name),
                        depth: depth + 1)
                }
            case S_IFLNK:
                // What a link leads to counts as a file; a directory behind it is not entered, it may lead back here.
                if stat(path, &status) == 0 { add(path, status) }
            case S_IFREG:
                // Without an ending and not executable it is no program: most likely something's output.
                if name.contains(".") || status.st_mode & S_IXUSR != 0 { add(path, status) }
            default: break
            }
        }
    }

    private mutating func add(_ path: String, _ status: stat) {
        files += 1
        // FNV-1a. Added up, the order of a directory's entries does not matter.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let facts = [
            UInt64(truncatingIfNeeded: status.st_mtim.tv_sec), UInt64(truncatingIfNeeded: status.st_mtim.tv_nsec),
            UInt64(truncatingIfNeeded: status.st_size), UInt64(truncatingIfNeeded: status.st_ino),
        ]
        for fact in facts {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                hash = (hash ^ (fact >> shift & 0xFF)) &* 0x100_0000_01b3
            }
        }
        sum &+= hash
    }
}

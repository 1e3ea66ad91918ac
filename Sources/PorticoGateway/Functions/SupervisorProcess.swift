// Hot: no, in the supervisor's process only. Allocates: freely.

internal import Glibc

/// The supervisor: a process that starts functions for Portico, and that outlives Portico for the moment it takes to end
/// them all.
///
/// It reads frames from standard input and writes frames to standard output. The end of its input means that Portico is
/// gone, however it went; then every function's process group and every descendant gets SIGKILL. One thread, one
/// `poll`.
public enum SupervisorProcess {
    /// Name of the hidden subcommand.
    public static let subcommand = "supervise"

    /// Runs until standard input ends.
    public static func run() -> Never {
        guard isatty(0) == 0 else {
            say("portico itself starts '\(subcommand)'; there is nothing to do with it at a terminal")
            exit(2)
        }
        guard SupervisorSystem.prepare() else {
            say("the supervisor of functions cannot start: \(SystemError(code: errno))")
            exit(5)
        }
        var loop = SupervisorLoop()
        let hasFailed = loop.run()
        exit(hasFailed ? 5 : 0)
    }

    static func say(_ text: String) {
        let bytes = Array("portico: \(text)\n".utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}

/// The loop of the supervisor and the processes that it started.
struct SupervisorLoop {
    /// A process that runs.
    private struct Process {
        var processID: pid_t
        /// Where its output comes from; `nil` after it closed it.
        var output: Int32?
        var maximumResidentBytes: Int?
        /// What it used when it was ended for using too much.
        var excessBytes: Int?
    }

    /// Bytes that wait for Portico at which functions' output is read no more, so that they wait in their turn.
    static let highWater = 512 << 10
    /// Bytes that wait at which it is read again.
    static let lowWater = 128 << 10
    /// Milliseconds between two looks at the processes.
    static let scanInterval = 200
    /// A look may take one part of so many of the time.
    static let scanShare = 50
    /// Bytes of output that are fetched after the end of a process: more than a pipe holds.
    static let lastOutput = 1 << 20
    /// Milliseconds after which the supervisor ends although a process does not.
    static let endLimit = 5_000

    /// How often a program that is being written is tried again, and the microseconds in between.
    static let busyRetries = 10
    static let busyWait: UInt32 = 10_000

    private var decoder = SupervisorFrameDecoder()
    private var outgoing: [UInt8] = []
    private var outgoingStart = 0
    private var readsOutput = true
    /// Whether Portico closed its end.
    private var isDeaf = false
    private var processes: [UInt32: Process] = [:]
    private var leaders: [pid_t: UInt32] = [:]
    private var tree = SupervisorTree()
    /// Whether there are children at all, orphans included.
    private var hasChildren = false
    private var nextScan = 0
    private let pageSize = Int(getpagesize())

    /// Runs until the input ends or makes no sense; tells whether it was the latter.
    mutating func run() -> Bool {
        while true {
            wait()
            reapChildren()
            if hasChildren, SupervisorSystem.milliseconds >= nextScan { scan() }
            flush()
            switch isDeaf ? .end : readFrames() {
            case .more: break
            case .end:
                endAll()
                return false
            case .garbage(let error):
                SupervisorProcess.say("the supervisor of functions got bytes that are no frame: \(error)")
                endAll()
                return true
            }
        }
    }

    private var outgoingBytes: Int { outgoing.count - outgoingStart }

    // MARK: Waiting

    /// Waits for something to do, and reads what functions wrote.
    private mutating func wait() {
        if outgoingBytes > Self.highWater { readsOutput = false }
        if outgoingBytes <= Self.lowWater { readsOutput = true }
        var descriptors = [
            pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
            pollfd(fd: SupervisorSystem.childSignal, events: Int16(POLLIN), revents: 0),
            pollfd(fd: outgoingBytes > 0 ? 1 : -1, events: Int16(POLLOUT), revents: 0),
        ]
        var ids: [UInt32] = []
        if readsOutput {
            for (id, process) in processes {
                guard let output = process.output else { continue }
                ids.append(id)
                descriptors.append(pollfd(fd: output, events: Int16(POLLIN), revents: 0))
            }
        }
        let timeout = hasChildren ? max(nextScan - SupervisorSystem.milliseconds, 0) : -1
        guard poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: timeout)) > 0 else { return }
        if descriptors[1].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 256)
            while read(SupervisorSystem.childSignal, &bytes, bytes.count) == bytes.count {}
        }
        for (index, id) in ids.enumerated() where descriptors[3 + index].revents != 0 { _ = readOutput(id) }
    }

    /// Takes one piece of what a process wrote; `false` if there is none.
    private mutating func readOutput(_ id: UInt32) -> Bool {
        guard let descriptor = processes[id]?.output else { return false }
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: SupervisorFrame.maximumOutput) { buffer, count in
            result = read(descriptor, buffer.baseAddress, buffer.count)
            count = max(result, 0)
        }
        if result > 0 {
            send(.output(id, bytes))
            return true
        }
        if result < 0, errno == EAGAIN || errno == EINTR { return false }
        close(descriptor)
        processes[id]?.output = nil
        return false
    }

    // MARK: Frames

    private enum Reading {
        case more
        case end
        case garbage(SupervisorFrameError)
    }

    private mutating func readFrames() -> Reading {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            result = read(0, buffer.baseAddress, buffer.count)
            count = max(result, 0)
        }
        if result < 0 { return errno == EAGAIN || errno == EINTR ? .more : .end }
        if result == 0 { return .end }
        decoder.append(bytes)
        do throws(SupervisorFrameError) {
            while let frame = try decoder.next() {
                switch frame {
                case .start(let id, let launch):
                    guard processes[id] == nil else {
                        throw SupervisorFrameError(description: "process \(id) is started twice")
                    }
                    start(id, launch)
                case .kill(let id):
                    if let process = processes[id] { kill(-process.processID, SIGKILL) }
                case .end:
                    return .end
                case .started, .output, .ended:
                    throw SupervisorFrameError(description: "a frame that only the supervisor sends")
                }
            }
            return .more
        } catch {
            return .garbage(error)
        }
    }

    private mutating func send(_ frame: SupervisorFrame) { frame.encode(into: &outgoing) }

    /// Writes as much as Portico takes.
    private mutating func flush() {
        while outgoingBytes > 0 {
            let written = outgoing[outgoingStart...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            guard written > 0 else {
                if written < 0, errno != EAGAIN, errno != EINTR { isDeaf = true }
                break
            }
            outgoingStart += written
        }
        if outgoingStart == outgoing.count {
            outgoing.removeAll(keepingCapacity: outgoing.capacity <= Self.highWater)
            outgoingStart = 0
        } else if outgoingStart > Self.lowWater {
            outgoing.removeFirst(outgoingStart)
            outgoingStart = 0
        }
    }

    // MARK: Starting

    private mutating func start(_ id: UInt32, _ launch: FunctionLaunch) {
        func refuse(_ reason: String) { send(.ended(id, .notStarted(reason))) }
        guard let name = launch.command.first, !name.isEmpty else { return refuse("there is no program to start") }
        guard let program = SupervisorSpawn.find(name, directory: launch.directory, environment: launch.environment)
        else { return refuse("there is no program '\(name)' in PATH; install it or give its path") }

        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return refuse("cannot make a pipe: \(SystemError(code: errno))") }
        defer { close(ends[1]) }
        SupervisorSystem.hide(ends[0])
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)

        // This process has one thread: the directory is the started process's alone.
        guard chdir(launch.directory) == 0 else {
            close(ends[0])
            return refuse("cannot enter directory '\(launch.directory)': \(SystemError(code: errno))")
        }
        defer { _ = chdir("/") }
        var spawn = SupervisorSpawn(command: launch.command, environment: launch.environment)
        spawn.command[0] = program
        spawn.environment.append("\(SupervisorTree.marker)=\(tree.mark(id))")
        spawn.output = ends[1]
        spawn.errors = ends[1]
        var started = spawn.start()
        // A compiler may just be writing it; the next change of the code is a second too late for this one.
        for _ in 0..<Self.busyRetries where started == .failure(SystemError(code: ETXTBSY)) {
            usleep(Self.busyWait)
            started = spawn.start()
        }
        switch started {
        case .success(let processID):
            processes[id] = Process(
                processID: processID, output: ends[0], maximumResidentBytes: launch.maximumResidentBytes)
            leaders[processID] = id
            if !hasChildren { nextScan = SupervisorSystem.milliseconds + Self.scanInterval }
            hasChildren = true
            send(.started(id, processID: processID))
        case .failure(let error):
            close(ends[0])
            refuse(Self.reason(error, program: program))
        }
    }

    /// Why a program does not start, and what to do.
    private static func reason(_ error: SystemError, program: String) -> String {
        switch error.code {
        case EACCES:
            "cannot start '\(program)': it may not be executed; make it executable: chmod +x \(program)"
        case ENOENT where access(program, F_OK) == 0:
            "cannot start '\(program)': the interpreter or loader that it names does not exist on this machine"
        case ENOENT: "cannot start '\(program)': there is no such file"
        case ENOEXEC:
            "cannot start '\(program)': it is not a program for this machine, and a script must begin with '#!'"
        case ETXTBSY: "cannot start '\(program)': another process is writing it"
        default: "cannot start '\(program)': \(error)"
        }
    }

    // MARK: Ends

    /// Fetches the status of every process that has ended.
    private mutating func reapChildren() {
        while true {
            var info = siginfo_t()
            // Looks first and fetches later: as long as the leader's status was not fetched, its id cannot be given to
            // another group, so the signal cannot go astray.
            guard waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 else {
                if errno == EINTR { continue }
                hasChildren = false
                return
            }
            let processID = info._sifields._sigchld.si_pid
            guard processID > 0 else {
                hasChildren = true
                return
            }
            if leaders[processID] != nil { kill(-processID, SIGKILL) }
            var status: Int32 = 0
            guard waitpid(processID, &status, 0) == processID else { continue }
            if let id = leaders.removeValue(forKey: processID) { finish(id, status) }
        }
    }

    /// Reports the end of a process after the rest of its output.
    private mutating func finish(_ id: UInt32, _ status: Int32) {
        // Descendants that left the group are children of this process by now.
        nextScan = 0
        var rest = Self.lastOutput
        while rest > 0, readOutput(id) { rest -= SupervisorFrame.maximumOutput }
        guard let process = processes.removeValue(forKey: id) else { return }
        if let output = process.output { close(output) }
        let signal = status & 0x7F
        if let excess = process.excessBytes {
            send(.ended(id, .outOfMemory(residentBytes: excess)))
        } else {
            send(.ended(id, signal == 0 ? .exited(status: Int(status >> 8) & 0xFF) : .signaled(Int(signal))))
        }
    }

    /// Ends orphans of functions' processes that are no more, and processes that use too much memory.
    private mutating func scan() {
        let begin = SupervisorSystem.milliseconds
        var usedPages: [UInt32: Int] = [:]
        for member in tree.scan(leaders: leaders) {
            if let owner = member.owner, processes[owner] != nil {
                usedPages[owner, default: 0] += member.row.residentPages
            } else if member.owner != nil || processes.isEmpty {
                // Whose it is may be unknown, if it emptied its environment; then it lives as long as any function.
                kill(member.row.id, SIGKILL)
            }
        }
        for (id, pages) in usedPages {
            guard let process = processes[id], let limit = process.maximumResidentBytes, pages * pageSize > limit
            else { continue }
            if process.excessBytes == nil { processes[id]?.excessBytes = pages * pageSize }
            kill(-process.processID, SIGKILL)
        }
        let now = SupervisorSystem.milliseconds
        nextScan = now + max(Self.scanInterval, (now - begin) * Self.scanShare)
    }

    /// Ends everything that descends from this process, and tells Portico if it is there to hear.
    private mutating func endAll() {
        let limit = SupervisorSystem.milliseconds + Self.endLimit
        for process in processes.values { kill(-process.processID, SIGKILL) }
        while true {
            reapChildren()
            flush()
            guard hasChildren, SupervisorSystem.milliseconds < limit else { break }
            for member in tree.scan(leaders: leaders) { kill(member.row.id, SIGKILL) }
            usleep(5_000)
        }
        while outgoingBytes > 0, !isDeaf, SupervisorSystem.milliseconds < limit {
            var descriptor = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
            guard poll(&descriptor, 1, 100) >= 0, descriptor.revents & Int16(POLLERR | POLLHUP) == 0 else { break }
            flush()
        }
    }
}

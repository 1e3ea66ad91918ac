// Hot: no, once per process of a function and once per piece of its output. Allocates: freely.

internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix

/// Portico's side of the supervisor: starts it with the first process, sends what to start and end, and hands on what
/// it tells. When it dies, its processes are ended, the delegate hears of it, and the next start makes a new one.
///
/// Every member belongs to `loop`, except ``shutDown()``, which may be called from anywhere. The delegate is kept until
/// then, and is never called from within `start` or `kill`.
final class FunctionSupervisor: @unchecked Sendable {
    /// How long the supervisor may take to end everything before it is ended itself.
    static let endLimit = TimeAmount.seconds(10)
    /// How often it is asked whether a supervisor that closed its pipe has ended.
    private static let reapInterval = TimeAmount.milliseconds(5)

    private enum State {
        case idle
        case running(SupervisorLink)
        /// No process is started any more; the link is there until the supervisor has ended.
        case ending(SupervisorLink?)
    }

    private let command: [String]
    private let loop: any EventLoop
    private let logger: Logger
    private var delegate: (any FunctionSupervisionDelegate)?
    private var state = State.idle
    private var endWaiters: [EventLoopPromise<Void>] = []

    /// `command` is program and arguments of the supervisor.
    init(command: [String], loop: any EventLoop, delegate: any FunctionSupervisionDelegate, logger: Logger) {
        self.command = command
        self.loop = loop
        self.delegate = delegate
        self.logger = logger
    }

    /// Starts a process; its end is told even if it cannot be started. Ids are never used twice.
    func start(_ id: UInt32, _ launch: FunctionLaunch) {
        loop.preconditionInEventLoop()
        switch state {
        case .idle:
            do throws(FunctionLaunchError) {
                let link = try startSupervisor()
                state = .running(link)
                link.start(id, launch)
            } catch {
                report(id, .notStarted(error.message))
            }
        case .running(let link): link.start(id, launch)
        case .ending: report(id, .notStarted("portico is ending"))
        }
    }

    /// Ends a process and its group. Does nothing if it has ended.
    func kill(_ id: UInt32) {
        loop.preconditionInEventLoop()
        guard case .running(let link) = state else { return }
        link.send(.kill(id))
    }

    /// Ends all processes and the supervisor; returns when they are gone. The delegate hears of the processes' ends,
    /// and of nothing afterwards.
    func shutDown() async {
        let promise = loop.makePromise(of: Void.self)
        loop.execute { self.beginEnd(promise) }
        try? await promise.futureResult.get()
    }

    /// Process ids of the supervisor and of what runs under it, for tests.
    var processIDs: (supervisor: pid_t, processes: [UInt32: pid_t])? {
        loop.preconditionInEventLoop()
        guard case .running(let link) = state else { return nil }
        return (link.processID, link.groups)
    }

    // MARK: Start and end of the supervisor

    private func startSupervisor() throws(FunctionLaunchError) -> SupervisorLink {
        // Writing to a supervisor that is gone must be an error and no signal. Portico and NIO do the same.
        signal(SIGPIPE, SIG_IGN)
        // Sockets, since their makers can say at once that no other program gets them; Portico has many threads, of
        // which one could just be starting a program. A copy of our end would keep the supervisor alive.
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &toChild) == 0 else { throw Self.failure(errno) }
        defer { close(toChild[1]) }
        guard socketpair(AF_UNIX, type, 0, &fromChild) == 0 else {
            let code = errno
            close(toChild[0])
            throw Self.failure(code)
        }
        defer { close(fromChild[1]) }

        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        var spawn = SupervisorSpawn(command: command, environment: Self.environment())
        if let name = command.first, !name.utf8.contains(UInt8(ascii: "/")) {
            spawn.command[0] = SupervisorSpawn.find(name, inPath: path) ?? name
        }
        spawn.input = toChild[1]
        spawn.output = fromChild[1]
        // In a group of its own it also outlives what is sent to Portico's group.
        spawn.blockedSignals = [SIGINT, SIGTERM, SIGHUP]
        switch spawn.start() {
        case .success(let processID):
            let link = SupervisorLink(processID: processID, loop: loop)
            link.owner = self
            link.connect(input: fromChild[0], output: toChild[0])
            logger.debug("supervisor of functions started", metadata: ["pid": "\(processID)"])
            return link
        case .failure(let error):
            close(toChild[0])
            close(fromChild[0])
            throw FunctionLaunchError(
                "cannot start the supervisor of functions, '\(command.joined(separator: " "))': \(error)")
        }
    }

    private static func failure(_ code: Int32) -> FunctionLaunchError {
        FunctionLaunchError("cannot make a pipe to the supervisor of functions: \(SystemError(code: code))")
    }

    /// The supervisor needs nothing of Portico's environment but the paths of its libraries; functions get theirs
    /// with each start.
    private static func environment() -> [String] {
        var variables: [String] = []
        for name in ["PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "ASAN_OPTIONS", "TSAN_OPTIONS", "SWIFT_BACKTRACE"] {
            if let value = getenv(name) { variables.append("\(name)=\(String(cString: value))") }
        }
        return variables
    }

    private func beginEnd(_ promise: EventLoopPromise<Void>) {
        switch state {
        case .idle, .ending(nil):
            state = .ending(nil)
            delegate = nil
            promise.succeed()
        case .running(let link):
            endWaiters.append(promise)
            state = .ending(link)
            link.send(.end)
            loop.scheduleTask(in: Self.endLimit) {
                if !link.hasEnded { Glibc.kill(link.processID, SIGKILL) }
            }
        case .ending:
            endWaiters.append(promise)
        }
    }

    // MARK: News from the link

    fileprivate func linkDidReceive(_ link: SupervisorLink, _ frame: SupervisorFrame) {
        switch frame {
        case .output(let id, let bytes): delegate?.process(id, wrote: bytes)
        case .ended(let id, let exit): delegate?.process(id, ended: exit)
        case .started, .start, .kill, .end: break
        }
    }

    /// The pipe is closed: the supervisor has ended or is made to.
    fileprivate func linkDidClose(_ link: SupervisorLink, _ problem: String?) {
        // It ends its processes itself, unless it was ended by force.
        if problem != nil { Glibc.kill(link.processID, SIGKILL) }
        reap(link, problem: problem, since: .now())
    }

    private func reap(_ link: SupervisorLink, problem: String?, since: NIODeadline) {
        var status: Int32 = 0
        let result = waitpid(link.processID, &status, WNOHANG)
        if result == 0 || (result < 0 && errno == EINTR) {
            if NIODeadline.now() - since > Self.endLimit { Glibc.kill(link.processID, SIGKILL) }
            loop.scheduleTask(in: Self.reapInterval) { self.reap(link, problem: problem, since: since) }
            return
        }
        link.hasEnded = true
        // Whatever it was not able to end any more. A group exists as long as one of its processes does, so its
        // number was not given to another one.
        for group in link.groups.values { Glibc.kill(-group, SIGKILL) }
        switch state {
        case .ending:
            state = .ending(nil)
            delegate = nil
            let waiters = endWaiters
            endWaiters = []
            for waiter in waiters { waiter.succeed() }
        case .idle, .running:
            state = .idle
            let signal = status & 0x7F
            let end = signal == 0 ? "exit status \((status >> 8) & 0xFF)" : "signal \(signal)"
            delegate?.supervisorEnded(problem ?? "the supervisor of functions ended by \(end)")
        }
    }

    private func report(_ id: UInt32, _ exit: FunctionExit) {
        loop.execute { self.delegate?.process(id, ended: exit) }
    }
}

/// The connection to one supervisor. Belongs to its loop.
private final class SupervisorLink: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    let processID: pid_t
    let loop: any EventLoop
    /// Set while the channel is open, and so is the cycle.
    var owner: FunctionSupervisor?
    /// Process groups that run.
    private(set) var groups: [UInt32: pid_t] = [:]
    /// Whether its status was fetched: its process id means nothing any more.
    var hasEnded = false
    private var channel: (any Channel)?
    private var waiting: [UInt8] = []
    private var decoder = SupervisorFrameDecoder()
    private var problem: String?

    init(processID: pid_t, loop: any EventLoop) {
        self.processID = processID
        self.loop = loop
    }

    /// Takes the descriptors over.
    func connect(input: Int32, output: Int32) {
        NIOPipeBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
            }
            .takingOwnershipOfDescriptors(input: input, output: output)
            .whenComplete { result in
                guard case .failure(let error) = result else { return }
                self.close("cannot listen to the supervisor of functions: \(error)")
            }
    }

    func start(_ id: UInt32, _ launch: FunctionLaunch) { send(.start(id, launch)) }

    func send(_ frame: SupervisorFrame) {
        frame.encode(into: &waiting)
        flush()
    }

    private func flush() {
        guard let channel, !waiting.isEmpty else { return }
        let buffer = channel.allocator.buffer(bytes: waiting)
        waiting.removeAll(keepingCapacity: false)
        channel.writeAndFlush(buffer, promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        channel = context.channel
        flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard problem == nil else { return }
        decoder.append(unwrapInboundIn(data).readableBytesView)
        do throws(SupervisorFrameError) {
            while let frame = try decoder.next() {
                switch frame {
                case .started(let id, let group): groups[id] = group
                case .ended(let id, _): groups[id] = nil
                default: break
                }
                owner?.linkDidReceive(self, frame)
            }
        } catch {
            problem = "the supervisor of functions sent bytes that are no frame: \(error)"
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        problem = problem ?? "the connection to the supervisor of functions failed: \(error)"
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { close(problem) }

    private func close(_ problem: String?) {
        channel = nil
        let owner = owner
        self.owner = nil
        owner?.linkDidClose(self, problem)
    }
}

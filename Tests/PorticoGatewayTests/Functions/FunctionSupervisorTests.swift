import FoundationEssentials
import Glibc
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("The supervisor of functions")
struct FunctionSupervisorTests {
    @Test("Output and exit status are told, output first")
    func exits() async throws {
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "echo out; echo err >&2; exit 7")
            #expect(try await supervision.record.exit(1) == .exited(status: 7))
            #expect(supervision.record.output(1) == "out\nerr\n")
        }
    }

    @Test("A process ends by a signal of its own or by being killed")
    func signals() async throws {
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "kill -TERM $$")
            #expect(try await supervision.record.exit(1) == .signaled(15))
            try await supervision.start(2, script: "echo up; sleep 1000")
            try await eventually("its output") { supervision.record.output(2) == "up\n" }
            try await supervision.kill(2)
            #expect(try await supervision.record.exit(2) == .signaled(9))
            // Nothing happens when it has ended.
            try await supervision.kill(2)
            try await supervision.start(3, script: "exit 0")
            #expect(try await supervision.record.exit(3) == .exited(status: 0))
            #expect(supervision.record.exits(2).count == 1)
        }
    }

    @Test("A process has its environment, its directory, no standard input, and signals as from a shell")
    func surroundings() async throws {
        let folder = try TemporaryFolder()
        try await Supervision.with { supervision in
            let script = "pwd; echo $A; cat; grep -E '^Sig(Blk|Ign)' /proc/self/status; env | wc -l"
            try await supervision.start(1, script: script, in: folder.path, environment: ["A=a b"])
            #expect(try await supervision.record.exit(1) == .exited(status: 0))
            let lines = supervision.record.output(1).split(separator: "\n").map { String($0) }
            #expect(lines.first == folder.path)
            #expect(lines.dropFirst().first == "a b")
            #expect(lines.contains("SigBlk:\t0000000000000000"))
            // The C library itself ignores its two internal signals, 32 and 33, in what it starts.
            let ignored = try #require(lines.first { $0.hasPrefix("SigIgn:\t") }?.dropFirst(8))
            #expect(try #require(UInt64(ignored, radix: 16)) & 0x7FFF_FFFF == 0)
            // PATH, A, the marker; PWD and _ are the shell's own.
            #expect(["3", "4", "5"].contains(lines.last))
        }
    }

    @Test(
        "What cannot be started says why and what to do",
        arguments: [
            (["/nowhere/at-all"], "cannot start '/nowhere/at-all': there is no such file"),
            (["no-such-program"], "there is no program 'no-such-program' in PATH; install it or give its path"),
            ([], "there is no program to start"),
            (["/etc/passwd"], "cannot start '/etc/passwd': it may not be executed"),
            (["./text"], "is not a program for this machine, and a script must begin with '#!'"),
            (["./stale"], "the interpreter or loader that it names does not exist on this machine"),
        ])
    func notStarted(_ command: [String], _ message: String) async throws {
        let folder = try TemporaryFolder()
        try writeProgram(folder.path + "/text", "hello")
        try writeProgram(folder.path + "/stale", "#!/nowhere/python\n")
        try await Supervision.with { supervision in
            let launch = FunctionLaunch(command: command, environment: ["PATH=/usr/bin:/bin"], directory: folder.path)
            try await supervision.start(1, launch)
            guard case .notStarted(let reason) = try await supervision.record.exit(1) else {
                Issue.record("it was started")
                return
            }
            #expect(reason.contains(message), "\(reason)")
        }
    }

    @Test("A directory that is gone is named")
    func noDirectory() async throws {
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "true", in: "/nowhere")
            let reason = "cannot enter directory '/nowhere': No such file or directory"
            #expect(try await supervision.record.exit(1) == .notStarted(reason))
        }
    }

    @Test("Children die with the process, also one that left its group and its parent")
    func descendants() async throws {
        let folder = try TemporaryFolder()
        try await Supervision.with { supervision in
            let script = """
                echo $$ >> ids
                sleep 1000 & echo $! >> ids
                (setsid sh -c 'echo $$ >> ids; exec sleep 1000' &)
                (env -i setsid sh -c 'echo $$ >> \(folder.path)/ids; exec /bin/sleep 1000' &)
                while [ $(wc -l < ids) -lt 4 ]; do sleep 0.01; done
                echo ready
                exec sleep 1000
                """
            try await supervision.start(1, script: script, in: folder.path)
            try await eventually("the daemons") { supervision.record.output(1) == "ready\n" }
            let ids = processIDs(folder.read("ids"))
            #expect(ids.count == 4)
            #expect(ids.allSatisfy { isRunning($0) })
            try await supervision.kill(1)
            #expect(try await supervision.record.exit(1) == .signaled(9))
            try await eventually("the ends of \(ids)") { !ids.contains { isRunning($0) } }
        }
    }

    @Test("A daemon of one process lives on when another one ends")
    func daemonOfAnother() async throws {
        let folder = try TemporaryFolder()
        try await Supervision.with { supervision in
            let script = """
                (setsid sh -c 'echo $$ > id; exec sleep 1000' &)
                while [ ! -s id ]; do sleep 0.01; done
                echo ready; exec sleep 1000
                """
            try await supervision.start(1, script: script, in: folder.path)
            try await eventually("the daemon") { supervision.record.output(1) == "ready\n" }
            let daemon = try #require(processIDs(folder.read("id")).first)
            for id in UInt32(2)...4 {
                try await supervision.start(id, script: "exit 0")
                #expect(try await supervision.record.exit(id) == .exited(status: 0))
            }
            #expect(isRunning(daemon))
            try await supervision.kill(1)
            try await eventually("the end of the daemon") { !isRunning(daemon) }
        }
    }

    @Test("A process that uses more memory than it may is ended, its children's counted")
    func memory() async throws {
        try await Supervision.with { supervision in
            let limit = 64 << 20
            let hog = "x=$(head -c 90000000 /dev/zero | tr '\\0' x); sleep 1000; :"
            try await supervision.start(1, script: hog, bytes: limit)
            try await supervision.start(2, script: "(\(hog)) & wait", bytes: limit)
            try await supervision.start(3, script: hog)
            for id in UInt32(1)...2 {
                guard case .outOfMemory(let used) = try await supervision.record.exit(id) else {
                    Issue.record("it ended by \(supervision.record.exits(id))")
                    continue
                }
                #expect(used > limit)
            }
            #expect(supervision.record.exits(3) == [])
        }
    }

    @Test("A process within its limit runs on while it is looked at")
    func withinMemory() async throws {
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "sleep 0.7; exit 3", bytes: 64 << 20)
            #expect(try await supervision.record.exit(1) == .exited(status: 3))
        }
    }

    @Test("Neither supervisor nor process holds what Portico has open")
    func descriptors() async throws {
        // As a program would have it that knows nothing of close-on-exec.
        let leaked = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(leaked) }
        #expect(leaked >= 0)
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "echo /proc/self/fd/*; exec sleep 1000")
            try await eventually("its output") { supervision.record.output(1).hasSuffix("\n") }
            // The shell itself has a fourth one while it reads the directory.
            let own = Set(["0", "1", "2", "3"].map { "/proc/self/fd/\($0)" })
            let names = supervision.record.output(1).split(whereSeparator: \.isWhitespace).map { String($0) }
            #expect(Set(names).isSubset(of: own), "\(names)")
            let supervisor = try await supervision.processID()
            var sockets: [String] = []
            SupervisorSystem.eachEntry("/proc/\(supervisor)/fd") { name in
                var target = [CChar](repeating: 0, count: 256)
                let length = readlink("/proc/\(supervisor)/fd/\(name)", &target, target.count)
                let text = target.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }
                if text.starts(with: "socket:".utf8), name != "2" { sockets.append(name) }
            }
            // Its two connections to Portico.
            #expect(sockets.sorted() == ["0", "1"])
        }
    }

    @Test("Printing without end costs neither side memory, and harms no other process")
    func endlessOutput() async throws {
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "exec yes 0123456789012345678901234567890123456789")
            try await supervision.start(2, script: "while :; do echo x; done")
            try await eventually("a megabyte") { supervision.record.output(1).utf8.count >= 1 << 20 }
            try await supervision.start(3, script: "echo hello; exit 4")
            #expect(try await supervision.record.exit(3) == .exited(status: 4))
            #expect(supervision.record.output(3) == "hello\n")
            let supervisor = try await supervision.processID()
            let status = try #require(SupervisorSystem.read("/proc/\(supervisor)/stat", limit: 4096))
            let pages = try #require(SupervisorTree.row(status)).residentPages
            #expect(pages * Int(getpagesize()) < 100 << 20)
            try await supervision.kill(1)
            #expect(try await supervision.record.exit(1) == .signaled(9))
        }
    }

    @Test("A process that closes its output runs on")
    func closedOutput() async throws {
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "echo a; exec >&- 2>&-; sleep 0.2; exit 5")
            #expect(try await supervision.record.exit(1) == .exited(status: 5))
            #expect(supervision.record.output(1) == "a\n")
        }
    }

    @Test("Shutting down ends all processes and leaves no zombie")
    func shutDown() async throws {
        let folder = try TemporaryFolder()
        let supervision = Supervision([Supervision.executable, SupervisorProcess.subcommand])
        for id in UInt32(1)...5 {
            try await supervision.start(id, script: "echo $$ >> ids; sleep 1000 & wait", in: folder.path)
        }
        try await eventually("five processes") { processIDs(folder.read("ids")).count == 5 }
        let supervisor = try await supervision.processID()
        await supervision.supervisor.shutDown()
        #expect(Glibc.kill(supervisor, 0) == -1 && errno == ESRCH)
        for id in processIDs(folder.read("ids")) { #expect(!isRunning(id)) }
        for id in UInt32(1)...5 { #expect(supervision.record.exits(id) == [.signaled(9)]) }
        #expect(supervision.record.ends == [])
        // Again, and a start afterwards, do no harm.
        await supervision.supervisor.shutDown()
        try await supervision.start(9, script: "true")
    }

    @Test("When the supervisor is killed its processes end, it is told, and the next start makes a new one")
    func supervisorKilled() async throws {
        let folder = try TemporaryFolder()
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "echo $$ >> ids; echo up; sleep 1000", in: folder.path)
            try await eventually("its output") { supervision.record.output(1) == "up\n" }
            let first = try await supervision.processID()
            Glibc.kill(first, SIGKILL)
            try await eventually("the news") { !supervision.record.ends.isEmpty }
            #expect(supervision.record.ends == ["the supervisor of functions ended by signal 9"])
            let process = try #require(processIDs(folder.read("ids")).first)
            try await eventually("the end of the process") { !isRunning(process) }
            try await supervision.start(2, script: "exit 0")
            #expect(try await supervision.record.exit(2) == .exited(status: 0))
            #expect(try await supervision.processID() != first)
        }
    }

    @Test("A supervisor that is none is told of, and does not stay")
    func foreignSupervisor() async throws {
        try await Supervision.with(["/bin/sh", "-c", "echo this is not a frame; exec sleep 1000"]) { supervision in
            try await supervision.start(1, script: "true")
            try await eventually("the news") { !supervision.record.ends.isEmpty }
            #expect(supervision.record.ends.first?.contains("sent bytes that are no frame") == true)
        }
        try await Supervision.with(["/nowhere/portico"]) { supervision in
            try await supervision.start(1, script: "true")
            let reason = "cannot start the supervisor of functions, '/nowhere/portico': No such file or directory"
            #expect(try await supervision.record.exit(1) == .notStarted(reason))
        }
    }

    @Test("Shutting down without having started anything returns")
    func nothingStarted() async throws { try await Supervision.with { _ in } }
}

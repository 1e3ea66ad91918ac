import FoundationEssentials
import Glibc
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("The supervisor as a process")
struct SupervisorProcessTests {
    /// A parent that starts the supervisor as Portico does, gives it the bytes of a file, and waits for ever.
    private static let parent = """
        import os, subprocess, sys, time
        child = subprocess.Popen(sys.argv[1:3], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        child.stdin.write(open(sys.argv[3], 'rb').read())
        child.stdin.flush()
        with open(sys.argv[4], 'w') as file: file.write(str(child.pid) + '\\n')
        while True: time.sleep(100)
        """

    /// A function with a child in its group and a daemon outside; all write their ids.
    private static func frame(_ folder: TemporaryFolder) -> [UInt8] {
        let script = """
            echo $$ >> ids
            sleep 1000 & echo $! >> ids
            (setsid sh -c 'echo $$ >> ids; exec sleep 1000' &)
            exec sleep 1000
            """
        let launch = FunctionLaunch(
            command: ["sh", "-c", script], environment: ["PATH=/usr/bin:/bin"], directory: folder.path)
        return SupervisorFrame.start(1, launch).encoded
    }

    @Test("When its parent is killed, nothing that it started is left")
    func parentKilled() async throws {
        let folder = try TemporaryFolder()
        try Data(Self.frame(folder)).write(to: URL(filePath: folder.path + "/frame"))
        let parent = try ChildProcess(
            "/usr/bin/env",
            [
                "python3", "-c", Self.parent, Supervision.executable, SupervisorProcess.subcommand,
                folder.path + "/frame", folder.path + "/supervisor",
            ])
        try await eventually("the processes; \(parent.errors)") { processIDs(folder.read("ids")).count == 3 }
        try await eventually("the supervisor") { folder.read("supervisor").hasSuffix("\n") }
        let ids = processIDs(folder.read("ids")) + processIDs(folder.read("supervisor"))
        #expect(ids.count == 4)
        #expect(ids.allSatisfy { isRunning($0) })
        parent.signal(SIGKILL)
        try await eventually("the ends of \(ids)") { !ids.contains { isRunning($0) } }
    }

    @Test("Ctrl-C, SIGTERM and SIGHUP are left to Portico")
    func signals() async throws {
        try await Supervision.with { supervision in
            try await supervision.start(1, script: "echo up; sleep 1000")
            try await eventually("its output") { supervision.record.output(1) == "up\n" }
            let supervisor = try await supervision.processID()
            for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { kill(supervisor, signal) }
            try await supervision.start(2, script: "exit 0")
            #expect(try await supervision.record.exit(2) == .exited(status: 0))
            #expect(supervision.record.exits(1) == [])
            #expect(supervision.record.ends == [])
        }
    }

    @Test("Bytes that are no frame end it and what it started")
    func garbage() async throws {
        let folder = try TemporaryFolder()
        try Data(Self.frame(folder)).write(to: URL(filePath: folder.path + "/frame"))
        let script = """
            (cat frame; while [ "$(wc -l < ids 2>/dev/null)" != 3 ]; do sleep 0.01; done; echo garbage) | \
            "$0" supervise > frames
            """
        let shell = try ChildProcess("/bin/sh", ["-c", script, Supervision.executable], in: folder.path)
        try await eventually("its end") { !shell.isRunning }
        #expect(try shell.wait() == 5)
        #expect(shell.errors.contains("the supervisor of functions got bytes that are no frame"))
        let ids = processIDs(folder.read("ids"))
        #expect(ids.count == 3)
        try await eventually("the ends of \(ids)") { !ids.contains { isRunning($0) } }
    }
}

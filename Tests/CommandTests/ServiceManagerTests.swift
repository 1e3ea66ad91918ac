import Glibc
import PorticoTestSupport
import Testing

@Suite("Service managers")
struct ServiceManagerTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func spec(_ value: Int = 1) throws -> String { try folder.write("api.yaml", SampleSpecs.value(value)) }

    @Test("the notifications of a life come in order", arguments: [false, true])
    func notifications(isAbstract: Bool) throws {
        let manager = try NotifySocket(isAbstract: isAbstract, in: folder)
        let server = try ServingPortico(
            arguments: ["serve", try spec(), "--no-watch"], environment: ["NOTIFY_SOCKET": manager.name])
        let ready = try manager.next()
        #expect(ready.hasPrefix("READY=1\nSTATUS=serving ") && ready.hasSuffix("on port \(server.port)"), "\(ready)")

        server.process.signal(SIGHUP)
        let reloading = try manager.next()
        let lines = reloading.split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let told = lines.last.flatMap { $0.hasPrefix("MONOTONIC_USEC=") ? Int($0.dropFirst(15)) : nil } ?? 0
        let difference = now.tv_sec * 1_000_000 + now.tv_nsec / 1000 - told
        #expect((0...60_000_000).contains(difference), "\(reloading)")
        #expect(try manager.next().hasPrefix("READY=1\nSTATUS=serving the new "))

        _ = try spec(2)
        try folder.write("api.yaml", SampleSpecs.twoMistakes)
        server.process.signal(SIGHUP)
        #expect(try manager.next().hasPrefix("RELOADING=1\n"))
        #expect(try manager.next().hasPrefix("READY=1\nSTATUS=serving the previous "))

        _ = try spec(3)
        try server.upgrade()
        let replaced = try manager.next()
        let id = try #require(server.successors.last)
        #expect(replaced.hasPrefix("MAINPID=\(id)\nREADY=1\nSTATUS="), "\(replaced)")

        kill(id, SIGTERM)
        #expect(try manager.next().hasPrefix("STOPPING=1\nSTATUS="))
    }

    @Test("the watchdog is fed by the process and by its successor, and only by the one that it is meant for")
    func watchdog() throws {
        let manager = try NotifySocket(isAbstract: false, in: folder)
        let server = try ServingPortico(
            arguments: ["serve", try spec(), "--no-watch"],
            environment: ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "400000"])
        #expect(try manager.next().hasPrefix("READY=1"))
        for _ in 0..<3 { #expect(try manager.next() == "WATCHDOG=1") }
        try server.upgrade()
        var message = try manager.next()
        while message == "WATCHDOG=1" { message = try manager.next() }
        #expect(message.hasPrefix("MAINPID="))
        _ = try server.process.wait(Deadline(after: .seconds(20)))
        for _ in 0..<3 { #expect(try manager.next() == "WATCHDOG=1") }
    }

    @Test("a watchdog of another process is not fed")
    func foreignWatchdog() throws {
        let manager = try NotifySocket(isAbstract: false, in: folder)
        let server = try ServingPortico(
            arguments: ["serve", try spec()],
            environment: ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"])
        for _ in 0..<20 { #expect(try server.get("/dev/value").status == 200) }
        server.process.signal(SIGTERM)
        #expect(try manager.next().hasPrefix("READY=1"))
        #expect(try manager.next().hasPrefix("STOPPING=1"))
    }

    /// `sh` says in LISTEN_PID which process the sockets are for, and becomes that process.
    private func activated(
        _ names: String?, _ descriptors: [Int32], _ arguments: [String] = []
    ) throws -> (program: String, arguments: [String], environment: [String: String]) {
        var environment = ["LISTEN_FDS": "\(descriptors.count)"]
        environment["LISTEN_FDNAMES"] = names
        let words = ["-c", #"LISTEN_PID=$$ exec "$0" "$@""#, PorticoProcess.executable, "serve", try spec()]
        return ("/bin/sh", words + arguments + ServingPortico.freePorts, environment)
    }

    @Test("a passed socket is served by all workers, also for those who waited in it, and survives an upgrade")
    func activation() throws {
        let socket = try ListeningDescriptor()
        let admin = try ListeningDescriptor()
        // It is in the queue of the socket before there is a server.
        let early = try RawConnection(port: socket.port)
        try early.send("GET /dev/value HTTP/1.1\r\nHost: a\r\n\r\n")
        let start = try activated(
            "data:admin", [socket.descriptor, admin.descriptor], ["--workers", "3", "--no-watch"])
        let server = try ServingPortico(
            program: start.program, start.arguments, environment: start.environment,
            descriptors: [socket.descriptor, admin.descriptor])
        #expect(server.port == socket.port)
        #expect(server.adminPort == admin.port)
        #expect(try early.readResponse().text == #"{"value": 1}"#)
        #expect(try HTTP.request("GET", "/readyz", port: admin.port).status == 200)
        let load = LoadClients(port: server.port, path: "/dev/value", short: 3, kept: 3)
        try server.upgrade()
        let before = load.figures.answers
        try Deadline().wait(for: "requests after the upgrade") { load.figures.answers > before + 100 }
        let figures = try load.stop()
        #expect(figures.failures.isEmpty, "\(figures.failures.prefix(5))")
    }

    @Test("the first socket is for data whatever its name, and variables of another process are not ours")
    func names() throws {
        let socket = try ListeningDescriptor()
        let start = try activated("portico.socket", [socket.descriptor])
        let server = try ServingPortico(
            program: start.program, start.arguments, environment: start.environment,
            descriptors: [socket.descriptor])
        #expect(server.port == socket.port)

        let other = try ServingPortico(
            arguments: ["serve", try spec()], environment: ["LISTEN_FDS": "1", "LISTEN_PID": "1"])
        #expect(other.port != socket.port)
        #expect(try other.get("/dev/value").status == 200)
    }

    @Test("a socket with an unknown name, and a descriptor that is no socket, end it with what to mend")
    func mistakes() throws {
        let first = try ListeningDescriptor()
        let second = try ListeningDescriptor()
        var start = try activated("data:web", [first.descriptor, second.descriptor])
        var process = try ChildProcess(
            start.program, start.arguments, environment: start.environment,
            descriptors: [first.descriptor, second.descriptor])
        #expect(try process.wait() == 2)
        #expect(process.errors.contains("passes socket 2 as 'web'; name it 'data', 'tls' or 'admin'"))

        let file = open(try folder.write("file", ""), O_RDONLY)
        defer { close(file) }
        start = try activated(nil, [file])
        process = try ChildProcess(
            start.program, start.arguments, environment: start.environment, descriptors: [file])
        #expect(try process.wait() == 4)
        #expect(process.errors.contains("cannot listen on descriptor 3, which was passed for 'data'"))
    }
}

/// A service manager's end of the notifications.
private final class NotifySocket {
    /// What `NOTIFY_SOCKET` says.
    let name: String
    private let descriptor: Int32

    init(isAbstract: Bool, in folder: TemporaryFolder) throws {
        name = (isAbstract ? "@" : "") + folder.path + "/notify"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if isAbstract { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else { throw TestSupportError("bind of \(name)") }
    }

    deinit { close(descriptor) }

    /// The next message.
    func next(_ deadline: Deadline = Deadline(after: .seconds(30))) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var count = -1
        try deadline.wait(for: "a notification") {
            count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count >= 0
        }
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }
}

import Glibc

/// Tells a service manager how the process is doing, without its library: one datagram a message.
///
/// *Source:* sd_notify(3) of systemd. Without `NOTIFY_SOCKET`, and when nobody takes the message, nothing happens: a
/// server does not stand still for its observer.
struct ServiceNotifier: Sendable {
    /// What is told.
    enum Message: Sendable {
        /// It serves; after ``reloading`` too.
        case ready(status: String)
        /// It reads its files again, because it was asked to.
        case reloading
        /// It ends.
        case stopping(status: String)
        /// Another process is the service now, and ready.
        case replaced(by: pid_t, status: String)
        /// Its event loops work.
        case alive
        /// What it does, in words.
        case status(String)

        var text: String {
            switch self {
            case .ready(let status): "READY=1\nSTATUS=\(status)"
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(ServiceNotifier.monotonicMicroseconds)"
            case .stopping(let status): "STOPPING=1\nSTATUS=\(status)"
            case .replaced(let id, let status): "MAINPID=\(id)\nREADY=1\nSTATUS=\(status)"
            case .alive: "WATCHDOG=1"
            case .status(let status): "STATUS=\(status)"
            }
        }
    }

    /// A path, or `@name` for an abstract socket; `nil` tells nobody.
    var path: String?

    /// Microseconds of the clock that `MONOTONIC_USEC` means.
    static var monotonicMicroseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// Sends a message, without waiting.
    func send(_ message: Message) {
        guard let path, path.hasPrefix("/") || path.hasPrefix("@") else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        // An abstract name begins with a zero byte and ends with the address, not with another one.
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        let header = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(header + name.count + (name.first == 0 ? 0 : 1))

        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(message.text.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}

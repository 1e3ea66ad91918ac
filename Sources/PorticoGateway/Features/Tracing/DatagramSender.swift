// Hot: no, only sampled requests come here. Allocates: nothing.

internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Sends datagrams to one address and never waits: what the kernel does not take at once is lost, and counted.
///
/// Any thread may send; the kernel keeps datagrams apart.
final class DatagramSender: Sendable {
    /// Why there is no sender.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    private let descriptor: Int32
    private let sentCount = Atomic<Int>(0)
    private let lostCount = Atomic<Int>(0)

    /// Datagrams that the kernel took.
    var sent: Int { sentCount.load(ordering: .relaxed) }
    /// Datagrams that it did not take.
    var lost: Int { lostCount.load(ordering: .relaxed) }

    /// Looks up the host, which may take as long as the resolver does: at the start of a server only.
    init(host: String, port: Int) throws(Problem) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        #else
            hints.ai_socktype = SOCK_DGRAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0, let first = list else {
            throw Problem(description: "\(host) is not known: \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(first) }
        var entry: UnsafeMutablePointer<addrinfo>? = first
        var reason = "it has no address"
        while let address = entry?.pointee {
            let flags = hints.ai_socktype | Self.flags
            let descriptor = socket(address.ai_family, flags, 0)
            // A connected socket learns that nobody listens, and spares the address with each datagram.
            if descriptor >= 0, connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 {
                self.descriptor = descriptor
                return
            }
            reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            entry = address.ai_next
        }
        throw Problem(description: "no way to \(host), port \(port): \(reason)")
    }

    private static var flags: Int32 {
        #if canImport(Glibc)
            Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        #else
            SOCK_NONBLOCK | SOCK_CLOEXEC
        #endif
    }

    deinit { close(descriptor) }

    /// Counts a datagram that could not be made.
    func lose() { lostCount.add(1, ordering: .relaxed) }

    /// Sends one datagram.
    func send(_ bytes: [UInt8]) {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        func attempt() -> Int {
            bytes.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, flags, nil, 0) }
        }
        var written = attempt()
        if written < 0, errno == ECONNREFUSED {
            // Nobody listened to an earlier datagram, which counts as sent; this one has not been tried.
            sentCount.subtract(1, ordering: .relaxed)
            lostCount.add(1, ordering: .relaxed)
            written = attempt()
        } else if written < 0, errno == EINTR {
            written = attempt()
        }
        if written == bytes.count {
            sentCount.add(1, ordering: .relaxed)
        } else {
            lostCount.add(1, ordering: .relaxed)
        }
    }
}

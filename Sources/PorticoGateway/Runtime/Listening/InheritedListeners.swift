// Hot: no, once per process. Allocates: freely.

internal import Glibc

/// What a listening socket is for.
public enum ListenerKind: String, Sendable, CaseIterable {
    /// Requests without TLS.
    case data
    /// Requests by TLS.
    case tls
    /// Probes, metrics and the dashboard.
    case admin
}

/// Listening sockets that were open before the server: from a service manager, or from the process that it replaces.
///
/// A descriptor belongs to whoever holds the value; a server that starts with it closes them in the end. All members
/// may hold several: clients wait in each socket of a port by itself, so that a server accepts from all of them.
public struct InheritedListeners: Sendable, Hashable {
    /// Sockets of the data port.
    public var data: [Int32] = []
    /// Sockets of the TLS port.
    public var tls: [Int32] = []
    /// Sockets of the admin port.
    public var admin: [Int32] = []
    /// Whether another process accepts from them until this one says that it is ready.
    public var isHandover = false

    /// No sockets.
    public init() {}

    /// The sockets of a kind.
    public subscript(kind: ListenerKind) -> [Int32] {
        get {
            switch kind {
            case .data: data
            case .tls: tls
            case .admin: admin
            }
        }
        set {
            switch kind {
            case .data: data = newValue
            case .tls: tls = newValue
            case .admin: admin = newValue
            }
        }
    }

    /// All sockets.
    public var all: [Int32] { data + tls + admin }

    /// Closes all of them.
    public func close() { for descriptor in all { Glibc.close(descriptor) } }

    /// Hides all of them from programs that are started.
    public func hide() { for descriptor in all { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) } }

    /// Closes what this process has open but `kept`, and standard input and output. Before there is a second thread.
    public static func closeDescriptors(but kept: [Int32]) {
        for descriptor in SupervisorSystem.openDescriptors() where descriptor > 2 && !kept.contains(descriptor) {
            Glibc.close(descriptor)
        }
    }
}

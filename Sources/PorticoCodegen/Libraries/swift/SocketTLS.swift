import Foundation

#if !canImport(Network)
    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    extension PorticoSDK {
        /// TLS on a descriptor that does not block, by OpenSSL. Whoever uses it holds a lock.
        final class SocketTLS: @unchecked Sendable {
            /// How far a call came.
            enum Progress {
                /// So many bytes; none is the end.
                case done(Int)
                /// It must be made again after this event.
                case waits(Int32)
            }

            private typealias Pointer = UnsafeMutableRawPointer

            /// The functions of the library.
            private struct Library: @unchecked Sendable {
                let newContext: @convention(c) (Pointer?) -> Pointer?
                let method: @convention(c) () -> Pointer?
                let trust: @convention(c) (Pointer?) -> Int32
                let verify: @convention(c) (Pointer?, Int32, Pointer?) -> Void
                let new: @convention(c) (Pointer?) -> Pointer?
                let free: @convention(c) (Pointer?) -> Void
                let setDescriptor: @convention(c) (Pointer?, Int32) -> Int32
                let control: @convention(c) (Pointer?, Int32, Int, Pointer?) -> Int
                let parameters: @convention(c) (Pointer?) -> Pointer?
                let setHost: @convention(c) (Pointer?, UnsafePointer<CChar>?) -> Int32
                let setAddress: @convention(c) (Pointer?, UnsafePointer<CChar>?) -> Int32
                let connect: @convention(c) (Pointer?) -> Int32
                let read: @convention(c) (Pointer?, UnsafeMutableRawPointer?, Int32) -> Int32
                let write: @convention(c) (Pointer?, UnsafeRawPointer?, Int32) -> Int32
                let error: @convention(c) (Pointer?, Int32) -> Int32
                let verified: @convention(c) (Pointer?) -> Int
                let clear: @convention(c) () -> Void
                /// Settings that all connections share.
                let context: Pointer

                /// The library of the system, if it has one.
                static let system: Library? = {
                    for version in ["3", "1.1"] {
                        if let tls = dlopen("libssl.so.\(version)", RTLD_NOW),
                            let crypto = dlopen("libcrypto.so.\(version)", RTLD_NOW)
                        {
                            return Library(tls, crypto)
                        }
                    }
                    return nil
                }()

                private init?(_ tls: Pointer, _ crypto: Pointer) {
                    func function<Function>(_ name: String, _ library: Pointer) -> Function? {
                        dlsym(library, name).map { unsafeBitCast($0, to: Function.self) }
                    }
                    guard let newContext: @convention(c) (Pointer?) -> Pointer? = function("SSL_CTX_new", tls),
                        let method: @convention(c) () -> Pointer? = function("TLS_client_method", tls),
                        let trust: @convention(c) (Pointer?) -> Int32 = function(
                            "SSL_CTX_set_default_verify_paths", tls),
                        let verify: @convention(c) (Pointer?, Int32, Pointer?) -> Void = function(
                            "SSL_CTX_set_verify", tls),
                        let new: @convention(c) (Pointer?) -> Pointer? = function("SSL_new", tls),
                        let free: @convention(c) (Pointer?) -> Void = function("SSL_free", tls),
                        let setDescriptor: @convention(c) (Pointer?, Int32) -> Int32 = function("SSL_set_fd", tls),
                        let control: @convention(c) (Pointer?, Int32, Int, Pointer?) -> Int = function(
                            "SSL_ctrl", tls),
                        let parameters: @convention(c) (Pointer?) -> Pointer? = function("SSL_get0_param", tls),
                        let setHost: @convention(c) (Pointer?, UnsafePointer<CChar>?) -> Int32 = function(
                            "SSL_set1_host", tls),
                        let setAddress: @convention(c) (Pointer?, UnsafePointer<CChar>?) -> Int32 = function(
                            "X509_VERIFY_PARAM_set1_ip_asc", crypto),
                        let connect: @convention(c) (Pointer?) -> Int32 = function("SSL_connect", tls),
                        let read: @convention(c) (Pointer?, UnsafeMutableRawPointer?, Int32) -> Int32 = function(
                            "SSL_read", tls),
                        let write: @convention(c) (Pointer?, UnsafeRawPointer?, Int32) -> Int32 = function(
                            "SSL_write", tls),
                        let error: @convention(c) (Pointer?, Int32) -> Int32 = function("SSL_get_error", tls),
                        let verified: @convention(c) (Pointer?) -> Int = function("SSL_get_verify_result", tls),
                        let clear: @convention(c) () -> Void = function("ERR_clear_error", crypto),
                        let context = newContext(method())
                    else { return nil }
                    self.newContext = newContext
                    self.method = method
                    self.trust = trust
                    self.verify = verify
                    self.new = new
                    self.free = free
                    self.setDescriptor = setDescriptor
                    self.control = control
                    self.parameters = parameters
                    self.setHost = setHost
                    self.setAddress = setAddress
                    self.connect = connect
                    self.read = read
                    self.write = write
                    self.error = error
                    self.verified = verified
                    self.clear = clear
                    self.context = context
                    _ = trust(context)
                    // SSL_VERIFY_PEER
                    verify(context, 1, nil)
                }
            }

            private let library: Library
            private let connection: Pointer

            init(_ descriptor: Int32, host: String) throws {
                guard let library = Library.system, let connection = library.new(library.context) else {
                    throw SocketFailure("TLS needs OpenSSL: libssl.so.3 or libssl.so.1.1")
                }
                self.library = library
                self.connection = connection
                var address = in6_addr()
                let isAddress = inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
                let isSet = host.withCString { name in
                    if isAddress { return library.setAddress(library.parameters(connection), name) == 1 }
                    // SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name
                    let isNamed = library.control(connection, 55, 0, Pointer(mutating: name)) == 1
                    return isNamed && library.setHost(connection, name) == 1
                }
                guard isSet, library.setDescriptor(connection, descriptor) == 1 else {
                    throw SocketFailure("TLS: '\(host)' is no host")
                }
                // SSL_CTRL_MODE: SSL_MODE_ENABLE_PARTIAL_WRITE, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                _ = library.control(connection, 33, 3, nil)
            }

            deinit { library.free(connection) }

            /// Goes on with the handshake.
            func connect() throws -> Progress {
                library.clear()
                return try progress(Self.quietly { library.connect(connection) }, "handshake")
            }

            /// Reads what there is.
            func read(_ bytes: inout [UInt8]) throws -> Progress {
                library.clear()
                let count = Int32(bytes.count)
                return try progress(Self.quietly { library.read(connection, &bytes, count) }, "read")
            }

            /// Writes what there is room for.
            func write(_ bytes: ArraySlice<UInt8>) throws -> Progress {
                library.clear()
                return try bytes.withUnsafeBytes { bytes in
                    let count = Int32(clamping: bytes.count)
                    return try progress(
                        Self.quietly { library.write(connection, bytes.baseAddress, count) }, "write")
                }
            }

            /// OpenSSL writes in a way that raises SIGPIPE where nobody reads, which would end the program.
            private static func quietly<Value>(_ body: () -> Value) -> Value {
                var signals = sigset_t()
                var before = sigset_t()
                sigemptyset(&signals)
                sigaddset(&signals, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &signals, &before)
                defer {
                    var now = timespec()
                    while sigtimedwait(&signals, nil, &now) == SIGPIPE {}
                    pthread_sigmask(SIG_SETMASK, &before, nil)
                }
                return body()
            }

            private func progress(_ result: Int32, _ call: String) throws -> Progress {
                if result > 0 { return .done(Int(result)) }
                switch library.error(connection, result) {
                case 2: return .waits(POLLIN)
                case 3: return .waits(POLLOUT)
                case 6: return .done(0)
                default:
                    let verified = library.verified(connection)
                    let reason = verified == 0 ? "" : ": the certificate is not trusted (\(verified))"
                    throw SocketFailure("TLS failed to \(call)\(reason)")
                }
            }
        }
    }
#endif

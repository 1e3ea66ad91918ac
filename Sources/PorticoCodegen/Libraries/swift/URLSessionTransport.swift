import Foundation

#if canImport(FoundationNetworking)
    public import FoundationNetworking
#endif

extension PorticoSDK {
    /// Sends requests with `URLSession`.
    public final class URLSessionTransport: HTTPTransport {
        private let session: URLSession
        private let delegate = SessionDelegate()

        /// Connections to a host that a client opens unless it is configured otherwise. The system's default of six
        /// would let calls wait for each other.
        private static let connectionLimit = 64

        /// Makes a transport with connections of its own.
        /// - Parameter configuration: Proxies, TLS and the like; cookies, caches and stored passwords are switched off.
        public init(configuration: URLSessionConfiguration? = nil) {
            let isOwn = configuration == nil
            let configuration = configuration ?? .ephemeral
            if isOwn { configuration.httpMaximumConnectionsPerHost = Self.connectionLimit }
            configuration.httpCookieStorage = nil
            configuration.httpShouldSetCookies = false
            configuration.urlCache = nil
            configuration.urlCredentialStorage = nil
            configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
            session = URLSession(configuration: configuration, delegate: delegate, delegateQueue: nil)
        }

        deinit { session.finishTasksAndInvalidate() }

        /// Sends a request.
        public func send(_ request: HTTPTransportRequest) async throws -> HTTPTransportResponse {
            try _Concurrency.Task.checkCancellation()
            if request.method == .get, request.body != nil {
                throw InvalidArgumentError("body", "URLSession sends none with GET")
            }
            let exchange = SessionExchange()
            let task = start(request, exchange)
            exchange.body.onAbandon { task.cancel() }
            #if canImport(FoundationNetworking)
                // Observed: a suspended task goes on receiving.
                exchange.body.onPressure(.spill)
            #else
                exchange.body.onPressure(
                    .pause { isBehind in
                        if isBehind { task.suspend() } else { task.resume() }
                    })
            #endif
            task.resume()
            return try await withTaskCancellationHandler {
                let head = try await exchange.head()
                return HTTPTransportResponse(
                    status: head.statusCode, headers: Self.headers(of: head), body: ByteStream(exchange.body))
            } onCancel: {
                exchange.finish(CancellationError())
                task.cancel()
            }
        }

        private static func headers(of response: HTTPURLResponse) -> HTTPHeaders {
            var headers = HTTPHeaders()
            for (name, value) in response.allHeaderFields {
                if let name = name as? String, let value = value as? String { headers.add(name, value) }
            }
            return headers
        }

        private func start(_ request: HTTPTransportRequest, _ exchange: SessionExchange) -> URLSessionTask {
            // The call has its own limits of time.
            var message = URLRequest(
                url: request.url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: 7 * 86400)
            message.httpMethod = request.method.rawValue
            message.httpShouldHandleCookies = false
            for field in request.headers { message.addValue(field.value, forHTTPHeaderField: field.name) }
            switch request.body?.content {
            case nil: return delegate.register(session.dataTask(with: message), exchange)
            case .data(let data):
                message.httpBody = data
                return delegate.register(session.dataTask(with: message), exchange)
            case .file(let url):
                return delegate.register(session.uploadTask(with: message, fromFile: url), exchange)
            case .stream(let once):
                let upload = UploadPipe()
                message.httpBodyStream = upload.input
                exchange.upload(once, through: upload)
                #if canImport(FoundationNetworking)
                    // Here the queue of a session waits for each piece of a stream, so each stream gets a session.
                    let delegate = SessionDelegate()
                    let session = URLSession(
                        configuration: session.configuration, delegate: delegate, delegateQueue: nil)
                    defer { session.finishTasksAndInvalidate() }
                #endif
                return delegate.register(session.dataTask(with: message), exchange)
            }
        }
    }
}

import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension PorticoSDK {
    /// A request under way in a `URLSession`.
    final class SessionExchange: Sendable {
        private struct State {
            var head: Swift.Result<HTTPURLResponse, any Swift.Error>?
            var waiter: CheckedContinuation<HTTPURLResponse, any Swift.Error>?
            var upload: _Concurrency.Task<Void, Never>?
            var uploadFailure: (any Swift.Error)?
        }

        /// The body of the answer.
        let body = ChunkBuffer()
        private let state = Locked(State())

        /// The head of the answer.
        func head() async throws -> HTTPURLResponse {
            try await withCheckedThrowingContinuation { continuation in
                let head = state.withLock { state in
                    if state.head == nil { state.waiter = continuation }
                    return state.head
                }
                if let head { continuation.resume(with: head) }
            }
        }

        /// Takes the head.
        func receive(_ head: HTTPURLResponse) { settle(.success(head)) }

        /// Marks the end of the answer, or its failure.
        func finish(_ error: (any Swift.Error)?) {
            let (upload, uploadFailure) = state.withLock { ($0.upload, $0.uploadFailure) }
            let failure = error == nil ? nil : uploadFailure ?? error
            settle(.failure(failure ?? URLError(.badServerResponse)))
            body.finish(failure)
            upload?.cancel()
        }

        private func settle(_ head: Swift.Result<HTTPURLResponse, any Swift.Error>) {
            let waiter = state.withLock { state -> CheckedContinuation<HTTPURLResponse, any Swift.Error>? in
                guard state.head == nil else { return nil }
                state.head = head
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(with: head)
        }

        /// Reads a stream into a pipe until the exchange ends.
        func upload(_ stream: BinaryBody.Once, through pipe: UploadPipe) {
            let task = _Concurrency.Task {
                do {
                    try await stream.read { try await pipe.write($0) }
                    pipe.finish(isComplete: true)
                } catch {
                    fail(error)
                    pipe.finish(isComplete: false)
                }
            }
            state.withLock { $0.upload = task }
        }

        /// A stream that breaks off ends the request, unless its answer has come already.
        private func fail(_ error: any Swift.Error) {
            let isAnswered = state.withLock { state in
                if state.head == nil { state.uploadFailure = error }
                return state.head != nil
            }
            guard !isAnswered else { return }
            settle(.failure(error))
            body.cancel()
        }
    }

    /// Hands what happens to the tasks of a session to their exchanges.
    final class SessionDelegate: NSObject, URLSessionDataDelegate {
        private let exchanges = Locked<[Int: SessionExchange]>([:])

        /// Ties a task, which is not running yet, to an exchange.
        func register(_ task: URLSessionTask, _ exchange: SessionExchange) -> URLSessionTask {
            exchanges.withLock { $0[task.taskIdentifier] = exchange }
            return task
        }

        private func exchange(of task: URLSessionTask) -> SessionExchange? {
            exchanges.withLock { $0[task.taskIdentifier] }
        }

        func urlSession(
            _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
            completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
        ) {
            if let head = response as? HTTPURLResponse { exchange(of: dataTask)?.receive(head) }
            completionHandler(.allow)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            exchange(of: dataTask)?.body.append(data)
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Swift.Error)?) {
            let exchange = exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
            exchange?.finish(error.map { Self.clientError($0) })
        }

        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }

        func urlSession(
            _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
            completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
        ) {
            #if canImport(FoundationNetworking)
                // Observed: a 401 has been delivered by now. Default handling would never end the task, and rejecting it
                // ends it as if it had been cancelled.
                exchange(of: task)?.finish(nil)
                completionHandler(.rejectProtectionSpace, nil)
            #else
                let method = challenge.protectionSpace.authenticationMethod
                let isAboutTLS = [
                    NSURLAuthenticationMethodServerTrust, NSURLAuthenticationMethodClientCertificate,
                ].contains(method)
                completionHandler(isAboutTLS ? .performDefaultHandling : .rejectProtectionSpace, nil)
            #endif
        }

        /// Errors that a repetition cannot mend are marked so.
        private static func clientError(_ error: any Swift.Error) -> any Swift.Error {
            guard let error = error as? URLError else { return TransportError(cause: error) }
            switch error.code {
            case .cancelled: return CancellationError()
            case .badURL, .unsupportedURL, .dataLengthExceedsMaximum, .fileDoesNotExist, .noPermissionsToReadFile,
                .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
                .serverCertificateNotYetValid, .clientCertificateRejected, .clientCertificateRequired:
                return TransportError(cause: error, isTransient: false)
            default: return TransportError(cause: error)
            }
        }
    }
}

internal import NIOCore
internal import PorticoPrograms

/// Posts batches to somebody who collects them, by the upstream client of a worker: on its loop, once for each batch.
final class CollectorCall: UpstreamStreamReceiver {
    /// Who collects.
    struct Destination: Sendable {
        var target: UpstreamTarget
        /// Path and query.
        var path: String
        /// Header fields of every request.
        var headers: [(name: String, value: String)] = []
        /// What requests are signed for; `nil` when they are not.
        var scope: SigningScope?

        /// `Host` as it is written.
        var host: String {
            let literal = target.host.contains(":") ? "[\(target.host)]" : target.host
            return target.port == (target.isTLS ? 443 : 80) ? literal : "\(literal):\(target.port)"
        }
    }

    /// Bytes of an answer that are kept: enough to say what is wrong, and for the records that Firehose names.
    private static let longestAnswer = 256 << 10

    private var call: UpstreamCall?
    private var status = 0
    private var retryAfter: String?
    private var body: [UInt8] = []
    private var completion: (@Sendable (DeliveryResponse) -> Void)?

    private init(_ completion: @escaping @Sendable (DeliveryResponse) -> Void) { self.completion = completion }

    /// A transport that uses that worker.
    static func transport(to destination: Destination, by worker: WorkerHandle) -> DeliveryTransport {
        { request, completion in
            worker.loop.execute { send(request, to: destination, worker.bound.value, completion) }
        }
    }

    private static func send(
        _ request: DeliveryRequest, to destination: Destination, _ worker: Worker,
        _ completion: @escaping @Sendable (DeliveryResponse) -> Void
    ) {
        let message = OutputBuffer(capacity: request.body.count + 1024)
        message.append("POST \(destination.path) HTTP/1.1\r\nHost: \(destination.host)\r\nUser-Agent: portico\r\n")
        for (name, value) in destination.headers + request.headers { message.append("\(name): \(value)\r\n") }
        if let scope = destination.scope {
            guard case .available(let credentials) = worker.credentials.entry(arn: StaticBytes.empty.bytes) else {
                return completion(.failure("there are no credentials to sign with"))
            }
            let isSigned = request.body.withUnsafeBytes { payload in
                worker.signer.sign(
                    message, from: 0, payload: .body(payload), scope: scope, credentials: credentials,
                    epochMilliseconds: worker.clock.milliseconds)
            }
            guard isSigned else { return completion(.failure("the call cannot be signed")) }
        }
        message.append("Content-Length: \(request.body.count)\r\n\r\n")
        message.append(request.body)
        let receiver = CollectorCall(completion)
        receiver.call = worker.pools.pool(for: destination.target).stream(
            ByteBuffer(bytes: message.bytes), isHead: false, canRetry: false,
            timeoutMilliseconds: request.timeoutMilliseconds, receiver: receiver)
    }

    // MARK: - UpstreamStreamReceiver

    func upstreamDidReceiveHead(_ response: UpstreamResponse, _ framing: ResponseFraming) {
        status = response.status
        retryAfter = response.withView { view in
            for span in view.headers.spans
            where bytesEqualIgnoringCase(view.name(of: span), ("retry-after" as StaticString).signedBytes) {
                return String(decoding: view.value(of: span), as: UTF8.self)
            }
            return nil
        }
    }

    func upstreamDidReceivePiece(_ bytes: ByteBuffer) {
        let room = CollectorCall.longestAnswer - body.count
        if room > 0 { body.append(contentsOf: bytes.readableBytesView.prefix(room)) }
    }

    func upstreamDidEnd() { finish(.answer(status: status, retryAfter: retryAfter, body: body)) }

    func upstreamDidFail(_ failure: UpstreamFailure) {
        finish(.failure(failure.reason(timeoutMilliseconds: 0)))
    }

    private func finish(_ response: DeliveryResponse) {
        call = nil
        let completion = self.completion
        self.completion = nil
        completion?(response)
    }
}

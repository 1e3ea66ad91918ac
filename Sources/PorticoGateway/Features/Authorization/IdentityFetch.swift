internal import NIOCore
internal import NIOPosix
internal import PorticoPrograms

/// Asks an endpoint for one identity. Belongs to the loop of its pools; ends once, never before ``begin`` has returned.
///
/// Redirects are not followed: identities come from where the document says.
final class IdentityFetch: UpstreamStreamReceiver {
    /// What an endpoint said of an access key.
    enum Outcome: Sendable {
        case known(CallerTable.Entry)
        case unknown
        case failed(String)
    }

    /// Bytes of an answer that is read on the loop, which takes less time than another thread and back.
    private static let longestReadOnLoop = 2048

    private let client: IdentityEndpointClient
    private let accessKeyID: [UInt8]
    private let loop: any EventLoop
    private var completion: ((Outcome) -> Void)?
    private var call: UpstreamCall?
    private var body: [UInt8] = []

    private init(
        _ client: IdentityEndpointClient, _ accessKeyID: [UInt8], loop: any EventLoop,
        completion: @escaping (Outcome) -> Void
    ) {
        self.client = client
        self.accessKeyID = accessKeyID
        self.loop = loop
        self.completion = completion
    }

    /// Begins.
    static func begin(
        _ accessKeyID: [UInt8], of client: IdentityEndpointClient, pools: UpstreamPools,
        _ completion: @escaping (Outcome) -> Void
    ) {
        let fetch = IdentityFetch(client, accessKeyID, loop: pools.loop, completion: completion)
        fetch.call = pools.pool(for: client.target).stream(
            accessKeyID.withUnsafeBytes { client.question($0) }, isHead: false, canRetry: true,
            timeoutMilliseconds: client.timeoutMilliseconds, receiver: fetch)
    }

    // MARK: - UpstreamStreamReceiver

    func upstreamDidReceiveHead(_ response: UpstreamResponse, _ framing: ResponseFraming) {
        switch response.status {
        case 200: break
        case 404: finish(.unknown)
        default: finish(.failed("it answers \(response.status)"))
        }
    }

    func upstreamDidReceivePiece(_ bytes: ByteBuffer) {
        guard completion != nil else { return }
        guard body.count + bytes.readableBytes <= IdentityAnswerReader.longestAnswer else {
            return finish(.failed("its answer has more than \(IdentityAnswerReader.longestAnswer) bytes"))
        }
        body.append(contentsOf: bytes.readableBytesView)
    }

    func upstreamDidEnd() {
        guard completion != nil else { return }
        call = nil
        let bytes = body
        let name = String(decoding: accessKeyID, as: UTF8.self)
        guard bytes.count > Self.longestReadOnLoop else {
            switch IdentityAnswerReader.read(bytes, accessKeyID: name) {
            case .success(let entry): return finish(.known(entry))
            case .failure(let problem): return finish(.failed("its answer: " + problem.text))
            }
        }
        // Policies take as long to compile as somebody likes to make them: long ones not on the loop.
        let bound = NIOLoopBound(self, eventLoop: loop)
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            IdentityAnswerReader.read(bytes, accessKeyID: name)
        }.whenComplete { result in
            switch result {
            case .success(.success(let entry)): bound.value.finish(.known(entry))
            case .success(.failure(let problem)): bound.value.finish(.failed("its answer: " + problem.text))
            case .failure: bound.value.finish(.failed("its answer cannot be read"))
            }
        }
    }

    func upstreamDidFail(_ failure: UpstreamFailure) {
        call = nil
        finish(.failed(failure.reason(timeoutMilliseconds: client.timeoutMilliseconds)))
    }

    private func finish(_ outcome: Outcome) {
        call?.cancel()
        call = nil
        let completion = self.completion
        self.completion = nil
        completion?(outcome)
    }
}

// Hot: no, once per TLS connection. Allocates: the handlers of the connection.

internal import FoundationEssentials
internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import PorticoIR
internal import SwiftASN1
internal import X509

/// Takes a TLS connection from its first byte to the end of the handshake: reads the name that the client asks for,
/// chooses the certificate, checks the client's, and then puts the handler of the agreed protocol in its own place.
final class TLSAcceptor: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What is offered, best first. Source: RFC 7301; RFC 9113, section 3.2.
    static let protocols = ["h2", "http/1.1"]

    private let worker: Worker
    private let serverName: String
    private let entry: TLSTable.Entry
    private let isDomain: Bool
    private let tls: NIOSSLServerHandler
    private var deadline: Scheduled<Void>?
    private let handshake: Handshake

    /// Counts for the worker until the handshake ends, or the connection.
    private final class Handshake {
        private let worker: Worker
        private var isOver = false

        init(_ worker: Worker) {
            self.worker = worker
            worker.handshakes += 1
        }

        func end() {
            guard !isOver else { return }
            isOver = true
            worker.handshakes -= 1
        }
    }

    private init(
        worker: Worker, serverName: String, entry: TLSTable.Entry, isDomain: Bool, tls: NIOSSLServerHandler,
        deadline: Scheduled<Void>, handshake: Handshake
    ) {
        self.worker = worker
        self.serverName = serverName
        self.entry = entry
        self.isDomain = isDomain
        self.tls = tls
        self.deadline = deadline
        self.handshake = handshake
    }

    /// Makes a new connection one of TLS. Runs on the worker's loop.
    static func configure(_ channel: any Channel, worker: Worker) throws {
        let deadline = channel.eventLoop.scheduleTask(in: .milliseconds(Int64(worker.headMilliseconds))) {
            channel.close(promise: nil)
        }
        let ending = TLSEnding()
        let bound = NIOLoopBound(
            (worker: worker, handshake: Handshake(worker), ending: ending), eventLoop: channel.eventLoop)
        channel.closeFuture.whenComplete { _ in
            deadline.cancel()
            bound.value.handshake.end()
        }
        let name = SNIHandler { result in
            channel.eventLoop.makeCompletedFuture {
                let (worker, handshake, ending) = bound.value
                try begin(channel, worker: worker, result, deadline: deadline, handshake: handshake, before: ending)
            }
        }
        try channel.pipeline.syncOperations.addHandlers([ByteToMessageHandler(name), ending])
    }

    private static func begin(
        _ channel: any Channel, worker: Worker, _ result: SNIResult, deadline: Scheduled<Void>, handshake: Handshake,
        before ending: TLSEnding
    ) throws {
        guard let table = worker.tls else {
            channel.close(promise: nil)
            return
        }
        var serverName = ""
        if case .hostname(let name) = result { serverName = name.lowercased() }
        let (entry, isDomain) = table.entry(for: serverName)
        let tls: NIOSSLServerHandler
        if let truststore = entry.truststore {
            tls = NIOSSLServerHandler(
                context: entry.context,
                customVerificationCallback: { chain, promise in verify(chain, truststore, promise) })
        } else {
            tls = NIOSSLServerHandler(context: entry.context)
        }
        let acceptor = TLSAcceptor(
            worker: worker, serverName: serverName, entry: entry, isDomain: isDomain, tls: tls, deadline: deadline,
            handshake: handshake)
        try channel.pipeline.syncOperations.addHandler(tls, position: .before(ending))
        try channel.pipeline.syncOperations.addHandler(acceptor)
    }

    /// Checks the chain of a client. The one task of a connection; no request waits for it but those of this client.
    private static func verify(
        _ chain: [NIOSSLCertificate], _ truststore: Truststore, _ promise: EventLoopPromise<NIOSSLVerificationResult>
    ) {
        let encoded = chain.prefix(Truststore.longestChain + 2).map { try? $0.toDERBytes() }
        promise.completeWithTask {
            let certificates = encoded.compactMap { bytes in bytes.flatMap { try? Certificate(derEncoded: $0) } }
            guard certificates.count == chain.count, await truststore.verify(certificates) != nil else {
                return .failed
            }
            return .certificateVerified
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        deadline?.cancel()
        deadline = nil
        do {
            let facts = try facts()
            worker.counters.tlsHandshakes &+= 1
            try serve(negotiated, facts, context)
            handshake.end()
        } catch {
            worker.counters.tlsFailures &+= 1
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that does not like us, or that we do not like: there is nobody to tell.
        worker.counters.tlsFailures &+= 1
        context.close(promise: nil)
    }

    private func facts() throws -> ConnectionFacts {
        let domain = isDomain ? entry.domain : ""
        guard let truststore = entry.truststore else {
            return try ConnectionFacts(serverName: serverName, domain: domain)
        }
        guard let peer = tls.peerCertificate else { throw NIOSSLError.noCertificateToValidate }
        let certificate = try Certificate(derEncoded: try peer.toDERBytes())
        // A resumed session is not checked again, and certificates end.
        let now = Double(wallClockMilliseconds()) / 1000
        guard certificate.notValidAfter.timeIntervalSince1970 >= now else { throw NIOSSLError.noCertificateToValidate }
        return try ConnectionFacts(
            serverName: serverName, domain: domain, truststore: truststore.id, client: certificate)
    }

    private func serve(_ negotiated: String?, _ facts: ConnectionFacts, _ context: ChannelHandlerContext) throws {
        let worker = worker
        let pipeline = context.pipeline.syncOperations
        if negotiated == "h2" {
            try HTTP2Session.configure(context.channel, worker: worker) { Connection(worker: worker, facts: facts) }
        } else {
            try pipeline.addHandler(Connection(worker: worker, facts: facts))
        }
        _ = pipeline.removeHandler(context: context)
    }
}

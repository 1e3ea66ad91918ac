import Logging
import NIOCore
import NIOHPACK
import NIOPosix
import PorticoTestSupport

@testable import PorticoGateway

/// A gateway that speaks HTTP/2 without TLS from the first byte on: what a TLS listener does once ALPN has chosen `h2`.
final class HTTP2Gateway: Sendable {
    let port: Int
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let listener: any Channel
    private let worker: WorkerHandle

    convenience init(_ spec: String, configure: (inout ServerConfiguration) -> Void = { _ in }) async throws {
        try await self.init(try TestGateway.compile(spec), configure: configure)
    }

    init(
        _ snapshot: DeploymentSnapshot, metrics: MetricShard? = nil,
        observe: (StageRelease) -> ServingObservation = { _ in .none },
        configure: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = ServerConfiguration()
        configure(&configuration)
        let worker = try await WorkerHandle.make(
            on: group.next(), configuration: configuration, upstream: UpstreamConfiguration(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            executionLog: ExecutionLogWriter { _ in }, metrics: metrics)
        let table = ServingTable(snapshot, generation: 1, observe: observe)
        await worker.run { $0.install(table) }
        self.worker = worker
        listener = try await ServerBootstrap(group: worker.loop, childGroup: worker.loop)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let worker = worker.bound.value
                    try HTTP2Session.configure(channel, worker: worker) { Connection(worker: worker) }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    /// What the server does at SIGTERM, without its limit.
    func drain() async { await worker.run { $0.drain() } }

    /// What a reload, a sweep or a metric sees.
    func ask<Answer: Sendable>(_ question: @escaping @Sendable (Worker) -> Answer) async -> Answer {
        await worker.run(question)
    }

    func stop() async {
        try? await listener.close()
        await worker.run { $0.shutDown() }
        try? await group.shutdownGracefully()
    }
}

/// A gateway for the length of `body`.
func withHTTP2Gateway(
    _ spec: String, configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (HTTP2Gateway) async throws -> Void
) async throws {
    let gateway = try await HTTP2Gateway(spec, configure: configure)
    do {
        try await body(gateway)
    } catch {
        await gateway.stop()
        throw error
    }
    await gateway.stop()
}

/// A client that sends exactly the frames that it is told to, valid or not, and shows what came back.
///
/// Header fields are sent as literals without compression.
final class RawHTTP2 {
    enum Kind: UInt8 {
        case data, headers, priority, reset, settings, push, ping, goAway, windowUpdate, continuation
    }

    struct Frame {
        var kind: Kind
        var flags: UInt8
        var stream: Int
        var payload: [UInt8]

        var endsStream: Bool { flags & 1 != 0 && (kind == .data || kind == .headers) }
        var isAcknowledgement: Bool { flags & 1 != 0 }
        /// Error code of a RST_STREAM or GOAWAY.
        var code: Int { RawHTTP2.number(payload[(kind == .goAway ? 4 : 0)...].prefix(4)) }
        /// Last stream of a GOAWAY.
        var lastStream: Int { RawHTTP2.number(payload.prefix(4)) }
    }

    /// An answer, or what there is of it.
    struct Answer {
        var fields: [(name: String, value: String)] = []
        var interim: [String] = []
        var body: [UInt8] = []
        /// Lengths of the DATA frames.
        var pieces: [Int] = []
        /// Code of the RST_STREAM that ended it, if one did.
        var reset: Int?
        /// Whether it is whole.
        var isWhole = false

        var status: String? { self[":status"] }
        var text: String { String(decoding: body, as: UTF8.self) }

        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    let connection: RawConnection
    private(set) var settings: [Int: Int] = [:]
    private(set) var goAways: [Frame] = []
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
    private var answers: [Int: Answer] = [:]

    /// Connects, and sends preface and settings.
    init(port: Int, settings: [(Int, Int)] = [], windowBytes: Int = 1 << 30) throws {
        connection = try RawConnection(port: port)
        var payload: [UInt8] = []
        for (name, value) in settings { payload += RawHTTP2.bytes(name, 2) + RawHTTP2.bytes(value, 4) }
        var bytes = RawHTTP2.preface + RawHTTP2.frame(.settings, payload: payload)
        if windowBytes > 0 { bytes += RawHTTP2.frame(.windowUpdate, payload: RawHTTP2.bytes(windowBytes, 4)) }
        try connection.send(bytes)
    }

    // MARK: - Sending

    static func frame(_ kind: Kind, flags: UInt8 = 0, stream: Int = 0, payload: [UInt8] = []) -> [UInt8] {
        bytes(payload.count, 3) + [kind.rawValue, flags] + bytes(stream, 4) + payload
    }

    static func headers(_ stream: Int, _ fields: [(String, String)], end: Bool) -> [UInt8] {
        var block: [UInt8] = []
        for (name, value) in fields { block += [0] + text(name) + text(value) }
        var bytes: [UInt8] = []
        var kind = Kind.headers
        repeat {
            let piece = Array(block.prefix(16_384))
            block.removeFirst(piece.count)
            let flags: UInt8 = (block.isEmpty ? 4 : 0) | (end && kind == .headers ? 1 : 0)
            bytes += frame(kind, flags: flags, stream: stream, payload: piece)
            kind = .continuation
        } while !block.isEmpty
        return bytes
    }

    static func data(_ stream: Int, _ bytes: [UInt8], end: Bool) -> [UInt8] {
        frame(.data, flags: end ? 1 : 0, stream: stream, payload: bytes)
    }

    /// The fields of a usual request.
    static func request(
        _ method: String = "GET", _ path: String, _ more: [(String, String)] = []
    ) -> [(String, String)] {
        [(":method", method), (":scheme", "https"), (":authority", "portico"), (":path", path)] + more
    }

    func send(_ bytes: [UInt8]) throws { try connection.send(bytes) }

    func sendRequest(
        _ stream: Int, _ method: String = "GET", _ path: String, _ more: [(String, String)] = [], end: Bool = true
    ) throws {
        try send(RawHTTP2.headers(stream, RawHTTP2.request(method, path, more), end: end))
    }

    func sendData(_ stream: Int, _ text: String, end: Bool) throws {
        try send(RawHTTP2.data(stream, Array(text.utf8), end: end))
    }

    func sendReset(_ stream: Int, code: Int = 8) throws {
        try send(RawHTTP2.frame(.reset, stream: stream, payload: RawHTTP2.bytes(code, 4)))
    }

    func sendWindow(_ stream: Int, _ count: Int) throws {
        try send(RawHTTP2.frame(.windowUpdate, stream: stream, payload: RawHTTP2.bytes(count, 4)))
    }

    // MARK: - Reading

    /// The next frame. Confirms settings and pings.
    func next() throws -> Frame {
        let head = try connection.readBytes(9)
        guard let kind = Kind(rawValue: head[3]) else { throw TestSupportError("frame of type \(head[3])") }
        let frame = Frame(
            kind: kind, flags: head[4], stream: RawHTTP2.number(head[5...]),
            payload: try connection.readBytes(RawHTTP2.number(head[..<3])))
        switch kind {
        case .settings where !frame.isAcknowledgement:
            for place in stride(from: 0, to: frame.payload.count, by: 6) {
                let name = RawHTTP2.number(frame.payload[place..<place + 2])
                settings[name] = RawHTTP2.number(frame.payload[(place + 2)..<(place + 6)])
            }
            try? send(RawHTTP2.frame(.settings, flags: 1))
        case .ping where !frame.isAcknowledgement:
            try? send(RawHTTP2.frame(.ping, flags: 1, payload: frame.payload))
        case .goAway:
            goAways.append(frame)
        default: break
        }
        try note(frame)
        return frame
    }

    private func note(_ frame: Frame) throws {
        switch frame.kind {
        case .headers:
            guard frame.flags & 4 != 0 else { throw TestSupportError("a head in several frames") }
            var block = ByteBuffer(bytes: frame.payload)
            let fields = try decoder.decodeHeaders(from: &block).map { (name: $0.name, value: $0.value) }
            if let status = fields.first?.value, status.hasPrefix("1"), !frame.endsStream {
                answers[frame.stream, default: Answer()].interim.append(status)
                return
            }
            answers[frame.stream, default: Answer()].fields += fields
        case .data:
            answers[frame.stream, default: Answer()].body += frame.payload
            answers[frame.stream, default: Answer()].pieces.append(frame.payload.count)
        case .reset:
            answers[frame.stream, default: Answer()].reset = frame.code
        default: break
        }
        if frame.endsStream { answers[frame.stream, default: Answer()].isWhole = true }
    }

    /// Reads until that stream's answer is whole or reset.
    func answer(_ stream: Int) throws -> Answer {
        while true {
            if let answer = answers[stream], answer.isWhole || answer.reset != nil { return answer }
            _ = try next()
        }
    }

    /// What there is of a stream's answer.
    func soFar(_ stream: Int) -> Answer { answers[stream] ?? Answer() }

    /// Reads until such a frame comes.
    @discardableResult
    func wait(for kind: Kind, where isIt: (Frame) -> Bool = { _ in true }) throws -> Frame {
        while true {
            let frame = try next()
            if frame.kind == kind, isIt(frame) { return frame }
        }
    }

    /// Reads all frames until the server closes; a reset of the connection counts as that.
    func readToEnd() throws {
        do {
            while true { _ = try next() }
        } catch let error as TestSupportError
            where error.description.contains("closed") || error.description.contains("reset")
        {}
    }

    /// One request and its answer.
    func get(_ stream: Int, _ path: String, _ more: [(String, String)] = []) throws -> Answer {
        try sendRequest(stream, "GET", path, more)
        return try answer(stream)
    }

    static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    /// A text of HPACK without Huffman coding. *Source:* RFC 7541, section 5.
    private static func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var length: [UInt8] = [127]
        var rest = bytes.count - 127
        while rest >= 128 {
            length.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }
}

// Hot: once per read and per frame. Allocates: the library's frames.

import NIOCore
import NIOWebSocket

/// NIOWebSocket's decoder behind ``ClientFrameRules``: it gets no frame that is refused.
///
/// By itself it would take lengths that are not in their shortest form, and wait for payloads in vain.
final class ClientFrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = WebSocketFrame

    private let decoder = WebSocketFrameDecoder(maxFrameSize: ClientFrameRules.longestFrame)
    private var rules: ClientFrameRules

    init(takesBinary: Bool) { rules = ClientFrameRules(takesBinary: takesBinary) }

    /// Throws: ``WebSocketViolation``, after which nothing is read any more.
    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        switch rules.judge(buffer) {
        case .incomplete: return .needMoreData
        case .refused(let code): throw WebSocketViolation(code: code)
        case .allowed: break
        }
        let state = try decoder.decode(context: context, buffer: &buffer)
        if case .continue = state { rules.didReadFrame() }
        return state
    }
}

/// A client did what it may not.
struct WebSocketViolation: Error {
    /// What the connection ends with. Source: RFC 6455, section 7.4.1.
    let code: Int
}

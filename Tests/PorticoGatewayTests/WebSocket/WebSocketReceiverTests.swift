import NIOCore
import Testing

@testable import PorticoGateway

/// Source: RFC 6455, sections 5 and 8.1.
@Suite("What frames mean")
struct WebSocketReceiverTests {
    private static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isLast: Bool = true, mask: [UInt8] = [1, 2, 3, 4]
    ) -> [UInt8] {
        var frame = SentFrame(opcode, payload).masked(mask)
        frame.isLast = isLast
        return frame.bytes
    }

    /// Words for what is to be done with one frame.
    private static func read(_ reader: FrameReader, _ frame: [UInt8]) -> String {
        reader.read(frame).map(text).joined(separator: ", ")
    }

    private static func text(_ action: WebSocketReceiver.Action) -> String {
        switch action {
        case .none: "none"
        case .message(let payload, let isBinary): "\(isBinary ? "bytes" : "text") \(Array(payload.readableBytesView))"
        case .ping(let payload): "ping \(Array(payload.readableBytesView))"
        case .close(let payload): "close \(WebSocketEnding(closePayload: payload).code)"
        case .fail(let code): "fail \(code)"
        }
    }

    @Test("a text of any characters comes together, however it is cut")
    func cuts() throws {
        let text = Array("aé€𝄞\u{0}z\u{FFFD}\u{10FFFF}".utf8)
        for first in 0...text.count {
            for second in first...text.count {
                let reader = FrameReader(takesBinary: false)
                let parts = [text[..<first], text[first..<second], text[second...]].map { Array($0) }
                equal(Self.read(reader, Self.frame(1, parts[0], isLast: false)), "")
                equal(Self.read(reader, Self.frame(9, [7])), "ping [7]")
                equal(Self.read(reader, Self.frame(0, parts[1], isLast: false)), "")
                equal(Self.read(reader, Self.frame(0, parts[2])), "text \(text)")
            }
        }
    }

    @Test("a byte that cannot go on fails at once, in whichever fragment it is")
    func failsFast() throws {
        for bad: [UInt8] in [
            [0x80], [0xC1], [0xF5], [0xE0, 0x9F], [0xED, 0xA0], [0xF0, 0x8F], [0xF4, 0x90], [0xE2, 0x28], [0xC3, 0xC3],
            [0xF0, 0x9D, 0x28], [0xFF],
        ] {
            for cut in 0..<bad.count {
                let reader = FrameReader(takesBinary: false)
                let first = Self.read(reader, Self.frame(1, [0x61] + bad[..<cut], isLast: false))
                equal(first, "", "\(bad) \(cut)")
                let second = Self.read(reader, Self.frame(0, Array(bad[cut...]), isLast: false))
                equal(second, "fail 1007", "\(bad) \(cut)")
            }
        }
    }

    @Test("a text that ends within a character fails at its end")
    func unfinished() throws {
        for bytes: [UInt8] in [[0xC3], [0xE2, 0x82], [0xF0, 0x9D, 0x84], [0xF4, 0x8F]] {
            let reader = FrameReader(takesBinary: false)
            equal(Self.read(reader, Self.frame(1, bytes, isLast: false)), "", "\(bytes)")
            equal(Self.read(reader, Self.frame(0, [])), "fail 1007", "\(bytes)")
        }
    }

    @Test("bytes are no text, and are not looked at")
    func binary() throws {
        let reader = FrameReader(takesBinary: true)
        equal(Self.read(reader, Self.frame(2, [0xFF, 0x80], isLast: false)), "")
        equal(Self.read(reader, Self.frame(0, [0xC0])), "bytes [255, 128, 192]")
        equal(Self.read(reader, Self.frame(1, [0x61])), "text [97]")
    }

    @Test("every length is unmasked as it was masked")
    func masks() throws {
        for length in 0..<40 {
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) & 0x7F }
            let reader = FrameReader(takesBinary: false)
            let action = Self.read(reader, Self.frame(1, payload, mask: [0xFF, 0x00, 0xA5, 0x3C]))
            equal(action, "text \(payload)")
        }
    }

    @Test("close codes are those that a client may send")
    func codes() {
        let allowed = (0...65_535).filter(WebSocketReceiver.isCode)
        #expect(
            allowed == [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014] + Array(3000...4999))
    }

    @Test("waiting messages come in their order, with their kind")
    func waiting() throws {
        var messages = WaitingMessages()
        #expect(messages.isEmpty)
        for number in 0..<100 {
            messages.add(ByteBuffer(repeating: UInt8(number), count: number), isBinary: number % 3 == 0)
        }
        for number in 0..<100 {
            let next = messages.next()
            let (payload, isBinary) = try #require(next)
            #expect(payload == ByteBuffer(repeating: UInt8(number), count: number))
            #expect(isBinary == (number % 3 == 0))
            if number % 10 == 0 { messages.add(ByteBuffer(), isBinary: false) }
        }
        for _ in 0..<10 {
            let next = messages.next()
            #expect(next?.0.readableBytes == 0)
        }
        let none = messages.next()
        #expect(none == nil && messages.isEmpty)
    }

    @Test("ids tell their worker, and are read back")
    func ids() throws {
        var identifiers = IdentifierGenerator()
        var seen: Set<ConnectionID> = []
        for worker in 0..<256 {
            for _ in 0..<20 {
                let id = ConnectionID(worker: worker, &identifiers)
                #expect(id.worker == worker)
                var text = id.text
                #expect(text.utf8.count == 16 && text.hasSuffix("="))
                let read = text.withUTF8 { ConnectionID(UnsafeRawBufferPointer($0)) }
                #expect(read == id)
                #expect(seen.insert(id).inserted)
            }
        }
        for text in ["", "=", "L0SM9cOFvHcCIh==", "L0SM9cOFvHcCIhw", "L0SM9cOFvHcCIhw==", "L0SM9cOFvHcCI w="] {
            var text = text
            #expect(text.withUTF8 { ConnectionID(UnsafeRawBufferPointer($0)) } == nil, "\(text)")
        }
    }
}

// Hot: once per call of a backend. Allocates: nothing but what the arena grows.

internal import PorticoPrograms

/// `X-Amzn-Trace-Id`: the caller's Root, Parent and Sampled are kept, missing parts are made.
///
/// Source: reference, "X-Ray" (9.4).
enum TraceID {
    /// Makes the field's value in the exchange's arena.
    static func make(_ exchange: Exchange) -> Range<Int> {
        if exchange.trace.isOn {
            let start = exchange.arena.count
            exchange.trace.appendHeader(to: exchange.arena)
            return start..<exchange.arena.count
        }
        let incoming = exchange.headerValue(.amznTraceID) ?? StaticBytes.empty.bytes
        let root = member("Root", of: incoming)
        let parent = member("Parent", of: incoming)
        let sampled = member("Sampled", of: incoming)
        let arena = exchange.arena
        let start = arena.count
        appendRoot(root, exchange)
        arena.append(";Parent=")
        if let parent {
            arena.append(parent)
        } else {
            let random = exchange.worker.identifiers.next()
            hex(random, into: arena)
            hex(random &>> 32, into: arena)
        }
        arena.append(";Sampled=")
        if let sampled { arena.append(sampled) } else { arena.append(parent == nil ? "0" : "1") }
        return start..<arena.count
    }

    /// Makes the value that HTTP APIs pass on: the caller's own members, and a root if it has none. Source: reference 1.3,
    /// the event's example.
    static func makeRoute(_ exchange: Exchange) -> Range<Int> {
        if exchange.trace.isOn { return make(exchange) }
        let incoming = exchange.headerValue(.amznTraceID) ?? StaticBytes.empty.bytes
        let arena = exchange.arena
        let start = arena.count
        appendRoot(member("Root", of: incoming), exchange)
        if let parent = member("Parent", of: incoming) {
            arena.append(";Parent=")
            arena.append(parent)
        }
        if let sampled = member("Sampled", of: incoming) {
            arena.append(";Sampled=")
            arena.append(sampled)
        }
        return start..<arena.count
    }

    /// Appends the caller's root, or a new one.
    private static func appendRoot(_ root: UnsafeRawBufferPointer?, _ exchange: Exchange) {
        let arena = exchange.arena
        arena.append("Root=")
        if let root {
            arena.append(root)
            return
        }
        arena.append("1-")
        hex(UInt64(exchange.startMilliseconds / 1000), into: arena)
        arena.append(0x2D)
        let random = exchange.worker.identifiers.next()
        hex(random, into: arena)
        hex(random &>> 32, into: arena)
        hex(exchange.worker.identifiers.next(), into: arena)
    }

    private static func hex(_ value: UInt64, into output: OutputBuffer) {
        output.appendUninitialized(8) { $0.storeBytes(of: IdentifierGenerator.hex8(value), as: UInt64.self) }
    }

    /// Value of `name=value` among members divided by `;`; `nil` if there is none or it has odd characters.
    private static func member(_ name: StaticString, of text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != 0x3B { end &+= 1 }
            let part = trimmingBlanks(UnsafeRawBufferPointer(rebasing: text[start..<end]))
            let length = name.utf8CodeUnitCount
            if part.count > length + 1, part[length] == 0x3D,
                bytesEqual(
                    UnsafeRawBufferPointer(rebasing: part[0..<length]),
                    UnsafeRawBufferPointer(start: name.utf8Start, count: length))
            {
                let value = UnsafeRawBufferPointer(rebasing: part[(length + 1)...])
                let isPlain = value.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x3F: true
                    default: false
                    }
                }
                return isPlain && value.count <= 64 ? value : nil
            }
            start = end &+ 1
        }
        return nil
    }
}

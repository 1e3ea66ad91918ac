// Hot: once per request that is mapped. Allocates: nothing once the worker's buffers have grown.

internal import PorticoPrograms

/// Changes the head that is written for an HTTP backend as `requestParameters` of an HTTP API say.
///
/// The head is the one that would be sent without mappings, so that they change what is there, wherever it comes from.
/// All values are of the request as it came: two mappings do not see each other. Names that are removed or overwritten go
/// first, then come the new values, in the order of the document.
///
/// Source: reference, 1.7.
enum RequestParameterFilter {
    /// - Parameter message: request line and fields, without the blank line behind them.
    static func apply(_ mapping: ServingParameterMapping, _ exchange: Exchange, to message: OutputBuffer) {
        let steps = mapping.request
        guard !steps.isEmpty else { return }
        let scratch = exchange.worker.mapping
        scratch.evaluate(steps, exchange)
        let head = scratch.head
        head.reset()
        let bytes = message.bytes
        guard let lineEnd = HeadLines.end(of: bytes, from: 0), let verbEnd = bytes.firstIndex(of: 0x20) else { return }
        let line = UnsafeRawBufferPointer(rebasing: bytes[..<lineEnd])
        guard let targetEnd = line.lastIndex(of: 0x20), targetEnd > verbEnd else { return }
        head.append(UnsafeRawBufferPointer(rebasing: line[...verbEnd]))
        writeTarget(UnsafeRawBufferPointer(rebasing: line[(verbEnd &+ 1)..<targetEnd]), steps, scratch)
        head.append(UnsafeRawBufferPointer(rebasing: line[targetEnd...]))
        scratch.appendFields(UnsafeRawBufferPointer(rebasing: bytes[lineEnd...]), changedBy: steps)
        message.truncate(to: 0)
        message.append(head.bytes)
    }

    private static func writeTarget(
        _ target: UnsafeRawBufferPointer, _ steps: [ServingParameterStep], _ scratch: MappingScratch
    ) {
        let head = scratch.head
        let mark = target.firstIndex(of: 0x3F) ?? target.count
        var isOverwritten = false
        for (position, step) in steps.enumerated()
        where step.target == .path && scratch.acts(step, at: position) && !isOverwritten {
            isOverwritten = true
            let path = scratch.value(position)
            if path.first != 0x2F { head.append(0x2F) }
            RawPath.append(path, into: head)
        }
        if !isOverwritten { head.append(UnsafeRawBufferPointer(rebasing: target[..<mark])) }

        var separator: UInt8 = 0x3F
        var place = mark &+ 1
        while place < target.count {
            let end = target[place...].firstIndex(of: 0x26) ?? target.count
            let parameter = UnsafeRawBufferPointer(rebasing: target[place..<end])
            place = end &+ 1
            let name = UnsafeRawBufferPointer(
                rebasing: parameter[..<(parameter.firstIndex(of: 0x3D) ?? parameter.count)])
            if scratch.replaces(.querystring, in: steps, { isSame(name, as: $0) }) { continue }
            head.append(separator)
            separator = 0x26
            head.append(parameter)
        }
        for (position, step) in steps.enumerated()
        where step.target == .querystring && step.operation != .remove && scratch.acts(step, at: position) {
            head.append(separator)
            separator = 0x26
            PercentText.appendEncoded(step.name.bytes, .component, into: head)
            head.append(0x3D)
            PercentText.appendEncoded(scratch.value(position), .component, into: head)
        }
    }

    /// Whether a name as a query has it is that one; case counts.
    private static func isSame(_ written: UnsafeRawBufferPointer, as name: UnsafeRawBufferPointer) -> Bool {
        guard PercentText.needsDecoding(written, plusIsBlank: true) else { return bytesEqual(written, name) }
        // Escapes in names are rare: they cost a buffer.
        let decoded = OutputBuffer(capacity: written.count)
        PercentText.appendDecoded(written, plusIsBlank: true, into: decoded)
        return bytesEqual(decoded.bytes, name)
    }
}

// Hot: once per answer that is mapped. Allocates: nothing once the worker's buffers have grown.

internal import PorticoPrograms

/// Changes an answer as `responseParameters` of an HTTP API say for the status of the backend's answer.
///
/// The answer stands in the worker's output as it would be sent; mappings read it there, and its head is written anew.
///
/// Source: reference, 1.7.
enum ResponseParameterFilter {
    static func apply(_ mapping: ServingParameterMapping, _ exchange: Exchange) {
        guard let steps = mapping.steps(ofStatus: exchange.answerStatus) else { return }
        let worker = exchange.worker
        let output = worker.output
        guard exchange.answerStart <= exchange.headEnd, exchange.headEnd <= exchange.bodyStart,
            exchange.bodyStart <= output.count
        else { return }
        let scratch = worker.mapping
        scratch.evaluate(steps, exchange)
        let status = status(steps, scratch) ?? exchange.answerStatus
        let head = scratch.head
        head.reset()
        head.append(HTTPStatus.lineBytes(status))
        let bytes = output.bytes
        let own = UnsafeRawBufferPointer(rebasing: bytes[exchange.answerStart..<exchange.headEnd])
        let lineEnd = HeadLines.end(of: own, from: 0) ?? own.count
        scratch.appendFields(UnsafeRawBufferPointer(rebasing: own[lineEnd...]), changedBy: steps)
        let headEnd = head.count
        let rest = UnsafeRawBufferPointer(rebasing: bytes[exchange.headEnd..<exchange.bodyStart])
        let hadNoBody = HTTPStatus.hasNoBody(exchange.answerStatus)
        let hasNoBody = HTTPStatus.hasNoBody(status)
        appendGatewayLines(rest, into: head, dropsLength: hasNoBody, addsLength: hadNoBody && !hasNoBody)
        let bodyStart = head.count
        if !hasNoBody { head.append(UnsafeRawBufferPointer(rebasing: bytes[exchange.bodyStart...])) }
        output.truncate(to: exchange.answerStart)
        output.append(head.bytes)
        exchange.headEnd = exchange.answerStart &+ headEnd
        exchange.bodyStart = exchange.answerStart &+ bodyStart
        if hasNoBody { exchange.answerLength = 0 }
        if status != exchange.answerStatus {
            worker.recount(from: exchange.answerStatus, to: status)
            exchange.answerStatus = status
        }
    }

    /// Lines that the gateway writes about the answer, with the blank line; the length follows the status.
    private static func appendGatewayLines(
        _ lines: UnsafeRawBufferPointer, into head: OutputBuffer, dropsLength: Bool, addsLength: Bool
    ) {
        let length: StaticString = "content-length"
        var place = 0
        while let end = HeadLines.end(of: lines, from: place) {
            let line = UnsafeRawBufferPointer(rebasing: lines[place..<end])
            place = end
            if addsLength, line.count == 2 { head.append("Content-Length: 0\r\n") }
            if dropsLength, bytesEqualIgnoringCase(HeadLines.name(line), length.signedBytes) { continue }
            head.append(line)
        }
    }

    /// The status that a mapping gives; `nil` for none, and for what is no status of a final answer.
    private static func status(_ steps: [ServingParameterStep], _ scratch: MappingScratch) -> Int? {
        for (position, step) in steps.enumerated() where step.target == .statusCode {
            let text = scratch.value(position)
            guard text.count == 3 else { continue }
            var status = 0
            for byte in text {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                status = status &* 10 &+ Int(byte &- 0x30)
            }
            return status >= 200 && status <= 599 ? status : nil
        }
        return nil
    }
}

// Hot: once per request or answer that is mapped. Allocates: nothing once its buffers have grown.

internal import PorticoPrograms

/// Values of the mappings under way, and the head that comes of them. One worker owns it.
final class MappingScratch {
    /// The values, one after another.
    private let text = OutputBuffer(capacity: 512)
    private var values = ContiguousArray<Range<Int>>()
    /// What is made of a head.
    let head = OutputBuffer(capacity: 2048)

    /// Makes the values of all steps, before anything is changed that they read.
    func evaluate(_ steps: [ServingParameterStep], _ exchange: Exchange) {
        text.reset()
        values.removeAll(keepingCapacity: true)
        for step in steps {
            let start = text.count
            if step.operation != .remove { exchange.append(step.value, into: text) }
            values.append(start..<text.count)
        }
    }

    /// The value of the step at that position; valid until the next evaluation.
    @inline(__always)
    func value(_ position: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text.bytes[values[position]])
    }

    /// Whether the step at that position does something. Source: reference, 1.7: without a value a mapping is skipped.
    /// Unconfirmed: that this is what AWS does.
    @inline(__always)
    func acts(_ step: ServingParameterStep, at position: Int) -> Bool {
        step.operation == .remove || !values[position].isEmpty
    }

    /// Whether what is there of that name goes: it is removed or overwritten.
    func replaces(
        _ target: ParameterStep.Target, in steps: [ServingParameterStep], _ isName: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        for (position, step) in steps.enumerated()
        where step.target == target && step.operation != .append && acts(step, at: position) && isName(step.name.bytes)
        {
            return true
        }
        return false
    }

    /// Appends those lines of `fields` that stay, and then those that come.
    func appendFields(_ fields: UnsafeRawBufferPointer, changedBy steps: [ServingParameterStep]) {
        var place = 0
        while let end = HeadLines.end(of: fields, from: place) {
            let line = UnsafeRawBufferPointer(rebasing: fields[place..<end])
            let name = HeadLines.name(line)
            if !replaces(.header, in: steps, { bytesEqualIgnoringCase($0, name) }) { head.append(line) }
            place = end
        }
        for (position, step) in steps.enumerated()
        where step.target == .header && step.operation != .remove && acts(step, at: position) {
            ResponseWriter.header(head, step.name.bytes, value(position))
        }
    }
}

/// Lines of a head that the gateway itself has written.
enum HeadLines {
    /// Where the line that begins at `start` ends, behind its line end; `nil` if there is none.
    static func end(of head: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var place = start
        while place < head.count {
            if head[place] == 0x0A { return place &+ 1 }
            place &+= 1
        }
        return nil
    }

    /// What stands before the colon.
    static func name(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: line[..<(line.firstIndex(of: 0x3A) ?? 0)])
    }

    /// What stands behind the colon, without blanks and line end.
    static func value(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = (line.firstIndex(of: 0x3A) ?? line.count &- 1) &+ 1
        var end = line.count
        while start < end, line[start] == 0x20 || line[start] == 0x09 { start &+= 1 }
        while end > start, line[end &- 1] <= 0x20 { end &-= 1 }
        return UnsafeRawBufferPointer(rebasing: line[start..<end])
    }
}

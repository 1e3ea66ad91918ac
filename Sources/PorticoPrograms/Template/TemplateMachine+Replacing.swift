// Hot: once per `replace`, `split` or `join`. Allocates: the result, and a pattern at its first use.

/// Methods of strings that take strings apart and put them together.
extension TemplateMachine {
    /// Ends the run when a text under construction is larger than all that it may use.
    private func checkOutput(_ output: OutputBuffer) {
        if output.count > TemplateHeap.maximumBytes / 2 { fail("text is too large") }
    }

    func replace(
        _ object: UnsafeRawBufferPointer, _ from: UnsafeRawBufferPointer, _ to: UnsafeRawBufferPointer
    ) -> TemplateValue {
        TemplateValue(
            text { output in
                var place = 0
                if from.isEmpty {
                    // Between all code units.
                    output.append(to)
                    while place < object.count {
                        let length = UTF16Text.scalar(object, at: place).length
                        output.append(UnsafeRawBufferPointer(rebasing: object[place..<place + length]))
                        output.append(to)
                        place += length
                        checkOutput(output)
                        if failed { return }
                    }
                    return
                }
                while let found = Self.find(from, in: object, from: place) {
                    output.append(UnsafeRawBufferPointer(rebasing: object[place..<found]))
                    output.append(to)
                    place = found + from.count
                    checkOutput(output)
                    if failed { return }
                }
                output.append(UnsafeRawBufferPointer(rebasing: object[place...]))
            })
    }

    /// The compiled pattern, kept for later runs.
    func pattern(_ bytes: UnsafeRawBufferPointer) -> Pattern? {
        let text = String(decoding: bytes, as: UTF8.self)
        if let known = patterns[text] { return known }
        charge(1000)
        switch Pattern.compile(text) {
        case .success(let pattern):
            if patterns.count >= Self.keptComputed { patterns.removeAll() }
            patterns[text] = pattern
            return pattern
        case .failure(let problem):
            fail("PatternSyntaxException: \(problem.message) near index \(problem.offset)")
            return nil
        }
    }

    func replace(
        _ object: UnsafeRawBufferPointer, pattern text: UnsafeRawBufferPointer, _ replacement: UnsafeRawBufferPointer,
        first: Bool
    ) -> TemplateValue {
        guard let pattern = pattern(text) else { return .null }
        charge(object.count >> 2)
        guard staysSmall(object, pattern, replacement) else { return fail("result of replaceAll is too large") }
        var outcome = PatternEditOutcome.done
        let result = self.text { output in
            outcome =
                first
                ? matcher.replaceFirst(pattern, object, with: replacement, into: output)
                : matcher.replaceAll(pattern, object, with: replacement, into: output)
        }
        return edited(outcome) ? TemplateValue(result) : .null
    }

    /// Whether replacing cannot make more than a run may use. Counts the matches only when they could matter.
    private func staysSmall(
        _ object: UnsafeRawBufferPointer, _ pattern: Pattern, _ replacement: UnsafeRawBufferPointer
    ) -> Bool {
        let groups = replacement.filter { $0 == UInt8(ascii: "$") }.count
        let limit = TemplateHeap.maximumBytes / 2
        if (object.count + 1) * (replacement.count + groups * object.count + 1) <= limit { return true }
        var total = object.count
        var place = 0
        while place <= object.count, matcher.find(pattern, object, from: place) == .match, let match = matcher.range() {
            let longest = groups == 0 ? 0 : (0...pattern.groupCount).map { matcher.range($0)?.count ?? 0 }.max() ?? 0
            total += replacement.count + groups * longest
            if total > limit { return false }
            place = match.isEmpty ? match.upperBound + 1 : match.upperBound
            while place < object.count, object[place] & 0xC0 == 0x80 { place += 1 }
        }
        return true
    }

    private func edited(_ outcome: PatternEditOutcome) -> Bool {
        if case .done = outcome { return true }
        fail(
            outcome == .limitExceeded
                ? "pattern takes too many steps"
                : "IllegalArgumentException: illegal group reference in the replacement")
        return false
    }

    func split(_ object: UnsafeRawBufferPointer, _ separator: UnsafeRawBufferPointer, limit: Int)
        -> TemplateValue
    {
        guard let pattern = pattern(separator) else { return .null }
        charge(object.count >> 2)
        var parts: [Range<Int>] = []
        guard edited(matcher.split(pattern, object, limit: limit, into: &parts)) else { return .null }
        let list = heap.newCells(.array, capacity: parts.count)
        for part in parts { heap.append(TemplateValue(UnsafeRawBufferPointer(rebasing: object[part])), to: list) }
        charge(parts.count)
        checkMemory()
        return TemplateValue(.list, handle: list)
    }

    private func isList(_ value: TemplateValue) -> Bool {
        switch value.tag {
        case .list: heap.cells[value.handle].kind != .entry
        case .json: tapes[Int(value.length)].kind(value.handle) == .array
        default: false
        }
    }

    /// `String.join(separator, parts)`
    func joined(_ arguments: TemplateArguments) -> TemplateValue {
        let list = resolved(arguments[1])
        let areTexts =
            (arguments.count > 2 || !list.isNull)
            && arguments.dropFirst().allSatisfy { $0.isNull || stringBytes($0) != nil }
        guard areTexts || arguments.count == 2 && isList(list) else { return .null }
        guard let separator = stringBytes(arguments[0]) else { return arguments[0].isNull ? nullArgument() : .null }
        return TemplateValue(
            text { output in
                if areTexts {
                    for (place, part) in arguments.dropFirst().enumerated() {
                        if place > 0 { output.append(separator) }
                        output.append(textBytes(part))
                    }
                    return
                }
                let cells = listCells(list)
                for place in 0..<heap.cells[cells].count {
                    if place > 0 { output.append(separator) }
                    let element = heap.element(cells, place)
                    guard element.isNull || stringBytes(element) != nil else {
                        fail("ClassCastException: join takes texts only")
                        return
                    }
                    output.append(textBytes(element))
                    charge(1)
                    checkOutput(output)
                    if failed { return }
                }
            })
    }
}

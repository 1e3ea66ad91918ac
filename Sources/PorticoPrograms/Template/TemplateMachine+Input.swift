// Hot: once per use of `$input`. Allocates: a tape's nodes for the first body that needs more.

/// `$input` and `$util.parseJson`.
extension TemplateMachine {
    /// Texts that one run may parse.
    private static let maximumTapes = 2000
    /// Paths and patterns computed at run time that are kept.
    static let keptComputed = 256

    private static var emptyObject: UnsafeRawBufferPointer {
        let text: StaticString = "{}"
        return UnsafeRawBufferPointer(start: text.utf8Start, count: 2)
    }

    private static var emptyQuotes: TemplateValue {
        let text: StaticString = "\"\""
        return TemplateValue(UnsafeRawBufferPointer(start: text.utf8Start, count: 2))
    }

    /// `$input.body`; an empty body reads as `{}`. *Source:* recorded.
    func bodyText() -> TemplateValue { TemplateValue(input.body.isEmpty ? Self.emptyObject : input.body) }

    /// Parses the body once; false when it is no JSON.
    private func parseBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if bodyState == .unread {
            charge(bytes.count >> 5)
            bodyState = tapes[0].parse(bytes) == .ok ? .parsed : .notJSON
            refreshView(0)
        }
        return bodyState == .parsed
    }

    /// `$input.path(...)`: `null` when nothing is there or the body is empty or no JSON.
    func select(_ path: borrowing JSONPath) -> TemplateValue {
        guard !input.body.isEmpty, parseBody(input.body) else { return .null }
        let tape = tapes[0]
        if path.shape == .value {
            chargeSearch(tape)
            return path.first(tape).map { nodeValue($0, tape: 0) } ?? .null
        }
        var work = JSONPathWork(tape)
        let answer = path.answer(tape, from: 0, &work)
        charge(work.spent)
        switch answer {
        case .none: return .null
        case .node(let node): return nodeValue(node, tape: 0)
        case .list(let nodes):
            let list = heap.newCells(.json, capacity: nodes.count)
            for node in nodes { heap.append(nodeValue(node, tape: 0), to: list) }
            charge(nodes.count)
            checkMemory()
            return TemplateValue(.list, handle: list)
        case .object(let nodes):
            let map = heap.newCells(.json, capacity: nodes.count * 2)
            for node in nodes { _ = put(map, keyValue(node - 1, tape: 0), nodeValue(node, tape: 0)) }
            return TemplateValue(.map, handle: map)
        case .names(let nodes):
            let list = heap.newCells(.json, capacity: nodes.count)
            for node in nodes { heap.append(keyValue(node, tape: 0), to: list) }
            return TemplateValue(.list, handle: list)
        case .integer(let value): return TemplateValue(fitting: Int64(value))
        case .double(let value): return TemplateValue(value)
        }
    }

    /// `$input.json(...)`: JSON text; two quotes when nothing is there or the body is no JSON.
    func selectJSON(_ path: borrowing JSONPath) -> TemplateValue {
        // Observed: the pass-through template sends `{}` for a request without a body.
        let body = input.body.isEmpty ? Self.emptyObject : input.body
        guard parseBody(body) else { return Self.emptyQuotes }
        charge(1)
        if path.shape == .value, !hasReplaced {
            let tape = tapes[0]
            chargeSearch(tape)
            guard let node = path.first(tape) else { return Self.emptyQuotes }
            return TemplateValue(text { tape.emit(node, into: $0) })
        }
        var found = false
        let json = text { output in
            if !hasReplaced {
                var work = JSONPathWork(tapes[0])
                let answer = path.answer(tapes[0], from: 0, &work)
                charge(work.spent)
                found = path.emit(answer, tapes[0], into: output)
            } else if let node = path.first(tapes[0]) {
                // What the template has changed shows.
                found = true
                appendJSON(nodeValue(node, tape: 0), into: output)
            }
        }
        return found ? TemplateValue(json) : Self.emptyQuotes
    }

    /// Counts the search for a member of a large body, which loops may repeat.
    private func chargeSearch(_ tape: JSONTape) { charge(tape.count >> 6) }

    func select(computed argument: TemplateValue) -> TemplateValue {
        guard let path = computedPath(argument) else { return .null }
        return select(path)
    }

    func selectJSON(computed argument: TemplateValue) -> TemplateValue {
        guard let path = computedPath(argument) else { return .empty }
        return selectJSON(path)
    }

    private func computedPath(_ argument: TemplateValue) -> JSONPath? {
        guard let bytes = stringBytes(argument) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        if let known = computedPaths[text] { return known }
        switch JSONPath.compile(text) {
        case .success(let path):
            if computedPaths.count >= Self.keptComputed { computedPaths.removeAll() }
            computedPaths[text] = path
            charge(bytes.count)
            return path
        case .failure(let problem):
            fail("InvalidPathException: \(problem.message): '\(text)'")
            return nil
        }
    }

    /// `$util.parseJson(...)`: what `$input.path('$')` would give.
    func parseJSON(_ argument: TemplateValue) -> TemplateValue {
        let bytes = stringBytes(argument) ?? textBytes(argument)
        guard !bytes.isEmpty, !argument.isNull else { return .null }
        guard usedTapes < Self.maximumTapes else { return fail("template parses more than \(Self.maximumTapes) texts") }
        charge(bytes.count >> 5)
        let tape = spareTape()
        switch tape.parse(bytes) {
        case .ok:
            usedTapes += 1
            refreshView(usedTapes - 1)
            return nodeValue(tape.root, tape: usedTapes - 1)
        case .failed(let offset, let reason): return fail("$util.parseJson: \(reason.message) at byte \(offset)")
        }
    }

    // MARK: Parameters

    private func list(_ kind: Int) -> UnsafeBufferPointer<NamedBytes> {
        switch TemplateParameterKind(rawValue: UInt8(truncatingIfNeeded: kind)) {
        case .path?: input.pathParameters
        case .querystring?: input.queryParameters
        default: input.headers
        }
    }

    /// The parameter of that name in one of the three lists; the last one counts. Names are case-sensitive.
    func parameter(_ name: UnsafeRawBufferPointer, _ kind: Int) -> TemplateValue? {
        if parameterMaps[kind] >= 0 {
            // The template may have changed the map.
            let map = parameterMaps[kind]
            return find(map, TemplateValue(name)).map { heap.element(map, $0 + 1) }
        }
        let list = list(kind)
        var place = list.count - 1
        while place >= 0 {
            let entry = list[place]
            if entry.name.count == name.count && bytesEqual(entry.name, name) { return TemplateValue(entry.value) }
            place -= 1
        }
        return nil
    }

    /// `$input.params(name)`: path, then query, then header; empty when absent.
    func parameter(_ name: UnsafeRawBufferPointer) -> TemplateValue {
        for kind in 0..<3 {
            if let value = parameter(name, kind) { return value }
        }
        return .empty
    }

    func parameter(of argument: TemplateValue) -> TemplateValue {
        guard let name = stringBytes(argument) else { return .empty }
        return parameter(name)
    }

    /// One of the three maps, made at its first use.
    func parameterMap(_ kind: Int) -> Int {
        if parameterMaps[kind] >= 0 { return parameterMaps[kind] }
        let list = list(kind)
        let map = heap.newCells(capacity: list.count * 2)
        for entry in list { _ = put(map, TemplateValue(entry.name), TemplateValue(entry.value)) }
        parameterMaps[kind] = map
        return map
    }

    /// `$input.params()`
    func parameters() -> TemplateValue {
        if parameterMaps[3] < 0 {
            let map = heap.newCells(capacity: 6)
            for kind in TemplateParameterKind.allCases {
                let name: StaticString =
                    switch kind {
                    case .path: "path"
                    case .querystring: "querystring"
                    case .header: "header"
                    }
                let key = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
                heap.append(TemplateValue(key), to: map)
                heap.append(TemplateValue(.map, handle: parameterMap(Int(kind.rawValue))), to: map)
            }
            parameterMaps[3] = map
        }
        return TemplateValue(.map, handle: parameterMaps[3])
    }
}

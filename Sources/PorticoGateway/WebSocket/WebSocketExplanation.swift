internal import PorticoIR
internal import PorticoPrograms

extension WebSocketProgram {
    /// How an event finds its route and what happens then, for `portico explain MESSAGE TEXT`, `CONNECT /STAGE` and
    /// `DISCONNECT /STAGE`.
    func explain(_ event: String, _ text: String, in snapshot: DeploymentSnapshot) -> RequestExplanation {
        switch event.uppercased() {
        case "CONNECT": explain(WebSocketRouteProgram.connect, [], in: snapshot)
        case "DISCONNECT": explain(WebSocketRouteProgram.disconnect, [], in: snapshot)
        case "MESSAGE": explain(message: text, in: snapshot)
        default:
            RequestExplanation(
                text:
                    "'\(event)' is no event of a WebSocket API; write MESSAGE and the text of a message, or CONNECT or "
                    + "DISCONNECT and a path", isMatch: false)
        }
    }

    private func explain(message text: String, in snapshot: DeploymentSnapshot) -> RequestExplanation {
        let body = OutputBuffer()
        body.append(text)
        let value = OutputBuffer()
        var lines: [String] = []
        let tape = JSONTape()
        let isJSON = withExtendedLifetime(body) { () -> Bool in
            guard case .ok = tape.parse(body.bytes) else { return false }
            routeSelection.evaluate(MessageAlone(requestTape: tape, text: text), into: value)
            return true
        }
        if !isJSON {
            guard !routeSelection.readsRequestBody else {
                return explain(
                    WebSocketRouteProgram.fallback, ["selection: the message is no JSON, which takes $default"],
                    in: snapshot)
            }
            routeSelection.evaluate(MessageAlone(requestTape: nil, text: text), into: value)
        }
        let key = String(decoding: value.bytes, as: UTF8.self)
        lines.append("selection: \(routeSelection.text) = '\(key)'")
        if !key.hasPrefix("$"), position(ofRoute: key) != nil { return explain(key, lines, in: snapshot) }
        lines.append("  no route '\(key)', which takes $default")
        return explain(WebSocketRouteProgram.fallback, lines, in: snapshot)
    }

    private func explain(
        _ key: String, _ before: [String], in snapshot: DeploymentSnapshot
    ) -> RequestExplanation {
        var lines = before
        guard let position = position(ofRoute: key) else {
            lines.append(
                key == WebSocketRouteProgram.disconnect
                    ? "route: none; nobody hears of it" : "answer: {\"message\": \"Forbidden\"} (no route '\(key)')")
            return RequestExplanation(text: lines.joined(separator: "\n"), isMatch: false)
        }
        let (route, method) = (routes[position], snapshot.methods[position])
        lines.append(
            "route: \(key)" + (method.line > 0 ? ", line \(method.line)" : "")
                + (route.isTwoWay ? ", two-way" : route.isImplied ? ", not declared" : ""))
        lines += snapshot.execution(of: method)
        for model in route.models {
            lines.append("model \(model.key): '\(snapshot.schemas[model.schema].name)'")
        }
        return RequestExplanation(text: lines.joined(separator: "\n"), isMatch: true)
    }
}

/// A message of which nothing is known but its text.
private struct MessageAlone: SelectionInput {
    let requestTape: JSONTape?
    let text: String

    var responseTape: JSONTape? { nil }

    func appendSelectionValue(_ variable: SelectionProgram.Variable, into output: OutputBuffer) {
        if case .requestBody = variable { output.append(text) }
    }
}

// Hot: no, for `portico explain METHOD PATH`. Allocates: text.

/// How a request finds its method, step by step: the search of requests itself, with somebody listening.
struct RouteExplanation: Sendable, Hashable {
    /// One thing that the search did.
    struct Step: Sendable, Hashable {
        var event: RouteEvent
        /// The event as a sentence.
        var text: String
    }

    var steps: [Step]
    var match: RouteMatch?
    /// Names and raw values of the path parameters of the match.
    var parameters: [Parameter]

    /// A path parameter's value, not percent-decoded.
    struct Parameter: Sendable, Hashable {
        var name: String
        var value: String
    }
}

extension RouteTable {
    /// Says how `verb` on `path` (after the stage, without query) finds its method, or why it finds none.
    ///
    /// - Parameter wholeFirst: whether greedy routes come after all others, as in ``matchRoute(_:verb:parameters:)``.
    func explain(_ path: String, verb: RouteVerb, wholeFirst: Bool = false) -> RouteExplanation {
        let parameters = RouteParameters()
        let bytes = Array(path.utf8)
        var observer = RouteRecorder()
        let match = bytes.withUnsafeBytes { path -> RouteMatch? in
            if wholeFirst,
                let match = search(
                    path, verb: verb.rawValue, parameters: parameters, observer: &observer, takesGreedy: false)
            {
                return match
            }
            return search(path, verb: verb.rawValue, parameters: parameters, observer: &observer)
        }
        let steps = observer.events.map {
            RouteExplanation.Step(event: $0, text: sentence($0, verb, bytes))
        }
        var values: [RouteExplanation.Parameter] = []
        if let match {
            for (index, name) in parameterNames(of: Int(match.resource)).enumerated() {
                let value = String(decoding: bytes[parameters[index].range], as: UTF8.self)
                values.append(RouteExplanation.Parameter(name: name, value: value))
            }
        }
        return RouteExplanation(steps: steps, match: match, parameters: values)
    }

    private func sentence(_ event: RouteEvent, _ verb: RouteVerb, _ path: [UInt8]) -> String {
        func quoted(_ span: RouteSpan) -> String { "'\(String(decoding: path[span.range], as: UTF8.self))'" }
        return switch event {
        case .literal(let node, let segment):
            "\(quoted(segment)) is the resource \(resourcePath(of: node))"
        case .noLiteral(let node, let segment):
            "\(quoted(segment)) is no literal child of \(resourcePath(of: node))"
        case .variable(let node, let segment):
            "\(quoted(segment)) is taken as \(segmentText(of: node)) of \(resourcePath(of: node))"
        case .greedy(let node, let value):
            "\(quoted(value)) is taken as \(segmentText(of: node)) of \(resourcePath(of: node))"
        case .closed(let node):
            nodes[node].exactVerbs & (1 << verb.rawValue) == 0
                ? "\(resourcePath(of: node)) is passed over: nothing there or below answers \(verb.name)"
                : "\(resourcePath(of: node)) is passed over: nothing below it is as deep as the path"
        case .lacksVerb(let node):
            "\(resourcePath(of: node)) does not answer \(verb.name): \(declarations(of: node))"
        case .back(let node):
            "back to \(resourcePath(of: node))"
        case .found(let node):
            declaredMethods(of: node).contains { $0.verb == verb }
                ? "\(resourcePath(of: node)) declares \(verb.name)"
                : "\(resourcePath(of: node)) declares ANY, which stands for \(verb.name)"
        }
    }

    private func declarations(of node: Int) -> String {
        let verbs = declaredMethods(of: node).map(\.verb.name)
        return verbs.isEmpty ? "it declares no method" : "it declares \(verbs.joined(separator: ", "))"
    }
}

/// Keeps every event.
struct RouteRecorder: RouteObserver {
    var events: [RouteEvent] = []

    mutating func note(_ event: @autoclosure () -> RouteEvent) {
        events.append(event())
    }
}

internal import FoundationEssentials
internal import PorticoSyntax

// What each function comes to. Source: CloudFormation user guide, one page for each function.
extension IntrinsicResolver {
    /// What a call comes to; `nil` if it is malformed or unsupported, which is then reported.
    mutating func evaluate(_ call: IntrinsicCall) -> IntrinsicValue? {
        switch call.function {
        case .ref: return reference(call)
        case .getAtt: return attribute(call)
        case .sub: return substitute(call)
        case .join: return join(call)
        case .select: return select(call)
        case .split: return split(call)
        case .findInMap: return findInMap(call)
        case .importValue: return importValue(call)
        case .base64: return base64(call)
        case .length: return length(call)
        case .if: return chosenBranch(of: call).flatMap { value($0) }
        case .and, .or, .not, .equals, .condition: return conditionValue(call)
        case .cidr, .getAZs, .toJSONString, .transform:
            report.add(
                Diagnostic(
                    CloudFormationDiagnostics.unsupportedIntrinsic,
                    "'\(call.function.rawValue)' cannot be computed here; the value is left as it is",
                    at: call.node.span))
            return nil
        }
    }

    /// Reports what CloudFormation would refuse.
    mutating func malformed<Result>(_ call: IntrinsicCall, _ expectation: String, at node: Node? = nil) -> Result? {
        report.add(
            Diagnostic(
                CloudFormationDiagnostics.malformedIntrinsic, "'\(call.function.rawValue)' wants \(expectation)",
                at: (node ?? call.argument).span))
        return nil
    }

    /// Text of an argument, if it is one.
    mutating func text(_ node: Node, of call: IntrinsicCall, _ expectation: String) -> ResolvedText? {
        switch value(node) {
        case .text(let text)?: return text
        case .noValue?:
            return ResolvedText(text: PositionedText("", span: node.span))
        case .list?, .node?: return malformed(call, expectation, at: node)
        case nil: return nil
        }
    }

    // MARK: References

    private mutating func reference(_ call: IntrinsicCall) -> IntrinsicValue? {
        guard let scalar = call.argument.scalar, PlaceholderScanner.isName(scalar.text.string) else {
            return malformed(call, "the name of a parameter or resource")
        }
        let name = scalar.text.string
        if name == "AWS::NoValue" { return .noValue }
        if name == "AWS::NotificationARNs", values.given[name] == nil { return .list([]) }
        return found(values.value(name), for: name, at: scalar.text)
    }

    private mutating func attribute(_ call: IntrinsicCall) -> IntrinsicValue? {
        let expectation = "'Name.Attribute' or a list of name and attribute"
        let resource: String
        let attribute: String
        let place: PositionedText
        if let elements = call.argument.sequence {
            guard elements.count == 2, let name = elements[0].scalar?.text,
                let second = text(elements[1], of: call, expectation), !name.string.isEmpty
            else { return malformed(call, expectation) }
            resource = name.string
            attribute = second.text.string
            place = PositionedText("", span: call.argument.span)
        } else {
            guard let text = call.argument.scalar?.text, let dot = text.string.firstIndex(of: "."),
                dot != text.string.startIndex
            else { return malformed(call, expectation) }
            resource = String(text.string[..<dot])
            attribute = String(text.string[text.string.index(after: dot)...])
            place = text
        }
        guard !attribute.isEmpty else { return malformed(call, expectation) }
        return found(values.attribute(attribute, of: resource), for: resource + "." + attribute, at: place)
    }

    private mutating func importValue(_ call: IntrinsicCall) -> IntrinsicValue? {
        guard let name = text(call.argument, of: call, "the name of an export") else { return nil }
        return found(values.value(name.text.string), for: name.text.string, at: name.text)
    }

    private mutating func findInMap(_ call: IntrinsicCall) -> IntrinsicValue? {
        let expectation = "a list of map name, first key and second key"
        guard let elements = call.argument.sequence, elements.count == 3 || elements.count == 4 else {
            return malformed(call, expectation)
        }
        var keys: [ResolvedText] = []
        for element in elements.prefix(3) {
            guard let key = text(element, of: call, expectation) else { return nil }
            keys.append(key)
        }
        let names = keys.map(\.text.string)
        let name = names.joined(separator: ".")
        if let given = values.value(name) { return found(given, for: name, at: keys[0].text) }
        if let node = template.mapped(names[0], names[1], names[2]) {
            return found(.node(node), for: name, at: PositionedText("", span: call.argument.span))
        }
        if elements.count == 4, let fallback = elements[3]["DefaultValue"] { return value(fallback) }
        return found(nil, for: name, at: PositionedText("", span: call.argument.span))
    }

    /// What a look-up found, or the text `${name}` that lacks its value. The text maps to `place`.
    private mutating func found(
        _ value: ParameterValues.Value?, for name: String, at place: PositionedText
    ) -> IntrinsicValue? {
        var builder = PositionedTextBuilder()
        let span = place.string.isEmpty ? place.span : place.span(of: 0..<place.string.utf8.count)
        switch value {
        case .text(let text)?:
            builder.append(text, at: span)
            return .text(ResolvedText(text: builder.text(span: place.span)))
        case .node(let node)?:
            switch node.content {
            case .scalar(let scalar):
                builder.append(scalar.text.string, at: span)
                return .text(ResolvedText(text: builder.text(span: place.span)))
            case .sequence(let elements): return .list(elements.map(plainValue))
            case .mapping: return .node(node)
            }
        case nil:
            builder.append("${\(name)}", at: span)
            return .text(
                ResolvedText(
                    text: builder.text(span: place.span), missing: MissingNames(name, at: span)))
        }
    }

    /// An element of a list that is a parameter's value; functions are not looked for in values.
    private func plainValue(_ node: Node) -> IntrinsicValue {
        guard let scalar = node.scalar else { return .node(node) }
        return .text(ResolvedText(text: scalar.text))
    }

    // MARK: Texts

    private mutating func join(_ call: IntrinsicCall) -> IntrinsicValue? {
        let expectation = "a list of delimiter and list of texts"
        guard let elements = call.argument.sequence, elements.count == 2,
            let delimiter = elements[0].scalar?.text.string
        else { return malformed(call, expectation) }
        guard let parts = listValue(elements[1], of: call, expectation) else { return nil }
        var builder = PositionedTextBuilder()
        var missing = MissingNames()
        for (index, part) in parts.enumerated() {
            guard case .text(let text) = part else { return malformed(call, expectation, at: elements[1]) }
            if index > 0 { builder.append(delimiter, at: elements[0].span) }
            builder.append(text.text)
            missing.formUnion(text.missing)
            guard isWithinLimit(builder, at: call.node) else { return nil }
        }
        return .text(
            ResolvedText(text: builder.text(span: call.node.span), missing: missing))
    }

    private mutating func split(_ call: IntrinsicCall) -> IntrinsicValue? {
        let expectation = "a list of delimiter and text"
        guard let elements = call.argument.sequence, elements.count == 2,
            let delimiter = elements[0].scalar?.text.string, !delimiter.isEmpty
        else { return malformed(call, expectation) }
        guard let source = text(elements[1], of: call, expectation) else { return nil }
        // What is not known cannot be cut; whoever selects from it gets all of it.
        guard source.missing.isEmpty else { return .list([.text(source)]) }
        return .list(pieces(of: source, separatedBy: delimiter))
    }

    private func pieces(of source: ResolvedText, separatedBy delimiter: String) -> [IntrinsicValue] {
        let bytes = Array(source.text.string.utf8)
        let separator = Array(delimiter.utf8)
        var pieces: [IntrinsicValue] = []
        var start = 0
        func add(_ end: Int) {
            var builder = PositionedTextBuilder()
            builder.append(start..<end, of: source.text, bytes: bytes)
            pieces.append(.text(ResolvedText(text: builder.text(span: source.text.span))))
        }
        var index = 0
        while index + separator.count <= bytes.count {
            if bytes[index..<index + separator.count].elementsEqual(separator) {
                add(index)
                index += separator.count
                start = index
            } else {
                index += 1
            }
        }
        add(bytes.count)
        return pieces
    }

    private mutating func select(_ call: IntrinsicCall) -> IntrinsicValue? {
        let expectation = "a list of index and list"
        guard let elements = call.argument.sequence, elements.count == 2 else { return malformed(call, expectation) }
        guard let position = text(elements[0], of: call, "an index"),
            let list = listValue(elements[1], of: call, expectation)
        else { return nil }
        if list.count == 1, case .text(let only) = list[0], !only.missing.isEmpty { return list[0] }
        guard position.missing.isEmpty else { return .text(position) }
        guard let index = Int(position.text.string), list.indices.contains(index) else {
            return malformed(
                call, "an index from 0 to \(max(list.count - 1, 0)), found '\(position.text.string)'", at: elements[0])
        }
        if case .list = list[index] { return malformed(call, "a list of texts", at: elements[1]) }
        return list[index]
    }

    private mutating func base64(_ call: IntrinsicCall) -> IntrinsicValue? {
        guard let source = text(call.argument, of: call, "a text") else { return nil }
        guard source.missing.isEmpty else { return .text(source) }
        var builder = PositionedTextBuilder()
        builder.append(Data(source.text.string.utf8).base64EncodedString(), at: source.text.span)
        guard isWithinLimit(builder, at: call.node) else { return nil }
        return .text(ResolvedText(text: builder.text(span: source.text.span)))
    }

    private mutating func length(_ call: IntrinsicCall) -> IntrinsicValue? {
        guard let list = listValue(call.argument, of: call, "a list") else { return nil }
        let count = list.count
        let text = PositionedText(String(count), span: call.node.span)
        return .text(ResolvedText(text: text, kind: .integer(Int64(count))))
    }

    /// A list argument; a text that a list parameter stands for is cut at its commas.
    private mutating func listValue(
        _ node: Node, of call: IntrinsicCall, _ expectation: String
    ) -> [IntrinsicValue]? {
        switch value(node) {
        case .list(let list)?: return list
        case .text(let text)? where IntrinsicCall(node) != nil:
            return text.missing.isEmpty ? pieces(of: text, separatedBy: ",") : [.text(text)]
        case .text?, .node?, .noValue?: return malformed(call, expectation, at: node)
        case nil: return nil
        }
    }

    // MARK: Placeholders

    private mutating func substitute(_ call: IntrinsicCall) -> IntrinsicValue? {
        let expectation = "a text, or a list of text and map"
        let template: Scalar
        var variables: Mapping?
        if let elements = call.argument.sequence {
            guard elements.count == 2, let scalar = elements[0].scalar, let map = elements[1].mapping else {
                return malformed(call, expectation)
            }
            template = scalar
            variables = map
        } else if let scalar = call.argument.scalar {
            template = scalar
        } else {
            return malformed(call, expectation)
        }
        let bytes = Array(template.text.string.utf8)
        var builder = PositionedTextBuilder()
        var missing = MissingNames()
        for piece in PlaceholderScanner.pieces(of: bytes) {
            switch piece {
            case .literal(let range): builder.append(range, of: template.text, bytes: bytes)
            case .escaped(let range, let name):
                builder.append(range.lowerBound..<range.lowerBound + 2, of: template.text, bytes: bytes)
                builder.append(name.lowerBound..<range.upperBound, of: template.text, bytes: bytes)
            case .malformed(let range):
                builder.append(range, of: template.text, bytes: bytes)
                reportInvalid(String(decoding: bytes[range], as: UTF8.self), at: template.text.span(of: range))
            case .placeholder(let range, let name):
                let place = template.text.span(of: range)
                if let node = variables?[name] {
                    guard let value = text(node, of: call, "texts in its map") else { return nil }
                    builder.append(value.text.string, at: place)
                    missing.formUnion(value.missing)
                } else if Self.belongsToRunTime(name) {
                    builder.append(range, of: template.text, bytes: bytes)
                } else if let value = lookUp(name) {
                    builder.append(value, at: place)
                } else {
                    builder.append(range, of: template.text, bytes: bytes)
                    missing.insert(.init(name: name, span: place))
                }
            }
            guard isWithinLimit(builder, at: call.node) else { return nil }
        }
        return .text(
            ResolvedText(text: builder.text(span: template.text.span), missing: missing))
    }

    /// Replaces the placeholders of a string that stands in no `Fn::Sub`; `nil` if there are none to replace.
    mutating func substituteImported(_ scalar: Scalar, onlyPseudo: Bool) -> ResolvedText? {
        let bytes = Array(scalar.text.string.utf8)
        var builder = PositionedTextBuilder()
        var missing = MissingNames()
        var isChanged = false
        for piece in PlaceholderScanner.pieces(of: bytes) {
            switch piece {
            case .literal(let range), .escaped(let range, _), .malformed(let range):
                builder.append(range, of: scalar.text, bytes: bytes)
            case .placeholder(let range, let name):
                let place = scalar.text.span(of: range)
                let isPseudo = name.hasPrefix("AWS::")
                if isPseudo || (!onlyPseudo && !Self.belongsToRunTime(name)), let value = lookUp(name) {
                    builder.append(value, at: place)
                    isChanged = true
                    continue
                }
                builder.append(range, of: scalar.text, bytes: bytes)
                if isPseudo || (!onlyPseudo && !Self.belongsToRunTime(name)) {
                    missing.insert(.init(name: name, span: place))
                    isChanged = true
                }
            }
        }
        guard isChanged, isWithinLimit(builder, span: scalar.text.span) else { return nil }
        return ResolvedText(text: builder.text(span: scalar.text.span), missing: missing)
    }

    /// Names that are filled in when a request comes or the server starts.
    private static func belongsToRunTime(_ name: String) -> Bool {
        name.hasPrefix("stageVariables.") || name.hasPrefix("env.")
    }

    /// Text for a placeholder: a parameter, or an attribute if the name has a dot.
    private func lookUp(_ name: String) -> String? {
        let value: ParameterValues.Value?
        if let dot = name.firstIndex(of: "."), dot != name.startIndex {
            value = values.attribute(String(name[name.index(after: dot)...]), of: String(name[..<dot]))
        } else {
            value = values.value(name)
        }
        switch value {
        case .text(let text)?: return text
        case .node(let node)?: return node.scalar?.text.string
        case nil: return nil
        }
    }

    private mutating func reportInvalid(_ placeholder: String, at span: SourceSpan) {
        report.add(
            Diagnostic(
                CloudFormationDiagnostics.invalidPlaceholder,
                "'\(placeholder)' is no placeholder of Fn::Sub and stays as it is", at: span,
                fixIt: .init(hint: "write '${!…}' if it is meant for a mapping template")))
    }

    private mutating func isWithinLimit(_ builder: PositionedTextBuilder, at node: Node) -> Bool {
        isWithinLimit(builder, span: node.span)
    }

    private mutating func isWithinLimit(_ builder: PositionedTextBuilder, span: SourceSpan) -> Bool {
        if builder.count <= Self.maximumTextBytes { return true }
        report.add(
            Diagnostic(
                CloudFormationDiagnostics.textTooLong,
                "the text grows beyond \(Self.maximumTextBytes) bytes", at: span))
        return false
    }
}

import CLibYAML

/// Builds the tree from libyaml's events, without recursion: open lists and mappings are frames of a stack, finished
/// elements and members wait on two further stacks until their frame closes.
///
/// Lives on one thread for the reading of one file; `source` must outlive it.
struct YAMLTreeBuilder: ~Copyable {
    /// A node with what its aliases cost.
    private struct Weighed {
        var node: Node
        /// Values in it, aliases written out; never more than the limit plus one.
        var weight: Int
        /// Levels in it, aliases written out.
        var height: Int
    }

    private enum Anchor {
        /// Its value is still being read, so an alias to it would have no end.
        case open
        case closed(Weighed)
    }

    /// A key that waits for its value.
    private struct Key {
        var text: String
        var span: SourceSpan
        var isMerge = false
        /// The key was refused; its value is read and dropped.
        var isRefused = false
    }

    /// An open list or mapping.
    private struct Frame {
        var isMapping: Bool
        /// Begin of the value, or of its local tag.
        var start: Int
        var valueStart: Int
        var tag: String?
        var anchor: String?
        /// Where its elements begin on `items`, or its members on `members`.
        var first: Int
        var key: Key?
        var merges: [MergeKeys.Merge] = []
        var weight = 1
        var height = 0
        /// End of the last thing in it.
        var lastEnd: Int
    }

    private let file: SourceFileID
    private let source: UnsafeBufferPointer<UInt8>
    private let places: CodePointMap
    private let limits: ReaderLimits
    private var frames: [Frame] = []
    private var items = MoveStack<Node>()
    private var members = MoveStack<Mapping.Member>()
    private var anchors: [String: Anchor] = [:]
    private var valueCount = 0
    private var aliasValueCount = 0
    private var documentCount = 0
    private var root: Node?
    /// What is wrong with the text so far.
    var diagnostics: [Diagnostic] = []

    /// Makes a builder for one file.
    init(file: SourceFileID, source: UnsafeBufferPointer<UInt8>, places: CodePointMap, limits: ReaderLimits) {
        self.file = file
        self.source = source
        self.places = places
        self.limits = limits
    }

    /// Takes the next event; false when reading must end.
    mutating func take(_ event: yaml_event_t) -> Bool {
        let start = places.offset(of: Int(event.start_mark.index))
        let end = places.offset(of: Int(event.end_mark.index))
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            documentCount += 1
            guard documentCount > 1 else { return true }
            report(
                SyntaxDiagnostics.yamlMultipleDocuments,
                "a second document begins here; expected one document in the file",
                start..<min(start + 3, source.count), hint: "remove '---' and what follows, or move it to another file")
            return false
        case YAML_SCALAR_EVENT:
            return takeScalar(event.data.scalar, start, end)
        case YAML_ALIAS_EVENT:
            return takeAlias(Self.string(event.data.alias.anchor), start..<end)
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            return open(isMapping: false, tag: data.tag, anchor: data.anchor, start, end)
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            return open(isMapping: true, tag: data.tag, anchor: data.anchor, start, end)
        case YAML_SEQUENCE_END_EVENT:
            return close(end, bracket: UInt8(ascii: "["))
        case YAML_MAPPING_END_EVENT:
            return close(end, bracket: UInt8(ascii: "{"))
        default:
            return true
        }
    }

    /// The tree, after the last event.
    mutating func finish() -> Node? {
        if let root, !isNothing(root) { return root }
        report(SyntaxDiagnostics.empty, "the file is empty; expected a document", 0..<0)
        return nil
    }

    private func isNothing(_ node: Node) -> Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style == .plain && scalar.text.string.isEmpty && node.tag == nil
    }

    private func span(_ range: Range<Int>) -> SourceSpan {
        SourceSpan(file: file, offset: range.lowerBound, length: range.count)
    }

    /// Adds a diagnostic at a range of bytes.
    mutating func report(
        _ id: DiagnosticID, _ message: String, _ range: Range<Int>, notes: [Diagnostic.Note] = [], hint: String? = nil
    ) {
        let fixIt = hint.map { Diagnostic.FixIt(hint: $0) }
        diagnostics.append(Diagnostic(id, message, at: span(range), notes: notes, fixIt: fixIt))
    }

    private static func string(_ pointer: UnsafePointer<UInt8>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }

    // MARK: Places

    /// Skips tag and anchor, which libyaml counts to the value.
    private func skipProperties(_ start: Int, _ end: Int) -> (value: Int, tag: Int?) {
        var index = start
        var tag: Int?
        while index < end {
            switch source[index] {
            case UInt8(ascii: "!"), UInt8(ascii: "&"):
                if source[index] == UInt8(ascii: "!") { tag = index }
                while index < end, source[index] > 0x20 { index += 1 }
            case UInt8(ascii: "#"):
                while index < end, source[index] != 0x0A, source[index] != 0x0D { index += 1 }
            case 0x20, 0x09, 0x0A, 0x0D:
                index += 1
            default:
                return (index, tag)
            }
        }
        return (end, tag)
    }

    /// The end of a block scalar without the empty lines after it, which libyaml counts to it.
    private func trimmedEnd(_ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, source[end - 1] == 0x20 || source[end - 1] == 0x0A || source[end - 1] == 0x0D { end -= 1 }
        return end
    }

    // MARK: Scalars

    private mutating func takeScalar(
        _ data: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar, _ start: Int, _ end: Int
    ) -> Bool {
        let text = UnsafeBufferPointer(start: data.value, count: data.length)
        let style = Self.style(data.style)
        var valueStart = start
        var tagStart: Int?
        if data.tag != nil || data.anchor != nil { (valueStart, tagStart) = skipProperties(start, end) }
        var valueEnd = end
        if style == .literal || style == .folded { valueEnd = trimmedEnd(valueStart, end) }
        if data.anchor == nil, let top = frames.indices.last, frames[top].isMapping, frames[top].key == nil {
            if data.tag != nil {
                checkKeyTag(resolve(text, style: style, tag: data.tag, at: start..<valueEnd).tag, at: start..<valueEnd)
            }
            return takeKey(text, style: style, isTagged: data.tag != nil, at: valueStart..<valueEnd)
        }
        let (kind, tag) = resolve(text, style: style, tag: data.tag, at: start..<valueEnd)
        if style == .plain, data.tag == nil { warnIfAmbiguous(text, at: valueStart..<valueEnd) }
        let runs = ScalarRuns.find(style: style, in: source, range: valueStart..<valueEnd, text: text)
        if let last = runs.last { valueEnd = max(valueEnd, last.fileOffset + last.length) }
        let positioned = PositionedText(
            String(decoding: text, as: UTF8.self), span: span(valueStart..<valueEnd), runs: runs)
        let scalar = Scalar(kind: kind, text: positioned, style: style)
        let nodeStart = tag == nil ? valueStart : tagStart ?? valueStart
        let node = Node(.scalar(scalar), span: span(nodeStart..<valueEnd), tag: tag)
        let weighed = Weighed(node: node, weight: 1, height: 1)
        if data.anchor != nil { anchors[Self.string(data.anchor)] = .closed(weighed) }
        return add(weighed, at: valueStart..<valueEnd)
    }

    private static func style(_ style: yaml_scalar_style_t) -> Scalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private mutating func resolve(
        _ text: UnsafeBufferPointer<UInt8>, style: Scalar.Style, tag: UnsafePointer<UInt8>?, at range: Range<Int>
    ) -> (kind: Scalar.Kind, tag: String?) {
        guard let tag else { return (style == .plain ? CoreSchema.resolve(text) : .string, nil) }
        let name = String(cString: tag)
        guard let core = CoreTag(name) else { return (.string, name == "!" ? nil : name) }
        guard let kind = core.resolve(text) else {
            report(
                SyntaxDiagnostics.yamlTag,
                "\(quoted(String(decoding: text, as: UTF8.self))) is not \(core.meaning), which its tag "
                    + "\(quoted(core.shorthand)) demands", range)
            return (.string, nil)
        }
        if core.isUnknown {
            report(
                SyntaxDiagnostics.yamlUnknownTag, "the tag \(quoted(core.shorthand)) is not known and is ignored", range
            )
        }
        return (kind, nil)
    }

    private mutating func warnIfAmbiguous(_ text: UnsafeBufferPointer<UInt8>, at range: Range<Int>) {
        guard let older = CoreSchema.olderReading(text) else { return }
        let written = String(decoding: text, as: UTF8.self)
        let meaning: String
        switch CoreSchema.resolve(text) {
        case .integer(let value): meaning = "the number \(value)"
        case .number: meaning = "a number"
        default: meaning = "text"
        }
        let fixIt = Diagnostic.FixIt(
            "write '\"\(written)\"' to mean text", replace: span(range), with: "\"\(written)\"")
        diagnostics.append(
            Diagnostic(
                SyntaxDiagnostics.yamlAmbiguousScalar,
                "'\(written)' is \(meaning) in YAML 1.2, but \(older) for readers of YAML 1.1", at: span(range),
                fixIt: fixIt))
    }

    // MARK: Keys

    private mutating func takeKey(
        _ text: UnsafeBufferPointer<UInt8>, style: Scalar.Style, isTagged: Bool, at range: Range<Int>
    ) -> Bool {
        var key = Key(text: String(decoding: text, as: UTF8.self), span: span(range))
        if style == .plain {
            if text.isEmpty {
                report(
                    SyntaxDiagnostics.yamlKey, "a key is missing before ':'", range,
                    hint: "write '\"\"' if the key is meant to be empty")
                key.isRefused = true
            } else if !isTagged {
                key.isMerge = CoreSchema.equals(text, "<<")
                // A number is a key by its digits, so only the words of 1.1 make a difference.
                if !CoreSchema.isDigit(text[0]) { warnIfAmbiguous(text, at: range) }
            }
        }
        frames[frames.count - 1].key = key
        return countValue(at: range)
    }

    private mutating func checkKeyTag(_ tag: String?, at range: Range<Int>) {
        guard let tag else { return }
        report(SyntaxDiagnostics.yamlUnknownTag, "the tag \(quoted(tag)) has no meaning on a key and is ignored", range)
    }

    private mutating func takeKey(_ node: Node, at range: Range<Int>) {
        var key = Key(text: "", span: span(range))
        checkKeyTag(node.tag, at: range)
        if let scalar = node.scalar {
            key.text = scalar.text.string
        } else {
            let kind = node.mapping == nil ? "list" : "mapping"
            report(
                SyntaxDiagnostics.yamlKey, "a \(kind) is used as a key; expected text", range,
                hint: "put the key in quotes if the brackets belong to it")
            key.isRefused = true
        }
        frames[frames.count - 1].key = key
    }

    // MARK: Aliases

    private mutating func takeAlias(_ name: String, _ range: Range<Int>) -> Bool {
        var target = Weighed(node: nothing(at: range), weight: 1, height: 1)
        switch anchors[name] {
        case .closed(let weighed):
            target = weighed
            aliasValueCount += weighed.weight
            if aliasValueCount > limits.aliasValues {
                report(
                    SyntaxDiagnostics.yamlAliasExpansion,
                    "the aliases up to \(quoted("*" + name)) give more than \(limits.aliasValues) values when written out",
                    range,
                    notes: [.init("the anchor is here", at: weighed.node.span)])
                return false
            }
            if frames.count + weighed.height > limits.depth { return tooDeep(range) }
        case .open:
            report(
                SyntaxDiagnostics.yamlRecursiveAlias,
                "the alias \(quoted("*" + name)) stands inside the value of its own anchor", range)
        case nil:
            report(
                SyntaxDiagnostics.yamlUndefinedAlias, "the alias \(quoted("*" + name)) has no anchor before it", range,
                hint: undefinedAliasHint)
        }
        return add(target, at: range)
    }

    /// Names the anchors only while they are few: a hostile file has many, and many aliases that need a hint.
    private var undefinedAliasHint: String {
        guard 1...8 ~= anchors.count else { return "put the text in quotes if '*' belongs to it" }
        return "anchors so far: \(anchors.keys.sorted().map { quoted("&" + $0) }.joined(separator: ", "))"
    }

    private func nothing(at range: Range<Int>) -> Node {
        Node(
            .scalar(Scalar(kind: .null, text: PositionedText("", span: span(range)), style: .plain)), span: span(range))
    }

    // MARK: Lists and mappings

    private mutating func open(
        isMapping: Bool, tag: UnsafePointer<UInt8>?, anchor: UnsafePointer<UInt8>?, _ start: Int, _ end: Int
    ) -> Bool {
        var valueStart = start
        var tagStart: Int?
        if tag != nil || anchor != nil { (valueStart, tagStart) = skipProperties(start, source.count) }
        guard frames.count < limits.depth else { return tooDeep(valueStart..<min(valueStart + 1, source.count)) }
        var localTag: String?
        if let tag {
            let name = String(cString: tag)
            if let core = CoreTag(name) {
                check(core, isMapping: isMapping, at: (tagStart ?? start)..<max(end, tagStart ?? start))
            } else if name != "!" {
                localTag = name
            }
        }
        var frame = Frame(
            isMapping: isMapping, start: localTag == nil ? valueStart : tagStart ?? valueStart, valueStart: valueStart,
            tag: localTag, first: isMapping ? members.count : items.count, lastEnd: valueStart)
        if anchor != nil {
            let name = Self.string(anchor)
            frame.anchor = name
            anchors[name] = .open
        }
        frames.append(frame)
        return countValue(at: valueStart..<min(valueStart + 1, source.count))
    }

    private mutating func check(_ core: CoreTag, isMapping: Bool, at range: Range<Int>) {
        switch core {
        case .map where isMapping, .sequence where !isMapping: break
        case .unknown:
            report(
                SyntaxDiagnostics.yamlUnknownTag, "the tag \(quoted(core.shorthand)) is not known and is ignored", range
            )
        default:
            report(
                SyntaxDiagnostics.yamlTag,
                "a \(isMapping ? "mapping" : "list") is not \(core.meaning), which its tag '\(core.shorthand)' demands",
                range)
        }
    }

    private mutating func tooDeep(_ range: Range<Int>) -> Bool {
        report(SyntaxDiagnostics.tooDeep, "nested more than \(limits.depth) levels deep", range)
        return false
    }

    private mutating func countValue(at range: Range<Int>) -> Bool {
        valueCount += 1
        if valueCount <= limits.values { return true }
        report(SyntaxDiagnostics.tooManyValues, "more than \(limits.values) values in one file", range)
        return false
    }

    private mutating func close(_ mark: Int, bracket: UInt8) -> Bool {
        guard let frame = frames.popLast() else { return true }
        // Only brackets end where libyaml says; a block ends with the last thing in it, not before the next token.
        let isBracketed = frame.valueStart < source.count && source[frame.valueStart] == bracket
        let end = isBracketed && mark > frame.lastEnd ? mark : frame.lastEnd
        let content: Node.Content
        if frame.isMapping {
            var own = members.pop(from: frame.first)
            diagnostics += DuplicateKeys.remove(from: &own, id: SyntaxDiagnostics.yamlDuplicateKey)
            if !frame.merges.isEmpty {
                let merged = MergeKeys.apply(frame.merges, to: own)
                own = merged.members
                diagnostics += merged.diagnostics
            }
            content = .mapping(Mapping(own))
        } else {
            content = .sequence(items.pop(from: frame.first))
        }
        let node = Node(content, span: span(frame.start..<max(end, frame.start)), tag: frame.tag)
        let weighed = Weighed(node: node, weight: frame.weight, height: frame.height + 1)
        if let anchor = frame.anchor { anchors[anchor] = .closed(weighed) }
        return add(weighed, at: frame.valueStart..<max(end, frame.valueStart), isCounted: true)
    }

    /// Puts a finished value where it belongs: into the open list or mapping, as a key, or as the document.
    private mutating func add(_ value: Weighed, at range: Range<Int>, isCounted: Bool = false) -> Bool {
        guard let top = frames.indices.last else {
            root = value.node
            return isCounted || countValue(at: range)
        }
        frames[top].weight = min(frames[top].weight + value.weight, limits.aliasValues + 1)
        frames[top].height = max(frames[top].height, value.height)
        frames[top].lastEnd = max(frames[top].lastEnd, range.upperBound)
        if !frames[top].isMapping {
            items.push(value.node)
        } else if let key = frames[top].key {
            frames[top].key = nil
            if key.isMerge {
                let position = members.count - frames[top].first
                frames[top].merges.append(MergeKeys.Merge(position: position, value: value.node, span: span(range)))
            } else if !key.isRefused {
                members.push(Mapping.Member(key: key.text, keySpan: key.span, value: value.node))
            }
        } else {
            takeKey(value.node, at: range)
        }
        return isCounted || countValue(at: range)
    }
}

public import PorticoSyntax

/// Compiles policies, at build time those of a spec and at run time those that Lambda authorizers answer.
///
/// It never stops at the first mistake and never throws. Where API Gateway or IAM would refuse a document there is no
/// program: a policy that is read in part would protect in part.
public struct PolicyCompiler {
    let kind: PolicyKind
    let expansion: PolicyExpansion?
    var words: [UInt32] = []
    var bytes: [UInt8] = []
    var problems: [PolicyProblem] = []
    var keys = PolicyKeySet()
    /// Rows of variables, and the texts that they came from.
    var variables: [UInt32] = []
    private(set) var variableTexts: [String: UInt32] = [:]
    /// Whether the version has variables.
    private(set) var hasVariables = false
    private var path: [Step] = []

    private enum Step {
        case name(String)
        case index(Int)
    }

    private init(_ kind: PolicyKind, _ expansion: PolicyExpansion?) {
        self.kind = kind
        self.expansion = expansion
    }

    /// Compiles a policy. Without a fatal problem there is a program.
    public static func compile(
        _ document: JSONValue, kind: PolicyKind, expansion: PolicyExpansion? = nil
    ) -> (program: PolicyProgram?, problems: [PolicyProblem]) {
        var compiler = PolicyCompiler(kind, expansion)
        compiler.document(document)
        return compiler.result()
    }

    /// Compiles the policy at a place of a tape: what a Lambda authorizer answered.
    public static func compile(
        _ tape: JSONTape, at node: NodeIndex, kind: PolicyKind = .authorizer, expansion: PolicyExpansion? = nil
    ) -> (program: PolicyProgram?, problems: [PolicyProblem]) {
        guard let value = PolicyTapeReader.value(tape, node, limit: PolicyLimits.authorizerPolicyBytes) else {
            let problem = PolicyProblem(
                "policy of more than \(PolicyLimits.authorizerPolicyBytes) bytes", at: "", isFatal: true)
            return (nil, [problem])
        }
        return compile(value, kind: kind, expansion: expansion)
    }

    private func result() -> (program: PolicyProgram?, problems: [PolicyProblem]) {
        if problems.contains(where: { $0.isFatal }) { return (nil, problems) }
        return (PolicyProgram(verified: words, bytes, keys: keys), problems)
    }

    // MARK: Problems

    mutating func fail(_ message: String) { report(message, isFatal: true) }

    mutating func report(_ message: String, isFatal: Bool) {
        // One hostile document must not fill a log.
        guard problems.count < 100 else { return }
        problems.append(PolicyProblem(message, at: pointer, isFatal: isFatal))
    }

    private var pointer: String {
        path.reduce(into: "") { text, step in
            switch step {
            case .name(let name): text += "/" + JSONPointer.escaped(name)
            case .index(let index): text += "/\(index)"
            }
        }
    }

    mutating func under(_ name: String, _ body: (inout PolicyCompiler) -> Void) {
        path.append(.name(name))
        body(&self)
        path.removeLast()
    }

    /// The elements of a list, or the value that stands in place of a list of one.
    mutating func each(_ value: JSONValue, _ body: (inout PolicyCompiler, JSONValue) -> Void) {
        guard case .array(let elements) = value else { return body(&self, value) }
        for (index, element) in elements.enumerated() {
            path.append(.index(index))
            body(&self, element)
            path.removeLast()
        }
    }

    /// The text of a scalar: booleans and numbers may stand where texts are meant.
    mutating func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): return text
        case .number(let text): return text
        case .boolean(let flag): return flag ? "true" : "false"
        case .null, .array, .object:
            fail("expected a text")
            return nil
        }
    }

    mutating func object(_ value: JSONValue) -> [JSONMember]? {
        if case .object(let members) = value { return members }
        fail("expected an object")
        return nil
    }

    // MARK: Pool

    /// Appends bytes to the pool and answers their place.
    mutating func pool(_ text: some Sequence<UInt8>) -> (offset: UInt32, length: UInt32) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        return (UInt32(start), UInt32(bytes.count - start))
    }

    /// The number of a variable, made once for each text.
    mutating func variable(_ text: String, _ row: (inout PolicyCompiler) -> [UInt32]) -> UInt32? {
        if let number = variableTexts[text] { return number }
        let number = UInt32(variableTexts.count)
        guard number < PolicyLayout.variableLimit else { return nil }
        variables.append(contentsOf: row(&self))
        variableTexts[text] = number
        return number
    }

    // MARK: Document

    private mutating func document(_ document: JSONValue) {
        guard let members = object(document), hasRoom(document) else { return }
        let version = document["Version"]
        if let version {
            under("Version") { $0.version(version) }
        }
        var statements: JSONValue?
        var seen: Set<String> = []
        for member in members {
            under(member.name) { compiler in
                if !seen.insert(member.name).inserted { compiler.fail("'\(member.name)' comes twice") }
                switch member.name {
                case "Version": break
                case "Id": _ = compiler.scalar(member.value)
                case "Statement": statements = member.value
                default: compiler.fail(Self.unknown("element", member.name, ["Version", "Id", "Statement"]))
                }
            }
        }
        guard let statements else { return fail("no 'Statement'") }
        var body: [UInt32] = []
        var count = 0
        under("Statement") { compiler in
            if case .array(let list) = statements, list.isEmpty, compiler.kind != .authorizer {
                compiler.fail("no statements")
            }
            var sids: Set<String> = []
            compiler.each(statements) { compiler, statement in
                count += 1
                if count == PolicyLimits.authorizerStatements + 1, compiler.kind == .authorizer {
                    compiler.fail("more than \(PolicyLimits.authorizerStatements) statements")
                }
                body.append(contentsOf: compiler.statement(statement, &sids))
            }
        }
        words = [
            hasVariables ? PolicyLayout.version2012 : PolicyLayout.version2008, UInt32(count),
            UInt32(variableTexts.count),
        ]
        words.append(contentsOf: variables)
        words.append(contentsOf: body)
    }

    private mutating func hasRoom(_ document: JSONValue) -> Bool {
        var text: [UInt8] = []
        JSONWriter.append(document, to: &text)
        let limit =
            switch kind {
            case .identity: PolicyLimits.policyBytes
            case .authorizer: PolicyLimits.authorizerPolicyBytes
            case .resource: PolicyLimits.resourcePolicyCharacters
            }
        // Characters are UTF-16 units, of which no text has more than bytes.
        if text.count <= limit { return true }
        if kind == .resource {
            let count = String(decoding: text, as: UTF8.self).utf16.count
            if count <= limit { return true }
            fail("policy of \(count) characters; at most \(limit) are allowed")
        } else {
            fail("policy of \(text.count) bytes; at most \(limit) are allowed")
        }
        return false
    }

    private mutating func version(_ value: JSONValue) {
        guard let text = scalar(value) else { return }
        switch text {
        case "2012-10-17": hasVariables = true
        case "2008-10-17": hasVariables = false
        default: fail("unknown version '\(text)'; expected '2012-10-17' or '2008-10-17'")
        }
    }

    static func unknown(_ what: String, _ name: String, _ known: [String]) -> String {
        let suggestion = TypoDetector.closest(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""
        return "unknown \(what) '\(name)'\(suggestion)"
    }
}

internal import PorticoSyntax

/// Gathers what the resolver has to say; references without value are said once a name, with the other places as notes.
struct ReferenceReport {
    /// What is missing.
    enum Kind: Hashable {
        /// A parameter, attribute, export or entry of a map.
        case value
        /// A condition.
        case condition
    }

    private struct Key: Hashable {
        var kind: Kind
        var name: String
    }

    private struct Missing {
        var key: Key
        var places: [SourceSpan]
    }

    private var diagnostics: [Diagnostic] = []
    private var missing: [Missing] = []
    private var index: [Key: Int] = [:]

    /// Further places that are listed before the rest is only counted.
    private static let listedPlaces = 3

    /// Adds a finished diagnostic.
    mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// Notes that `name` has no value at `span`.
    mutating func missing(_ kind: Kind, _ name: String, at span: SourceSpan) {
        let key = Key(kind: kind, name: name)
        if let known = index[key] {
            missing[known].places.append(span)
        } else {
            index[key] = missing.count
            missing.append(Missing(key: key, places: [span]))
        }
    }

    /// All diagnostics in the order of the text. `names` are those that were passed, for a did-you-mean.
    func finish(suggesting names: [String]) -> [Diagnostic] {
        let all = diagnostics + missing.compactMap { diagnostic(for: $0, suggesting: names) }
        // A stable order for diagnostics at one place.
        return all.enumerated()
            .sorted { ($0.element.span.offset, $0.offset) < ($1.element.span.offset, $1.offset) }
            .map(\.element)
    }

    private func diagnostic(for missing: Missing, suggesting names: [String]) -> Diagnostic? {
        guard let first = missing.places.first else { return nil }
        let name = Self.oneLine(missing.key.name)
        var notes = missing.places.dropFirst().prefix(Self.listedPlaces)
            .map { Diagnostic.Note("'\(name)' is also used here", at: $0) }
        let further = missing.places.count - 1 - notes.count
        if further > 0 { notes.append(.init("and in \(further) more place\(further == 1 ? "" : "s")")) }
        switch missing.key.kind {
        case .value:
            // Names are compared without case only: `--param` names are few, and a wrong guess misleads.
            let similar = names.sorted().first { $0 != name && $0.lowercased() == name.lowercased() }
            let message = "'\(name)' has no value; '${\(name)}' stays in the text"
            return Diagnostic(
                CloudFormationDiagnostics.unresolvedReference,
                similar.map { message + "; did you mean '\($0)'?" } ?? message, at: first, notes: notes,
                fixIt: .init(hint: "pass --param \(name)=value, or set '\(name)' in x-portico-parameters"))
        case .condition:
            return Diagnostic(
                CloudFormationDiagnostics.unresolvedCondition,
                "condition '\(name)' has no value; the first branch is taken", at: first, notes: notes,
                fixIt: .init(hint: "choose with --param \(name)=true or --param \(name)=false"))
        }
    }

    /// Names of exports and keys of maps may be any text; a message is one line of bearable length.
    private static func oneLine(_ name: String) -> String {
        let longest = 100
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(longest) { scalars.append(scalar.value < 0x20 ? " " : scalar) }
        return String(scalars) + (name.unicodeScalars.count > longest ? "…" : "")
    }
}

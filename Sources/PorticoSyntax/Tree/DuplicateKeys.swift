/// Finds keys that a mapping has twice.
enum DuplicateKeys {
    /// Below this number comparing each with each is faster than hashing.
    private static let smallCount = 8

    /// Takes away all but the first member of each key; a diagnostic for each that is taken.
    static func remove(from members: inout [Mapping.Member], id: DiagnosticID) -> [Diagnostic] {
        guard members.count > 1 else { return [] }
        var duplicates: [(index: Int, first: Int)] = []
        if members.count <= smallCount {
            for index in 1..<members.count {
                if let first = members[..<index].firstIndex(where: { $0.key == members[index].key }) {
                    duplicates.append((index, first))
                }
            }
        } else {
            var seen: [String: Int] = [:]
            seen.reserveCapacity(members.count)
            for index in members.indices {
                if let first = seen[members[index].key] {
                    duplicates.append((index, first))
                } else {
                    seen[members[index].key] = index
                }
            }
        }
        guard !duplicates.isEmpty else { return [] }
        let diagnostics = duplicates.map { index, first in
            Diagnostic(
                id, "duplicate key \(quoted(members[index].key))", at: members[index].keySpan,
                notes: [.init("first declared here", at: members[first].keySpan)])
        }
        let dropped = Set(duplicates.map(\.index))
        members = members.indices.filter { !dropped.contains($0) }.map { members[$0] }
        return diagnostics
    }
}

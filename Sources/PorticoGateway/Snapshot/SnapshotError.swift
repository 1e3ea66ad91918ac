/// Why bytes are no snapshot that can be served.
public enum SnapshotError: Error, Sendable, Hashable {
    /// The bytes do not begin as a snapshot does.
    case notASnapshot
    /// Another version of the program wrote it.
    case otherFormat(found: UInt32)
    /// The file ends before its end; `expected` is `nil` when not even the length is there.
    case truncated(expected: UInt64?, found: Int)
    /// The file goes on after its end.
    case tooLong(expected: UInt64, found: Int)
    /// Something in it has changed since it was written.
    case checksumMismatch
    /// The list of sections does not fit the file.
    case damagedSectionTable
    /// The file has no such section.
    case missingSection(SnapshotSectionID)
    /// A section does not hold what it should, at an offset into it.
    case damagedSection(SnapshotSectionID, reason: String, offset: Int)
}

extension SnapshotError: CustomStringConvertible {
    /// For a person; the name of the file goes before it.
    public var description: String {
        switch self {
        case .notASnapshot:
            "not a Portico snapshot; 'portico compile SPEC -o FILE' makes one"
        case .otherFormat(let found):
            "snapshot format \(found), but this version of portico reads format \(SnapshotFile.format); "
                + "compile the spec again"
        case .truncated(let expected?, let found):
            "snapshot is truncated: \(found) bytes of \(expected)"
        case .truncated(nil, let found):
            "snapshot is truncated: only \(found) bytes"
        case .tooLong(let expected, let found):
            "snapshot is damaged: \(found) bytes instead of \(expected)"
        case .checksumMismatch:
            "snapshot is damaged: its checksum does not match"
        case .damagedSectionTable:
            "snapshot is damaged: its sections do not fit the file"
        case .missingSection(let id):
            "snapshot is damaged: section '\(id)' is missing"
        case .damagedSection(let id, let reason, let offset):
            "snapshot is damaged: section '\(id)', byte \(offset): \(reason)"
        }
    }
}

internal import GRDB

/// Why a database cannot be used, in words that go on after its path.
struct StoreProblem: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    static let remedy = "restore it from a backup, or move it away to begin with an empty one"

    /// What SQLite says. Its own text never holds the arguments of a statement, and so no digest of a key.
    init(_ error: DatabaseError) {
        let text = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: reason = "is damaged (\(text)); \(StoreProblem.remedy)"
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            reason = "cannot be opened: \(text); look at the rights of the file and its folder"
        case .SQLITE_READONLY: reason = "cannot be written: \(text); look at the rights of the file and its folder"
        case .SQLITE_FULL: reason = "cannot be written: the disk is full"
        case .SQLITE_BUSY, .SQLITE_LOCKED: reason = "is held by another process: \(text)"
        default: reason = "cannot be used: \(text)"
        }
    }
}

/// Passes from the description to a snapshot, and snapshot files.
public enum CompileDiagnostics {
    /// Every row of this area.
    public static let all: [DiagnosticID] = []
}

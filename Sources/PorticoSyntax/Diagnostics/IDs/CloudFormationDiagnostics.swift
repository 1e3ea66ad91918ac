/// CloudFormation intrinsics and parameters in a spec file.
public enum CloudFormationDiagnostics {
    /// Every row of this area.
    public static let all: [DiagnosticID] = []
}

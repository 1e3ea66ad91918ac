public struct RouteSummary: Sendable { public var verb = ""; public var path = ""; public var integration = ""; public var authorization = ""; public var operationName: String?; public var line = 0 }
extension DeploymentSnapshot {
    public func encoded() -> [UInt8] { [] }
    public static func decode(_ bytes: [UInt8]) throws(SnapshotError) -> DeploymentSnapshot { throw .notASnapshot }
    public func dump() -> String { "" }
    public var routeSummaries: [RouteSummary] { [] }
    public func explain(method: String, path: String) -> String { "" }
}

import Testing

/// Compares: what throws cannot stand within `#expect` in every closure.
func equal<Value: Equatable>(
    _ found: Value, _ wanted: Value, _ comment: String = "", at location: SourceLocation = #_sourceLocation
) {
    #expect(found == wanted, "\(comment)", sourceLocation: location)
}

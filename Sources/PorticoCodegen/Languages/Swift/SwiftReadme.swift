/// The README of the package.
struct SwiftReadme {
    let types: SwiftTypes

    func text() -> String { "# \(types.symbols.module)\n" }
}

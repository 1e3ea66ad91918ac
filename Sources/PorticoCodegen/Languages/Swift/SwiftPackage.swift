/// The manifest of the package.
struct SwiftPackage {
    let types: SwiftTypes

    /// The text of `Package.swift`.
    func manifest(header: String) -> String {
        let module = SwiftPrinter.literal(types.symbols.module)
        var printer = SwiftPrinter()
        printer.line("// swift-tools-version: 6.0")
        printer.line(header)
        printer.line("import PackageDescription")
        printer.line()
        printer.line("let package = Package(")
        printer.line("    name: \(module),")
        // What has `Duration` and the clocks of Swift.
        printer.line("    platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9), .visionOS(.v1)],")
        printer.line("    products: [.library(name: \(module), targets: [\(module)])],")
        printer.line("    targets: [.target(name: \(module))]")
        printer.line(")")
        return printer.text
    }
}

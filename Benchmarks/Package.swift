// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that nobody who builds Portico builds this too. Run it by `scripts/bench micro`, which passes
// `-Xswiftc -enable-testing`: it measures parts that are internal to their modules.
let package = Package(
    name: "portico-benchmarks",
    dependencies: [
        .package(name: "portico", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "portico-bench",
            dependencies: [
                .product(name: "PorticoSyntax", package: "portico"),
                .product(name: "PorticoIR", package: "portico"),
                .product(name: "PorticoGateway", package: "portico"),
            ])
    ],
    swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that nobody who builds Portico builds this too. Run it by `scripts/bench`.
let package = Package(
    name: "portico-benchmarks",
    dependencies: [
        .package(name: "portico", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .target(name: "Measurement"),
        // Templates, schemas and JSON, for comparison with other engines. It needs the lower floors only.
        .executableTarget(
            name: "portico-bench",
            dependencies: [
                "Measurement",
                .product(name: "PorticoSyntax", package: "portico"),
                .product(name: "PorticoPrograms", package: "portico"),
            ]),
        // Parts that are internal to their modules: built with `-Xswiftc -enable-testing`.
        .executableTarget(
            name: "portico-micro",
            dependencies: [
                "Measurement",
                .product(name: "PorticoSyntax", package: "portico"),
                .product(name: "PorticoPrograms", package: "portico"),
                .product(name: "PorticoIR", package: "portico"),
                .product(name: "PorticoPrograms", package: "portico"),
                .product(name: "PorticoGateway", package: "portico"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        // The stage's cache, built in the same way.
        .executableTarget(
            name: "portico-cache",
            dependencies: ["Measurement", .product(name: "PorticoGateway", package: "portico")]),
        // What messages are measured against.
        .executableTarget(
            name: "websocket-echo",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

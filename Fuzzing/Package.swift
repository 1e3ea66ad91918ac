// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that nobody who builds Portico builds this too. Run it by `scripts/fuzz`, which passes what
// libFuzzer needs: `-Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library`.
let package = Package(
    name: "portico-fuzzing",
    dependencies: [
        .package(name: "portico", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        // `Codec`, `Framing` and `HTTPTargets` are links: the gateway's files for HTTP and WebSocket frames and their targets
        // without the gateway, whose TLS takes minutes to compile.
        .executableTarget(
            name: "portico-fuzz",
            dependencies: [
                .product(name: "PorticoFuzzTargets", package: "portico"),
                .product(name: "PorticoPrograms", package: "portico"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: [
                .define("FUZZING"), .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
            ])
    ],
    swiftLanguageModes: [.v6]
)

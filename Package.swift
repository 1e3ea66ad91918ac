// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "portico",
    products: [
        .executable(name: "portico", targets: ["portico"]),
        .executable(name: "portico-sdkgen", targets: ["portico-sdkgen"]),
        // Clients at build time, and by `swift package generate-client`. They build portico-sdkgen, not the server.
        .plugin(name: "PorticoClient", targets: ["PorticoClient"]),
        .plugin(name: "GenerateClient", targets: ["GenerateClient"]),
        // For the packages beside this one, such as Benchmarks and Fuzzing.
        .library(name: "PorticoSyntax", targets: ["PorticoSyntax"]),
        .library(name: "PorticoPrograms", targets: ["PorticoPrograms"]),
        .library(name: "PorticoIR", targets: ["PorticoIR"]),
        .library(name: "PorticoGateway", targets: ["PorticoGateway"]),
        .library(name: "PorticoFuzzTargets", targets: ["PorticoFuzzTargets"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        // PEM and DER of certificates; of the packages that are there for X509.
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
    ],
    targets: [
        // Floor 0
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "PorticoSyntax", dependencies: ["CLibYAML"]),

        // Floor 1
        .target(name: "PorticoPrograms", dependencies: ["PorticoSyntax", "CPCRE2"]),
        .target(name: "PorticoIR", dependencies: ["PorticoSyntax"]),

        // Floor 2
        .target(
            name: "PorticoGateway",
            dependencies: [
                "PorticoSyntax", "PorticoIR", "PorticoPrograms", "CZlib", "CDashboard",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
                // RSA signatures of tokens; of the package that is there for Crypto.
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Dashboard/Page"]
        ),
        // The files of the dashboard's page as bytes of the program.
        .target(name: "CDashboard"),

        .target(
            name: "PorticoStores",
            dependencies: [
                "PorticoIR",
                .product(name: "GRDB", package: "GRDB.swift"),
                // The connection to a shared store.
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(
            name: "PorticoCodegen", dependencies: ["PorticoSyntax", "PorticoIR", "CClientLibraries"],
            exclude: ["Libraries"]),
        // The files in Libraries, which clients carry as they are, as bytes of the program.
        .target(name: "CClientLibraries"),

        // Floor 4
        .executableTarget(
            name: "portico-sdkgen",
            dependencies: [
                "PorticoSyntax", "PorticoIR", "PorticoCodegen",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .plugin(name: "PorticoClient", capability: .buildTool(), dependencies: ["portico-sdkgen"]),
        .plugin(
            name: "GenerateClient",
            capability: .command(
                intent: .custom(verb: "generate-client", description: "Write a client of an API into the package."),
                permissions: [.writeToPackageDirectory(reason: "The client is written into the package.")]),
            dependencies: ["portico-sdkgen"]),
        .executableTarget(
            name: "portico",
            dependencies: [
                "PorticoSyntax", "PorticoIR", "PorticoPrograms", "PorticoGateway", "PorticoCodegen", "PorticoStores",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // Tests
        .target(
            name: "PorticoTestSupport",
            dependencies: [
                "PorticoSyntax", "PorticoIR", "PorticoGateway",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/PorticoTestSupport"
        ),
        .target(
            name: "PorticoFuzzTargets",
            dependencies: ["PorticoSyntax", "PorticoIR", "PorticoPrograms", "PorticoCodegen"],
            path: "Tests/PorticoFuzzTargets"
        ),
        .testTarget(name: "PorticoSyntaxTests", dependencies: ["PorticoSyntax"]),
        .testTarget(name: "PorticoIRTests", dependencies: ["PorticoIR", "PorticoSyntax"]),
        .testTarget(
            name: "PorticoProgramsTests", dependencies: ["PorticoPrograms", "PorticoSyntax", "PorticoFuzzTargets"]),
        .testTarget(
            name: "PorticoCodegenTests",
            dependencies: ["PorticoCodegen", "PorticoIR", "PorticoSyntax", "PorticoTestSupport"]),
        .testTarget(
            name: "PorticoGatewayTests",
            dependencies: [
                "PorticoGateway", "PorticoIR", "PorticoSyntax", "PorticoPrograms", "PorticoTestSupport",
                "PorticoFuzzTargets",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "PorticoStoresTests",
            dependencies: [
                "PorticoStores", "PorticoIR", "PorticoGateway", "PorticoTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "portico", "PorticoSyntax", "PorticoTestSupport",
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        // Builds the example with the plugins, and serves its API with the command.
        .testTarget(
            name: "PluginTests", dependencies: ["portico", "PorticoCodegen", "PorticoIR", "PorticoTestSupport"]),
        // Compiles and runs clients in every language, against the command that serves their API.
        .testTarget(
            name: "SDKTests",
            dependencies: [
                "portico", "portico-sdkgen", "PorticoCodegen", "PorticoIR", "PorticoSyntax", "PorticoTestSupport",
            ]
        ),
        .testTarget(name: "LayeringTests"),
    ],
    swiftLanguageModes: [.v6]
)

// X509 brings Foundation along. The members of the C library's structures are then Foundation's or Glibc's, whichever a
// compiler process met first, so that MemberImportVisibility refuses some of them now and then.
let importersOfX509: Set = ["PorticoGateway", "portico", "PorticoGatewayTests", "PorticoStoresTests", "CommandTests"]

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
    if !importersOfX509.contains(target.name) {
        target.swiftSettings?.append(.enableUpcomingFeature("MemberImportVisibility"))
    }
}

// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "PetStoreApp",
    dependencies: [
        .package(name: "portico", path: "../..")
    ],
    targets: [
        // The folder has an api.yaml; the plugin compiles its client into the target.
        .executableTarget(name: "PetStoreApp", plugins: [.plugin(name: "PorticoClient", package: "portico")])
    ],
    swiftLanguageModes: [.v6]
)

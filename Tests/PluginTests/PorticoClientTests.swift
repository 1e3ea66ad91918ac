import PorticoTestSupport
import Testing

/// They share a package, so that its tools are built once.
@Suite("SwiftPM plugins", .serialized)
enum PluginTests {}

extension PluginTests {
    @Suite("PorticoClient")
    struct PorticoClientTests {
        private let package: ExamplePackage

        init() throws { package = try ExamplePackage() }

        /// What the build says when it runs the generator.
        private static let generating = "Generating the client of api.yaml for PetStoreApp"

        @Test("the example calls the pet store, and the server is not compiled for it")
        func example() throws {
            let build = try package.build()
            try #require(build.status == 0, "\(build.text)")

            let modules = try package.compiledModules()
            #expect(modules.isSuperset(of: ["PetStoreApp", "PorticoCodegen", "PorticoIR", "PorticoSyntax"]))
            let server = modules.filter { module in
                ["NIO", "CNIO", "Crypto", "CCrypto", "PorticoGateway", "PorticoPrograms"].contains {
                    module.hasPrefix($0)
                }
            }
            #expect(server.isEmpty)

            let gateway = try ServingPortico("serve", "\(GoldenFile.packageRoot)/specs/petstore.yaml")
            let program = try ChildProcess(package.program, ["http://127.0.0.1:\(gateway.port)/dev"])
            #expect(try program.wait() == 0, "\(program.errors)")
            #expect(program.output == (try package.documentedOutput))
        }

        @Test("a change of the spec makes the client anew, and a build without changes does not")
        func change() throws {
            try #require(try package.build().status == 0)
            #expect(!(try package.client().contains("hamster")))

            try package.changeSpec("bird, gecko]", to: "bird, gecko, hamster]")
            let changed = try package.build()
            #expect(changed.status == 0, "\(changed.text)")
            #expect(changed.text.contains(Self.generating))
            #expect(try package.client().contains("hamster"))

            let same = try package.build()
            #expect(same.status == 0)
            #expect(!same.text.contains(Self.generating))
        }

        @Test("a change of a file that the spec refers to makes the client anew")
        func reference() throws {
            let model = "type: object\nproperties:\n  name: {type: string}\n"
            let adoptions = "schema:\n                type: object"
            try package.changeSpec(adoptions, to: "schema: {$ref: models/adoptions.yaml}")
            try package.write(inTarget: "models/adoptions.yaml", model)
            let first = try package.build()
            try #require(first.status == 0, "\(first.text)")
            #expect(!first.text.contains("unhandled"))

            try package.write(inTarget: "models/adoptions.yaml", model + "  nickname: {type: string}\n")
            let second = try package.build()
            #expect(second.status == 0, "\(second.text)")
            #expect(try package.client().contains("nickname"))
        }

        @Test("mistakes of the spec fail the build at their line and column, until they are mended")
        func mistake() throws {
            let spec = try package.spec
            try package.write(
                inTarget: "api.yaml", spec.replacing("type: mock", with: "type: mokc", maxReplacements: 1))
            let before = try #require(spec.firstRange(of: "type: mock")).lowerBound
            let line = spec[..<before].split(separator: "\n", omittingEmptySubsequences: false).count
            let broken = try package.build()
            #expect(broken.status != 0)
            #expect(broken.text.contains("\(package.target)/api.yaml:\(line):15: error[extension.unknown-value]: "))

            try package.write(inTarget: "api.yaml", spec)
            #expect(try package.build().status == 0)
        }

        @Test("portico.yaml is laid over the spec")
        func overlay() throws {
            try package.write(inTarget: "portico.yaml", "x-portico-stages: {}\nx-portico-protocol: SOAP\n")
            let build = try package.build()
            #expect(build.text.contains("\(package.target)/portico.yaml:2:21: error["), "\(build.text)")
            #expect(build.status != 0)
        }

        @Test("what lies in the generator's folder does not disturb")
        func leftovers() throws {
            try #require(try package.build().status == 0)
            try package.damageClient()
            try package.changeSpec("bird, gecko]", to: "bird, gecko, newt]")
            let build = try package.build()
            #expect(build.status == 0, "\(build.text)")
            #expect(try package.client().contains("newt"))
        }

        @Test("a target without a spec, or with two, is told so")
        func count() throws {
            try package.write(inTarget: "second.openapi.yml", try package.spec)
            let two = try package.build()
            #expect(two.status != 0)
            #expect(two.text.contains("target 'PetStoreApp' has more than one spec: api.yaml, second.openapi.yml"))

            try package.remove(fromTarget: "api.yaml")
            #expect(try package.build().status == 0)

            try package.remove(fromTarget: "second.openapi.yml")
            let none = try package.build()
            #expect(none.status != 0)
            #expect(none.text.contains("target 'PetStoreApp' has no spec: PorticoClient looks for api.yaml, "))
        }
    }
}

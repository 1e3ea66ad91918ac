import Testing

@Suite("Layering")
struct LayeringTests {
    @Test("the tree keeps every rule", arguments: LayeringRules.all.map(\.name))
    func treeKeepsRule(name: String) throws {
        let rule = try #require(LayeringRules.all.first { $0.name == name })
        let files = try SourceTree.swiftFiles(in: "Sources")
        #expect(files.count > 20, "the tree was not found at \(SourceTree.root)")
        let violations = files.flatMap { file in rule.violations(file).map { "\(file.path): \($0)" } }
        #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
    }

    /// A rule that cannot fail protects nothing.
    struct BadSample: Sendable, CustomTestStringConvertible {
        var rule: String
        var path: String
        var text: String
        var testDescription: String { "\(path): \(text.split(separator: "\n").last ?? "")" }
    }

    static let badSamples: [BadSample] = [
        ("imports go down only", "Sources/PorticoIR/A.swift", "import NIOCore"),
        ("imports go down only", "Sources/PorticoIR/A.swift", "public import PorticoPrograms"),
        ("imports go down only", "Sources/PorticoPrograms/Template/A.swift", "internal import PorticoIR"),
        ("imports go down only", "Sources/PorticoPrograms/A.swift", "import struct NIOCore.ByteBuffer"),
        ("imports go down only", "Sources/PorticoSyntax/A.swift", "import CPCRE2"),
        ("imports go down only", "Sources/PorticoSyntax/A.swift", "@preconcurrency import Foundation"),
        ("imports go down only", "Sources/PorticoCodegen/A.swift", "import PorticoGateway"),
        ("imports go down only", "Sources/PorticoGateway/A.swift", "import CLibYAML"),
        ("imports go down only", "Sources/PorticoGateway/A.swift", "import ArgumentParser"),
        ("imports go down only", "Sources/portico-sdkgen/A.swift", "import NIOPosix"),
        ("imports go down only", "Sources/Elsewhere/A.swift", "import Swift"),
        ("lowering knows no NIO", "Sources/PorticoGateway/Features/T/ThrottlingLowering.swift", "import NIOCore"),
        ("hot files declare themselves", "Sources/PorticoGateway/Runtime/A.swift", "struct A {}"),
        (
            "hot files declare themselves", "Sources/PorticoGateway/Runtime/HTTP/A.swift",
            "\n// Hot: once. Allocates: no."
        ),
        ("hot files declare themselves", "Sources/PorticoGateway/Router/A.swift", "// Hot: once per request."),
        ("hot files declare themselves", "Sources/PorticoGateway/Features/T/ThrottlingFilter.swift", "struct A {}"),
        ("hot files declare themselves", "Sources/PorticoPrograms/Template/TemplateMachine.swift", "struct A {}"),
        ("hot files stay hot", "Sources/A/A.swift", "// Hot: once.\nimport FoundationEssentials"),
        ("hot files stay hot", "Sources/A/A.swift", "// Hot: once.\nlet a = Task { 1 }"),
        ("hot files stay hot", "Sources/A/A.swift", "// Hot: once.\nTask.detached {}"),
        ("hot files stay hot", "Sources/A/A.swift", "// Hot: once.\nDispatchQueue.main.async {}"),
        ("hot files stay hot", "Sources/A/A.swift", "// Hot: once.\nlet a = try! f()"),
        ("hot files stay hot", "Sources/A/A.swift", "// Hot: once.\nlet a = Mutex(1)"),
        ("hot files stay hot", "Sources/A/A.swift", "// Hot: once.\nlet a = NIOLockedValueBox(1)"),
        ("hot files stay hot", "Sources/A/A.swift", "// Hot: once.\npthread_mutex_lock(&a)"),
    ].map { BadSample(rule: $0.0, path: $0.1, text: $0.2) }

    @Test("each rule finds a file that breaks it", arguments: badSamples)
    func ruleFindsBadSample(sample: BadSample) throws {
        let rule = try #require(LayeringRules.all.first { $0.name == sample.rule })
        #expect(!rule.violations(SwiftFile(path: sample.path, text: sample.text)).isEmpty)
    }

    @Test("every rule has a bad sample", arguments: LayeringRules.all.map(\.name))
    func ruleHasBadSample(name: String) {
        #expect(Self.badSamples.contains { $0.rule == name })
    }

    @Test(
        "a file that only speaks of forbidden things is fine",
        arguments: [
            "// Hot: once per request. Allocates: nothing.\n// Never a Task { here, no Mutex, no try!.",
            "// Hot: once per request. Allocates: nothing.\nlet a = \"try! Mutex\"",
            "// Hot: no, once per load. Allocates: the table.\nlet a = Mutex(1)",
        ])
    func speaksOnly(text: String) {
        let file = SwiftFile(path: "Sources/PorticoGateway/Runtime/A.swift", text: text)
        for rule in LayeringRules.all { #expect(rule.violations(file).isEmpty) }
    }
}

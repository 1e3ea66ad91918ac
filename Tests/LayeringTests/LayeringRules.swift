/// The architecture as rules over files. Each rule returns what is wrong with a file, in words; nothing when it is fine.
///
/// The table of ARCHITECTURE.md and this one say the same.
enum LayeringRules {
    /// Every rule by its name.
    static let all: [(name: String, violations: @Sendable (SwiftFile) -> [String])] = [
        ("imports go down only", imports),
        ("lowering knows no NIO", lowering),
        ("hot files declare themselves", hotDeclaration),
        ("hot files stay hot", hotContents),
    ]

    // MARK: Imports

    /// Modules of the system that any target may use. Never Foundation: it brings ICU, locks and seconds of start-up.
    static let systemModules: Set<String> = [
        "Swift", "Synchronization", "FoundationEssentials", "Glibc", "Musl", "Darwin",
    ]

    static let nioModules: Set<String> = [
        "NIO", "NIOCore", "NIOPosix", "NIOEmbedded", "NIOConcurrencyHelpers", "NIOHTTP1", "NIOHTTP2", "NIOHPACK",
        "NIOSSL", "NIOTLS", "NIOWebSocket", "NIOExtras", "NIOHTTPCompression", "NIOFoundationCompat", "NIOFileSystem",
    ]

    private static let runtimeModules: Set<String> = nioModules.union([
        "Crypto", "CryptoExtras", "X509", "SwiftASN1", "JWTKit", "Atomics", "Collections", "Logging", "Metrics",
        "Tracing", "ServiceLifecycle",
    ])

    private static let floors0And1: Set<String> = ["PorticoSyntax", "PorticoIR", "PorticoPrograms"]
    private static let floors0To2: Set<String> = floors0And1.union([
        "PorticoGateway", "PorticoCodegen", "PorticoStores",
    ])

    /// What each target may import besides ``systemModules``. A target that is not listed may not exist.
    static let allowedImports: [String: Set<String>] = [
        "CLibYAML": [],
        "CPCRE2": [],
        "CZlib": [],
        "PorticoSyntax": ["CLibYAML"],
        "PorticoIR": ["PorticoSyntax"],
        "PorticoPrograms": ["PorticoSyntax", "CPCRE2"],
        "PorticoGateway": floors0And1.union(runtimeModules).union(["CZlib", "CDashboard"]),
        "PorticoStores": floors0And1.union(nioModules).union(["GRDB", "Logging"]),
        "PorticoCodegen": ["PorticoSyntax", "PorticoIR", "CClientLibraries"],
        "PorticoControl": floors0To2.union(runtimeModules),
        "portico": floors0To2.union(runtimeModules).union([
            "PorticoControl", "ArgumentParser", "Dispatch", "Subprocess",
        ]),
        "portico-sdkgen": ["PorticoSyntax", "PorticoIR", "PorticoCodegen", "ArgumentParser"],
    ]

    @Sendable static func imports(_ file: SwiftFile) -> [String] {
        guard let allowed = allowedImports[file.target] else {
            return ["target '\(file.target)' has no row in the table of allowed imports"]
        }
        return file.imports.filter { !allowed.contains($0) && !systemModules.contains($0) }
            .map { "\(file.target) may not import \($0)" }
    }

    /// What turns a declaration into a program is arithmetic on data; the loop that runs it is another file.
    @Sendable static func lowering(_ file: SwiftFile) -> [String] {
        guard file.name.hasSuffix("Lowering.swift") else { return [] }
        return file.imports.filter { nioModules.contains($0) }.map { "a lowering may not import \($0)" }
    }

    // MARK: Hot files

    /// `// Hot: no, ...` stands on the cold files among hot ones.
    private static func isHot(_ file: SwiftFile) -> Bool {
        file.firstLine.hasPrefix("// Hot:") && !file.firstLine.hasPrefix("// Hot: no")
    }

    /// A file that runs per request says in its first line how often, and what it allocates.
    @Sendable static func hotDeclaration(_ file: SwiftFile) -> [String] {
        let isInHotFolder = file.path.contains("/Runtime/") || file.path.contains("/Router/")
        let isHotByName = file.name.hasSuffix("Filter.swift") || file.name.hasSuffix("Machine.swift")
        guard isInHotFolder || isHotByName else { return [] }
        guard file.firstLine.hasPrefix("// Hot: ") else { return ["the first line does not begin with '// Hot: '"] }
        return file.firstLine.contains("Allocates: ") ? [] : ["the first line does not say 'Allocates: '"]
    }

    /// Words that a hot file must not have, and why.
    static let coldWords: [(word: String, reason: String)] = [
        ("import Foundation", "Foundation"),
        ("Task {", "a task leaves the event loop"),
        ("Task.detached", "a task leaves the event loop"),
        ("DispatchQueue", "a queue leaves the event loop"),
        ("try!", "input must not end the process"),
        ("Mutex", "a lock stops the event loop"),
        ("NIOLock", "a lock stops the event loop"),
        ("NSLock", "a lock stops the event loop"),
        ("pthread_mutex", "a lock stops the event loop"),
        ("pthread_rwlock", "a lock stops the event loop"),
        ("DispatchSemaphore", "a semaphore stops the event loop"),
    ]

    @Sendable static func hotContents(_ file: SwiftFile) -> [String] {
        guard isHot(file) else { return [] }
        let code = file.code
        return coldWords.filter { code.contains($0.word) }.map { "a hot file may not have '\($0.word)': \($0.reason)" }
    }
}

import ArgumentParser
import PorticoGateway
import PorticoIR
import PorticoSyntax

/// API keys as a table for people and as JSON for programs.
enum KeyListing {
    static func table(_ keys: [StoredAPIKey]) -> String {
        var table = TextTable()
        table.add("ID", "NAME", "VALUE", "STATE", "USAGE PLANS", "CREATED")
        for key in keys {
            table.add(
                key.id, key.name, key.prefix + "...", key.isEnabled ? "enabled" : "disabled",
                key.usagePlans.isEmpty ? "-" : key.usagePlans.joined(separator: ", "),
                TimeText.iso8601(milliseconds: key.createdMilliseconds))
        }
        return table.text
    }

    /// Members are named after API Gateway's ApiKey.
    static func json(_ key: StoredAPIKey, value: String? = nil) -> JSONValue {
        var members = [JSONMember("id", .string(key.id)), JSONMember("name", .string(key.name))]
        if let value { members.append(JSONMember("value", .string(value))) }
        members += [
            JSONMember("valuePrefix", .string(key.prefix)),
            JSONMember("description", .string(key.description)),
            JSONMember("enabled", .boolean(key.isEnabled)),
            JSONMember("usagePlans", .array(key.usagePlans.map { .string($0) })),
            JSONMember("createdDate", .string(TimeText.iso8601(milliseconds: key.createdMilliseconds))),
            JSONMember("lastUpdatedDate", .string(TimeText.iso8601(milliseconds: key.updatedMilliseconds))),
        ]
        return .object(members)
    }
}

/// The usage plans that keys may be in.
enum UsagePlansInput {
    /// Warnings of a spec have no place beside a key; errors do, because with them nobody knows its plans.
    static func read(_ file: String, _ specOptions: SpecOptions) throws -> [UsagePlanSummary] {
        if CompiledFile.isNamed(by: file) { return try CompiledFile.read(file).usagePlanSummaries }
        var compilation = try specOptions.compiler(for: file).compile()
        guard compilation.snapshot == nil else { return compilation.snapshot?.usagePlanSummaries ?? [] }
        compilation.diagnostics.removeAll { $0.severity == .warning }
        return try compilation.snapshotOrFailure().usagePlanSummaries
    }
}

/// What the commands share that change one key.
struct KeyChange: ParsableArguments {
    @Argument(help: "Id or name of the key.")
    var key: String

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions

    /// Changes the key and says what it is then.
    func run(
        _ command: String, _ body: (any APIKeyStore, String) throws(APIKeyStoreError) -> StoredAPIKey
    ) throws {
        let audit = AuditLog(stateOptions, command: "keys \(command)", spec: file)
        let store = KeyStoreInput.open(stateOptions, besides: file, audit: audit)
        let changed = try KeyStoreInput.reporting { () throws(APIKeyStoreError) in
            try audit.guarding { () throws(APIKeyStoreError) in try body(store, key) }
        }
        switch format {
        case .text: Console.printLine(changed.id)
        case .json: OutputFormat.printJSON(KeyListing.json(changed))
        }
    }
}

import ArgumentParser
import PorticoGateway
import PorticoIR
import PorticoStores
import PorticoSyntax

/// `portico keys`
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Makes, lists and withdraws API keys.",
        discussion: """
            Keys are kept in '.portico' beside the spec, which servers of that spec read: a change counts within a second. \
            Usage plans are those of the spec ('x-portico-usage-plans'); a key opens the stages of its plans.
            """,
        subcommands: [
            KeysNewCommand.self, KeysListCommand.self, KeysImportCommand.self, KeysEnableCommand.self,
            KeysDisableCommand.self, KeysDeleteCommand.self,
        ]
    )
}

/// `portico keys new NAME SPEC`
struct KeysNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Makes an API key and prints its value, this once.",
        discussion: "The value is 40 random letters and digits. Only its SHA-256 is kept."
    )

    @Argument(help: "Name of the key.")
    var name: String

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(
        name: .customLong("plan"),
        help: ArgumentHelp("A usage plan of the spec. Repeatable, up to ten times.", valueName: "name"))
    var plans: [String] = []

    @Option(help: "What it is for.")
    var description = ""

    @Flag(help: "Make a key that opens nothing until 'portico keys enable'.")
    var disabled = false

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let usagePlans = try UsagePlansInput.read(file, specOptions)
        let key = NewAPIKey(
            name: name, value: RandomText.make(40, of: RandomText.alphanumeric), description: description,
            isEnabled: !disabled, usagePlans: plans)
        if let problem = key.problem(usagePlans) { throw CommandFailure(.negative, problem) }
        let stored = key.stored(atMilliseconds: TimeText.now())
        let audit = AuditLog(stateOptions, command: "keys new", spec: file)
        let store = KeyStoreInput.open(stateOptions, besides: file, audit: audit)
        try KeyStoreInput.reporting { () throws(APIKeyStoreError) in
            try audit.guarding { () throws(APIKeyStoreError) in try store.add([stored]) }
        }
        Console.say("portico: API key '\(name)', id \(stored.id); its value is shown this once")
        if plans.isEmpty { Console.say("portico: it is in no usage plan, so that it opens nothing; see --plan") }
        switch format {
        case .text: Console.printLine(key.value)
        case .json: OutputFormat.printJSON(KeyListing.json(stored, value: key.value))
        }
    }
}

/// `portico keys list SPEC`
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the API keys that 'portico keys' made, without their values."
    )

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions

    func run() throws {
        let store = KeyStoreInput.open(stateOptions, besides: file)
        let keys = try KeyStoreInput.reporting { () throws(APIKeyStoreError) in try store.keys() }
        switch format {
        case .text where keys.isEmpty: Console.say("portico: no API keys; 'portico keys new NAME SPEC' makes one")
        case .text: Console.printLine(KeyListing.table(keys))
        case .json: OutputFormat.printJSON(.array(keys.map { KeyListing.json($0) }))
        }
    }
}

/// `portico keys import FILE SPEC`
struct KeysImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes API keys from a CSV file as API Gateway reads it.",
        discussion: """
            Columns: Name, Key, Description, Enabled, UsagePlanIds (names of usage plans of the spec, in quotes if there are \
            several). All keys are taken, or none: none if a line has an error, or a warning with --fail-on-warnings.
            """
    )

    @Argument(help: "The CSV file.")
    var csv: String

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Flag(help: "Take no key if there is something to warn about.")
    var failOnWarnings = false

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let table = KeysCSV(try LocalFile.read(csv), plans: try UsagePlansInput.read(file, specOptions))
        for warning in table.warnings { Console.say("\(csv), \(warning)") }
        for error in table.errors { Console.say("\(csv), \(error)") }
        guard table.errors.isEmpty, !failOnWarnings || table.warnings.isEmpty else {
            throw CommandFailure(.negative, "no key was imported")
        }
        let now = TimeText.now()
        let keys = table.keys.map { $0.stored(atMilliseconds: now) }
        let audit = AuditLog(stateOptions, command: "keys import", spec: file)
        let store = KeyStoreInput.open(stateOptions, besides: file, audit: audit)
        try KeyStoreInput.reporting { () throws(APIKeyStoreError) in
            if !keys.isEmpty { try audit.guarding { () throws(APIKeyStoreError) in try store.add(keys) } }
        }
        Console.say("portico: imported \(keys.count) API key\(keys.count == 1 ? "" : "s")")
        switch format {
        case .text: for key in keys { Console.printLine(key.id) }
        // The shape of API Gateway's answer.
        case .json:
            OutputFormat.printJSON(
                .object([
                    JSONMember("ids", .array(keys.map { .string($0.id) })),
                    JSONMember("warnings", .array(table.warnings.map { .string($0) })),
                ]))
        }
    }
}

/// `portico keys enable KEY SPEC`
struct KeysEnableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Lets an API key open its stages again.")

    @OptionGroup var change: KeyChange

    func run() throws {
        try change.run("enable") { store, key throws(APIKeyStoreError) in
            try store.setEnabled(true, key: key, atMilliseconds: TimeText.now())
        }
    }
}

/// `portico keys disable KEY SPEC`
struct KeysDisableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Lets an API key open nothing until it is enabled.")

    @OptionGroup var change: KeyChange

    func run() throws {
        try change.run("disable") { store, key throws(APIKeyStoreError) in
            try store.setEnabled(false, key: key, atMilliseconds: TimeText.now())
        }
    }
}

/// `portico keys delete KEY SPEC`
struct KeysDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes an API key for good.")

    @OptionGroup var change: KeyChange

    func run() throws {
        try change.run("delete") { store, key throws(APIKeyStoreError) in try store.delete(key: key) }
    }
}

import PorticoIR
import PorticoStores

/// The store of API keys beside a spec.
enum KeyStoreInput {
    /// The store for a command that reads.
    static func open(_ options: StateOptions, besides file: String) -> SQLiteAPIKeyStore {
        SQLiteAPIKeyStore(folder: StateLocation.folder(options.state(), besides: file))
    }

    /// The store for a command that changes it, whose changes are written down.
    static func open(_ options: StateOptions, besides file: String, audit: AuditLog) -> SQLiteAPIKeyStore {
        SQLiteAPIKeyStore(folder: StateLocation.folder(options.state(), besides: file), record: audit.recorder)
    }

    /// The store for a server, read once: a server that cannot tell which keys are good must not start.
    static func openForServing(_ options: StateOptions, besides file: String) throws(CommandFailure)
        -> SQLiteAPIKeyStore
    {
        let store = open(options, besides: file)
        try reporting { () throws(APIKeyStoreError) in _ = try store.keys() }
        return store
    }

    /// Runs `body`; what the store refuses is a negative result, and a store that cannot be used is the machine's state.
    static func reporting<Result>(_ body: () throws(APIKeyStoreError) -> Result) throws(CommandFailure) -> Result {
        do {
            return try body()
        } catch {
            switch error {
            case .unusable, .unrecorded: throw CommandFailure(.unavailable, "\(error)")
            case .nameTaken, .valueTaken, .unknownKey: throw CommandFailure(.negative, "\(error)")
            }
        }
    }
}

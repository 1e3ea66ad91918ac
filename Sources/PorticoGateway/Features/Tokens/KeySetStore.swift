internal import NIOCore
internal import Synchronization

/// The keys of all issuers, for all workers of a server.
///
/// One worker fetches, all are told on their loops; requests read their worker's copy and take no lock. A lock is held
/// for a few assignments only, and only when keys are missing or old.
final class KeySetStore: Sendable {
    /// What a worker that wants a fetch has to do.
    enum Claim: Sendable {
        /// Fetch, and call ``finish(_:_:maximum:at:)``.
        case fetch
        /// Another fetch is under way; its outcome comes as an update.
        case wait
        /// Its copy is old: this is the newer one.
        case update(KeyState)
        /// It is too early to ask again.
        case refused
    }

    /// Why a fetch is wanted.
    enum Reason: Sendable {
        case age
        case unknownKey
    }

    /// Hears of new keys on its loop.
    struct Subscriber: Sendable {
        let loop: any EventLoop
        let update: @Sendable (KeySource, KeyState) -> Void
    }

    private struct State {
        var sources: [KeySource: KeyState] = [:]
        var subscribers: [Subscriber] = []
    }

    private let state = Mutex(State())

    /// Makes a store without keys.
    init() {}

    /// Tells `subscriber` of all changes from now on.
    func subscribe(_ subscriber: Subscriber) {
        state.withLock { $0.subscribers.append(subscriber) }
    }

    /// What is known now.
    func known(_ source: KeySource) -> KeyState {
        state.withLock { $0.sources[source] ?? KeyState() }
    }

    /// Asks to fetch, on behalf of a worker whose copy has `version`.
    func claim(_ source: KeySource, for reason: Reason, version: Int, at now: Int) -> Claim {
        state.withLock { state in
            var known = state.sources[source] ?? KeyState()
            guard known.version == version else { return .update(known) }
            let isWanted =
                switch reason {
                case .age: known.need(at: now) == .wait || known.need(at: now) == .refresh
                case .unknownKey: known.mayFetchForUnknownKey(at: now)
                }
            let wasFetching = known.isFetching
            if (isWanted || wasFetching), known.begin(at: now) {
                state.sources[source] = known
                return .fetch
            }
            return wasFetching ? .wait : .refused
        }
    }

    /// Ends a fetch and tells all workers. `keys` are `nil` if there are none to be had; `age` is how long they may be used
    /// by the issuer's word, if it gave any.
    func finish(_ source: KeySource, _ keys: KeySet?, ageMilliseconds age: Int?, at now: Int) {
        let (known, subscribers) = state.withLock { state in
            var known = state.sources[source] ?? KeyState()
            if let keys {
                let maximum = source.maximumAgeMilliseconds
                known.succeed(keys, ageMilliseconds: age ?? maximum, maximum: maximum, at: now)
            } else {
                known.fail(at: now)
            }
            state.sources[source] = known
            return (known, state.subscribers)
        }
        for subscriber in subscribers { subscriber.loop.execute { subscriber.update(source, known) } }
    }

    /// Forgets sources that no snapshot in service has.
    func keep(_ sources: Set<KeySource>) {
        state.withLock { state in
            state.sources = state.sources.filter { sources.contains($0.key) || $0.value.isFetching }
        }
    }
}

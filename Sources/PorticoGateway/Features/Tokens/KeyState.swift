/// What is known of one issuer's keys, and when to ask again. Times are milliseconds of a clock that never goes back.
///
/// Pure: ``KeySetStore`` owns one for each source, and each worker has a copy.
struct KeyState: Sendable {
    /// What a request must do about the keys.
    enum Need: Hashable {
        /// Nothing: they are fresh, or the best there is for now.
        case none
        /// Have them fetched anew, and go on with those that are there.
        case refresh
        /// Wait for a fetch.
        case wait
        /// There are none, and it is too early to ask again.
        case unavailable
    }

    /// Keys that could not be fetched are asked for again after one second, then two, and so on up to this.
    static let maximumRetryMilliseconds = 30_000
    /// Keys whose issuer is out of reach are used this long: an outage of an issuer is not one of every API behind it, but
    /// whoever cuts an issuer off must not keep a withdrawn key alive for ever.
    static let lastGoodMilliseconds = 24 * 3_600_000
    /// Keys are fetched at most once in this time because of names that are not among them: tokens with invented names
    /// cost an issuer no more than that.
    static let unknownKeyMilliseconds = 10_000
    /// Whatever an issuer says, its keys are used this long without asking again.
    static let minimumAgeMilliseconds = 30_000
    /// A fetch that has not come back after this was lost with its worker.
    static let lostFetchMilliseconds = 10_000

    /// The last good ones.
    private(set) var keys: KeySet?
    /// Rises with every change.
    private(set) var version = 0
    private(set) var isFetching = false
    private var fetchedAt = 0
    /// From then on a request has them fetched anew, while it uses them.
    private(set) var refreshFrom = 0
    /// From then on a request waits for new ones.
    private var freshUntil = 0
    private var failures = 0
    private var retryAt = 0
    private var lastFetchAt = Int.min / 2

    /// Nothing is known.
    init() {}

    /// What a request needs.
    func need(at now: Int) -> Need {
        guard keys != nil else { return now >= retryAt ? .wait : .unavailable }
        if now < refreshFrom { return .none }
        if now < freshUntil { return now >= retryAt ? .refresh : .none }
        if failures == 0 { return .wait }
        if now < fetchedAt + Self.lastGoodMilliseconds { return now >= retryAt ? .refresh : .none }
        return now >= retryAt ? .wait : .unavailable
    }

    /// Whether a name that is not among the keys is reason enough to ask.
    func mayFetchForUnknownKey(at now: Int) -> Bool {
        now >= lastFetchAt + Self.unknownKeyMilliseconds && now >= retryAt
    }

    /// A fetch begins; `false` if one is under way.
    mutating func begin(at now: Int) -> Bool {
        guard !isFetching || now >= lastFetchAt + Self.lostFetchMilliseconds else { return false }
        isFetching = true
        lastFetchAt = now
        return true
    }

    /// A fetch brought keys that may be used for `age` milliseconds at most.
    mutating func succeed(_ keys: KeySet, ageMilliseconds age: Int, maximum: Int, at now: Int) {
        let age = min(max(age, Self.minimumAgeMilliseconds), maximum)
        isFetching = false
        version += 1
        self.keys = keys
        fetchedAt = now
        freshUntil = now + age
        refreshFrom = freshUntil - age / 5
        failures = 0
        retryAt = 0
    }

    /// A fetch brought nothing: what there was stays.
    mutating func fail(at now: Int) {
        isFetching = false
        version += 1
        failures += 1
        retryAt = now + min(1000 << min(failures - 1, 10), Self.maximumRetryMilliseconds)
    }
}

// Hot: once per request whose access key is not in the document. Allocates: for keys that are not known yet.

internal import Logging
internal import NIOCore
internal import PorticoPrograms

/// The identities that one worker has asked an endpoint for. Belongs to the worker's loop.
///
/// What is known, and what is not, is kept for a time; a question that is under way is asked once, however many requests
/// wait for its answer. Everything has a limit, and whatever goes wrong lets nobody in.
final class IdentityLookup {
    /// What is known of an access key.
    enum Answer {
        case known(CallerTable.Entry)
        case unknown
        /// Nobody can tell: refused, and not as the caller's fault.
        case failed
        /// ``wait(for:_:)`` has the answer later.
        case pending
    }

    private enum Absence {
        case unknown
        case failed
    }

    /// Questions of one worker that are under way at once.
    static let maximumQuestions = 64
    /// Requests of one worker that wait for answers.
    static let maximumWaiting = 1024
    /// Identities that are kept.
    static let maximumIdentities = 4096
    /// How long an access key stays unknown: one that is made now works after that.
    static let unknownMilliseconds = 10_000
    /// How long nobody asks again for a key after no answer came.
    static let failedMilliseconds = 1000

    let client: IdentityEndpointClient
    private let pools: UpstreamPools
    private let logger: Logger
    private let now: () -> Int
    private let identities: AuthorizerCache<CallerTable.Entry>
    /// Apart from ``identities``, so that invented keys push nobody out.
    private let absences: AuthorizerCache<Absence>
    private var questions: [[UInt8]: [IdentityWait]] = [:]
    private var waitingCount = 0
    private var loggedMilliseconds = Int.min / 2

    init(
        _ client: IdentityEndpointClient, pools: UpstreamPools, logger: Logger, seed: UInt64, now: @escaping () -> Int
    ) {
        self.client = client
        self.pools = pools
        self.logger = logger
        self.now = now
        identities = AuthorizerCache(capacity: Self.maximumIdentities, seed: seed)
        absences = AuthorizerCache(capacity: Self.maximumIdentities, seed: seed)
    }

    /// What is known now.
    func answer(_ accessKeyID: UnsafeRawBufferPointer) -> Answer {
        let now = now()
        if let entry = identities.answer(accessKeyID, now: now) { return .known(entry) }
        switch absences.answer(accessKeyID, now: now) {
        case .unknown?: return .unknown
        case .failed?: return .failed
        case nil: return IdentityEndpointClient.isAccessKeyID(accessKeyID) ? .pending : .unknown
        }
    }

    /// Asks, and gives the answer, which is never `pending`, to `completion`: on the loop, once, and never before this has
    /// returned. `nil` when too many wait already: nobody is asked.
    func wait(
        for accessKeyID: UnsafeRawBufferPointer, _ completion: @escaping (Answer) -> Void
    ) -> IdentityWait? {
        guard waitingCount < Self.maximumWaiting else { return nil }
        let key = Array(accessKeyID)
        let isNew = questions[key] == nil
        guard !isNew || questions.count < Self.maximumQuestions else { return nil }
        let wait = IdentityWait(completion)
        questions[key, default: []].append(wait)
        waitingCount += 1
        if isNew { IdentityFetch.begin(key, of: client, pools: pools) { self.finish(key, $0) } }
        return wait
    }

    private func finish(_ key: [UInt8], _ outcome: IdentityFetch.Outcome) {
        let now = now()
        let answer: Answer
        switch outcome {
        case .known(let entry):
            answer = .known(entry)
            if client.timeToLiveMilliseconds > 0 {
                key.withUnsafeBytes {
                    identities.keep(entry, by: $0, until: now &+ client.timeToLiveMilliseconds, now: now)
                }
            }
        case .unknown:
            answer = .unknown
            let time = min(Self.unknownMilliseconds, client.timeToLiveMilliseconds)
            if time > 0 { key.withUnsafeBytes { absences.keep(.unknown, by: $0, until: now &+ time, now: now) } }
        case .failed(let reason):
            answer = .failed
            key.withUnsafeBytes {
                absences.keep(.failed, by: $0, until: now &+ Self.failedMilliseconds, now: now)
            }
            log(reason, now)
        }
        let waiting = questions.removeValue(forKey: key) ?? []
        waitingCount -= waiting.count
        for wait in waiting { wait.complete(answer) }
    }

    /// At most once a second: an endpoint that is away must not fill a log. Access keys are no secrets, but may be many.
    private func log(_ reason: String, _ now: Int) {
        guard now >= loggedMilliseconds &+ 1000 else { return }
        loggedMilliseconds = now
        logger.error("'\(client.name)' was asked for an identity: \(reason); its requests answer 500")
    }
}

/// A request that waits for an identity. Belongs to the loop of its worker.
final class IdentityWait {
    private var completion: ((IdentityLookup.Answer) -> Void)?

    init(_ completion: @escaping (IdentityLookup.Answer) -> Void) { self.completion = completion }

    /// Gives it up, for instance because the client went away: the completion is not called any more.
    func cancel() { completion = nil }

    func complete(_ answer: IdentityLookup.Answer) {
        let completion = self.completion
        self.completion = nil
        completion?(answer)
    }
}

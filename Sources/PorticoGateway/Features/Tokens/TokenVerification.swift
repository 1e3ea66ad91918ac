// Hot: once per request with a token. Allocates: nothing for a token that is known.

internal import Logging
internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// What became of a token.
enum TokenVerdict {
    case accepted(VerifiedToken)
    case refused(TokenRefusal)
    /// Keys must be fetched first: ``TokenVerification/resolve(_:for:completion:)`` has the verdict later.
    case pending
}

/// Verifies the tokens of one worker's requests. Belongs to the worker's loop.
///
/// A token that was verified before is a look-up. One that was not is verified on the spot, on the loop: a signature costs
/// less than a hop to another thread and back would. Only missing keys are waited for.
final class TokenVerification {
    /// Requests of one worker that wait for the keys of one issuer; more are refused.
    static let maximumWaiting = 1024

    private let pools: UpstreamPools
    private let store: KeySetStore
    private let logger: Logger
    /// Milliseconds since 1970: what claims are compared with.
    private let wallMilliseconds: () -> Int
    /// Milliseconds of a clock that never goes back: what the age of keys is counted with.
    private let monotonicMilliseconds: () -> Int
    private(set) var cache: VerifiedTokenCache
    private var mirrors: [KeySource: KeyMirror] = [:]
    private let tape = JSONTape(maximumDepth: TokenLimits.depth, maximumBytes: TokenLimits.tokenBytes)
    private let matcher: PatternMatcher

    /// Makes one on its loop. `matcher` runs `identityValidationExpression`.
    init(
        pools: UpstreamPools, store: KeySetStore, matcher: PatternMatcher, logger: Logger,
        cache: VerifiedTokenCache = VerifiedTokenCache(), wallMilliseconds: @escaping () -> Int,
        monotonicMilliseconds: @escaping () -> Int
    ) {
        self.pools = pools
        self.store = store
        self.matcher = matcher
        self.logger = logger
        self.cache = cache
        self.wallMilliseconds = wallMilliseconds
        self.monotonicMilliseconds = monotonicMilliseconds
        let bound = NIOLoopBound(WeakVerification(self), eventLoop: pools.loop)
        store.subscribe(
            KeySetStore.Subscriber(loop: pools.loop) { source, state in
                bound.value.verification?.receive(source, state)
            })
    }

    /// Puts the issuers of a snapshot into service: keys that are still in use stay, verified tokens of authorizers that
    /// are not do not.
    func install(_ trusts: [TokenTrust]) {
        let sources = Set(trusts.flatMap(\.sources))
        mirrors = mirrors.filter { sources.contains($0.key) || $0.value.waitingCount > 0 }
        cache.removeAll()
    }

    // MARK: - Verdicts

    /// The token of a header field or parameter: all of it, or what follows `Bearer `; `nil` if there is none.
    /// Source: reference, 1.9 (1).
    static func token(in field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var text = trimmingBlanks(field)
        let scheme: StaticString = "bearer"
        let length = scheme.utf8CodeUnitCount
        let expected = UnsafeRawBufferPointer(start: scheme.utf8Start, count: length)
        if text.count >= length, bytesEqualIgnoringCase(UnsafeRawBufferPointer(rebasing: text[..<length]), expected),
            text.count == length || text[length] == 0x20 || text[length] == 0x09
        {
            text = trimmingBlanks(UnsafeRawBufferPointer(rebasing: text[length...]))
        }
        return text.isEmpty ? nil : text
    }

    /// The verdict on a token without `Bearer `.
    func verdict(_ token: UnsafeRawBufferPointer, for rules: TokenRules) -> TokenVerdict {
        if let known = cache.token(token, for: rules.trust) {
            if let refusal = known.refusal(atMilliseconds: wallMilliseconds()) {
                cache.remove(known)
                return .refused(refusal)
            }
            if isCurrent(known) { return judge(known, rules) }
        }
        var waitsFor: KeyMirror?
        return verify(token, rules, isLast: false, &waitsFor)
    }

    /// Has keys fetched and gives the verdict, which is never `pending`, to `completion`: on the loop, once, and never before
    /// this has returned. To be called after ``verdict(_:for:)`` was `pending`; `token` is copied, because the bytes of a
    /// request that waits may move.
    func resolve(
        _ token: UnsafeRawBufferPointer, for rules: TokenRules, completion: @escaping (TokenVerdict) -> Void
    ) -> TokenWait {
        let wait = TokenWait(Array(token), rules, completion)
        var waitsFor: KeyMirror?
        let verdict = verify(token, rules, isLast: false, &waitsFor)
        if case .pending = verdict, let mirror = waitsFor {
            if mirror.waitingCount < Self.maximumWaiting {
                wait.mirror = mirror
                mirror.add(wait)
            } else {
                later(wait, .refused(.keysUnavailable))
            }
        } else {
            later(wait, verdict)
        }
        return wait
    }

    private func later(_ wait: TokenWait, _ verdict: TokenVerdict) {
        let bound = NIOLoopBound((wait, verdict), eventLoop: pools.loop)
        pools.loop.execute { bound.value.0.complete(bound.value.1) }
    }

    private func judge(_ token: VerifiedToken, _ rules: TokenRules) -> TokenVerdict {
        if let refusal = rules.judge(token) { return .refused(refusal) }
        return .accepted(token)
    }

    /// Whether the key of a known token may still be used. Has old keys fetched anew.
    private func isCurrent(_ token: VerifiedToken) -> Bool {
        guard let mirror = token.mirror else { return true }
        let now = monotonicMilliseconds()
        if now >= mirror.state.refreshFrom {
            switch mirror.state.need(at: now) {
            case .none: break
            case .refresh: refresh(mirror, now)
            case .wait, .unavailable: return false
            }
        }
        guard let keys = mirror.state.keys else { return false }
        if keys === token.keys { return true }
        guard keys.contains(token.key) else {
            cache.remove(token)
            return false
        }
        token.keys = keys
        return true
    }
}

// MARK: - Verification

extension TokenVerification {
    /// Verifies a token that is not known. `isLast`: keys that are missing now will not be waited for again.
    private func verify(
        _ text: UnsafeRawBufferPointer, _ rules: TokenRules, isLast: Bool, _ waitsFor: inout KeyMirror?
    ) -> TokenVerdict {
        do throws(TokenRefusal) {
            let token = try CompactToken(text, tape: tape)
            defer { tape.clear() }
            return token.claims.withUnsafeBytes { claims in
                do throws(TokenRefusal) {
                    guard tape.parse(claims) == .ok else { throw .malformed }
                    return try verify(text, token, rules, wallMilliseconds(), isLast, &waitsFor)
                } catch {
                    return .refused(error)
                }
            }
        } catch {
            return .refused(error)
        }
    }

    /// The key that a token names; `nil` if it must be waited for.
    private func key(
        of token: CompactToken, _ mirror: KeyMirror, _ isLast: Bool
    ) throws(TokenRefusal) -> (KeySet, VerificationKey)? {
        guard let keys = try current(mirror, isLast) else { return nil }
        if let key = try self.key(of: token, keys) { return (keys, key) }
        if isLast { throw .unknownKey }
        let version = mirror.state.version
        if fetch(mirror, .unknownKey, monotonicMilliseconds()) { return nil }
        // Another worker has had newer ones already.
        guard mirror.state.version != version, let newer = mirror.state.keys, let key = try self.key(of: token, newer)
        else {
            throw .unknownKey
        }
        return (newer, key)
    }

    private func key(of token: CompactToken, _ keys: KeySet) throws(TokenRefusal) -> VerificationKey? {
        if let key = keys.key(named: token.keyID, for: token.algorithm) { return key }
        // The key is there and of another type: somebody tries one algorithm with a key of another.
        if keys.hasKey(named: token.keyID) { throw .algorithm }
        return nil
    }

    private func verify(
        _ text: UnsafeRawBufferPointer, _ token: CompactToken, _ rules: TokenRules, _ now: Int, _ isLast: Bool,
        _ waitsFor: inout KeyMirror?
    ) throws(TokenRefusal) -> TokenVerdict {
        // What the token says of itself is believed only where it speaks against it, until its signature is verified:
        // nobody should wait for keys, or make us fetch some, with a token that is of no use anyway.
        let claims = try TokenClaims(tape)
        guard let issuer = rules.trust.issuer(of: claims) else { throw .issuer }
        guard issuer.algorithms.contains(token.algorithm) else { throw .algorithm }
        let objection = rules.trust.objection(to: claims, of: issuer, at: now)
        if let objection, !rules.trust.verifiesFirst || !isAtHand(issuer.keys) { throw objection }

        var mirror: KeyMirror?
        let keys: KeySet
        let key: VerificationKey
        switch issuer.keys {
        case .none: throw .keysUnavailable
        case .fixed(let fixed):
            guard let found = try self.key(of: token, fixed) else { throw .unknownKey }
            (keys, key) = (fixed, found)
        case .remote(let source):
            let found = self.mirror(source)
            // Nobody is asked for the key of a token that is of no use anyway.
            if let objection {
                guard let known = found.state.keys, try self.key(of: token, known) != nil else { throw objection }
            }
            guard let pair = try self.key(of: token, found, isLast) else {
                waitsFor = found
                return .pending
            }
            (keys, key) = pair
            mirror = found
        }
        guard
            key.verifies(
                token.signature, of: UnsafeRawBufferPointer(rebasing: text[..<token.signedBytes]), token.algorithm)
        else { throw .signature }
        if let objection { throw objection }
        guard issuer.accepts(audienceOf: claims) else { throw .audience }
        let verified = VerifiedToken(
            text, payload: token.claims, tape: tape, claims: claims, style: rules.trust.style,
            fitsAudience: fitsAudience(claims, rules.trust), key: key, keys: keys)
        verified.mirror = mirror
        cache.insert(verified, for: rules.trust, nowMilliseconds: now)
        return judge(verified, rules)
    }

    /// Whether there are keys that need not be asked for.
    private func isAtHand(_ keys: TrustedIssuer.Keys) -> Bool {
        switch keys {
        case .fixed: true
        case .remote(let source): mirror(source).state.need(at: monotonicMilliseconds()) == .none
        case .none: false
        }
    }

    /// `identityValidationExpression` of a user pool authorizer against `aud`. A pattern that gives up matches nothing.
    private func fitsAudience(_ claims: TokenClaims, _ trust: TokenTrust) -> Bool {
        guard case .userPools(let pattern?) = trust.kind else { return true }
        return (claims.audiences ?? []).contains { audience in
            audience.withUnsafeBytes { matcher.fullMatch(pattern, $0) == .match }
        }
    }
}

// MARK: - Keys

extension TokenVerification {
    private func mirror(_ source: KeySource) -> KeyMirror {
        if let mirror = mirrors[source] { return mirror }
        let mirror = KeyMirror(source, store.known(source))
        mirrors[source] = mirror
        return mirror
    }

    /// The keys to verify with now; `nil` if they must be waited for.
    private func current(_ mirror: KeyMirror, _ isLast: Bool) throws(TokenRefusal) -> KeySet? {
        let now = monotonicMilliseconds()
        // A claim may bring a newer copy, in which things look different: once, since the copy is then the newest.
        for _ in 0..<2 {
            switch mirror.state.need(at: now) {
            case .none: return mirror.state.keys
            case .refresh:
                refresh(mirror, now)
                return mirror.state.keys
            case .unavailable: throw .keysUnavailable
            case .wait:
                // After a failed fetch, `need` says what is good enough.
                if isLast { throw .keysUnavailable }
                let version = mirror.state.version
                if fetch(mirror, .age, now) { return nil }
                if mirror.state.version == version { throw .keysUnavailable }
            }
        }
        throw .keysUnavailable
    }

    /// Has keys fetched while those that are there are used: asked for once, not by every request meanwhile.
    private func refresh(_ mirror: KeyMirror, _ now: Int) {
        guard mirror.refreshedVersion != mirror.state.version else { return }
        if fetch(mirror, .age, now) { mirror.refreshedVersion = mirror.state.version }
    }

    /// Sees to it that keys are fetched; `false` if that is not to be now, or a newer copy came instead.
    private func fetch(_ mirror: KeyMirror, _ reason: KeySetStore.Reason, _ now: Int) -> Bool {
        switch store.claim(mirror.source, for: reason, version: mirror.state.version, at: now) {
        case .wait: return true
        case .refused: return false
        case .update(let state):
            mirror.state = state
            return false
        case .fetch: break
        }
        let source = mirror.source
        KeyFetch.begin(source, pools: pools) { [weak self, store, logger] outcome in
            let now = self?.monotonicMilliseconds() ?? now
            switch outcome {
            case .success(let (reading, age)):
                for reason in reading.leftOut { logger.debug("keys of '\(source.issuer)': left out \(reason)") }
                store.finish(source, reading.keys, ageMilliseconds: age, at: now)
            case .failure(let problem):
                logger.warning("keys of '\(source.issuer)' cannot be had: \(problem.text)")
                store.finish(source, nil, ageMilliseconds: nil, at: now)
            }
        }
        return true
    }

    /// The store knows something new.
    fileprivate func receive(_ source: KeySource, _ state: KeyState) {
        guard let mirror = mirrors[source] else { return }
        if state.version > mirror.state.version { mirror.state = state }
        for wait in mirror.takeWaiting() {
            var waitsFor: KeyMirror?
            let verdict = wait.token.withUnsafeBytes { verify($0, wait.rules, isLast: true, &waitsFor) }
            wait.complete(verdict)
        }
    }
}

/// Subscriptions outlive workers.
private final class WeakVerification {
    weak var verification: TokenVerification?

    init(_ verification: TokenVerification) { self.verification = verification }
}

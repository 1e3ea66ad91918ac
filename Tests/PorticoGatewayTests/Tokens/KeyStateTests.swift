import Testing

@testable import PorticoGateway

/// When keys are asked for again. Times are milliseconds.
@Suite("States of keys")
struct KeyStateTests {
    private static let hour = 3_600_000

    private func fetched(age: Int = hour, at now: Int = 0) throws -> KeyState {
        var state = KeyState()
        let begins1 = state.begin(at: now)
        #expect(begins1)
        state.succeed(try Tokens.keySet(SigningKey.p256.jwk("k")), ageMilliseconds: age, maximum: Self.hour, at: now)
        return state
    }

    @Test("without keys a request waits, and after a failure nobody asks again at once")
    func nothing() {
        var state = KeyState()
        #expect(state.need(at: 0) == .wait)
        var now = 0
        for wait in [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000] {
            let begins2 = state.begin(at: now)
            #expect(begins2)
            state.fail(at: now)
            #expect(state.need(at: now + wait - 1) == .unavailable)
            #expect(state.need(at: now + wait) == .wait)
            now += wait
        }
    }

    @Test(
        "keys are used as long as the issuer and the limit allow",
        arguments: [
            (600_000, 480_000, 600_000), (hour, 2_880_000, hour), (10 * hour, 2_880_000, hour), (0, 24_000, 30_000),
            (-5, 24_000, 30_000),
        ])
    func ages(age: Int, refresh: Int, end: Int) throws {
        let state = try fetched(age: age)
        #expect(state.need(at: refresh - 1) == .none)
        #expect(state.need(at: refresh) == .refresh)
        #expect(state.need(at: end - 1) == .refresh)
        #expect(state.need(at: end) == .wait)
    }

    @Test("the last good keys are used for a day while the issuer is out of reach, and asked for all the time")
    func lastGood() throws {
        var state = try fetched()
        let day = 24 * Self.hour
        let begins3 = state.begin(at: Self.hour)
        #expect(begins3)
        state.fail(at: Self.hour)
        #expect(state.keys != nil)
        #expect(state.need(at: Self.hour + 999) == .none)
        #expect(state.need(at: Self.hour + 1000) == .refresh)
        #expect(state.need(at: day - 1) == .refresh)
        #expect(state.need(at: day) == .wait)
        let begins4 = state.begin(at: day)
        #expect(begins4)
        state.fail(at: day)
        #expect(state.need(at: day + 1) == .unavailable)
    }

    @Test("one fetch at a time, unless one was lost")
    func oneFetch() {
        var state = KeyState()
        let begins5 = state.begin(at: 0)
        #expect(begins5)
        let begins6 = state.begin(at: 1)
        #expect(!begins6)
        let begins7 = state.begin(at: KeyState.lostFetchMilliseconds - 1)
        #expect(!begins7)
        let begins8 = state.begin(at: KeyState.lostFetchMilliseconds)
        #expect(begins8)
    }

    @Test("invented names of keys cost an issuer one fetch in ten seconds")
    func unknownNames() throws {
        var state = try fetched(at: 0)
        var fetches = 0
        for now in stride(from: 0, to: 60_000, by: 10) where state.mayFetchForUnknownKey(at: now) {
            fetches += 1
            let begins9 = state.begin(at: now)
            #expect(begins9)
            state.succeed(
                try Tokens.keySet(SigningKey.p256.jwk("k")), ageMilliseconds: Self.hour, maximum: Self.hour, at: now)
        }
        #expect(fetches == 5)
    }

    @Test("the store lets one worker fetch, and tells others of newer copies")
    func claims() throws {
        let store = KeySetStore()
        let source = KeySource(issuer: "https://a", keySetAddress: nil, maximumAgeMilliseconds: Self.hour)
        func claim(_ reason: KeySetStore.Reason, _ version: Int, _ now: Int) -> String {
            switch store.claim(source, for: reason, version: version, at: now) {
            case .fetch: "fetch"
            case .wait: "wait"
            case .refused: "refused"
            case .update(let state): "update \(state.version)"
            }
        }
        #expect(claim(.age, 0, 0) == "fetch")
        #expect(claim(.age, 0, 1) == "wait")
        #expect(claim(.unknownKey, 0, 1) == "wait")
        store.finish(source, try Tokens.keySet(SigningKey.p256.jwk("k")), ageMilliseconds: nil, at: 10)
        #expect(claim(.age, 0, 11) == "update 1")
        #expect(claim(.age, 1, 11) == "refused")
        #expect(claim(.unknownKey, 1, 11) == "refused")
        #expect(claim(.unknownKey, 1, 10_000) == "fetch")
        store.finish(source, nil, ageMilliseconds: nil, at: 10_001)
        #expect(store.known(source).keys != nil)
        store.keep([])
        #expect(store.known(source).keys == nil)
    }
}

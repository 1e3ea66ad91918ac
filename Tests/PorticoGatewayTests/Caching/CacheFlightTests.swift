import Synchronization
import Testing

@testable import PorticoGateway

@Suite("Fetches that requests share")
struct CacheFlightTests {
    private let cache = ResponseCache(capacityBytes: 1 << 20)
    private let key = CacheTesting.key("7")
    private let turns = CacheTesting.Turns()

    private func begin(_ cache: ResponseCache? = nil, now: Int = 0) -> String {
        switch (cache ?? self.cache).begin(key, now: now, { [turns] in turns.append($0) }) {
        case .turn(.hit(let response)): return "hit " + CacheTesting.text(response.body)
        case .turn(.fetch(let flight)):
            turns.append(.fetch(flight))
            return "fetch"
        case .turn(.fetchWithoutStoring): return "fetch without storing"
        case .wait: return "wait"
        }
    }

    @Test("One fetches, the others wait and get its answer, later ones have a hit")
    func shared() throws {
        let flight = try #require(CacheTesting.flight(cache, key))
        #expect(begin() == "wait")
        #expect(begin() == "wait")
        #expect(turns.names.isEmpty)
        #expect(flight.finish(with: CacheTesting.response("cat", of: flight), now: 0))
        #expect(turns.names == ["hit cat", "hit cat"])
        #expect(begin() == "hit cat")
        let counts = cache.counts
        #expect(counts.hits == 3 && counts.misses == 1 && counts.stores == 1 && counts.entries == 1)
    }

    @Test("Waiters for other keys are left alone")
    func otherKeys() throws {
        let flight = try #require(CacheTesting.flight(cache, key))
        let other = try #require(CacheTesting.flight(cache, CacheTesting.key("8")))
        #expect(begin() == "wait")
        other.finish(with: CacheTesting.response("dog", of: other), now: 0)
        #expect(turns.names.isEmpty)
        flight.finish(with: CacheTesting.response("cat", of: flight), now: 0)
        #expect(turns.names == ["hit cat"])
    }

    @Test("A flight finishes once")
    func once() throws {
        let flight = try #require(CacheTesting.flight(cache, key))
        #expect(flight.finish(with: CacheTesting.response("cat", of: flight), now: 0))
        #expect(!flight.finish(with: CacheTesting.response("dog", of: flight), now: 0))
        #expect(CacheTesting.body(cache, key) == "cat")
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
    }

    @Test("An answer that cannot be kept sends all who wait to fetch at once, and for ten seconds nobody waits")
    func declined() throws {
        let flight = try #require(CacheTesting.flight(cache, key))
        #expect(begin() == "wait" && begin() == "wait")
        #expect(!flight.finish(with: nil, now: 100))
        #expect(turns.names == ["fetch without storing", "fetch without storing"])
        // The next one may store; whoever comes meanwhile does not wait for it.
        let next = try #require(CacheTesting.flight(cache, key, now: 101))
        #expect(begin(now: 101) == "fetch without storing")
        #expect(begin(now: 10_099) == "fetch without storing")
        #expect(begin(now: 10_100) == "wait")
        // One that is stored ends it.
        #expect(next.finish(with: CacheTesting.response("cat", of: next, now: 0, timeToLive: 200), now: 110))
        #expect(turns.names.last == "hit cat")
        let last = try #require(CacheTesting.flight(cache, key, now: 300))
        #expect(begin(now: 300) == "wait")
        last.finish(with: nil, now: 300)
        #expect(cache.counts.misses == 3 + 2 + 2 + 1)
    }

    @Test("When the one that fetches goes away, exactly one who waits takes its place, first come first")
    func succession() throws {
        var flight = CacheTesting.flight(cache, key)
        #expect(flight != nil)
        for _ in 0..<3 { #expect(begin() == "wait") }
        flight = nil
        #expect(turns.names == ["fetch"])
        #expect(begin() == "wait")
        var next = turns.takeFlight()
        #expect(next != nil)
        next = nil
        #expect(turns.names == ["fetch"])
        let last = try #require(turns.takeFlight())
        last.finish(with: CacheTesting.response("cat", of: last), now: 0)
        #expect(turns.names == ["hit cat", "hit cat"])
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
    }

    @Test("When nobody waits any more, the flight is over and the next request fetches")
    func abandoned() {
        var flight = CacheTesting.flight(cache, key)
        #expect(flight != nil && begin() == "wait")
        flight = nil
        #expect(turns.takeFlight() != nil)
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
        #expect(begin() == "fetch")
    }

    @Test("A thousand who give up as they are told do so one after the other, not one inside the other")
    func givingUp() throws {
        let count = CacheTesting.Count()
        let depth = CacheTesting.Count()
        let deepest = CacheTesting.Count()
        var flight = CacheTesting.flight(cache, key)
        #expect(flight != nil)
        for _ in 0..<1_000 {
            _ = cache.begin(key, now: 0) { turn in
                let now = depth.number.add(1, ordering: .relaxed).newValue
                if now > deepest.value { deepest.number.store(now, ordering: .relaxed) }
                if case .fetch = turn { count.add() }
                _ = consume turn
                depth.number.subtract(1, ordering: .relaxed)
            }
        }
        flight = nil
        #expect(count.value == 1_000)
        #expect(deepest.value == 1)
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
    }

    @Test("A waiter that is cancelled hears nothing; too late is told")
    func cancellation() throws {
        let flight = try #require(CacheTesting.flight(cache, key))
        guard case .wait(let first) = cache.begin(key, now: 0, { [turns] in turns.append($0) }),
            case .wait(let second) = cache.begin(key, now: 0, { [turns] in turns.append($0) })
        else {
            Issue.record("both wait")
            return
        }
        #expect(first.cancel())
        #expect(!first.cancel())
        flight.finish(with: CacheTesting.response("cat", of: flight), now: 0)
        #expect(turns.names == ["hit cat"])
        #expect(!second.cancel())
    }

    @Test("A cancelled waiter gets no flight")
    func cancelledSuccession() {
        var flight = CacheTesting.flight(cache, key)
        guard flight != nil, case .wait(let wait) = cache.begin(key, now: 0, { [turns] in turns.append($0) }) else {
            Issue.record("the second waits")
            return
        }
        #expect(wait.cancel())
        flight = nil
        #expect(turns.names.isEmpty)
        #expect(begin() == "fetch")
    }

    @Test("Beyond the limit of waiters, and of flights, requests fetch without storing")
    func limits() throws {
        let cache = ResponseCache(capacityBytes: 1 << 20, limits: FlightLimits(flights: 2, waiters: 3))
        let flight = try #require(CacheTesting.flight(cache, key))
        for _ in 0..<3 { #expect(begin(cache) == "wait") }
        #expect(begin(cache) == "fetch without storing")
        let other = try #require(CacheTesting.flight(cache, CacheTesting.key("8")))
        #expect(CacheTesting.flight(cache, CacheTesting.key("9")) == nil)
        guard case .fetchWithoutStoring = cache.refresh(CacheTesting.key("9")) else {
            Issue.record("a refresh is a flight, too")
            return
        }
        other.finish(with: nil, now: 0)
        #expect(CacheTesting.flight(cache, CacheTesting.key("9")) != nil)
        flight.finish(with: CacheTesting.response("cat", of: flight), now: 0)
        #expect(turns.names.count == 3)
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
    }

    @Test("A flight from before a flush answers those who waited before it, stores nothing, and is not joined")
    func flush() throws {
        let flight = try #require(CacheTesting.flight(cache, key))
        #expect(begin() == "wait")
        cache.flush()
        let fresh = try #require(CacheTesting.flight(cache, key))
        #expect(begin() == "wait")
        #expect(!flight.finish(with: CacheTesting.response("old", of: flight), now: 0))
        #expect(turns.names == ["hit old"])
        #expect(fresh.finish(with: CacheTesting.response("new", of: fresh), now: 0))
        #expect(turns.names == ["hit old", "hit new"])
        #expect(CacheTesting.body(cache, key) == "new")
    }

    @Test("A flight from before a refresh stores nothing, whichever ends first", arguments: [true, false])
    func refresh(isOldFirst: Bool) throws {
        let old = try #require(CacheTesting.flight(cache, key))
        guard case .fetch(let fresh) = cache.refresh(key) else {
            Issue.record("a refresh fetches")
            return
        }
        #expect(begin() == "wait")
        if isOldFirst { #expect(!old.finish(with: CacheTesting.response("old", of: old), now: 0)) }
        #expect(turns.names.isEmpty)
        #expect(fresh.finish(with: CacheTesting.response("new", of: fresh), now: 0))
        if !isOldFirst { #expect(!old.finish(with: CacheTesting.response("old", of: old), now: 0)) }
        #expect(turns.names == ["hit new"])
        #expect(CacheTesting.body(cache, key) == "new")
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
    }

    @Test("An invalidation without a fetch takes the entry out, and what is under way with it")
    func invalidate() throws {
        #expect(CacheTesting.store("cat", key, in: cache))
        cache.invalidate(key)
        #expect(cache.counts.entries == 0 && cache.counts.bytes == 0)
        let flight = try #require(CacheTesting.flight(cache, key))
        cache.invalidate(key)
        #expect(!flight.finish(with: CacheTesting.response("old", of: flight), now: 0))
        #expect(cache.counts.entries == 0)
    }

    @Test("A successor of a flight from before a flush stores nothing either")
    func successorAfterFlush() throws {
        var flight = CacheTesting.flight(cache, key)
        #expect(flight != nil && begin() == "wait" && begin() == "wait")
        cache.flush()
        flight = nil
        let next = try #require(turns.takeFlight())
        #expect(!next.finish(with: CacheTesting.response("late", of: next), now: 0))
        #expect(turns.names == ["hit late"])
        #expect(cache.counts.entries == 0)
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
    }

    @Test("An answer of another key is not taken")
    func foreignAnswer() throws {
        let flight = try #require(CacheTesting.flight(cache, key))
        let other = try #require(CacheTesting.flight(cache, CacheTesting.key("8")))
        #expect(begin() == "wait")
        #expect(!flight.finish(with: CacheTesting.response("dog", of: other), now: 0))
        #expect(turns.names == ["fetch without storing"])
        other.finish(with: nil, now: 0)
    }

    @Test("Two keys of one hash: the second does not wait for the first, nor get its answer")
    func sameHash() throws {
        let one = CacheTesting.key("one", hash: 5)
        let two = CacheTesting.key("two", hash: 5)
        let flight = try #require(CacheTesting.flight(cache, one))
        guard case .turn(.fetchWithoutStoring) = cache.begin(two, now: 0, { _ in }) else {
            Issue.record("it fetches for itself")
            return
        }
        #expect(flight.finish(with: CacheTesting.response("1", of: flight), now: 0))
        #expect(CacheTesting.body(cache, two) == nil)
        #expect(CacheTesting.body(cache, one) == "1")
        #expect(CacheTesting.store("2", two, in: cache))
        #expect(CacheTesting.body(cache, two) == "2")
        #expect(CacheTesting.body(cache, one) == nil)
        #expect(cache.counts.entries == 1)
    }
}

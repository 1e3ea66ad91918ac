import Testing

@testable import PorticoGateway

@Suite("Encrypted answers")
struct CacheCipherTests {
    private let cache = ResponseCache(capacityBytes: 4 << 20)
    private let cipher = CacheCipher()

    private func sealed(_ id: String, head: String, body: String) throws -> CachedResponse {
        let flight = try #require(CacheTesting.flight(cache, CacheTesting.key(id)))
        let response = Array(head.utf8).withUnsafeBytes { head in
            Array(body.utf8).withUnsafeBytes { body in
                flight.response(
                    status: 201, head: head, body: body, sealedBy: cipher, now: 0, timeToLiveMilliseconds: 1_000)
            }
        }
        let made = try #require(response)
        #expect(flight.finish(with: made, now: 0))
        return made
    }

    @Test("Opens to what was sealed", arguments: [("head", "body"), ("", ""), ("h", ""), ("", "b")])
    func opens(head: String, body: String) throws {
        let response = try sealed("7", head: head, body: body)
        #expect(response.isEncrypted && response.status == 201)
        #expect(response.head.isEmpty && response.body.isEmpty)
        var buffer: [UInt8] = [1, 2, 3]
        #expect(cipher.open(response, into: &buffer) == head.utf8.count)
        #expect(buffer == Array((head + body).utf8))
    }

    @Test("The largest answer can be sealed, and no larger one")
    func largest() throws {
        let body = String(repeating: "x", count: CacheLimits.answerBytes - 4)
        let response = try sealed("7", head: "head", body: body)
        var buffer: [UInt8] = []
        #expect(cipher.open(response, into: &buffer) == 4 && buffer.count == CacheLimits.answerBytes)
        let flight = try #require(CacheTesting.flight(cache, CacheTesting.key("8")))
        let larger = Array(body.utf8).withUnsafeBytes { body in
            flight.response(
                status: 200, head: UnsafeRawBufferPointer(rebasing: body[..<5]), body: body, sealedBy: cipher, now: 0,
                timeToLiveMilliseconds: 1_000)
        }
        #expect(larger == nil && cache.counts.refused == 1)
    }

    @Test("Nothing of it is in memory, and the same answer looks different each time")
    func hidden() throws {
        let one = Array(try sealed("7", head: "head-head-head", body: "body-body-body").payload)
        cache.flush()
        let two = Array(try sealed("7", head: "head-head-head", body: "body-body-body").payload)
        #expect(one.count == 28 + 12 + 16 && two.count == one.count)
        #expect(one.prefix(12) != two.prefix(12) && one.dropFirst(12) != two.dropFirst(12))
        #expect(!String(decoding: one, as: UTF8.self).contains("head"))
        #expect(!String(decoding: one, as: UTF8.self).contains("body"))
    }

    @Test("A change of any bit, of what is sealed or of what it is bound to, opens to nothing")
    func tampered() throws {
        let response = try sealed("7", head: "head", body: "a body")
        var buffer: [UInt8] = []
        func opens(_ sealed: [UInt8], _ bound: [UInt8]) -> Bool {
            sealed.withUnsafeBytes { sealed in
                bound.withUnsafeBytes { cipher.open(sealed, sealedWith: $0, into: &buffer) }
            }
        }
        let sealed = Array(response.payload)
        let bound = Array(response.sealedWith)
        #expect(opens(sealed, bound) && buffer == Array("heada body".utf8))
        for bit in 0..<(sealed.count * 8) {
            var other = sealed
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!opens(other, bound) && buffer.isEmpty)
        }
        for bit in 0..<(bound.count * 8) {
            var other = bound
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!opens(sealed, other))
        }
        for length in 0..<sealed.count { #expect(!opens(Array(sealed.prefix(length)), bound)) }
        #expect(!opens(sealed + [0], bound) && !opens(sealed, bound + [0]))
    }

    @Test("The answer of another key, a cipher of another process, and a plain answer open to nothing")
    func swapped() throws {
        let one = try sealed("7", head: "head", body: "one")
        let two = try sealed("8", head: "head", body: "two")
        var buffer: [UInt8] = []
        #expect(!cipher.open(one.payload, sealedWith: two.sealedWith, into: &buffer))
        #expect(CacheCipher().open(one, into: &buffer) == nil)
        #expect(cipher.open(one, into: &buffer) == 4)
        #expect(cipher.open(CacheTesting.response("k", hash: 1, size: 400), into: &buffer) == nil)
    }
}

// Hot: once per request with a token. Allocates: nothing on a look-up.

/// The tokens that a worker has verified, found by their bytes.
///
/// Four places for each hash, so that a look-up compares at most four hashes, whoever chose the tokens. The hash is keyed,
/// it covers the signature's end, where tokens of one issuer differ, and a hit is compared whole. What does not verify is
/// never in it: a wrong token costs a verification each time, and pushes nothing out.
struct VerifiedTokenCache {
    /// Tokens that one worker keeps.
    static let defaultSets = 1024
    /// Bytes that they may hold.
    static let defaultBytes = 16 << 20
    private static let ways = 4
    /// Bytes from the end that are hashed: all of an ES256 signature is 86 characters, and the rest of it is as random.
    private static let hashedBytes = 64
    /// Places that are looked at for expired tokens with each new one.
    private static let sweptPlaces = 8

    private struct Place {
        var token: VerifiedToken?
        var trust: UInt64 = 0
        var lastUse: UInt64 = 0
    }

    private let setMask: Int
    private let maximumBytes: Int
    private let salt: (UInt64, UInt64)
    private var hashes: ContiguousArray<Int>
    private var places: ContiguousArray<Place>
    private(set) var count = 0
    private(set) var heldBytes = 0
    private var uses: UInt64 = 0
    private var hand = 0

    /// Makes an empty cache; `sets` is rounded up to a power of two.
    init(sets: Int = defaultSets, maximumBytes: Int = defaultBytes) {
        var size = 1
        while size < sets { size *= 2 }
        setMask = size - 1
        self.maximumBytes = maximumBytes
        var random = SystemRandomNumberGenerator()
        salt = (random.next(), random.next())
        hashes = ContiguousArray(repeating: 0, count: size * Self.ways)
        places = ContiguousArray(repeating: Place(), count: size * Self.ways)
    }

    private func digest(of token: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(salt.0)
        hasher.combine(salt.1)
        hasher.combine(token.count)
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: token.suffix(Self.hashedBytes)))
        return hasher.finalize()
    }

    /// The token of these bytes that was verified against `trust`.
    mutating func token(_ bytes: UnsafeRawBufferPointer, for trust: TokenTrust) -> VerifiedToken? {
        let hash = digest(of: bytes)
        let start = (hash & setMask) &* Self.ways
        for index in start..<start &+ Self.ways where hashes[index] == hash && places[index].trust == trust.number {
            guard let token = places[index].token, bytesEqual(token.bytes, bytes) else { continue }
            uses &+= 1
            places[index].lastUse = uses
            return token
        }
        return nil
    }

    /// Keeps a token, in the place of one that has expired or was used least lately.
    mutating func insert(_ token: VerifiedToken, for trust: TokenTrust, nowMilliseconds now: Int) {
        let size = token.heldBytes
        guard size <= maximumBytes else { return }
        sweep(now)
        let hash = digest(of: token.bytes)
        let start = (hash & setMask) &* Self.ways
        var chosen = start
        for index in start..<start &+ Self.ways {
            guard let old = places[index].token else {
                chosen = index
                break
            }
            let isSame = hashes[index] == hash && places[index].trust == trust.number
            if isSame && bytesEqual(old.bytes, token.bytes) || old.expiry <= now {
                chosen = index
                break
            }
            if places[index].lastUse < places[chosen].lastUse { chosen = index }
        }
        remove(at: chosen)
        while heldBytes + size > maximumBytes, count > 0 {
            remove(at: hand)
            hand = (hand + 1) % places.count
        }
        uses &+= 1
        hashes[chosen] = hash
        places[chosen] = Place(token: token, trust: trust.number, lastUse: uses)
        count += 1
        heldBytes += size
    }

    /// Forgets a token, for instance because its issuer withdrew the key.
    mutating func remove(_ token: VerifiedToken) {
        let start = (digest(of: token.bytes) & setMask) &* Self.ways
        for index in start..<start + Self.ways where places[index].token === token { remove(at: index) }
    }

    /// Forgets all.
    mutating func removeAll() {
        for index in places.indices { remove(at: index) }
    }

    private mutating func sweep(_ now: Int) {
        for _ in 0..<min(Self.sweptPlaces, places.count) {
            if let token = places[hand].token, token.expiry <= now { remove(at: hand) }
            hand = (hand + 1) % places.count
        }
    }

    private mutating func remove(at index: Int) {
        guard let token = places[index].token else { return }
        heldBytes -= token.heldBytes
        count -= 1
        hashes[index] = 0
        places[index] = Place()
    }
}

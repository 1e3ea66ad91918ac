/// The answers of one shard: an index by hash, and the queues of S3-FIFO that choose what makes room. Not thread-safe.
///
/// New answers enter the small queue, a tenth of the capacity. What was used more than once until it comes to the queue's
/// end moves to the main queue; all else leaves, and its hash is remembered for a while in the ghost queue. What comes
/// back meanwhile enters the main queue at once. There, used answers go round again with one use less. So what is asked
/// for once passes through a tenth of the memory, and a hit moves nothing.
///
/// *Source:* Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023, algorithm 1, with bytes in place
/// of objects.
struct ResponseStore {
    /// Answers that are sent round again in a search for one that may leave, at most: the lock is held meanwhile. Then the
    /// one at the end leaves, however often it was used.
    static let longestSearch = 512
    /// Hashes that are remembered at least, when there are few answers.
    static let fewestGhosts = 64

    private enum Queue { case small, main }

    private struct Node {
        var response: CachedResponse?
        /// Towards the older end; -1 there.
        var older: Int32 = -1
        /// Towards the newer end, or the next free node; -1 at the end.
        var newer: Int32 = -1
        var queue = Queue.small
    }

    private struct Ends {
        var oldest: Int32 = -1
        var newest: Int32 = -1
        var bytes = 0
    }

    /// Most bytes of answers.
    let capacityBytes: Int
    private let smallBytes: Int
    private var nodes = ContiguousArray<Node>()
    private var firstFree: Int32 = -1
    private var index: [UInt64: Int32] = [:]
    private var small = Ends()
    private var main = Ends()
    private var ghosts = GhostQueue()
    /// The small queue's share holds only once the cache was full.
    private var wasFull = false

    /// Makes an empty store.
    init(capacityBytes: Int) {
        self.capacityBytes = capacityBytes
        smallBytes = capacityBytes / 10
    }

    /// Bytes of the answers.
    var bytes: Int { small.bytes + main.bytes }
    /// Number of answers.
    var count: Int { index.count }
    /// Hashes of answers that left.
    var ghostCount: Int { ghosts.count }

    /// The answer with that key, whatever its age.
    func response(_ key: UnsafeRawBufferPointer, hash: UInt64) -> CachedResponse? {
        guard let node = index[hash], let response = nodes[Int(node)].response, bytesEqual(response.key, key) else {
            return nil
        }
        return response
    }

    /// Takes out the answer with that key.
    mutating func remove(_ key: UnsafeRawBufferPointer, hash: UInt64) -> CachedResponse? {
        guard response(key, hash: hash) != nil else { return nil }
        return removeEntry(hash)
    }

    /// Puts an answer in, in the place of one with the same hash: what replaces an answer of the main queue enters it, too.
    ///
    /// - Precondition: it is no larger than the capacity.
    /// - Returns: what left instead, and how many of these were evicted, not replaced.
    mutating func insert(_ response: CachedResponse, now: Int) -> (removed: [CachedResponse], evictions: Int) {
        precondition(response.sizeBytes <= capacityBytes, "an answer fits into its shard")
        var removed: [CachedResponse] = []
        var evictions = 0
        let old = index[response.hash].map { nodes[Int($0)].queue }
        if let old = removeEntry(response.hash) { removed.append(old) }
        while bytes + response.sizeBytes > capacityBytes, let old = evict(now) {
            wasFull = true
            evictions += 1
            removed.append(old)
        }
        let isWanted = ghosts.remove(response.hash) || old == .main
        let isFilling = !wasFull && small.bytes + response.sizeBytes > smallBytes
        let node = newNode(response)
        index[response.hash] = node
        link(node, isWanted || isFilling ? .main : .small)
        return (removed, evictions)
    }

    /// All answers, in no order.
    var responses: [CachedResponse] { nodes.compactMap(\.response) }
}

extension ResponseStore {
    private mutating func evict(_ now: Int) -> CachedResponse? {
        var rounds = 0
        while true {
            let isSmall = small.oldest >= 0 && (small.bytes > smallBytes || main.oldest < 0)
            let node = isSmall ? small.oldest : main.oldest
            guard node >= 0, let response = nodes[Int(node)].response else { return nil }
            let isExpired = response.expiryMilliseconds <= now
            let uses = response.frequency
            if !isExpired, uses > (isSmall ? 1 : 0), rounds < Self.longestSearch {
                unlink(node)
                response.setFrequency(isSmall ? 0 : uses &- 1)
                link(node, .main)
                rounds &+= 1
                continue
            }
            if isSmall, !isExpired { ghosts.insert(response.hash, limit: max(count, Self.fewestGhosts)) }
            return removeEntry(response.hash)
        }
    }

    private mutating func removeEntry(_ hash: UInt64) -> CachedResponse? {
        guard let node = index.removeValue(forKey: hash) else { return nil }
        unlink(node)
        let response = nodes[Int(node)].response
        nodes[Int(node)] = Node(response: nil, newer: firstFree)
        firstFree = node
        return response
    }

    private mutating func newNode(_ response: CachedResponse) -> Int32 {
        guard firstFree >= 0 else {
            nodes.append(Node(response: response))
            return Int32(nodes.count - 1)
        }
        let node = firstFree
        firstFree = nodes[Int(node)].newer
        nodes[Int(node)] = Node(response: response)
        return node
    }

    private mutating func link(_ node: Int32, _ queue: Queue) {
        let size = nodes[Int(node)].response?.sizeBytes ?? 0
        func append(to ends: inout Ends, _ nodes: inout ContiguousArray<Node>) {
            nodes[Int(node)].queue = queue
            nodes[Int(node)].older = ends.newest
            nodes[Int(node)].newer = -1
            if ends.newest >= 0 { nodes[Int(ends.newest)].newer = node } else { ends.oldest = node }
            ends.newest = node
            ends.bytes += size
        }
        switch queue {
        case .small: append(to: &small, &nodes)
        case .main: append(to: &main, &nodes)
        }
    }

    private mutating func unlink(_ node: Int32) {
        let entry = nodes[Int(node)]
        let size = entry.response?.sizeBytes ?? 0
        func take(from ends: inout Ends, _ nodes: inout ContiguousArray<Node>) {
            if entry.older >= 0 { nodes[Int(entry.older)].newer = entry.newer } else { ends.oldest = entry.newer }
            if entry.newer >= 0 { nodes[Int(entry.newer)].older = entry.older } else { ends.newest = entry.older }
            ends.bytes -= size
        }
        switch entry.queue {
        case .small: take(from: &small, &nodes)
        case .main: take(from: &main, &nodes)
        }
    }
}

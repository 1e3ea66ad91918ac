@testable import PorticoGateway

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// S3-FIFO as the paper has it, in lists that are searched from end to end: slow, and plain enough to be seen to be right.
struct NaiveStore {
    struct Entry {
        var hash: UInt64
        var size: Int
        var expiry: Int
        var frequency = 0
    }

    let capacity: Int
    /// Oldest first.
    var small: [Entry] = []
    var main: [Entry] = []
    var ghosts: [UInt64] = []
    var wasFull = false

    var bytes: Int { (small + main).reduce(0) { $0 + $1.size } }
    var hashes: Set<UInt64> { Set((small + main).map(\.hash)) }

    mutating func use(_ hash: UInt64) {
        for index in small.indices where small[index].hash == hash {
            small[index].frequency = min(3, small[index].frequency + 1)
        }
        for index in main.indices where main[index].hash == hash {
            main[index].frequency = min(3, main[index].frequency + 1)
        }
    }

    mutating func remove(_ hash: UInt64) {
        small.removeAll { $0.hash == hash }
        main.removeAll { $0.hash == hash }
    }

    mutating func insert(_ hash: UInt64, size: Int, expiry: Int, now: Int) {
        let wasMain = main.contains { $0.hash == hash }
        remove(hash)
        while bytes + size > capacity, evict(now) { wasFull = true }
        let isWanted = ghosts.contains(hash) || wasMain
        // It leaves its place in the order, as a ring does.
        for index in ghosts.indices where ghosts[index] == hash { ghosts[index] = 0 }
        let smallBytes = small.reduce(0) { $0 + $1.size }
        let entry = Entry(hash: hash, size: size, expiry: expiry)
        if isWanted || !wasFull && smallBytes + size > capacity / 10 { main.append(entry) } else { small.append(entry) }
    }

    private mutating func evict(_ now: Int) -> Bool {
        var rounds = 0
        while true {
            let smallBytes = small.reduce(0) { $0 + $1.size }
            if !small.isEmpty, smallBytes > capacity / 10 || main.isEmpty {
                var entry = small.removeFirst()
                if entry.expiry > now, entry.frequency > 1, rounds < ResponseStore.longestSearch {
                    entry.frequency = 0
                    main.append(entry)
                    rounds += 1
                    continue
                }
                if entry.expiry > now {
                    let limit = max(small.count + main.count + 1, ResponseStore.fewestGhosts)
                    while ghosts.count >= limit { ghosts.removeFirst() }
                    ghosts.append(entry.hash)
                }
                return true
            }
            guard !main.isEmpty else { return false }
            var entry = main.removeFirst()
            if entry.expiry > now, entry.frequency > 0, rounds < ResponseStore.longestSearch {
                entry.frequency -= 1
                main.append(entry)
                rounds += 1
                continue
            }
            return true
        }
    }
}

/// Least recently used, for comparison only.
struct LRUStore {
    private var previous: [Int] = [1, 0]
    private var next: [Int] = [1, 0]
    private var keys: [UInt64] = [0, 0]
    private var places: [UInt64: Int] = [:]
    private let capacity: Int

    /// `capacity` objects of one size.
    init(capacity: Int) { self.capacity = capacity }

    /// Uses an object. `true` if it was there.
    mutating func use(_ key: UInt64) -> Bool {
        if let place = places[key] {
            unlink(place)
            link(place)
            return true
        }
        var place = keys.count
        if places.count == capacity {
            // Place 0 is before the first and place 1 behind the last.
            place = previous[1]
            unlink(place)
            places[keys[place]] = nil
            keys[place] = key
        } else {
            keys.append(key)
            previous.append(0)
            next.append(0)
        }
        places[key] = place
        link(place)
        return false
    }

    private mutating func unlink(_ place: Int) {
        next[previous[place]] = next[place]
        previous[next[place]] = previous[place]
    }

    private mutating func link(_ place: Int) {
        next[place] = next[0]
        previous[place] = 0
        previous[next[0]] = place
        next[0] = place
    }
}

/// A sequence of objects that are asked for, the same in each run.
struct CacheTrace {
    /// How one is made.
    struct Shape: Sendable {
        var objects: Int
        var alpha: Double
        var requests: Int
        /// Part of the requests that ask for an object that nobody asks for again.
        var oneHitWonders = 0.0
        /// Requests between two scans, each over a twentieth of as many objects as there are; 0 for none.
        var scanEvery = 0
    }

    private let shape: Shape
    private let cumulated: [Double]
    private var random: CacheTesting.Random
    private var wonders: UInt64 = 1 << 40
    private var scans: UInt64 = 1 << 50
    private var scanLeft = 0
    private var made = 0

    init(_ shape: Shape, seed: UInt64 = 42) {
        self.shape = shape
        random = CacheTesting.Random(seed: seed)
        var sum = 0.0
        // Rank r is asked for in proportion to r to the power of -alpha.
        cumulated = (1...shape.objects).map { rank in
            sum += pow(Double(rank), -shape.alpha)
            return sum
        }
    }

    /// The next object; 0 is none.
    mutating func next() -> UInt64 {
        made += 1
        if shape.scanEvery > 0, made % shape.scanEvery == 0 { scanLeft = shape.objects / 20 }
        if scanLeft > 0 {
            scanLeft -= 1
            scans += 1
            return scans
        }
        if Double(random.next() &>> 11) / Double(1 << 53) < shape.oneHitWonders {
            wonders += 1
            return wonders
        }
        let aim = Double(random.next() &>> 11) / Double(1 << 53) * (cumulated.last ?? 0)
        var low = 0
        var high = cumulated.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] < aim { low = middle + 1 } else { high = middle }
        }
        return UInt64(low + 1)
    }
}

internal import NIOCore
public import PorticoIR
internal import Synchronization

/// Usage of API keys in a Redis or Valkey server: what `portico usage` tells, of all processes.
///
/// It keeps as much as the server keeps: with its default settings the last minutes are lost when it dies. Calls wait for
/// the server, so that event loops never make them. Any thread.
///
/// Keys: `u:days`, the days that there are; `u:first`, the first day of each API key and plan; `u:d:DAY`, counts by API
/// key and plan.
public final class RedisUsageStore: UsageStore {
    /// How long a call waits for one answer.
    static let timeout = TimeAmount.seconds(2)
    /// Records that one script goes through.
    static let recordsPerScript = 1024
    /// Days that one reading goes through: three years.
    static let maximumDays = 1100

    private struct State {
        var batch = 0
        /// Records that were sent and may have been added: they are taken off what is added next, if they were.
        var doubtful: (batch: Int, records: [UsageRecord])?
    }

    private let store: RedisSharedStore
    private let source: String
    private let state = Mutex(State())

    /// Usage in the server of `store`, over its connection for limits.
    public init(_ store: RedisSharedStore) {
        self.store = store
        source =
            "u" + String(UInt64.random(in: .min ... .max), radix: 36)
            + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    // MARK: - Writing

    /// Adds all counts, or none.
    ///
    /// One whose answer was lost may have been added although this throws. Whoever adds its records again, with others or
    /// without, has them added once: the store looks which it was.
    public func add(_ records: [UsageRecord]) throws(UsageStoreError) {
        try run { () throws(SharedStoreError) in
            // Held over the round trips: calls wait for each other.
            let result = state.withLock { state -> Result<Void, SharedStoreError> in
                do throws(SharedStoreError) {
                    return .success(try add(records, &state))
                } catch {
                    return .failure(error)
                }
            }
            try result.get()
        }
    }

    private func add(_ records: [UsageRecord], _ state: inout State) throws(SharedStoreError) {
        var records = RedisUsageStore.merged(records)
        if let doubtful = state.doubtful {
            let answer = try store.control.sendAndWait(
                RedisCommand("GET", .text(batchKey)), timeout: RedisUsageStore.timeout)
            if case .bulk(let text) = answer, Int(String(decoding: text, as: UTF8.self)) == doubtful.batch {
                let negative = doubtful.records.map { record in
                    var record = record
                    record.usage.used = -record.usage.used
                    return record
                }
                records = RedisUsageStore.merged(records + negative)
            }
            state.doubtful = nil
        }
        records.removeAll { $0.usage.used == 0 }
        guard !records.isEmpty else { return }
        state.batch += 1
        do throws(SharedStoreError) {
            try send(records, batch: state.batch)
        } catch {
            if error.mayHaveHappened { state.doubtful = (state.batch, records) }
            throw error
        }
    }

    private var batchKey: String { store.key("n", source) }

    private func send(_ records: [UsageRecord], batch: Int) throws(SharedStoreError) {
        var keys = [batchKey, store.key("u", "days"), store.key("u", "first")]
        var places: [Int: Int] = [:]
        var arguments: [RedisWord] = [RedisWord(batch), RedisWord(records.count)]
        for record in records {
            let place: Int
            if let known = places[record.usage.day] {
                place = known
            } else {
                keys.append(dayKey(record.usage.day))
                place = keys.count
                places[record.usage.day] = place
            }
            arguments.append(RedisWord(record.usage.day))
            arguments.append(RedisWord(place))
            arguments.append(.text(RedisUsageStore.field(record.plan, record.key)))
            arguments.append(RedisWord(record.usage.used))
        }
        _ = try store.control.runAndWait(.addUsage, keys: keys, arguments, timeout: RedisUsageStore.timeout)
    }

    private func dayKey(_ day: Int) -> String { store.key("u", "d:\(day)") }

    /// One record for each API key, plan and day; in no order.
    private static func merged(_ records: [UsageRecord]) -> [UsageRecord] {
        struct Place: Hashable {
            var plan: String
            var key: String
            var day: Int
        }
        var sums: [Place: Int] = [:]
        for record in records {
            sums[Place(plan: record.plan, key: record.key, day: record.usage.day), default: 0] += record.usage.used
        }
        return sums.map {
            UsageRecord(plan: $0.key.plan, key: $0.key.key, usage: DailyUsage(day: $0.key.day, used: $0.value))
        }
    }

    // MARK: - Reading

    /// Counts of the days from `first` to `last`, and besides those the first day of each key and plan; by plan, key and
    /// day.
    public func usage(from first: Int, to last: Int) throws(UsageStoreError) -> [UsageRecord] {
        try run { () throws(SharedStoreError) in
            var records: [UsageRecord] = []
            for day in try days(from: first, to: last) {
                for (field, text) in try hash(dayKey(day)) {
                    records.append(try record(field, day: day, text))
                }
            }
            // First days before the range; those within it are there already.
            var fields: [Int: [String]] = [:]
            for (field, text) in try hash(store.key("u", "first")) {
                guard let day = Int(text) else { throw .malformed("a day") }
                if !(first...max(first, last)).contains(day) { fields[day, default: []].append(field) }
            }
            for (day, fields) in fields {
                for part in stride(from: 0, to: fields.count, by: RedisUsageStore.recordsPerScript) {
                    let names = fields[part..<min(part + RedisUsageStore.recordsPerScript, fields.count)]
                    let command = RedisCommand(words: ["HMGET", .text(dayKey(day))] + names.map { .text($0) })
                    let counts = try list(command)
                    for (field, count) in zip(names, counts) where count != .null {
                        records.append(try record(field, day: day, try text(count)))
                    }
                }
            }
            return records.sorted {
                ($0.plan, $0.key, $0.usage.day) < ($1.plan, $1.key, $1.usage.day)
            }
        }
    }

    private func days(from first: Int, to last: Int) throws(SharedStoreError) -> [Int] {
        guard first <= last else { return [] }
        let command = RedisCommand(
            "ZRANGEBYSCORE", .text(store.key("u", "days")), RedisWord(first), RedisWord(last), "LIMIT", "0",
            RedisWord(RedisUsageStore.maximumDays + 1))
        let days = try list(command).map { value throws(SharedStoreError) in
            guard let day = Int(try text(value)) else { throw .malformed("a day") }
            return day
        }
        guard days.count <= RedisUsageStore.maximumDays else { throw .tooLarge }
        return days
    }

    /// A hash, in pieces: neither side holds all of it at once.
    private func hash(_ key: String) throws(SharedStoreError) -> [String: String] {
        var entries: [String: String] = [:]
        var cursor = "0"
        repeat {
            let answer = try list(RedisCommand("HSCAN", .text(key), .text(cursor), "COUNT", "1000"))
            guard answer.count == 2, case .array(let values) = answer[1] else { throw .malformed("no piece of a hash") }
            cursor = try text(answer[0])
            for index in stride(from: 0, to: values.count - 1, by: 2) {
                entries[try text(values[index])] = try text(values[index + 1])
            }
        } while cursor != "0"
        return entries
    }

    private func list(_ command: RedisCommand) throws(SharedStoreError) -> [RESPValue] {
        guard case .array(let values) = try store.control.sendAndWait(command, timeout: RedisUsageStore.timeout) else {
            throw .malformed("no list")
        }
        return values
    }

    private func text(_ value: RESPValue) throws(SharedStoreError) -> String {
        guard case .bulk(let bytes) = value else { throw .malformed("no text") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func record(_ field: String, day: Int, _ text: String) throws(SharedStoreError) -> UsageRecord {
        guard let (plan, key) = RedisUsageStore.names(of: field), let used = Int(text) else {
            throw .malformed("a record of usage")
        }
        return UsageRecord(plan: plan, key: key, usage: DailyUsage(day: day, used: used))
    }

    // MARK: - Names

    /// `4:plankey`: the length tells where the plan ends, whatever the names have in them.
    static func field(_ plan: String, _ key: String) -> String { "\(plan.utf8.count):\(plan)\(key)" }

    static func names(of field: String) -> (plan: String, key: String)? {
        let bytes = field.utf8
        guard let colon = bytes.firstIndex(of: 0x3A), let count = Int(field[..<colon]), count >= 0,
            let end = bytes.index(bytes.index(after: colon), offsetBy: count, limitedBy: bytes.endIndex)
        else { return nil }
        let start = bytes.index(after: colon)
        return (String(decoding: bytes[start..<end], as: UTF8.self), String(decoding: bytes[end...], as: UTF8.self))
    }

    private func run<Value>(_ body: () throws(SharedStoreError) -> Value) throws(UsageStoreError) -> Value {
        do throws(SharedStoreError) {
            return try body()
        } catch {
            throw .unusable(path: store.address.description, reason: "cannot be used: \(error)")
        }
    }
}

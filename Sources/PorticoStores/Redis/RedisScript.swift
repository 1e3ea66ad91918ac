/// What the server does in one step, in Lua. Numbers there are doubles: instants are microseconds since 1,700,000,000
/// seconds after 1970, which leaves a resolution of a sixty-fourth of a microsecond.
///
/// *Source:* Redis, "Scripting with Lua" and "EVALSHA"; `TIME` before a write needs Redis 5.
enum RedisScript: Int, CaseIterable {
    /// Keys: buckets. Arguments, three for each: what was taken, since when, and the largest debt, in microseconds.
    /// Gives the debts in microseconds, as text. A key stays for a second when its bucket is full, so that no filling is
    /// counted twice.
    case settle
    /// Keys: the source, then counters. Arguments: the batch's number, then delta, known total and lifetime in seconds
    /// for each. Gives the totals as text.
    case count
    /// Keys: the batch, the days that there are, first days, then a hash for each day. Arguments: the batch's number,
    /// the count of changes, then day, place of its hash among the keys, field and count for each.
    case addUsage
    /// Keys: WebSocket connections. Arguments: the process that has them, and for how many seconds that counts.
    case keepConnections
    /// Keys: a connection, and since when there have been any. Arguments: what the names of channels begin with, what the
    /// keys of processes begin with, and the message. Hands the message to the process that has the connection; gives 1
    /// when it has got it, 0 when there is no such connection, 2 when nobody can tell: the process listens anew soon, or
    /// a server without contents has not been told of its connections yet.
    case callConnection

    var source: String {
        switch self {
        case .settle:
            """
            \(RedisScript.number)
            local time = redis.call('TIME')
            local now = (tonumber(time[1]) - 1700000000) * 1000000 + tonumber(time[2])
            local debts = {}
            for i = 1, #KEYS do
              local taken, age, most = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
              local before = math.max((number(KEYS[i]) or 0) - now, -age)
              local debt = math.min(before + taken, most)
              if taken ~= 0 then
                redis.call('SET', KEYS[i], string.format('%.3f', now + debt), 'PX',
                  string.format('%.0f', math.max(math.ceil(debt / 1000), 0) + 1001))
              end
              debts[i] = string.format('%.3f', math.max(debt, 0))
            end
            return debts
            """
        case .count:
            """
            \(RedisScript.number)
            local isNew = (number(KEYS[1]) or -1) < tonumber(ARGV[1])
            if isNew then redis.call('SET', KEYS[1], ARGV[1], 'EX', '86400') end
            local totals = {}
            for i = 2, #KEYS do
              local at = 3 * (i - 2) + 2
              local delta, known = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
              local before = number(KEYS[i])
              local total = before or known
              if isNew or not before then total = math.max(total + delta, 0) end
              if total ~= before then
                redis.call('SET', KEYS[i], string.format('%.0f', total), 'EX', ARGV[at + 2])
              end
              totals[i - 1] = string.format('%.0f', total)
            end
            return totals
            """
        case .addUsage:
            """
            \(RedisScript.number)
            if (number(KEYS[1]) or -1) >= tonumber(ARGV[1]) then return 0 end
            redis.call('SET', KEYS[1], ARGV[1], 'EX', '86400')
            for i = 1, tonumber(ARGV[2]) do
              local at = 4 * (i - 1) + 3
              local day, key, field, count = ARGV[at], KEYS[tonumber(ARGV[at + 1])], ARGV[at + 2], ARGV[at + 3]
              redis.call('HINCRBY', key, field, count)
              redis.call('ZADD', KEYS[2], day, day)
              local first = tonumber(redis.call('HGET', KEYS[3], field) or '')
              if not first or first > tonumber(day) then redis.call('HSET', KEYS[3], field, day) end
            end
            return 1
            """
        case .keepConnections:
            """
            for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'EX', ARGV[2]) end
            return #KEYS
            """
        case .callConnection:
            """
            \(RedisScript.number)
            local owner = redis.call('GET', KEYS[1])
            if owner then
              if redis.call('PUBLISH', ARGV[1] .. owner, ARGV[3]) > 0 then return 1 end
              if redis.call('EXISTS', ARGV[2] .. owner) == 1 then return 2 end
              redis.call('DEL', KEYS[1])
              return 0
            end
            local now, since = tonumber(redis.call('TIME')[1]), number(KEYS[2])
            if not since then
              redis.call('SET', KEYS[2], now)
              return 2
            end
            if now - since < \(RedisConnectionRegistry.settlingSeconds) then return 2 end
            return 0
            """
        }
    }

    /// The number that a key holds, or none. Whatever else it holds is none, too, so that no script ends halfway.
    private static let number = """
        local function number(key)
          local value = redis.pcall('GET', key)
          value = type(value) == 'string' and tonumber(value)
          if not value or value ~= value or math.abs(value) > 9e15 then return nil end
          return value
        end
        """
}

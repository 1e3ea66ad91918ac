internal import PorticoIR
internal import PorticoPrograms

// ORDER SNAPSHOT: each `write` has its `read` below it.

extension ByteWriter {
    mutating func write(_ value: UsagePlanEntry) {
        write(value.id)
        write(value.name)
        write(value.throttle != nil)
        if let throttle = value.throttle { write(throttle) }
        write(value.quota != nil)
        if let quota = value.quota {
            write(count: quota.limit)
            write(count: quota.offset)
            write(quota.period.rawValue)
        }
        write(value.stages) { writer, stage in
            writer.write(stage.stage)
            writer.write(stage.methods) {
                $0.write($1.path)
                $0.write($1.verb)
                $0.write($1.throttle)
            }
        }
    }

    mutating func write(_ value: Throttle) {
        write(value.rateLimit != nil)
        if let rate = value.rateLimit { write(rate.bitPattern) }
        writeOptional(index: value.burstLimit)
    }

    mutating func write(_ value: APIKeyEntry) {
        write(value.id)
        write(value.name)
        write(value.isEnabled)
        switch value.secret {
        case .digest(let digest):
            write(UInt8(0))
            write(digest) { $0.write($1) }
        case .environment(let name):
            write(UInt8(1))
            write(name)
        }
        write(value.usagePlans) { $0.write($1) }
    }
}

extension ByteReader {
    mutating func readUsagePlan() throws(ProgramDecodingError) -> UsagePlanEntry {
        let id = try readString()
        let name = try readString()
        let throttle: Throttle? = try readBool() ? try readThrottle() : nil
        var quota: Quota?
        if try readBool() {
            let limit = Int(try read(UInt32.self))
            let offset = Int(try read(UInt32.self))
            guard let period = Quota.Period(rawValue: try readString()) else {
                throw ProgramDecodingError("unknown period of a quota", at: self.offset)
            }
            quota = Quota(limit: limit, offset: offset, period: period)
        }
        return UsagePlanEntry(
            id: id, name: name, throttle: throttle, quota: quota,
            stages: try readArray { reader throws(ProgramDecodingError) in
                UsagePlanStageEntry(
                    stage: try reader.readString(),
                    methods: try reader.readArray { reader throws(ProgramDecodingError) in
                        MethodThrottleEntry(
                            path: try reader.readString(), verb: try reader.readString(),
                            throttle: try reader.readThrottle())
                    })
            })
    }

    mutating func readThrottle() throws(ProgramDecodingError) -> Throttle {
        var rate: Double?
        if try readBool() {
            let value = Double(bitPattern: try read(UInt64.self))
            guard value >= 0, value.isFinite else { throw ProgramDecodingError("a rate that is none", at: offset) }
            rate = value
        }
        return Throttle(rateLimit: rate, burstLimit: try readOptionalIndex())
    }

    mutating func readAPIKey() throws(ProgramDecodingError) -> APIKeyEntry {
        let id = try readString()
        let name = try readString()
        let isEnabled = try readBool()
        let secret: APIKeySecret
        switch try read(UInt8.self) {
        case 0:
            let digest = try readArray { reader throws(ProgramDecodingError) in try reader.read(UInt8.self) }
            guard digest.count == 32 else { throw ProgramDecodingError("a digest that is none", at: offset) }
            secret = .digest(digest)
        case 1:
            secret = .environment(try readString())
        default:
            throw ProgramDecodingError("unknown kind of API key", at: offset)
        }
        return APIKeyEntry(
            id: id, name: name, isEnabled: isEnabled, secret: secret,
            usagePlans: try readArray { reader throws(ProgramDecodingError) in try reader.readString() })
    }
}

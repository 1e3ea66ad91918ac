// Hot: once per streamed answer. Allocates: names and values.

internal import PorticoPrograms

/// Status and header fields of a streamed answer, read from its metadata.
///
/// An object with `statusCode`, `headers`, `multiValueHeaders` and `cookies` and nothing else; each may be missing or
/// `null`. A name in both maps has the values of both, those of `multiValueHeaders` first and with their spelling. Each
/// cookie is a `Set-Cookie`.
///
/// Unconfirmed: that this is as for answers that come whole, but for `cookies`. Source: reference, 4.9 and 5.2.
struct LambdaStreamHead {
    struct Field: Equatable {
        var name: [UInt8]
        var value: [UInt8]
    }

    /// Why metadata is none, for the log.
    struct Problem: Error, Equatable {
        var reason: String

        init(_ reason: String) { self.reason = reason }
    }

    private(set) var status = 200
    /// In the order in which they are sent.
    private(set) var fields: [Field] = []
    private(set) var hasContentType = false

    /// Reads metadata with the help of `tape`, which then holds it.
    init(_ metadata: UnsafeRawBufferPointer, tape: JSONTape) throws(Problem) {
        guard case .ok = tape.parse(metadata) else { throw Problem("the metadata is no JSON") }
        guard tape.kind(tape.root) == .object else { throw Problem("the metadata is no JSON object") }
        var single: [Field] = []
        var cookies: [Field] = []
        for (key, value) in tape.members(tape.root) {
            if tape.kind(value) == .null, Self.isKnown(tape, key) { continue }
            if tape.textEquals(key, "statusCode") {
                status = try Self.status(tape, value)
            } else if tape.textEquals(key, "headers") {
                single = try Self.singleFields(tape, value)
            } else if tape.textEquals(key, "multiValueHeaders") {
                fields = try Self.multipleFields(tape, value)
            } else if tape.textEquals(key, "cookies") {
                guard tape.kind(value) == .array else { throw Problem("'cookies' is no array") }
                for cookie in tape.elements(value) {
                    guard tape.kind(cookie).isString else { throw Problem("a cookie is no string") }
                    cookies.append(Field(name: Array("Set-Cookie".utf8), value: try Self.scalar(tape, cookie)))
                }
            } else {
                throw Problem("'\(tape.text(key))' is no member of the metadata")
            }
        }
        merge(single)
        fields += cookies
        hasContentType = fields.contains { Self.isEqual($0.name, Array("content-type".utf8)) }
    }

    private static func isKnown(_ tape: JSONTape, _ key: NodeIndex) -> Bool {
        tape.textEquals(key, "statusCode") || tape.textEquals(key, "headers")
            || tape.textEquals(key, "multiValueHeaders") || tape.textEquals(key, "cookies")
    }

    /// Puts each value of `headers` behind those of the same name.
    private mutating func merge(_ single: [Field]) {
        for var field in single {
            guard let last = fields.lastIndex(where: { Self.isEqual($0.name, field.name) }) else {
                fields.append(field)
                continue
            }
            field.name = fields[last].name
            fields.insert(field, at: last + 1)
        }
    }

    private static func singleFields(_ tape: JSONTape, _ object: NodeIndex) throws(Problem) -> [Field] {
        guard tape.kind(object) == .object else { throw Problem("'headers' is no object") }
        var fields: [Field] = []
        for (key, value) in tape.members(object) where tape.kind(value) != .null {
            fields.append(Field(name: try name(tape, key), value: try scalar(tape, value)))
        }
        return fields
    }

    private static func multipleFields(_ tape: JSONTape, _ object: NodeIndex) throws(Problem) -> [Field] {
        guard tape.kind(object) == .object else { throw Problem("'multiValueHeaders' is no object") }
        var fields: [Field] = []
        for (key, values) in tape.members(object) where tape.kind(values) != .null {
            guard tape.kind(values) == .array else { throw Problem("a value of 'multiValueHeaders' is no array") }
            let name = try name(tape, key)
            for value in tape.elements(values) where tape.kind(value) != .null {
                fields.append(Field(name: name, value: try scalar(tape, value)))
            }
        }
        return fields
    }

    private static func name(_ tape: JSONTape, _ key: NodeIndex) throws(Problem) -> [UInt8] {
        let name = Array(tape.text(key).utf8)
        guard !name.isEmpty, name.allSatisfy({ HeaderTables.shared.isOf(HeaderTables.tokenClass, $0) }) else {
            throw Problem("'\(tape.text(key))' is no name of a header")
        }
        return name
    }

    private static func scalar(_ tape: JSONTape, _ value: NodeIndex) throws(Problem) -> [UInt8] {
        guard !tape.kind(value).isContainer else { throw Problem("the value of a header is an object or array") }
        return Array(tape.text(value).utf8)
    }

    /// Unconfirmed: that statuses which no final answer can have are refused.
    private static func status(_ tape: JSONTape, _ value: NodeIndex) throws(Problem) -> Int {
        let number: Int?
        if tape.kind(value).isString {
            number = Int(tape.text(value))
        } else {
            number = tape.integer(value).map { Int($0) }
        }
        guard let number, (200...599).contains(number) else { throw Problem("'statusCode' is no status of an answer") }
        return number
    }

    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBytes { left in right.withUnsafeBytes { bytesEqualIgnoringCase(left, $0) } }
    }
}

extension JSONTape {
    fileprivate func textEquals(_ index: NodeIndex, _ text: StaticString) -> Bool {
        textEquals(index, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

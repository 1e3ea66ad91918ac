// Hot: once per override of a template. Allocates: nothing for texts once its memory has grown.

/// A value that outlives the run of a template.
indirect enum TemplateDetachedValue {
    case null
    case bool(Bool)
    case int(Int64, isLong: Bool)
    case double(Double)
    case text([UInt8])
    case list([TemplateDetachedValue], isJSON: Bool)
    case map([(key: TemplateDetachedValue, value: TemplateDetachedValue)])
}

/// What the templates of one exchange put into `$context.requestOverride` and `$context.responseOverride`.
///
/// It lives as long as the exchange: what the request template sets, invented names included, the response template reads.
/// Empty, it is one reference, null until something was set.
public struct TemplateOverrides {
    /// A name that was overridden, and its values: an array gives several.
    public struct Entry: Equatable {
        /// Name as the template wrote it.
        public var name: [UInt8]
        /// Values as text.
        public var values: [[UInt8]]

        /// Pairs a name with values.
        public init(name: [UInt8], values: [[UInt8]]) {
            self.name = name
            self.values = values
        }
    }

    /// Names and texts stand in one array, so that a request that overrides something allocates nothing once it has grown.
    final class Storage {
        enum Value {
            /// A text: a range of ``bytes``.
            case text(Range<Int>)
            case other(TemplateDetachedValue)
        }

        struct Place {
            var kind: TemplateOverrideKind
            /// A range of ``bytes``.
            var name: Range<Int>
            var value: Value
            /// Whether the template under way has set it, which it may do once.
            var isFinal: Bool
        }

        var places: [Place] = []
        var bytes: [UInt8] = []

        init() {}

        init(copying other: Storage) {
            places = other.places
            bytes = other.bytes
        }

        func add(_ more: UnsafeRawBufferPointer) -> Range<Int> {
            let start = bytes.count
            bytes.append(contentsOf: more)
            return start..<bytes.count
        }

        @inline(__always)
        func find(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer) -> Int? {
            bytes.withUnsafeBytes { bytes in
                for (index, place) in places.enumerated() where place.kind == kind && place.name.count == name.count {
                    if bytes[place.name].elementsEqual(name) { return index }
                }
                return nil
            }
        }

        /// As a value of its own.
        func detached(_ value: Value) -> TemplateDetachedValue {
            switch value {
            case .text(let range): .text(Array(bytes[range]))
            case .other(let value): value
            }
        }
    }

    private var storage: Storage?
    /// Bytes that are kept for the next request.
    private static let mostKeptBytes = 16 << 10

    /// Nothing overridden.
    public init() {}

    /// Whether no template has set anything.
    public var isEmpty: Bool { storage?.places.isEmpty ?? true }

    /// Forgets everything; keeps some memory for what comes next.
    public mutating func reset() {
        guard isKnownUniquelyReferenced(&storage), let storage, storage.bytes.capacity <= Self.mostKeptBytes else {
            storage = nil
            return
        }
        storage.places.removeAll(keepingCapacity: true)
        storage.bytes.removeAll(keepingCapacity: true)
    }

    /// Whether something of the answer was set.
    public var changesResponse: Bool {
        guard let storage else { return false }
        return storage.places.contains { $0.kind == .response || $0.kind == .responseHeader }
    }

    /// Headers for the backend.
    public var requestHeaders: [Entry] { entries(.requestHeader) }
    /// Path parameters for the backend.
    public var requestPath: [Entry] { entries(.requestPath) }
    /// Query parameters for the backend.
    public var requestQuery: [Entry] { entries(.requestQuery) }
    /// Headers for the client.
    public var responseHeaders: [Entry] { entries(.responseHeader) }

    /// The status for the client; only a whole number from 100 to 599 counts, and no text.
    /// *Source:* reference of the data plane, 4.2.
    public var status: Int? {
        // Most requests override nothing.
        guard !isEmpty, case .int(let status, _)? = value(.response, named: "status"), 100...599 ~= status else {
            return nil
        }
        return Int(status)
    }

    /// Everything that was set, in order: the dotted name without `$context.`, and the value as JSON.
    public var assignments: [(name: String, json: String)] {
        TemplateOverrideKind.allCases.flatMap { kind in
            all(kind).map { key, value in
                let output = OutputBuffer(capacity: 64)
                Self.append(value, into: output, asJSON: true)
                return (
                    "\(kind.dottedName).\(String(decoding: key, as: UTF8.self))",
                    String(decoding: output.bytes, as: UTF8.self)
                )
            }
        }
    }

    private func entries(_ kind: TemplateOverrideKind) -> [Entry] {
        if isEmpty { return [] }
        return all(kind).map { key, value in
            switch value {
            case .list(let values, _): Entry(name: key, values: values.map(Self.text))
            default: Entry(name: key, values: [Self.text(value)])
            }
        }
    }

    // MARK: For the machine

    private func value(_ kind: TemplateOverrideKind, named name: StaticString) -> TemplateDetachedValue? {
        let bytes = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        guard let storage, let index = storage.find(kind, bytes) else { return nil }
        return storage.detached(storage.places[index].value)
    }

    /// Hands a value out; a text as bytes that are valid until something is set.
    func withValue<Result>(
        _ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer,
        text: (UnsafeRawBufferPointer) -> Result, other: (TemplateDetachedValue) -> Result
    ) -> Result? {
        guard let storage, let index = storage.find(kind, name) else { return nil }
        switch storage.places[index].value {
        case .text(let range):
            return storage.bytes.withUnsafeBytes { text(UnsafeRawBufferPointer(rebasing: $0[range])) }
        case .other(let value): return other(value)
        }
    }

    func all(_ kind: TemplateOverrideKind) -> [(key: [UInt8], value: TemplateDetachedValue)] {
        guard let storage else { return [] }
        return storage.places.filter { $0.kind == kind }.map { place in
            (Array(storage.bytes[place.name]), storage.detached(place.value))
        }
    }

    mutating func set(
        _ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer, _ value: TemplateDetachedValue
    ) {
        let storage = uniqueStorage()
        put(kind, name, .other(value), storage)
    }

    /// As above, of a text.
    mutating func set(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer, text: UnsafeRawBufferPointer) {
        let storage = uniqueStorage()
        put(kind, name, .text(storage.add(text)), storage)
    }

    private func put(
        _ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer, _ value: Storage.Value, _ storage: Storage
    ) {
        let isFinal = Self.isParameter(kind, name)
        if let index = storage.find(kind, name) {
            storage.places[index].value = value
            storage.places[index].isFinal = isFinal
        } else {
            storage.places.append(
                Storage.Place(kind: kind, name: storage.add(name), value: value, isFinal: isFinal))
        }
    }

    /// Another template begins. What an earlier one set may be set once more.
    mutating func beginTemplate() {
        guard !isEmpty else { return }
        let storage = uniqueStorage()
        for index in storage.places.indices { storage.places[index].isFinal = false }
    }

    /// Whether the template under way may set a parameter: it has not done so before.
    /// *Source:* API Gateway guide, "Override your API's request and response parameters": an override is final, a
    /// second one of the same parameter answers 5XX.
    /// Unconfirmed: whether a response template may set what the request template has set. Here it may.
    func isFree(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer) -> Bool {
        guard let storage, let index = storage.find(kind, name) else { return true }
        return !storage.places[index].isFinal
    }

    private static func isParameter(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer) -> Bool {
        switch kind {
        case .requestHeader, .requestPath, .requestQuery, .responseHeader: true
        case .response: name.elementsEqual("status".utf8)
        default: false
        }
    }

    mutating func remove(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer) {
        guard let index = storage?.find(kind, name) else { return }
        uniqueStorage().places.remove(at: index)
    }

    mutating func removeAll(_ kind: TemplateOverrideKind) {
        guard !isEmpty else { return }
        uniqueStorage().places.removeAll { $0.kind == kind }
    }

    /// Makes the storage this value's own before a change.
    private mutating func uniqueStorage() -> Storage {
        if storage == nil {
            storage = Storage()
        } else if !isKnownUniquelyReferenced(&storage), let shared = storage {
            storage = Storage(copying: shared)
        }
        return storage.unsafelyUnwrapped
    }

    /// The text of a value, as Java prints it.
    static func text(_ value: TemplateDetachedValue) -> [UInt8] {
        let output = OutputBuffer(capacity: 64)
        append(value, into: output)
        return Array(output.bytes)
    }

    private static func append(_ value: TemplateDetachedValue, into output: OutputBuffer, asJSON: Bool = false) {
        switch value {
        case .null: output.append("null")
        case .bool(let value): output.append(value ? "true" : "false")
        case .int(let value, _): output.append(decimal: Int(value))
        case .double(let value): JavaNumber.append(value, into: output)
        case .text(let text):
            if asJSON { text.withUnsafeBytes { JSONText.appendQuoted($0, into: output) } } else { output.append(text) }
        case .list(let values, let isJSON):
            let inJSON = asJSON || isJSON
            output.append(0x5B)
            for (place, value) in values.enumerated() {
                if place > 0 { output.append(inJSON ? "," : ", ") }
                append(value, into: output, asJSON: inJSON)
            }
            output.append(0x5D)
        case .map(let entries):
            output.append(0x7B)
            for (place, entry) in entries.enumerated() {
                if place > 0 { output.append(asJSON ? "," : ", ") }
                append(entry.key, into: output, asJSON: asJSON)
                output.append(asJSON ? ":" : "=")
                append(entry.value, into: output, asJSON: asJSON)
            }
            output.append(0x7D)
        }
    }
}

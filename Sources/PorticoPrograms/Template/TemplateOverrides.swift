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

    typealias Storage = TemplateOverrideStorage

    private var storage: Storage?
    /// Bytes that are kept for the next request.
    private static let mostKeptBytes = 16 << 10

    /// Nothing overridden.
    public init() {}

    /// Whether no template has set anything.
    public var isEmpty: Bool { (storage?.count ?? 0) == 0 }

    /// Forgets everything; keeps some memory for what comes next.
    public mutating func reset() {
        guard isKnownUniquelyReferenced(&storage), let storage, storage.byteCapacity <= Self.mostKeptBytes else {
            storage = nil
            return
        }
        storage.reset()
    }

    /// Whether something of the answer was set.
    public var changesResponse: Bool {
        guard let storage else { return false }
        for index in 0..<storage.count {
            switch storage.kind(index) {
            case .response, .responseHeader: return true
            default: continue
            }
        }
        return false
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
        return storage.value(index)
    }

    /// Hands a value out; a text as bytes that are valid until something is set.
    func withValue<Result>(
        _ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer,
        text: (UnsafeRawBufferPointer) -> Result, other: (TemplateDetachedValue) -> Result
    ) -> Result? {
        guard let storage, let index = storage.find(kind, name) else { return nil }
        if let bytes = storage.text(index) { return text(bytes) }
        return other(storage.value(index))
    }

    func all(_ kind: TemplateOverrideKind) -> [(key: [UInt8], value: TemplateDetachedValue)] {
        guard let storage else { return [] }
        return (0..<storage.count).filter { storage.kind($0) == kind }.map { index in
            (storage.name(index), storage.value(index))
        }
    }

    mutating func set(
        _ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer, _ value: TemplateDetachedValue
    ) {
        uniqueStorage().set(kind, name, value, isFinal: Self.isParameter(kind, name))
    }

    /// As above, of a text.
    mutating func set(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer, text: UnsafeRawBufferPointer) {
        uniqueStorage().set(kind, name, text: text, isFinal: Self.isParameter(kind, name))
    }

    /// Another template begins. What an earlier one set may be set once more.
    mutating func beginTemplate() {
        guard !isEmpty else { return }
        uniqueStorage().loosen()
    }

    /// Whether the template under way may set a parameter: it has not done so before.
    /// *Source:* API Gateway guide, "Override your API's request and response parameters": an override is final, a
    /// second one of the same parameter answers 5XX.
    /// Unconfirmed: whether a response template may set what the request template has set. Here it may.
    func isFree(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer) -> Bool {
        guard let storage, let index = storage.find(kind, name) else { return true }
        return !storage.isFinal(index)
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
        uniqueStorage().removeAll { $0 == index }
    }

    mutating func removeAll(_ kind: TemplateOverrideKind) {
        guard !isEmpty else { return }
        let storage = uniqueStorage()
        storage.removeAll { storage.kind($0) == kind }
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

// Hot: once per exchange whose templates override something. Allocates: what they set.

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
/// Empty, it is one null reference.
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

    final class Storage {
        var maps: [[(key: [UInt8], value: TemplateDetachedValue)]] = Array(
            repeating: [], count: TemplateOverrideKind.allCases.count)
        /// Parameters that the template under way has set.
        var final: [(kind: TemplateOverrideKind, name: [UInt8])] = []

        init() {}

        init(copying other: Storage) {
            maps = other.maps
            final = other.final
        }
    }

    private var storage: Storage?

    /// Nothing overridden.
    public init() {}

    /// Whether no template has set anything.
    public var isEmpty: Bool { storage == nil }

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
        // Before the name, which takes memory: few templates override anything.
        guard storage != nil, case .int(let status, _)? = value(.response, Array("status".utf8)), 100...599 ~= status
        else {
            return nil
        }
        return Int(status)
    }

    /// Everything that was set, in order: the dotted name without `$context.`, and the value as JSON.
    public var assignments: [(name: String, json: String)] {
        guard let storage else { return [] }
        return TemplateOverrideKind.allCases.flatMap { kind in
            storage.maps[Int(kind.rawValue)].map { key, value in
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
        guard let storage else { return [] }
        return storage.maps[Int(kind.rawValue)].map { key, value in
            switch value {
            case .list(let values, _): Entry(name: key, values: values.map(Self.text))
            default: Entry(name: key, values: [Self.text(value)])
            }
        }
    }

    // MARK: For the machine

    func value(_ kind: TemplateOverrideKind, _ name: [UInt8]) -> TemplateDetachedValue? {
        storage?.maps[Int(kind.rawValue)].first { $0.key == name }?.value
    }

    func all(_ kind: TemplateOverrideKind) -> [(key: [UInt8], value: TemplateDetachedValue)] {
        storage?.maps[Int(kind.rawValue)] ?? []
    }

    mutating func set(_ kind: TemplateOverrideKind, _ name: [UInt8], _ value: TemplateDetachedValue) {
        let storage = uniqueStorage()
        if let place = storage.maps[Int(kind.rawValue)].firstIndex(where: { $0.key == name }) {
            storage.maps[Int(kind.rawValue)][place].value = value
        } else {
            storage.maps[Int(kind.rawValue)].append((name, value))
        }
    }

    /// Another template begins. What an earlier one set may be set once more.
    mutating func beginTemplate() {
        guard let storage, !storage.final.isEmpty else { return }
        uniqueStorage().final = []
    }

    /// Notes that the template under way sets a parameter; `false` if it has done so before.
    /// *Source:* API Gateway guide, "Override your API's request and response parameters": an override is final, a
    /// second one of the same parameter answers 5XX.
    /// Unconfirmed: whether a response template may set what the request template has set. Here it may.
    mutating func claim(_ kind: TemplateOverrideKind, _ name: [UInt8]) -> Bool {
        let isParameter =
            switch kind {
            case .requestHeader, .requestPath, .requestQuery, .responseHeader: true
            case .response: name.elementsEqual("status".utf8)
            default: false
            }
        guard isParameter else { return true }
        let storage = uniqueStorage()
        if storage.final.contains(where: { $0.kind == kind && $0.name == name }) { return false }
        storage.final.append((kind, name))
        return true
    }

    mutating func remove(_ kind: TemplateOverrideKind, _ name: [UInt8]) {
        guard storage != nil else { return }
        let storage = uniqueStorage()
        storage.maps[Int(kind.rawValue)].removeAll { $0.key == name }
        storage.final.removeAll { $0.kind == kind && $0.name == name }
    }

    mutating func removeAll(_ kind: TemplateOverrideKind) {
        guard storage != nil else { return }
        let storage = uniqueStorage()
        storage.maps[Int(kind.rawValue)] = []
        storage.final.removeAll { $0.kind == kind }
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

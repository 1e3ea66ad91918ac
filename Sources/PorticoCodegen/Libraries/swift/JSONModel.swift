extension PorticoSDK {
    /// A type with a JSON form: every structure, enumeration and union of the API.
    public protocol JSONModel: Codable, Hashable, Sendable {
        /// Reads a value.
        init(json: JSON) throws(JSONMismatch)
        /// The value as JSON.
        func toJSON() -> JSON
    }

    /// Text of a known set that keeps values which became known after this client was made.
    public protocol TextEnumeration: JSONModel, RawRepresentable, CustomStringConvertible, ExpressibleByStringLiteral
    where RawValue == String, StringLiteralType == String {
        /// The values that were known when this client was made.
        static var knownValues: [Self] { get }
        /// Makes a value of any text.
        init(rawValue: String)
    }

    /// A value that is there and may be JSON null. An optional one has three states: absent (`nil`), `.null`, `.value`.
    public enum Nullable<Value> {
        /// JSON null.
        case null
        /// Anything else.
        case value(Value)

        /// Makes `.null` of `nil`, else `.value`.
        public init(_ value: Value?) {
            if let value { self = .value(value) } else { self = .null }
        }

        /// The value; `nil` if it is null.
        public var value: Value? {
            guard case .value(let value) = self else { return nil }
            return value
        }
    }

    /// Storage for a property whose type contains itself.
    @propertyWrapper
    public struct Indirect<Value> {
        fileprivate indirect enum Storage {
            case value(Value)
        }
        private var storage: Storage

        /// Wraps a value.
        public init(wrappedValue: Value) { storage = .value(wrappedValue) }

        /// The value.
        public var wrappedValue: Value {
            get {
                switch storage {
                case .value(let value): return value
                }
            }
            set { storage = .value(newValue) }
        }
    }
}

extension PorticoSDK.Nullable: Equatable where Value: Equatable {}
extension PorticoSDK.Nullable: Hashable where Value: Hashable {}
extension PorticoSDK.Nullable: Sendable where Value: Sendable {}

extension PorticoSDK.Indirect.Storage: Sendable where Value: Sendable {}
extension PorticoSDK.Indirect: Sendable where Value: Sendable {}
extension PorticoSDK.Indirect: Equatable where Value: Equatable {
    /// Whether the values are equal.
    public static func == (one: Self, other: Self) -> Bool { one.wrappedValue == other.wrappedValue }
}
extension PorticoSDK.Indirect: Hashable where Value: Hashable {
    /// Hashes the value.
    public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}

extension PorticoSDK.JSONModel {
    /// Reads a value from JSON text.
    public init(parsing bytes: some Sequence<UInt8>) throws(PorticoSDK.JSONMismatch) {
        self = try Self(json: PorticoSDK.JSON(parsing: bytes))
    }

    /// Reads a value from any decoder.
    public init(from decoder: any Decoder) throws { self = try Self(json: PorticoSDK.JSON(from: decoder)) }

    /// Writes the value to any encoder.
    public func encode(to encoder: any Encoder) throws { try toJSON().encode(to: encoder) }
}

extension PorticoSDK.TextEnumeration {
    /// Makes a value of any text.
    public init(stringLiteral value: String) { self = Self(rawValue: value) }

    /// Reads a value.
    public init(json: PorticoSDK.JSON) throws(PorticoSDK.JSONMismatch) {
        guard case .string(let text) = json else {
            throw PorticoSDK.JSONMismatch("expected text, found \(json.kind)")
        }
        self = Self(rawValue: text)
    }

    /// The value as JSON.
    public func toJSON() -> PorticoSDK.JSON { .string(rawValue) }

    /// Reads a value from any decoder.
    public init(from decoder: any Decoder) throws { self = try Self(json: PorticoSDK.JSON(from: decoder)) }

    /// Writes the value to any encoder.
    public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    /// The text.
    public var description: String { rawValue }
}

extension PorticoSDK {
    /// How values of a type become JSON and come from it.
    struct Codec<Value: Sendable>: Sendable {
        /// Whether JSON null is a value.
        var takesNull = false
        /// Reads a value.
        let decode: @Sendable (JSON) throws(JSONMismatch) -> Value
        /// Writes a value.
        let encode: @Sendable (Value) -> JSON
    }

    /// Members of an object while they are read.
    struct ObjectReader {
        private let members: [String: JSON]

        init(_ json: JSON) throws(JSONMismatch) {
            guard case .object(let members) = json else {
                throw JSONMismatch("expected an object, found \(json.kind)")
            }
            self.members = members
        }

        /// A member that must be there.
        func required<Value>(_ name: String, _ codec: Codec<Value>) throws(JSONMismatch) -> Value {
            guard let json = members[name] else { throw JSONMismatch("required, but absent").inside(name) }
            do { return try codec.decode(json) } catch { throw error.inside(name) }
        }

        /// A member that may be absent. Null counts as absent: many servers write it for what they have not.
        func optional<Value>(_ name: String, _ codec: Codec<Value>) throws(JSONMismatch) -> Value? {
            guard let json = members[name], codec.takesNull || json != .null else { return nil }
            do { return try codec.decode(json) } catch { throw error.inside(name) }
        }

        /// A member that may be absent, null or a value.
        func nullable<Value>(_ name: String, _ codec: Codec<Value>) throws(JSONMismatch) -> Nullable<Value>? {
            guard let json = members[name] else { return nil }
            if json == .null { return .null }
            do { return .value(try codec.decode(json)) } catch { throw error.inside(name) }
        }

        /// The members that have other names.
        func others<Value>(
            than names: Set<String>, _ codec: Codec<Value>
        ) throws(JSONMismatch) -> [String: Value] {
            var result: [String: Value] = [:]
            for (name, json) in members where !names.contains(name) {
                do { result[name] = try codec.decode(json) } catch { throw error.inside(name) }
            }
            return result
        }
    }

    /// Members of an object while they are written.
    struct ObjectWriter {
        private var members: [String: JSON] = [:]

        /// The object.
        var json: JSON { .object(members) }

        /// Writes a member that is always there.
        mutating func set<Value>(_ name: String, _ value: Value, _ codec: Codec<Value>) {
            members[name] = codec.encode(value)
        }

        /// Writes a member if it is there.
        mutating func setOptional<Value>(_ name: String, _ value: Value?, _ codec: Codec<Value>) {
            if let value { members[name] = codec.encode(value) }
        }

        /// Writes a member, or null, if it is there.
        mutating func setNullable<Value>(_ name: String, _ value: Nullable<Value>?, _ codec: Codec<Value>) {
            if let value { members[name] = value.value.map(codec.encode) ?? .null }
        }

        /// Writes members that have no names of their own; those that have are written already.
        mutating func setOthers<Value>(_ values: [String: Value], _ codec: Codec<Value>) {
            for (name, value) in values where members[name] == nil { members[name] = codec.encode(value) }
        }
    }
}

extension PorticoSDK.Codec where Value == String {
    static var string: Self {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                guard case .string(let value) = json else { throw json.mismatch("text") }
                return value
            }, encode: { .string($0) })
    }
}

extension PorticoSDK.Codec where Value == Bool {
    static var boolean: Self {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                guard case .boolean(let value) = json else { throw json.mismatch("a boolean") }
                return value
            }, encode: { .boolean($0) })
    }
}

extension PorticoSDK.Codec where Value: FixedWidthInteger {
    /// Whole numbers that fit; `1.0` is one.
    static var integer: Self {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                let value: Value?
                switch json {
                case .integer(let number): value = Value(exactly: number)
                case .number(let number): value = Value(exactly: number)
                default: value = nil
                }
                guard let value else { throw json.mismatch("a whole number of \(Value.bitWidth) bits") }
                return value
            }, encode: { .integer(Int64($0)) })
    }
}

extension PorticoSDK.Codec where Value == Double {
    static var double: Self {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                switch json {
                case .integer(let value): return Double(value)
                case .number(let value): return value
                default: throw json.mismatch("a number")
                }
            }, encode: { .number($0) })
    }
}

extension PorticoSDK.Codec where Value == PorticoSDK.JSON {
    static var json: Self {
        Self(takesNull: true, decode: { json throws(PorticoSDK.JSONMismatch) in json }, encode: { $0 })
    }
}

extension PorticoSDK.Codec where Value: PorticoSDK.JSONModel {
    static var model: Self {
        Self(decode: { json throws(PorticoSDK.JSONMismatch) in try Value(json: json) }, encode: { $0.toJSON() })
    }
}

extension PorticoSDK.Codec {
    static func list<Element>(_ element: PorticoSDK.Codec<Element>) -> Self where Value == [Element] {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                guard case .array(let elements) = json else { throw json.mismatch("a list") }
                var values: [Element] = []
                values.reserveCapacity(elements.count)
                for json in elements {
                    do throws(PorticoSDK.JSONMismatch) {
                        values.append(try element.decode(json))
                    } catch {
                        throw error.inside(values.count)
                    }
                }
                return values
            }, encode: { .array($0.map(element.encode)) })
    }

    static func map<Element>(_ element: PorticoSDK.Codec<Element>) -> Self where Value == [String: Element] {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                try PorticoSDK.ObjectReader(json).others(than: [], element)
            }, encode: { .object($0.mapValues(element.encode)) })
    }

    static func nullable<Wrapped>(_ wrapped: PorticoSDK.Codec<Wrapped>) -> Self where Value == Wrapped? {
        Self(
            takesNull: true,
            decode: { json throws(PorticoSDK.JSONMismatch) in
                json == .null ? .none : .some(try wrapped.decode(json))
            }, encode: { $0.map(wrapped.encode) ?? .null })
    }
}

// How unions are told apart and written.
extension PorticoSDK.JSON {
    /// Kinds of values that the variant of a union may have.
    enum Kind { case object, array, string, number, boolean, any }

    /// Whether it is of a kind.
    func isKind(_ kind: Kind) -> Bool {
        switch (kind, self) {
        case (.object, .object), (.array, .array), (.string, .string), (.boolean, .boolean), (.any, _),
            (.number, .integer), (.number, .number):
            true
        default: false
        }
    }

    /// Whether it is an object with a member of that name.
    func has(_ name: String) -> Bool { self[name] != nil }

    /// Whether a member is one of some texts.
    func has(_ name: String, in texts: [String]) -> Bool { self[name]?.text.map(texts.contains) ?? false }

    /// The object with a member that tells its type, unless it has that already.
    func tagged(_ name: String, _ value: String) -> Self {
        guard case .object(var members) = self, members[name] == nil else { return self }
        members[name] = .string(value)
        return .object(members)
    }

    /// The error for a value that should have been something else.
    func mismatch(_ expected: String) -> PorticoSDK.JSONMismatch {
        PorticoSDK.JSONMismatch("expected \(expected), found \(kind)")
    }
}

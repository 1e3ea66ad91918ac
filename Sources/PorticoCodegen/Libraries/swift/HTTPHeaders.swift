extension PorticoSDK {
    /// Header fields. Names are compared without case; a name may come more than once.
    public struct HTTPHeaders: Sendable, Hashable, Sequence, ExpressibleByDictionaryLiteral {
        /// A field.
        public struct Field: Sendable, Hashable {
            /// The name as it was given.
            public var name: String
            /// The value.
            public var value: String
        }

        private var fields: [Field] = []

        /// No fields.
        public init() {}

        /// The fields of a dictionary literal, in its order.
        public init(dictionaryLiteral elements: (String, String)...) {
            fields = elements.map { Field(name: $0.0, value: $0.1) }
        }

        /// The value of a name, several ones joined with commas; `nil` if there is none. Setting it replaces all of
        /// the name.
        public subscript(name: String) -> String? {
            get {
                let values = self.values(of: name)
                return values.isEmpty ? nil : values.joined(separator: ", ")
            }
            set {
                let lowercase = name.lowercased()
                fields.removeAll { $0.name.lowercased() == lowercase }
                if let newValue { fields.append(Field(name: name, value: newValue)) }
            }
        }

        /// Each value of a name.
        public func values(of name: String) -> [String] {
            let lowercase = name.lowercased()
            return fields.filter { $0.name.lowercased() == lowercase }.map(\.value)
        }

        /// Adds a field besides those of the same name.
        public mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

        /// Replaces fields by those of other headers.
        public mutating func merge(_ others: HTTPHeaders) {
            for name in Set(others.map { $0.name.lowercased() }) { self[name] = nil }
            fields.append(contentsOf: others.fields)
        }

        /// The fields in their order.
        public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }
    }

    /// An HTTP method.
    public struct HTTPMethod: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral,
        CustomStringConvertible
    {
        /// The method as it is sent.
        public let rawValue: String
        /// A method of any name.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A method of any name.
        public init(stringLiteral value: String) { rawValue = value }
        /// The method as it is sent.
        public var description: String { rawValue }

        /// `GET`
        public static var get: Self { "GET" }
        /// `HEAD`
        public static var head: Self { "HEAD" }
        /// `POST`
        public static var post: Self { "POST" }
        /// `PUT`
        public static var put: Self { "PUT" }
        /// `PATCH`
        public static var patch: Self { "PATCH" }
        /// `DELETE`
        public static var delete: Self { "DELETE" }
        /// `OPTIONS`
        public static var options: Self { "OPTIONS" }

        /// Whether a repetition does no harm. Source: RFC 9110, section 9.2.2.
        var isIdempotent: Bool { ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(rawValue) }

        /// Whether it is a token. Source: RFC 9110, section 5.6.2.
        var isValid: Bool { Self.isToken(rawValue) }

        static func isToken(_ text: String) -> Bool {
            !text.isEmpty
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                    }
                }
        }
    }

    /// Percent encoding of RFC 3986: everything but unreserved characters, upper-case digits.
    static func percentEncoded(_ text: String, keeping kept: String = "") -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                if kept.utf8.contains(byte) {
                    result.append(byte)
                } else {
                    result.append(contentsOf: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]])
                }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

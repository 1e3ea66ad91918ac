extension PorticoSDK {
    /// What is wrong with JSON, and where.
    public struct JSONMismatch: Swift.Error, CustomStringConvertible {
        /// What is wrong.
        public var reason: String
        /// Names and positions that lead to the place, the last one first.
        private var steps: [String] = []

        init(_ reason: String) { self.reason = reason }

        /// The place, such as `$.pets[3].name`.
        public var path: String { "$" + steps.reversed().joined() }

        /// Place and reason.
        public var description: String { "\(path): \(reason)" }

        /// The same, seen from the object around.
        func inside(_ name: String) -> Self {
            let isPlain = !name.isEmpty && name.utf8.allSatisfy { $0.isWordByte }
            return step(isPlain ? ".\(name)" : "[\(PorticoSDK.JSON.quoted(name))]")
        }

        /// The same, seen from the list around.
        func inside(_ index: Int) -> Self { step("[\(index)]") }

        private func step(_ text: String) -> Self {
            var result = self
            result.steps.append(text)
            return result
        }
    }

    /// A parser of RFC 8259 that keeps 64-bit integers.
    struct JSONParser {
        /// Deeper values end in an error, not in an overflow of the stack: threads of Apple's systems have 512 KiB, and
        /// reading and comparing a value take more than one frame for each level.
        static let depthLimit = 200

        private let bytes: [UInt8]
        private var position = 0
        private var depth = 0

        private init(_ bytes: [UInt8]) { self.bytes = bytes }

        /// The value that the bytes are.
        static func parse(_ bytes: [UInt8]) throws(JSONMismatch) -> JSON {
            var parser = JSONParser(bytes)
            let value = try parser.value()
            parser.skipBlanks()
            guard parser.position == bytes.count else { throw parser.failure("more after the value") }
            return value
        }

        private func failure(_ what: String) -> JSONMismatch {
            JSONMismatch("not JSON: \(what) at byte \(position)")
        }

        private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

        private mutating func skipBlanks() {
            while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard current == byte else { return false }
            position += 1
            return true
        }

        private mutating func value() throws(JSONMismatch) -> JSON {
            skipBlanks()
            switch current {
            case UInt8(ascii: "{"): return try object()
            case UInt8(ascii: "["): return try array()
            case UInt8(ascii: "\""): return .string(try string())
            case UInt8(ascii: "t"): return try word("true", .boolean(true))
            case UInt8(ascii: "f"): return try word("false", .boolean(false))
            case UInt8(ascii: "n"): return try word("null", .null)
            case nil: throw failure("no value")
            default: return try number()
            }
        }

        private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONMismatch) -> JSON {
            let end = position + text.utf8CodeUnitCount
            guard end <= bytes.count, bytes[position..<end].elementsEqual("\(text)".utf8) else {
                throw failure("an unknown word")
            }
            position = end
            return value
        }

        private mutating func enter() throws(JSONMismatch) {
            depth += 1
            position += 1
            guard depth <= Self.depthLimit else { throw failure("more than \(Self.depthLimit) levels") }
        }

        private mutating func array() throws(JSONMismatch) -> JSON {
            try enter()
            defer { depth -= 1 }
            var elements: [JSON] = []
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            while true {
                elements.append(try value())
                skipBlanks()
                if take(UInt8(ascii: "]")) { return .array(elements) }
                guard take(UInt8(ascii: ",")) else { throw failure("no ',' or ']'") }
            }
        }

        private mutating func object() throws(JSONMismatch) -> JSON {
            try enter()
            defer { depth -= 1 }
            var members: [String: JSON] = [:]
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            while true {
                skipBlanks()
                guard current == UInt8(ascii: "\"") else { throw failure("no name of a member") }
                let name = try string()
                skipBlanks()
                guard take(UInt8(ascii: ":")) else { throw failure("no ':'") }
                members[name] = try value()
                skipBlanks()
                if take(UInt8(ascii: "}")) { return .object(members) }
                guard take(UInt8(ascii: ",")) else { throw failure("no ',' or '}'") }
            }
        }
    }
}

extension PorticoSDK.JSONParser {
    private mutating func digits() -> Int {
        let start = position
        while let byte = current, byte.isDigit { position += 1 }
        return position - start
    }

    private mutating func number() throws(PorticoSDK.JSONMismatch) -> PorticoSDK.JSON {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let first = current
        let whole = digits()
        guard whole == 1 || whole > 1 && first != UInt8(ascii: "0") else { throw failure("an unexpected character") }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard digits() > 0 else { throw failure("no digit after '.'") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw failure("no digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw failure("a number out of range") }
        return .number(value)
    }

    private mutating func string() throws(PorticoSDK.JSONMismatch) -> String {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if current == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        var text = Array(bytes[start..<position])
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw failure("a control character in text")
            default: text.append(byte)
            }
        }
        throw failure("text without end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(PorticoSDK.JSONMismatch) {
        guard let byte = current else { throw failure("text without end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var units = [try unit()]
            // The two halves of a character beyond the first plane stand in escapes of their own.
            if UTF16.isLeadSurrogate(units[0]), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                units.append(try unit())
            }
            text.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
        default: throw failure("an unknown escape")
        }
    }

    private mutating func unit() throws(PorticoSDK.JSONMismatch) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = current?.hexadecimalDigit else { throw failure("no hexadecimal digit") }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    fileprivate var isWordByte: Bool {
        isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
            || (self | 0x20 >= 0x61 && self | 0x20 <= 0x7A)
    }

    fileprivate var hexadecimalDigit: UInt8? {
        if isDigit { return self - 0x30 }
        let letter = self | 0x20
        return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : nil
    }
}

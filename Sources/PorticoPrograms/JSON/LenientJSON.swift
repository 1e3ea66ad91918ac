// Hot: once per MOCK request whose template is not constant. Allocates: beyond 64 nested containers.

/// The parser that reads the result of a MOCK integration's request template.
///
/// It takes what API Gateway takes: keys without quotes or in single ones, useless commas, bare words as values, anything
/// after the closing brace. It keeps nothing but the top-level `statusCode`, of several the last.
/// *Observed:* the recorded cases (`{statusCode: 200, super{ f}oo: [ba r]}` is taken, `{statusCode: 200, {foo: [ba r]}` is
/// not) are those of json-smart's permissive mode, whose reading of keys and bare words this follows.
public enum LenientJSON {
    /// Why there is no status code.
    public enum Failure: UInt8, Error, Sendable {
        /// The text is not an object.
        case notAnObject
        /// A character that may not stand there, a quote or a bracket that is never closed.
        case malformed
        /// Nested beyond the limit.
        case tooDeep
        /// No member `statusCode`.
        case missing
        /// `statusCode` is text, a fraction, an object, or beyond 32 bits.
        case notAnInteger

        /// A clause for messages.
        public var message: String {
            switch self {
            case .notAnObject: "the template's result is no JSON object"
            case .malformed: "the template's result is no JSON"
            case .tooDeep: "the template's result is nested too deeply"
            case .missing: "the template's result has no 'statusCode'"
            case .notAnInteger: "'statusCode' is not an integer"
            }
        }
    }

    /// Deepest nesting, as in the JSON parsers of current Java libraries.
    static let maximumDepth = 400

    /// Finds the status code in the rendered template.
    public static func statusCode(_ bytes: UnsafeRawBufferPointer) -> Result<Int, Failure> {
        var scanner = LenientScanner(bytes)
        return scanner.statusCode()
    }
}

/// One pass over the text.
private struct LenientScanner {
    let bytes: UnsafeRawBufferPointer
    var at = 0
    /// The containers that are open within the top-level object.
    private var open = OpenContainers()

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// What the latest value was, as far as it matters.
    enum Value {
        case integer(Int)
        case other
    }

    mutating func statusCode() -> Result<Int, LenientJSON.Failure> {
        skipBlanks()
        guard at < bytes.count, bytes[at] == 0x7B else { return .failure(.notAnObject) }
        at &+= 1
        var found: Value?
        while true {
            switch takeKey() {
            case .end:
                // What follows the closing brace is not looked at.
                guard let found else { return .failure(.missing) }
                guard case .integer(let code) = found else { return .failure(.notAnInteger) }
                return .success(code)
            case .failed: return .failure(.malformed)
            case .key(let isStatusCode):
                guard let value = takeValue() else {
                    return .failure(open.count >= LenientJSON.maximumDepth ? .tooDeep : .malformed)
                }
                if isStatusCode { found = value }
            }
        }
    }

    private enum Key {
        case key(isStatusCode: Bool)
        case end
        case failed
    }

    /// Takes commas and blanks, then a key with its colon, or the closing brace.
    private mutating func takeKey() -> Key {
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, 0x2C: at &+= 1
            case 0x7D:
                at &+= 1
                return .end
            case 0x3A, 0x5B, 0x5D, 0x7B: return .failed
            case 0x22, 0x27:
                guard let isStatusCode = takeQuoted(isKey: true) else { return .failed }
                skipBlanks()
                guard at < bytes.count, bytes[at] == 0x3A else { return .failed }
                at &+= 1
                return .key(isStatusCode: isStatusCode)
            default:
                // A bare key reaches to the colon, whatever it holds.
                let start = at
                while at < bytes.count, bytes[at] != 0x3A { at &+= 1 }
                guard at < bytes.count else { return .failed }
                let word = trimmed(start, at)
                at &+= 1
                return .key(isStatusCode: isStatusCodeName(word))
            }
        }
        return .failed
    }

    /// Takes a value, containers with all that is in them, and looks for the comma or brace that must follow it.
    private mutating func takeValue() -> Value? {
        let floor = open.count
        while true {
            skipBlanks()
            guard at < bytes.count else { return nil }
            var value = Value.other
            switch bytes[at] {
            case 0x3A, 0x7D, 0x5D: return nil
            case 0x7B, 0x5B:
                guard open.count < LenientJSON.maximumDepth else { return nil }
                open.push(isArray: bytes[at] == 0x5B)
                at &+= 1
                guard let hasValue = enterNext() else { return nil }
                if hasValue { continue }
            case 0x22, 0x27: guard takeQuoted(isKey: false) != nil else { return nil }
            default: value = takeBare(inArray: open.isInArray)
            }
            // A value is complete; so may be the containers that it ends.
            while true {
                if !open.isInArray {
                    skipBlanks()
                    guard at < bytes.count, bytes[at] == 0x2C || bytes[at] == 0x7D else { return nil }
                }
                if open.count == floor { return value }
                guard let hasValue = enterNext() else { return nil }
                if hasValue { break }
                value = .other
            }
        }
    }

    /// Moves to the next value of the innermost container, or closes it. Answers whether a value comes.
    private mutating func enterNext() -> Bool? {
        if open.count > 0 && !open.isInArray {
            switch takeKey() {
            case .key: return true
            case .failed: return nil
            case .end:
                open.pop()
                return false
            }
        }
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D, 0x2C: at &+= 1
            case 0x5D:
                at &+= 1
                open.pop()
                return false
            case 0x3A, 0x7D: return nil
            default: return true
            }
        }
        return nil
    }

    /// Takes a bare word or number, up to what ends a value here.
    private mutating func takeBare(inArray: Bool) -> Value {
        let start = at
        let closing: UInt8 = inArray ? 0x5D : 0x7D
        while at < bytes.count, bytes[at] != 0x2C, bytes[at] != closing { at &+= 1 }
        let word = trimmed(start, at)
        var digits = word
        let negative = digits.first == 0x2D
        if negative { digits = UnsafeRawBufferPointer(rebasing: digits.dropFirst()) }
        guard !digits.isEmpty, digits.count <= 10 else { return .other }
        var number = 0
        for byte in digits {
            guard byte &- 0x30 < 10 else { return .other }
            number = number * 10 + Int(byte - 0x30)
        }
        guard number <= Int(Int32.max) else { return .other }
        return .integer(negative ? -number : number)
    }

    /// Takes a string in either quotes. Answers whether it is a key that spells `statusCode`; `nil` when it never ends.
    private mutating func takeQuoted(isKey: Bool) -> Bool? {
        let quote = bytes[at]
        at &+= 1
        let start = at
        var hasEscape = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == quote {
                let text = UnsafeRawBufferPointer(rebasing: bytes[start..<at])
                at &+= 1
                return isKey && (hasEscape ? JSONUnescaper.spells(text, Self.name) : isStatusCodeName(text))
            }
            at &+= 1
            if byte == 0x5C {
                hasEscape = true
                guard at < bytes.count else { return nil }
                if bytes[at] == 0x75 {
                    guard bytes.count &- at >= 5 else { return nil }
                    for index in at &+ 1..<at &+ 5 where hexValue(bytes[index]) > 15 { return nil }
                }
                at &+= 1
            }
        }
        return nil
    }

    private static var name: UnsafeRawBufferPointer {
        let name: StaticString = "statusCode"
        return UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }

    private func isStatusCodeName(_ text: UnsafeRawBufferPointer) -> Bool { bytesEqual(text, Self.name) }

    private func trimmed(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        var low = start
        var high = end
        while low < high, bytes[low] <= 0x20 { low &+= 1 }
        while high > low, bytes[high &- 1] <= 0x20 { high &-= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[low..<high])
    }

    private mutating func skipBlanks() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at &+= 1
            default: return
            }
        }
    }
}

/// Which of the containers that are open are arrays: one bit for each.
private struct OpenContainers {
    private(set) var count = 0
    /// The innermost is the lowest bit.
    private var near: UInt64 = 0
    /// The ones further out, by the 64.
    private var far: [UInt64] = []

    var isInArray: Bool { count > 0 && near & 1 != 0 }

    mutating func push(isArray: Bool) {
        if count & 63 == 0 && count > 0 { far.append(near) }
        near = near &<< 1 | (isArray ? 1 : 0)
        count &+= 1
    }

    mutating func pop() {
        count &-= 1
        if count & 63 == 0, let outer = far.popLast() { near = outer } else { near = near &>> 1 }
    }
}

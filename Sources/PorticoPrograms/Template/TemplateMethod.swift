/// Names of methods that a value in a template may have; what each type makes of them is the machine's business.
/// A name that is not here finds no method, which reads as the empty string.
enum TemplateMethod: UInt16, CaseIterable {
    case unknown = 0
    // Every object
    case toString, equals, hashCode, compareTo
    // Strings
    case length, substring, subSequence, indexOf, lastIndexOf, contains, startsWith, endsWith, replace, replaceAll
    case replaceFirst, matches, split, trim, toLowerCase, toUpperCase, equalsIgnoreCase, compareToIgnoreCase, isEmpty
    case charAt, codePointAt, concat, contentEquals, intern, format, valueOf, join, toCharArray
    case codePointBefore, codePointCount, offsetByCodePoints, regionMatches, isBlank, strip, stripLeading
    case stripTrailing, stripIndent, indent, repeat_, translateEscapes, formatted, getBytes, copyValueOf
    // Lists, maps and what they hand out
    case size, get, set, add, addAll, remove, removeAll, retainAll, containsAll, subList, iterator, clear, toArray
    case put, putAll, putIfAbsent, getOrDefault, containsKey, containsValue, keySet, values, entrySet
    case getKey, getValue, setValue, next, hasNext, toJSONString, listIterator, clone, ensureCapacity, trimToSize, sort
    // Numbers, truth values, characters
    case intValue, longValue, doubleValue, floatValue, shortValue, byteValue, booleanValue, charValue
    case parseInt, parseLong, parseDouble, parseBoolean, isNaN, isInfinite, max, min, sum, abs, toHexString
    case toBinaryString, toOctalString, signum, compare, isFinite, decode, bitCount, reverse, reverseBytes
    case highestOneBit, lowestOneBit, numberOfLeadingZeros, numberOfTrailingZeros, rotateLeft, rotateRight
    case toUnsignedString, parseUnsignedInt, divideUnsigned, remainderUnsigned, compareUnsigned, doubleToLongBits
    case negate, pow, gcd, mod, multiply, subtract, divide, remainder, logicalAnd, logicalOr, logicalXor
    case isDigit, isLetter, isLetterOrDigit, isUpperCase, isLowerCase, isWhitespace, isSpaceChar, isAlphabetic
    case getNumericValue, digit, forDigit
    // $foreach
    case getIndex, getCount, getHasNext, isFirst, getFirst, isLast, getLast, getParent, getTopmost
    // $input
    case json, path, params, getBody

    /// The method of that name.
    static func named(_ name: String) -> TemplateMethod { byName[name] ?? .unknown }

    private static let byName: [String: TemplateMethod] = Dictionary(
        uniqueKeysWithValues: allCases.dropFirst().map { ($0.name, $0) })

    /// Its name in Java; `repeat` is a word of Swift.
    var name: String { self == .repeat_ ? "repeat" : "\(self)" }
}

/// Functions of `$util`.
enum TemplateUtility: UInt16, CaseIterable {
    case escapeJavaScript, parseJson, urlEncode, urlDecode, base64Encode, base64Decode

    /// The function of that name.
    static func named(_ name: String) -> TemplateUtility? { allCases.first { "\($0)" == name } }
}

/// The three maps of `$input.params()`, in the order they are searched and printed.
/// Unconfirmed: the order in which API Gateway prints them.
enum TemplateParameterKind: UInt8, CaseIterable {
    case path, querystring, header
}

/// The maps that a template may fill to override what mapping produced.
enum TemplateOverrideKind: UInt8, CaseIterable {
    case request, requestHeader, requestPath, requestQuery, response, responseHeader

    /// Name without `$context.`.
    var dottedName: String {
        switch self {
        case .request: "requestOverride"
        case .requestHeader: "requestOverride.header"
        case .requestPath: "requestOverride.path"
        case .requestQuery: "requestOverride.querystring"
        case .response: "responseOverride"
        case .responseHeader: "responseOverride.header"
        }
    }

    /// The map that `name` names in this one.
    func child(_ name: String) -> TemplateOverrideKind? {
        switch (self, name) {
        case (.request, "header"): .requestHeader
        case (.request, "path"): .requestPath
        case (.request, "querystring"): .requestQuery
        case (.response, "header"): .responseHeader
        default: nil
        }
    }

    /// Names of the maps within this one, in the order they are listed.
    var children: [String] {
        switch self {
        case .request: ["path", "header", "querystring"]
        case .response: ["header"]
        default: []
        }
    }
}

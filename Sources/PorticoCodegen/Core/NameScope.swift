/// Words of a name, for identifiers in any style.
struct NameWords: Hashable, Sendable {
    /// Lower-case words of ASCII letters and digits; never empty, each not empty.
    let words: [String]

    /// Longest identifier that is made, so that files named after types stay below 255 bytes.
    static let limit = 80

    /// Splits at everything that is no ASCII letter or digit, and where a small letter meets a capital one. Other
    /// letters and symbols become words of their hexadecimal number (`u1f600`), so that different names stay different.
    /// - Parameter fallback: the word for a name without any.
    init(_ name: String, fallback: String = "value") {
        var words: [String] = []
        var word: [UInt8] = []
        var length = 0
        func flush() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        let scalars = Array(name.unicodeScalars.prefix(Self.limit * 4))
        for (index, scalar) in scalars.enumerated() {
            guard scalar.isASCII else {
                flush()
                if !scalar.properties.isWhitespace {
                    words.append("u" + String(scalar.value, radix: 16))
                    length += 6
                }
                continue
            }
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            guard byte.isASCIIAlphanumeric else {
                flush()
                continue
            }
            if byte.isASCIIUppercase, let last = word.last {
                let next = index + 1 < scalars.count ? scalars[index + 1] : " "
                let startsWord = next.isASCII && UInt8(truncatingIfNeeded: next.value).isASCIILowercase
                // `petId` and `HTTPServer`: a capital begins a word after a small letter, and before one.
                if !last.isASCIIUppercaseLetterMark || startsWord { flush() }
            }
            word.append(byte)
            length += 1
        }
        flush()
        // Case was needed to find the words; from here on it carries nothing.
        words = words.map { $0.lowercased() }
        if words.isEmpty { words = [fallback] }
        self.words = Self.shortened(words, name)
    }

    /// Words that are known to be fine.
    init(words: [String]) { self.words = words }

    /// Names beyond the limit keep their beginning and get a hash of the whole.
    private static func shortened(_ words: [String], _ name: String) -> [String] {
        guard words.reduce(0, { $0 + $1.utf8.count }) > limit || name.utf8.count > limit * 4 else { return words }
        var kept: [String] = []
        var left = limit - 10
        for word in words where left > 0 {
            kept.append(String(word.prefix(left)))
            left -= word.utf8.count
        }
        return kept + ["h" + StableHash.text(name)]
    }

    /// `PetId`
    var pascal: String { words.map(Self.capitalised).joined() }
    /// `petId`
    var camel: String { (words.first ?? "") + words.dropFirst().map(Self.capitalised).joined() }
    /// `pet_id`
    var snake: String { words.joined(separator: "_") }
    /// `PET_ID`
    var constant: String { snake.uppercased() }
    /// `pet-id`
    var kebab: String { words.joined(separator: "-") }

    private static func capitalised(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }
}

extension UInt8 {
    fileprivate var isASCIIUppercase: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    fileprivate var isASCIILowercase: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    fileprivate var isASCIIAlphanumeric: Bool {
        isASCIIUppercase || isASCIILowercase || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
    /// Whether a capital after it belongs to the same word, as in `HTTP`.
    fileprivate var isASCIIUppercaseLetterMark: Bool { isASCIIUppercase }
}

/// Identifiers that are taken in some scope of the generated code: reserved words, the library's own names, and those
/// given out before.
struct NameScope: Sendable {
    private var taken: Set<String>
    private let ignoresCase: Bool

    /// Makes a scope.
    /// - Parameters:
    ///   - reserved: Words that cannot be used.
    ///   - ignoresCase: Whether names that differ in case only are the same: names of types become names of files.
    init(reserved: some Sequence<String> = [String](), ignoresCase: Bool = false) {
        self.ignoresCase = ignoresCase
        taken = Set(reserved.map { ignoresCase ? $0.lowercased() : $0 })
    }

    /// The preferred identifier, or the first free one with a number behind it. A digit at the beginning gets a letter
    /// before it.
    /// - Parameter prefix: what is put before a name that begins with a digit.
    mutating func claim(_ preferred: String, prefix: String = "_") -> String {
        var base = preferred
        if let first = base.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { base = prefix + base }
        var candidate = base
        var number = 2
        while !taken.insert(ignoresCase ? candidate.lowercased() : candidate).inserted {
            candidate = "\(base)\(number)"
            number += 1
        }
        return candidate
    }

    /// Whether it was given out or is reserved.
    func contains(_ name: String) -> Bool { taken.contains(ignoresCase ? name.lowercased() : name) }
}

/// A hash that is the same on every machine and in every run: FNV-1a, 64 bits.
enum StableHash {
    /// The hash of bytes.
    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    /// Eight base-36 digits of the hash of a text.
    static func text(_ text: String) -> String {
        let digits = String(of(text.utf8), radix: 36)
        return String(digits.prefix(8))
    }
}

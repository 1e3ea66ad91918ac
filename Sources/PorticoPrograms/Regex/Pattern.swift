internal import CPCRE2

/// How a ``Pattern`` reads its text and its subject; the flags of `java.util.regex`.
public struct PatternOptions: OptionSet, Sendable, Hashable {
    /// The bits, which are written to snapshots.
    public let rawValue: UInt8

    /// Makes options of their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `(?i)`; beyond ASCII too, where Java wants `(?u)` as well.
    public static let caseInsensitive = PatternOptions(rawValue: 1)
    /// `(?m)`
    public static let multiline = PatternOptions(rawValue: 2)
    /// `(?s)`
    public static let dotAll = PatternOptions(rawValue: 4)
    /// `(?x)`
    public static let comments = PatternOptions(rawValue: 8)
    /// `(?d)`
    public static let unixLines = PatternOptions(rawValue: 16)
    /// `(?u)`
    public static let unicodeCase = PatternOptions(rawValue: 32)
    /// `(?U)`
    public static let unicodeClasses = PatternOptions(rawValue: 64)
    /// The text stands for itself.
    public static let literal = PatternOptions(rawValue: 128)

    static let byLetter: [UInt8: PatternOptions] = [
        UInt8(ascii: "i"): .caseInsensitive, UInt8(ascii: "m"): .multiline, UInt8(ascii: "s"): .dotAll,
        UInt8(ascii: "x"): .comments, UInt8(ascii: "d"): .unixLines, UInt8(ascii: "u"): .unicodeCase,
        UInt8(ascii: "U"): .unicodeClasses,
    ]
}

/// Why a text is no pattern.
public struct PatternProblem: Error, Sendable, Hashable {
    /// One line, lower case, no full stop.
    public var message: String
    /// The byte of the text where the trouble was noticed.
    public var offset: Int

    /// Makes a problem.
    public init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }
}

/// A regular expression with the meaning that `java.util.regex` gives it, or ECMA 262 in a schema, run by PCRE2.
///
/// Compiled code is immutable and may be shared by all threads; matching goes through a ``PatternMatcher``, which belongs to
/// one worker. ``JavaPatternTranslator`` and ``ScriptPatternTranslator`` rewrite what the languages read differently, and
/// refuse what cannot be rewritten. Subjects may hold bytes that are not UTF-8, which match nothing. Snapshots carry text and options.
public final class Pattern: Sendable {
    /// The longest text, against patterns that take long to compile.
    static let maximumTextBytes = 64 << 10
    /// How deeply groups and classes may nest.
    static let maximumNesting = 100

    /// The text as it was written.
    public let text: String
    /// The flags it was compiled with.
    public let options: PatternOptions
    /// Groups, not counting the whole match.
    public let groupCount: Int
    /// Names of groups with their numbers.
    public let groupNames: [String: Int]
    /// Whether the text has ECMA 262's meaning.
    let isScript: Bool
    let search: PatternCode
    let full: PatternCode

    private init(
        _ text: String, _ options: PatternOptions, isScript: Bool = false, _ groupNames: [String: Int],
        _ search: PatternCode, _ full: PatternCode
    ) {
        self.text = text
        self.options = options
        self.isScript = isScript
        self.groupNames = groupNames
        self.search = search
        self.full = full
        groupCount = search.groupCount
    }

    /// Compiles a pattern.
    public static func compile(_ text: String, _ options: PatternOptions = []) -> Result<Pattern, PatternProblem> {
        do throws(PatternProblem) {
            if text.utf8.count > maximumTextBytes {
                throw PatternProblem("pattern is longer than \(maximumTextBytes) bytes", at: maximumTextBytes)
            }
            let translation = try JavaPatternTranslator.translate(text, options)
            let search = try PatternCode(translation, anchored: false)
            let full = try PatternCode(translation, anchored: true)
            return .success(Pattern(text, options, translation.groupNames, search, full))
        } catch {
            return .failure(error)
        }
    }

    /// Compiles a pattern with ECMA 262's meaning, as JSON Schema wants it. Such a pattern is looked for, never matched
    /// against a whole text.
    static func compileScript(_ text: String) -> Result<Pattern, PatternProblem> {
        do throws(PatternProblem) {
            if text.utf8.count > maximumTextBytes {
                throw PatternProblem("pattern is longer than \(maximumTextBytes) bytes", at: maximumTextBytes)
            }
            let translation = try ScriptPatternTranslator.translate(text)
            // A reference to a group that took no part matches the empty text.
            let code = try PatternCode(translation, anchored: false, flags: UInt32(PCRE2_MATCH_UNSET_BACKREF))
            return .success(Pattern(text, [], isScript: true, translation.groupNames, code, code))
        } catch {
            return .failure(error)
        }
    }
}

/// Patterns are the same when their texts and options are.
extension Pattern: Hashable {
    /// Compares text and options.
    public static func == (left: Pattern, right: Pattern) -> Bool {
        left.text == right.text && left.options == right.options && left.isScript == right.isScript
    }

    /// Hashes text and options.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(options)
    }
}

extension Pattern {
    /// Writes the flat form.
    public func encode(into writer: inout ByteWriter) {
        writer.write(text)
        writer.write(options.rawValue)
    }

    /// Reads the flat form: the text, which is compiled again and so checked.
    public static func decode(from reader: inout ByteReader) throws(ProgramDecodingError) -> Pattern {
        let offset = reader.offset
        let text = try reader.readString()
        let options = PatternOptions(rawValue: try reader.read(UInt8.self))
        switch compile(text, options) {
        case .success(let pattern): return pattern
        case .failure(let problem): throw ProgramDecodingError("pattern: \(problem.message)", at: offset)
        }
    }
}

/// PCRE2's compiled code. Immutable once made, hence safe to share; freed with its owner.
final class PatternCode: @unchecked Sendable {
    let code: OpaquePointer
    let groupCount: Int

    /// Compiles for a search, or for a match of the whole subject: the JIT takes anchors only at compile time.
    init(
        _ translation: JavaPatternTranslator.Translation, anchored: Bool, flags more: UInt32 = 0
    ) throws(PatternProblem) {
        guard let context = pcre2_compile_context_create_8(nil) else {
            throw PatternProblem("out of memory", at: 0)
        }
        defer { pcre2_compile_context_free_8(context) }
        pcre2_set_bsr_8(context, UInt32(PCRE2_BSR_UNICODE))
        pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
        pcre2_set_parens_nest_limit_8(context, 1000)
        var flags = more | UInt32(PCRE2_UTF) | UInt32(PCRE2_MATCH_INVALID_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C)
        flags |= anchored ? UInt32(PCRE2_ANCHORED) | UInt32(PCRE2_ENDANCHORED) : UInt32(PCRE2_USE_OFFSET_LIMIT)
        var error: Int32 = 0
        var offset = 0
        let made = translation.text.withUnsafeBufferPointer {
            pcre2_compile_8($0.baseAddress, $0.count, flags, &error, &offset, context)
        }
        guard let made else {
            throw PatternProblem(Self.message(error), at: translation.sourceOffset(of: offset))
        }
        code = made
        // Without JIT (a machine that forbids it) the interpreter runs the same code.
        _ = pcre2_jit_compile_8(made, UInt32(PCRE2_JIT_COMPLETE))
        var count: UInt32 = 0
        _ = pcre2_pattern_info_8(made, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
        groupCount = Int(count)
    }

    deinit { pcre2_code_free_8(code) }

    private static func message(_ error: Int32) -> String {
        if error == 125 { return "a look-behind of varying length is not supported" }
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
        return length > 0 ? String(decoding: buffer[..<Int(length)], as: UTF8.self) : "malformed pattern"
    }
}

/// The shared `credentials` and `config` files of the AWS tools, read by the rules of Python's `configparser`, which the
/// AWS CLI and boto3 read them by: what they refuse is refused here, too.
///
/// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files"; botocore, `configloader.py`;
/// Python documentation, "configparser", "Supported INI File Structure".
struct SharedConfigFile: Sendable {
    /// Values of one section by their names in lower case. One that begins with a line break holds a nested block.
    typealias Section = [String: String]

    /// Why a file cannot be read. It has no value of the file in it.
    struct Problem: Error, Sendable, Hashable {
        /// Line, from 1.
        var line: Int
        /// What is wrong.
        var reason: String
    }

    /// Sections by the text between their brackets.
    let sections: [String: Section]
    /// Those texts in the order of the file.
    private let headers: [String]

    /// Reads a file.
    init(_ bytes: [UInt8]) throws(Problem) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(line: 1, reason: "the file is not UTF-8")
        }
        var reader = Reader()
        var number = 0
        let isLineEnd: (Character) -> Bool = { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: isLineEnd) {
            number += 1
            // Some editors begin a file with a mark of its byte order.
            try reader.take(number == 1 && line.first == "\u{FEFF}" ? line.dropFirst() : line, number)
        }
        (sections, headers) = try reader.finish()
    }

    /// The profile of a `credentials` file: the section of its name.
    func profileOfCredentials(_ name: String) -> Section? { sections[name] }

    /// The profile of a `config` file: the section `profile NAME`, or `default`, too, for that one.
    ///
    /// Of several that name the same profile the last one counts.
    func profileOfConfig(_ name: String) -> Section? {
        let header = headers.last { header in
            guard header.hasPrefix("profile") else { return header == "default" && name == "default" }
            guard let words = ShellWords.split(header), words.count == 2 else { return false }
            return words[1] == name
        }
        return header.flatMap { sections[$0] }
    }

    /// Whether a value is a nested block, such as `s3 =` and indented lines.
    static func isNested(_ value: String) -> Bool { value.hasPrefix("\n") }
}

extension SharedConfigFile {
    /// State of `configparser` between lines.
    private struct Reader {
        private var sections: [String: Section] = [:]
        private var headers: [String] = []
        private var defaults: Section = [:]
        private var header: String?
        private var current: Section = [:]
        private var seen: Set<String> = []
        private var option: (name: String, indent: Int, line: Int, lines: [String])?

        mutating func take(_ line: Substring, _ number: Int) throws(Problem) {
            let trimmed = Self.trimming(line)
            if let first = trimmed.first, first == "#" || first == ";" { return }
            if trimmed.isEmpty {
                // An empty line belongs to the value that an indented line may continue.
                option?.lines.append("")
                return
            }
            let indent = line.prefix { $0.isWhitespace }.count
            if let current = option, indent > current.indent {
                option?.lines.append(String(trimmed))
                return
            }
            try endOption()
            if trimmed.first == "[", let close = trimmed.lastIndex(of: "]"),
                trimmed.index(after: trimmed.startIndex) < close
            {
                try begin(String(trimmed[trimmed.index(after: trimmed.startIndex)..<close]), number)
                return
            }
            guard header != nil else {
                throw Problem(line: number, reason: "a value stands before the first [section]")
            }
            guard let mark = trimmed.firstIndex(where: { $0 == "=" || $0 == ":" }), mark > trimmed.startIndex else {
                throw Problem(line: number, reason: "the line is neither '[section]' nor 'name = value'")
            }
            let name = Self.trimming(trimmed[..<mark]).lowercased()
            guard seen.insert(name).inserted else {
                throw Problem(line: number, reason: "'\(name)' stands twice in '[\(header ?? "")]'")
            }
            let value = String(Self.trimming(trimmed[trimmed.index(after: mark)...]))
            option = (name, indent, number, [value])
        }

        mutating func finish() throws(Problem) -> (sections: [String: Section], headers: [String]) {
            try endOption()
            endSection()
            // Values of [DEFAULT] hold for each section that has none of its own.
            for (name, section) in sections {
                sections[name] = section.merging(defaults) { own, _ in own }
            }
            return (sections, headers)
        }

        private mutating func begin(_ name: String, _ number: Int) throws(Problem) {
            endSection()
            header = name
            seen = []
            if name == "DEFAULT" {
                current = defaults
            } else if sections[name] != nil {
                throw Problem(line: number, reason: "section '[\(name)]' stands twice")
            }
        }

        private mutating func endSection() {
            guard let header else { return }
            if header == "DEFAULT" {
                defaults = current
            } else {
                sections[header] = current
                headers.append(header)
            }
            current = [:]
        }

        private mutating func endOption() throws(Problem) {
            guard let ended = option else { return }
            option = nil
            var lines = ended.lines
            while let last = lines.last, last.isEmpty, lines.count > 1 { lines.removeLast() }
            let value = lines.joined(separator: "\n")
            if SharedConfigFile.isNested(value) {
                for (offset, line) in lines.enumerated() where !line.isEmpty && !line.contains("=") {
                    throw Problem(
                        line: ended.line + offset, reason: "the block of '\(ended.name)' has a line without '='")
                }
            }
            current[ended.name] = value
        }

        private static func trimming(_ text: Substring) -> Substring {
            var text = text
            while let first = text.first, first.isWhitespace { text.removeFirst() }
            while let last = text.last, last.isWhitespace { text.removeLast() }
            return text
        }
    }
}

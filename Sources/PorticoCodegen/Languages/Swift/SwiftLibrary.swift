/// The source files that every client carries, with the namespace of the API put in.
struct SwiftLibrary {
    /// What the files are called in `Libraries`; the API's own name takes its place.
    private static let placeholder = "PorticoSDK"

    /// The files as they are in `Libraries`.
    private let files: [GeneratedFile]

    /// Names of all files.
    static var fileNames: [String] { Libraries.files(in: "swift").map(\.path) }

    /// Files that clients without connections do not need.
    static let socketFileNames: Set<String> = [
        "MessageSocket.swift", "SocketConnection.swift", "SocketFrames.swift", "SocketHandshake.swift",
        "SocketTLS.swift", "SocketTransport.swift", "SystemSocketTransport.swift",
    ]

    /// - Parameter hasSockets: Whether the API has connections.
    init(hasSockets: Bool) {
        files = Libraries.files(in: "swift").filter { hasSockets || !Self.socketFileNames.contains($0.path) }
    }

    /// The files for an API.
    func files(namespace: String) -> [GeneratedFile] {
        files.map { file in
            let text = file.text.split(separator: Self.placeholder, omittingEmptySubsequences: false)
            return GeneratedFile(path: file.path, text: text.joined(separator: namespace))
        }
    }

    /// Names that begin with a capital letter and that the files use by themselves: types of the library and of the
    /// system. A model of such a name would come between, since it stands in the same namespace.
    ///
    /// Types within types and generic parameters are not among them: those are found first where they are used.
    var typeNames: Set<String> {
        var used: Set<String> = []
        var inner: Set<String> = []
        for file in files {
            var isInType = false
            for line in file.text.split(separator: "\n") {
                let words = Self.words(of: line)
                used.formUnion(words.lazy.filter { !$0.followsDot && $0.isCapitalised }.map(\.text))
                if line.hasPrefix("extension ") { isInType = line.contains("\(Self.placeholder).") }
                inner.formUnion(Self.innerNames(words, isNested: isInType || line.hasPrefix("        ")))
            }
        }
        return used.subtracting(inner)
    }

    /// A word of a line, or a mark of one character.
    private struct Word {
        var text: String
        var followsDot: Bool

        var isCapitalised: Bool { text.utf8.first.map { $0 >= 0x41 && $0 <= 0x5A } ?? false }
    }

    /// The words of a line without comments and literals.
    private static func words(of line: Substring) -> [Word] {
        var words: [Word] = []
        var rest = line.utf8
        while let byte = rest.first {
            if byte == UInt8(ascii: "/"), rest.dropFirst().first == byte { break }
            if byte == UInt8(ascii: "\"") {
                rest = skippingLiteral(rest)
                continue
            }
            let word = rest.prefix(while: isWordByte)
            let text = word.isEmpty ? String(decoding: [byte], as: UTF8.self) : String(decoding: word, as: UTF8.self)
            rest.removeFirst(max(1, word.count))
            if text != " " { words.append(Word(text: text, followsDot: words.last?.text == ".")) }
        }
        return words
    }

    /// What a line declares that is no type of the namespace itself.
    private static func innerNames(_ words: [Word], isNested: Bool) -> [String] {
        let keywords = ["struct", "enum", "class", "protocol", "typealias", "func", "init"]
        guard let keyword = words.firstIndex(where: { keywords.contains($0.text) && !$0.followsDot }) else { return [] }
        let isFunction = ["func", "init"].contains(words[keyword].text)
        var names: [String] = []
        if isNested, !isFunction, let name = words[safe: keyword + 1] { names.append(name.text) }
        // Generic parameters stand in angle brackets, each with a constraint or none.
        let open = words[keyword].text == "init" ? keyword + 1 : keyword + 2
        guard words[safe: open]?.text == "<" else { return names }
        var isName = true
        for word in words[(open + 1)...] {
            if word.text == ">" { break }
            if isName, word.isCapitalised { names.append(word.text) }
            isName = word.text == ","
        }
        return names
    }

    /// What comes after a literal of text.
    private static func skippingLiteral(_ line: Substring.UTF8View) -> Substring.UTF8View {
        var rest = line.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { _ = rest.popFirst() }
        }
        return rest
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "_")
    }
}

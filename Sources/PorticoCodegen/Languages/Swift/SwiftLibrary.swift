/// The source files that every client carries, with the namespace of the API put in.
struct SwiftLibrary {
    /// What the files are called in `Libraries`; the API's own name takes its place.
    private static let placeholder = "PorticoSDK"

    /// The files as they are in `Libraries`.
    private let files = Libraries.files(in: "swift")

    /// Names of the files.
    var fileNames: [String] { files.map(\.path) }

    /// The files for an API.
    func files(namespace: String) -> [GeneratedFile] {
        files.map { file in
            let text = file.text.split(separator: Self.placeholder, omittingEmptySubsequences: false)
            return GeneratedFile(path: file.path, text: text.joined(separator: namespace))
        }
    }

    /// Names that begin with a capital letter and that the files use by themselves: types of the library and of the
    /// system. A model of such a name would come between, since it stands in the same namespace.
    var typeNames: Set<String> {
        var names: Set<String> = []
        for file in files {
            for line in file.text.utf8.split(separator: UInt8(ascii: "\n")) { Self.collect(line, into: &names) }
        }
        return names
    }

    /// Capitalised words of a line of code that no dot stands before.
    private static func collect(_ line: Substring.UTF8View, into names: inout Set<String>) {
        var previous: UInt8 = 0
        var rest = line
        while let byte = rest.first {
            if byte == UInt8(ascii: "/"), rest.dropFirst().first == byte { return }
            if byte == UInt8(ascii: "\"") {
                rest = skippingLiteral(rest)
                continue
            }
            guard isLetter(byte) || byte == UInt8(ascii: "_") else {
                previous = byte
                rest.removeFirst()
                continue
            }
            let word = rest.prefix { isLetter($0) || $0 == UInt8(ascii: "_") || ($0 >= 0x30 && $0 <= 0x39) }
            if byte < 0x61, previous != UInt8(ascii: ".") { names.insert(String(decoding: word, as: UTF8.self)) }
            rest.removeFirst(word.count)
            previous = byte
        }
    }

    /// What comes after a literal of text.
    private static func skippingLiteral(_ line: Substring.UTF8View) -> Substring.UTF8View {
        var rest = line.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { _ = rest.popFirst() }
        }
        return rest
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
}

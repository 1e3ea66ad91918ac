/// Comma-separated values. Source: RFC 4180; rows may also end with a line feed alone, and a byte order mark, blank lines
/// and blanks around a field that has no quotes are left out.
struct CSVTable {
    /// A row and the line that it begins at, from 1.
    struct Row {
        var line: Int
        var fields: [String]
    }

    /// What is wrong with the text itself.
    struct Problem: Error {
        var line: Int
        var message: String
    }

    private(set) var rows: [Row] = []

    init(_ bytes: [UInt8]) throws(Problem) {
        var text = bytes[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        guard String(validating: text, as: UTF8.self) != nil else {
            throw Problem(line: 1, message: "the file is no UTF-8")
        }
        var reader = Reader(rest: text)
        while let row = try reader.row() {
            if row.fields != [""] { rows.append(row) }
        }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>
        var line = 1

        mutating func row() throws(Problem) -> Row? {
            guard !rest.isEmpty else { return nil }
            var row = Row(line: line, fields: [])
            while true {
                row.fields.append(try field())
                guard let separator = rest.popFirst() else { return row }
                if separator == UInt8(ascii: ",") { continue }
                if separator == 0x0D, rest.first == 0x0A { rest.removeFirst() }
                line += 1
                return row
            }
        }

        /// Up to the comma or line end after it.
        private mutating func field() throws(Problem) -> String {
            while rest.first == 0x20 || rest.first == 0x09 { rest.removeFirst() }
            guard rest.first == UInt8(ascii: "\"") else {
                let end = rest.firstIndex { $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
                var field = rest[..<end]
                rest = rest[end...]
                if field.contains(UInt8(ascii: "\"")) {
                    throw Problem(line: line, message: "a quote within a field without quotes")
                }
                while field.last == 0x20 || field.last == 0x09 { field.removeLast() }
                return String(decoding: field, as: UTF8.self)
            }
            return try quotedField()
        }

        private mutating func quotedField() throws(Problem) -> String {
            let start = line
            rest.removeFirst()
            var field: [UInt8] = []
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "\"") {
                    guard rest.first == UInt8(ascii: "\"") else {
                        while rest.first == 0x20 || rest.first == 0x09 { rest.removeFirst() }
                        guard let next = rest.first, next != UInt8(ascii: ","), next != 0x0A, next != 0x0D else {
                            return String(decoding: field, as: UTF8.self)
                        }
                        throw Problem(line: line, message: "text after the closing quote of a field")
                    }
                    rest.removeFirst()
                }
                if byte == 0x0A { line += 1 }
                field.append(byte)
            }
            throw Problem(line: start, message: "a quote that is not closed")
        }
    }
}

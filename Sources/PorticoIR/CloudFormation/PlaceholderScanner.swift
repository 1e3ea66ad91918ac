/// One part of a text with `${…}` in it; ranges count UTF-8 bytes.
enum PlaceholderPiece: Equatable {
    /// Text that stays.
    case literal(Range<Int>)
    /// `${!Name}`: `${Name}` stays. The ranges of the whole and of the name.
    case escaped(Range<Int>, name: Range<Int>)
    /// `${Name}`: the range of the whole, and the name.
    case placeholder(Range<Int>, name: String)
    /// `${…}` with characters that no name has; stays.
    case malformed(Range<Int>)
}

/// Cuts a text at its placeholders.
///
/// Source: CloudFormation user guide, "Fn::Sub": names hold alphanumeric characters, underscores, periods and colons;
/// `${!Literal}` writes `${Literal}`.
enum PlaceholderScanner {
    /// Whether there is anything to cut.
    static func hasPlaceholders(_ string: String) -> Bool {
        var previous: UInt8 = 0
        for byte in string.utf8 {
            if byte == UInt8(ascii: "{"), previous == UInt8(ascii: "$") { return true }
            previous = byte
        }
        return false
    }

    /// Whether a text can be the name of a parameter or resource.
    static func isName(_ string: String) -> Bool { !string.isEmpty && string.utf8.allSatisfy(isNameByte) }

    /// The pieces in order; together they are the whole text.
    static func pieces(of bytes: [UInt8]) -> [PlaceholderPiece] {
        var pieces: [PlaceholderPiece] = []
        var literalStart = 0
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{"),
                let end = closing(bytes, from: index + 2)
            else {
                index += 1
                continue
            }
            if literalStart < index { pieces.append(.literal(literalStart..<index)) }
            let whole = index..<end + 1
            var name = index + 2..<end
            if let first = name.first, bytes[first] == UInt8(ascii: "!") {
                pieces.append(.escaped(whole, name: first + 1..<end))
            } else {
                // CloudFormation trims the name.
                while let first = name.first, isSpace(bytes[first]) { name = first + 1..<name.upperBound }
                while let last = name.last, isSpace(bytes[last]) { name = name.lowerBound..<last }
                if !name.isEmpty, bytes[name].allSatisfy(isNameByte) {
                    pieces.append(.placeholder(whole, name: String(decoding: bytes[name], as: UTF8.self)))
                } else {
                    pieces.append(.malformed(whole))
                }
            }
            index = end + 1
            literalStart = index
        }
        if literalStart < bytes.count { pieces.append(.literal(literalStart..<bytes.count)) }
        return pieces
    }

    /// Offset of the `}` that ends a placeholder; `nil` if a line or another brace begins before it.
    private static func closing(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "}"): return index
            case UInt8(ascii: "{"), 0x0A, 0x0D: return nil
            default: index += 1
            }
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

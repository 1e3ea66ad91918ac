/// Text, whole and in pieces.
extension FrameCategory {
    /// Names and bytes of what is text. Source: The Unicode Standard, table 3-7: first and last of each row.
    private static let valid: [(String, [UInt8])] = [
        ("U+0000", [0]), ("U+007F", [0x7F]), ("U+0080", [0xC2, 0x80]), ("U+07FF", [0xDF, 0xBF]),
        ("U+0800", [0xE0, 0xA0, 0x80]), ("U+0FFF", [0xE0, 0xBF, 0xBF]), ("U+1000", [0xE1, 0x80, 0x80]),
        ("U+CFFF", [0xEC, 0xBF, 0xBF]), ("U+D000", [0xED, 0x80, 0x80]), ("U+D7FF", [0xED, 0x9F, 0xBF]),
        ("U+E000", [0xEE, 0x80, 0x80]), ("U+FFFD", [0xEF, 0xBF, 0xBD]), ("U+FFFE", [0xEF, 0xBF, 0xBE]),
        ("U+FFFF", [0xEF, 0xBF, 0xBF]), ("U+FEFF", [0xEF, 0xBB, 0xBF]), ("U+10000", [0xF0, 0x90, 0x80, 0x80]),
        ("U+1FFFE", [0xF0, 0x9F, 0xBF, 0xBE]), ("U+3FFFF", [0xF0, 0xBF, 0xBF, 0xBF]),
        ("U+40000", [0xF1, 0x80, 0x80, 0x80]), ("U+FFFFF", [0xF3, 0xBF, 0xBF, 0xBF]),
        ("U+100000", [0xF4, 0x80, 0x80, 0x80]), ("U+10FFFF", [0xF4, 0x8F, 0xBF, 0xBF]),
        ("Greek", Array("κόσμε".utf8)), ("a combining mark", Array("e\u{301}".utf8)),
        ("a family", Array("👨‍👩‍👧".utf8)), ("characters of all lengths", Array("aä€𐍈".utf8)),
        ("quotes and a backslash", Array("\"'\\/".utf8)), ("line ends", Array("a\r\nb\u{2028}".utf8)),
    ]

    /// Names and bytes of what is no text, wherever it stands.
    private static let invalid: [(String, [UInt8])] = [
        ("a lone 80", [0x80]), ("a lone BF", [0xBF]), ("two continuation bytes", [0x80, 0xBF]),
        ("seven continuation bytes", [0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF, 0x80]),
        ("C0 and a blank", [0xC0, 0x20]), ("C2 and a blank", [0xC2, 0x20]), ("E1 and a blank", [0xE1, 0x20]),
        ("E1 80 and a blank", [0xE1, 0x80, 0x20]), ("F1 and a blank", [0xF1, 0x20]),
        ("F1 80 80 and a blank", [0xF1, 0x80, 0x80, 0x20]), ("C2 C2", [0xC2, 0xC2]),
        ("U+0000 in two bytes", [0xC0, 0x80]), ("a slash in two bytes", [0xC0, 0xAF]),
        ("U+007F in two bytes", [0xC1, 0xBF]),
        ("a slash in three bytes", [0xE0, 0x80, 0xAF]), ("U+07FF in three bytes", [0xE0, 0x9F, 0xBF]),
        ("a slash in four bytes", [0xF0, 0x80, 0x80, 0xAF]), ("U+FFFF in four bytes", [0xF0, 0x8F, 0xBF, 0xBF]),
        ("a slash in five bytes", [0xF8, 0x80, 0x80, 0x80, 0xAF]),
        ("a slash in six bytes", [0xFC, 0x80, 0x80, 0x80, 0x80, 0xAF]),
        ("U+D800", [0xED, 0xA0, 0x80]), ("U+DB7F", [0xED, 0xAD, 0xBF]), ("U+DBFF", [0xED, 0xAF, 0xBF]),
        ("U+DC00", [0xED, 0xB0, 0x80]), ("U+DFFF", [0xED, 0xBF, 0xBF]),
        ("a pair of surrogates", [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80]),
        ("U+110000", [0xF4, 0x90, 0x80, 0x80]), ("U+13FFFF", [0xF4, 0xBF, 0xBF, 0xBF]),
        ("U+140000", [0xF5, 0x80, 0x80, 0x80]), ("U+1FFFFF", [0xF7, 0xBF, 0xBF, 0xBF]),
        ("U+200000", [0xF8, 0x88, 0x80, 0x80, 0x80]), ("U+4000000", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]),
        ("FE", [0xFE]), ("FF", [0xFF]), ("FE FF", [0xFE, 0xFF]),
    ]

    /// Names and bytes of what more bytes could make text of.
    private static let unfinished: [(String, [UInt8])] = [
        ("C2", [0xC2]), ("DF", [0xDF]), ("E0", [0xE0]), ("E0 A0", [0xE0, 0xA0]), ("ED 9F", [0xED, 0x9F]),
        ("E1 80", [0xE1, 0x80]), ("EF BF", [0xEF, 0xBF]), ("F0", [0xF0]), ("F0 90", [0xF0, 0x90]),
        ("F0 90 80", [0xF0, 0x90, 0x80]), ("F4 8F", [0xF4, 0x8F]), ("F4 8F BF", [0xF4, 0x8F, 0xBF]),
    ]

    static let text8: FrameCategory = {
        var cases: [FrameCase] = []
        cases += valid.map { name, bytes in
            FrameCase("\(name) in one frame", "5.6", [text(bytes)], [.echo(bytes)])
        }
        cases += valid.map { name, bytes in
            FrameCase(
                "\(name) between others", "5.6", [text(letters(37) + bytes + letters(5))],
                [.echo(letters(37) + bytes + letters(5))])
        }
        cases += valid.filter { $0.1.count > 1 }.map { name, bytes in
            FrameCase("\(name), a fragment for each byte", "5.4", fragments(bytes, of: 1), [.echo(bytes)])
        }
        cases += valid.filter { $0.1.count > 1 }.map { name, bytes in
            FrameCase(
                "\(name), cut behind the first byte, with an empty fragment and a ping", "5.4",
                [
                    text([0x2A] + bytes.prefix(1)).part, more([]).part, ping("p"),
                    more(Array(bytes.dropFirst()) + [0x2A]),
                ],
                [.pong("p"), .echo([0x2A] + bytes + [0x2A])])
        }
        return FrameCategory(
            "text", "Texts", "Texts are UTF-8, whatever characters they have.", cases)
    }()

    static let noText: FrameCategory = {
        var cases: [FrameCase] = []
        cases += invalid.map { name, bytes in
            FrameCase("\(name) in one frame", "8.1", [text(bytes)], [.close(1007)])
        }
        cases += invalid.map { name, bytes in
            FrameCase("\(name) behind 37 others", "8.1", [text(letters(37) + bytes + letters(5))], [.close(1007)])
        }
        cases += invalid.map { name, bytes in
            FrameCase(
                "\(name) in a fragment, and nothing more", "8.1", [text(letters(3)).part, more(bytes).part],
                [.close(1007)])
        }
        cases += invalid.filter { $0.1.count > 1 }.map { name, bytes in
            FrameCase("\(name), a fragment for each byte", "8.1", fragments(bytes, of: 1).map(\.part), [.close(1007)])
        }
        cases += invalid.map { name, bytes in
            FrameCase(
                "\(name) in a frame that does not end", "8.1", [text(letters(3) + bytes).claiming(1000)],
                [.close(1007)])
        }
        cases += unfinished.map { name, bytes in
            FrameCase("a message that ends with \(name)", "8.1", [text(letters(3) + bytes)], [.close(1007)])
        }
        cases += unfinished.map { name, bytes in
            FrameCase("fragments that end with \(name)", "8.1", [text("a").part, more(bytes)], [.close(1007)])
        }
        cases += unfinished.map { name, bytes in
            FrameCase("\(name) and an empty last fragment", "8.1", [text(bytes).part, more([])], [.close(1007)])
        }
        cases += unfinished.map { name, bytes in
            FrameCase("a letter behind \(name)", "8.1", [text(bytes).part, more("a").part], [.close(1007)])
        }
        cases += [
            FrameCase(
                "what is no text after a text", "8.1", [text("good"), text([0xFF])], [.echo("good"), .close(1007)]),
            FrameCase(
                "a second message does not go on with the first", "8.1", [text([0xC3]), text([0xA4])],
                [.close(1007)]),
            FrameCase(
                "two halves around a ping of bytes", "8.1", [text([0xC3]).part, ping([0xFF]), more([0xA4])],
                [.pong([0xFF]), .echo("ä")]),
            FrameCase(
                "a mistake in the last byte of the longest frame", "8.1", [text(letters(32_767) + [0xFF])],
                [.close(1007)]),
            FrameCase(
                "a mistake in the last byte of the longest message", "8.1",
                fragments(letters(131_071) + [0xFF], of: 32_768), [.close(1007)]),
        ]
        return FrameCategory(
            "no-text", "What is no text",
            "What cannot be UTF-8 any more ends the connection, before the message is whole.", cases)
    }()
}

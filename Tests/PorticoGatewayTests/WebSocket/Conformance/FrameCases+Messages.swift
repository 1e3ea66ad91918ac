/// Fragments, the order of messages, limits, and messages of bytes.
extension FrameCategory {
    private static let quota = "2.6"

    /// A message in that many fragments.
    static func fragments(_ payload: [UInt8], of size: Int) -> [SentFrame] {
        let starts = Array(stride(from: 0, to: max(payload.count, 1), by: size))
        return starts.enumerated().map { index, start in
            let piece = Array(payload[start..<min(start + size, payload.count)])
            let frame = index == 0 ? text(piece) : more(piece)
            return index == starts.count - 1 ? frame : frame.part
        }
    }

    static let fragmentation: FrameCategory = {
        var cases: [FrameCase] = []
        cases += [2, 3, 10, 100, 1000].map { count in
            FrameCase(
                "\(count) fragments of one byte", "5.4", fragments(letters(count), of: 1), [.echo(letters(count))])
        }
        cases += [64, 256, 1000, 4096, 32_768].map { size in
            FrameCase(
                "65,536 bytes in fragments of \(size)", "5.4", fragments(letters(65_536), of: size),
                [.echo(letters(65_536))])
        }
        cases += [
            FrameCase("two fragments", "5.4", [text("frag").part, more("ment")], [.echo("fragment")]),
            FrameCase("three fragments", "5.4", [text("a").part, more("b").part, more("c")], [.echo("abc")]),
            FrameCase("an empty first fragment", "5.4", [text("").part, more("b")], [.echo("b")]),
            FrameCase("an empty last fragment", "5.4", [text("a").part, more("")], [.echo("a")]),
            FrameCase(
                "an empty fragment in the middle", "5.4", [text("a").part, more("").part, more("c")], [.echo("ac")]),
            FrameCase("empty fragments only", "5.4", [text("").part, more("").part, more("")], [.echo("")]),
            FrameCase(
                "a hundred empty fragments", "5.4",
                [text("").part] + Array(repeating: more("").part, count: 100) + [more("end")], [.echo("end")]),
            FrameCase(
                "a ping between fragments", "5.4", [text("a").part, ping("p"), more("b")],
                [.pong("p"), .echo("ab")]),
            FrameCase("a pong between fragments", "5.4", [text("a").part, pong("p"), more("b")], [.echo("ab")]),
            FrameCase(
                "pings between all fragments", "5.4",
                [text("a").part, ping("1"), more("b").part, ping("2"), more("c").part, ping("3"), more("d")],
                [.pong("1"), .pong("2"), .pong("3"), .echo("abcd")]),
            FrameCase(
                "two pings between fragments", "5.4", [text("a").part, ping("1"), ping("2"), more("b")],
                [.pong("1"), .pong("2"), .echo("ab")]),
            FrameCase(
                "a ping of 125 bytes between fragments", "5.4", [text("a").part, ping(letters(125)), more("b")],
                [.pong(letters(125)), .echo("ab")]),
            FrameCase(
                "two messages in fragments", "5.4",
                [text("a").part, more("b"), text("c").part, more("d")], [.echo("ab"), .echo("cd")]),
            FrameCase(
                "a message after one in fragments", "5.4", [text("a").part, more("b"), text("c")],
                [.echo("ab"), .echo("c")]),
            FrameCase("a continuation of nothing", "5.4", [more("a")], [.close(1002)]),
            FrameCase("a continuation of nothing, not the last", "5.4", [more("a").part], [.close(1002)]),
            FrameCase("an empty continuation of nothing", "5.4", [more("")], [.close(1002)]),
            FrameCase("a continuation of nothing, and a message", "5.4", [more("a"), text("b")], [.close(1002)]),
            FrameCase("a continuation after a message", "5.4", [text("a"), more("b")], [.echo("a"), .close(1002)]),
            FrameCase(
                "a continuation after a message in fragments", "5.4", [text("a").part, more("b"), more("c")],
                [.echo("ab"), .close(1002)]),
            FrameCase("a continuation after a ping", "5.4", [ping("p"), more("c")], [.pong("p"), .close(1002)]),
            FrameCase("a message within a message", "5.4", [text("a").part, text("b")], [.close(1002)]),
            FrameCase(
                "a message in fragments within a message", "5.4", [text("a").part, text("b").part], [.close(1002)]),
            FrameCase("a message of bytes within one of text", "5.4", [text("a").part, binary([1])], [.close(1002)]),
            FrameCase(
                "a message within a message after several fragments", "5.4",
                [text("a").part, more("b").part, text("c")], [.close(1002)]),
            FrameCase("an empty message within an empty one", "5.4", [text("").part, text("")], [.close(1002)]),
            FrameCase(
                "a ping in fragments within a message", "5.5", [text("a").part, ping("p").part, more("b")],
                [.close(1002)]),
            FrameCase("a close frame that is a fragment", "5.5", [closing(1000).part], [.close(1002)]),
            FrameCase(
                "a close frame within a message", "5.5.1", [text("a").part, closing(1000), more("b")],
                [.close(1000)]),
            FrameCase("an empty close frame within a message", "5.5.1", [text("a").part, closing()], [.close(nil)]),
        ]
        return FrameCategory(
            "fragment", "Fragments",
            "Fragments of a message follow each other; only control frames stand between them.", cases)
    }()

    static let order: FrameCategory = {
        var cases: [FrameCase] = []
        cases += [2, 10, 63, 64, 65, 200, 1000].map { count in
            FrameCase("\(count) messages", "5.6", (0..<count).map { text("\($0)") }, (0..<count).map { .echo("\($0)") })
        }
        cases += [
            FrameCase(
                "an empty message between others", "5.6", [text("a"), text(""), text("b")],
                [.echo("a"), .echo(""), .echo("b")]),
            FrameCase(
                "long and short ones", "5.6", [text(letters(32_768)), text("a"), text(letters(20_000)), text("b")],
                [.echo(letters(32_768)), .echo("a"), .echo(letters(20_000)), .echo("b")]),
            FrameCase("a message and the end", "5.5.1", [text("last"), closing(1000)], [.echo("last"), .close(1000)]),
            FrameCase(
                "messages and the end", "5.5.1", (0..<100).map { text("\($0)") } + [closing(1001, "enough")],
                (0..<100).map { .echo("\($0)") } + [.close(1001)]),
            FrameCase(
                "messages and a mistake", "7.1.7", (0..<100).map { text("\($0)") } + [opcode(3)],
                (0..<100).map { .echo("\($0)") } + [.close(1002)]),
            FrameCase(
                "a message, a mistake and another message", "7.1.7", [text("a"), more("b"), text("c")],
                [.echo("a"), .close(1002)]),
        ]
        return FrameCategory(
            "order", "Messages", "Each message has its answer, however many come together and whatever follows.", cases)
    }()

    static let limits: FrameCategory = {
        var cases: [FrameCase] = []
        cases += [
            FrameCase(
                "131,072 bytes in four frames", quota, fragments(letters(131_072), of: 32_768),
                [.echo(letters(131_072))]),
            FrameCase("131,071 bytes", quota, fragments(letters(131_071), of: 32_768), [.echo(letters(131_071))]),
            FrameCase(
                "131,072 bytes in 1,024 frames", quota, fragments(letters(131_072), of: 128), [.echo(letters(131_072))]),
            FrameCase(
                "131,072 bytes and an empty fragment", quota,
                fragments(letters(131_072), of: 32_768).map(\.part) + [more("")], [.echo(letters(131_072))]),
            FrameCase("131,073 bytes", quota, fragments(letters(131_073), of: 32_768), [.close(1009)]),
            FrameCase(
                "131,073 bytes, and not all yet", quota, fragments(letters(131_073), of: 32_768).map(\.part),
                [.close(1009)]),
            FrameCase("200,000 bytes in small frames", quota, fragments(letters(200_000), of: 1000), [.close(1009)]),
            FrameCase("a fragment of 32,769 bytes", quota, [text("a").part, more(letters(32_769))], [.close(1009)]),
            FrameCase("a first fragment of 32,769 bytes", quota, [text(letters(32_769)).part], [.close(1009)]),
            FrameCase(
                "a head that leads over the limit, whose payload is not waited for", quota,
                fragments(letters(131_072), of: 32_768).map(\.part) + [more([]).claiming(1)], [.close(1009)]),
            FrameCase(
                "the longest message twice", quota,
                fragments(letters(131_072), of: 32_768) + fragments(letters(131_072), of: 32_768),
                [.echo(letters(131_072)), .echo(letters(131_072))]),
            FrameCase(
                "a message after the longest", quota, fragments(letters(131_072), of: 32_768) + [text("a")],
                [.echo(letters(131_072)), .echo("a")]),
            FrameCase(
                "a ping within the longest message", quota,
                Array(fragments(letters(98_304), of: 32_768).map(\.part)) + [ping("p"), more(letters(32_768))],
                [.pong("p"), .echo(letters(131_072))]),
            FrameCase(
                "a message after one that was too long", quota, [text(letters(32_769)), text("a")], [.close(1009)]),
        ]
        return FrameCategory(
            "limit", "Limits of messages", "A message holds 128 KB at most, in frames of 32 KB at most.", cases)
    }()

    static let refusedBinary: FrameCategory = {
        var cases: [FrameCase] = []
        cases += [0, 1, 125, 126, 1000, 32_768].map {
            FrameCase("\(size($0))", "2.3", [binary(letters($0))], [.close(1003)])
        }
        cases += [
            FrameCase("a first fragment of bytes", "2.3", [binary([1]).part], [.close(1003)]),
            FrameCase("fragments of bytes", "2.3", [binary([1]).part, more([2])], [.close(1003)]),
            FrameCase("bytes after a text", "2.3", [text("a"), binary([1])], [.echo("a"), .close(1003)]),
            FrameCase("bytes, and a text", "2.3", [binary([1]), text("a")], [.close(1003)]),
            FrameCase("bytes after a ping", "2.3", [ping("p"), binary([1])], [.pong("p"), .close(1003)]),
            FrameCase("a head whose payload does not come", "2.3", [binary([]).claiming(1000)], [.close(1003)]),
        ]
        return FrameCategory(
            "no-binary", "Bytes where they are not taken",
            "API Gateway takes no messages of bytes (2.3 of the reference), and Portico none unless the API says `binary: allow`.",
            cases)
    }()

    /// With `binary: allow`.
    static let binaryMessages: FrameCategory = {
        var cases: [FrameCase] = []
        cases += [0, 1, 2, 125, 126, 127, 128, 1000, 4096, 32_768].map {
            FrameCase("\(size($0))", "5.2", [binary(bytes($0))], [.echo(bytes($0))])
        }
        cases += [32_769, 65_536].map { FrameCase("\(size($0))", quota, [binary(letters($0))], [.close(1009)]) }
        cases += [0, 125].map {
            FrameCase("\(size($0)), not in the shortest form", "5.2", [binary(letters($0)).inTwoBytes], [.close(1002)])
        }
        cases += [0, 65_535].map {
            FrameCase(
                "\(size($0)), not in the shortest form", "5.2", [binary(letters($0)).inEightBytes], [.close(1002)])
        }
        cases += (1...7).map { (bits: UInt8) in
            FrameCase("reserved bits \(bits)", "5.2", [binary([1]).reserving(bits)], [.close(1002)])
        }
        cases +=
            ([[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0, 0, 0], [0xE2, 0x82]]
            as [[UInt8]]).map {
                FrameCase("bytes that are no text", "5.6", [binary($0)], [.echo($0)])
            }
        cases += [
            FrameCase("two fragments", "5.4", [binary([0xFF, 0]).part, more([0xFE])], [.echo([0xFF, 0, 0xFE])]),
            FrameCase("three fragments", "5.4", [binary([1]).part, more([2]).part, more([3])], [.echo([1, 2, 3])]),
            FrameCase("empty fragments", "5.4", [binary([]).part, more([]).part, more([])], [.echo([])]),
            FrameCase(
                "a ping between fragments", "5.4", [binary([1]).part, ping("p"), more([2])],
                [.pong("p"), .echo([1, 2])]),
            FrameCase(
                "bytes and texts", "5.6", [binary([0xFF]), text("a"), binary([0xFE]), text("b")],
                [.echo([0xFF]), .echo("a"), .echo([0xFE]), .echo("b")]),
            FrameCase("text within bytes", "5.4", [binary([1]).part, text("a")], [.close(1002)]),
            FrameCase("bytes within bytes", "5.4", [binary([1]).part, binary([2])], [.close(1002)]),
            FrameCase("bytes within text", "5.4", [text("a").part, binary([2])], [.close(1002)]),
            FrameCase(
                "a text that is none after bytes that are none", "8.1", [binary([0xFF]), text([0xFF])],
                [.echo([0xFF]), .close(1007)]),
            FrameCase(
                "98,304 bytes, whose base64 is as long as a message may be", quota,
                [binary(letters(32_768)).part, more(letters(32_768)).part, more(letters(32_768))],
                [.echo(letters(98_304))]),
            FrameCase(
                "131,073 bytes", quota,
                [
                    binary(letters(32_768)).part, more(letters(32_768)).part, more(letters(32_768)).part,
                    more(letters(32_768)).part,
                    more([1]),
                ], [.close(1009)]),
            FrameCase("bytes and the end", "5.5.1", [binary([0xFF]), closing(1000)], [.echo([0xFF]), .close(1000)]),
            FrameCase("no mask", "5.1", [binary([1]).bare], [.close(1002)]),
        ]
        return FrameCategory(
            "binary", "Bytes where they are taken", "With `binary: allow`, messages of bytes are as good as texts.",
            cases)
    }()

    /// Bytes of all values in turn.
    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 0xF5) } }
}

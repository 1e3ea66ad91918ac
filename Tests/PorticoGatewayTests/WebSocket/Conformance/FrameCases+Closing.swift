/// The end.
extension FrameCategory {
    static let closeFrames: FrameCategory = {
        var cases: [FrameCase] = []
        cases += (Array(1000...1003) + Array(1007...1014) + [3000, 3001, 3999, 4000, 4001, 4999]).flatMap {
            (code: Int) in
            [
                FrameCase("code \(code)", "7.4", [closing(code)], [.close(code)]),
                FrameCase("code \(code) with a reason", "7.4", [closing(code, "bye")], [.close(code)]),
            ]
        }
        cases += [0, 1, 99, 100, 500, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 9999, 65_535]
            .flatMap { (code: Int) in
                [
                    FrameCase("code \(code), which nobody may send", "7.4", [closing(code)], [.close(1002)]),
                    FrameCase(
                        "code \(code) with a reason, which nobody may send", "7.4", [closing(code, "bye")],
                        [.close(1002)]),
                ]
            }
        cases += [1, 2, 60, 122, 123].map {
            FrameCase("a reason of \(size($0))", "5.5.1", [closing(1000, letters($0))], [.close(1000)])
        }
        cases += [124, 125, 200, 1000].map {
            FrameCase("a reason of \(size($0))", "5.5", [closing(1000, letters($0))], [.close(1002)])
        }
        cases += (["é", "€", "𐍈", "κόσμε", "\u{0}", "\u{10FFFF}"] as [String]).map {
            FrameCase("a reason beyond ASCII", "5.5.1", [closing(1000, $0)], [.close(1000)])
        }
        cases +=
            ([[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0x80]] as [[UInt8]])
            .map {
                FrameCase("a reason that is no text", "8.1", [closing(1000, $0)], [.close(1007)])
            }
        cases += [
            FrameCase("an empty close frame", "5.5.1", [closing()], [.close(nil)]),
            FrameCase("half a code", "5.5.1", [closing([3])], [.close(1002)]),
            FrameCase("half a code, which is 0", "5.5.1", [closing([0])], [.close(1002)]),
            FrameCase(
                "a code that may not be, and a reason that is no text", "7.4", [closing(1005, [0xFF])],
                [.close(1002)]),
            FrameCase("two close frames", "5.5.1", [closing(1000), closing(1001)], [.close(1000)]),
            FrameCase("a ping after the end", "5.5.1", [closing(1000), ping("p")], [.close(1000)]),
            FrameCase("a pong after the end", "5.5.1", [closing(1000), pong("p")], [.close(1000)]),
            FrameCase("a message after the end", "5.5.1", [closing(1000), text("m")], [.close(1000)]),
            FrameCase(
                "many messages after the end", "5.5.1",
                [closing(1000)] + Array(repeating: text(letters(1000)), count: 200),
                [.close(1000)]),
            FrameCase("a mistake after the end", "5.5.1", [closing(1000), opcode(3)], [.close(1000)]),
            FrameCase(
                "a frame over the limit after the end", "5.5.1", [closing(1000), text(letters(100_000))], [.close(1000)]
            ),
            FrameCase("the end after a mistake", "7.1.7", [opcode(3), closing(1000)], [.close(1002)]),
            FrameCase("a ping and the end", "5.5.1", [ping("p"), closing(1000)], [.pong("p"), .close(1000)]),
            FrameCase("a pong and the end", "5.5.1", [pong("p"), closing(1000)], [.close(1000)]),
            FrameCase(
                "a message and an empty close frame", "5.5.1", [text("m"), closing()], [.echo("m"), .close(nil)]),
            FrameCase(
                "two messages and the end", "5.5.1", [text("a"), text("b"), closing(3000)],
                [.echo("a"), .echo("b"), .close(3000)]),
            FrameCase(
                "the longest message and the end", "5.5.1",
                fragments(letters(131_072), of: 32_768) + [closing(1000)], [.echo(letters(131_072)), .close(1000)]),
            FrameCase(
                "a code in a frame with its length in two bytes", "5.5", [closing(1000).inTwoBytes], [.close(1002)]),
        ]
        return FrameCategory(
            "close", "Closing", "A close frame is answered with its code, and TCP ends.", cases)
    }()

    /// All categories, in the order of the document.
    static let all: [FrameCategory] = [
        lengths, pings, reservedBits, opcodes, masks, fragmentation, order, text8, noText, closeFrames, limits,
        refusedBinary,
    ]

    /// What is tried with `binary: allow`.
    static let withBinary: [FrameCategory] = [binaryMessages]
}

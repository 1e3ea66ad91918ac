/// Lengths, pings, reserved bits, opcodes and masks.
extension FrameCategory {
    /// Source: API Gateway quotas, WebSocket frame size and message payload size.
    private static let quota = "2.6"

    static let lengths: FrameCategory = {
        var cases: [FrameCase] = []
        cases += [
            0, 1, 2, 124, 125, 126, 127, 128, 129, 255, 256, 1000, 1024, 4095, 4096, 16_383, 16_384, 32_767, 32_768,
        ].map {
            FrameCase("a text of \(size($0))", "5.2", [text(letters($0))], [.echo(letters($0))])
        }
        cases += [32_769, 40_000, 65_535, 65_536, 131_072, 200_000].map {
            FrameCase("a frame of \(size($0))", quota, [text(letters($0))], [.close(1009)])
        }
        cases += [32_769, 65_535, 65_536, 1 << 31, 1 << 32, 1 << 62, (1 << 63) - 1].map { (length: UInt64) in
            FrameCase(
                "a head that announces \(size(length)), whose payload is not waited for", quota,
                [text([]).claiming(length)], [.close(1009)])
        }
        cases += [1 << 63, UInt64.max].map { (length: UInt64) in
            FrameCase("a length with its highest bit", "5.2", [text([]).claiming(length)], [.close(1002)])
        }
        cases += [0, 1, 125].map {
            FrameCase("\(size($0)), not in the shortest form", "5.2", [text(letters($0)).inTwoBytes], [.close(1002)])
        }
        cases += [0, 1, 125, 126, 4096, 65_535].map {
            FrameCase("\(size($0)), not in the shortest form", "5.2", [text(letters($0)).inEightBytes], [.close(1002)])
        }
        cases += [
            FrameCase(
                "a length in two bytes that needs them", "5.2", [text(letters(126)).inTwoBytes], [.echo(letters(126))]),
            FrameCase("a ping's length in two bytes", "5.5", [ping(letters(5)).inTwoBytes], [.close(1002)]),
            FrameCase("a ping's length in eight bytes", "5.5", [ping(letters(5)).inEightBytes], [.close(1002)]),
            FrameCase(
                "a fragment's length not in the shortest form", "5.2", [text("a").part, more("b").inTwoBytes],
                [.close(1002)]),
            FrameCase(
                "a wrong form after a message", "5.2", [text("first"), text("second").inEightBytes],
                [.echo("first"), .close(1002)]),
        ]
        return FrameCategory(
            "length", "Lengths", "Each length has one form, and a frame holds 32 KB at most.", cases)
    }()

    static let pings: FrameCategory = {
        var cases: [FrameCase] = []
        cases += [0, 1, 2, 5, 64, 124, 125].map {
            FrameCase("a ping of \(size($0))", "5.5.2", [ping(letters($0))], [.pong(letters($0))])
        }
        cases += [126, 127, 128, 256, 32_768, 65_535, 65_536].map {
            FrameCase("a ping of \(size($0))", "5.5", [ping(letters($0))], [.close(1002)])
        }
        cases += [0, 1, 5, 125].map {
            FrameCase(
                "a pong of \(size($0)) that nobody asked for", "5.5.3", [pong(letters($0)), ping("after")],
                [.pong("after")])
        }
        cases += [126, 128, 65_536].map {
            FrameCase("a pong of \(size($0))", "5.5", [pong(letters($0))], [.close(1002)])
        }
        cases += [2, 10, 100].map { count in
            FrameCase(
                "\(count) pings, one behind the other", "5.5.2", (0..<count).map { ping("\($0)") },
                (0..<count).map { .pong("\($0)") })
        }
        cases += [
            FrameCase(
                "a ping of bytes that are no text", "5.5.2", [ping([0, 0xFF, 0xFE, 0xFD, 0xC0])],
                [.pong([0, 0xFF, 0xFE, 0xFD, 0xC0])]),
            FrameCase("a ping before a message", "5.5.2", [ping("p"), text("m")], [.pong("p"), .echo("m")]),
            FrameCase("a ping after a message", "5.5.2", [text("m"), ping("p")], [.echo("m"), .pong("p")]),
            FrameCase(
                "pings around messages", "5.5.2", [ping("1"), text("a"), ping("2"), text("b"), ping("3")],
                [.pong("1"), .echo("a"), .pong("2"), .echo("b"), .pong("3")]),
            FrameCase("ten pongs and a ping", "5.5.3", (0..<10).map { pong("\($0)") } + [ping("p")], [.pong("p")]),
            FrameCase("a pong between pings", "5.5.3", [ping("1"), pong("1"), ping("2")], [.pong("1"), .pong("2")]),
            FrameCase("a ping in fragments", "5.4", [ping("a").part, more("b")], [.close(1002)]),
            FrameCase("an empty ping in fragments", "5.4", [ping().part], [.close(1002)]),
            FrameCase("a pong in fragments", "5.4", [pong("a").part], [.close(1002)]),
        ]
        return FrameCategory(
            "ping", "Pings and pongs", "A ping is answered with what it carries; a pong with nothing.", cases)
    }()

    static let reservedBits: FrameCategory = {
        var cases: [FrameCase] = []
        cases += [
            ("text", [text("x")]), ("binary", [binary([1])]), ("ping", [ping("x")]), ("pong", [pong("x")]),
            ("close", [closing(1000)]), ("continuation", [text("x").part, more("y")]),
            ("empty text", [text("")]),
        ].flatMap { (name: String, frames: [SentFrame]) in
            (1...7).map { (bits: UInt8) in
                FrameCase(
                    "\(name) with reserved bits \(bits)", "5.2",
                    Array(frames.dropLast()) + [frames[frames.count - 1].reserving(bits)], [.close(1002)])
            }
        }
        cases += [4, 2, 1].flatMap { (bit: UInt8) in
            [
                FrameCase(
                    "a reserved bit after a message", "5.2", [text("good"), text("bad").reserving(bit), ping()],
                    [.echo("good"), .close(1002)]),
                FrameCase(
                    "a reserved bit on a ping between fragments", "5.2",
                    [text("a").part, ping().reserving(bit), more("b")], [.close(1002)]),
                FrameCase(
                    "a reserved bit on the first fragment", "5.2", [text("a").part.reserving(bit), more("b")],
                    [.close(1002)]),
                FrameCase(
                    "a reserved bit on a head whose payload does not come", "5.2",
                    [text([]).claiming(1000).reserving(bit)], [.close(1002)]),
            ]
        }
        return FrameCategory(
            "reserved", "Reserved bits", "No extension is agreed on, so that no reserved bit may be set.", cases)
    }()

    static let opcodes: FrameCategory = {
        var cases: [FrameCase] = []
        cases += ([3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8]).flatMap { number in
            [
                FrameCase("opcode \(number) without payload", "5.2", [opcode(number)], [.close(1002)]),
                FrameCase("opcode \(number) with payload", "5.2", [opcode(number, letters(64))], [.close(1002)]),
                FrameCase(
                    "opcode \(number) after a message", "5.2", [text("good"), opcode(number), ping()],
                    [.echo("good"), .close(1002)]),
                FrameCase(
                    "opcode \(number) between fragments", "5.2", [text("a").part, opcode(number), more("b")],
                    [.close(1002)]),
                FrameCase("opcode \(number), not the last fragment", "5.2", [opcode(number).part], [.close(1002)]),
            ]
        }
        return FrameCategory(
            "opcode", "Opcodes", "Opcodes 3 to 7 and 11 to 15 have no meaning.", cases)
    }()

    static let masks: FrameCategory = {
        var cases: [FrameCase] = []
        cases +=
            ([
                [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 1], [1, 0, 0, 0], [0x78, 0x78, 0x78, 0x78],
                [0x80, 0x40, 0x20, 0x10],
            ] as [[UInt8]]).flatMap { key in
                [1, 3, 4, 5, 8, 17, 125, 300].map { count in
                    FrameCase(
                        "\(count) bytes", "5.3", [text(letters(count)).masked(key)], [.echo(letters(count))])
                }
            }
        cases += [
            ("text", text("x")), ("empty text", text("")), ("binary", binary([1])), ("ping", ping("x")),
            ("empty ping", ping()), ("pong", pong("x")), ("close", closing(1000)), ("empty close", closing()),
            ("longer text", text(letters(200))), ("long text", text(letters(32_768))),
        ].map { (name: String, frame: SentFrame) in
            FrameCase("\(name) without a mask", "5.1", [frame.bare], [.close(1002)])
        }
        cases += [
            FrameCase(
                "no mask after a message", "5.1", [text("good"), text("bad").bare], [.echo("good"), .close(1002)]),
            FrameCase("no mask on the second fragment", "5.1", [text("a").part, more("b").bare], [.close(1002)]),
            FrameCase("no mask on a ping between fragments", "5.1", [text("a").part, ping().bare], [.close(1002)]),
            FrameCase(
                "no mask on a head whose payload does not come", "5.1", [text([]).claiming(1000).bare],
                [.close(1002)]),
            FrameCase(
                "a new key for each frame", "5.3",
                [text("one").masked([1, 2, 3, 4]).part, more("two").masked([9, 8, 7, 6])], [.echo("onetwo")]),
        ]
        return FrameCategory(
            "mask", "Masking", "A client masks each frame, with any key.", cases)
    }()
}

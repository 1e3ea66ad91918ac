import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Frames between Portico and its supervisor")
struct SupervisorFrameTests {
    static let launch = FunctionLaunch(
        command: ["/bin/sh", "-c", "echo ä"], environment: ["A=1", "EMPTY=", "LINES=a\nb"], directory: "/tmp/x y",
        maximumResidentBytes: 128 << 20)

    static let frames: [SupervisorFrame] = [
        .start(1, launch),
        .start(2, FunctionLaunch(command: [], environment: [], directory: "", maximumResidentBytes: nil)),
        .kill(.max),
        .end,
        .started(7, processID: 4_194_304),
        .output(7, Array("line\n\u{0}".utf8)),
        .output(7, []),
        .ended(7, .exited(status: 0)),
        .ended(7, .exited(status: 255)),
        .ended(7, .signaled(9)),
        .ended(7, .outOfMemory(residentBytes: 5 << 30)),
        .ended(7, .notStarted("cannot start '/x': there is no such file")),
    ]

    @Test("Each frame is read as it was written", arguments: frames)
    func roundTrip(_ frame: SupervisorFrame) throws {
        var decoder = SupervisorFrameDecoder()
        decoder.append(frame.encoded)
        #expect(try decoder.next() == frame)
        #expect(try decoder.next() == nil)
        #expect(decoder.remainder == 0)
    }

    @Test("Frames are read from pieces of any size", arguments: [1, 2, 3, 5, 64, 10_000])
    func pieces(_ size: Int) throws {
        var bytes: [UInt8] = []
        for frame in Self.frames { frame.encode(into: &bytes) }
        var decoder = SupervisorFrameDecoder()
        var read: [SupervisorFrame] = []
        while !bytes.isEmpty {
            decoder.append(bytes.prefix(size))
            bytes.removeFirst(min(size, bytes.count))
            while let frame = try decoder.next() { read.append(frame) }
        }
        #expect(read == Self.frames)
    }

    @Test(
        "A frame that is cut and carries the length of the cut is refused or read as a shorter one", arguments: frames)
    func truncation(_ frame: SupervisorFrame) {
        let bytes = frame.encoded
        for count in 4..<bytes.count {
            var cut = Array(bytes.prefix(count))
            let length = UInt32(count - 4)
            for index in 0..<4 { cut[index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(index))) }
            var decoder = SupervisorFrameDecoder()
            decoder.append(cut)
            guard let read = try? decoder.next() else { continue }
            // Only output has no end of its own.
            guard case .output = frame, case .output = read else {
                Issue.record("\(count) of \(bytes.count) bytes were read as \(read)")
                continue
            }
        }
    }

    @Test(
        "Bytes that are no frame are refused",
        arguments: [
            ([0, 0, 0, 0], "a frame ends before its parts do"),
            ([0, 0, 0, 5, 0, 0, 0, 0, 1], "there is no frame of kind 0"),
            ([0, 0, 0, 5, 99, 0, 0, 0, 1], "there is no frame of kind 99"),
            ([0, 0, 0, 6, 2, 0, 0, 0, 1, 0], "1 bytes too many in a frame of kind 2"),
            ([0xFF, 0xFF, 0xFF, 0xFF], "a frame of 4294967295 bytes; at most 8388608 are allowed"),
            ([0, 0, 0, 9, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF], "a frame ends before its parts do"),
            (Array("{\"js".utf8), "a frame of 2065853043 bytes; at most 8388608 are allowed"),
        ] as [([UInt8], String)])
    func garbage(_ bytes: [UInt8], _ message: String) {
        var decoder = SupervisorFrameDecoder()
        decoder.append(bytes)
        #expect(throws: SupervisorFrameError(description: message)) { try decoder.next() }
    }

    @Test("No bytes bring the decoder down")
    func random() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var bytes = Self.frames[Int.random(in: 0..<Self.frames.count, using: &generator)].encoded
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 3..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            var decoder = SupervisorFrameDecoder()
            decoder.append(bytes)
            while (try? decoder.next()) != nil {}
        }
    }
}

@Suite("The table of processes")
struct SupervisorTreeTests {
    @Test(
        "A row is read whatever the program's name is",
        arguments: ["cat", "a b", "x) S 1 2", "(", "))", "\u{fc}"])
    func names(_ name: String) throws {
        let text =
            "735 (\(name)) S 729 730 19137 0 -1 4194304 101 0 0 0 0 0 0 0 20 0 1 0 2413689 3133440 416 1844674407"
        let row = try #require(SupervisorTree.row(Array(text.utf8)))
        #expect(
            row == SupervisorTree.Row(id: 735, parent: 729, group: 730, startTime: 2_413_689, residentPages: 416))
    }

    @Test(
        "What has ended or is no row is left out",
        arguments: [
            "", "735", "735 (cat", "735 (cat)", "735 (cat) Z 729 730 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 24 31 416 1",
            "x (cat) S 729 730 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 24 31 416 1", "735 (cat) S 729 730 19137 0 -1",
        ])
    func garbage(_ text: String) { #expect(SupervisorTree.row(Array(text.utf8)) == nil) }
}

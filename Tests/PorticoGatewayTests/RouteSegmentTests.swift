import PorticoIR
import Testing

@testable import PorticoGateway

@Suite("Stages, segments and verbs of a path")
struct RouteSegmentTests {
    @Test(
        "the stage is the first segment, whatever slashes stand before it",
        arguments: [
            ("/dev/pets", "dev", "/pets"), ("//dev/pets", "dev", "/pets"), ("////dev//pets/", "dev", "//pets/"),
            ("/dev", "dev", ""), ("/dev/", "dev", "/"), ("/dev//", "dev", "//"), ("dev/x", "dev", "/x"),
            ("/", "", ""), ("", "", ""), ("///", "", ""), ("/%64ev/x", "%64ev", "/x"),
        ])
    func stage(_ path: String, _ stage: String, _ rest: String) {
        let bytes = Array(path.utf8)
        let split = bytes.withUnsafeBytes { StageSplit($0) }
        #expect(String(decoding: bytes[split.stage], as: UTF8.self) == stage)
        #expect(String(decoding: bytes[split.rest], as: UTF8.self) == rest)
    }

    @Test("a segment has the same end and hash wherever it stands")
    func hashes() {
        for length in 0...40 {
            let segment = (0..<length).map { UInt8(truncatingIfNeeded: 65 + $0 % 26) }
            let alone = segment.withUnsafeBytes { SegmentScanner.scan($0, from: 0) }
            for before in [0, 1, 7, 8, 9, 30] {
                for after in [[], [47], Array("/x".utf8), Array("/longer/and//longer".utf8)] as [[UInt8]] {
                    let path = [UInt8](repeating: 46, count: before) + segment + after
                    let found = path.withUnsafeBytes { SegmentScanner.scan($0, from: before) }
                    #expect(found.end == before + length)
                    #expect(found.hash == alone.hash && found.tail == alone.tail)
                }
            }
        }
    }

    @Test("bytes next to a slash's value end no segment")
    func neighbours() {
        for byte in UInt8.min...UInt8.max where byte != 47 {
            let path = [UInt8](repeating: byte, count: 19) + [47, byte, 47]
            #expect(path.withUnsafeBytes { SegmentScanner.scan($0, from: 0).end } == 19)
            let mixed: [UInt8] = [byte, 48, 46, byte, 47, byte]
            #expect(mixed.withUnsafeBytes { SegmentScanner.scan($0, from: 0).end } == 4)
        }
    }

    @Test("a literal is found by all of its bytes and by no others", arguments: 1...40)
    func equality(length: Int) {
        let literal = (0..<length).map { UInt8(truncatingIfNeeded: 65 + $0) }
        let table = RouteTable.of("GET /before/" + String(decoding: literal, as: UTF8.self))
        let parameters = RouteParameters()
        let verb = RouteVerb.get.rawValue
        let before = Array("/before/".utf8)
        #expect(table.answer(raw: verb, before + literal, parameters) != nil)
        #expect(table.answer(raw: verb, before + literal + [0], parameters) == nil)
        #expect(table.answer(raw: verb, before + literal.dropLast(), parameters) == nil)
        for place in 0..<length {
            var other = literal
            other[place] ^= 128
            #expect(table.answer(raw: verb, before + other, parameters) == nil)
        }
    }

    @Test("words are compared in whole, and what is left of the last one is not")
    func words() {
        let bytes = (0..<40).map { UInt8($0) }
        for count in 0...40 {
            for place in 0..<40 {
                var other = [255] + bytes
                other[place + 1] ^= 128
                let isEqual = bytes.withUnsafeBytes { left in
                    other.withUnsafeBytes { SegmentScanner.equalWords(left, 0, $0, 1, count: count) }
                }
                #expect(isEqual == (place >= count / 8 * 8))
            }
        }
    }

    @Test("each declared verb has its place, and seven of them are a request's")
    func verbs() {
        #expect(MethodVerb.allCases.map { RouteVerb($0).name } == MethodVerb.allCases.map(\.rawValue))
        #expect(RouteVerb.allCases.map(\.name) == ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY"])
        #expect(RouteVerb.allCases.map(\.rawValue) == Array(0..<8))
        #expect(RouteTable.methodStride == RouteVerb.allCases.count)
    }
}

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
            let alone = segment.withUnsafeBytes { SegmentScanner.hash($0) }
            for before in [0, 1, 7, 8, 9, 30] {
                for after in [[], [47], Array("/x".utf8), Array("/longer/and//longer".utf8)] as [[UInt8]] {
                    let path = [UInt8](repeating: 46, count: before) + segment + after
                    let (end, hash) = path.withUnsafeBytes { SegmentScanner.scan($0, from: before) }
                    #expect(end == before + length)
                    #expect(hash == alone)
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

    @Test("segments are compared to their last byte")
    func equality() {
        for length in 1...40 {
            let bytes = (0..<length).map { UInt8($0) }
            let isEqual = bytes.withUnsafeBytes { SegmentScanner.equal($0, 0, $0, 0, count: length) }
            #expect(isEqual)
            for place in 0..<length {
                var other = [255] + bytes
                other[place + 1] ^= 128
                let differs = bytes.withUnsafeBytes { left in
                    other.withUnsafeBytes { !SegmentScanner.equal(left, 0, $0, 1, count: length) }
                }
                #expect(differs)
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

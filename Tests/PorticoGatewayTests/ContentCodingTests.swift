import PorticoPrograms
import Testing

@testable import PorticoGateway

/// Source: reference, "Compression" (8.2); RFC 1950, 1951 and 1952.
@Suite("Content codings")
struct ContentCodingTests {
    @Test(
        "the coding of an answer is the best one that is named and supported",
        arguments: [
            (["gzip"], "gzip"), (["deflate"], "deflate"), (["GZip"], "gzip"), (["x-gzip"], "gzip"),
            (["gzip, deflate, br"], "gzip"), (["br, gzip"], "gzip"), (["deflate,gzip"], "gzip"),
            (["deflate;q=0.9, gzip;q=0.5"], "deflate"), (["gzip;q=1.0,identity;q=0.5,*;q=0"], "gzip"),
            (["gzip ; q = 0.8 , br;q=0.2"], "gzip"), (["deflate;q=0.5,gzip=1.0"], "gzip"), (["gzip", "br"], "gzip"),
            (["br;q=0.4", "deflate"], "deflate"), (["gzip;q=0.001"], "gzip"), (["gzip, *"], "gzip"),
            // What is best is not supported, or nothing is named.
            (["br, gzip;q=0.9"], nil), (["identity;q=1, gzip;q=0.5"], nil), (["*"], nil), (["*;q=1, gzip;q=0.9"], nil),
            (["identity"], nil), ([""], nil), ([], nil), (["gzip;q=0"], nil), (["gzip;q=0.000, deflate;q=0"], nil),
            (["br"], nil), (["gzipped"], nil), (["gzip;q=x"], nil), (["gzip;q=-1"], nil), (["gzip;q="], nil),
            ([",,"], nil),
        ] as [([String], String?)])
    func accepted(_ fields: [String], _ expected: String?) {
        var codings = AcceptedCodings()
        for field in fields { Array(field.utf8).withUnsafeBytes { codings.add($0) } }
        #expect(codings.best.map { "\($0)" } == expected)
    }

    @Test(
        "codings of a body are undone from the last to the first",
        arguments: [
            (["gzip"], ["gzip"], false), (["identity"], [], false), ([""], [], false), (["X-GZIP"], ["gzip"], false),
            (["gzip, deflate"], ["deflate", "gzip"], false), (["gzip", "deflate"], ["deflate", "gzip"], false),
            (["deflate , identity,gzip"], ["gzip", "deflate"], false), (["br"], [], true),
            (["gzip, br"], ["gzip"], true), (["compress"], [], true), (["gzip;q=1"], [], true),
            (["gzip,gzip,gzip,gzip,gzip"], ["gzip", "gzip", "gzip", "gzip"], true),
        ] as [([String], [String], Bool)])
    func applied(_ fields: [String], _ expected: [String], _ hasUnknown: Bool) {
        var codings = ContentCodingList()
        for field in fields { Array(field.utf8).withUnsafeBytes { codings.add($0) } }
        #expect(codings.hasUnknown == hasUnknown)
        var order: [String] = []
        while let coding = codings.popLast() { order.append("\(coding)") }
        #expect(order == expected)
    }

    @Test("data that others compressed is read")
    func samples() {
        let plain = Array(CompressedSamples.plain.utf8)
        #expect(CompressedSamples.plain(CompressedSamples.gzip) == plain)
        #expect(CompressedSamples.plain(CompressedSamples.named) == plain)
        #expect(CompressedSamples.plain(CompressedSamples.zlib, .deflate) == plain)
        #expect(CompressedSamples.plain(CompressedSamples.bare, .deflate) == plain)
        #expect(CompressedSamples.plain(CompressedSamples.zlib, .gzip) == nil)
        #expect(CompressedSamples.plain(CompressedSamples.gzip, .deflate) == nil)
    }

    @Test("a gzip body may have several members, and nothing else after the first")
    func members() {
        let two = CompressedSamples.compressed("one ".utf8) + CompressedSamples.compressed("two".utf8)
        #expect(CompressedSamples.plain(two) == Array("one two".utf8))
        for rest in [[0], [0x1F], [0x1F, 0x8B], [0x1F, 0x8B, 8], Array("garbage".utf8)] as [[UInt8]] {
            #expect(CompressedSamples.plain(CompressedSamples.gzip + rest) == nil)
            #expect(CompressedSamples.plain(CompressedSamples.zlib + rest, .deflate) == nil)
            #expect(CompressedSamples.plain(CompressedSamples.bare + rest, .deflate) == nil)
        }
    }

    @Test("data that is cut anywhere is refused")
    func cut() {
        for count in 0..<CompressedSamples.gzip.count {
            #expect(CompressedSamples.plain(Array(CompressedSamples.gzip[..<count])) == nil)
        }
        for count in 0..<CompressedSamples.zlib.count {
            #expect(CompressedSamples.plain(Array(CompressedSamples.zlib[..<count]), .deflate) == nil)
        }
        for count in 0..<CompressedSamples.bare.count {
            #expect(CompressedSamples.plain(Array(CompressedSamples.bare[..<count]), .deflate) == nil)
        }
    }

    @Test("a changed byte is refused or was of no importance")
    func damaged() {
        let plain = Array(CompressedSamples.plain.utf8)
        for place in CompressedSamples.gzip.indices {
            var bytes = CompressedSamples.gzip
            bytes[place] ^= 0x40
            let outcome = CompressedSamples.plain(bytes)
            #expect(outcome == nil || outcome == plain, "byte \(place)")
        }
    }

    @Test("one stream serves many bodies of all codings, also after bad ones", arguments: [0, 1, 100, 5000, 70_000])
    func again(_ length: Int) {
        let text = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* $0 &>> 3) }
        let inflater = Inflater()
        let output = OutputBuffer()
        for coding in [ContentCoding.gzip, .deflate, .gzip, .gzip, .deflate] {
            let deflater = Deflater(coding)
            for _ in 0..<3 where length > 0 {
                output.reset()
                text.withUnsafeBytes { #expect(deflater.apply(to: $0, into: output)) }
                let compressed = Array(output.bytes)
                output.reset()
                output.append("before")
                let cut = compressed.dropLast().withUnsafeBytes {
                    inflater.undo(coding, of: $0, into: output, limit: length)
                }
                #expect(cut == .malformed)
                #expect(output.count == 6)
                let whole = compressed.withUnsafeBytes { inflater.undo(coding, of: $0, into: output, limit: length) }
                #expect(whole == .done)
                #expect(output.bytes.dropFirst(6).elementsEqual(text))
            }
        }
    }

    @Test("decompression stops at its limit, just there")
    func limit() {
        let zeros = CompressedSamples.compressed(repeatElement(UInt8(0), count: 4 << 20))
        #expect(zeros.count < 32 << 10)
        for (limit, expected) in [
            (4 << 20, Inflater.Outcome.done), ((4 << 20) - 1, .tooLarge), (1000, .tooLarge), (0, .tooLarge),
        ] {
            let output = OutputBuffer()
            let outcome = zeros.withUnsafeBytes { Inflater().undo(.gzip, of: $0, into: output, limit: limit) }
            #expect(outcome == expected, "limit \(limit)")
            #expect(output.capacity <= 2 * max(limit, 64 << 10) + 8192, "limit \(limit)")
        }
        // The limit is one for all members together.
        let many = Array(repeatElement(CompressedSamples.compressed(repeatElement(UInt8(0), count: 1000)), count: 100))
        #expect(CompressedSamples.plain(many.flatMap { $0 }, limit: 100_000)?.count == 100_000)
        #expect(CompressedSamples.plain(many.flatMap { $0 }, limit: 99_999) == nil)
    }
}

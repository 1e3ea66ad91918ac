import Testing

@testable import PorticoGateway

/// Headers that carry traces. Source: W3C Trace Context, 3; X-Ray guide, "Tracing header".
@Suite("Trace headers")
struct TraceContextTests {
    static let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private func parse(_ text: String) -> Traceparent? { Array(text.utf8).withUnsafeBytes { Traceparent($0) } }

    private func written(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) -> String {
        String(unsafeUninitializedCapacity: count) { buffer in
            buffer.baseAddress.map { body(UnsafeMutableRawPointer($0)) }
            return count
        }
    }

    @Test("a traceparent is read and written back")
    func traceparent() throws {
        let parsed = try #require(parse(Self.valid))
        #expect(parsed.traceID == TraceIdentifier(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c))
        #expect(parsed.parentID.value == 0xb7ad_6b71_6920_3331)
        #expect(parsed.isSampled)
        #expect(written(Traceparent.length, parsed.write) == Self.valid)
        #expect(parse(" \t\(Self.valid) ") == parsed)
    }

    @Test(
        "flags that are not known are ignored",
        arguments: [("00", 0), ("01", 1), ("02", 2), ("03", 3), ("ff", 3), ("fe", 2), ("08", 0)])
    func flags(_ text: String, _ flags: UInt8) throws {
        let parsed = try #require(parse(Self.valid.dropLast(2) + text))
        #expect(parsed.flags == flags)
        #expect(written(Traceparent.length, parsed.write).hasSuffix("-0\(flags)"))
    }

    @Test(
        "later versions are read by the parts of version 00",
        arguments: ["", "-", "-what-the-future-will-be-like", "-01"])
    func versions(_ rest: String) throws {
        let parsed = try #require(parse("cc" + Self.valid.dropFirst(2).dropLast(2) + "03" + rest))
        #expect(parsed.isSampled && parsed.flags == 1)
        #expect(written(Traceparent.length, parsed.write).hasPrefix("00-0af7"))
    }

    @Test(
        "what is no traceparent counts as absent",
        arguments: [
            "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", valid + "-", valid + "-01", valid + "1",
            "ff" + valid.dropFirst(2), "0g" + valid.dropFirst(2),
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", valid.uppercased(),
            "00-0Af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333X-01",
            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0G",
            "00-0af7651916cd43dd8448eb211c80319-bb7ad6b7169203331-01", "cc" + valid.dropFirst(2) + "x",
        ])
    func invalid(_ text: String) { #expect(parse(text) == nil) }

    @Test("every byte that is changed to something else makes another value or none")
    func changes() {
        let bytes = Array(Self.valid.utf8)
        let original = parse(Self.valid)
        for index in bytes.indices {
            for byte in [UInt8(ascii: "-"), UInt8(ascii: "A"), 0, 0xFF, UInt8(ascii: " ")] where bytes[index] != byte {
                var changed = bytes
                changed[index] = byte
                let parsed = changed.withUnsafeBytes { Traceparent($0) }
                #expect(parsed == nil || parsed != original, "\(index) \(byte)")
            }
        }
    }

    @Test("a Root and a trace id are the same bytes")
    func conversion() throws {
        let root = "1-5759e988-bd862e3fe1be46a994272793"
        let id = try #require(Array(root.utf8).withUnsafeBytes { TraceIdentifier(root: $0) })
        #expect(written(TraceIdentifier.hexLength, id.writeHex) == "5759e988bd862e3fe1be46a994272793")
        #expect(written(TraceIdentifier.rootLength, id.writeRoot) == root)
        let hex = "0af7651916cd43dd8448eb211c80319c"
        let other = try #require(Array(hex.utf8).withUnsafeBytes { TraceIdentifier(hex: $0) })
        #expect(written(TraceIdentifier.rootLength, other.writeRoot) == "1-0af76519-16cd43dd8448eb211c80319c")
        let new = TraceIdentifier(epochSeconds: 0x5759_e988, 0xFFFF_FFFF_bd86_2e3f, 0xe1be_46a9_9427_2793)
        #expect(new == id)
    }

    @Test(
        "what is no Root has none",
        arguments: [
            "", "1-5759e988-bd862e3fe1be46a99427279", "2-5759e988-bd862e3fe1be46a994272793",
            "1-5759e988_bd862e3fe1be46a994272793", "1-00000000-000000000000000000000000",
            "1-5759e98g-bd862e3fe1be46a994272793",
            "1-5759e988-bd862e3fe1be46a9942727933",
        ])
    func noRoot(_ text: String) { #expect(Array(text.utf8).withUnsafeBytes { TraceIdentifier(root: $0) } == nil) }

    private func header(_ text: String) -> XRayTraceHeader { Array(text.utf8).withUnsafeBytes { XRayTraceHeader($0) } }

    @Test("X-Amzn-Trace-Id is read by its members, others are ignored, and of two the first counts")
    func xray() throws {
        let root = Array("1-5759e988-bd862e3fe1be46a994272793".utf8).withUnsafeBytes { TraceIdentifier(root: $0) }
        let parent = SpanIdentifier(0x5399_5c3f_42cd_8ad8)
        let full = header("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
        #expect(full.root == root && full.parent == parent && full.sampling == .yes)
        let odd = header(
            " Self=1-2-3 ;Sampled=0;; CalledFrom=a; Parent=53995C3F42CD8AD8 ;Root=1-5759E988-bd862e3fe1be46a994272793;Sampled=1"
        )
        #expect(odd.root == root && odd.parent == parent && odd.sampling == .no)
        #expect(header("Sampled=?").sampling == .undecided)
        #expect(header("Sampled=11").sampling == .undecided)
        #expect(header("") == header("root=1-5759e988-bd862e3fe1be46a994272793;nonsense;="))
        #expect(header("Root=x;Root=1-5759e988-bd862e3fe1be46a994272793").root == nil)
        let text = written(XRayTraceHeader.length) { target in
            guard let root, let parent else { return }
            XRayTraceHeader.write(root: root, parent: parent, isSampled: false, to: target)
        }
        #expect(text == "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0")
    }

    private func count(_ text: String) -> Int? { Array(text.utf8).withUnsafeBytes { Tracestate.memberCount($0) } }

    @Test(
        "a tracestate is counted",
        arguments: [
            ("", 0), ("rojo=00f067aa0ba902b7", 1), ("a=1,b=2", 2), ("a=1 , \t b=2,,", 2), (" ", 0),
            ("fw529a3039@dt=FfAxOTpo", 1), ("0a@b=1", 1), ("a*/_-9=b c~!", 1),
        ])
    func tracestate(_ text: String, _ members: Int) { #expect(count(text) == members) }

    @Test(
        "a tracestate that does not parse is none",
        arguments: [
            "a", "a=", "=1", "A=1", "0a=1", "a=1,a=2", "a=1=2", "a b=1", "a=\u{7}", "a=\u{E9}", "a@=1", "@b=1",
            "a@0b=1",
            "a@abcdefghijklmno=1", "a@b@c=1",
        ])
    func noTracestate(_ text: String) { #expect(count(text) == nil) }

    @Test("limits of a tracestate: 32 members, 256 characters of key and value, 2 KB")
    func tracestateLimits() {
        func list(_ count: Int) -> String { (0..<count).map { "k\($0)=v" }.joined(separator: ",") }
        #expect(count(list(32)) == 32)
        #expect(count(list(33)) == nil)
        let longKey = String(repeating: "k", count: 256)
        #expect(count("\(longKey)=v") == 1)
        #expect(count("k\(longKey)=v") == nil)
        #expect(count("k=\(longKey)") == 1)
        #expect(count("k=v\(longKey)") == nil)
        #expect(count((0..<9).map { "k\($0)=\(String(repeating: "v", count: 250))" }.joined(separator: ",")) == nil)
    }

    @Test("a member of a tracestate is found by its name")
    func member() {
        func value(_ key: String, _ text: String) -> String? {
            Array(text.utf8).withUnsafeBytes { text in
                Array(key.utf8).withUnsafeBytes { Tracestate.value(of: $0, in: text) }
                    .map { String(decoding: $0, as: UTF8.self) }
            }
        }
        #expect(value("b", "a=1, b=x:2 ") == "x:2")
        #expect(value("c", "a=1,b=2") == nil)
    }
}

import PorticoPrograms

@testable import PorticoGateway

/// A small generator of our own, so that a seed gives the same test everywhere (SplitMix64).
struct RouteRandom: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// An answer of a table as the tests read it.
struct RouteAnswer: Equatable, CustomStringConvertible {
    var method: Int
    var resource: String
    var values: [String]

    var description: String { "\(resource)#\(method)\(values)" }
}

extension RouteTable {
    /// Builds a table of `GET,POST /path` lines, whose methods are numbered in the order of the lines.
    static func of(_ lines: String...) -> RouteTable { build(lines).table }

    static func build(_ lines: [String]) -> RouteTableBuild {
        var count = 0
        var declarations: [RouteDeclaration] = []
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 1)
            let verbs = parts.count == 2 ? parts[0].split(separator: ",") : []
            var methods: [RouteMethod] = []
            for verb in RouteVerb.allCases where verbs.contains(where: { $0 == verb.name }) {
                methods.append(RouteMethod(verb, count))
                count += 1
            }
            declarations.append(RouteDeclaration(String(parts[parts.count - 1]), methods))
        }
        return RouteTableBuilder.build(declarations, methodCount: count)
    }

    /// What answers `verb` on `path`.
    func answer(_ verb: RouteVerb, _ path: String) -> RouteAnswer? {
        answer(raw: verb.rawValue, Array(path.utf8), RouteParameters(capacity: 1))
    }

    func answer(raw verb: UInt8, _ path: [UInt8], _ parameters: RouteParameters) -> RouteAnswer? {
        guard let match = path.withUnsafeBytes({ match($0, verb: verb, parameters: parameters) }) else { return nil }
        return RouteAnswer(
            method: Int(match.method), resource: resourcePath(of: Int(match.resource)),
            values: (0..<parameters.count).map { String(decoding: path[parameters[$0].range], as: UTF8.self) })
    }

    /// The table's flat form.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        encode(into: &writer)
        return writer.bytes
    }
}

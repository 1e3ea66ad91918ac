import Measurement
import PorticoPrograms

/// Parsing of JSON texts, all of UTF-8 and of the grammar checked.
enum JSONParsing {
    static func run(_ path: String, seconds: Double) throws(BenchmarkFailure) {
        let text = Arena.bytes(try contents(of: path))
        let tape = JSONTape()
        guard case .ok = tape.parse(text) else { throw BenchmarkFailure("\(path) is no JSON") }
        let rate = Measurement.perSecond(seconds: seconds) { _ = tape.parse(text) }
        let megabytes = Int(rate * Double(text.count) / 1e6)
        print("portico bytes=\(text.count) parses_per_cpu_s=\(Int(rate)) mb_per_s=\(megabytes)")
    }
}

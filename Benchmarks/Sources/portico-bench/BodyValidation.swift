import Measurement
import PorticoPrograms
import PorticoSyntax

/// Parsing and validating one body.
enum BodyValidation {
    static func run(schema: String, body: String, seconds: Double) throws(BenchmarkFailure) {
        guard let schema = JSONValue(parsing: String(decoding: try contents(of: schema), as: UTF8.self)) else {
            throw BenchmarkFailure("the schema is no JSON")
        }
        guard let program = SchemaProgram.compile(schema, library: [:]).program else {
            throw BenchmarkFailure("the schema does not compile")
        }
        let body = Arena.bytes(try contents(of: body))
        let tape = JSONTape()
        let validator = SchemaValidator()
        guard case .ok = tape.parse(body), validator.validate(program, tape) == .valid else {
            throw BenchmarkFailure("the body is not valid")
        }
        report("parse", Measurement.perSecond(seconds: seconds) { _ = tape.parse(body) })
        report("validate", Measurement.perSecond(seconds: seconds) { _ = validator.validate(program, tape) })
        report(
            "parse+validate",
            Measurement.perSecond(seconds: seconds) {
                if case .ok = tape.parse(body) { _ = validator.validate(program, tape) }
            })
    }

    private static func report(_ name: String, _ rate: Double) {
        let microseconds = (1e8 / rate).rounded() / 100
        print("portico \(name) bodies_per_cpu_s=\(Int(rate)) us=\(microseconds)")
    }
}

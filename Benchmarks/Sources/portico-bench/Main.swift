import Glibc

/// Figures of the programs that other engines are measured against: templates, schemas, JSON.
///
/// Each line has the name of the engine, what it did, and how often it does so in a second on the CPU.
@main
enum Main {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var seconds = 4.0
        if arguments.first == "--seconds", arguments.count > 1, let value = Double(arguments[1]), value > 0 {
            seconds = value
            arguments.removeFirst(2)
        }
        do {
            switch (arguments.first, arguments.count) {
            case ("vtl", 2): try TemplateRenders(folder: arguments[1], seconds: seconds).run()
            case ("vtl-output", 3): try TemplateRenders(folder: arguments[1], seconds: seconds).write(arguments[2])
            case ("schema", 3):
                try BodyValidation.run(schema: arguments[1], body: arguments[2], seconds: seconds)
            case ("json", 2...): for path in arguments[1...] { try JSONParsing.run(path, seconds: seconds) }
            default:
                print(
                    """
                    usage: portico-bench [--seconds S] vtl FOLDER
                           portico-bench vtl-output FOLDER passthrough|items|mock
                           portico-bench [--seconds S] schema SCHEMA BODY
                           portico-bench [--seconds S] json FILE...
                    """)
                exit(2)
            }
        } catch {
            print("portico-bench: \(error)")
            exit(1)
        }
    }
}

/// What keeps a figure from being measured.
struct BenchmarkFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// Reads a whole file.
func contents(of path: String) throws(BenchmarkFailure) -> [UInt8] {
    guard let file = fopen(path, "r") else { throw BenchmarkFailure("cannot open \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&block, 1, block.count, file)
        if count == 0 { return bytes }
        bytes += block[..<count]
    }
}

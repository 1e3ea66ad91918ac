import Glibc

/// Figures that need no server. The folder of the example specs is the one argument.
@main
enum Main {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: portico-micro SPECS")
            exit(2)
        }
        let isLookupFast = RouteLookup.run()
        let isPolicyFast = PolicyEvaluation.run()
        let isKeyFast = KeyLookup.run()
        let isCompileFast = try CompileTimes.run(specs: CommandLine.arguments[1])
        let areTokensFast = try TokenVerdicts.run()
        exit(isLookupFast && isPolicyFast && isKeyFast && isCompileFast && areTokensFast ? 0 : 1)
    }
}

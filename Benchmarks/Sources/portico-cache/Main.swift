import Glibc

/// The stage's cache: time of a hit, and memory under a load of answers that are asked for once.
///
/// Each part runs in a process of its own, so that memory which one has freed does not hide what the next one takes.
@main
enum Main {
    static func main() {
        let parts = ["hits"] + CacheMemory.loads.map(\.name)
        let arguments = CommandLine.arguments
        guard arguments.count < 2 else { exit(run(arguments[1]) ? 0 : 1) }
        exit(parts.map { isGood($0, program: arguments[0]) }.allSatisfy { $0 } ? 0 : 1)
    }

    private static func run(_ part: String) -> Bool {
        if part == "hits" { return CacheHits.run() }
        guard let load = CacheMemory.loads.first(where: { $0.name == part }) else {
            print("usage: portico-cache")
            return false
        }
        return CacheMemory.run(load)
    }

    private static func isGood(_ part: String, program: String) -> Bool {
        var arguments = [strdup(program), strdup(part), nil]
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        guard posix_spawn(&child, "/proc/self/exe", nil, nil, &arguments, environ) == 0 else {
            print("\(part): no process")
            return false
        }
        var status: Int32 = 0
        return waitpid(child, &status, 0) == child && status == 0
    }
}

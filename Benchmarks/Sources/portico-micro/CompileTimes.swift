import Measurement
import PorticoGateway
import PorticoIR
import PorticoSyntax

/// Time to read, check and compile a spec of 1,000 operations, and to load its snapshot.
enum CompileTimes {
    static func run(specs: String) throws -> Bool {
        let path = "\(specs)/large/api.yaml"
        var snapshot: DeploymentSnapshot?
        let compile = Measurement.median(runs: 5) {
            let imported = Importer.importDocument(path: path, loader: SystemFileLoader(), options: ImportOptions())
            snapshot = imported.description.flatMap { Compiler.compile($0, options: CompileOptions()).snapshot }
        }
        guard let snapshot else {
            print("\(path) does not compile")
            return false
        }
        let bytes = snapshot.encoded()
        let load = try Measurement.median(runs: 20) { _ = try DeploymentSnapshot.decode(bytes) }
        print("snapshot of \(snapshot.routeSummaries.count) operations: \(bytes.count) bytes")
        let isCompileFast = Measurement.report("read, check and compile", compile / 1e6, "ms", limit: 300)
        let isLoadFast = Measurement.report("load the snapshot", load / 1e6, "ms", limit: 20)
        return isCompileFast && isLoadFast
    }
}

import PorticoGateway
import PorticoIR

/// Where a serving process gets its snapshots from, again and again.
protocol SnapshotSource: Sendable {
    /// What is served, for messages.
    var path: String { get }
    /// Files to follow before anything was loaded.
    var initialFiles: [String] { get }
    /// Loads once and says on standard error what there is to say.
    func load() -> LoadedSnapshot
}

/// What loading gave.
struct LoadedSnapshot: Sendable {
    /// A snapshot, or how the process is to end if this was the first one.
    var result: Result<DeploymentSnapshot, CommandFailure>
    /// Files whose change means another snapshot.
    var files: [String]
}

/// A spec that is compiled.
struct SpecSource: SnapshotSource {
    let compiler: SpecCompiler

    var path: String { compiler.path }

    var initialFiles: [String] { [compiler.path] + (compiler.importOptions.configPath.map { [$0] } ?? []) }

    func load() -> LoadedSnapshot {
        do {
            let compilation = try compiler.compile()
            let files = initialFiles + compilation.dependencies
            do {
                return LoadedSnapshot(result: .success(try compilation.snapshotOrFailure()), files: files)
            } catch {
                return LoadedSnapshot(result: .failure(error), files: files)
            }
        } catch {
            return LoadedSnapshot(result: .failure(error), files: initialFiles)
        }
    }
}

/// A `.portico` file.
struct CompiledSource: SnapshotSource {
    let path: String

    var initialFiles: [String] { [path] }

    func load() -> LoadedSnapshot {
        do {
            let snapshot = try CompiledFile.read(path)
            let files = snapshot.files.map { LocalFile.path($0, besides: path) }
            return LoadedSnapshot(result: .success(snapshot), files: initialFiles + files)
        } catch {
            return LoadedSnapshot(result: .failure(error), files: initialFiles)
        }
    }
}

/// Reading of `.portico` files.
enum CompiledFile {
    static func read(_ path: String) throws(CommandFailure) -> DeploymentSnapshot {
        let bytes = try LocalFile.read(path)
        do {
            return try DeploymentSnapshot.decode(bytes)
        } catch {
            throw CommandFailure(.specError, "'\(path)' is no usable compiled file: \(error)")
        }
    }

    /// Whether a path names a compiled file rather than a spec.
    static func isNamed(by path: String) -> Bool { path.hasSuffix(".portico") }
}

import Glibc
import PorticoIR
import PorticoStores
import PorticoSyntax
import Synchronization

/// Writes each change of a store down in `audit.log` of the state folder, one JSON object a line, before it is committed:
/// what cannot be written down does not happen. Values of keys are never among it; stores do not have them.
///
/// The file is its owner's alone. It only grows, one line at a time, also when several processes write.
final class AuditLog: Sendable {
    let path: String
    private let command: String
    private let spec: String
    private let hasRecorded = Mutex(false)

    /// - Parameters:
    ///   - command: such as `keys new`.
    ///   - spec: the file that the command was given.
    init(_ options: StateOptions, command: String, spec: String) {
        path = AuditLog.path(options, besides: spec)
        self.command = command
        self.spec = spec
    }

    /// Where the log of a spec is.
    static func path(_ options: StateOptions, besides spec: String) -> String {
        let folder = StateLocation.folder(options.state(), besides: spec)
        return folder.hasSuffix("/") ? folder + "audit.log" : folder + "/audit.log"
    }

    /// For a store.
    var recorder: StoreChangeRecorder {
        { change throws(RecordingProblem) in
            try self.append(AuditLog.members(of: change))
            self.hasRecorded.withLock { $0 = true }
        }
    }

    /// Runs the change. One that was written down and failed at the very end, when it was to be committed, is told in a
    /// line of its own.
    func guarding<Result, Failure>(_ change: () throws(Failure) -> Result) throws(Failure) -> Result {
        do {
            return try change()
        } catch {
            if hasRecorded.withLock({ $0 }) { try? append([JSONMember("undone", .boolean(true))]) }
            throw error
        }
    }

    /// Writes a change down that no store makes.
    func record(_ members: [JSONMember]) throws(RecordingProblem) { try append(members) }

    // MARK: - Lines

    private func append(_ members: [JSONMember]) throws(RecordingProblem) {
        let head = [
            JSONMember("time", .string(TimeText.iso8601(milliseconds: TimeText.now()))),
            JSONMember("user", .string(AuditLog.userName())),
            JSONMember("command", .string(command)),
            JSONMember("spec", .string(spec)),
        ]
        try write(Array((JSONWriter.compact(.object(head + members)) + "\n").utf8))
    }

    /// Name of the user that the process runs as, or their number.
    private static func userName() -> String {
        let id = getuid()
        guard let entry = getpwuid(id), let name = entry.pointee.pw_name else { return "\(id)" }
        return String(cString: name)
    }

    /// Appends a line by one call, and returns when it is on the disk.
    private func write(_ line: [UInt8]) throws(RecordingProblem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw problem() }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw problem() }
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw problem() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw RecordingProblem("the audit log, '\(path)', is no file")
        }
        if status.st_mode & 0o077 != 0 { fchmod(descriptor, 0o600) }
        var count = Glibc.write(descriptor, line, line.count)
        while count < 0, errno == EINTR { count = Glibc.write(descriptor, line, line.count) }
        guard count == line.count, fsync(descriptor) == 0 else {
            let problem = problem(isShort: count >= 0 && count < line.count)
            // Nobody else writes meanwhile.
            _ = ftruncate(descriptor, status.st_size)
            throw problem
        }
        if status.st_size == 0 { synchronizeFolder() }
    }

    private func problem(isShort: Bool = false) -> RecordingProblem {
        RecordingProblem(
            "the audit log, '\(path)', cannot be written: "
                + (isShort ? "the disk is full" : String(cString: strerror(errno))))
    }

    /// Puts the name of a new file on the disk, where the file system has such a thing.
    private func synchronizeFolder() {
        let descriptor = open(LocalFile.directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

// MARK: - Changes as JSON

extension AuditLog {
    /// `api`, `stage`, `ids`, `before`, `after`, as far as the change has them.
    private static func members(of change: StoreChange) -> [JSONMember] {
        switch change {
        case .addedKeys(let keys):
            return [ids(keys.map(\.id)), JSONMember("after", .array(keys.map(key)))]
        case .changedKey(let before, let after):
            return [ids([after.id]), JSONMember("before", key(before)), JSONMember("after", key(after))]
        case .deletedKey(let deleted):
            return [ids([deleted.id]), JSONMember("before", key(deleted))]
        case .deployed(let deployment, let before, let after):
            return place(after) + [ids([deployment.id])] + states(before, after)
        case .changedStage(let before, let after):
            return place(after) + [ids([after.deployment])] + states(before, after)
        case .removedStage(let stage):
            return place(stage) + [ids([stage.deployment])] + states(stage, nil)
        case .deletedDeployments(let deployments):
            return [JSONMember("api", .string(deployments.first?.api ?? "")), ids(deployments.map(\.id))]
        }
    }

    private static func ids(_ ids: [String]) -> JSONMember { JSONMember("ids", .array(ids.map { .string($0) })) }

    private static func place(_ stage: StoredStage) -> [JSONMember] {
        [JSONMember("api", .string(stage.api)), JSONMember("stage", .string(stage.name))]
    }

    private static func states(_ before: StoredStage?, _ after: StoredStage?) -> [JSONMember] {
        [("before", before), ("after", after)].compactMap { name, stage in
            stage.map { JSONMember(name, StageListing.json($0)) }
        }
    }

    private static func key(_ key: StoredAPIKey) -> JSONValue {
        .object([
            JSONMember("id", .string(key.id)), JSONMember("name", .string(key.name)),
            JSONMember("enabled", .boolean(key.isEnabled)),
            JSONMember("usagePlans", .array(key.usagePlans.map { .string($0) })),
        ])
    }
}

import Glibc

/// Tells when one of a set of files has changed, by looking at them five times a second.
///
/// Looking works where notifications do not: editors that replace a file, files that are not there yet, symbolic links
/// of mounted configuration, network file systems. Two dozen `stat`s a second cost less than a request.
struct FileWatcher: Sendable {
    /// What of a file shows that it is another text.
    struct Fingerprint: Equatable, Sendable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var modifiedNanoseconds: Int64
        var changedNanoseconds: Int64

        /// `nil` if there is no such file.
        init?(path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            modifiedNanoseconds = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
            changedNanoseconds = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
        }
    }

    typealias Fingerprints = [String: Fingerprint?]

    /// How often files are looked at.
    static let interval = Duration.milliseconds(200)
    /// How often files are looked at once a change was seen, until two looks agree: a save in several writes, or by
    /// removing and renaming, counts as one.
    static let settlingInterval = Duration.milliseconds(40)
    /// After so many looks a file that changes all the time, or has gone, is taken as it is.
    static let settlingLimit = 25

    static func fingerprints(_ paths: [String]) -> Fingerprints {
        var fingerprints: Fingerprints = [:]
        for path in paths { fingerprints[path] = .some(Fingerprint(path: path)) }
        return fingerprints
    }

    /// Returns when the files of `known` look different and have settled; throws only when cancelled.
    static func waitForChange(from known: Fingerprints) async throws {
        let paths = Array(known.keys)
        var current = known
        while current == known {
            try await Task.sleep(for: interval)
            current = fingerprints(paths)
        }
        for _ in 0..<settlingLimit {
            try await Task.sleep(for: settlingInterval)
            let next = fingerprints(paths)
            let hasVanished = next.contains { $0.value == nil && known[$0.key] != .some(nil) }
            if next == current, !hasVanished { return }
            current = next
        }
    }
}

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Reads files of the machine.
public struct SystemFileLoader: FileLoader {
    /// Files beyond this size are refused: no spec is so large, and a mistyped path may name anything.
    public static let limitBytes = 64 * 1024 * 1024

    /// Makes a loader.
    public init() {}

    /// The bytes of a regular file, pipe or device of at most 64 MB.
    public func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw FileLoadingError(path: path, reason: String(cString: strerror(EISDIR)))
        }
        guard status.st_size <= Self.limitBytes else { throw Self.tooLarge(path) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(Int(status.st_size), 0) + 1)
        let chunkBytes = 1 << 16
        while true {
            var failed = false
            let chunk = [UInt8](unsafeUninitializedCapacity: chunkBytes) { buffer, count in
                var result = read(descriptor, buffer.baseAddress, chunkBytes)
                while result < 0, errno == EINTR { result = read(descriptor, buffer.baseAddress, chunkBytes) }
                failed = result < 0
                count = max(result, 0)
            }
            if failed { throw Self.failure(path) }
            if chunk.isEmpty { return bytes }
            guard bytes.count + chunk.count <= Self.limitBytes else { throw Self.tooLarge(path) }
            bytes.append(contentsOf: chunk)
        }
    }

    private static func failure(_ path: String) -> FileLoadingError {
        FileLoadingError(path: path, reason: String(cString: strerror(errno)))
    }

    private static func tooLarge(_ path: String) -> FileLoadingError {
        FileLoadingError(path: path, reason: "the file has more than \(limitBytes / 1_048_576) MB")
    }
}

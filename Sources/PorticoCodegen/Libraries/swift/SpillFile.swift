import Foundation

extension PorticoSDK {
    /// Chunks in a file that has no name: what a reader has no memory for when its sender cannot be told to wait.
    struct SpillFile {
        private static let chunkBytes = 1 << 16

        private let file: FileHandle
        private var readOffset: UInt64 = 0
        private var writeOffset: UInt64 = 0

        /// Makes a file in the folder for temporary ones.
        init() throws {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try Data().write(to: path, options: .withoutOverwriting)
            file = try FileHandle(forUpdating: path)
            // The system keeps the bytes until the file is closed.
            try FileManager.default.removeItem(at: path)
        }

        /// Whether all of it was read.
        var isEmpty: Bool { readOffset == writeOffset }

        /// Writes a chunk behind the others.
        mutating func append(_ chunk: Data) throws {
            try file.seek(toOffset: writeOffset)
            try file.write(contentsOf: chunk)
            writeOffset += UInt64(chunk.count)
        }

        /// Reads the first bytes that were not read yet; `nil` if there are none.
        mutating func next() throws -> Data? {
            guard !isEmpty else { return nil }
            try file.seek(toOffset: readOffset)
            guard let chunk = try file.read(upToCount: Self.chunkBytes), !chunk.isEmpty else { return nil }
            readOffset += UInt64(chunk.count)
            if isEmpty {
                try file.truncate(atOffset: 0)
                (readOffset, writeOffset) = (0, 0)
            }
            return chunk
        }
    }
}

internal import CFileStatus

/// What of a file shows that it is another text.
struct FileFingerprint: Equatable, Sendable {
    private var device: UInt64
    private var inode: UInt64
    private var size: Int64
    private var modifiedNanoseconds: Int64

    /// `nil` if there is no such file.
    init?(path: String) {
        var status = CFileStatus()
        guard CFileStatusRead(path, true, &status) else { return nil }
        self.init(
            device: status.device, inode: status.inode, size: status.size,
            modifiedNanoseconds: status.modifiedNanoseconds)
    }

    /// Makes one of its parts.
    init(device: UInt64 = 0, inode: UInt64 = 0, size: Int64, modifiedNanoseconds: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
    }
}

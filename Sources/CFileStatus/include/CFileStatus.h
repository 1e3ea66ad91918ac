#pragma once
#include <stdbool.h>
#include <stdint.h>

/// What a path leads to.
enum CFileKind { CFileKindOther, CFileKindRegular, CFileKindDirectory, CFileKindLink };

/// What `stat` tells of a file, under names that are this module's own.
///
/// The system's `struct stat` belongs to Glibc or to Foundation's C module, whichever the compiler met first, and only one
/// of them is imported.
struct CFileStatus {
    enum CFileKind kind;
    /// Permissions, as `chmod` takes them.
    uint32_t permissions;
    uint64_t device;
    uint64_t inode;
    int64_t size;
    int64_t modifiedNanoseconds;
    int64_t changedNanoseconds;
};

/// Looks at a path; `false` with `errno` if that cannot be done.
bool CFileStatusRead(const char *path, bool followsLinks, struct CFileStatus *status);

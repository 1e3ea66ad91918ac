#include "CFileStatus.h"
#include <sys/stat.h>

#if defined(__APPLE__)
#define MODIFIED st_mtimespec
#define CHANGED st_ctimespec
#else
#define MODIFIED st_mtim
#define CHANGED st_ctim
#endif

static int64_t nanoseconds(struct timespec time) {
    return (int64_t)((uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec);
}

bool CFileStatusRead(const char *path, bool followsLinks, struct CFileStatus *status) {
    struct stat found;
    if ((followsLinks ? stat(path, &found) : lstat(path, &found)) != 0) return false;
    status->kind = S_ISREG(found.st_mode)   ? CFileKindRegular
                   : S_ISDIR(found.st_mode) ? CFileKindDirectory
                   : S_ISLNK(found.st_mode) ? CFileKindLink
                                            : CFileKindOther;
    status->permissions = found.st_mode & 07777;
    status->device = (uint64_t)found.st_dev;
    status->inode = (uint64_t)found.st_ino;
    status->size = (int64_t)found.st_size;
    status->modifiedNanoseconds = nanoseconds(found.MODIFIED);
    status->changedNanoseconds = nanoseconds(found.CHANGED);
    return true;
}

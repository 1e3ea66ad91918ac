#include <stddef.h>

/// A file that clients carry as it is.
typedef struct {
    /// Path below `Libraries` of PorticoCodegen.
    const char *path;
    /// Its bytes.
    const unsigned char *bytes;
    /// How many.
    size_t count;
} client_library_file;

/// All of them in the order of their paths, and how many there are.
const client_library_file *client_library_files(size_t *count);

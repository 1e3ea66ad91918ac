// Made by scripts/list-libraries; do not edit.
#include "CClientLibraries.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const client_library_file files[] = {
    {0, 0, 0},
};

const client_library_file *client_library_files(size_t *count) {
    *count = 0;
    return files;
}

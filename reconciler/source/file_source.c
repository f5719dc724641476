#include "source/source.h"

#include "base/file.h"

#include <unistd.h>

int source_load(const char *location, struct buf *text, struct diag *diag)
{
    if (file_read(location, text, diag) == 0)
        return 0;
    if (access(location, F_OK) != 0)
        diag_help(diag, "name the roster's file, or run roster where roster.yaml is");
    return -1;
}

#include "cli/state_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

const char *state_folder(state_lookup *lookup, struct arena *arena, struct diag *diag)
{
    const char *state = lookup("XDG_STATE_HOME"), *home = lookup("HOME");

    /* A relative path is to be ignored, the XDG Base Directory Specification says. */
    if (state != NULL && state[0] == '/')
        return arena_printf(arena, "%s/roster", state);
    if (home != NULL && home[0] == '/')
        return arena_printf(arena, "%s/.local/state/roster", home);
    diag_error(diag, NULL, "neither XDG_STATE_HOME nor HOME says where journals and locks are");
    diag_help(diag, "set XDG_STATE_HOME to a folder that roster may write to");
    return NULL;
}

const char *state_file(const char *folder, const char *account, const char *extension,
                       struct arena *arena)
{
    enum { PREFIX = 2 };

    return arena_printf(arena, "%s/%s.%s", folder, arena_lower(arena, account, PREFIX), extension);
}

int state_folder_make(const char *folder, struct diag *diag)
{
    struct arena scratch = {0};
    char *path = arena_strdup(&scratch, folder), *slash = path;
    int result = 0;

    do {
        slash = strchr(slash + 1, '/');
        if (slash != NULL)
            *slash = '\0';
        result = mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -1;
        /* One that may not be written to may still have the rest below it. */
        if (result != 0 && slash != NULL && (errno == EACCES || errno == EROFS))
            result = 0;
        if (result != 0) {
            diag_error(diag, NULL, "cannot make the folder %s: %s", path, strerror(errno));
            diag_help(diag, "set XDG_STATE_HOME to a folder that roster may write to");
        }
        if (slash != NULL)
            *slash = '/';
    } while (result == 0 && slash != NULL);
    arena_release(&scratch);
    return result;
}

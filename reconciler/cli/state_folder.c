#include "cli/state_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Where one kind of things is, by the XDG Base Directory Specification. */
struct place {
    const char *variable, *home, *name, *what;
};

static const struct place state_place = {"XDG_STATE_HOME", ".local/state", "roster",
                                         "journals and locks are"};
static const struct place cache_place = {"XDG_CACHE_HOME", ".cache", "roster/git",
                                         "copies of git repositories are"};

static const char *folder_of(const struct place *place, state_lookup *lookup, struct arena *arena,
                             struct diag *diag)
{
    const char *base = lookup(place->variable), *home = lookup("HOME");

    /* A relative path is to be ignored, the specification says. */
    if (base != NULL && base[0] == '/')
        return arena_printf(arena, "%s/%s", base, place->name);
    if (home != NULL && home[0] == '/')
        return arena_printf(arena, "%s/%s/%s", home, place->home, place->name);
    diag_error(diag, NULL, "neither %s nor HOME says where %s", place->variable, place->what);
    diag_help(diag, "set %s to a folder that roster may write to", place->variable);
    return NULL;
}

const char *state_folder(state_lookup *lookup, struct arena *arena, struct diag *diag)
{
    return folder_of(&state_place, lookup, arena, diag);
}

const char *cache_folder(state_lookup *lookup, struct arena *arena, struct diag *diag)
{
    return folder_of(&cache_place, lookup, arena, diag);
}

const char *state_file(const char *folder, const char *account, const char *extension,
                       struct arena *arena)
{
    enum { PREFIX = 2 };

    return arena_printf(arena, "%s/%s.%s", folder, arena_lower(arena, account, PREFIX), extension);
}

static int make(const struct place *place, const char *folder, struct diag *diag)
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
            diag_help(diag, "set %s to a folder that roster may write to", place->variable);
        }
        if (slash != NULL)
            *slash = '/';
    } while (result == 0 && slash != NULL);
    arena_release(&scratch);
    return result;
}

int state_folder_make(const char *folder, struct diag *diag)
{
    return make(&state_place, folder, diag);
}

int cache_folder_make(const char *folder, struct diag *diag)
{
    return make(&cache_place, folder, diag);
}

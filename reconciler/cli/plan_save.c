#include "cli/plan_save.h"

#include "cli/terminal.h"

#include "base/file.h"
#include "base/str.h"
#include "plan/plan_document.h"
#include "render/render.h"

#include <string.h>
#include <sys/stat.h>

static bool is_in_folder(const char *path, const struct session *session)
{
    struct stat parent, folder;
    const char *slash = strrchr(path, '/');
    struct buf name;
    bool same;

    buf_init(&name, 64 * 1024);
    if (slash == NULL)
        buf_add_char(&name, '.');
    else
        buf_add(&name, path, (size_t)(slash - path) + 1);
    same = stat(buf_text(&name), &parent) == 0 && stat(session->origin.location, &folder) == 0 &&
           parent.st_dev == folder.st_dev && parent.st_ino == folder.st_ino;
    buf_release(&name);
    return same;
}

/* A slip of the hand must not put the plan where the roster is. */
static int check_place(const struct session *session, const char *option, const char *path,
                       struct diag *diag)
{
    struct stat out, file;
    size_t i;

    if (strcmp(path, "-") == 0) {
        diag_error(diag, NULL, "%s takes a file", option);
        diag_help(diag, "--format json writes the same document to standard output");
        return -1;
    }
    if (session->source.folder && source_is_roster_name(path) && is_in_folder(path, session)) {
        diag_error(diag, NULL, "%s %s would become a part of the roster", option, path);
        diag_help(diag, "name it *.json, or put it into another folder");
        return -1;
    }
    if (stat(path, &out) != 0)
        return 0;
    for (i = 0; i < session->source.count; i++) {
        if (stat(session->source.items[i].name, &file) != 0 || file.st_dev != out.st_dev ||
            file.st_ino != out.st_ino)
            continue;
        diag_error(diag, NULL, "%s %s would overwrite the roster", option, path);
        diag_help(diag, "name another file, for instance plan.json");
        return -1;
    }
    return 0;
}

int plan_save_check(const struct session *session, const char *option, const char *path,
                    struct diag *diag)
{
    return check_place(session, option, path, diag) != 0 ? -1 : file_check_writable(path, diag);
}

static void note_saved(const struct session *session, const char *path, struct logger *log)
{
    struct buf note;

    buf_init(&note, 64 * 1024);
    buf_add_text(&note, "Saved to ");
    str_add_visible(&note, path, strlen(path));
    buf_printf(&note, "%s; \"roster apply\" with that file carries it out.\n",
               session->plan_key == NULL ? "" : ", signed");
    logger_text(log, LOG_NOTE, &note);
    buf_release(&note);
}

int plan_save(const struct session *session, const struct options *options, const char *option,
              const char *path, struct diag *diag)
{
    const struct render_options look = {.plan_key = session->plan_key};
    struct buf text;
    int result = -1;

    if (check_place(session, option, path, diag) != 0 ||
        plan_document_check(&session->plan, diag) != 0)
        return -1;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    render_json(&session->plan, &look, &text);
    if (text.full)
        diag_error(diag, NULL, "the plan is larger than %zu bytes", text.limit);
    else
        result = file_write_atomic(path, buf_text(&text), text.size, 0600, diag);
    buf_release(&text);
    if (result == 0)
        note_saved(session, path, options->log);
    return result;
}

#include "cli/commands.h"
#include "cli/session.h"
#include "cli/terminal.h"

#include "base/str.h"
#include "render/render_diag.h"

#include <string.h>

static void describe(const struct session *session, const struct options *options,
                     const struct diag *diag, struct buf *out)
{
    const char *roster = session_roster(options);
    size_t senders = 0, kind, i;

    for (i = 0; i < session->desired.service_count; i++)
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            senders += session->desired.services[i].senders[kind].count;
    str_add_visible(out, roster, strlen(roster));
    buf_printf(out, ": valid; %zu service%s, %zu sender%s", session->desired.service_count,
               session->desired.service_count == 1 ? "" : "s", senders, senders == 1 ? "" : "s");
    if (diag->warnings != 0)
        buf_printf(out, ", %zu warning%s", diag->warnings, diag->warnings == 1 ? "" : "s");
    buf_add_char(out, '\n');
}

/* Machines get the diagnostics as the document; people get them on standard error. */
static void render(const struct session *session, const struct options *options, struct diag *diag,
                   struct buf *out)
{
    if (strcmp(options->format, "json") == 0)
        render_diag_json(diag, out);
    else if (strcmp(options->format, "github") == 0)
        render_diag_github(diag, out);
    else if (diag->errors == 0)
        describe(session, options, diag, out);
    if (strcmp(options->format, "text") == 0)
        terminal_diagnostics(options, diag);
    else
        diag_release(diag);
}

enum exit_code cmd_validate(const struct options *options, struct diag *diag)
{
    struct session session = {0};
    enum exit_code code = EXIT_OK;
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (session_load(&session, options, diag) != 0 ||
        (diag->warnings != 0 && strcmp(options->fail_on, "warning") == 0))
        code = EXIT_ERROR;
    render(&session, options, diag, &out);
    if (terminal_write(&out, diag) != 0)
        code = EXIT_ERROR;
    buf_release(&out);
    session_release(&session);
    return code;
}

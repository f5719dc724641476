#include "cli/commands.h"
#include "cli/session.h"
#include "cli/terminal.h"

#include "base/str.h"

#include <string.h>

static void describe(const struct session *session, const char *roster, struct buf *out)
{
    size_t senders = 0, kind, i;

    for (i = 0; i < session->desired.service_count; i++)
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            senders += session->desired.services[i].senders[kind].count;
    str_add_visible(out, roster, strlen(roster));
    buf_printf(out, ": valid; %zu service%s, %zu sender%s\n", session->desired.service_count,
               session->desired.service_count == 1 ? "" : "s", senders, senders == 1 ? "" : "s");
}

enum exit_code cmd_validate(const struct options *options, struct diag *diag)
{
    struct session session = {0};
    enum exit_code code = EXIT_ERROR;
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (session_load(&session, options, diag) == 0) {
        describe(&session, session_roster(options), &out);
        if (terminal_write(&out, diag) == 0)
            code = EXIT_OK;
    }
    buf_release(&out);
    session_release(&session);
    return code;
}

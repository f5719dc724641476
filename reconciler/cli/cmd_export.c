#include "cli/commands.h"
#include "cli/export_check.h"
#include "cli/export_output.h"
#include "cli/export_secrets.h"
#include "cli/session.h"
#include "cli/session_wait.h"
#include "cli/terminal.h"

#include "base/str.h"
#include "model/export.h"
#include "twilio/live_fetch.h"

#include <string.h>

static bool is_wanted(void *context, const struct service *service)
{
    const struct options *options = context;
    size_t i;

    for (i = 0; i < options->services.count && service->friendly_name != NULL; i++)
        if (str_matches(options->services.items[i], service->friendly_name))
            return true;
    return options->services.count == 0;
}

/* A pattern that means nothing is a slip: an export that lacks what was meant. */
static int check_patterns(const struct options *options, const struct live_state *live,
                          struct diag *diag)
{
    struct arena scratch = {0};
    const char **names = arena_array(&scratch, live->count, sizeof(*names));
    size_t count = 0, i, j;
    int result = 0;

    for (i = 0; i < live->count; i++)
        if (live->services[i]->service.friendly_name != NULL)
            names[count++] = live->services[i]->service.friendly_name;
    for (i = 0; i < options->services.count; i++) {
        const char *pattern = options->services.items[i], *nearest;
        for (j = 0; j < count && !str_matches(pattern, names[j]); j++)
            continue;
        if (j < count)
            continue;
        diag_error(diag, NULL, "the account has no service \"%s\"", pattern);
        nearest = str_closest(pattern, names, count);
        if (nearest != NULL)
            diag_help(diag, "did you mean --service \"%s\"?", nearest);
        else
            diag_help(diag, "--service takes a friendly_name, or a pattern such as \"Order*\"");
        result = -1;
    }
    arena_release(&scratch);
    return result;
}

static size_t count_senders(const struct export *export)
{
    size_t count = 0, kind, i;

    for (i = 0; i < export->service_count; i++)
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            if (export->services[i].how == EXPORT_WRITTEN &&
                export->services[i].lists[kind].how == EXPORT_WRITTEN)
                count += export->services[i].lists[kind].count;
    return count;
}

static void add_place(const struct options *options, struct buf *note)
{
    const char *place = options->split != NULL ? options->split : options->out;

    if (place == NULL)
        return;
    buf_add_text(note, options->split != NULL ? " to the folder " : " to ");
    str_add_visible(note, place, strlen(place));
}

static void summarise(const struct export *export, const struct options *options, bool state)
{
    size_t left_out = export->service_count - export->written_count;
    size_t senders = count_senders(export);
    struct buf note;

    buf_init(&note, 64 * 1024);
    buf_printf(&note, "Exported %zu service%s with %zu sender%s", export->written_count,
               export->written_count == 1 ? "" : "s", senders, senders == 1 ? "" : "s");
    add_place(options, &note);
    if (left_out != 0)
        buf_printf(&note, "; %zu service%s left out", left_out, left_out == 1 ? "" : "s");
    buf_add_text(&note, state ? "; auth token and API keys are not in it.\n"
                              : "; a plan of it has no changes.\n");
    logger_text(options->log, LOG_NOTE, &note);
    buf_release(&note);
}

static enum exit_code write(const struct export *export, const struct session *session,
                            const struct options *options, struct diag *diag)
{
    const bool state = strcmp(options->format, "state") == 0;
    struct export_documents documents = {0};
    enum exit_code code = EXIT_ERROR;

    if (export_output_make(export, options, &documents, diag) == 0 &&
        (state ? export_check_state(&documents, diag)
               : export_check_roster(export, &documents, &session->live, diag)) == 0 &&
        export_output_write(&documents, options, diag) == 0) {
        export_secrets_explain(export, state, diag);
        terminal_diagnostics(options, diag);
        summarise(export, options, state);
        code = EXIT_OK;
    }
    export_documents_release(&documents);
    return code;
}

static enum exit_code export_live(struct session *session, const struct options *options,
                                  struct diag *diag)
{
    struct export export = {0};
    struct options copy = *options;
    struct export_options how = {
        .full = options->full,
        .pin = options->pin,
        .numbers = options->numbers,
    };
    struct session_wait wait;
    enum exit_code code;
    int fetched;

    session_wait_begin(&wait, session->client, options, "Reading the account", &session->live);
    fetched = live_fetch_all(session->client, is_wanted, &copy, &session->live, diag);
    session_wait_end(&wait);
    if (fetched != 0 || check_patterns(options, &session->live, diag) != 0)
        return EXIT_ERROR;
    how.account_sid = session->origin.account_sid;
    export_survey(&export, &session->live, &how, diag);
    code = write(&export, session, options, diag);
    export_release(&export);
    return code;
}

enum exit_code cmd_export(const struct options *options, struct diag *diag)
{
    struct session session = {0};
    enum exit_code code = EXIT_ERROR;

    if (export_output_check(options, diag) == 0 && session_connect(&session, options, diag) == 0)
        code = export_live(&session, options, diag);
    session_release(&session);
    return code;
}

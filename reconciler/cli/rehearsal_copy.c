#include "cli/rehearsal_parts.h"
#include "cli/session_wait.h"

#include "model/export.h"
#include "twilio/live_fetch.h"

/* The values themselves; see the header. */
static void keep_secrets(struct export *export)
{
    size_t i, row;

    for (i = 0; i < export->service_count; i++)
        for (row = 0; row < resource_service.field_count; row++)
            export->services[i].values[row].variable = NULL;
}

/* What the export warns of is what the copy lacks. */
static void keep_limits(struct rehearsal *rehearsal, const struct diag *found)
{
    size_t i;

    rehearsal->limits = arena_array(&rehearsal->arena, found->count, sizeof(*rehearsal->limits));
    for (i = 0; i < found->count; i++)
        rehearsal->limits[rehearsal->limit_count++] =
            arena_strdup(&rehearsal->arena, found->items[i].message);
}

int rehearsal_copy(struct rehearsal *rehearsal, struct session *session,
                   const struct options *options, struct buf *state, struct diag *diag)
{
    const struct export_options how = {.account_sid = session->origin.account_sid, .full = true};
    struct live_state account = {0};
    struct export export = {0};
    struct session_wait wait;
    struct diag found;
    int result;

    diag_init(&found);
    session_wait_begin(&wait, session->client, options, "Reading the whole account", &account);
    result = live_fetch_all(session->client, NULL, NULL, &account, diag);
    session_wait_end(&wait);
    if (result == 0) {
        export_survey(&export, &account, &how, &found);
        keep_secrets(&export);
        export_state(&export, state, &found);
        keep_limits(rehearsal, &found);
    }
    if (state->full) {
        diag_error(diag, NULL, "the account is larger than %zu bytes", state->limit);
        result = -1;
    }
    export_release(&export);
    live_state_release(&account);
    diag_release(&found);
    return result;
}

#include "cli/session_journal.h"

#include "cli/state_folder.h"

#include <stdlib.h>

struct journal *session_journal(struct session *session, const struct options *options,
                                const char *extension, struct diag *diag)
{
    struct journal_config config = {
        .path = options->journal,
        .redactions = &session->desired.redactions,
    };
    const char *folder;

    if (config.path == NULL) {
        folder = state_folder(getenv, &session->arena, diag);
        if (folder == NULL || state_folder_make(folder, diag) != 0)
            return NULL;
        config.path = state_file(folder, session->origin.account_sid, extension, &session->arena);
    }
    logger_say(options->log, LOG_INFO, "the journal is %s", config.path);
    return journal_open(&config, diag);
}

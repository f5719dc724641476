#include "cli/export_secrets.h"

#include <stdlib.h>

int export_secrets_set(const struct export *export, struct diag *diag)
{
    size_t i;

    for (i = 0; i < export->secret_count; i++) {
        if (setenv(export->secrets[i].variable, export->secrets[i].value, 1) == 0)
            continue;
        diag_error(diag, NULL, "cannot set the environment");
        return -1;
    }
    return 0;
}

void export_secrets_explain(const struct export *export, bool state, struct diag *diag)
{
    size_t i;

    for (i = 0; i < export->secret_count; i++) {
        const struct export_secret *secret = &export->secrets[i];
        if (secret->uses == 0)
            continue;
        diag_warning(diag, NULL, "%s stands for %s%s", secret->variable, secret->where,
                     secret->uses > 1 ? ", and for the same one elsewhere" : "");
        if (state)
            diag_help(diag,
                      "the value is not in the file; to plan against it in the sandbox, set "
                      "%s=%s",
                      secret->variable, secret->variable);
        else
            diag_help(diag, "the value is not in the file; set %s to it for plan and apply",
                      secret->variable);
    }
}

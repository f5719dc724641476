/*
 * For unit tests: a roster from YAML text, with what was reported as one string.
 */
#ifndef ROSTER_TESTS_ROSTER_TEXT_H
#define ROSTER_TESTS_ROSTER_TEXT_H

#include "base/diag.h"
#include "model/desired.h"

#include <string.h>

struct roster_text {
    struct doc doc;
    struct desired desired;
    struct diag diag;
    struct buf report; /* rendered diagnostics */
    int result;
};

/* The environment that ${NAME} sees. */
static inline char *roster_text_lookup(const char *name)
{
    static char hooks[] = "https://hooks.example.com", number[] = "+15005550001",
                secret[] = "s3cret", team[] = "ACME", country[] = "GB",
                sid[] = "MG00000000000000000000000000000002";
    static const struct {
        const char *name;
        char *value;
    } variables[] = {
        {"HOOKS", hooks}, {"NUMBER", number},   {"SECRET", secret},
        {"TEAM", team},   {"COUNTRY", country}, {"SID", sid},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(variables); i++)
        if (strcmp(variables[i].name, name) == 0)
            return variables[i].value;
    return NULL;
}

static inline void roster_text_read(struct roster_text *roster, const char *yaml)
{
    const struct doc *doc = &roster->doc;

    memset(roster, 0, sizeof(*roster));
    diag_init(&roster->diag);
    buf_init(&roster->report, 1024 * 1024);
    roster->result = doc_parse(&roster->doc, "roster.yaml", yaml, strlen(yaml), &roster->diag);
    if (desired_parse(&roster->desired, &doc, 1, roster_text_lookup, &roster->diag) != 0)
        roster->result = -1;
    diag_sort(&roster->diag);
    diag_render_text(&roster->diag, &roster->report, false);
}

static inline void roster_text_release(struct roster_text *roster)
{
    buf_release(&roster->report);
    diag_release(&roster->diag);
    desired_release(&roster->desired);
    doc_release(&roster->doc);
}

#endif

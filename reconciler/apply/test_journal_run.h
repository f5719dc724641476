/*
 * What a journal tells of its last test sends (test_journal.h), as journal_run.h does of applies.
 */
#ifndef ROSTER_APPLY_TEST_JOURNAL_RUN_H
#define ROSTER_APPLY_TEST_JOURNAL_RUN_H

#include "base/arena.h"
#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

/* One message. Texts are as the journal has them, NULL when it has not; they are not escaped. */
struct journal_send {
    const char *name, *service, *to, *token;
    /*
     * "passed", "failed", ...; without a record of its end "not_sent" when it was not about to be
     * sent, "unclear" when no answer is recorded or that was unclear, and "unconfirmed" when it was
     * sent.
     */
    const char *outcome;
    const char *sent_at; /* when it was about to be sent; NULL: it was not */
    const char *verdict; /* of the answer; NULL: none is recorded */
    const char *message_sid, *status, *from, *problem;
    int64_t error_code;
};

struct journal_tests {
    struct arena arena;
    const char *id, *begun, *account, *location;
    int64_t process, announced; /* messages, also those that are not recorded */
    struct journal_send *sends;
    size_t count, capacity;
    const char *ended;   /* NULL: the run has no end */
    const char *stopped; /* "interrupted", "out_of_time", "journal" */
    const char *last_record;
    size_t begins_at; /* in the text */
};

/*
 * Finds the last run of test sends; everything is copied into the arena. `tests` is zeroed by the
 * caller and released by it. Returns -1 when there is none in the text.
 */
MUST_CHECK int journal_tests_read(struct journal_tests *tests, const char *text, size_t size);

/* Accepts what is all zero. */
void journal_tests_release(struct journal_tests *tests);

#endif

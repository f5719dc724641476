/*
 * What a journal tells of test sends, for "roster journal".
 */
#ifndef ROSTER_CLI_JOURNAL_TESTS_H
#define ROSTER_CLI_JOURNAL_TESTS_H

#include "apply/test_journal_run.h"
#include "base/buf.h"

#include <jansson.h>

/* `path`: where they are from, NULL when that was said already. */
void journal_tests_report(const char *path, const struct journal_tests *tests, struct buf *out);

/* A new reference. */
json_t *journal_tests_json(const struct journal_tests *tests);

#endif

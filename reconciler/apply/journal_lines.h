/*
 * The lines of a journal, whatever they are of; private to apply/.
 */
#ifndef ROSTER_APPLY_JOURNAL_LINES_H
#define ROSTER_APPLY_JOURNAL_LINES_H

#include "base/arena.h"
#include "base/attributes.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is done with a record; for the head of a run, -1 means that it is none after all. */
typedef int journal_record(void *context, const json_t *record);

/*
 * Finds the last record of that kind that `head` accepts: where its line starts, and where the next
 * one does. Returns -1 when there is none.
 */
MUST_CHECK int journal_find_last(const char *text, size_t size, const char *kind,
                                 journal_record *head, void *context, size_t *start, size_t *next);

/* Hands over all records from `at` on; returns how many lines were none. */
size_t journal_read_from(const char *text, size_t size, size_t at, journal_record *record,
                         void *context);

bool journal_record_is(const json_t *record, const char *kind);
/* NULL when it is no text. */
const char *journal_text_of(const json_t *record, const char *key, struct arena *arena);
int64_t journal_number_of(const json_t *record, const char *key, int64_t otherwise);

#endif

/*
 * Records of a journal; private to apply/. journal.c has those of an apply, test_journal.c those of
 * test sends.
 */
#ifndef ROSTER_APPLY_JOURNAL_RECORD_H
#define ROSTER_APPLY_JOURNAL_RECORD_H

#include "apply/journal.h"

#include <jansson.h>

/* A record of this run, with its time. */
json_t *journal_record_new(const struct journal *journal, const char *kind);

/* Puts in a text without what must not be shown; NULL adds nothing. */
void journal_record_text(const struct journal *journal, json_t *record, const char *key,
                         const char *text);

/* Puts in where the roster comes from, and who runs. */
void journal_record_origin(const struct journal *journal, json_t *record,
                           const struct plan_origin *origin);

/* Puts in how a request ended. */
void journal_record_answer(const struct journal *journal, json_t *record,
                           const struct twilio_answer *answer);

/* Adds the record, which it takes; it waits for the next flush or sync. */
void journal_record_add(struct journal *journal, json_t *record);

/* Writes all records to the file. What fails is told by journal_sync() and journal_problem(). */
void journal_record_flush(struct journal *journal);

#endif

/*
 * What the kinds of source share: they fill in a struct source.
 */
#ifndef ROSTER_SOURCE_SOURCE_PARTS_H
#define ROSTER_SOURCE_SOURCE_PARTS_H

#include "source/source.h"

/* Adds a file, and takes the buffer over. `file` is its name without a folder. */
void source_add(struct source *source, const char *name, const char *file, const struct buf *text);

/* Adds a sentence for people. */
void source_note(struct source *source, const char *format, ...) PRINTF_LIKE(2, 3);

/* By bytes, so that no locale changes the order of a roster. */
void source_sort_names(const char **names, size_t count);

/* Reports that a folder, named as messages show it, has no file of a roster. */
void source_report_empty(const char *folder, struct diag *diag);

/* "-", a file or a folder. */
MUST_CHECK int file_source_load(struct source *source, const char *location, size_t limit,
                                struct diag *diag);

/* A file or folder in a git repository. */
MUST_CHECK int git_source_load(struct source *source, const char *location,
                               const struct source_options *options, struct diag *diag);

#endif

/*
 * Where an export goes: standard output, a file, or a folder of files.
 */
#ifndef ROSTER_CLI_EXPORT_OUTPUT_H
#define ROSTER_CLI_EXPORT_OUTPUT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/options.h"
#include "model/export.h"

#include <stddef.h>

/* One file of an export. */
struct export_document {
    const char *name; /* in messages, and in a folder its name there */
    struct buf text;
};

/* All zero is a valid start. */
struct export_documents {
    struct arena arena;
    struct export_document *items;
    size_t count;
};

/* Whether it could be written where the options say, as far as that can be told before it is made.
 */
MUST_CHECK int export_output_check(const struct options *options, struct diag *diag);

/* Writes the roster, or the state file, into memory. Reports and returns -1 when it is too large.
 */
MUST_CHECK int export_output_make(const struct export *export, const struct options *options,
                                  struct export_documents *documents, struct diag *diag);

/*
 * Writes them to where the options say. A file is replaced, and a folder's files are replaced or
 * removed, only with --force; and of a roster's files in a folder only those are removed that an
 * export has written.
 */
MUST_CHECK int export_output_write(const struct export_documents *documents,
                                   const struct options *options, struct diag *diag);

void export_documents_release(struct export_documents *documents);

#endif

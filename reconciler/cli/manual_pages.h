/*
 * The manual pages of section 1, made from the tables of commands, options, variables and exit
 * codes, and from what those are too narrow for (manual_texts.c). They are committed in
 * reconciler/man; the test test_manual_pages holds them against the tables.
 */
#ifndef ROSTER_CLI_MANUAL_PAGES_H
#define ROSTER_CLI_MANUAL_PAGES_H

#include "base/buf.h"
#include "cli/options.h"

/* All add a page to `out`, and always the same bytes. */
void manual_write_program(struct buf *out);                         /* roster(1) */
void manual_write_command(struct buf *out, const struct command *); /* roster-NAME(1) */
void manual_write_sandbox(struct buf *out);                         /* roster-sandbox(1) */

/* Text for one page beside the tables. */
struct manual_text {
    const char *page;     /* "roster", the name of a command, "sandbox" */
    const char *text;     /* behind what the command's help says; see mdoc_add_prose() */
    const char *see_also; /* commands, with blanks between; NULL: none but the overview */
};

extern const struct manual_text manual_texts[];
extern const size_t manual_text_count;

/* A file or folder that commands read or write. */
struct manual_file {
    const char *path;
    const char *commands; /* with blanks between; NULL: most of them */
    const char *help;
};

extern const struct manual_file manual_files[];
extern const size_t manual_file_count;

#endif

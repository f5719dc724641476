/*
 * Standard output and standard error: one document on the one, everything else on the other.
 */
#ifndef ROSTER_CLI_TERMINAL_H
#define ROSTER_CLI_TERMINAL_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/options.h"

#include <stdbool.h>

/*
 * Whether to colour what goes to the descriptor: --color, else a terminal without NO_COLOR and with
 * a TERM other than "dumb".
 */
bool terminal_color(const struct options *options, int descriptor);

/* Columns of the terminal, from COLUMNS or itself; 0 when the descriptor is none or it is unknown.
 */
unsigned terminal_columns(int descriptor);

/* The same for what is broken into lines, which can't be too narrow for any word. */
unsigned terminal_width(int descriptor);

/*
 * Writes the document to standard output. Reports and returns -1 when it could not be written whole
 * (a full disk, a closed pipe).
 */
MUST_CHECK int terminal_write(const struct buf *document, struct diag *diag);

/* Sets up what is said on standard error as the options want it. */
void terminal_logger(const struct options *options, struct logger *logger);

/* Shows what was reported so far on standard error, errors only with --quiet, and forgets it. */
void terminal_diagnostics(const struct options *options, struct diag *diag);

/*
 * Whether a person can be asked: standard input and standard error are a terminal, and what is said
 * is text. When not, `*why` says so, with a part of a sentence.
 */
bool terminal_can_ask(const struct options *options, const char **why);

/*
 * Shows the question on standard error and reads a line of `size` bytes at the most, without its
 * end; what is longer is cut. False at the end of input.
 */
bool terminal_read(const char *question, char *line, size_t size);

/* The same; true only for "yes". */
bool terminal_ask(const char *question);

#endif

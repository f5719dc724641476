/*
 * Writing manual pages in mdoc, which mandoc and groff render as it is: building needs no tool of
 * its own for them, and `mandoc -T lint` checks them.
 */
#ifndef ROSTER_BASE_MDOC_H
#define ROSTER_BASE_MDOC_H

#include "base/buf.h"

/* The first lines: "Made from `source`; do not edit.", the title in capitals, the section. */
void mdoc_begin(struct buf *out, const char *source, const char *title, int section);

/* Text for the arguments of a macro, or a line of its own: backslashes and quotes are roff's. */
void mdoc_add_text(struct buf *out, const char *text);

/*
 * Running text, ending with a line end: each sentence begins a line, as mdoc wants it, lines are
 * broken between words, and any white space is a blank. Marked as what they are: --options,
 * VARIABLES_OF_THE_ENVIRONMENT, `words in backticks` and pages(1).
 */
void mdoc_add_sentences(struct buf *out, const char *text);

/*
 * Whole paragraphs, with empty lines between. One that begins with "# " is a heading, with "- " a
 * list whose items are "- TERM: text", with four blanks an example, which is kept as it is.
 */
void mdoc_add_prose(struct buf *out, const char *text);

/* An example: lines that are kept as they are. */
void mdoc_add_literal(struct buf *out, const char *text);

#endif

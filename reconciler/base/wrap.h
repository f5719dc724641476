/*
 * Texts broken into lines between words, for terminals. Text is measured in columns (str.h).
 */
#ifndef ROSTER_BASE_WRAP_H
#define ROSTER_BASE_WRAP_H

#include "base/buf.h"

#include <stddef.h>

/* Columns that the text takes. */
size_t wrap_columns(const char *text, size_t size);

/*
 * Adds the text word by word to a line that has reached `column`, with a blank in front unless that
 * is not past `indent`. Where a word would go past `width` a new line begins, indented by `indent`;
 * a word that is longer than a line stays whole. Blanks between words stay as many as they are. A
 * width of 0: no line is broken.
 */
void wrap_add(struct buf *out, const char *text, size_t column, size_t indent, size_t width);

/*
 * Adds a page of lines. A line that is wider than `width` goes on below its last column of text: of
 * lines that have two parts with two or more blanks between ("  --rate N    requests a second"),
 * that is where the second part begins, or a line of its own when there is little room left, else
 * its first word. A width of 0: as it is.
 */
void wrap_page(struct buf *out, const char *page, size_t width);

#endif

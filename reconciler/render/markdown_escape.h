/*
 * Text from outside, made inert for GitHub's and GitLab's Markdown: it never formats, links,
 * mentions, closes issues or ends the element that it stands in.
 *
 * Backslashes and entities can't do that, since @name, #12 and :smile: are looked for in the text
 * that Markdown has made. They are not looked for in code, so that values stand in code only: in
 * code spans, in <code>, and in fenced blocks. All of them are shown as str_add_visible() does, so
 * that they have no line ends, and cut behind MARKDOWN_VALUE_MAX characters.
 */
#ifndef ROSTER_RENDER_MARKDOWN_ESCAPE_H
#define ROSTER_RENDER_MARKDOWN_ESCAPE_H

#include "base/buf.h"

#include <stddef.h>

enum { MARKDOWN_VALUE_MAX = 1000 };

/* As a code span, between as many backticks as it takes. */
void markdown_add_code(struct buf *out, const char *text);

/* For the text of an HTML element. */
void markdown_add_html(struct buf *out, const char *text);

/*
 * A sentence of ours with values in it, all of them between double quotes: what is from the first
 * quote to the last one becomes a code span. So does a command's option at its beginning, with its
 * value: "--max-removals 3, or …".
 */
void markdown_add_sentence(struct buf *out, const char *text);

/* For fenced blocks: the visible text, which is cut. */
void markdown_add_line(struct buf *out, const char *text);

/* The longest run of backticks: a fence around the text has to be longer. */
size_t markdown_longest_run(const char *text);

#endif

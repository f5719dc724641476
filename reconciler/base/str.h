/*
 * Strings: comparison, numbers, UTF-8, closeness ("did you mean") and escaping for terminals.
 * All text is UTF-8. Nothing here allocates except where a buffer is passed in.
 */
#ifndef ROSTER_BASE_STR_H
#define ROSTER_BASE_STR_H

#include "base/attributes.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Equal, or both NULL. */
bool str_equal(const char *a, const char *b);
/* Equal but for the case of ASCII letters; neither is NULL. */
bool str_equal_nocase(const char *a, const char *b);
/* NULL or "". */
bool str_is_empty(const char *text);
bool str_starts_with(const char *text, const char *prefix);
bool str_ends_with(const char *text, const char *suffix);
/* Whether the first `size` bytes consist of `0-9` only, and are not none. */
bool str_is_digits(const char *text, size_t size);
/* Whether the first `size` bytes are all hexadecimal digits, and are not none. */
bool str_is_hex(const char *text, size_t size);
/* For qsort() and bsearch() over arrays of `const char *`. */
int str_compare(const void *a, const void *b);

/* The whole of `text` as a decimal integer. Returns -1, leaving `*out` alone, for anything else. */
MUST_CHECK int str_to_int64(const char *text, int64_t *out);

/* A SID: `prefix` (two capitals) and 32 hexadecimal digits. */
bool str_is_sid(const char *text, const char *prefix);

/*
 * Offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no surrogates, no
 * overlong forms, nothing past U+10FFFF), or `size` when all of it is.
 */
size_t str_utf8_valid(const char *text, size_t size);
/* Characters (code points) in well-formed UTF-8. */
size_t str_utf8_length(const char *text, size_t size);
/*
 * Decodes the character at `text` (size > 0) into `*codepoint` and returns its length in bytes. A
 * malformed byte decodes as U+FFFD of length 1.
 */
size_t str_utf8_decode(const char *text, size_t size, uint32_t *codepoint);
/* Terminal columns of a character: 0 combining, 2 wide, else 1. Uses the locale's wcwidth(). */
unsigned str_columns(uint32_t codepoint);

/*
 * Adds as much of the text as takes at most so many columns, all of it or a part that ends with an
 * ellipsis. It has to be fit to be shown, such as str_add_visible() makes it.
 */
void str_add_fitted(struct buf *out, const char *text, size_t columns);

/*
 * The candidate nearest to `word` by edits (insert, delete, replace, swap; case ignored), or NULL
 * when none is near enough to be meant: at most a third of the longer word's length, at least one.
 */
const char *str_closest(const char *word, const char *const *candidates, size_t count);

/*
 * Overwrites the password of every scheme://user:password@ in the text with asterisks, in place,
 * one for each character, so that columns stay. Returns the new size in bytes, which may be
 * smaller.
 */
size_t str_mask_passwords(char *text, size_t size);
/*
 * The next password of a URL in the text, and its size; NULL when there is none, or an empty one.
 */
const char *str_find_password(const char *text, size_t *size);

/* Whether the text is the pattern, or matches it as a glob of the shell (*, ?, [...]). */
bool str_matches(const char *pattern, const char *text);

/*
 * Whether a character is seen as what it is: no control character, no bidirectional override,
 * nothing invisible.
 */
bool str_is_harmless(uint32_t codepoint);

/*
 * Adds text that came from outside so that a terminal shows it and never obeys it: control
 * characters (C0, DEL, C1), bidirectional overrides, invisible characters and malformed bytes as
 * \n, \t, \xNN or \u{NNNN}; backslash as it is.
 */
void str_add_visible(struct buf *out, const char *text, size_t size);
/* The same, between double quotes, with quotes and backslashes escaped. */
void str_add_quoted(struct buf *out, const char *text);

#endif

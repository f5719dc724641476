/*
 * Diagnostics sink: collects errors and warnings with their places, so that one run reports every
 * mistake. Whoever finds a mistake words it once; callers pass the sink through and return -1.
 * Only cli/ prints.
 *
 *     diag_error(diag, &node->span, "\"%s\" is not a known key", name);
 *     diag_help(diag, "did you mean \"%s\"?", near);
 *     diag_note(diag, &first->span, "it is set here first");
 *
 * Texts are copied, and so is the source line that a span points into: nothing of the source needs
 * to outlive the call, except `source->name` and `source->text` until then. Secrets must never be
 * put into a message; a source line, too, is shown as it stands in the file.
 */
#ifndef ROSTER_BASE_DIAG_H
#define ROSTER_BASE_DIAG_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that diagnostics point into. */
struct diag_source {
    const char *name; /* as the user named it: "roster.yaml", "-" */
    const char *text;
    size_t size;
};

/* A range of characters in one line. Without a source, or with line 0, it is "nowhere". */
struct diag_span {
    const struct diag_source *source;
    uint32_t line;   /* 1-based */
    uint32_t column; /* 1-based, in characters (code points) */
    uint32_t length; /* characters; 0 is shown as 1 */
};

enum diag_level { DIAG_ERROR, DIAG_WARNING };

/* A place whose texts the sink owns. `file` NULL: no place. */
struct diag_place {
    const char *file;
    uint32_t line, column, length;
    /* The line without its end, of a long one the part around the place; NULL: past the text. */
    const char *source_line;
    size_t source_line_size;
    uint32_t source_line_skipped; /* characters left out in front of it */
};

struct diag_note {
    struct diag_place place;
    const char *message;
};

struct diag_item {
    enum diag_level level;
    struct diag_place place;
    const char *message;
    const char *help; /* how to mend it; NULL: none */
    struct diag_note *notes;
    size_t note_count, note_capacity;
};

struct diag {
    struct arena arena;
    struct diag_item *items;
    size_t count, capacity;
    size_t errors, warnings; /* all that were reported, the dropped ones too */
    size_t dropped;          /* past the limit of DIAG_MAX items */
    struct diag_item *last;  /* what diag_help() and diag_note() belong to; NULL: dropped */
};

enum { DIAG_MAX = 100 };

void diag_init(struct diag *diag);
void diag_release(struct diag *diag);

/*
 * `where` may be NULL for what has no place. Both append one item, unless the same was reported of
 * the same place before: what an alias repeats is one mistake.
 */
void diag_error(struct diag *diag, const struct diag_span *where, const char *format, ...)
    PRINTF_LIKE(3, 4);
void diag_warning(struct diag *diag, const struct diag_span *where, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Add to the item reported last; a second help replaces the first. */
void diag_help(struct diag *diag, const char *format, ...) PRINTF_LIKE(2, 3);
void diag_note(struct diag *diag, const struct diag_span *where, const char *format, ...)
    PRINTF_LIKE(3, 4);

/*
 * Orders items by file (as first seen), line and column; what has no place stays first. Stable.
 */
void diag_sort(struct diag *diag);

/* Forgets the warnings, dropped ones too. */
void diag_drop_warnings(struct diag *diag);

/*
 * Renders all items as text, as compilers do:
 *
 *     roster.yaml:3:5: error: "sticky_sendr" is not a known key of a service
 *         sticky_sendr: true
 *         ^~~~~~~~~~~~
 *       help: did you mean "sticky_sender"?
 *
 * Control characters of messages and source lines are shown escaped; long lines are cut around the
 * caret.
 */
void diag_render_text(const struct diag *diag, struct buf *out, bool color);

/* The same on a terminal of that many columns, 0: any: messages are broken between words, and of a
 * source line only as much is shown as fits. */
void diag_render_text_within(const struct diag *diag, struct buf *out, bool color, size_t columns);

#endif

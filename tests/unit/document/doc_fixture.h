/*
 * For tests of documents: parses a text, and writes tree and report in one line each.
 */
#ifndef ROSTER_TESTS_DOC_FIXTURE_H
#define ROSTER_TESTS_DOC_FIXTURE_H

#include "base/str.h"
#include "document/doc_limits.h"

#include <string.h>

struct doc_fixture {
    struct doc doc;
    struct diag diag;
    struct buf tree, report;
    int result;
};

/* i:12 f:1.5 b:true s:text ~ [item,item] {key=value,<merged=value}, places as s:text@1:4+5 */
static inline void dump_node(struct buf *out, const struct doc_node *node, bool places)
{
    static const char *const marks[] = {"", "b:", "i:", "f:", "s:", "[", "{"};
    size_t i;

    if (node == NULL) {
        buf_add_text(out, "nothing");
        return;
    }
    buf_add_text(out, marks[node->kind]);
    if (node->kind == DOC_NULL)
        buf_add_char(out, '~');
    else if (node->kind < DOC_SEQUENCE)
        str_add_visible(out, node->text, node->size);
    for (i = 0; i < node->count; i++) {
        buf_add_text(out, i > 0 ? "," : "");
        if (node->kind == DOC_SEQUENCE) {
            dump_node(out, node->items[i], places);
            continue;
        }
        buf_add_text(out, node->pairs[i].merged ? "<" : "");
        dump_node(out, node->pairs[i].key, places);
        buf_add_char(out, '=');
        dump_node(out, node->pairs[i].value, places);
    }
    buf_add_text(out, node->kind == DOC_SEQUENCE ? "]" : node->kind == DOC_MAPPING ? "}" : "");
    if (places)
        buf_printf(out, "@%u:%u+%u", node->span.line, node->span.column, node->span.length);
}

/* "1:4+2 message; note 1:1+3 text; help text", errors in file order, one a line. */
static inline void dump_report(struct buf *out, const struct diag *diag)
{
    size_t i, j;
    for (i = 0; i < diag->count; i++) {
        const struct diag_item *item = &diag->items[i];
        buf_printf(out, "%s%u:%u+%u %s", i > 0 ? "\n" : "", item->place.line, item->place.column,
                   item->place.length, item->message);
        for (j = 0; j < item->note_count; j++)
            buf_printf(out, "; note %u:%u %s", item->notes[j].place.line,
                       item->notes[j].place.column, item->notes[j].message);
        if (item->help != NULL)
            buf_printf(out, "; help %s", item->help);
    }
}

static inline void doc_fixture_read(struct doc_fixture *fixture, const char *text, size_t size,
                                    const struct doc_limits *limits)
{
    static const struct doc_limits usual = {DOC_MAX_SIZE, DOC_MAX_NODES, DOC_MAX_ALIASED};

    diag_init(&fixture->diag);
    buf_init(&fixture->tree, BUF_LIMIT_DEFAULT);
    buf_init(&fixture->report, BUF_LIMIT_DEFAULT);
    fixture->result = doc_parse_within(&fixture->doc, "roster.yaml", text, size,
                                       limits == NULL ? &usual : limits, &fixture->diag);
    diag_sort(&fixture->diag);
    dump_report(&fixture->report, &fixture->diag);
}

static inline void doc_fixture_release(struct doc_fixture *fixture)
{
    doc_release(&fixture->doc);
    diag_release(&fixture->diag);
    buf_release(&fixture->tree);
    buf_release(&fixture->report);
}

#endif

/*
 * For yaml_readers.py: reads a JSON array of strings from standard input and writes them as YAML,
 * as values, items and keys, in block and in flow style.
 */
#include "document/doc_emit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static void write_one(struct doc_emit *emit, const char *text)
{
    doc_emit_begin(emit, DOC_SEQUENCE);
    doc_emit_scalar(emit, DOC_STRING, text);
    doc_emit_begin_flow(emit);
    doc_emit_key(emit, "value");
    doc_emit_scalar(emit, DOC_STRING, text);
    doc_emit_end(emit);
    doc_emit_begin(emit, DOC_MAPPING);
    doc_emit_key(emit, text);
    doc_emit_scalar(emit, DOC_STRING, text);
    doc_emit_end(emit);
    doc_emit_end(emit);
}

int main(void)
{
    json_t *strings = json_loadf(stdin, JSON_REJECT_DUPLICATES, NULL);
    struct doc_emit emit;
    struct buf out;
    size_t i;

    if (!json_is_array(strings))
        return EXIT_FAILURE;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    doc_emit_init(&emit, &out);
    doc_emit_begin(&emit, DOC_SEQUENCE);
    for (i = 0; i < json_array_size(strings); i++)
        write_one(&emit, json_string_value(json_array_get(strings, i)));
    doc_emit_end(&emit);
    fwrite(buf_text(&out), 1, out.size, stdout);
    buf_release(&out);
    json_decref(strings);
    return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}

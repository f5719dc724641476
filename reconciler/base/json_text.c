#include "base/json_text.h"

#include "base/str.h"

#include <string.h>

static int add_bytes(const char *bytes, size_t size, void *context)
{
    buf_add(context, bytes, size);
    return 0;
}

int json_text_add(struct buf *out, const json_t *value, size_t flags)
{
    return json_dump_callback(value, add_bytes, out, flags);
}

void json_text_add_document(struct buf *out, const json_t *value)
{
    (void)json_text_add(out, value, JSON_INDENT(2));
    buf_add_char(out, '\n');
}

json_t *json_text_string(const char *text)
{
    json_t *out = json_string(text);
    struct buf visible;

    if (out != NULL)
        return out;
    buf_init(&visible, BUF_LIMIT_DEFAULT);
    str_add_visible(&visible, text, strlen(text));
    out = json_string(buf_text(&visible));
    buf_release(&visible);
    return out;
}

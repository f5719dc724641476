#include "apply/journal_lines.h"

#include "base/buf.h"
#include "base/str.h"

#include <string.h>

bool journal_record_is(const json_t *record, const char *kind)
{
    return str_equal(json_string_value(json_object_get(record, "record")), kind);
}

const char *journal_text_of(const json_t *record, const char *key, struct arena *arena)
{
    return arena_strdup(arena, json_string_value(json_object_get(record, key)));
}

int64_t journal_number_of(const json_t *record, const char *key, int64_t otherwise)
{
    const json_t *value = json_object_get(record, key);

    return json_is_integer(value) ? (int64_t)json_integer_value(value) : otherwise;
}

/* Where the line that ends at `end` begins. */
static size_t line_start(const char *text, size_t end)
{
    while (end > 0 && text[end - 1] != '\n')
        end--;
    return end;
}

int journal_find_last(const char *text, size_t size, const char *kind, journal_record *head,
                      void *context, size_t *start, size_t *next)
{
    size_t end = size, length;
    struct buf beginning;
    int result = -1;

    buf_init(&beginning, 256);
    buf_printf(&beginning, "{\"record\":\"%s\"", kind);
    for (;;) {
        *start = line_start(text, end);
        *next = end;
        length = end - *start;
        if (length >= beginning.size &&
            memcmp(text + *start, beginning.data, beginning.size) == 0) {
            json_t *record = json_loadb(text + *start, length, JSON_REJECT_DUPLICATES, NULL);
            result = json_is_object(record) ? head(context, record) : -1;
            json_decref(record);
        }
        if (result == 0 || *start == 0)
            break;
        end = *start - 1;
    }
    buf_release(&beginning);
    return result;
}

size_t journal_read_from(const char *text, size_t size, size_t at, journal_record *record_read,
                         void *context)
{
    size_t unreadable = 0;

    while (at < size) {
        const char *line = text + at, *end = memchr(line, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - line);
        json_t *record =
            length == 0 ? NULL : json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);

        if (json_is_object(record))
            (void)record_read(context, record);
        else if (length != 0)
            unreadable++;
        json_decref(record);
        at += length + 1;
    }
    return unreadable;
}

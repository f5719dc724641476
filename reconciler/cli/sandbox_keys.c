#include "cli/sandbox_keys.h"

#include "base/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

static int report_kind(const struct sandbox_key_row *row, const struct doc_node *node,
                       const char *wanted, struct diag *diag)
{
    diag_error(diag, &node->span, "\"%s\" must be %s, not %s", row->name, wanted,
               doc_kind_name(node->kind));
    return -1;
}

int sandbox_key_whole(const struct sandbox_key_row *row, const struct doc_node *node,
                      struct sandbox_key_value *value, struct diag *diag)
{
    if (node->kind != DOC_INTEGER)
        return report_kind(row, node, "a whole number", diag);
    if (doc_integer(node, &value->number) == 0 && value->number >= row->least &&
        value->number <= row->most)
        return 0;
    diag_error(diag, &node->span, "\"%s\" must be from %" PRId64 " to %" PRId64 ", not %s",
               row->name, row->least, row->most, node->text);
    return -1;
}

int sandbox_key_count(const struct sandbox_key_row *row, const struct doc_node *node,
                      struct sandbox_key_value *value, struct diag *diag)
{
    if (node->kind == DOC_STRING && strcmp(node->text, "all") == 0) {
        value->number = -1;
        return 0;
    }
    if (node->kind != DOC_INTEGER)
        return report_kind(row, node, "a whole number or \"all\"", diag);
    return sandbox_key_whole(row, node, value, diag);
}

int sandbox_key_chance(const struct sandbox_key_row *row, const struct doc_node *node,
                       struct sandbox_key_value *value, struct diag *diag)
{
    char *end = NULL;

    if (node->kind != DOC_FLOAT && node->kind != DOC_INTEGER)
        return report_kind(row, node, "a number from 0 to 1", diag);
    value->fraction = strtod(node->text, &end);
    if (*end == '\0' && value->fraction >= 0 && value->fraction <= 1)
        return 0;
    diag_error(diag, &node->span, "\"%s\" must be from 0 to 1, not %s", row->name, node->text);
    return -1;
}

/* Milliseconds; -1 when it is no duration. */
static int64_t parse_duration(const char *text)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", MINUTE_MS}};
    size_t digits = strspn(text, "0123456789"), i;

    if (digits == 0 || digits > 9)
        return -1;
    for (i = 0; i < COUNT_OF(units); i++)
        if (strcmp(text + digits, units[i].unit) == 0)
            return strtoll(text, NULL, 10) * units[i].ms;
    return -1;
}

int sandbox_key_duration(const struct sandbox_key_row *row, const struct doc_node *node,
                         struct sandbox_key_value *value, struct diag *diag)
{
    if (node->kind != DOC_STRING) {
        report_kind(row, node, "a duration", diag);
        if (node->kind == DOC_INTEGER)
            diag_help(diag, "write its unit too, for instance %sms", node->text);
        return -1;
    }
    value->number = parse_duration(node->text);
    if (value->number < 0) {
        diag_error(diag, &node->span, "\"%s\" is not a duration", node->text);
        diag_help(diag, "write a whole number and ms, s or m, for instance 300ms or 2s");
        return -1;
    }
    if (value->number >= row->least && value->number <= row->most)
        return 0;
    diag_error(diag, &node->span, "\"%s\" must be from %" PRId64 "ms to %" PRId64 "s, not %s",
               row->name, row->least, row->most / 1000, node->text);
    return -1;
}

int sandbox_key_text(const struct sandbox_key_row *row, const struct doc_node *node,
                     struct sandbox_key_value *value, struct diag *diag)
{
    if (node->kind != DOC_STRING) {
        report_kind(row, node, "a string", diag);
        if (node->kind != DOC_SEQUENCE && node->kind != DOC_MAPPING && node->kind != DOC_NULL)
            diag_help(diag, "put it in quotes: \"%s\"", node->text);
        return -1;
    }
    value->text = node->text;
    if (strlen(node->text) == node->size)
        return 0;
    diag_error(diag, &node->span, "\"%s\" has a NUL character in it", row->name);
    return -1;
}

/* What can stand in a header. */
int sandbox_key_token(const struct sandbox_key_row *row, const struct doc_node *node,
                      struct sandbox_key_value *value, struct diag *diag)
{
    const char *at;

    if (sandbox_key_text(row, node, value, diag) != 0)
        return -1;
    for (at = node->text; *at >= ' ' && *at <= '~'; at++)
        continue;
    if (*at == '\0' && at > node->text)
        return 0;
    diag_error(diag, &node->span, "\"%s\" must have printable ASCII characters, and no others",
               row->name);
    return -1;
}

static void help_choices(const char *const *choices, size_t count, struct diag *diag)
{
    struct buf list;
    size_t i;

    buf_init(&list, BUF_LIMIT_DEFAULT);
    for (i = 0; i < count; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : ", ", choices[i]);
    diag_help(diag, "it is one of: %s", buf_text(&list));
    buf_release(&list);
}

/* `number` is the place of the text among the choices. */
int sandbox_key_choice(const struct sandbox_key_row *row, const struct doc_node *node,
                       const char *const *choices, size_t count, struct sandbox_key_value *value,
                       struct diag *diag)
{
    const char *nearest;
    size_t i;

    if (sandbox_key_text(row, node, value, diag) != 0) {
        help_choices(choices, count, diag);
        return -1;
    }
    for (i = 0; i < count; i++) {
        if (strcmp(choices[i], node->text) == 0) {
            value->number = (int64_t)i;
            return 0;
        }
    }
    diag_error(diag, &node->span, "\"%s\" can't be \"%s\"", row->name, node->text);
    nearest = str_closest(node->text, choices, count);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"%s\"?", nearest);
    else
        help_choices(choices, count, diag);
    return -1;
}

int sandbox_key_flag(const struct sandbox_key_row *row, const struct doc_node *node,
                     struct sandbox_key_value *value, struct diag *diag)
{
    if (node->kind != DOC_BOOLEAN)
        return report_kind(row, node, "true or false", diag);
    value->number = doc_boolean(node);
    return 0;
}

static void report_unknown(const struct sandbox_key_table *table, const struct doc_node *key,
                           struct diag *diag)
{
    const char *known[SANDBOX_KEYS_MAX], *nearest;
    size_t i;

    for (i = 0; i < table->count; i++)
        known[i] = table->rows[i].name;
    diag_error(diag, &key->span, "unknown key \"%s\" in %s", key->text, table->what);
    nearest = str_closest(key->text, known, table->count);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"%s\"?", nearest);
}

static int read_pair(const struct sandbox_key_table *table, const struct doc_pair *pair,
                     struct sandbox_key_value *values, struct diag *diag)
{
    size_t row = 0;

    while (row < table->count && strcmp(table->rows[row].name, pair->key->text) != 0)
        row++;
    if (row == table->count) {
        report_unknown(table, pair->key, diag);
        return -1;
    }
    values[row].key = pair->key;
    values[row].given = true;
    if (pair->value->reported ||
        table->rows[row].read(&table->rows[row], pair->value, &values[row], diag) != 0)
        return -1;
    if (table->rows[row].read == sandbox_key_flag)
        values[row].given = values[row].number != 0;
    return 0;
}

/* What is missing, and what does not go together. */
static int check_pairs(const struct sandbox_key_table *table,
                       const struct sandbox_key_value *values, struct diag *diag)
{
    int result = 0;
    size_t i;

    for (i = 0; i < table->need_count; i++) {
        const struct sandbox_key_pair *need = &table->needs[i];
        if (values[need->key].given && values[need->other].key == NULL) {
            diag_error(diag, &values[need->key].key->span, "\"%s\" needs \"%s\"",
                       table->rows[need->key].name, table->rows[need->other].name);
            result = -1;
        }
    }
    for (i = 0; i < table->conflict_count; i++) {
        const struct sandbox_key_pair *conflict = &table->conflicts[i];
        if (values[conflict->key].given && values[conflict->other].given) {
            diag_error(diag, &values[conflict->key].key->span, "\"%s\" does not go with \"%s\"",
                       table->rows[conflict->key].name, table->rows[conflict->other].name);
            result = -1;
        }
    }
    return result;
}

static int check_goal(const struct sandbox_key_table *table, const struct doc_node *node,
                      const struct sandbox_key_value *values, struct diag *diag)
{
    size_t i;

    for (i = 0; i < table->count; i++)
        if (table->rows[i].fault && values[i].key != NULL)
            return 0;
    diag_error(diag, &node->span, "%s must have %s", table->what, table->goal);
    diag_help(diag, "%s", table->example);
    return -1;
}

int sandbox_keys_read(const struct sandbox_key_table *table, const struct doc_node *node,
                      struct sandbox_key_value *values, struct diag *diag)
{
    bool good = true;
    size_t i;

    if (node->reported)
        return -1;
    if (node->kind != DOC_MAPPING) {
        diag_error(diag, &node->span, "%s must be a mapping, not %s", table->what,
                   doc_kind_name(node->kind));
        return -1;
    }
    for (i = 0; i < node->count; i++)
        if (read_pair(table, &node->pairs[i], values, diag) != 0)
            good = false;
    if (check_pairs(table, values, diag) != 0 || check_goal(table, node, values, diag) != 0)
        return -1;
    return good ? 0 : -1;
}

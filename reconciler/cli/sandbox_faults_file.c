#include "cli/sandbox_faults_file.h"

#include "base/file.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum key {
    KEY_REQUEST,
    KEY_METHOD,
    KEY_PATH,
    KEY_SKIP,
    KEY_COUNT,
    KEY_PROBABILITY,
    KEY_UNTIL,
    KEY_STATUS,
    KEY_CODE,
    KEY_BODY,
    KEY_RETRY_AFTER,
    KEY_EFFECT,
    KEY_CONTENT_TYPE,
    KEY_DELAY,
    KEY_RESET,
    KEY_TRUNCATE,
    KEY_GARBAGE,
    KEY_DRIP,
    KEY_DUPLICATE,
    KEYS,
};

enum { COUNT_MAX = 1000000000, DAY_S = 86400, MINUTE_MS = 60000 };

struct value {
    bool given; /* be it right or wrong; of a flag: and not false */
    const struct doc_node *key;
    int64_t number;
    double fraction;
    const char *text;
};

struct key_row;

/* Reports and returns -1 when the node is not a value of the key. */
typedef int value_reader(const struct key_row *row, const struct doc_node *node,
                         struct value *value, struct diag *diag);

static value_reader read_whole, read_count, read_chance, read_duration, read_text, read_token,
    read_method, read_flag, read_reset;

static const struct key_row {
    const char *name;
    value_reader *read;
    int64_t least, most; /* of numbers; of durations in milliseconds */
    bool fault;          /* it is what goes wrong */
} rows[KEYS] = {
    [KEY_REQUEST] = {"request", read_whole, 1, COUNT_MAX, false},
    [KEY_METHOD] = {"method", read_method, 0, 0, false},
    [KEY_PATH] = {"path", read_text, 0, 0, false},
    [KEY_SKIP] = {"skip", read_whole, 0, COUNT_MAX, false},
    [KEY_COUNT] = {"count", read_count, 1, COUNT_MAX, false},
    [KEY_PROBABILITY] = {"probability", read_chance, 0, 1, false},
    [KEY_UNTIL] = {"until", read_duration, 1, (int64_t)DAY_S * 1000, false},
    [KEY_STATUS] = {"status", read_whole, 200, 599, true},
    [KEY_CODE] = {"code", read_whole, 10000, 99999, false},
    [KEY_BODY] = {"body", read_text, 0, 0, false},
    [KEY_RETRY_AFTER] = {"retry_after", read_whole, 0, DAY_S, false},
    [KEY_EFFECT] = {"effect", read_flag, 0, 0, false},
    [KEY_CONTENT_TYPE] = {"content_type", read_token, 0, 0, true},
    [KEY_DELAY] = {"delay", read_duration, 1, (int64_t)10 * MINUTE_MS, true},
    [KEY_RESET] = {"reset", read_reset, 0, 0, true},
    [KEY_TRUNCATE] = {"truncate", read_whole, 0, COUNT_MAX, true},
    [KEY_GARBAGE] = {"garbage", read_flag, 0, 0, true},
    [KEY_DRIP] = {"drip", read_whole, 1, COUNT_MAX, true},
    [KEY_DUPLICATE] = {"duplicate", read_flag, 0, 0, true},
};

static const struct {
    enum key key, needs;
} needs[] = {
    {KEY_CODE, KEY_STATUS},
    {KEY_BODY, KEY_STATUS},
    {KEY_RETRY_AFTER, KEY_STATUS},
    {KEY_EFFECT, KEY_STATUS},
};

/* A request's number says all about which one it is; what is never sent can't be spoilt. */
static const struct {
    enum key key, other;
} conflicts[] = {
    {KEY_METHOD, KEY_REQUEST},     {KEY_PATH, KEY_REQUEST},   {KEY_SKIP, KEY_REQUEST},
    {KEY_COUNT, KEY_REQUEST},      {KEY_CODE, KEY_BODY},      {KEY_GARBAGE, KEY_BODY},
    {KEY_STATUS, KEY_RESET},       {KEY_TRUNCATE, KEY_RESET}, {KEY_GARBAGE, KEY_RESET},
    {KEY_CONTENT_TYPE, KEY_RESET}, {KEY_DRIP, KEY_RESET},
};

static int report_kind(const struct key_row *row, const struct doc_node *node, const char *wanted,
                       struct diag *diag)
{
    diag_error(diag, &node->span, "\"%s\" must be %s, not %s", row->name, wanted,
               doc_kind_name(node->kind));
    return -1;
}

static int read_whole(const struct key_row *row, const struct doc_node *node, struct value *value,
                      struct diag *diag)
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

static int read_count(const struct key_row *row, const struct doc_node *node, struct value *value,
                      struct diag *diag)
{
    if (node->kind == DOC_STRING && strcmp(node->text, "all") == 0) {
        value->number = -1;
        return 0;
    }
    if (node->kind != DOC_INTEGER)
        return report_kind(row, node, "a whole number or \"all\"", diag);
    return read_whole(row, node, value, diag);
}

static int read_chance(const struct key_row *row, const struct doc_node *node, struct value *value,
                       struct diag *diag)
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

static int read_duration(const struct key_row *row, const struct doc_node *node,
                         struct value *value, struct diag *diag)
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

static int read_text(const struct key_row *row, const struct doc_node *node, struct value *value,
                     struct diag *diag)
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
static int read_token(const struct key_row *row, const struct doc_node *node, struct value *value,
                      struct diag *diag)
{
    const char *at;

    if (read_text(row, node, value, diag) != 0)
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
static int read_choice(const struct key_row *row, const struct doc_node *node,
                       const char *const *choices, size_t count, struct value *value,
                       struct diag *diag)
{
    const char *nearest;
    size_t i;

    if (read_text(row, node, value, diag) != 0) {
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

static int read_method(const struct key_row *row, const struct doc_node *node, struct value *value,
                       struct diag *diag)
{
    static const char *const methods[] = {"GET",   "POST", "DELETE",  "PUT",
                                          "PATCH", "HEAD", "OPTIONS", "*"};
    return read_choice(row, node, methods, COUNT_OF(methods), value, diag);
}

static int read_reset(const struct key_row *row, const struct doc_node *node, struct value *value,
                      struct diag *diag)
{
    static const char *const choices[] = {"before", "after"};
    return read_choice(row, node, choices, COUNT_OF(choices), value, diag);
}

static int read_flag(const struct key_row *row, const struct doc_node *node, struct value *value,
                     struct diag *diag)
{
    if (node->kind != DOC_BOOLEAN)
        return report_kind(row, node, "true or false", diag);
    value->number = doc_boolean(node);
    return 0;
}

static void report_unknown(const struct doc_node *key, struct diag *diag)
{
    const char *known[KEYS], *nearest;
    size_t i;

    for (i = 0; i < KEYS; i++)
        known[i] = rows[i].name;
    diag_error(diag, &key->span, "unknown key \"%s\" in a fault", key->text);
    nearest = str_closest(key->text, known, KEYS);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"%s\"?", nearest);
}

static int read_pair(const struct doc_pair *pair, struct value values[KEYS], struct diag *diag)
{
    size_t row = 0;

    while (row < KEYS && strcmp(rows[row].name, pair->key->text) != 0)
        row++;
    if (row == KEYS) {
        report_unknown(pair->key, diag);
        return -1;
    }
    values[row].key = pair->key;
    values[row].given = true;
    if (pair->value->reported || rows[row].read(&rows[row], pair->value, &values[row], diag) != 0)
        return -1;
    if (rows[row].read == read_flag)
        values[row].given = values[row].number != 0;
    return 0;
}

/* What is missing, and what does not go together. */
static int check_values(const struct doc_node *node, const struct value values[KEYS],
                        struct diag *diag)
{
    bool goes_wrong = false;
    int result = 0;
    size_t i;

    for (i = 0; i < COUNT_OF(needs); i++) {
        if (values[needs[i].key].given && values[needs[i].needs].key == NULL) {
            diag_error(diag, &values[needs[i].key].key->span, "\"%s\" needs \"%s\"",
                       rows[needs[i].key].name, rows[needs[i].needs].name);
            result = -1;
        }
    }
    for (i = 0; i < COUNT_OF(conflicts); i++) {
        if (values[conflicts[i].key].given && values[conflicts[i].other].given) {
            diag_error(diag, &values[conflicts[i].key].key->span, "\"%s\" does not go with \"%s\"",
                       rows[conflicts[i].key].name, rows[conflicts[i].other].name);
            result = -1;
        }
    }
    for (i = 0; i < KEYS; i++)
        goes_wrong = goes_wrong || (rows[i].fault && values[i].key != NULL);
    if (goes_wrong || result != 0)
        return result;
    diag_error(diag, &node->span, "a fault must have something that goes wrong");
    diag_help(diag, "for instance \"status: 503\" or \"reset: before\"");
    return -1;
}

/* A request that has no effect can't have it twice. */
static void check_duplicate(const struct sandbox_fault *fault, const struct value *value,
                            struct diag *diag)
{
    if (!fault->duplicate || sandbox_fault_effects(fault) > 0)
        return;
    diag_error(diag, &value->key->span, "\"duplicate\" needs a request that takes effect");
    if (fault->status != 0)
        diag_help(diag, "add \"effect: true\"");
}

static void fill_rule(const struct value values[KEYS], struct arena *arena,
                      struct sandbox_fault_rule *rule)
{
    const struct value *count = &values[KEY_COUNT];
    bool narrowed = values[KEY_PROBABILITY].given || values[KEY_UNTIL].given;

    rule->request = (uint64_t)values[KEY_REQUEST].number;
    rule->method = values[KEY_METHOD].text;
    rule->path = values[KEY_PATH].text;
    rule->skip = (uint64_t)values[KEY_SKIP].number;
    rule->count = narrowed ? SANDBOX_FAULT_ALL : 1;
    if (count->given)
        rule->count = count->number < 0 ? SANDBOX_FAULT_ALL : (uint64_t)count->number;
    rule->probability = values[KEY_PROBABILITY].given ? values[KEY_PROBABILITY].fraction : 1;
    rule->until_ms = values[KEY_UNTIL].number;
    rule->fault = (struct sandbox_fault){
        .status = (int)values[KEY_STATUS].number,
        .code = (int)values[KEY_CODE].number,
        .body = values[KEY_BODY].text,
        .effect = values[KEY_EFFECT].given,
        .content_type = values[KEY_CONTENT_TYPE].text,
        .delay_ms = values[KEY_DELAY].number,
        .truncate = values[KEY_TRUNCATE].given,
        .truncate_at = (size_t)values[KEY_TRUNCATE].number,
        .garbage = values[KEY_GARBAGE].given,
        .drip = (size_t)values[KEY_DRIP].number,
        .duplicate = values[KEY_DUPLICATE].given,
    };
    if (values[KEY_RETRY_AFTER].given)
        rule->fault.retry_after = arena_printf(arena, "%" PRId64, values[KEY_RETRY_AFTER].number);
    if (values[KEY_RESET].given)
        rule->fault.reset =
            values[KEY_RESET].number == 0 ? SANDBOX_RESET_BEFORE : SANDBOX_RESET_AFTER;
}

static void read_rule(const struct doc_node *node, struct arena *arena,
                      struct sandbox_fault_rule *rule, struct diag *diag)
{
    struct value values[KEYS] = {{0}};
    bool good = true;
    size_t i;

    if (node->reported)
        return;
    if (node->kind != DOC_MAPPING) {
        diag_error(diag, &node->span, "a fault must be a mapping, not %s",
                   doc_kind_name(node->kind));
        return;
    }
    for (i = 0; i < node->count; i++)
        if (read_pair(&node->pairs[i], values, diag) != 0)
            good = false;
    if (check_values(node, values, diag) != 0 || !good)
        return;
    fill_rule(values, arena, rule);
    check_duplicate(&rule->fault, &values[KEY_DUPLICATE], diag);
}

/* The value of "faults"; NULL when there is none, or there is another key, which it has reported.
 */
static const struct doc_node *find_faults(const struct doc_node *root, struct diag *diag)
{
    static const char *const known[] = {"faults"};
    const struct doc_node *list = NULL;
    bool others = false;
    size_t i;

    for (i = 0; i < root->count; i++) {
        const struct doc_node *key = root->pairs[i].key;
        if (strcmp(key->text, known[0]) == 0) {
            list = root->pairs[i].value;
            continue;
        }
        others = true;
        diag_error(diag, &key->span, "unknown key \"%s\" in a file of faults", key->text);
        if (str_closest(key->text, known, COUNT_OF(known)) != NULL)
            diag_help(diag, "did you mean \"%s\"?", known[0]);
    }
    if (list == NULL && !others)
        diag_error(diag, &root->span, "a file of faults must have \"faults\"");
    return list;
}

/* The list of rules; NULL when it is none, which it has reported. */
static const struct doc_node *find_list(const struct doc *doc, struct diag *diag)
{
    const struct diag_span start = {&doc->source, 1, 1, 0};
    const struct doc_node *root = doc->root, *list;

    if (root != NULL && root->reported)
        return NULL;
    if (root == NULL || root->kind != DOC_MAPPING) {
        diag_error(diag, root == NULL ? &start : &root->span,
                   "a file of faults must be a mapping with a list \"faults\"");
        diag_help(diag, "write \"faults: []\" for none");
        return NULL;
    }
    list = find_faults(root, diag);
    if (list == NULL || list->reported)
        return NULL;
    if (list->kind == DOC_SEQUENCE)
        return list;
    diag_error(diag, &list->span, "\"faults\" must be a list, not %s", doc_kind_name(list->kind));
    return NULL;
}

int sandbox_faults_file_parse(struct sandbox_faults_file *file, const char *name, const char *text,
                              size_t size, struct diag *diag)
{
    struct sandbox_faults *faults = &file->faults;
    const struct doc_node *list = NULL;
    size_t errors = diag->errors;

    if (doc_parse(&file->doc, name, text, size, diag) == 0 || file->doc.root != NULL)
        list = find_list(&file->doc, diag);
    if (list != NULL) {
        faults->rules = arena_array(&file->doc.arena, list->count, sizeof(*faults->rules));
        for (; faults->count < list->count; faults->count++)
            read_rule(list->items[faults->count], &file->doc.arena, &faults->rules[faults->count],
                      diag);
    }
    diag_sort(diag);
    return diag->errors == errors ? 0 : -1;
}

int sandbox_faults_file_read(struct sandbox_faults_file *file, const char *path, struct diag *diag)
{
    struct buf text;
    int result = -1;

    buf_init(&text, SANDBOX_FAULTS_FILE_MAX);
    if (file_read(path, &text, diag) == 0)
        result = sandbox_faults_file_parse(file, path, buf_text(&text), text.size, diag);
    buf_release(&text);
    return result;
}

void sandbox_faults_file_release(struct sandbox_faults_file *file)
{
    doc_release(&file->doc);
    *file = (struct sandbox_faults_file){0};
}

#include "cli/sandbox_faults_file.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/sandbox_keys.h"
#include "cli/sandbox_message_rules.h"

#include <inttypes.h>
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

enum { COUNT_MAX = SANDBOX_KEY_COUNT_MAX, DAY_S = 86400, MINUTE_MS = 60000 };

static sandbox_key_reader read_method, read_reset;

static const struct sandbox_key_row rows[KEYS] = {
    [KEY_REQUEST] = {"request", sandbox_key_whole, 1, COUNT_MAX, false},
    [KEY_METHOD] = {"method", read_method, 0, 0, false},
    [KEY_PATH] = {"path", sandbox_key_text, 0, 0, false},
    [KEY_SKIP] = {"skip", sandbox_key_whole, 0, COUNT_MAX, false},
    [KEY_COUNT] = {"count", sandbox_key_count, 1, COUNT_MAX, false},
    [KEY_PROBABILITY] = {"probability", sandbox_key_chance, 0, 1, false},
    [KEY_UNTIL] = {"until", sandbox_key_duration, 1, (int64_t)DAY_S * 1000, false},
    [KEY_STATUS] = {"status", sandbox_key_whole, 200, 599, true},
    [KEY_CODE] = {"code", sandbox_key_whole, 10000, 99999, false},
    [KEY_BODY] = {"body", sandbox_key_text, 0, 0, false},
    [KEY_RETRY_AFTER] = {"retry_after", sandbox_key_whole, 0, DAY_S, false},
    [KEY_EFFECT] = {"effect", sandbox_key_flag, 0, 0, false},
    [KEY_CONTENT_TYPE] = {"content_type", sandbox_key_token, 0, 0, true},
    [KEY_DELAY] = {"delay", sandbox_key_duration, 1, (int64_t)10 * MINUTE_MS, true},
    [KEY_RESET] = {"reset", read_reset, 0, 0, true},
    [KEY_TRUNCATE] = {"truncate", sandbox_key_whole, 0, COUNT_MAX, true},
    [KEY_GARBAGE] = {"garbage", sandbox_key_flag, 0, 0, true},
    [KEY_DRIP] = {"drip", sandbox_key_whole, 1, COUNT_MAX, true},
    [KEY_DUPLICATE] = {"duplicate", sandbox_key_flag, 0, 0, true},
};

static const struct sandbox_key_pair needs[] = {
    {KEY_CODE, KEY_STATUS},
    {KEY_BODY, KEY_STATUS},
    {KEY_RETRY_AFTER, KEY_STATUS},
    {KEY_EFFECT, KEY_STATUS},
};

/* A request's number says all about which one it is; what is never sent can't be spoilt. */
static const struct sandbox_key_pair conflicts[] = {
    {KEY_METHOD, KEY_REQUEST},     {KEY_PATH, KEY_REQUEST},   {KEY_SKIP, KEY_REQUEST},
    {KEY_COUNT, KEY_REQUEST},      {KEY_CODE, KEY_BODY},      {KEY_GARBAGE, KEY_BODY},
    {KEY_STATUS, KEY_RESET},       {KEY_TRUNCATE, KEY_RESET}, {KEY_GARBAGE, KEY_RESET},
    {KEY_CONTENT_TYPE, KEY_RESET}, {KEY_DRIP, KEY_RESET},
};

static const struct sandbox_key_table table = {
    .what = "a fault",
    .goal = "something that goes wrong",
    .example = "for instance \"status: 503\" or \"reset: before\"",
    .rows = rows,
    .count = KEYS,
    .needs = needs,
    .need_count = COUNT_OF(needs),
    .conflicts = conflicts,
    .conflict_count = COUNT_OF(conflicts),
};

static int read_method(const struct sandbox_key_row *row, const struct doc_node *node,
                       struct sandbox_key_value *value, struct diag *diag)
{
    static const char *const methods[] = {"GET",   "POST", "DELETE",  "PUT",
                                          "PATCH", "HEAD", "OPTIONS", "*"};
    return sandbox_key_choice(row, node, methods, COUNT_OF(methods), value, diag);
}

static int read_reset(const struct sandbox_key_row *row, const struct doc_node *node,
                      struct sandbox_key_value *value, struct diag *diag)
{
    static const char *const choices[] = {"before", "after"};
    return sandbox_key_choice(row, node, choices, COUNT_OF(choices), value, diag);
}

/* A request that has no effect can't have it twice. */
static void check_duplicate(const struct sandbox_fault *fault,
                            const struct sandbox_key_value *value, struct diag *diag)
{
    if (!fault->duplicate || sandbox_fault_effects(fault) > 0)
        return;
    diag_error(diag, &value->key->span, "\"duplicate\" needs a request that takes effect");
    if (fault->status != 0)
        diag_help(diag, "add \"effect: true\"");
}

static void fill_rule(const struct sandbox_key_value values[KEYS], struct arena *arena,
                      struct sandbox_fault_rule *rule)
{
    const struct sandbox_key_value *count = &values[KEY_COUNT];
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
    struct sandbox_key_value values[KEYS] = {{0}};

    if (sandbox_keys_read(&table, node, values, diag) != 0)
        return;
    fill_rule(values, arena, rule);
    check_duplicate(&rule->fault, &values[KEY_DUPLICATE], diag);
}

/* The lists that the file may have. */
enum part { PART_FAULTS, PART_CALLBACKS, PART_RECIPIENTS, PARTS };

static const char *const part_names[PARTS] = {"faults", "callbacks", "recipients"};

static int find_part(const char *name)
{
    int part = 0;

    while (part < PARTS && strcmp(part_names[part], name) != 0)
        part++;
    return part;
}

static void report_unknown(const struct doc_node *key, struct diag *diag)
{
    const char *nearest = str_closest(key->text, part_names, PARTS);

    diag_error(diag, &key->span, "unknown key \"%s\" in a file of faults", key->text);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"%s\"?", nearest);
}

/* A list of the file, if it is one; NULL, reported, when it is not. */
static const struct doc_node *check_list(const struct doc_node *list, int part, struct diag *diag)
{
    if (list->reported)
        return NULL;
    if (list->kind == DOC_SEQUENCE)
        return list;
    diag_error(diag, &list->span, "\"%s\" must be a list, not %s", part_names[part],
               doc_kind_name(list->kind));
    return NULL;
}

/* Finds the lists, NULL for what is not there, and reports what else there is. */
static void find_lists(const struct doc *doc, const struct doc_node *lists[PARTS],
                       struct diag *diag)
{
    const struct diag_span start = {&doc->source, 1, 1, 0};
    const struct doc_node *root = doc->root;
    size_t i;

    if (root != NULL && root->reported)
        return;
    if (root == NULL || root->kind != DOC_MAPPING) {
        diag_error(diag, root == NULL ? &start : &root->span,
                   "a file of faults must be a mapping with a list \"faults\"");
        diag_help(diag, "write \"faults: []\" for none");
        return;
    }
    if (root->count == 0)
        diag_error(diag, &root->span, "a file of faults must have \"faults\"");
    for (i = 0; i < root->count; i++) {
        int part = find_part(root->pairs[i].key->text);
        if (part == PARTS)
            report_unknown(root->pairs[i].key, diag);
        else
            lists[part] = check_list(root->pairs[i].value, part, diag);
    }
}

static void read_lists(struct sandbox_faults_file *file, const struct doc_node *const lists[PARTS],
                       struct diag *diag)
{
    const struct doc_node *list = lists[PART_FAULTS];
    struct sandbox_faults *faults = &file->faults;
    struct arena *arena = &file->doc.arena;

    if (list != NULL) {
        faults->rules = arena_array(arena, list->count, sizeof(*faults->rules));
        for (; faults->count < list->count; faults->count++)
            read_rule(list->items[faults->count], arena, &faults->rules[faults->count], diag);
    }
    if (lists[PART_CALLBACKS] != NULL)
        sandbox_message_rules_callbacks(lists[PART_CALLBACKS], arena, &file->callbacks, diag);
    if (lists[PART_RECIPIENTS] != NULL)
        sandbox_message_rules_recipients(lists[PART_RECIPIENTS], arena, &file->recipients, diag);
}

int sandbox_faults_file_parse(struct sandbox_faults_file *file, const char *name, const char *text,
                              size_t size, struct diag *diag)
{
    const struct doc_node *lists[PARTS] = {NULL};
    size_t errors = diag->errors;

    if (doc_parse(&file->doc, name, text, size, diag) == 0 || file->doc.root != NULL)
        find_lists(&file->doc, lists, diag);
    read_lists(file, lists, diag);
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

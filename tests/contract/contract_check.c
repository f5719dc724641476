#include "contract.h"
#include "exceptions.h"
#include "value_check.h"

#include "base/str.h"

#include <stdarg.h>
#include <string.h>

void contract_init(struct contract *contract)
{
    memset(contract, 0, sizeof(*contract));
    diag_init(&contract->diag);
    buf_init(&contract->place, 4096);
}

void contract_release(struct contract *contract)
{
    for (size_t i = 0; i < contract->pattern_count; i++)
        regfree(&contract->patterns[i].regex);
    openapi_release(&contract->api);
    diag_release(&contract->diag);
    buf_release(&contract->place);
}

static bool was_reported(const struct diag *diag, const char *message)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (strcmp(diag->items[i].message, message) == 0)
            return true;
    }
    return false;
}

void contract_report(struct contract *contract, enum finding finding, const char *value,
                     const char *format, ...)
{
    const struct contract_exception *row = contract_exception_for(contract, finding, value);
    struct buf message;
    va_list arguments;

    if (row != NULL) {
        contract->excused[row - contract_exceptions]++;
        return;
    }
    buf_init(&message, 4096);
    if (contract->method != NULL) {
        buf_printf(&message, "%s %s, ", contract->method, contract->path);
        if (contract->side == CONTRACT_ANSWER)
            buf_printf(&message, "answer %d: ", contract->status);
        else
            buf_add_text(&message, "request: ");
    }
    if (contract->place.size > 0)
        buf_printf(&message, "%s ", buf_text(&contract->place));
    va_start(arguments, format);
    buf_vprintf(&message, format, arguments);
    va_end(arguments);
    if (!was_reported(&contract->diag, buf_text(&message))) {
        diag_error(&contract->diag, NULL, "%s", buf_text(&message));
        diag_note(&contract->diag, NULL, "first in %s, line %zu (%s)", contract->log,
                  contract->line, contract->sent_path);
    }
    buf_release(&message);
}

/* The one body that errors have; "detail" and "details" come with some. */
static void check_error(struct contract *contract, json_t *body)
{
    static const struct {
        const char *name, *type;
    } members[] = {
        {"code", "integer"}, {"message", "string"}, {"more_info", "string"}, {"status", "integer"}};
    json_t *schema = json_pack("{s:s, s:{}}", "type", "object", "properties"), *properties;

    properties = json_object_get(schema, "properties");
    for (size_t i = 0; i < COUNT_OF(members); i++)
        json_object_set_new(properties, members[i].name,
                            json_pack("{s:s}", "type", members[i].type));
    json_object_set_new(json_object_get(properties, "more_info"), "format", json_string("uri"));
    json_object_set_new(json_object_get(properties, "message"), "minLength", json_integer(1));
    if (json_object_get(body, "detail") != NULL)
        json_object_set_new(properties, "detail", json_pack("{s:s}", "type", "string"));
    if (json_object_get(body, "details") != NULL)
        json_object_set_new(properties, "details", json_object());
    value_check_json(contract, schema, schema, body);
    if (json_is_integer(json_object_get(body, "status")) &&
        json_integer_value(json_object_get(body, "status")) != contract->status)
        contract_report(contract, FINDING_ERROR, NULL, "the body's status is another");
    json_decref(schema);
    contract->errors++;
}

static void check_success(struct contract *contract, struct openapi_operation *operation,
                          json_t *body)
{
    json_t *responses = json_object_get(operation->node, "responses"), *documented, *schema;
    char status[16];

    snprintf(status, sizeof(status), "%d", contract->status);
    documented = openapi_resolve(operation->root, json_object_get(responses, status));
    if (documented == NULL) {
        contract_report(contract, FINDING_STATUS, NULL, "the status is not documented");
        return;
    }
    schema = json_object_get(
        json_object_get(json_object_get(documented, "content"), "application/json"), "schema");
    if (schema == NULL && !json_is_null(body))
        contract_report(contract, FINDING_EXTRA, NULL, "a body, where none is documented");
    else if (schema != NULL && json_is_null(body))
        contract_report(contract, FINDING_MISSING, NULL, "the body is missing");
    else if (schema != NULL)
        value_check_json(contract, operation->root, schema, body);
    operation->answers++;
    contract->answers++;
}

/* What is wrong when there is no operation for a path. */
static void report_no_operation(struct contract *contract, enum openapi_match match)
{
    contract_report(contract, FINDING_PATH, NULL, "%s",
                    match == OPENAPI_NO_PATH ? "the description has no such path"
                                             : "the description has no such method for this path");
}

static void check_answer(struct contract *contract, enum openapi_match match,
                         struct openapi_operation *operation, json_t *body)
{
    contract->side = CONTRACT_ANSWER;
    if (contract->status >= 400)
        check_error(contract, body);
    else if (match != OPENAPI_FOUND)
        report_no_operation(contract, match);
    else
        check_success(contract, operation, body);
}

/* The parameter of that name and kind ("query", "path"), or NULL. */
static json_t *find_parameter(const struct openapi_operation *operation, const char *in,
                              const char *name)
{
    json_t *parameters = json_object_get(operation->node, "parameters"), *parameter;
    size_t index;

    json_array_foreach(parameters, index, parameter)
    {
        parameter = openapi_resolve(operation->root, parameter);
        if (str_equal(json_string_value(json_object_get(parameter, "in")), in) &&
            str_equal(json_string_value(json_object_get(parameter, "name")), name))
            return parameter;
    }
    return NULL;
}

static json_t *form_schema(const struct openapi_operation *operation)
{
    json_t *body =
        openapi_resolve(operation->root, json_object_get(operation->node, "requestBody"));
    json_t *content = json_object_get(body, "content");

    content = json_object_get(content, "application/x-www-form-urlencoded");
    return openapi_resolve(operation->root, json_object_get(content, "schema"));
}

static bool has_pair(json_t *pairs, const char *name, size_t before)
{
    for (size_t i = 0; i < before; i++) {
        if (str_equal(json_string_value(json_array_get(json_array_get(pairs, i), 0)), name))
            return true;
    }
    return false;
}

/* Parameters as the log shows them, [["name","value"], …], each against its schema. */
static void check_pairs(struct contract *contract, const struct openapi_operation *operation,
                        json_t *pairs, bool in_form)
{
    json_t *pair;
    size_t index;

    json_array_foreach(pairs, index, pair)
    {
        const char *name = json_string_value(json_array_get(pair, 0));
        size_t mark = place_enter(contract, name);
        json_t *schema =
            in_form ? json_object_get(json_object_get(form_schema(operation), "properties"), name)
                    : json_object_get(find_parameter(operation, "query", name), "schema");
        if (schema == NULL)
            contract_report(contract, FINDING_EXTRA, NULL, "is not in the description");
        else if (has_pair(pairs, name, index) && !value_check_is_list(operation->root, schema))
            contract_report(contract, FINDING_TYPE, NULL, "is repeated and is no list");
        else
            value_check_text(contract, operation->root, schema,
                             json_string_value(json_array_get(pair, 1)));
        place_leave(contract, mark);
    }
}

static void require_pair(struct contract *contract, json_t *pairs, const char *name)
{
    size_t mark;

    if (has_pair(pairs, name, json_array_size(pairs)))
        return;
    mark = place_enter(contract, name);
    contract_report(contract, FINDING_MISSING, NULL, "is required and missing");
    place_leave(contract, mark);
}

static void check_required(struct contract *contract, const struct openapi_operation *operation,
                           json_t *query, json_t *form)
{
    json_t *required = json_object_get(form_schema(operation), "required");
    json_t *parameters = json_object_get(operation->node, "parameters"), *parameter;
    size_t index;

    json_array_foreach(required, index, parameter)
        require_pair(contract, form, json_string_value(parameter));
    json_array_foreach(parameters, index, parameter)
    {
        parameter = openapi_resolve(operation->root, parameter);
        if (json_is_true(json_object_get(parameter, "required")) &&
            str_equal(json_string_value(json_object_get(parameter, "in")), "query"))
            require_pair(contract, query, json_string_value(json_object_get(parameter, "name")));
    }
}

static void check_path_values(struct contract *contract, const struct openapi_operation *operation)
{
    json_t *parameters = json_object_get(operation->node, "parameters"), *parameter;
    struct arena arena = {0};
    size_t index;

    json_array_foreach(parameters, index, parameter)
    {
        const char *name, *value;
        parameter = openapi_resolve(operation->root, parameter);
        name = json_string_value(json_object_get(parameter, "name"));
        if (!str_equal(json_string_value(json_object_get(parameter, "in")), "path"))
            continue;
        value = openapi_path_value(&arena, operation->path, contract->sent_path, name);
        if (value != NULL) {
            size_t mark = place_enter(contract, name);
            value_check_text(contract, operation->root, json_object_get(parameter, "schema"),
                             value);
            place_leave(contract, mark);
        }
    }
    arena_release(&arena);
}

static void check_request(struct contract *contract, enum openapi_match match,
                          struct openapi_operation *operation, json_t *query, json_t *form)
{
    contract->side = CONTRACT_REQUEST;
    contract->requests++;
    if (match != OPENAPI_FOUND) {
        report_no_operation(contract, match);
        return;
    }
    check_path_values(contract, operation);
    check_pairs(contract, operation, query, false);
    check_pairs(contract, operation, form, true);
    check_required(contract, operation, query, form);
    operation->requests++;
}

static bool is_pairs(json_t *pairs)
{
    json_t *pair;
    size_t index;

    json_array_foreach(pairs, index, pair)
    {
        if (json_array_size(pair) != 2 || !json_is_string(json_array_get(pair, 0)) ||
            !json_is_string(json_array_get(pair, 1)))
            return false;
    }
    return json_is_array(pairs);
}

static void check_entry(struct contract *contract, json_t *entry)
{
    json_t *query = json_object_get(entry, "query"), *form = json_object_get(entry, "form");
    json_t *body = json_object_get(entry, "response");
    const char *agent = json_string_value(json_object_get(entry, "user_agent"));
    const char *method = json_string_value(json_object_get(entry, "method"));
    const char *path = json_string_value(json_object_get(entry, "path"));
    struct openapi_operation *operation = NULL;
    enum openapi_match match;
    bool spoilt = json_object_get(entry, "fault") != NULL;

    /* What the sandbox calls itself, and what controls it, is not in the description. */
    if (json_object_get(entry, "webhook") != NULL || (path != NULL && str_starts_with(path, "/-/")))
        return;
    if (method == NULL || path == NULL || !is_pairs(query) || !is_pairs(form) ||
        (!spoilt && !json_is_integer(json_object_get(entry, "status")))) {
        contract_report(contract, FINDING_LOG, NULL, "a log line lacks what the check reads");
        return;
    }
    if (body == NULL) {
        contract_report(contract, FINDING_LOG, NULL, "the log was written without --log-bodies");
        return;
    }
    match = openapi_find(&contract->api, method, path, &operation);
    contract->method = method;
    contract->sent_path = path;
    contract->path = match == OPENAPI_FOUND ? operation->path : path;
    contract->status = (int)json_integer_value(json_object_get(entry, "status"));
    if (!spoilt) /* the answer is what a file of faults says, not what the sandbox does */
        check_answer(contract, match, operation, body);
    if (agent != NULL && str_starts_with(agent, "roster/"))
        check_request(contract, match, operation, query, form);
}

void contract_line(struct contract *contract, const char *log, size_t line, const char *text,
                   size_t size)
{
    json_error_t error;
    json_t *entry = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);

    contract->log = log;
    contract->line = line;
    contract->method = NULL;
    contract->path = contract->sent_path = "";
    contract->lines++;
    if (json_is_object(entry))
        check_entry(contract, entry);
    else
        contract_report(contract, FINDING_LOG, NULL, "a log line is no JSON object: %s",
                        error.text);
    contract->method = NULL;
    json_decref(entry);
}

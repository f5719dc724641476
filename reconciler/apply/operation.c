#include "apply/operation.h"

#include "base/buf.h"
#include "base/str.h"
#include "twilio/endpoints.h"

#include <assert.h>
#include <string.h>

enum {
    FORM_MAX = 256 * 1024,
    CODE_ALREADY_HERE = 21710, /* also for a short code or alpha sender that is there already */
    STATUS_NOT_FOUND = 404,
};

static void add_to(struct operation *operation, const char *service_sid, enum sender_kind kind,
                   const struct sender *sender)
{
    const struct resource *resource = sender_types[kind].section->resource;

    operation->path = endpoint_senders(&operation->arena, service_sid, kind);
    resource_encode(resource, sender, resource_all_rows(resource), &operation->form);
}

static void remove_from(struct operation *operation, const char *service_sid, enum sender_kind kind,
                        const struct sender *sender)
{
    operation->method = HTTP_DELETE;
    operation->path = endpoint_sender(&operation->arena, service_sid, kind, sender->sid);
}

/* What the API makes a SID for is looked for in the list. */
static void look_for(struct operation *operation, const char *service_sid,
                     const struct change *change)
{
    operation->method = HTTP_GET;
    operation->lists_services = change->kind == CHANGE_CREATE_SERVICE;
    if (operation->lists_services)
        return;
    operation->path = sender_types[change->sender_kind].origin == SENDER_MINTED
                          ? endpoint_senders(&operation->arena, service_sid, change->sender_kind)
                          : endpoint_sender(&operation->arena, service_sid, change->sender_kind,
                                            change->sender.sid);
}

static void fill_main(struct operation *operation, const struct plan *plan,
                      const struct change *change, const char *service_sid)
{
    switch (change->kind) {
    case CHANGE_CREATE_SERVICE:
    case CHANGE_UPDATE_SERVICE:
        operation->path = change->kind == CHANGE_CREATE_SERVICE
                              ? ENDPOINT_SERVICES
                              : endpoint_service(&operation->arena, service_sid);
        resource_encode(&resource_service, &plan->services[change->service].desired->service,
                        change->rows, &operation->form);
        break;
    case CHANGE_ADD_SENDER:
        add_to(operation, service_sid, change->sender_kind, &change->sender);
        break;
    case CHANGE_REMOVE_SENDER:
        remove_from(operation, service_sid, change->sender_kind, &change->sender);
        break;
    case CHANGE_DELETE_SERVICE:
        operation->method = HTTP_DELETE;
        operation->path = endpoint_service(&operation->arena, service_sid);
        break;
    case CHANGE_MOVE_SENDER:
    case CHANGE_KIND_COUNT:
        assert(false); /* a move has steps of its own */
    }
}

static void fill(struct operation *operation, const struct plan *plan, const struct change *change,
                 enum step step, const struct execution *execution)
{
    const char *here = execution->service_sids[change->service];
    const struct change *removal =
        change->replaces == CHANGE_NONE ? change : &plan->changes[change->replaces];

    switch (step) {
    case STEP_DO:
        fill_main(operation, plan, change, here);
        break;
    case STEP_TAKE_OUT:
        remove_from(operation, execution->service_sids[change->from], change->sender_kind,
                    &change->sender);
        break;
    case STEP_PUT_IN:
        add_to(operation, here, change->sender_kind, &change->sender);
        break;
    case STEP_LOOK:
        look_for(operation, here, change);
        break;
    case STEP_PUT_BACK:
        add_to(operation,
               change->kind == CHANGE_MOVE_SENDER ? execution->service_sids[change->from] : here,
               change->sender_kind, &removal->sender);
        break;
    }
}

bool operation_completes(const struct change *change, enum step step)
{
    return step == STEP_PUT_IN || step == STEP_LOOK || step == STEP_PUT_BACK ||
           change->replaces != CHANGE_NONE;
}

void operation_prepare(struct operation *operation, const struct plan *plan, size_t index,
                       enum step step, const struct execution *execution)
{
    *operation = (struct operation){.method = HTTP_POST};
    buf_init(&operation->form, FORM_MAX);
    fill(operation, plan, &plan->changes[index], step, execution);
    operation->when.urgent = operation_completes(&plan->changes[index], step);
}

void operation_send(struct operation *operation, struct twilio_client *client, twilio_row *row,
                    twilio_callback *callback, void *context)
{
    const char *form = operation->method == HTTP_POST ? buf_text(&operation->form) : NULL;

    if (operation->lists_services)
        twilio_list_at(client, TWILIO_MESSAGING, ENDPOINT_SERVICES, NULL, ENDPOINT_SERVICES_KEY,
                       &operation->when, row, callback, context);
    else
        twilio_request_at(client, operation->method, TWILIO_MESSAGING, operation->path, form,
                          &operation->when, callback, context);
    operation_drop(operation);
}

void operation_drop(struct operation *operation)
{
    buf_release(&operation->form);
    arena_release(&operation->arena);
}

/* Names of the rows, for "did not take: sticky_sender, usecase". */
static const char *row_names(uint64_t rows, struct arena *arena)
{
    const char *names = "";
    size_t row;
    for (row = 0; row < resource_service.field_count; row++)
        if ((rows >> row & 1) != 0)
            names = arena_printf(arena, "%s%s%s", names, names[0] == '\0' ? "" : ", ",
                                 resource_service.fields[row].yaml_key);
    return names;
}

static const char *check_service(const struct plan *plan, size_t index,
                                 const struct twilio_answer *answer, struct execution *execution)
{
    const struct change *change = &plan->changes[index];
    struct diag unread;
    struct field_reader reader = {.arena = &execution->arena, .diag = &unread};
    struct service service;
    uint64_t not_taken;
    int decoded;

    memset(&service, 0, sizeof(service));
    diag_init(&unread);
    decoded = resource_decode(&resource_service, answer->json, &service, "service", &reader);
    diag_release(&unread);
    if (service.sid != NULL && change->kind == CHANGE_CREATE_SERVICE)
        execution->service_sids[change->service] = service.sid;
    if (decoded != 0 || service.sid == NULL)
        return "Twilio's answer is not a service";
    not_taken =
        change->rows & resource_diff(&resource_service,
                                     &plan->services[change->service].desired->service, &service);
    if (not_taken != 0)
        return arena_printf(&execution->arena, "Twilio accepted the request but did not take: %s",
                            row_names(not_taken, &execution->arena));
    return NULL;
}

/* A channel sender that the roster names by SID has no other identity before the answer. */
static bool is_same_sender(const struct sender *added, const struct sender *wanted)
{
    if (sender_compare(added, wanted) == 0)
        return true;
    return added->sid != NULL && str_equal_nocase(added->sid, wanted->identity);
}

static const char *check_sender(const struct change *change, const struct twilio_answer *answer,
                                struct execution *execution)
{
    const struct sender_type *type = &sender_types[change->sender_kind];
    struct diag unread;
    struct field_reader reader = {.arena = &execution->arena, .diag = &unread};
    struct sender sender;
    int decoded;

    memset(&sender, 0, sizeof(sender));
    diag_init(&unread);
    decoded = resource_decode(type->section->resource, answer->json, &sender, type->label, &reader);
    diag_release(&unread);
    if (decoded != 0 || sender.identity == NULL)
        return arena_printf(&execution->arena, "Twilio's answer does not show the %s", type->label);
    if (!is_same_sender(&sender, &change->sender))
        return arena_printf(&execution->arena, "Twilio added %s instead", sender.identity);
    return NULL;
}

static bool is_addition(const struct change *change, enum step step)
{
    return step == STEP_PUT_IN || step == STEP_PUT_BACK ||
           (step == STEP_DO && change->kind == CHANGE_ADD_SENDER);
}

static bool is_removal(const struct change *change, enum step step)
{
    return step == STEP_TAKE_OUT || (step == STEP_DO && (change->kind == CHANGE_REMOVE_SENDER ||
                                                         change->kind == CHANGE_DELETE_SERVICE));
}

/* Whether a refusal says that the state we wanted is there. */
static bool is_there_already(const struct change *change, enum step step,
                             const struct twilio_answer *answer)
{
    if (is_addition(change, step))
        return answer->code == CODE_ALREADY_HERE;
    return is_removal(change, step) && answer->status == STATUS_NOT_FOUND;
}

static bool has_text(const json_t *row, const char *key, const char *text)
{
    return str_equal(json_string_value(json_object_get(row, key)), text);
}

/* Whether the list of an answer has the sender. */
static bool list_has(const struct change *change, const struct twilio_answer *answer)
{
    const json_t *rows = json_object_get(answer->json, endpoints[change->sender_kind].list_key);
    const struct resource *resource = sender_types[change->sender_kind].section->resource;
    const char *country = change->sender.country;
    size_t i;

    for (i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (has_text(row, resource->fields[0].json_key, change->sender.identity) &&
            (country == NULL || has_text(row, "iso_country_code", country)))
            return true;
    }
    return false;
}

static enum verdict judge_look(const struct change *change, const struct twilio_answer *answer)
{
    if (answer->status == STATUS_NOT_FOUND)
        return VERDICT_FAILED;
    if (answer->problem != NULL)
        return VERDICT_UNCLEAR;
    if (sender_types[change->sender_kind].origin != SENDER_MINTED)
        return VERDICT_DONE;
    return list_has(change, answer) ? VERDICT_DONE : VERDICT_FAILED;
}

/* The problem with an answer that looks like a success; NULL when it is one. */
static const char *check(const struct plan *plan, size_t index, enum step step,
                         const struct twilio_answer *answer, struct execution *execution)
{
    const struct change *change = &plan->changes[index];
    const char *wrong = NULL;

    if (step == STEP_PUT_BACK)
        return NULL;
    if (is_addition(change, step))
        wrong = check_sender(change, answer, execution);
    else if (!is_removal(change, step))
        wrong = check_service(plan, index, answer, execution);
    if (wrong == NULL || answer->request_id[0] == '\0')
        return wrong;
    return arena_printf(&execution->arena, "%s (request %s)", wrong, answer->request_id);
}

static void note_problem(struct change_outcome *outcome, enum step step, const char *problem,
                         const char *hint)
{
    if (step == STEP_PUT_BACK) {
        outcome->put_back_problem = problem;
    } else if (outcome->problem == NULL || step == STEP_DO) {
        outcome->problem = problem;
        outcome->hint = hint;
    }
}

enum verdict operation_judge(const struct plan *plan, size_t index, enum step step,
                             const struct twilio_answer *answer, struct execution *execution)
{
    const struct change *change = &plan->changes[index];
    struct change_outcome *outcome = &execution->outcomes[index];
    const char *wrong;

    if (step == STEP_LOOK)
        return judge_look(change, answer);
    if (answer->problem != NULL) {
        if (is_there_already(change, step, answer))
            return VERDICT_DONE;
        note_problem(outcome, step, arena_strdup(&execution->arena, answer->problem), answer->hint);
        return answer->unclear ? VERDICT_UNCLEAR : VERDICT_FAILED;
    }
    wrong = check(plan, index, step, answer, execution);
    if (wrong == NULL)
        return VERDICT_DONE;
    note_problem(outcome, step, wrong, NULL);
    if (change->kind == CHANGE_CREATE_SERVICE)
        return execution->service_sids[change->service] == NULL ? VERDICT_UNCLEAR : VERDICT_FAILED;
    /* Whether something has to be put back is worth a look. */
    return step == STEP_PUT_IN || change->replaces != CHANGE_NONE ? VERDICT_UNCLEAR
                                                                  : VERDICT_FAILED;
}

static bool is_known(const struct plan *plan, const struct execution *execution, const char *sid)
{
    size_t i;

    for (i = 0; i < plan->service_count; i++)
        if (execution->service_sids[i] != NULL && str_equal_nocase(execution->service_sids[i], sid))
            return true;
    return false;
}

void operation_note_service(struct created *created, const struct plan *plan, size_t index,
                            const struct execution *execution, const json_t *row)
{
    const struct change *change = &plan->changes[index];
    const char *name = plan->services[change->service].desired->service.friendly_name;
    const char *sid = json_string_value(json_object_get(row, "sid"));

    /* One of that name that the plan knows is not it: it may be about to be renamed. */
    if (sid == NULL || is_known(plan, execution, sid) ||
        !str_equal(json_string_value(json_object_get(row, "friendly_name")), name))
        return;
    if (created->count++ == 0)
        created->row = json_deep_copy(row);
}

enum verdict operation_judge_created(const struct plan *plan, size_t index, struct created *created,
                                     const struct twilio_answer *answer,
                                     struct execution *execution)
{
    struct change_outcome *outcome = &execution->outcomes[index];
    const struct twilio_answer found = {.json = created->row};
    enum verdict verdict = VERDICT_UNCLEAR;
    const char *wrong;

    if (answer->problem == NULL && created->count == 0) {
        verdict = VERDICT_FAILED;
    } else if (answer->problem == NULL && created->count > 1) {
        outcome->problem = arena_printf(&execution->arena,
                                        "there are %zu services of that name now", created->count);
        outcome->hint = "delete all but one of them, then plan again";
    } else if (answer->problem == NULL) {
        wrong = check_service(plan, index, &found, execution);
        verdict = wrong == NULL ? VERDICT_DONE : VERDICT_UNCLEAR;
        if (wrong != NULL)
            note_problem(outcome, STEP_DO, wrong, NULL);
    }
    json_decref(created->row);
    *created = (struct created){0};
    return verdict;
}

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

void operation_start(const struct plan *plan, size_t index, const struct execution *execution,
                     struct twilio_client *client, twilio_callback *callback, void *context)
{
    const struct change *change = &plan->changes[index];
    const struct resource *resource = sender_types[change->sender_kind].section->resource;
    const char *service_sid = execution->service_sids[change->service];
    enum http_method method = HTTP_POST;
    struct arena scratch = {0};
    const char *path = NULL;
    struct buf form;

    buf_init(&form, FORM_MAX);
    switch (change->kind) {
    case CHANGE_CREATE_SERVICE:
    case CHANGE_UPDATE_SERVICE:
        path = change->kind == CHANGE_CREATE_SERVICE ? ENDPOINT_SERVICES
                                                     : endpoint_service(&scratch, service_sid);
        resource_encode(&resource_service, &plan->services[change->service].desired->service,
                        change->rows, &form);
        break;
    case CHANGE_ADD_SENDER:
        path = endpoint_senders(&scratch, service_sid, change->sender_kind);
        resource_encode(resource, &change->sender, resource_all_rows(resource), &form);
        break;
    case CHANGE_REMOVE_SENDER:
        method = HTTP_DELETE;
        path = endpoint_sender(&scratch, service_sid, change->sender_kind, change->sender.sid);
        break;
    case CHANGE_KIND_COUNT:
        assert(false);
    }
    twilio_request(client, method, TWILIO_MESSAGING, path,
                   method == HTTP_POST ? buf_text(&form) : NULL, callback, context);
    buf_release(&form);
    arena_release(&scratch);
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
        return arena_printf(&execution->arena, "Twilio's answer is not a %s", type->label);
    if (!is_same_sender(&sender, &change->sender))
        return arena_printf(&execution->arena, "Twilio added %s instead", sender.identity);
    return NULL;
}

/* Whether a refusal says that the state we wanted is there. */
static bool is_there_already(const struct change *change, const struct twilio_answer *answer)
{
    if (change->kind == CHANGE_ADD_SENDER)
        return answer->code == CODE_ALREADY_HERE;
    return change->kind == CHANGE_REMOVE_SENDER && answer->status == STATUS_NOT_FOUND;
}

void operation_finish(const struct plan *plan, size_t index, const struct twilio_answer *answer,
                      struct execution *execution)
{
    const struct change *change = &plan->changes[index];
    struct change_outcome *outcome = &execution->outcomes[index];
    const char *wrong = NULL;

    if (answer->problem != NULL) {
        if (is_there_already(change, answer)) {
            outcome->state = CHANGE_DONE;
            return;
        }
        outcome->state = CHANGE_FAILED;
        outcome->problem = arena_strdup(&execution->arena, answer->problem);
        outcome->hint = answer->hint;
        outcome->unclear = answer->unclear;
        return;
    }
    if (change->kind == CHANGE_ADD_SENDER)
        wrong = check_sender(change, answer, execution);
    else if (change->kind != CHANGE_REMOVE_SENDER)
        wrong = check_service(plan, index, answer, execution);
    outcome->state = wrong == NULL ? CHANGE_DONE : CHANGE_FAILED;
    outcome->unclear = wrong != NULL && change->kind == CHANGE_CREATE_SERVICE &&
                       execution->service_sids[change->service] == NULL;
    if (wrong != NULL)
        outcome->problem =
            answer->request_id[0] == '\0'
                ? wrong
                : arena_printf(&execution->arena, "%s (request %s)", wrong, answer->request_id);
}

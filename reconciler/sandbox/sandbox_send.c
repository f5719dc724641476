#include "sandbox/sandbox_send.h"

#include "base/segments.h"
#include "base/str.h"
#include "sandbox/sandbox_choose.h"
#include "sandbox/sandbox_draft.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_simulator.h"

static int refuse(struct sandbox_reply *reply, int code)
{
    sandbox_error(reply, code, NULL, NULL);
    return -1;
}

/* The sender, unless it is given, and how it ends; 0, or -1 when that shows at once. */
static int settle(const struct sandbox_request *request, struct sandbox_draft *draft,
                  struct sandbox_reply *reply)
{
    const struct sandbox_simulator *simulator = request->simulator;
    int code = 0;

    if (draft->from == NULL) {
        draft->member =
            sandbox_choose(request->store, draft->service, draft->to, draft->media != 0, &code);
        if (draft->member != NULL)
            draft->from = sandbox_choose_address(draft->member);
        else if (simulator->config.synchronous_pool_errors)
            return refuse(reply, code);
    }
    draft->outcome = sandbox_outcome_of(simulator->config.recipients, draft->to);
    if (draft->from != NULL &&
        sandbox_life_is_full(&simulator->life, draft->from, request->message_ms)) {
        if (draft->service == NULL)
            return refuse(reply, 21611);
        code = 30001;
    }
    /* Trouble with the pool shows only later: the message is accepted, and then fails. */
    if (code != 0)
        draft->outcome = (struct sandbox_outcome){SANDBOX_FAILED, code, false};
    return 0;
}

/* As it is in the end; what of that shows by when is a matter of sandbox_json_message(). */
static json_t *message_body(const struct sandbox_draft *draft, unsigned segments)
{
    json_t *body = json_object();
    int code = draft->outcome.error_code;
    const char *text = code == 0 ? NULL : sandbox_error_known(code);
    bool failed = draft->outcome.status == SANDBOX_FAILED;

    json_object_set_new(body, "to", json_string(draft->to));
    json_object_set_new(body, "from", draft->from == NULL ? json_null() : json_string(draft->from));
    json_object_set_new(body, "body", json_string(draft->body));
    json_object_set_new(body, "messaging_service_sid",
                        draft->service == NULL ? json_null()
                                               : json_string(draft->service->row.sid));
    json_object_set_new(body, "direction", json_string("outbound-api"));
    json_object_set_new(body, "status", json_string(sandbox_status_name(draft->outcome.status)));
    json_object_set_new(body, "num_media", json_sprintf("%zu", draft->media));
    json_object_set_new(body, "num_segments",
                        json_sprintf("%u", draft->from == NULL ? 0 : segments));
    json_object_set_new(body, "price",
                        failed ? json_null() : json_sprintf("-%.5f", 0.0075 * segments));
    json_object_set_new(body, "price_unit", json_string("USD"));
    json_object_set_new(body, "error_code", code == 0 ? json_null() : json_integer(code));
    json_object_set_new(body, "error_message", text == NULL ? json_null() : json_string(text));
    return body;
}

/* Puts it on its way. */
static struct sandbox_message *post(const struct sandbox_request *request,
                                    struct sandbox_draft *draft)
{
    struct sandbox_store *store = request->store;
    unsigned segments = draft->media != 0 ? 1 : segments_of(draft->body);
    const char *callback = sandbox_form_get(&request->form, "StatusCallback");
    struct sandbox_message *message;
    char sid[SANDBOX_SID_SIZE];
    const struct sandbox_fate fate = {
        .from = draft->from,
        .to = draft->to,
        .by_service = draft->service != NULL,
        .segments = segments,
        .outcome = draft->outcome,
    };

    sandbox_store_mint(store, draft->media != 0 ? "MM" : "SM", sid);
    message =
        sandbox_message_add(store, sid, message_body(draft, segments), request->message_ms / 1000);
    if (!str_is_empty(callback))
        message->status_callback = arena_strdup(&store->arena, callback);
    if (draft->member != NULL)
        sandbox_choose_use(draft->member, draft->to);
    sandbox_life_begin(&request->simulator->life, message, &fate, request->message_ms);
    return message;
}

struct sandbox_message *sandbox_send(const struct sandbox_request *request,
                                     struct sandbox_reply *reply)
{
    struct sandbox_draft draft = {0};

    if (sandbox_draft_read(request, &draft, reply) != 0 || settle(request, &draft, reply) != 0)
        return NULL;
    return post(request, &draft);
}

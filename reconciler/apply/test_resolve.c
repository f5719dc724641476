/*
 * What has to be known before the first message is sent: see test_run_resolve().
 */
#include "apply/test_run.h"

#include "base/str.h"
#include "twilio/endpoints.h"
#include "twilio/live_fetch.h"

#include <string.h>

/* The live service that an entry of the roster is, as plan finds it. */
struct match {
    const struct service *service, *second; /* second: of the same name */
    enum desired_claim how;
};

static struct match find_live(const struct desired *desired, const struct desired_service *wanted,
                              const struct live_state *live)
{
    struct match match = {.how = CLAIM_NONE};
    size_t i;

    for (i = 0; i < live->count; i++) {
        const struct service *service = &live->services[i]->service;
        enum desired_claim how;
        if (desired_claim(desired, service, &how) != wanted)
            continue;
        if (match.service == NULL || how < match.how) {
            match = (struct match){.service = service, .how = how};
        } else if (how == match.how) {
            match.second = service;
        }
    }
    return match;
}

static int resolve_service(struct test_message *message, const struct desired *desired,
                           const struct live_state *live, struct arena *arena, struct diag *diag)
{
    const size_t row = resource_row_at(&resource_test_send, offsetof(struct test_send, service));
    const struct diag_span *span = &message->send->origins[row].span;
    const struct desired_service *wanted = desired_find_service(desired, message->send->service);
    const struct match match = find_live(desired, wanted, live);

    if (match.service == NULL) {
        diag_error(diag, span, "the account has no service \"%s\"", message->service);
        diag_help(diag, "apply the roster first");
        return -1;
    }
    if (match.second != NULL) {
        diag_error(diag, span, "the account has two services \"%s\": %s and %s", message->service,
                   match.service->sid, match.second->sid);
        diag_help(diag, "say which with \"sid\" in the service's entry");
        return -1;
    }
    message->service_sid = arena_strdup(arena, match.service->sid);
    return 0;
}

/* A list of one service's senders under way. */
struct senders_fetch {
    struct test_run *run;
    struct test_message *message;
    const char *address_key;
    const char *problem;
};

static int on_sender(void *context, const json_t *row)
{
    struct senders_fetch *fetch = context;
    struct test_message *message = fetch->message;
    struct arena *arena = &fetch->run->arena;
    const char *address = json_string_value(json_object_get(row, fetch->address_key));
    const char *country = json_string_value(json_object_get(row, "country_code"));

    if (address == NULL || country == NULL)
        return 0;
    message->senders = arena_grow(arena, message->senders, message->sender_count,
                                  &message->sender_capacity, sizeof(*message->senders));
    message->senders[message->sender_count++] = (struct test_sender){
        .address = arena_strdup(arena, address), .country = arena_strdup(arena, country)};
    return 0;
}

static void on_senders(void *context, const struct twilio_answer *answer)
{
    struct senders_fetch *fetch = context;

    if (answer->problem != NULL)
        fetch->problem = arena_strdup(&fetch->run->arena, answer->problem);
}

/* Phone numbers and short codes have a country. */
static int fetch_countries(struct test_run *run, struct twilio_client *client, struct diag *diag)
{
    static const enum sender_kind kinds[] = {SENDER_PHONE_NUMBER, SENDER_SHORT_CODE};
    struct senders_fetch *fetches =
        arena_array(&run->arena, run->count * COUNT_OF(kinds), sizeof(*fetches));
    size_t count = 0, i, kind;

    for (i = 0; i < run->count; i++)
        for (kind = 0; kind < COUNT_OF(kinds) && run->messages[i].send->expect.country != NULL;
             kind++) {
            const struct resource *resource = sender_types[kinds[kind]].section->resource;
            fetches[count] = (struct senders_fetch){.run = run,
                                                    .message = &run->messages[i],
                                                    .address_key = resource->fields[0].json_key};
            twilio_list(client, TWILIO_MESSAGING,
                        endpoint_senders(&run->arena, run->messages[i].service_sid, kinds[kind]),
                        NULL, endpoints[kinds[kind]].list_key, on_sender, on_senders,
                        &fetches[count]);
            count++;
        }
    twilio_client_run(client);
    for (i = 0; i < count; i++)
        if (fetches[i].problem != NULL) {
            diag_error(diag, NULL, "%s", fetches[i].problem);
            return -1;
        }
    return 0;
}

/* The roster's services with nothing managed: only which there are is asked for. */
static void list_names(struct desired *names, const struct desired *desired)
{
    size_t i, kind;

    names->redactions = desired->redactions;
    names->lookup = desired->lookup;
    names->services = arena_array(&names->arena, desired->service_count, sizeof(*names->services));
    names->service_count = desired->service_count;
    for (i = 0; i < desired->service_count; i++) {
        names->services[i] = desired->services[i];
        names->services[i].left_out = false;
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            names->services[i].senders[kind].managed = false;
    }
    desired_index(names);
}

static int resolve_services(struct test_run *run, const struct desired *names,
                            const struct live_state *live, struct diag *diag)
{
    int result = 0;
    size_t i;

    for (i = 0; i < run->count; i++)
        if (resolve_service(&run->messages[i], names, live, &run->arena, diag) != 0)
            result = -1;
    return result;
}

int test_run_resolve(struct test_run *run, struct twilio_client *client,
                     const struct desired *desired, struct diag *diag)
{
    struct desired names = {0};
    struct live_state live = {0};
    int result = -1;

    list_names(&names, desired);
    if (live_fetch(client, &names, &live, diag) == 0 &&
        resolve_services(run, &names, &live, diag) == 0)
        result = fetch_countries(run, client, diag);
    live_state_release(&live);
    desired_release(&names);
    return result;
}

#include "twilio/live_fetch.h"

#include "base/form.h"
#include "base/str.h"
#include "twilio/endpoints.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One fetch of any of the kinds; only its first failure is reported. */
struct fetch {
    struct twilio_client *client;
    const struct desired *desired; /* NULL when services are fetched by SID */
    struct live_state *live;
    struct diag *diag;
    void *known;               /* tsearch() tree of the SIDs that were seen */
    struct search *search;     /* NULL: none */
    const char *const *others; /* SIDs that are no namesakes; some NULL */
    size_t other_count;
    live_filter *wanted; /* NULL: all services */
    void *wanted_context;
    bool failed;
    bool explain; /* the failure is a row's; its list's end adds which list it was */
};

/* A list, or a service, of a fetch. Lives in the live state's arena. */
struct part {
    struct fetch *fetch;
    const struct desired_service *desired;
    struct live_service *service;
    enum sender_kind kind;
    struct live_senders *list;
};

static void fail(struct fetch *fetch, const struct twilio_answer *answer)
{
    if (fetch->failed)
        return;
    fetch->failed = true;
    diag_error(fetch->diag, NULL, "%s", answer->problem);
    if (answer->hint != NULL)
        diag_help(fetch->diag, "%s", answer->hint);
}

static void search_goes_on(struct search *search, const struct live_senders *list);

static void list_end(void *context, const struct twilio_answer *answer)
{
    struct part *part = context;

    if (answer->problem == NULL) {
        if (part->fetch->search != NULL)
            search_goes_on(part->fetch->search, part->list);
        return;
    }
    if (part->fetch->explain)
        diag_note(part->fetch->diag, NULL, "%s", answer->problem);
    part->fetch->explain = false;
    fail(part->fetch, answer);
}

static void fail_row(struct fetch *fetch)
{
    fetch->failed = true;
    fetch->explain = true;
}

static int reject(struct fetch *fetch, const char *what, const char *problem)
{
    diag_error(fetch->diag, NULL, "%s %s", what, problem);
    fail_row(fetch);
    return -1;
}

/* Decodes into `object`; a failure is reported only when it is the first. */
static int decode(struct fetch *fetch, const struct resource *resource, const json_t *row,
                  void *object, const char *what)
{
    struct field_reader reader = {.arena = &fetch->live->arena, .diag = fetch->diag};

    if (fetch->failed)
        return -1;
    if (resource_decode(resource, row, object, what, &reader) != 0) {
        fail_row(fetch);
        return -1;
    }
    return 0;
}

/* A live text as it may be shown, NULL when that is as it is: it may be a variable's value. */
static const char *shown_text(struct fetch *fetch, const char *text)
{
    const char *shown =
        redact_text(twilio_client_redactions(fetch->client), &fetch->live->arena, text);
    char *masked;

    if (shown == NULL || strstr(shown, "://") == NULL)
        return shown == text ? NULL : shown;
    masked = arena_strdup(&fetch->live->arena, shown);
    masked[str_mask_passwords(masked, strlen(masked))] = '\0';
    return strcmp(masked, text) == 0 ? NULL : masked;
}

/* The sender that was decoded last. */
static void move_elsewhere(struct part *part)
{
    struct live_senders *list = part->list;

    list->elsewhere = arena_grow(&part->fetch->live->arena, list->elsewhere, list->elsewhere_count,
                                 &list->elsewhere_capacity, sizeof(*list->elsewhere));
    list->elsewhere[list->elsewhere_count++] = list->items[--list->count];
}

static int sender_row(void *context, const json_t *row)
{
    struct part *part = context;
    const struct sender_type *type = &sender_types[part->kind];
    struct sender *sender = live_state_add_sender(part->fetch->live, part->list);

    if (decode(part->fetch, type->section->resource, row, sender, type->label) != 0)
        return -1;
    if (sender->sid == NULL || sender->identity == NULL)
        return reject(part->fetch, type->label, "in Twilio's answer has no SID or no value");
    sender->shown = shown_text(part->fetch, sender->identity);
    /*
     * Whether a service's alpha sender shows among its destination alpha senders, as the one for
     * all countries, is not known; either way it is not theirs to remove.
     */
    if (type->needs_country && sender->country == NULL)
        move_elsewhere(part);
    return 0;
}

static struct part *part_new(struct fetch *fetch, enum sender_kind kind, struct live_senders *list)
{
    struct part *part = arena_alloc(&fetch->live->arena, sizeof(*part));
    part->fetch = fetch;
    part->kind = kind;
    part->list = list;
    list->fetched = true;
    return part;
}

static void fetch_list(struct fetch *fetch, struct live_service *service, enum sender_kind kind)
{
    twilio_list(fetch->client, TWILIO_MESSAGING,
                endpoint_senders(&fetch->live->arena, service->service.sid, kind), NULL,
                endpoints[kind].list_key, sender_row, list_end,
                part_new(fetch, kind, &service->senders[kind]));
}

static void fetch_senders(struct fetch *fetch, struct live_service *service,
                          const struct desired_service *desired)
{
    size_t i;

    for (i = 0; i < SENDER_KIND_COUNT; i++) {
        if (desired->senders[i].managed)
            fetch_list(fetch, service, (enum sender_kind)i);
    }
}

/* Decodes a service and checks that it is one of the account's. */
static int decode_service(struct fetch *fetch, const json_t *row, struct service *service)
{
    const char *account = twilio_client_account(fetch->client);

    if (decode(fetch, &resource_service, row, service, "service") != 0)
        return -1;
    if (service->sid == NULL)
        return reject(fetch, "a service", "in Twilio's answer has no SID");
    if (service->account_sid != NULL && !str_equal_nocase(service->account_sid, account)) {
        fetch->failed = true;
        diag_error(fetch->diag, NULL, "the credentials are for account %s, not %s",
                   service->account_sid, account);
        diag_help(fetch->diag, "TWILIO_ACCOUNT_SID must be the account that TWILIO_API_KEY or "
                               "TWILIO_AUTH_TOKEN belongs to");
        return -1;
    }
    return 0;
}

static int compare_sids(const void *left, const void *right)
{
    return strcasecmp(left, right);
}

/* A page that shifts while it is read may show a service again. */
static bool is_known(struct fetch *fetch, const char *sid)
{
    const char *const *found = tsearch(sid, &fetch->known, compare_sids);
    return found != NULL && *found != sid;
}

static void forget_known(struct fetch *fetch)
{
    while (fetch->known != NULL)
        tdelete(*(void *const *)fetch->known, &fetch->known, compare_sids);
}

/* What is to be deleted is shown with all its senders. */
static void fetch_all_senders(struct fetch *fetch, struct live_service *service)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        fetch_list(fetch, service, (enum sender_kind)kind);
}

/* Adds the service of a row, unless it was there already; NULL then, and when it is a bad one. */
static struct live_service *add_service(struct fetch *fetch, const json_t *row, int *result)
{
    struct live_service *service;
    struct service decoded;

    memset(&decoded, 0, sizeof(decoded));
    *result = decode_service(fetch, row, &decoded);
    if (*result != 0 || is_known(fetch, decoded.sid))
        return NULL;
    service = live_state_add_service(fetch->live);
    service->service = decoded;
    service->shown_name = shown_text(fetch, decoded.friendly_name);
    return service;
}

static int service_row(void *context, const json_t *row)
{
    struct part *part = context;
    struct fetch *fetch = part->fetch;
    const struct desired_service *desired;
    struct live_service *service;
    enum desired_claim how;
    int result;

    service = add_service(fetch, row, &result);
    if (service == NULL)
        return result;
    desired = desired_claim(fetch->desired, &service->service, &how);
    if (desired != NULL && !desired->left_out)
        fetch_senders(fetch, service, desired);
    else if (desired_prunes(fetch->desired, &service->service))
        fetch_all_senders(fetch, service);
    return 0;
}

static int any_service_row(void *context, const json_t *row)
{
    struct part *part = context;
    struct fetch *fetch = part->fetch;
    struct live_service *service;
    int result;

    service = add_service(fetch, row, &result);
    if (service != NULL &&
        (fetch->wanted == NULL || fetch->wanted(fetch->wanted_context, &service->service)))
        fetch_all_senders(fetch, service);
    return result;
}

int live_fetch(struct twilio_client *client, const struct desired *desired, struct live_state *live,
               struct diag *diag)
{
    struct fetch fetch = {.client = client, .desired = desired, .live = live, .diag = diag};
    struct part part = {.fetch = &fetch};

    twilio_list(client, TWILIO_MESSAGING, ENDPOINT_SERVICES, NULL, ENDPOINT_SERVICES_KEY,
                service_row, list_end, &part);
    twilio_client_run(client);
    forget_known(&fetch);
    return fetch.failed ? -1 : 0;
}

static void list_owned(struct fetch *fetch, enum sender_kind kind, const char *query)
{
    twilio_list(fetch->client, TWILIO_API,
                endpoint_owned(&fetch->live->arena, twilio_client_account(fetch->client), kind),
                query, endpoints[kind].owned_key, sender_row, list_end,
                part_new(fetch, kind, &fetch->live->owned[kind]));
}

int live_fetch_all(struct twilio_client *client, live_filter *wanted, void *context,
                   struct live_state *live, struct diag *diag)
{
    struct fetch fetch = {
        .client = client, .live = live, .diag = diag, .wanted = wanted, .wanted_context = context};
    struct part part = {.fetch = &fetch};
    size_t kind;

    twilio_list(client, TWILIO_MESSAGING, ENDPOINT_SERVICES, NULL, ENDPOINT_SERVICES_KEY,
                any_service_row, list_end, &part);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].origin == SENDER_OWNED)
            list_owned(&fetch, (enum sender_kind)kind, NULL);
    twilio_client_run(client);
    forget_known(&fetch);
    return fetch.failed ? -1 : 0;
}

int live_fetch_lists(struct twilio_client *client, struct live_service *const *services,
                     size_t count, enum sender_kind kind, struct live_state *live,
                     struct diag *diag)
{
    struct fetch fetch = {.client = client, .live = live, .diag = diag};
    size_t i;

    for (i = 0; i < count; i++)
        fetch_list(&fetch, services[i], kind);
    twilio_client_run(client);
    return fetch.failed ? -1 : 0;
}

/* Lists that a search asks for at once: more would be read for nothing once all is found. */
enum { SEARCH_AT_ONCE = 16 };

struct search {
    struct fetch *fetch;
    enum sender_kind kind;
    const char **wanted; /* sorted */
    bool *seen;          /* by wanted: a page that shifts may show one again */
    size_t count, found;
    size_t next; /* index of the live service whose list is read next */
};

static void note_found(struct search *search, const char *text)
{
    const char **found =
        bsearch(&text, search->wanted, search->count, sizeof(*search->wanted), str_compare);

    if (found == NULL || search->seen[found - search->wanted])
        return;
    search->seen[found - search->wanted] = true;
    search->found++;
}

/* Reads the next list that was not read yet, unless all is found. */
static void search_next(struct search *search)
{
    struct live_state *live = search->fetch->live;

    while (search->next < live->count && search->found < search->count && !search->fetch->failed) {
        struct live_service *service = live->services[search->next++];
        if (service->senders[search->kind].fetched)
            continue;
        fetch_list(search->fetch, service, search->kind);
        return;
    }
}

static void search_goes_on(struct search *search, const struct live_senders *list)
{
    size_t i;

    for (i = 0; i < list->count; i++) {
        note_found(search, list->items[i].identity);
        note_found(search, list->items[i].sid);
    }
    search_next(search);
}

int live_search(struct twilio_client *client, enum sender_kind kind, const char *const *identities,
                size_t count, struct live_state *live, size_t *found, struct diag *diag)
{
    struct search search = {.kind = kind, .count = count};
    struct fetch fetch = {.client = client, .live = live, .diag = diag, .search = &search};
    struct arena scratch = {0};
    size_t i;

    search.fetch = &fetch;
    search.wanted = arena_array(&scratch, count, sizeof(*search.wanted));
    search.seen = arena_array(&scratch, count, sizeof(*search.seen));
    for (i = 0; i < count; i++)
        search.wanted[i] = identities[i];
    qsort(search.wanted, count, sizeof(*search.wanted), str_compare);
    for (i = 0; i < SEARCH_AT_ONCE; i++)
        search_next(&search);
    twilio_client_run(client);
    *found = search.found;
    arena_release(&scratch);
    return fetch.failed ? -1 : 0;
}

int live_fetch_owned(struct twilio_client *client, enum sender_kind kind, const char *identity,
                     struct live_state *live, struct diag *diag)
{
    struct fetch fetch = {.client = client, .live = live, .diag = diag};
    struct buf query;

    buf_init(&query, 4096);
    if (identity != NULL)
        form_add(&query, endpoints[kind].owned_filter, identity);
    list_owned(&fetch, kind, identity == NULL ? NULL : buf_text(&query));
    buf_release(&query);
    twilio_client_run(client);
    return fetch.failed ? -1 : 0;
}

static void service_done(void *context, const struct twilio_answer *answer)
{
    struct part *part = context;

    if (answer->status == 404)
        return;
    if (answer->problem != NULL) {
        fail(part->fetch, answer);
        return;
    }
    part->service = live_state_add_service(part->fetch->live);
    if (decode_service(part->fetch, answer->json, &part->service->service) == 0)
        fetch_senders(part->fetch, part->service, part->desired);
}

int live_fetch_services(struct twilio_client *client, const struct live_wanted *wanted,
                        size_t count, struct live_state *live, struct diag *diag)
{
    struct fetch fetch = {.client = client, .live = live, .diag = diag};
    size_t i;

    for (i = 0; i < count; i++) {
        struct part *part = arena_alloc(&live->arena, sizeof(*part));
        part->fetch = &fetch;
        part->desired = wanted[i].desired;
        twilio_request(client, HTTP_GET, TWILIO_MESSAGING,
                       endpoint_service(&live->arena, wanted[i].sid), NULL, service_done, part);
    }
    twilio_client_run(client);
    return fetch.failed ? -1 : 0;
}

static int namesake_row(void *context, const json_t *row)
{
    struct part *part = context;
    struct fetch *fetch = part->fetch;
    struct live_service *service;
    struct service decoded;
    enum desired_claim how;
    size_t i;

    memset(&decoded, 0, sizeof(decoded));
    if (decode_service(fetch, row, &decoded) != 0)
        return -1;
    if (desired_claim(fetch->desired, &decoded, &how) == NULL || how != CLAIM_NAME)
        return 0;
    for (i = 0; i < fetch->other_count; i++)
        if (fetch->others[i] != NULL && str_equal_nocase(fetch->others[i], decoded.sid))
            return 0;
    service = live_state_add_service(fetch->live);
    service->service = decoded;
    service->shown_name = shown_text(fetch, decoded.friendly_name);
    return 0;
}

int live_fetch_namesakes(struct twilio_client *client, const struct desired *desired,
                         const char *const *known, size_t known_count, struct live_state *live,
                         struct diag *diag)
{
    struct fetch fetch = {
        .client = client,
        .desired = desired,
        .others = known,
        .other_count = known_count,
        .live = live,
        .diag = diag,
    };
    struct part part = {.fetch = &fetch};

    twilio_list(client, TWILIO_MESSAGING, ENDPOINT_SERVICES, NULL, ENDPOINT_SERVICES_KEY,
                namesake_row, list_end, &part);
    twilio_client_run(client);
    return fetch.failed ? -1 : 0;
}

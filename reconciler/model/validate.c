#include "model/validate.h"

#include "base/arena.h"
#include "base/random.h"
#include "base/str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * One value in one place; sorting them finds what is there twice without comparing all pairs. Text
 * that came from ${NAME} is shown as it is written.
 */
struct mention {
    const struct sender *sender; /* NULL: a plain name */
    const char *name;
    const char *shown;
    const struct desired_service *service;
    const struct diag_span *span;
    size_t index; /* keeps roster order among equals */
};

static int compare_values(const struct mention *a, const struct mention *b)
{
    if (a->sender != NULL && b->sender != NULL)
        return sender_compare(a->sender, b->sender);
    return strcmp(a->name, b->name);
}

static int compare_mentions(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    int order = compare_values(a, b);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* Reports each name that is there again, with `before` in front of it and `after` behind it. */
static int check_names(struct mention *names, size_t count, const char *before, const char *after,
                       struct diag *diag)
{
    int result = 0;
    size_t i;

    qsort(names, count, sizeof(*names), compare_mentions);
    for (i = 1; i < count; i++) {
        if (compare_values(&names[i], &names[i - 1]) != 0)
            continue;
        diag_error(diag, names[i].span, "%s\"%s\"%s", before, names[i].shown, after);
        diag_note(diag, names[i - 1].span, "the other one is here");
        names[i].span = names[i - 1].span; /* a third one points to the first */
        result = -1;
    }
    return result;
}

/* What may be shown of a value. */
static const char *written_or(const struct field_origin *origin, const char *value)
{
    return origin->written == NULL ? value : origin->written;
}

static size_t row_of(size_t offset)
{
    return resource_row_at(&resource_service, offset);
}

#define SERVICE_ROW(member) row_of(offsetof(struct service, member))

/* Adds a text member of a service to the mentions, when it has one. */
static void mention_text(struct mention *mentions, size_t *count, struct arena *arena,
                         const struct desired_service *service, size_t row)
{
    const struct field *field = &resource_service.fields[row];
    const char *text = *(const char *const *)field_member_const(field, &service->service);
    const struct field_origin *origin;

    if (text == NULL || service->origins == NULL)
        return;
    origin = &service->origins[row];
    mentions[*count] = (struct mention){
        .name = field->type == &field_sid ? arena_lower(arena, text, 0) : text,
        .shown = written_or(origin, text),
        .service = service,
        .span = &origin->span,
        .index = *count,
    };
    (*count)++;
}

/* Services may share their name when each says by its SID which one it is. */
static size_t drop_pinned_namesakes(struct mention *names, size_t count)
{
    size_t kept = 0, i, j, end;

    qsort(names, count, sizeof(*names), compare_mentions);
    for (i = 0; i < count; i = end) {
        bool all_pinned = true;
        for (end = i; end < count && compare_values(&names[end], &names[i]) == 0; end++)
            all_pinned = all_pinned && names[end].service->service.sid != NULL;
        for (j = i; j < end && !all_pinned; j++)
            names[kept++] = names[j];
    }
    return kept;
}

static int check_services_once(struct desired *desired, struct diag *diag)
{
    static const struct {
        size_t offset;
        const char *what;
    } texts[] = {
        {offsetof(struct service, friendly_name), "two services are called "},
        {offsetof(struct service, sid), "two services have the sid "},
        {offsetof(struct service, renamed_from), "two services are renamed from "},
    };
    struct mention *mentions =
        arena_array(&desired->arena, desired->service_count, sizeof(*mentions));
    int result = 0;
    size_t i, j;

    for (i = 0; i < COUNT_OF(texts); i++) {
        size_t count = 0;
        for (j = 0; j < desired->service_count; j++)
            mention_text(mentions, &count, &desired->arena, &desired->services[j],
                         row_of(texts[i].offset));
        if (texts[i].offset == offsetof(struct service, friendly_name))
            count = drop_pinned_namesakes(mentions, count);
        if (check_names(mentions, count, texts[i].what, "", diag) != 0)
            result = -1;
    }
    return result;
}

static int check_renames(const struct desired *desired, struct diag *diag)
{
    size_t row = SERVICE_ROW(renamed_from), name_row = SERVICE_ROW(friendly_name), i;
    int result = 0;

    for (i = 0; i < desired->service_count; i++) {
        const struct desired_service *service = &desired->services[i], *other;
        if (service->service.renamed_from == NULL)
            continue;
        other = desired_find_service(desired, service->service.renamed_from);
        if (other == NULL)
            continue;
        if (other == service) {
            diag_error(diag, &service->origins[row].span,
                       "\"renamed_from\" is the service's own name");
            diag_help(diag, "write the old name, or remove the key");
        } else {
            diag_error(diag, &service->origins[row].span,
                       "\"renamed_from\" names a service that the roster has as well");
            diag_note(diag, &other->origins[name_row].span, "it is declared here");
        }
        result = -1;
    }
    return result;
}

/* A sender and where it is. */
struct place {
    const struct desired_sender *item;
    const struct desired_service *service;
};

static void report_repeat(const struct sender_type *type, const struct place *again,
                          const struct place *first, struct diag *diag)
{
    const size_t name_row = SERVICE_ROW(friendly_name);
    const struct desired_service *owner = first->service;
    const char *shown = written_or(&again->item->origin, again->item->sender.identity);

    if (again->service == owner) {
        diag_error(diag, &again->item->origin.span, "%s %s is listed twice", type->label, shown);
        diag_note(diag, &first->item->origin.span, "first listed here");
        return;
    }
    diag_error(diag, &again->item->origin.span, "%s %s can't be in two services", type->label,
               shown);
    if (owner->service.friendly_name == NULL)
        diag_note(diag, &first->item->origin.span, "it is in another service already");
    else
        diag_note(diag, &first->item->origin.span, "it is in \"%s\" already",
                  written_or(&owner->origins[name_row], owner->service.friendly_name));
}

/*
 * Senders seen so far, found by hash: a roster may have very many, in any order. Open addressing,
 * at most half full. The seed is random, so that no roster can be made to be slow.
 */
struct seen {
    struct place *places; /* in roster order */
    size_t count;
    uint64_t *slots; /* low half: index into places plus one; high half: of the hash; 0: free */
    size_t mask;     /* number of slots, a power of two, less one */
    uint64_t seed;
    bool by_service; /* the same sender in another service is another one */
};

static uint64_t mix(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3); /* FNV-1a's prime */
    return (hash ^ hash >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
}

static uint64_t hash_place(const struct seen *seen, const struct place *place)
{
    uint64_t hash = mix(seen->seed, place->item->sender.identity);

    if (place->item->sender.country != NULL)
        hash = mix(hash, place->item->sender.country);
    if (seen->by_service)
        hash = (hash ^ (uintptr_t)place->service) * UINT64_C(0x94d049bb133111eb);
    return hash ^ hash >> 32;
}

/* The place of the sender that was seen first; the new one when it is the first. */
static const struct place *seen_first(struct seen *seen, const struct place *place)
{
    const uint64_t hash = hash_place(seen, place), high = hash >> 32 << 32;
    size_t slot = (size_t)hash & seen->mask;

    for (; seen->slots[slot] != 0; slot = (slot + 1) & seen->mask) {
        const struct place *other = &seen->places[(uint32_t)seen->slots[slot] - 1];
        if (seen->slots[slot] >> 32 << 32 != high)
            continue;
        if (sender_compare(&other->item->sender, &place->item->sender) == 0 &&
            (!seen->by_service || other->service == place->service))
            return other;
    }
    seen->places[seen->count] = *place;
    seen->slots[slot] = high | ++seen->count;
    return &seen->places[seen->count - 1];
}

static void seen_init(struct seen *seen, struct arena *arena, size_t count)
{
    struct random_state random;
    size_t size = 16;

    while (size < count * 2)
        size *= 2;
    seen->places = arena_array(arena, count, sizeof(*seen->places));
    seen->slots = arena_array(arena, size, sizeof(*seen->slots));
    seen->mask = size - 1;
    random_init(&random);
    seen->seed = random_next(&random);
}

static int check_senders_once(struct desired *desired, enum sender_kind kind, struct diag *diag)
{
    const struct sender_type *type = &sender_types[kind];
    /* An alpha sender is no property of the account: several services may use one. */
    struct seen seen = {.by_service = !type->exclusive};
    size_t total = 0, i, j;
    int result = 0;

    for (i = 0; i < desired->service_count; i++)
        total += desired->services[i].senders[kind].count;
    if (total == 0)
        return 0;
    seen_init(&seen, &desired->arena, total);
    for (i = 0; i < desired->service_count; i++) {
        const struct desired_service *service = &desired->services[i];
        for (j = 0; j < service->senders[kind].count; j++) {
            const struct place place = {&service->senders[kind].items[j], service};
            const struct place *first = seen_first(&seen, &place);
            if (first->item == place.item)
                continue;
            report_repeat(type, &place, first, diag);
            result = -1;
        }
    }
    return result;
}

static int check_limits(const struct desired_service *service, struct diag *diag)
{
    const struct diag_span *over = NULL;
    size_t pool = 0, kind;
    int result = 0;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct sender_type *type = &sender_types[kind];
        const struct desired_senders *list = &service->senders[kind];
        size_t most = type->section->most;
        /* A repeated one was reported as that. */
        if (!type->shares_pool_limit && most != 0 && list->count > most &&
            sender_compare(&list->items[most].sender, &list->items[0].sender) != 0) {
            diag_error(diag, &list->items[most].origin.span, "a service can have %zu %s%s, not %zu",
                       most, type->label, most == 1 ? "" : "s", list->count);
            result = -1;
        }
        if (!type->shares_pool_limit)
            continue;
        if (over == NULL && pool + list->count > SENDER_POOL_MAX)
            over = &list->items[SENDER_POOL_MAX - pool].origin.span;
        pool += list->count;
    }
    if (over != NULL) {
        diag_error(diag, over, "a service can have %d phone numbers and short codes, not %zu",
                   SENDER_POOL_MAX, pool);
        diag_help(diag, "spread them over several services (Twilio error 21714)");
        result = -1;
    }
    return result;
}

static int check_numbers(struct desired *desired, struct diag *diag)
{
    struct mention *mentions =
        arena_array(&desired->arena, desired->number_count, sizeof(*mentions));
    size_t i;

    for (i = 0; i < desired->number_count; i++) {
        const struct desired_number *number = &desired->numbers[i];
        mentions[i] = (struct mention){
            .sender = &number->sender,
            .shown = written_or(&number->origin, number->sender.identity),
            .span = &number->origin.span,
            .index = i,
        };
    }
    return check_names(mentions, desired->number_count, "", " is listed twice in \"numbers\"",
                       diag);
}

static size_t count_named(const struct desired *desired, const char *name)
{
    size_t count = 0, i;
    for (i = 0; i < desired->service_count; i++)
        count += str_equal(desired->services[i].service.friendly_name, name);
    return count;
}

static int check_test_sends(struct desired *desired, struct diag *diag)
{
    size_t name_row = resource_row_at(&resource_test_send, offsetof(struct test_send, name));
    size_t service_row = resource_row_at(&resource_test_send, offsetof(struct test_send, service));
    struct mention *mentions =
        arena_array(&desired->arena, desired->test_send_count, sizeof(*mentions));
    size_t count = 0, i;
    int result = 0;

    for (i = 0; i < desired->test_send_count; i++) {
        const struct test_send *send = &desired->test_sends[i];
        if (send->name != NULL)
            mentions[count++] =
                (struct mention){.name = send->name,
                                 .shown = written_or(&send->origins[name_row], send->name),
                                 .span = &send->origins[name_row].span,
                                 .index = i};
        if (send->service == NULL || !desired_knows_names(desired))
            continue;
        if (count_named(desired, send->service) > 1) {
            diag_error(diag, &send->origins[service_row].span,
                       "the roster has more than one service \"%s\"",
                       written_or(&send->origins[service_row], send->service));
            diag_help(diag, "give the service that is meant a name of its own");
            result = -1;
        }
        if (desired_find_service(desired, send->service) != NULL)
            continue;
        diag_error(diag, &send->origins[service_row].span, "the roster has no service \"%s\"",
                   written_or(&send->origins[service_row], send->service));
        result = -1;
    }
    if (check_names(mentions, count, "two test sends are called ", "", diag) != 0)
        result = -1;
    return result;
}

static int check_protect(struct desired *desired, struct diag *diag)
{
    const struct guards *guards = &desired->guards;
    struct mention *mentions =
        arena_array(&desired->arena, guards->protect_count, sizeof(*mentions));
    size_t i;

    for (i = 0; i < guards->protect_count; i++)
        mentions[i] = (struct mention){.name = guards->protect[i].name,
                                       .shown = guards->protect[i].shown,
                                       .span = &guards->protect[i].span,
                                       .index = i};
    return check_names(mentions, guards->protect_count, "", " is listed twice in \"protect\"",
                       diag);
}

int validate_desired(struct desired *desired, struct diag *diag)
{
    int result = check_services_once(desired, diag);
    size_t i;

    if (check_renames(desired, diag) != 0)
        result = -1;
    for (i = 0; i < SENDER_KIND_COUNT; i++)
        if (check_senders_once(desired, (enum sender_kind)i, diag) != 0)
            result = -1;
    for (i = 0; i < desired->service_count; i++)
        if (check_limits(&desired->services[i], diag) != 0)
            result = -1;
    if (check_numbers(desired, diag) != 0)
        result = -1;
    if (check_test_sends(desired, diag) != 0)
        result = -1;
    if (check_protect(desired, diag) != 0)
        result = -1;
    return result;
}

#include "model/validate.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

/* One name in one place; sorting them finds what is there twice without comparing all pairs. */
struct mention {
    const char *name;
    const struct desired_service *service;
    const struct diag_span *span;
    size_t index; /* keeps roster order among equals */
};

static int compare_mentions(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static int check_service_names(struct desired *desired, struct diag *diag)
{
    struct mention *names = arena_array(&desired->arena, desired->service_count, sizeof(*names));
    size_t count = 0, i;
    int result = 0;

    for (i = 0; i < desired->service_count; i++) {
        const struct desired_service *service = &desired->services[i];
        if (service->service.friendly_name != NULL)
            names[count++] =
                (struct mention){service->service.friendly_name, service, &service->span, i};
    }
    qsort(names, count, sizeof(*names), compare_mentions);
    for (i = 1; i < count; i++) {
        if (strcmp(names[i].name, names[i - 1].name) != 0)
            continue;
        diag_error(diag, names[i].span, "two services are called \"%s\"", names[i].name);
        diag_note(diag, names[i - 1].span, "the other one is here");
        names[i].span = names[i - 1].span; /* a third one points to the first */
        result = -1;
    }
    return result;
}

static void report_repeat(const struct sender_type *type, const struct mention *again,
                          const struct mention *first, struct diag *diag)
{
    if (again->service == first->service) {
        diag_error(diag, again->span, "%s %s is listed twice", type->label, again->name);
        diag_note(diag, first->span, "first listed here");
        return;
    }
    diag_error(diag, again->span, "%s %s can't be in two services", type->label, again->name);
    diag_note(diag, first->span, "it is in \"%s\" already",
              first->service->service.friendly_name == NULL
                  ? "another service"
                  : first->service->service.friendly_name);
}

static int check_repeats(struct desired *desired, enum sender_kind kind, struct diag *diag)
{
    const struct sender_type *type = &sender_types[kind];
    struct mention *mentions;
    size_t total = 0, count = 0, i, j;
    int result = 0;

    for (i = 0; i < desired->service_count; i++)
        total += desired->services[i].senders[kind].count;
    mentions = arena_array(&desired->arena, total, sizeof(*mentions));
    for (i = 0; i < desired->service_count; i++) {
        const struct desired_service *service = &desired->services[i];
        for (j = 0; j < service->senders[kind].count; j++, count++)
            mentions[count] =
                (struct mention){service->senders[kind].items[j].sender.identity, service,
                                 &service->senders[kind].items[j].span, count};
    }
    qsort(mentions, count, sizeof(*mentions), compare_mentions);
    for (i = 1; i < count; i++) {
        if (strcmp(mentions[i].name, mentions[i - 1].name) != 0)
            continue;
        /* An alpha sender is no property of the account: several services may use one. */
        if (!type->needs_owned_sid && mentions[i].service != mentions[i - 1].service)
            continue;
        report_repeat(type, &mentions[i], &mentions[i - 1], diag);
        result = -1;
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
        if (type->most != 0 && list->count > type->most) {
            diag_error(diag, &list->items[type->most].span, "a service can have %zu %s%s, not %zu",
                       type->most, type->label, type->most == 1 ? "" : "s", list->count);
            result = -1;
        }
        if (!type->shares_pool_limit)
            continue;
        if (over == NULL && pool + list->count > SENDER_POOL_MAX)
            over = &list->items[SENDER_POOL_MAX - pool].span;
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

int validate_desired(struct desired *desired, struct diag *diag)
{
    int result = check_service_names(desired, diag);
    size_t i;

    for (i = 0; i < SENDER_KIND_COUNT; i++)
        if (check_repeats(desired, (enum sender_kind)i, diag) != 0)
            result = -1;
    for (i = 0; i < desired->service_count; i++)
        if (check_limits(&desired->services[i], diag) != 0)
            result = -1;
    return result;
}

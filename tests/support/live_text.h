/*
 * For unit tests: a live state from JSON text, decoded through the field tables:
 *
 *     {"services": [{"sid": …, "friendly_name": …, …, "phone_numbers": [{…}], …}],
 *      "owned": {"phone_numbers": [{…}], "short_codes": [{…}]}}
 *
 * Sender lists that a service leaves out count as fetched and empty.
 */
#ifndef ROSTER_TESTS_LIVE_TEXT_H
#define ROSTER_TESTS_LIVE_TEXT_H

#include "model/live_state.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static inline void live_text_senders(struct live_state *live, struct live_senders *list,
                                     const struct sender_type *type, const json_t *rows,
                                     struct field_reader *reader)
{
    size_t i;
    list->fetched = true;
    for (i = 0; i < json_array_size(rows); i++)
        if (resource_decode(type->section->resource, json_array_get(rows, i),
                            live_state_add_sender(live, list), type->label, reader) != 0)
            abort();
}

static inline void live_text_read(struct live_state *live, const char *text)
{
    json_t *json = json_loads(text, 0, NULL);
    const json_t *services = json_object_get(json, "services");
    const json_t *owned = json_object_get(json, "owned");
    struct diag diag;
    struct field_reader reader = {.arena = &live->arena, .diag = &diag};
    size_t i, kind;

    if (json == NULL)
        abort();
    diag_init(&diag);
    memset(live, 0, sizeof(*live));
    for (i = 0; i < json_array_size(services); i++) {
        const json_t *row = json_array_get(services, i);
        struct live_service *service = live_state_add_service(live);
        if (resource_decode(&resource_service, row, &service->service, "service", &reader) != 0)
            abort();
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            live_text_senders(live, &service->senders[kind], &sender_types[kind],
                              json_object_get(row, sender_types[kind].section->yaml_key), &reader);
    }
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        live_text_senders(live, &live->owned[kind], &sender_types[kind],
                          json_object_get(owned, sender_types[kind].section->yaml_key), &reader);
    diag_release(&diag);
    json_decref(json);
}

#endif

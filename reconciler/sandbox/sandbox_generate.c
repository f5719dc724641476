#include "sandbox/sandbox_state.h"

#include "sandbox/sandbox_rules.h"
#include "sandbox/sandbox_settings.h"

#include <assert.h>
#include <stdio.h>

static void add_services(struct sandbox_store *store, size_t services, int64_t now)
{
    size_t i;
    for (i = 1; i <= services; i++) {
        json_t *settings = sandbox_settings_default();
        json_object_set_new(settings, "friendly_name", json_sprintf("Service %zu", i));
        sandbox_service_add(store, NULL, settings, now);
    }
}

void sandbox_state_generate(struct sandbox_store *store, size_t services, size_t numbers,
                            int64_t now)
{
    size_t first = store->services.count, i;

    assert(services <= SANDBOX_SERVICES_MAX && numbers <= SANDBOX_NUMBERS_MAX);
    add_services(store, services, now);
    for (i = 0; i < numbers; i++) {
        struct sandbox_sender *sender;
        struct sandbox_service *service;
        char address[32];

        snprintf(address, sizeof(address), "+1555%07zu", i + 1);
        sender = sandbox_sender_add(store, SANDBOX_PHONE_NUMBER, NULL, address, now);
        if (sender == NULL || services == 0)
            continue;
        /* Neighbours share a service, and no service has more than one above another. */
        service = (struct sandbox_service *)store->services.rows[first + i * services / numbers];
        if (sandbox_rules_join(service, sender) == 0)
            sandbox_member_add(store, service, sender, now);
    }
}

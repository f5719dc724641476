#include "sandbox/sandbox_request.h"

#include "base/attributes.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_json.h"
#include "sandbox/sandbox_page.h"
#include "sandbox/sandbox_settings.h"

struct sandbox_service *sandbox_services_need(const struct sandbox_request *request,
                                              struct sandbox_reply *reply)
{
    struct sandbox_service *service = sandbox_service_find(request->store, request->ids[0]);
    if (service == NULL)
        sandbox_error_not_found(request, reply, NULL);
    return service;
}

void sandbox_services_list(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_listing listing = {
        .list = &request->store->services,
        .key = "services",
        .prefixes = "MG",
        .body = sandbox_json_service,
    };
    sandbox_page_reply(&listing, request, reply);
}

void sandbox_services_create(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_service *service;
    json_t *settings = sandbox_settings_read(NULL, request, reply);

    if (settings == NULL)
        return;
    if (request->store->services.count >= SANDBOX_SERVICES_MAX) {
        json_decref(settings);
        sandbox_error(reply, 30995, NULL, NULL);
        return;
    }
    /* Two services may have one name: the real one has no rule against it. */
    service = sandbox_service_add(request->store, NULL, settings, request->now);
    reply->status = 201;
    reply->body = sandbox_json_service(request, &service->row);
}

void sandbox_services_fetch(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_service *service = sandbox_services_need(request, reply);
    if (service != NULL)
        reply->body = sandbox_json_service(request, &service->row);
}

void sandbox_services_update(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    struct sandbox_service *service = sandbox_services_need(request, reply);
    json_t *settings;

    if (service == NULL)
        return;
    settings = sandbox_settings_read(service->settings, request, reply);
    if (settings == NULL)
        return;
    json_decref(service->settings);
    service->settings = settings;
    service->updated = request->now;
    request->store->dirty = true;
    reply->body = sandbox_json_service(request, &service->row);
}

void sandbox_services_delete(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    struct sandbox_service *service = sandbox_services_need(request, reply);
    if (service == NULL)
        return;
    sandbox_service_remove(request->store, service);
    reply->status = 204;
}

static const struct {
    const char *usecase, *description, *purpose;
} usecases[] = {
    {"notifications", "Alerts and notices about deliveries, accounts, orders and the like.",
     "Notify my users"},
    {"marketing", "Offers, product news and calls to action.", "Market my services"},
    {"verification", "One-time passwords and two-factor authentication.", "Verify my users"},
    {"discussion", "Conversations with customers.", "Engage in a discussion"},
    {"poll", "Polls and surveys.", "Poll my audience"},
    {"undeclared", "Not yet decided.", "Undeclared"},
};

void sandbox_services_usecases(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    json_t *list = json_array();
    size_t i;

    (void)request;
    for (i = 0; i < COUNT_OF(usecases); i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "usecase", usecases[i].usecase,
                                              "description", usecases[i].description, "purpose",
                                              usecases[i].purpose));
    reply->body = json_pack("{s:o}", "usecases", list);
}

#include "model/lint.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* A place that `defaults` gives to several services is warned of only once. */
static bool is_news(const struct diag *diag, const struct diag_span *span)
{
    size_t i;
    for (i = 0; i < diag->count; i++)
        if (diag->items[i].level == DIAG_WARNING && diag->items[i].place.line == span->line &&
            diag->items[i].place.column == span->column &&
            str_equal(diag->items[i].place.file, span->source->name))
            return false;
    return true;
}

static void lint_setting(const struct desired_service *service, size_t row, struct diag *diag)
{
    const struct field *field = &resource_service.fields[row];
    const struct diag_span *span = &service->origins[row].span;

    if ((field->flags & FIELD_OBSOLETE) != 0) {
        diag_warning(diag, span, "\"%s\" is obsolete: Twilio ignores it", field->yaml_key);
        diag_help(diag, "remove it");
    } else if ((field->flags & FIELD_RESERVED) != 0) {
        diag_warning(diag, span, "\"%s\" is reserved by Twilio and may have no effect",
                     field->yaml_key);
        diag_help(diag, "remove it unless Twilio told you to set it");
    }
}

/* The host of an http or https URL, lower-case, without port and brackets. */
static void url_host(const char *url, struct buf *host)
{
    const char *at = strstr(url, "://"), *end, *user, *stop;

    if (at == NULL)
        return;
    at += 3;
    end = at + strcspn(at, "/?#");
    for (user = at; user < end; user++)
        if (*user == '@')
            at = user + 1;
    stop = *at == '[' ? memchr(at, ']', (size_t)(end - at)) : memchr(at, ':', (size_t)(end - at));
    if (*at == '[')
        at++;
    if (stop == NULL)
        stop = end;
    if (stop > at && stop[-1] == '.')
        stop--; /* the root of the name system: the same host */
    for (; at < stop; at++)
        buf_add_char(host, *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at);
}

/* Four numbers with dots between, else -1 in `parts[0]`. */
static bool is_ipv4(const char *host, long parts[4])
{
    char *end;
    int i;

    for (i = 0; i < 4; i++) {
        if (*host < '0' || *host > '9')
            return false;
        parts[i] = strtol(host, &end, 10);
        if (parts[i] > 255 || *end != (i < 3 ? '.' : '\0'))
            return false;
        host = end + 1;
    }
    return true;
}

/*
 * Why Twilio can't reach a host; NULL when it may. Ranges: RFC 1122 (loopback), RFC 1918 (private),
 * RFC 3927 (link-local), RFC 6761 (localhost), RFC 4193 and 4291 for IPv6.
 */
static const char *unreachable_ipv4(const long part[4])
{
    if (part[0] == 127 || part[0] == 0)
        return "is this machine only";
    if (part[0] == 10 || (part[0] == 172 && part[1] >= 16 && part[1] <= 31) ||
        (part[0] == 192 && part[1] == 168) || (part[0] == 169 && part[1] == 254))
        return "is a private address";
    return NULL;
}

static const char *unreachable_ipv6(const char *host)
{
    static const char *const prefixes[] = {"fe8", "fe9", "fea", "feb", "fc", "fd"};
    long part[4];
    size_t i;

    if (strcmp(host, "::1") == 0 || strcmp(host, "::") == 0)
        return "is this machine only";
    if (str_starts_with(host, "::ffff:") && is_ipv4(host + 7, part))
        return unreachable_ipv4(part);
    for (i = 0; i < COUNT_OF(prefixes); i++)
        if (str_starts_with(host, prefixes[i]))
            return "is a private address";
    return NULL;
}

static const char *unreachable(const char *host)
{
    static const char *const endings[] = {".local", ".internal"};
    long part[4];
    size_t i;

    if (strcmp(host, "localhost") == 0 || str_ends_with(host, ".localhost"))
        return "is this machine only";
    if (strchr(host, ':') != NULL)
        return unreachable_ipv6(host);
    if (is_ipv4(host, part))
        return unreachable_ipv4(part);
    for (i = 0; i < COUNT_OF(endings); i++)
        if (str_ends_with(host, endings[i]))
            return "is no public name";
    return strchr(host, '.') == NULL ? "is no public name" : NULL;
}

static void lint_url(const struct desired_service *service, size_t row, struct diag *diag)
{
    const struct field *field = &resource_service.fields[row];
    const struct field_origin *origin = &service->origins[row];
    struct buf host;
    const char *why;

    buf_init(&host, 4096);
    url_host(*(const char *const *)field_member_const(field, &service->service), &host);
    why = unreachable(buf_text(&host));
    if (why != NULL && origin->written == NULL)
        diag_warning(diag, &origin->span, "Twilio can't reach \"%s\": %s %s", field->yaml_key,
                     buf_text(&host), why);
    else if (why != NULL)
        diag_warning(diag, &origin->span, "Twilio can't reach \"%s\": its host %s", field->yaml_key,
                     why);
    if (why != NULL)
        diag_help(diag, "give a public name, for instance that of a tunnel");
    buf_release(&host);
}

/* NANP toll-free prefixes (the North American Numbering Plan's 8YY codes in use). */
static bool is_toll_free(const char *number)
{
    static const char *const prefixes[] = {"+1800", "+1833", "+1844", "+1855",
                                           "+1866", "+1877", "+1888"};
    size_t i;

    if (number[1] != '1' || number[2] != '8')
        return false;
    for (i = 0; i < COUNT_OF(prefixes); i++)
        if (str_starts_with(number, prefixes[i]))
            return true;
    return false;
}

static void lint_toll_free(const struct desired_service *service, struct diag *diag)
{
    const struct desired_senders *numbers = &service->senders[SENDER_PHONE_NUMBER];
    const struct desired_sender *first = NULL;
    size_t i;

    for (i = 0; i < numbers->count; i++) {
        if (!is_toll_free(numbers->items[i].sender.identity))
            continue;
        if (first == NULL) {
            first = &numbers->items[i];
            continue;
        }
        diag_warning(diag, &numbers->items[i].origin.span,
                     "a second toll-free number in one service may get blocked");
        diag_help(diag, "Twilio advises one toll-free number a service");
        diag_note(diag, &first->origin.span, "the first one is here");
        return;
    }
}

static void lint_service(const struct desired_service *service, struct diag *diag)
{
    size_t row;

    for (row = 0; row < resource_service.field_count; row++) {
        if (!field_is_present(&service->service.set, row) ||
            !is_news(diag, &service->origins[row].span))
            continue;
        lint_setting(service, row, diag);
        if (resource_service.fields[row].type == &field_url &&
            field_has_value(&service->service.set, row))
            lint_url(service, row, diag);
    }
    lint_toll_free(service, diag);
}

static size_t other_senders(const struct desired_service *service)
{
    size_t count = 0, kind;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (kind != SENDER_ALPHA_SENDER && kind != SENDER_DESTINATION_ALPHA_SENDER)
            count += service->senders[kind].count;
    return count;
}

static bool all_managed(const struct desired_service *service)
{
    return service->senders[SENDER_PHONE_NUMBER].managed &&
           service->senders[SENDER_SHORT_CODE].managed;
}

static void lint_test_send(const struct desired *desired, const struct test_send *send,
                           struct diag *diag)
{
    const struct desired_service *service;
    size_t row = resource_row_at(&resource_test_send, offsetof(struct test_send, to));
    size_t service_row = resource_row_at(&resource_test_send, offsetof(struct test_send, service));
    const char *written;

    if (send->service == NULL || send->to == NULL || !str_starts_with(send->to, "+1"))
        return;
    service = desired_find_service(desired, send->service);
    if (service == NULL || service->senders[SENDER_ALPHA_SENDER].count == 0 ||
        !all_managed(service) || other_senders(service) != 0)
        return;
    written = send->origins[service_row].written;
    diag_warning(diag, &send->origins[row].span,
                 "the United States and Canada take no alpha senders, and \"%s\" has nothing else",
                 written == NULL ? send->service : written);
    diag_help(diag, "add a phone number or a short code to the service");
}

/* The name nearest to what is protected, among those that may be shown. */
static const char *nearest_name(const struct desired *desired, const char *name)
{
    const size_t row = resource_row_at(&resource_service, offsetof(struct service, friendly_name));
    struct arena scratch = {0};
    const char **names = arena_array(&scratch, desired->service_count, sizeof(*names));
    const char *nearest;
    size_t count = 0, i;

    for (i = 0; i < desired->service_count; i++)
        if (desired->services[i].origins != NULL &&
            desired->services[i].origins[row].written == NULL)
            names[count++] = desired->services[i].service.friendly_name;
    nearest = str_closest(name, names, count);
    arena_release(&scratch);
    return nearest;
}

/*
 * A protected service need not be in the roster: the protection is to outlive its entry. But one
 * whose name is nearly that of an entry is probably misspelt.
 */
static void lint_protect(const struct desired *desired, struct diag *diag)
{
    size_t i, j;

    for (i = 0; i < desired->guards.protect_count; i++) {
        const struct desired_name *name = &desired->guards.protect[i];
        const char *nearest;
        bool known =
            !desired_knows_names(desired) || desired_find_service(desired, name->name) != NULL;
        for (j = 0; j < desired->service_count && !known; j++)
            known = str_equal(desired->services[j].service.renamed_from, name->name);
        nearest = known || name->shown != name->name ? NULL : nearest_name(desired, name->name);
        if (nearest == NULL)
            continue;
        diag_warning(diag, &name->span, "no service of the roster is called \"%s\"", name->shown);
        diag_help(diag, "did you mean \"%s\"?", nearest);
    }
}

void lint_desired(const struct desired *desired, struct diag *diag)
{
    size_t i;

    for (i = 0; i < desired->service_count; i++)
        if (desired->services[i].origins != NULL)
            lint_service(&desired->services[i], diag);
    for (i = 0; i < desired->test_send_count; i++)
        lint_test_send(desired, &desired->test_sends[i], diag);
    lint_protect(desired, diag);
}

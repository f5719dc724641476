#include "cli/completion.h"

#include "base/str.h"
#include "cli/session.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ROSTER_SIZE_MAX = 8 * 1024 * 1024 }; /* reading a larger one takes longer than people wait */

/* Reading a pipe would take away what it holds, and a terminal would wait. */
static bool can_be_read(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode));
}

/* One line of the answers is one name; and what can't be seen can't be chosen. */
static bool is_plain(const char *name)
{
    const size_t size = strlen(name);
    uint32_t codepoint;
    size_t at;

    for (at = 0; at < size;) {
        at += str_utf8_decode(name + at, size - at, &codepoint);
        if (!str_is_harmless(codepoint))
            return false;
    }
    return size > 0;
}

static void add_name(struct completion *completion, const char *name, const char *help)
{
    size_t i;

    if (name == NULL || !is_plain(name))
        return;
    for (i = 0; i < completion->count; i++)
        if (strcmp(completion->items[i].text, name) == 0)
            return;
    completion_add(completion, arena_strdup(&completion->arena, name), help);
}

/* A name that has a variable's value in it is not shown. */
static bool is_written(const struct field_origin *origins, const struct resource *resource,
                       size_t offset)
{
    return origins != NULL && origins[resource_row_at(resource, offset)].written == NULL;
}

static void add_names(struct completion *completion, enum option_names names,
                      const struct desired *desired)
{
    size_t i;

    for (i = 0; names == OPTION_NAMES_SERVICES && i < desired->service_count; i++) {
        const struct desired_service *service = &desired->services[i];
        if (is_written(service->origins, &resource_service,
                       offsetof(struct service, friendly_name)))
            add_name(completion, service->service.friendly_name, "service");
    }
    for (i = 0; names == OPTION_NAMES_TEST_SENDS && i < desired->test_send_count; i++) {
        const struct test_send *send = &desired->test_sends[i];
        if (is_written(send->origins, &resource_test_send, offsetof(struct test_send, name)))
            add_name(completion, send->name, "test send");
    }
}

void completion_add_names(struct completion *completion, enum option_names names,
                          const char *roster)
{
    struct source_options how = {.limit = ROSTER_SIZE_MAX, .lookup = getenv, .offline = true};
    struct session session = {0};
    struct diag diag;

    if (source_is_remote(roster) || !can_be_read(roster))
        return;
    diag_init(&diag);
    /* Of a broken roster those names are there that could be read. */
    if (source_load(&session.source, roster, &how, &diag) != 0 ||
        session_read(&session, &diag) != 0)
        diag_release(&diag);
    add_names(completion, names, &session.desired);
    session_release(&session);
    diag_release(&diag);
}

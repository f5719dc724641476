/*
 * Which services a run is about.
 */
#include "model/select.h"

#include "base/str.h"

#include <string.h>

static bool matches(const char *pattern, const char *name)
{
    return name != NULL && str_matches(pattern, name);
}

static bool is_target(const struct desired *desired, const char *name)
{
    size_t i;

    for (i = 0; i < desired->target_count; i++)
        if (matches(desired->targets[i], name))
            return true;
    return desired->target_count == 0;
}

static bool matches_some(const struct desired *desired, const char *pattern)
{
    size_t i;

    for (i = 0; i < desired->service_count; i++)
        if (matches(pattern, desired->services[i].service.friendly_name))
            return true;
    return false;
}

static void report_no_match(const struct desired *desired, const char *pattern, struct diag *diag)
{
    const char **names;
    struct arena scratch = {0};
    const char *nearest;
    size_t count = 0, i;

    names = arena_array(&scratch, desired->service_count, sizeof(*names));
    for (i = 0; i < desired->service_count; i++)
        if (desired->services[i].origins == NULL ||
            desired->services[i]
                    .origins[resource_row_at(&resource_service,
                                             offsetof(struct service, friendly_name))]
                    .written == NULL)
            names[count++] = desired->services[i].service.friendly_name;
    diag_error(diag, NULL, "the roster has no service \"%s\"", pattern);
    nearest = str_closest(pattern, names, count);
    if (nearest != NULL)
        diag_help(diag, "did you mean --target \"%s\"?", nearest);
    else
        diag_help(diag, "--target takes a friendly_name, or a pattern such as \"Order*\"");
    arena_release(&scratch);
}

int desired_select(struct desired *desired, const char *const *patterns, size_t count,
                   struct diag *diag)
{
    int result = 0;
    size_t i;

    desired->targets = patterns;
    desired->target_count = count;
    for (i = 0; i < count; i++) {
        if (desired->head.prune || matches_some(desired, patterns[i]))
            continue;
        report_no_match(desired, patterns[i], diag);
        result = -1;
    }
    desired->left_out_count = 0;
    for (i = 0; i < desired->service_count; i++) {
        struct desired_service *service = &desired->services[i];
        service->left_out = !is_target(desired, service->service.friendly_name);
        desired->left_out_count += service->left_out;
    }
    return result;
}

int desired_check_targets(const struct desired *desired, const struct live_state *live,
                          struct diag *diag)
{
    int result = 0;
    size_t i, j;

    for (i = 0; i < desired->target_count && desired->head.prune; i++) {
        bool found = matches_some(desired, desired->targets[i]);
        for (j = 0; j < live->count && !found; j++)
            found = matches(desired->targets[i], live->services[j]->service.friendly_name);
        if (found)
            continue;
        diag_error(diag, NULL, "neither the roster nor the account has a service \"%s\"",
                   desired->targets[i]);
        diag_help(diag, "--target takes a friendly_name, or a pattern such as \"Order*\"");
        result = -1;
    }
    return result;
}

bool desired_prunes(const struct desired *desired, const struct service *live)
{
    enum desired_claim how;
    size_t i;

    if (desired->prune_sids != NULL) {
        for (i = 0; i < desired->prune_sid_count; i++)
            if (str_equal_nocase(desired->prune_sids[i], live->sid))
                return true;
        return false;
    }
    return desired->head.prune && desired_claim(desired, live, &how) == NULL &&
           is_target(desired, live->friendly_name);
}

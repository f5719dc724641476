#include "render/words.h"

#include "base/str.h"

#include <string.h>

char words_sign(enum change_kind kind)
{
    static const char signs[CHANGE_KIND_COUNT] = {
        [CHANGE_CREATE_SERVICE] = '+', [CHANGE_UPDATE_SERVICE] = '~', [CHANGE_ADD_SENDER] = '+',
        [CHANGE_MOVE_SENDER] = '>',    [CHANGE_REMOVE_SENDER] = '-',  [CHANGE_DELETE_SERVICE] = '-',
    };
    return signs[kind];
}

const char *words_reason(const struct change *change)
{
    static const char *const reasons[REASON_COUNT] = {
        [REASON_ONLY_ROSTER] = "only in the roster",
        [REASON_ONLY_LIVE] = "only live",
        [REASON_DIFFERS] = "differs",
    };
    return change->kind == CHANGE_MOVE_SENDER ? "in another service" : reasons[change->reason];
}

const char *words_identity(const struct change *change)
{
    return change->written == NULL ? change->sender.identity : change->written;
}

const char *words_country(const struct change *change)
{
    return change->country_written == NULL ? change->sender.country : change->country_written;
}

struct words_change words_change(const struct plan *plan, const struct change *change)
{
    static const char *const verbs[CHANGE_KIND_COUNT] = {
        [CHANGE_CREATE_SERVICE] = "create service",
        [CHANGE_UPDATE_SERVICE] = "update settings",
        [CHANGE_ADD_SENDER] = "add",
        [CHANGE_MOVE_SENDER] = "move",
        [CHANGE_REMOVE_SENDER] = "remove",
        [CHANGE_DELETE_SERVICE] = "delete service",
    };
    struct words_change words = {.verb = verbs[change->kind]};

    if (!change_is_of_sender(change->kind))
        return words;
    words.label = sender_types[change->sender_kind].label;
    words.what = words_identity(change);
    words.country = words_country(change);
    if (change->kind == CHANGE_MOVE_SENDER)
        words.from = plan->services[change->from].name;
    return words;
}

const char *words_sid(const struct plan_service *service)
{
    size_t row = resource_row_at(&resource_service, offsetof(struct service, sid));

    if (service->live == NULL)
        return NULL;
    if (service->desired != NULL && service->desired->origins[row].written != NULL)
        return service->desired->origins[row].written;
    return service->live->service.sid;
}

/* A text as the roster has it, but for the passwords of URLs. */
static void add_written(struct buf *out, const char *written)
{
    struct buf shown;

    buf_init(&shown, out->limit);
    field_add_masked(&shown, written, true);
    str_add_quoted(out, buf_text(&shown));
    buf_release(&shown);
}

void words_setting_init(struct words_setting *setting, const struct plan *plan,
                        const struct change *change, size_t row)
{
    const struct plan_service *service = &plan->services[change->service];
    const char *written = service->desired->origins[row].written;

    setting->key = resource_service.fields[row].yaml_key;
    setting->same = false;
    buf_init(&setting->before, BUF_LIMIT_DEFAULT);
    buf_init(&setting->after, BUF_LIMIT_DEFAULT);
    if (written != NULL)
        add_written(&setting->after, written);
    else
        resource_print_value(&resource_service, row, &service->desired->service, &setting->after);
    if (change->kind != CHANGE_UPDATE_SERVICE)
        return;
    if (written != NULL)
        buf_add_text(&setting->before, "(not shown)");
    else
        resource_print_value(&resource_service, row, &service->live->service, &setting->before);
    setting->same = strcmp(buf_text(&setting->before), buf_text(&setting->after)) == 0;
}

void words_setting_release(struct words_setting *setting)
{
    buf_release(&setting->before);
    buf_release(&setting->after);
}

bool words_moves_away(const struct plan *plan, const struct plan_service *service,
                      const struct sender *sender)
{
    const size_t index = (size_t)(service - plan->services);
    size_t kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (service->senders[kind].moved_out != 0)
            break;
    for (i = 0; i < plan->change_count && kind < SENDER_KIND_COUNT; i++)
        if (plan->changes[i].kind == CHANGE_MOVE_SENDER && plan->changes[i].from == index &&
            str_equal_nocase(plan->changes[i].sender.sid, sender->sid))
            return true;
    return false;
}

bool words_sends(const struct change *change, size_t row)
{
    return (change->rows >> row & 1) != 0 && resource_service.fields[row].yaml_key != NULL;
}

void words_counts(const struct plan *plan, struct buf *out)
{
    static const struct {
        enum change_kind kind;
        const char *word;
    } words[] = {
        {CHANGE_CREATE_SERVICE, "create"}, {CHANGE_UPDATE_SERVICE, "update"},
        {CHANGE_ADD_SENDER, "add"},        {CHANGE_MOVE_SENDER, "move"},
        {CHANGE_REMOVE_SENDER, "remove"},  {CHANGE_DELETE_SERVICE, "delete"},
    };
    bool any = false;
    size_t i;

    for (i = 0; i < COUNT_OF(words); i++) {
        if (plan->counts[words[i].kind] == 0)
            continue;
        buf_printf(out, "%s%zu to %s", any ? ", " : "", plan->counts[words[i].kind], words[i].word);
        any = true;
    }
    if (!any)
        buf_add_text(out, "nothing to change");
}

void words_narrowed(const struct plan *plan, struct buf *out)
{
    const struct desired *desired = plan->desired;
    size_t i;

    if (desired->target_count == 0)
        return;
    buf_add_text(out, "narrowed to services that match ");
    for (i = 0; i < desired->target_count; i++) {
        buf_add_text(out, i == 0 ? "" : i + 1 == desired->target_count ? " or " : ", ");
        buf_printf(out, "\"%s\"", desired->targets[i]);
    }
    buf_printf(out, "; %zu of the roster %s left out", desired->left_out_count,
               desired->left_out_count == 1 ? "is" : "are");
}

#include "render/words.h"

#include "base/str.h"
#include "plan/drift.h"

#include <stdlib.h>
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

void words_add_origin(const struct change *change, struct buf *out)
{
    const char *class = words_drift(change->drift);

    if (class != NULL)
        buf_printf(out, "%s: ", class);
    buf_add_text(out, words_reason(change));
    if (change->span.source != NULL)
        buf_printf(out, ", %s:%u", change->span.source->name, (unsigned)change->span.line);
}

const char *words_drift(enum drift_class class)
{
    static const char *const words[DRIFT_CLASS_COUNT] = {
        [DRIFT_CHANGED_BY_HAND] = "changed by hand",
        [DRIFT_MISSING_LIVE] = "missing live",
        [DRIFT_EXTRA_LIVE] = "extra live",
        [DRIFT_ROSTER_AHEAD] = "roster ahead",
    };
    return words[class];
}

static const char *remark(const struct change *change, size_t row, bool same)
{
    static const char *const remarks[2][2] = {
        {"", " (the password differs)"},
        {" (roster ahead)", " (roster ahead; the password differs)"},
    };

    return remarks[change->drift != drift_setting_class(change, row)][same];
}

/* "2 changed by hand, 1 missing live; 3 roster ahead" */
static void add_classes(const struct plan *plan, struct buf *out)
{
    const char *separator = "";
    size_t class;

    for (class = DRIFT_NONE + 1; class < DRIFT_CLASS_COUNT; class ++) {
        size_t count = drift_count(plan, (enum drift_class) class);
        if (count == 0)
            continue;
        buf_printf(out, "%s%zu %s",
                   class == DRIFT_ROSTER_AHEAD && separator[0] != '\0' ? "; " : separator, count,
                   words_drift((enum drift_class) class));
        separator = ", ";
    }
}

void words_title(const struct plan *plan, struct buf *out)
{
    if (!plan->drift.reported) {
        words_counts(plan, out);
        return;
    }
    if (drift_by_hand(plan) == 0)
        buf_add_text(out, plan->change_count == 0 ? "no drift" : "no drift; ");
    add_classes(plan, out);
}

void words_verdict(const struct plan *plan, struct buf *out)
{
    const char *what = plan->desired->target_count == 0 ? "The account" : "What was looked at";

    if (plan->change_count == 0) {
        buf_printf(out, "No %s. %s is as the roster says.",
                   plan->drift.reported ? "drift" : "changes", what);
    } else if (!plan->drift.reported) {
        buf_add_text(out, "Plan: ");
        words_counts(plan, out);
        buf_add_char(out, '.');
    } else if (drift_by_hand(plan) == 0) {
        buf_printf(out, "No drift. %s is as it was applied: ", what);
        add_classes(plan, out);
        buf_add_char(out, '.');
    } else {
        buf_add_text(out, "Drift: ");
        add_classes(plan, out);
        buf_add_char(out, '.');
    }
}

void words_hint(const struct plan_hint *hint, struct buf *out)
{
    buf_add_text(out, hint->message);
    if (hint->span.source != NULL)
        buf_printf(out, " (%s:%u)", hint->span.source->name, (unsigned)hint->span.line);
}

const char *words_identity(const struct change *change)
{
    return change->written == NULL ? sender_shown(&change->sender) : change->written;
}

const char *words_country(const struct change *change)
{
    return change->country_written == NULL ? change->sender.country : change->country_written;
}

const char *words_verb(enum change_kind kind)
{
    static const char *const verbs[CHANGE_KIND_COUNT] = {
        [CHANGE_CREATE_SERVICE] = "create service",
        [CHANGE_UPDATE_SERVICE] = "update settings",
        [CHANGE_ADD_SENDER] = "add",
        [CHANGE_MOVE_SENDER] = "move",
        [CHANGE_REMOVE_SENDER] = "remove",
        [CHANGE_DELETE_SERVICE] = "delete service",
    };

    return verbs[kind];
}

struct words_change words_change(const struct plan *plan, const struct change *change)
{
    struct words_change words = {.verb = words_verb(change->kind)};

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

/*
 * A live value, in which that of a variable may be: of this setting until now, or of another. It is
 * looked for before the password of a URL is hidden, or it would not be found any more.
 */
static void add_live(struct buf *out, const struct plan *plan, size_t row,
                     const struct plan_service *service)
{
    json_t *value = resource_json_value(&resource_service, row, &service->live->service);
    const char *text = json_string_value(value);
    struct arena scratch = {0};
    const char *redacted = redact_text(&plan->desired->redactions, &scratch, text);

    if (redacted != text)
        add_written(out, redacted);
    else
        resource_print_value(&resource_service, row, &service->live->service, out);
    arena_release(&scratch);
    json_decref(value);
}

void words_setting_init(struct words_setting *setting, const struct plan *plan,
                        const struct change *change, size_t row)
{
    const struct plan_service *service = &plan->services[change->service];
    const char *written = service->desired->origins[row].written;

    setting->key = resource_service.fields[row].yaml_key;
    setting->remark = remark(change, row, false);
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
        add_live(&setting->before, plan, row, service);
    setting->remark =
        remark(change, row, strcmp(buf_text(&setting->before), buf_text(&setting->after)) == 0);
}

void words_setting_release(struct words_setting *setting)
{
    buf_release(&setting->before);
    buf_release(&setting->after);
}

bool words_sends(const struct change *change, size_t row)
{
    return (change->rows >> row & 1) != 0 && resource_service.fields[row].yaml_key != NULL;
}

static void add_counts(const size_t counts[CHANGE_KIND_COUNT], struct buf *out)
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
        if (counts[words[i].kind] == 0)
            continue;
        buf_printf(out, "%s%zu to %s", any ? ", " : "", counts[words[i].kind], words[i].word);
        any = true;
    }
    if (!any)
        buf_add_text(out, "nothing to change");
}

void words_counts(const struct plan *plan, struct buf *out)
{
    add_counts(plan->counts, out);
}

void words_service_counts(const struct plan *plan, const struct plan_service *service,
                          struct buf *out)
{
    size_t counts[CHANGE_KIND_COUNT] = {0}, i;

    for (i = 0; i < service->change_count; i++)
        counts[plan->changes[service->first_change + i].kind]++;
    add_counts(counts, out);
}

size_t words_guards(const struct plan *plan)
{
    size_t count = 0, i;

    for (i = 0; i < plan->refusal_count; i++)
        count += i == 0 || strcmp(plan->refusals[i].guard, plan->refusals[i - 1].guard) != 0;
    return count;
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

/* By the service that it leaves, then as the sender's list is ordered. */
static int compare_moves(const void *left, const void *right)
{
    const struct change *const *a = left, *const *b = right;

    if ((*a)->from != (*b)->from)
        return (*a)->from < (*b)->from ? -1 : 1;
    if ((*a)->sender_kind != (*b)->sender_kind)
        return (*a)->sender_kind < (*b)->sender_kind ? -1 : 1;
    return sender_compare(&(*a)->sender, &(*b)->sender);
}

void words_lost_init(struct words_lost *lost, const struct plan *plan)
{
    size_t i;

    memset(lost, 0, sizeof(*lost));
    lost->moves = arena_array(&lost->arena, plan->counts[CHANGE_MOVE_SENDER], sizeof(*lost->moves));
    for (i = 0; i < plan->change_count; i++)
        if (plan->changes[i].kind == CHANGE_MOVE_SENDER)
            lost->moves[lost->count++] = &plan->changes[i];
    qsort(lost->moves, lost->count, sizeof(*lost->moves), compare_moves);
}

bool words_is_lost(const struct words_lost *lost, size_t service, enum sender_kind kind,
                   const struct sender *sender)
{
    const struct change change = {.from = service, .sender_kind = kind, .sender = *sender};
    const struct change *key = &change;

    return bsearch(&key, lost->moves, lost->count, sizeof(*lost->moves), compare_moves) == NULL;
}

void words_lost_release(struct words_lost *lost)
{
    arena_release(&lost->arena);
}

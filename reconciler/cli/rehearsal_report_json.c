#include "cli/rehearsal_report.h"

#include "base/json_text.h"
#include "http/rate_limit.h"

#include <jansson.h>

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static void set_count(json_t *object, const char *key, size_t count)
{
    set(object, key, json_integer((json_int_t)count));
}

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *changes_of(const struct plan *plan)
{
    json_t *object = json_object();
    size_t kind;

    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        set_count(object, change_kind_name((enum change_kind)kind), plan->counts[kind]);
    return object;
}

static json_t *refusals_of(const struct plan *plan)
{
    json_t *array = json_array();
    size_t i;

    for (i = 0; i < plan->refusal_count; i++) {
        json_t *object = json_object();
        set(object, "guard", json_string(plan->refusals[i].guard));
        set(object, "message", json_string(plan->refusals[i].message));
        set(object, "allow", json_string(plan->refusals[i].allow));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *counts_of(const struct request_counts *counts)
{
    json_t *object = json_object();
    size_t kind;

    for (kind = 0; kind < REQUEST_KIND_COUNT; kind++)
        set_count(object, request_kind_name((enum request_kind)kind), counts->of[kind]);
    return object;
}

static const char *problem_of(const struct rehearsed_apply *apply)
{
    if (apply->unplanned != NULL)
        return apply->unplanned;
    if (apply->problem != NULL)
        return apply->problem;
    return apply->unverified != NULL ? apply->unverified : apply->unplannable;
}

static json_t *apply_of(const struct rehearsed_apply *apply)
{
    json_t *object = json_object();

    set_count(object, "done", apply->done);
    set_count(object, "failed", apply->failed);
    set_count(object, "not_attempted", apply->not_attempted);
    set(object, "exit_code", json_integer(apply->code));
    set(object, "verified", json_boolean(apply->as_roster));
    set(object, "problem", text_or_null(problem_of(apply)));
    set(object, "left",
        apply->unplannable != NULL ? json_null() : json_integer((json_int_t)apply->left));
    set(object, "requests", counts_of(&apply->requests));
    set_count(object, "faults", apply->requests.faults);
    return object;
}

static json_t *requests_of(const struct rehearsal *rehearsal)
{
    const struct rehearsal_duration *duration = &rehearsal->duration;
    json_t *object = json_object();

    set_count(object, "plan_reads", duration->plan_reads);
    set_count(object, "writes", duration->writes);
    set_count(object, "verify_reads", duration->verify_reads);
    set_count(object, "rounds", duration->rounds);
    set_count(object, "copy_reads", rehearsal->pace.fetch_requests);
    return object;
}

static json_t *duration_of(const struct rehearsal *rehearsal)
{
    const struct rehearsal_pace *pace = &rehearsal->pace;
    json_t *object = json_object();

    set(object, "least_ms", json_integer(rehearsal->duration.least_ms));
    set(object, "most_ms", json_integer(rehearsal->duration.most_ms));
    set(object, "latency_us", json_integer(pace->latency_us));
    set_count(object, "parallelism", pace->parallelism);
    set(object, "rate",
        pace->rate == 0 ? json_null() : json_real((double)pace->rate / RATE_LIMIT_UNIT));
    set(object, "rate_from",
        pace->rate == 0 ? json_null() : json_string(pace->rate_given ? "option" : "refusals"));
    set_count(object, "throttled", pace->throttled);
    return object;
}

static json_t *copy_of(const struct rehearsal *rehearsal)
{
    json_t *object = json_object(), *limits = json_array();
    size_t i;

    for (i = 0; i < rehearsal->limit_count; i++)
        json_array_append_new(limits, json_string(rehearsal->limits[i]));
    set(object, "same_plan", json_boolean(rehearsal->same_plan));
    set(object, "limits", limits);
    return object;
}

static json_t *troubles_of(const struct rehearsal *rehearsal)
{
    json_t *array = json_array();
    size_t i;

    for (i = 0; i < rehearsal->trouble_count; i++) {
        const struct rehearsed_trouble *trouble = &rehearsal->troubles[i];
        json_t *object = json_object();
        set(object, "name", json_string(trouble->name));
        set(object, "recovers", json_boolean(trouble->recovers));
        set_count(object, "duplicates", trouble->duplicates);
        set(object, "apply", apply_of(&trouble->first));
        set(object, "again", trouble->repeated ? apply_of(&trouble->again) : json_null());
        json_array_append_new(array, object);
    }
    return array;
}

void rehearsal_report_json(const struct plan *plan, enum rehearsal_result result,
                           const struct rehearsal *rehearsal, struct buf *out)
{
    static const char *const results[] = {
        [REHEARSAL_NOTHING_TO_DO] = "nothing_to_do",
        [REHEARSAL_REFUSED] = "refused",
        [REHEARSAL_CONVERGES] = "converges",
        [REHEARSAL_DIFFERS] = "differs",
    };
    json_t *root = json_object();

    set(root, "format", json_string("roster-rehearsal"));
    set(root, "version", json_integer(1));
    set(root, "account_sid", json_string(plan->origin.account_sid));
    set(root, "roster", json_string(plan->origin.location));
    set(root, "result", json_string(results[result]));
    set(root, "changes", changes_of(plan));
    set(root, "refusals", refusals_of(plan));
    if (rehearsal != NULL) {
        set(root, "apply", apply_of(&rehearsal->apply));
        set(root, "requests", requests_of(rehearsal));
        set(root, "duration", duration_of(rehearsal));
        set(root, "copy", copy_of(rehearsal));
        set(root, "faults", troubles_of(rehearsal));
    }
    json_text_add_document(out, root);
    json_decref(root);
}

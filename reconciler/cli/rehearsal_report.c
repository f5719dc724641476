#include "cli/rehearsal_report.h"

#include "cli/rehearsal_faults.h"

#include "base/attributes.h"
#include "base/str.h"
#include "http/rate_limit.h"

#include <inttypes.h>
#include <string.h>

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void add_visible(struct buf *out, const char *text)
{
    str_add_visible(out, text, strlen(text));
}

/* "850 ms", "3.2 s", "4 min 10 s". */
static void add_duration(struct buf *out, int64_t ms)
{
    if (ms < 1)
        buf_add_text(out, "less than 1 ms");
    else if (ms < 1000)
        buf_printf(out, "%" PRId64 " ms", ms);
    else if (ms < (int64_t)100 * 1000)
        buf_printf(out, "%" PRId64 ".%" PRId64 " s", ms / 1000, ms % 1000 / 100);
    else
        buf_printf(out, "%" PRId64 " min %" PRId64 " s", ms / 60000, ms % 60000 / 1000);
}

/* What apply would say. */
static void add_apply(struct buf *out, const struct rehearsed_apply *apply)
{
    if (apply->unplanned != NULL) {
        buf_add_text(out, "no plan, so that nothing is changed; exit code 1\n            ");
        add_visible(out, apply->unplanned);
        buf_add_char(out, '\n');
        return;
    }
    buf_printf(out, "%zu done, %zu failed, %zu not attempted; %s; exit code %d\n", apply->done,
               apply->failed, apply->not_attempted,
               apply->unverified != NULL ? "not verified"
               : apply->as_roster        ? "verified"
                                         : "not as the plan says",
               (int)apply->code);
    if (apply->problem != NULL) {
        buf_add_text(out, "            first failed: ");
        add_visible(out, apply->problem);
        buf_add_char(out, '\n');
    }
    if (apply->unverified != NULL) {
        buf_add_text(out, "            ");
        add_visible(out, apply->unverified);
        buf_add_char(out, '\n');
    }
}

static void add_afterwards(struct buf *out, const struct rehearsed_apply *apply)
{
    buf_add_text(out, "  After it  ");
    if (apply->unplannable != NULL) {
        buf_add_text(out, "there is no plan: ");
        add_visible(out, apply->unplannable);
        buf_add_char(out, '\n');
    } else if (apply->left == 0) {
        buf_add_text(out, "a plan has no changes\n");
    } else {
        buf_printf(out, "a plan has %zu change%s\n", apply->left, plural(apply->left));
    }
}

/* "2 create service, 5 add sender" */
static void add_writes(struct buf *out, const struct request_counts *counts)
{
    const char *between = "";
    size_t kind;

    for (kind = REQUEST_FIRST_WRITE; kind < REQUEST_KIND_COUNT; kind++) {
        const char *letter = request_kind_name((enum request_kind)kind);
        if (counts->of[kind] == 0)
            continue;
        buf_printf(out, "%s%zu ", between, counts->of[kind]);
        for (; *letter != '\0'; letter++)
            buf_add_char(out, *letter == '_' ? ' ' : *letter);
        between = ", ";
    }
}

static void add_requests(struct buf *out, const struct rehearsal *rehearsal)
{
    const struct rehearsal_duration *duration = &rehearsal->duration;

    buf_printf(out, "  Requests  %zu: %zu reads to plan, %zu to verify, %zu write%s:\n            ",
               rehearsal_requests(duration), duration->plan_reads, duration->verify_reads,
               duration->writes, plural(duration->writes));
    add_writes(out, &rehearsal->apply.requests);
    buf_add_char(out, '\n');
}

static void add_rate(struct buf *out, const struct rehearsal_pace *pace)
{
    if (pace->rate == 0)
        buf_add_text(out, "no limit of requests a second is known");
    else
        buf_printf(out, "at most %" PRId64 ".%" PRId64 " requests a second (%s)",
                   pace->rate / RATE_LIMIT_UNIT, pace->rate % RATE_LIMIT_UNIT / 100,
                   pace->rate_given ? "--rate" : "learned from refusals");
}

static void add_time(struct buf *out, const struct rehearsal *rehearsal)
{
    const struct rehearsal_duration *duration = &rehearsal->duration;
    const struct rehearsal_pace *pace = &rehearsal->pace;

    buf_add_text(out, "  Time      ");
    add_duration(out, duration->least_ms);
    buf_add_text(out, " to ");
    add_duration(out, duration->most_ms);
    buf_printf(out,
               ": at the least %zu round trips, with up to %zu request%s at once;\n"
               "            at the most one request after the other; ",
               duration->rounds, pace->parallelism, plural(pace->parallelism));
    add_duration(out, (pace->latency_us + 500) / 1000);
    buf_printf(out,
               " a request, the average of\n"
               "            the %zu reads that were made for this; ",
               pace->plan_requests + pace->fetch_requests);
    add_rate(out, pace);
    buf_add_char(out, '\n');
    if (pace->throttled != 0)
        buf_printf(out,
                   "            %zu of the reads were refused as too many (429) and repeated\n",
                   pace->throttled);
}

/* What the copy is not. */
static void add_copy(struct buf *out, const struct rehearsal *rehearsal)
{
    size_t i;

    if (!rehearsal->same_plan)
        buf_add_text(out,
                     "  Copy      it gives another plan than the account: that was changed just "
                     "now, or holds what\n            the sandbox can't; rehearse again\n");
    if (rehearsal->limit_count != 0)
        buf_add_text(out, "  Copy      it is not all as the account has it: ");
    for (i = 0; i < rehearsal->limit_count; i++) {
        buf_add_text(out, i == 0 ? "" : "; ");
        add_visible(out, rehearsal->limits[i]);
    }
    if (rehearsal->limit_count != 0)
        buf_add_char(out, '\n');
}

static void add_trouble(struct buf *out, const struct rehearsed_trouble *trouble)
{
    const struct request_counts *counts = &trouble->first.requests;
    const char *meaning = rehearsal_faults_meaning(trouble->name);

    buf_add_text(out, "\nUnder ");
    add_visible(out, trouble->name);
    if (meaning != NULL)
        buf_printf(out, " (%s)", meaning);
    buf_printf(out, ": %s\n",
               !trouble->recovers  ? "does not recover"
               : trouble->repeated ? "recovers when it is applied again"
                                   : "converges");
    buf_printf(out, "  Hit       %zu of %zu requests\n", counts->faults,
               request_counts_reads(counts) + request_counts_writes(counts));
    buf_add_text(out, "  Apply     ");
    add_apply(out, &trouble->first);
    add_afterwards(out, &trouble->first);
    if (trouble->repeated) {
        buf_add_text(out, "  Again     ");
        add_apply(out, &trouble->again);
        add_afterwards(out, &trouble->again);
    }
    if (trouble->duplicates != 0)
        buf_printf(out, "  Twice     %zu service%s\n", trouble->duplicates,
                   plural(trouble->duplicates));
}

void rehearsal_report_text(const struct plan *plan, enum rehearsal_result result,
                           const struct rehearsal *rehearsal, struct buf *out)
{
    size_t i;

    if (result == REHEARSAL_NOTHING_TO_DO)
        buf_add_text(out, "There is nothing to rehearse.\n");
    if (rehearsal == NULL)
        return;
    (void)plan;
    buf_printf(out, "\nRehearsed with a copy of the account in a sandbox: %s\n",
               rehearsal->apply.as_roster && rehearsal->apply.left == 0 &&
                       rehearsal->apply.unplannable == NULL
                   ? "converges"
                   : "does not converge");
    buf_add_text(out, "  Apply     ");
    add_apply(out, &rehearsal->apply);
    add_afterwards(out, &rehearsal->apply);
    add_requests(out, rehearsal);
    add_time(out, rehearsal);
    add_copy(out, rehearsal);
    for (i = 0; i < rehearsal->trouble_count; i++)
        add_trouble(out, &rehearsal->troubles[i]);
    buf_add_text(out, "\nTwilio was only read. What only Twilio knows was not rehearsed: "
                      "registrations, carriers,\nthe key's permission to write.\n");
}

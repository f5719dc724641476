#include "cli/progress.h"

#include "cli/interrupt.h"
#include "cli/terminal.h"

#include "base/str.h"
#include "render/render.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct progress {
    const struct plan *plan;
    const struct execution *execution;
    const struct twilio_client *client;
    bool overwrite; /* one line on a terminal that is written over */
};

void progress_add_change(const struct plan *plan, size_t index, struct buf *out)
{
    const struct change *change = &plan->changes[index];
    const char *name = plan->services[change->service].name;

    str_add_visible(out, name, strlen(name));
    buf_add_text(out, ": ");
    render_text_change(plan, change, out);
}

static size_t count_ended(const struct execution *execution)
{
    return execution->done + execution->failed + execution->not_attempted;
}

static void add_count(const struct plan *plan, const struct execution *execution, struct buf *out)
{
    buf_printf(out, "[%zu/%zu] ", count_ended(execution), plan->change_count);
}

static void add_failed(const struct execution *execution, struct buf *out)
{
    if (execution->failed != 0)
        buf_printf(out, "%zu failed, ", execution->failed);
}

static void add_wait(const struct http_engine_pulse *pulse, struct buf *out)
{
    switch (pulse->wait) {
    case HTTP_WAIT_NONE:
        break;
    case HTTP_WAIT_RATE_LIMIT:
        buf_add_text(out, ", waiting for the rate limit");
        break;
    case HTTP_WAIT_PACE:
        buf_add_text(out, ", slowed down by the API");
        break;
    case HTTP_WAIT_PAUSE:
        buf_printf(out, ", paused by the API for %" PRId64 " s", (pulse->wait_ms + 999) / 1000);
        break;
    case HTTP_WAIT_RETRIES:
        buf_printf(out, ", trying again in %" PRId64 " s", (pulse->wait_ms + 999) / 1000);
        break;
    }
}

void progress_add_line(const struct plan *plan, const struct execution *execution,
                       const struct http_engine_pulse *pulse, unsigned width, struct buf *out)
{
    struct buf line;

    buf_init(&line, 1024);
    add_count(plan, execution, &line);
    add_failed(execution, &line);
    buf_printf(&line, "%u/s, %u in flight, window %u", pulse->per_second, pulse->in_flight,
               pulse->window);
    add_wait(pulse, &line);
    /* A line that wraps could not be written over. */
    buf_add(out, line.data, width != 0 && line.size >= width ? width - 1 : line.size);
    buf_release(&line);
}

static void write_over(void *context)
{
    const struct progress *progress = context;
    struct http_engine_pulse pulse;
    struct buf line;

    if (count_ended(progress->execution) == progress->plan->change_count)
        return;
    twilio_client_pulse(progress->client, &pulse);
    buf_init(&line, 1024);
    buf_add_text(&line, TERMINAL_START_OF_LINE);
    progress_add_line(progress->plan, progress->execution, &pulse, terminal_width(STDERR_FILENO),
                      &line);
    terminal_note(&line);
    buf_release(&line);
}

/* On a terminal only the last change has a line, which stays. */
static void show_last(void *context, const struct plan *plan, const struct execution *execution,
                      size_t index)
{
    struct buf line;

    (void)context;
    (void)index;
    if (count_ended(execution) != plan->change_count)
        return;
    buf_init(&line, 1024);
    buf_add_text(&line, TERMINAL_START_OF_LINE);
    add_count(plan, execution, &line);
    add_failed(execution, &line);
    buf_add_text(&line, "changes applied\n");
    terminal_note(&line);
    buf_release(&line);
}

static void show_each(void *context, const struct plan *plan, const struct execution *execution,
                      size_t index)
{
    static const char *const words[] = {
        [CHANGE_DONE] = "done",
        [CHANGE_FAILED] = "FAILED",
        [CHANGE_NOT_ATTEMPTED] = "not attempted",
    };
    struct buf line;

    (void)context;
    buf_init(&line, 64 * 1024);
    add_count(plan, execution, &line);
    buf_printf(&line, "%s: ", words[execution->outcomes[index].state]);
    progress_add_change(plan, index, &line);
    buf_add_char(&line, '\n');
    terminal_note(&line);
    buf_release(&line);
}

/* Whether to start nothing new; said when it is so, which ends the asking. */
static enum execution_stop why_stop(void *context)
{
    const struct progress *progress = context;
    bool interrupted = interrupt_came();
    struct buf note;

    if (!interrupted && !twilio_client_is_over(progress->client))
        return EXECUTION_WHOLE;
    buf_init(&note, 1024);
    buf_printf(&note,
               "%s%s: nothing new is started, what is in flight is finished. Interrupt%s to "
               "stop at once.\n",
               progress->overwrite ? "\n" : "",
               interrupted ? "Interrupted" : "The time for the run is over (--timeout)",
               interrupted ? " again" : " twice");
    terminal_note(&note);
    buf_release(&note);
    return interrupted ? EXECUTION_INTERRUPTED : EXECUTION_OUT_OF_TIME;
}

void progress_run(struct execution *execution, const struct plan *plan,
                  struct twilio_client *client, struct journal *journal, size_t window)
{
    struct progress progress = {
        .plan = plan,
        .execution = execution,
        .client = client,
        .overwrite = isatty(STDERR_FILENO),
    };
    const struct execution_config config = {
        .progress = progress.overwrite ? show_last : show_each,
        .interrupted = why_stop,
        .context = &progress,
        .journal = journal,
        .window = window,
    };

    if (progress.overwrite)
        twilio_client_watch(client, write_over, &progress);
    execution_run(execution, plan, client, &config);
    twilio_client_watch(client, NULL, NULL);
}

#include "cli/progress.h"

#include "cli/interrupt.h"
#include "cli/session_wait.h"

#include "base/str.h"
#include "render/render.h"

#include <string.h>

struct progress {
    const struct plan *plan;
    const struct execution *execution;
    const struct twilio_client *client;
    struct logger *log;
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

void progress_add_line(const struct plan *plan, const struct execution *execution,
                       const struct http_engine_pulse *pulse, struct buf *out)
{
    add_count(plan, execution, out);
    add_failed(execution, out);
    buf_printf(out, "%u/s, %u in flight, window %u", pulse->per_second, pulse->in_flight,
               pulse->window);
    session_wait_add_reason(pulse, out);
}

static void write_over(void *context)
{
    const struct progress *progress = context;
    struct http_engine_pulse pulse;
    struct buf line;

    if (!logger_wait_is_due(progress->log) ||
        count_ended(progress->execution) == progress->plan->change_count)
        return;
    twilio_client_pulse(progress->client, &pulse);
    buf_init(&line, 1024);
    progress_add_line(progress->plan, progress->execution, &pulse, &line);
    logger_wait(progress->log, "%s", buf_text(&line));
    buf_release(&line);
}

/* On a terminal only the last change has a line, which stays. */
static void show_last(void *context, const struct plan *plan, const struct execution *execution,
                      size_t index)
{
    const struct progress *progress = context;
    struct buf line;

    (void)index;
    if (count_ended(execution) != plan->change_count)
        return;
    buf_init(&line, 1024);
    add_count(plan, execution, &line);
    add_failed(execution, &line);
    buf_add_text(&line, "changes applied");
    logger_text(progress->log, LOG_NOTE, &line);
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
    const struct progress *progress = context;
    const char *state = words[execution->outcomes[index].state];
    json_t *fields = logger_fields(progress->log, LOG_NOTE);
    struct buf line;

    logger_set(fields, "ended", json_integer((json_int_t)count_ended(execution)));
    logger_set(fields, "total", json_integer((json_int_t)plan->change_count));
    logger_set_text(fields, "state", state);
    buf_init(&line, 64 * 1024);
    add_count(plan, execution, &line);
    buf_printf(&line, "%s: ", state);
    progress_add_change(plan, index, &line);
    logger_record(progress->log, LOG_NOTE, fields, "%s", buf_text(&line));
    buf_release(&line);
}

/* Whether to start nothing new; said when it is so, which ends the asking. */
static enum execution_stop why_stop(void *context)
{
    const struct progress *progress = context;
    bool interrupted = interrupt_came();

    if (!interrupted && !twilio_client_is_over(progress->client))
        return EXECUTION_WHOLE;
    logger_say(progress->log, LOG_NOTE,
               "%s: nothing new is started, what is in flight is finished. Interrupt%s to stop at "
               "once.",
               interrupted ? "Interrupted" : "The time for the run is over (--timeout)",
               interrupted ? " again" : " twice");
    return interrupted ? EXECUTION_INTERRUPTED : EXECUTION_OUT_OF_TIME;
}

void progress_run(struct execution *execution, const struct plan *plan,
                  struct twilio_client *client, struct journal *journal,
                  const struct options *options)
{
    struct progress progress = {
        .plan = plan,
        .execution = execution,
        .client = client,
        .log = options->log,
    };
    const bool overwrite = progress.log != NULL && progress.log->redraw;
    const struct execution_config config = {
        .progress = overwrite ? show_last : show_each,
        .interrupted = why_stop,
        .context = &progress,
        .journal = journal,
        .window = (size_t)options->parallelism,
    };

    if (overwrite) {
        logger_wait_begin(progress.log);
        twilio_client_watch(client, write_over, &progress);
    }
    execution_run(execution, plan, client, &config);
    twilio_client_watch(client, NULL, NULL);
    logger_wait_end(progress.log);
}

#include "cli/test_sends.h"

#include "cli/interrupt.h"
#include "cli/session_wait.h"
#include "cli/terminal.h"

#include "apply/test_journal.h"
#include "base/clock.h"
#include "base/str.h"

#include <inttypes.h>
#include <string.h>

static int check_body(const struct test_send *send, struct diag *diag)
{
    const size_t row = resource_row_at(&resource_test_send, offsetof(struct test_send, body));
    size_t length = str_utf8_length(send->body, strlen(send->body));

    if (length <= TEST_BODY_MAX)
        return 0;
    diag_error(diag, &send->origins[row].span,
               "the body has %zu characters, and with the token that is added more than 1,600",
               length);
    diag_help(diag, "at most %d", TEST_BODY_MAX);
    return -1;
}

int test_sends_choose(struct test_run *run, const struct desired *desired, test_wanted *wanted,
                      const void *context, const struct options *options, struct diag *diag)
{
    int result = 0;
    size_t i;

    for (i = 0; i < desired->test_send_count; i++) {
        const struct test_send *send = &desired->test_sends[i];
        if (!wanted(context, send))
            continue;
        test_run_add(run, send);
        if (check_body(send, diag) != 0)
            result = -1;
    }
    if ((int64_t)run->count <= options->max_sends)
        return result;
    diag_error(diag, NULL, "%zu test messages are more than --max-sends allows (%lld)", run->count,
               (long long)options->max_sends);
    diag_help(diag, "raise it%s", options->test ? "" : ", or choose some with --only");
    return -1;
}

int test_sends_resolve(struct test_run *run, struct session *session, const struct desired *desired,
                       const struct options *options, struct diag *diag)
{
    struct session_wait wait;
    int result;

    session_wait_begin(&wait, session->client, options, "Looking for the services", NULL);
    result = test_run_resolve(run, session->client, desired, diag);
    session_wait_end(&wait);
    return result;
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static bool asks(const struct options *options)
{
    const char *why;

    return !options->auto_approve && terminal_can_ask(options, &why);
}

void test_sends_announce(const struct test_run *run, const struct options *options)
{
    unsigned segments = 0;
    struct buf note;
    size_t i;

    buf_init(&note, BUF_LIMIT_DEFAULT);
    for (i = 0; i < run->count; i++)
        segments += run->messages[i].segments;
    buf_printf(&note, "%zu test message%s of %u segment%s will be sent, and billed:\n", run->count,
               plural(run->count), segments, plural(segments));
    for (i = 0; i < run->count; i++) {
        const struct test_message *message = &run->messages[i];
        buf_add_text(&note, "  to ");
        str_add_visible(&note, message->to, strlen(message->to));
        buf_add_text(&note, " through ");
        str_add_visible(&note, message->service, strlen(message->service));
        buf_printf(&note, ", %u segment%s: ", message->segments, plural(message->segments));
        str_add_visible(&note, message->name, strlen(message->name));
        buf_add_char(&note, '\n');
    }
    logger_text(options->log, options->quiet && asks(options) ? LOG_ERROR : LOG_NOTE, &note);
    buf_release(&note);
}

/* What the callbacks of a run need. */
struct watch {
    const struct twilio_client *client;
    const struct test_run *run;
    struct test_listener *listener;
    size_t ended;
    struct logger *log;
    bool told;
    int64_t begun_ms;
};

/* On a terminal, what is waited for, so that a silent minute is no riddle. */
static void show_wait(struct watch *watch)
{
    const size_t under_way = watch->run->count - watch->ended;

    logger_wait(watch->log, "[%zu/%zu] %zu message%s under way, %" PRId64 " s", watch->ended,
                watch->run->count, under_way, plural(under_way),
                (clock_monotonic(&clock_system) - watch->begun_ms) / 1000);
}

static enum test_stop why_stop(void *context)
{
    struct watch *watch = context;
    bool interrupted = interrupt_came();

    if (!interrupted && !twilio_client_is_over(watch->client)) {
        show_wait(watch);
        return TEST_WHOLE;
    }
    if (!watch->told) {
        watch->told = true;
        logger_say(watch->log, LOG_NOTE,
                   "%s: nothing new is sent, and what was sent is not waited for any more.",
                   interrupted ? "Interrupted" : "The time for the run is over (--timeout)");
    }
    return interrupted ? TEST_INTERRUPTED : TEST_OUT_OF_TIME;
}

static void show_each(void *context, const struct test_run *run, size_t index)
{
    const struct test_message *message = &run->messages[index];
    struct watch *watch = context;
    json_t *fields = logger_fields(watch->log, LOG_NOTE);
    struct buf name;

    buf_init(&name, 64 * 1024);
    str_add_visible(&name, message->name, strlen(message->name));
    logger_set(fields, "ended", json_integer((json_int_t)++watch->ended));
    logger_set(fields, "total", json_integer((json_int_t)run->count));
    logger_set_text(fields, "outcome", test_outcome_words(message->outcome));
    logger_set_text(fields, "test", message->name);
    logger_record(watch->log, LOG_NOTE, fields, "[%zu/%zu] %s: %s", watch->ended, run->count,
                  test_outcome_words(message->outcome), buf_text(&name));
    buf_release(&name);
}

static void turn_listener(void *context)
{
    struct watch *watch = context;

    test_listener_turn(watch->listener);
}

int test_sends_run(struct test_run *run, struct session *session, struct journal *journal,
                   struct test_listener *listener, const struct options *options, struct diag *diag)
{
    struct watch watch = {
        .client = session->client,
        .run = run,
        .listener = listener,
        .log = options->log,
        .begun_ms = clock_monotonic(&clock_system),
    };
    struct test_run_config config = {
        .journal = journal,
        .interrupted = why_stop,
        .progress = show_each,
        .context = &watch,
        .descriptor = -1,
        .window = (size_t)options->parallelism,
    };

    if (listener != NULL && listener->server != NULL) {
        config.turn = turn_listener;
        config.descriptor = test_listener_descriptor(listener);
        config.status_callback = listener->callback;
    }
    if (test_journal_begin(journal, run, &session->origin, diag) != 0) {
        diag_error(diag, NULL, "nothing was sent: there is no journal of it");
        return -1;
    }
    logger_wait_begin(options->log);
    test_run_execute(run, session->client, &config);
    logger_wait_end(options->log);
    test_journal_end(journal, run);
    if (journal_problem(journal) != NULL)
        diag_error(diag, NULL, "%s", journal_problem(journal));
    return 0;
}

bool test_sends_passed(const struct test_run *run, struct diag *diag)
{
    static const enum test_outcome others[] = {TEST_FAILED, TEST_UNCONFIRMED, TEST_UNCLEAR,
                                               TEST_NOT_SENT};
    struct buf list;
    size_t i;

    if (run->outcomes[TEST_PASSED] == run->count)
        return true;
    buf_init(&list, 1024);
    for (i = 0; i < COUNT_OF(others); i++)
        if (run->outcomes[others[i]] != 0)
            buf_printf(&list, "%s%zu %s", list.size == 0 ? "" : ", ", run->outcomes[others[i]],
                       test_outcome_words(others[i]));
    diag_error(diag, NULL, "of %zu test messages not all were as expected: %s", run->count,
               buf_text(&list));
    buf_release(&list);
    return false;
}

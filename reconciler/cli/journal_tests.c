#include "cli/journal_tests.h"

#include "base/str.h"

#include <inttypes.h>
#include <string.h>

static void add_visible(struct buf *out, const char *text)
{
    if (text != NULL)
        str_add_visible(out, text, strlen(text));
    else
        buf_add_char(out, '?');
}

static void report_end(const struct journal_tests *tests, struct buf *out)
{
    if (tests->ended == NULL) {
        buf_add_text(out, "no end: it still runs, or was killed; the last record is of ");
        add_visible(out, tests->last_record);
    } else {
        buf_add_text(out, "ended ");
        add_visible(out, tests->ended);
        if (str_equal(tests->stopped, "interrupted"))
            buf_add_text(out, ": interrupted by a signal");
        else if (str_equal(tests->stopped, "out_of_time"))
            buf_add_text(out, ": stopped, because the time for the run was over (--timeout)");
        else if (tests->stopped != NULL)
            buf_add_text(out, ": stopped, because the journal could not be written");
        else
            buf_add_text(out, ": finished");
    }
    buf_add_char(out, '\n');
}

static void report_head(const char *path, const struct journal_tests *tests, struct buf *out)
{
    buf_add_text(out, "The last test sends in ");
    add_visible(out, path);
    buf_add_text(out, "\n  roster   ");
    add_visible(out, tests->location);
    buf_add_text(out, "\n  account  ");
    add_visible(out, tests->account);
    buf_add_text(out, "\n  began    ");
    add_visible(out, tests->begun);
    buf_add_text(out, "\n  end      ");
    report_end(tests, out);
}

static void report_send(const struct journal_send *send, struct buf *out)
{
    buf_add_text(out, "  ");
    add_visible(out, str_equal(send->outcome, "not_sent") ? "not sent" : send->outcome);
    buf_add_text(out, ": ");
    add_visible(out, send->name);
    buf_add_text(out, "\n      to ");
    add_visible(out, send->to);
    buf_add_text(out, " through ");
    add_visible(out, send->service);
    if (send->message_sid != NULL) {
        buf_add_text(out, ": ");
        add_visible(out, send->message_sid);
    }
    if (send->status != NULL) {
        buf_add_text(out, ", ");
        add_visible(out, send->status);
    }
    if (send->error_code != 0)
        buf_printf(out, ", error %" PRId64, send->error_code);
    buf_add_char(out, '\n');
    if (send->problem != NULL) {
        buf_add_text(out, "      ");
        add_visible(out, send->problem);
        buf_add_char(out, '\n');
    }
    if (str_equal(send->outcome, "unclear")) {
        buf_add_text(out, "      it may have been sent; its body has the token ");
        add_visible(out, send->token);
        buf_add_char(out, '\n');
    }
}

void journal_tests_report(const char *path, const struct journal_tests *tests, struct buf *out)
{
    static const char *const outcomes[][2] = {{"passed", "passed"},
                                              {"failed", "failed"},
                                              {"unconfirmed", "unconfirmed"},
                                              {"unclear", "unclear"},
                                              {"not_sent", "not sent"}};
    size_t i, j, count;

    if (path != NULL)
        report_head(path, tests, out);
    buf_add_text(out, "\nTest sends:\n");
    for (i = 0; i < tests->count; i++)
        report_send(&tests->sends[i], out);
    if ((int64_t)tests->count < tests->announced)
        buf_printf(out, "Of %" PRId64 " messages only %zu are recorded: nothing was sent yet.\n",
                   tests->announced, tests->count);
    buf_add_text(out, "\nTest sends: ");
    for (i = 0; i < COUNT_OF(outcomes); i++) {
        count = 0;
        for (j = 0; j < tests->count; j++)
            count += str_equal(tests->sends[j].outcome, outcomes[i][0]);
        buf_printf(out, "%s%zu %s", i == 0 ? "" : ", ", count, outcomes[i][1]);
    }
    buf_add_text(out, ".\n");
}

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *send_json(const struct journal_send *send)
{
    json_t *out = json_object();

    json_object_set_new(out, "name", text_or_null(send->name));
    json_object_set_new(out, "service", text_or_null(send->service));
    json_object_set_new(out, "to", text_or_null(send->to));
    json_object_set_new(out, "token", text_or_null(send->token));
    json_object_set_new(out, "outcome", text_or_null(send->outcome));
    json_object_set_new(out, "message_sid", text_or_null(send->message_sid));
    json_object_set_new(out, "status", text_or_null(send->status));
    json_object_set_new(out, "from", text_or_null(send->from));
    json_object_set_new(out, "error_code",
                        send->error_code == 0 ? json_null()
                                              : json_integer((json_int_t)send->error_code));
    json_object_set_new(out, "problem", text_or_null(send->problem));
    return out;
}

json_t *journal_tests_json(const struct journal_tests *tests)
{
    json_t *out = json_object(), *sends = json_array();
    size_t i;

    for (i = 0; i < tests->count; i++)
        json_array_append_new(sends, send_json(&tests->sends[i]));
    json_object_set_new(out, "run", text_or_null(tests->id));
    json_object_set_new(out, "account_sid", text_or_null(tests->account));
    json_object_set_new(out, "began", text_or_null(tests->begun));
    json_object_set_new(out, "ended", text_or_null(tests->ended));
    json_object_set_new(out, "last_record", text_or_null(tests->last_record));
    json_object_set_new(out, "stopped", text_or_null(tests->stopped));
    json_object_set_new(out, "sends", sends);
    return out;
}

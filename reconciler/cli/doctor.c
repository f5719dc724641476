#include "cli/doctor.h"

#include "base/json_text.h"
#include "base/str.h"

#include <jansson.h>
#include <string.h>

const struct doctor_row doctor_rows[] = {
    {"program", doctor_program, NEEDS_NOTHING},
    {"libraries", doctor_libraries, NEEDS_NOTHING},
    {"environment", doctor_names, NEEDS_NOTHING},
    {"settings", doctor_settings, NEEDS_NOTHING},
    {"credentials command", doctor_command, NEEDS_NOTHING},
    {"credentials", doctor_credentials, NEEDS_NOTHING},
    {"plan key", doctor_plan_key, NEEDS_NOTHING},
    {"proxy", doctor_proxy, NEEDS_NETWORK},
    {"certificates", doctor_ca_file, NEEDS_NOTHING},
    {"messaging host", doctor_messaging_host, NEEDS_NETWORK},
    {"api host", doctor_api_host, NEEDS_NETWORK},
    {"clock", doctor_clock, NEEDS_NETWORK},
    {"login", doctor_login, NEEDS_NETWORK | NEEDS_LOGIN},
    {"account", doctor_account, NEEDS_NETWORK | NEEDS_LOGIN | NEEDS_ACCESS},
    {"read numbers", doctor_numbers, NEEDS_NETWORK | NEEDS_LOGIN | NEEDS_ACCESS},
    {"read short codes", doctor_short_codes, NEEDS_NETWORK | NEEDS_LOGIN | NEEDS_ACCESS},
    {"read messages", doctor_messages, NEEDS_NETWORK | NEEDS_LOGIN | NEEDS_ACCESS},
    {"write", doctor_writes, NEEDS_NETWORK | NEEDS_LOGIN | NEEDS_ACCESS},
    {"limits", doctor_limits, NEEDS_NETWORK | NEEDS_LOGIN | NEEDS_ACCESS},
    {"state folder", doctor_state_folder, NEEDS_NOTHING},
    {"journal", doctor_journal, NEEDS_NOTHING},
    {"lock", doctor_lock, NEEDS_NOTHING},
    {"git cache", doctor_cache, NEEDS_NOTHING},
    {"roster", doctor_roster, NEEDS_NOTHING},
    {"terminal", doctor_terminal, NEEDS_NOTHING},
    {"time zones", doctor_zones, NEEDS_NOTHING},
    {"open files", doctor_files, NEEDS_NOTHING},
};
const size_t doctor_row_count = COUNT_OF(doctor_rows);

/* Running */

static const char *why_not(const struct doctor *doctor, unsigned needs)
{
    if ((needs & NEEDS_NETWORK) != 0 && doctor->options->offline)
        return "not looked at: --offline";
    if ((needs & NEEDS_NETWORK) != 0 && !doctor->has_hosts)
        return "not looked at: it is not known where Twilio is";
    if ((needs & NEEDS_LOGIN) != 0 && !doctor->has_login)
        return "not looked at: there are no usable credentials";
    if ((needs & NEEDS_LOGIN) != 0 && doctor->messaging.end != HTTP_PROBE_ANSWERED)
        return "not looked at: the host was not reached";
    if ((needs & NEEDS_ACCESS) != 0 && doctor->login != LOGIN_ACCEPTED)
        return "not looked at: the credentials were not accepted";
    return NULL;
}

static void run(struct doctor *doctor, const struct doctor_row *row)
{
    const char *reason = why_not(doctor, row->needs);

    doctor->check = row->name;
    if (reason != NULL)
        doctor_add(doctor, DOCTOR_SKIPPED, NULL, "%s", reason);
    else
        row->run(doctor);
}

void doctor_run(struct doctor *doctor)
{
    size_t i;

    for (i = 0; i < doctor_row_count; i++)
        run(doctor, &doctor_rows[i]);
}

void doctor_run_one(struct doctor *doctor, const char *name)
{
    size_t i;

    for (i = 0; i < doctor_row_count; i++)
        if (strcmp(doctor_rows[i].name, name) == 0)
            run(doctor, &doctor_rows[i]);
}

void doctor_release(struct doctor *doctor)
{
    twilio_client_free(doctor->client);
    session_release(&doctor->session);
    arena_release(&doctor->arena);
    memset(doctor, 0, sizeof(*doctor));
}

/* Findings */

void doctor_add(struct doctor *doctor, enum doctor_verdict verdict, const char *advice,
                const char *format, ...)
{
    struct doctor_finding *finding;
    va_list arguments;

    doctor->findings = arena_grow(&doctor->arena, doctor->findings, doctor->count,
                                  &doctor->capacity, sizeof(*doctor->findings));
    finding = &doctor->findings[doctor->count++];
    finding->check = doctor->check;
    finding->verdict = verdict;
    finding->advice = arena_strdup(&doctor->arena, advice);
    va_start(arguments, format);
    finding->text = arena_vprintf(&doctor->arena, format, arguments);
    va_end(arguments);
    doctor->counts[verdict]++;
}

size_t doctor_take(struct doctor *doctor, struct diag *diag)
{
    const size_t count = diag->count;
    size_t i;

    for (i = 0; i < count; i++) {
        const struct diag_item *item = &diag->items[i];
        const enum doctor_verdict verdict =
            item->level == DIAG_ERROR ? DOCTOR_PROBLEM : DOCTOR_WARNING;
        if (item->place.file != NULL)
            doctor_add(doctor, verdict, item->help, "%s:%u:%u: %s", item->place.file,
                       (unsigned)item->place.line, (unsigned)item->place.column, item->message);
        else
            doctor_add(doctor, verdict, item->help, "%s", item->message);
    }
    diag_release(diag);
    return count;
}

const char *doctor_verdict_name(enum doctor_verdict verdict)
{
    static const char *const names[] = {
        [DOCTOR_OK] = "ok",
        [DOCTOR_WARNING] = "warning",
        [DOCTOR_PROBLEM] = "problem",
        [DOCTOR_SKIPPED] = "skipped",
    };

    return names[verdict];
}

/* Reports */

static void add_visible(struct buf *out, const char *text)
{
    str_add_visible(out, text, strlen(text));
}

void doctor_report_text(const struct doctor *doctor, bool color, struct buf *out)
{
    static const char *const colors[] = {
        [DOCTOR_OK] = "\033[32m",
        [DOCTOR_WARNING] = "\033[33m",
        [DOCTOR_PROBLEM] = "\033[31m",
        [DOCTOR_SKIPPED] = "\033[2m",
    };
    const char *before = "";
    size_t i;

    for (i = 0; i < doctor->count; i++) {
        const struct doctor_finding *finding = &doctor->findings[i];
        buf_printf(out, "%s%-8s%s %-19s ", color ? colors[finding->verdict] : "",
                   doctor_verdict_name(finding->verdict), color ? "\033[0m" : "",
                   strcmp(before, finding->check) == 0 ? "" : finding->check);
        add_visible(out, finding->text);
        buf_add_char(out, '\n');
        if (finding->advice != NULL) {
            buf_printf(out, "%-28s   help: ", "");
            add_visible(out, finding->advice);
            buf_add_char(out, '\n');
        }
        before = finding->check;
    }
    buf_printf(out, "\n%zu ok, %zu warning%s, %zu problem%s, %zu skipped\n",
               doctor->counts[DOCTOR_OK], doctor->counts[DOCTOR_WARNING],
               doctor->counts[DOCTOR_WARNING] == 1 ? "" : "s", doctor->counts[DOCTOR_PROBLEM],
               doctor->counts[DOCTOR_PROBLEM] == 1 ? "" : "s", doctor->counts[DOCTOR_SKIPPED]);
}

/* Text that a document can hold, whatever it came from. */
static json_t *text_of(const char *text)
{
    struct buf visible;
    json_t *value;

    if (text == NULL)
        return json_null();
    buf_init(&visible, BUF_LIMIT_DEFAULT);
    add_visible(&visible, text);
    value = json_string(buf_text(&visible));
    buf_release(&visible);
    return value;
}

void doctor_report_json(const struct doctor *doctor, struct buf *out)
{
    json_t *root = json_object(), *counts = json_object(), *checks = json_array();
    size_t i;

    for (i = 0; i < DOCTOR_VERDICT_COUNT; i++)
        json_object_set_new(counts, doctor_verdict_name((enum doctor_verdict)i),
                            json_integer((json_int_t)doctor->counts[i]));
    for (i = 0; i < doctor->count; i++) {
        const struct doctor_finding *finding = &doctor->findings[i];
        json_t *object = json_object();
        json_object_set_new(object, "check", json_string(finding->check));
        json_object_set_new(object, "verdict", json_string(doctor_verdict_name(finding->verdict)));
        json_object_set_new(object, "text", text_of(finding->text));
        json_object_set_new(object, "advice", text_of(finding->advice));
        json_array_append_new(checks, object);
    }
    json_object_set_new(root, "format", json_string("roster-doctor"));
    json_object_set_new(root, "version", json_integer(1));
    json_object_set_new(root, "result",
                        json_string(doctor->counts[DOCTOR_PROBLEM] == 0 ? "ok" : "problems"));
    json_object_set_new(root, "counts", counts);
    json_object_set_new(root, "checks", checks);
    json_text_add_document(out, root);
    json_decref(root);
}

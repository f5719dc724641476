#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "apply/journal.h"
#include "apply/journal_run.h"
#include "apply_fixture.h"
#include "base/file.h"
#include "base/str.h"
#include "support/scratch_folder.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MG1 "MG00000000000000000000000000000001"
#define MG2 "MG00000000000000000000000000000002"
#define PN1 "PN00000000000000000000000000000001"
#define PN2 "PN00000000000000000000000000000002"
#define NUMBER(sid, digit)                                         \
    "{\"sid\": \"" sid "\", \"phone_number\": \"+1500555000" digit \
    "\", \"capabilities\": [\"SMS\"]}"
#define SERVICE(sid, name, senders) \
    "{\"sid\": \"" sid "\", \"friendly_name\": \"" name "\", " senders "}"
#define ADD "POST /v1/Services/" MG1 "/PhoneNumbers PhoneNumberSid="
#define YAML                                                                        \
    HEAD "  - friendly_name: A\n    phone_numbers: ['${NUMBER}', '+15005550002']\n" \
         "    status_callback: ${HOOKS}/status\n"
#define LIVE                                                                            \
    "{\"services\": [" SERVICE(MG1, "A",                                                \
                               "\"phone_numbers\": []") "], \"owned\": "                \
                                                        "{\"phone_numbers\": [" NUMBER( \
                                                            PN1, "1") ", " NUMBER(PN2, "2") "]}}"

static const struct fake_route routes[] = {
    {"POST /v1/Services/" MG1 " StatusCallback=https%3A%2F%2Fhooks.example.com%2Fstatus", 400,
     "{\"code\": 21000, \"message\": \"https://hooks.example.com/status and "
     "https://u:pass@x.example.com are bad\"}"},
    {ADD PN1, 201, NUMBER(PN1, "1")},
    {ADD PN2, 201, NUMBER(PN2, "2")},
};

struct place {
    struct scratch_folder folder;
    char path[128];
    struct diag diag;
    struct buf text;
    struct fixture fixture;
};

static void set_up(struct place *place, const char *yaml, const char *live)
{
    memset(place, 0, sizeof(*place));
    scratch_folder_make(&place->folder);
    snprintf(place->path, sizeof(place->path), "%s/journal", place->folder.path);
    diag_init(&place->diag);
    buf_init(&place->text, 16 * 1024 * 1024);
    fixture_plan(&place->fixture, yaml, live);
    place->fixture.plan.origin = (struct plan_origin){
        .account_sid = "AC00000000000000000000000000000001",
        .location = "https://user:opensesame@git.example.com/roster.yaml",
        .sha256 = "0123",
    };
}

static void tear_down(struct place *place)
{
    fixture_release(&place->fixture);
    diag_release(&place->diag);
    buf_release(&place->text);
    scratch_folder_remove(&place->folder);
}

static struct journal *open_at(struct place *place, size_t rotate_at)
{
    return journal_open(
        &(struct journal_config){.path = place->path,
                                 .redactions = &place->fixture.roster.desired.redactions,
                                 .rotate_at = rotate_at},
        &place->diag);
}

static struct journal *begin(struct place *place)
{
    struct journal *journal = open_at(place, 0);

    assert_non_null(journal);
    assert_int_equal(journal_begin(journal, &place->fixture.plan, &place->diag), 0);
    return journal;
}

static void execute(struct place *place, struct journal *journal)
{
    fixture_execute_with(&place->fixture, routes, COUNT_OF(routes), &(struct http_engine_config){0},
                         &(struct execution_config){.journal = journal, .window = 1});
    fake_server_stop(&place->fixture.fake);
}

static void write_file(const struct place *place, const char *text)
{
    FILE *file = fopen(place->path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static void read_journal(struct place *place)
{
    buf_clear(&place->text);
    assert_int_equal(file_read(place->path, &place->text, &place->diag), 0);
}

/* "run planned planned intent:0:do ..." */
static void summarise(const struct place *place, struct buf *out)
{
    static const char *const details[] = {"step", "verdict", "state", "result"};
    const char *line = buf_text(&place->text);

    while (*line != '\0') {
        const char *end = strchr(line, '\n');
        size_t size = end == NULL ? strlen(line) : (size_t)(end - line), i;
        json_t *record = json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL);
        const char *kind = json_string_value(json_object_get(record, "record"));
        const json_t *change = json_object_get(record, "change");
        buf_printf(out, "%s%s", out->size == 0 ? "" : " ", kind == NULL ? "?" : kind);
        if (change != NULL)
            buf_printf(out, ":%d", (int)json_integer_value(change));
        for (i = 0; i < COUNT_OF(details); i++) {
            const char *detail = json_string_value(json_object_get(record, details[i]));
            if (detail != NULL)
                buf_printf(out, ":%s", detail);
        }
        json_decref(record);
        line += size + (end != NULL);
    }
}

static void assert_summary(struct place *place, const char *expected)
{
    struct buf summary;

    buf_init(&summary, 64 * 1024);
    read_journal(place);
    summarise(place, &summary);
    assert_string_equal(buf_text(&summary), expected);
    buf_release(&summary);
}

static void test_records(void **state)
{
    struct journal *journal;
    struct place place;
    struct stat info;
    (void)state;

    set_up(&place, YAML, LIVE);
    journal = begin(&place);
    assert_summary(&place, "run planned:0 planned:1 planned:2");
    execute(&place, journal);
    journal_end(journal, &place.fixture.execution, JOURNAL_DIFFERS);
    assert_null(journal_problem(journal));
    journal_close(journal);
    assert_summary(&place, "run planned:0 planned:1 planned:2 "
                           "intent:0:do outcome:0:do:failed change:0:failed "
                           "intent:1:do outcome:1:do:done change:1:done "
                           "intent:2:do outcome:2:do:done change:2:done end:differs");
    assert_int_equal(stat(place.path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    tear_down(&place);
}

static void test_no_secrets(void **state)
{
    static const char *const secrets[] = {"hooks.example.com", "+15005550001", "u:pass",
                                          "opensesame", "StatusCallback"};
    static const char *const shown[] = {"${HOOKS}", "${NUMBER}", "+15005550002", "0123",
                                        "RQ00000000000000000000000000000001"};
    struct journal *journal;
    struct place place;
    size_t i;
    (void)state;

    set_up(&place, YAML, LIVE);
    journal = begin(&place);
    execute(&place, journal);
    journal_end(journal, &place.fixture.execution, JOURNAL_DIFFERS);
    journal_close(journal);
    read_journal(&place);
    for (i = 0; i < COUNT_OF(secrets); i++)
        if (strstr(buf_text(&place.text), secrets[i]) != NULL)
            fail_msg("%s is in %s", secrets[i], buf_text(&place.text));
    for (i = 0; i < COUNT_OF(shown); i++)
        if (strstr(buf_text(&place.text), shown[i]) == NULL)
            fail_msg("%s is not in %s", shown[i], buf_text(&place.text));
    tear_down(&place);
}

/* What a request does to the journal before it goes out can be seen from the server. */
struct witness {
    const struct place *place;
    bool intended;
};

static void look_at_journal(void *context, const struct http_server_request *request,
                            struct http_server_answer *answer)
{
    struct witness *witness = context;
    FILE *file = fopen(witness->place->path, "r");
    char line[1024], wanted[512];

    (void)request;
    snprintf(wanted, sizeof(wanted), "\"path\":\"%s\"", request->path);
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (str_starts_with(line, "{\"record\":\"intent\"") && strstr(line, wanted) != NULL)
            witness->intended = true;
    if (file != NULL)
        fclose(file);
    answer->status = 400;
}

/* A server that only looks, and its client. */
static void start_witness(struct fake_server *fake, struct witness *witness)
{
    const struct http_server_config server = {.handler = look_at_journal, .context = witness};
    const struct twilio_client_config client = {
        .credentials = {.account_sid = "AC1", .user = "AC1", .password = "secret"},
        .hosts = {.messaging = fake->origin, .api = fake->origin},
        .http = {.retry = fake_server_no_retry()},
    };

    buf_init(&fake->log, 1024);
    diag_init(&fake->diag);
    fake->server = http_server_new(&server, &fake->diag);
    assert_non_null(fake->server);
    snprintf(fake->origin, sizeof(fake->origin), "http://127.0.0.1:%u",
             (unsigned)http_server_port(fake->server));
    assert_int_equal(pthread_create(&fake->thread, NULL, fake_server_thread, fake), 0);
    fake->client = twilio_client_new(&client, &fake->diag);
    assert_non_null(fake->client);
}

static void test_intent_comes_first(void **state)
{
    struct place place;
    struct witness witness = {.place = &place};
    struct journal *journal;
    (void)state;

    set_up(&place, HEAD "  - friendly_name: A\n", "{\"services\": []}");
    journal = begin(&place);
    start_witness(&place.fixture.fake, &witness);
    execution_run(&place.fixture.execution, &place.fixture.plan, place.fixture.fake.client,
                  &(struct execution_config){.journal = journal});
    fake_server_stop(&place.fixture.fake);
    assert_true(witness.intended);
    journal_close(journal);
    tear_down(&place);
}

static void test_torn_line(void **state)
{
    struct journal_run run = {0};
    struct journal *journal;
    struct place place;
    (void)state;

    set_up(&place, YAML, LIVE);
    write_file(&place, "{\"record\":\"run\",\"run\":\"1\",\"version\":1}\n{\"record\":\"inte");
    journal = begin(&place);
    journal_close(journal);
    assert_summary(&place, "run ? run planned:0 planned:1 planned:2");
    assert_int_equal(journal_run_read(&run, buf_text(&place.text), place.text.size), 0);
    assert_int_equal(run.count, 3);
    assert_int_equal(run.states[JOURNAL_NOT_ATTEMPTED], 3);
    assert_int_equal(run.unreadable, 0);
    assert_null(run.ended);
    journal_run_release(&run);
    tear_down(&place);
}

static void test_rotation(void **state)
{
    struct place place;
    struct journal *journal;
    char old[160];
    struct buf text;
    (void)state;

    set_up(&place, YAML, LIVE);
    snprintf(old, sizeof(old), "%s.1", place.path);
    write_file(&place, "{\"record\":\"run\",\"run\":\"1\",\"version\":1}\n");
    journal_close(open_at(&place, 1000));
    assert_int_not_equal(access(old, F_OK), 0);
    journal = open_at(&place, 10);
    assert_non_null(journal);
    assert_int_equal(journal_begin(journal, &place.fixture.plan, &place.diag), 0);
    journal_close(journal);
    assert_summary(&place, "run planned:0 planned:1 planned:2");
    buf_init(&text, 1024);
    assert_int_equal(file_read(old, &text, &place.diag), 0);
    assert_string_equal(buf_text(&text), "{\"record\":\"run\",\"run\":\"1\",\"version\":1}\n");
    buf_release(&text);
    tear_down(&place);
}

static void test_not_a_journal(void **state)
{
    static const char *const texts[] = {"version: 1\n", "{\"format\": \"roster-plan\"}", "{\"rex",
                                        " "};
    struct place place;
    size_t i;
    (void)state;

    set_up(&place, YAML, LIVE);
    for (i = 0; i < COUNT_OF(texts); i++) {
        write_file(&place, texts[i]);
        assert_null(open_at(&place, 0));
        assert_int_equal(place.diag.errors, i + 1);
        read_journal(&place);
        assert_string_equal(buf_text(&place.text), texts[i]);
    }
    snprintf(place.path, sizeof(place.path), "/dev/null");
    assert_null(open_at(&place, 0));
    snprintf(place.path, sizeof(place.path), "%s/none/journal", place.folder.path);
    assert_null(open_at(&place, 0));
    tear_down(&place);
}

/* Files of this process may not grow past that; returns what was allowed before. */
static struct rlimit limit_files(size_t size)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct rlimit before, now;

    sigaction(SIGXFSZ, &ignore, NULL);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    now = before;
    now.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
    return before;
}

static void test_no_room_for_the_head(void **state)
{
    struct journal *journal;
    struct place place;
    struct rlimit before;
    (void)state;

    set_up(&place, YAML, LIVE);
    journal = open_at(&place, 0);
    before = limit_files(100);
    assert_int_equal(journal_begin(journal, &place.fixture.plan, &place.diag), -1);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(place.diag.errors, 1);
    journal_close(journal);
    tear_down(&place);
}

static void test_no_room_later(void **state)
{
    struct journal *journal;
    struct place place;
    struct rlimit before;
    struct journal_run run = {0};
    struct stat info;
    (void)state;

    set_up(&place, YAML, LIVE);
    journal = begin(&place);
    assert_int_equal(stat(place.path, &info), 0);
    /* Room for the first intent, but not for its outcome. */
    before = limit_files((size_t)info.st_size + 260);
    execute(&place, journal);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(place.fixture.execution.stopped, EXECUTION_UNRECORDED);
    assert_int_equal(place.fixture.execution.failed, 1);
    assert_int_equal(place.fixture.execution.not_attempted, 2);
    /* Where there is room again, the end is recorded on a line of its own. */
    journal_end(journal, &place.fixture.execution, JOURNAL_DIFFERS);
    assert_non_null(journal_problem(journal));
    journal_close(journal);
    read_journal(&place);
    assert_int_equal(journal_run_read(&run, buf_text(&place.text), place.text.size), 0);
    assert_non_null(run.ended);
    assert_string_equal(run.stopped, "journal");
    assert_true(run.unreadable > 0);
    journal_run_release(&run);
    tear_down(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_no_secrets),
        cmocka_unit_test(test_intent_comes_first),
        cmocka_unit_test(test_torn_line),
        cmocka_unit_test(test_rotation),
        cmocka_unit_test(test_not_a_journal),
        cmocka_unit_test(test_no_room_for_the_head),
        cmocka_unit_test(test_no_room_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

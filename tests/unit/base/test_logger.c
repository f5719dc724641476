#include "base/logger.h"

#include "base/arena.h"
#include "base/str.h"

#include <locale.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

/* A logger that writes into a file, at a time that is moved by hand. */
struct fixture {
    struct logger logger;
    struct clock clock;
    int64_t now_ms;
    FILE *file;
    char text[64 * 1024];
};

static unsigned columns_now;

static unsigned columns(int descriptor)
{
    (void)descriptor;
    return columns_now;
}

static int64_t fixture_now(void *context)
{
    return *(int64_t *)context;
}

static void set_up(struct fixture *fixture, enum log_level level, bool json)
{
    memset(fixture, 0, sizeof(*fixture));
    fixture->file = tmpfile();
    assert_non_null(fixture->file);
    fixture->now_ms = 5000;
    fixture->clock = (struct clock){fixture_now, fixture_now, &fixture->now_ms};
    fixture->logger = (struct logger){
        .level = level,
        .json = json,
        .details_json = json,
        .descriptor = fileno(fixture->file),
        .details = fileno(fixture->file),
        .columns = columns,
        .clock = &fixture->clock,
    };
    columns_now = 0;
}

/* All that was written since the last time. */
static const char *written(struct fixture *fixture)
{
    size_t size;

    rewind(fixture->file);
    size = fread(fixture->text, 1, sizeof(fixture->text) - 1, fixture->file);
    fixture->text[size] = '\0';
    rewind(fixture->file);
    assert_int_equal(ftruncate(fileno(fixture->file), 0), 0);
    return fixture->text;
}

static void tear_down(struct fixture *fixture)
{
    fclose(fixture->file);
}

static void test_levels(void **state)
{
    static const char *const expected[] = {
        [LOG_ERROR] = "E\n",
        [LOG_WARNING] = "E\nW\n",
        [LOG_NOTE] = "E\nW\nN\n",
        [LOG_INFO] = "E\nW\nN\ninfo: I\n",
        [LOG_TRACE] = "E\nW\nN\ninfo: I\ntrace: T\n",
    };
    struct fixture fixture;
    int level;
    (void)state;

    for (level = LOG_ERROR; level <= LOG_TRACE; level++) {
        set_up(&fixture, (enum log_level)level, false);
        logger_say(&fixture.logger, LOG_ERROR, "E");
        logger_say(&fixture.logger, LOG_WARNING, "W");
        logger_say(&fixture.logger, LOG_NOTE, "N");
        logger_say(&fixture.logger, LOG_INFO, "I");
        logger_say(&fixture.logger, LOG_TRACE, "T");
        assert_string_equal(written(&fixture), expected[level]);
        tear_down(&fixture);
    }
}

static json_t *some_fields(const struct logger *logger, enum log_level level)
{
    json_t *fields = logger_fields(logger, level);

    logger_set(fields, "status", json_integer(200));
    logger_set(fields, "duration_ms", json_real(0.1));
    logger_set(fields, "reused", json_true());
    logger_set_text(fields, "plain", "a=b&c=d");
    logger_set_text(fields, "blank", "say \"no\"\n");
    logger_set_text(fields, "empty", "");
    logger_set_text(fields, "bytes", "\xff\x1b[31m");
    logger_set_text(fields, "missing", NULL);
    return fields;
}

static void test_fields(void **state)
{
    struct fixture fixture;
    (void)state;

    set_up(&fixture, LOG_TRACE, false);
    logger_record(&fixture.logger, LOG_TRACE, some_fields(&fixture.logger, LOG_TRACE), "request");
    logger_record(&fixture.logger, LOG_INFO, some_fields(&fixture.logger, LOG_INFO), "no fields");
    assert_string_equal(
        written(&fixture),
        "trace: request status=200 duration_ms=0.1 reused=true plain=a=b&c=d "
        "blank=\"say \\\"no\\\"\\n\" empty=\"\" bytes=\"\\\\xff\\\\x1b[31m\"\ninfo: no fields\n");
    tear_down(&fixture);

    /* Nobody wants to know. */
    set_up(&fixture, LOG_INFO, false);
    assert_null(logger_fields(&fixture.logger, LOG_TRACE));
    logger_record(&fixture.logger, LOG_TRACE, some_fields(&fixture.logger, LOG_TRACE), "request");
    assert_string_equal(written(&fixture), "");
    logger_say(NULL, LOG_ERROR, "nobody");
    logger_wait_begin(NULL);
    logger_wait(NULL, "nobody");
    logger_wait_end(NULL);
    tear_down(&fixture);
}

static void test_json(void **state)
{
    struct fixture fixture;
    struct buf text;
    (void)state;

    set_up(&fixture, LOG_TRACE, true);
    logger_record(&fixture.logger, LOG_TRACE, some_fields(&fixture.logger, LOG_TRACE), "request");
    assert_string_equal(
        written(&fixture),
        "{\"time\":\"1970-01-01T00:00:05.000Z\",\"level\":\"trace\",\"message\":\"request\","
        "\"status\":200,\"duration_ms\":0.1,\"reused\":true,\"plain\":\"a=b&c=d\","
        "\"blank\":\"say \\\"no\\\"\\n\",\"empty\":\"\",\"bytes\":\"\\\\xff\\\\x1b[31m\"}\n");
    /* Several lines are one record, its last line end is none of it, and bytes are no JSON. */
    buf_init(&text, 100);
    buf_add_text(&text, "one\ntwo\xff\n");
    logger_text(&fixture.logger, LOG_NOTE, &text);
    assert_string_equal(written(&fixture),
                        "{\"time\":\"1970-01-01T00:00:05.000Z\",\"level\":\"note\","
                        "\"message\":\"one\\\\ntwo\\\\xff\"}\n");
    buf_release(&text);
    /* What a record is made of can't be overwritten by a field. */
    logger_record(&fixture.logger, LOG_INFO, json_pack("{s:s}", "level", "mine"), "kept");
    assert_string_equal(
        written(&fixture),
        "{\"time\":\"1970-01-01T00:00:05.000Z\",\"level\":\"info\",\"message\":\"kept\"}\n");
    tear_down(&fixture);
}

static void test_redaction(void **state)
{
    const bool formats[] = {false, true};
    struct redactions redactions = {0};
    struct arena arena = {0};
    struct fixture fixture;
    size_t i;
    (void)state;

    redactions_add(&redactions, &arena, "hushhush", "${HOOK}");
    for (i = 0; i < COUNT_OF(formats); i++) {
        set_up(&fixture, LOG_TRACE, formats[i]);
        fixture.logger.redactions = &redactions;
        logger_say(&fixture.logger, LOG_INFO, "goes to https://u:pw55@host/hushhush");
        logger_record(&fixture.logger, LOG_TRACE,
                      json_pack("{s:s, s:s}", "url", "https://u:pw55@host/", "value", "xhushhushx"),
                      "request");
        written(&fixture);
        assert_null(strstr(fixture.text, "hushhush"));
        assert_null(strstr(fixture.text, "pw55"));
        assert_non_null(strstr(fixture.text, "${HOOK}"));
        assert_non_null(strstr(fixture.text, "https://u:****@host/"));
        tear_down(&fixture);
    }
    arena_release(&arena);
}

/* Nothing in the first second, then at most ten a second, and never the same twice. */
static void test_wait(void **state)
{
    struct fixture fixture;
    (void)state;

    set_up(&fixture, LOG_NOTE, false);
    fixture.logger.redraw = true;
    logger_wait(&fixture.logger, "no wait is going on");
    logger_wait_begin(&fixture.logger);
    fixture.now_ms += LOGGER_WAIT_MS - 1;
    assert_false(logger_wait_is_due(&fixture.logger));
    logger_wait(&fixture.logger, "too early");
    assert_string_equal(written(&fixture), "");
    fixture.now_ms += 1;
    assert_true(logger_wait_is_due(&fixture.logger));
    logger_wait(&fixture.logger, "reading %d", 1);
    assert_string_equal(written(&fixture), "\rreading 1\033[K");
    fixture.now_ms += LOGGER_REDRAW_MS - 1;
    logger_wait(&fixture.logger, "reading %d", 2);
    assert_string_equal(written(&fixture), "");
    fixture.now_ms += 1;
    logger_wait(&fixture.logger, "reading %d", 1);
    assert_string_equal(written(&fixture), "");
    fixture.now_ms += LOGGER_REDRAW_MS;
    logger_wait(&fixture.logger, "reading %d", 3);
    assert_string_equal(written(&fixture), "\rreading 3\033[K");
    /* Above it goes what is said. */
    logger_say(&fixture.logger, LOG_NOTE, "by the way");
    assert_string_equal(written(&fixture), "\r\033[Kby the way\n");
    fixture.now_ms += LOGGER_REDRAW_MS;
    logger_wait(&fixture.logger, "reading %d", 3);
    assert_string_equal(written(&fixture), "\rreading 3\033[K");
    logger_wait_end(&fixture.logger);
    assert_string_equal(written(&fixture), "\r\033[K");
    logger_wait_end(&fixture.logger);
    logger_wait(&fixture.logger, "over");
    assert_string_equal(written(&fixture), "");
    tear_down(&fixture);
}

static void test_width(void **state)
{
    static const struct {
        unsigned columns;
        const char *text, *drawn;
    } cases[] = {
        {0, "as long as it is", "as long as it is"},
        {17, "as long as it is", "as long as it is"},
        {16, "as long as it is", "as long as it …"},
        {5, "as long as it is", "as …"},
        {1, "as long as it is", ""},
        /* Wide characters take two columns, and are not cut in two. */
        {9, "日本語日本語", "日本語…"},
        {10, "日本語日本語", "日本語日…"},
        {11, "日本語日本", "日本語日本"},
        {5, "e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301e\u0301"},
    };
    char expected[128];
    struct fixture fixture;
    size_t i;
    (void)state;

    setlocale(LC_CTYPE, "C.UTF-8");
    for (i = 0; i < COUNT_OF(cases); i++) {
        set_up(&fixture, LOG_NOTE, false);
        fixture.logger.redraw = true;
        logger_wait_begin(&fixture.logger);
        fixture.now_ms += LOGGER_WAIT_MS;
        columns_now = cases[i].columns;
        logger_wait(&fixture.logger, "%s", cases[i].text);
        snprintf(expected, sizeof(expected), "\r%s\033[K", cases[i].drawn);
        assert_string_equal(written(&fixture), expected);
        logger_wait_end(&fixture.logger);
        tear_down(&fixture);
    }
}

/* Where nothing can be written over, every ten seconds, and only for who wants to know. */
static void test_wait_as_lines(void **state)
{
    struct fixture fixture;
    (void)state;

    set_up(&fixture, LOG_INFO, false);
    logger_wait_begin(&fixture.logger);
    fixture.now_ms += LOGGER_REPEAT_MS - 1;
    logger_wait(&fixture.logger, "too early");
    fixture.now_ms += 1;
    logger_wait(&fixture.logger, "still reading");
    logger_wait(&fixture.logger, "too early again");
    fixture.now_ms += LOGGER_REPEAT_MS;
    logger_wait(&fixture.logger, "and on");
    logger_wait_end(&fixture.logger);
    assert_string_equal(written(&fixture), "info: still reading\ninfo: and on\n");
    tear_down(&fixture);

    set_up(&fixture, LOG_NOTE, false);
    logger_wait_begin(&fixture.logger);
    fixture.now_ms += LOGGER_REPEAT_MS;
    logger_wait(&fixture.logger, "nobody asked");
    logger_wait_end(&fixture.logger);
    assert_string_equal(written(&fixture), "");
    assert_false(logger_shows_waits(&fixture.logger));
    tear_down(&fixture);
}

/* A signal that ends the process takes the line away first; one that is ignored or handled is left
 * alone. */
static void test_signal(void **state)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, after;
    struct fixture fixture;
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(numbers); i++) {
        int how;
        pid_t child;
        set_up(&fixture, LOG_NOTE, false);
        fixture.logger.redraw = true;
        child = fork();
        if (child == 0) {
            dup2(fileno(fixture.file), STDERR_FILENO);
            logger_wait_begin(&fixture.logger);
            fixture.now_ms += LOGGER_WAIT_MS;
            logger_wait(&fixture.logger, "reading");
            raise(numbers[i]);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how) && WTERMSIG(how) == numbers[i]);
        assert_string_equal(written(&fixture), "\rreading\033[K\r\033[K");
        tear_down(&fixture);
    }
    set_up(&fixture, LOG_NOTE, false);
    fixture.logger.redraw = true;
    sigaction(SIGINT, &ignore, NULL);
    logger_wait_begin(&fixture.logger);
    fixture.now_ms += LOGGER_WAIT_MS;
    logger_wait(&fixture.logger, "reading");
    raise(SIGINT);
    logger_wait_end(&fixture.logger);
    sigaction(SIGINT, NULL, &after);
    assert_true(after.sa_handler == SIG_IGN);
    sigaction(SIGTERM, NULL, &after);
    assert_true(after.sa_handler == SIG_DFL);
    tear_down(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_json),          cmocka_unit_test(test_redaction),
        cmocka_unit_test(test_wait),          cmocka_unit_test(test_width),
        cmocka_unit_test(test_wait_as_lines), cmocka_unit_test(test_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

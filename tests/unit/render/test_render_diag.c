#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "render/render_diag.h"

#include <string.h>

static const struct diag_source source = {"a,b:c.yaml", "one\ntwo\n", 8};

static void report(struct diag *diag)
{
    const struct diag_span first = {&source, 1, 1, 3}, second = {&source, 2, 2, 0};
    diag_init(diag);
    diag_error(diag, &second, "100%% wrong\nreally");
    diag_help(diag, "mend it");
    diag_note(diag, &first, "see here");
    diag_warning(diag, NULL, "no place");
}

static void test_json(void **state)
{
    struct diag diag;
    struct buf out;
    (void)state;
    buf_init(&out, 64 * 1024);
    report(&diag);
    render_diag_json(&diag, &out);
    assert_string_equal(buf_text(&out), "{\n"
                                        "  \"valid\": false,\n"
                                        "  \"errors\": 1,\n"
                                        "  \"warnings\": 1,\n"
                                        "  \"dropped\": 0,\n"
                                        "  \"diagnostics\": [\n"
                                        "    {\n"
                                        "      \"level\": \"error\",\n"
                                        "      \"file\": \"a,b:c.yaml\",\n"
                                        "      \"line\": 2,\n"
                                        "      \"column\": 2,\n"
                                        "      \"length\": 1,\n"
                                        "      \"message\": \"100% wrong\\nreally\",\n"
                                        "      \"help\": \"mend it\",\n"
                                        "      \"notes\": [\n"
                                        "        {\n"
                                        "          \"file\": \"a,b:c.yaml\",\n"
                                        "          \"line\": 1,\n"
                                        "          \"column\": 1,\n"
                                        "          \"length\": 3,\n"
                                        "          \"message\": \"see here\"\n"
                                        "        }\n"
                                        "      ]\n"
                                        "    },\n"
                                        "    {\n"
                                        "      \"level\": \"warning\",\n"
                                        "      \"message\": \"no place\",\n"
                                        "      \"notes\": []\n"
                                        "    }\n"
                                        "  ]\n"
                                        "}\n");
    diag_release(&diag);
    buf_release(&out);
}

static void test_github(void **state)
{
    struct diag diag;
    struct buf out;
    (void)state;
    buf_init(&out, 64 * 1024);
    report(&diag);
    render_diag_github(&diag, &out);
    assert_string_equal(buf_text(&out),
                        "::error file=a%2Cb%3Ac.yaml,line=2,col=2,endColumn=3::100%25 "
                        "wrong%0Areally%0Ahelp: mend it%0Anote: a,b:c.yaml:1:1: see here\n"
                        "::warning::no place\n");
    diag_release(&diag);
    buf_release(&out);
}

/* JSON has to be UTF-8, the name of a file need not be. */
static void test_odd_file_name(void **state)
{
    static const struct diag_source odd = {"x\xff.yaml", "a\n", 2};
    const struct diag_span span = {&odd, 1, 1, 1};
    struct diag diag;
    struct buf out;
    (void)state;
    buf_init(&out, 64 * 1024);
    diag_init(&diag);
    diag_error(&diag, &span, "in x\xff.yaml");
    render_diag_json(&diag, &out);
    assert_non_null(strstr(buf_text(&out), "\"file\": \"x\\\\xff.yaml\""));
    assert_non_null(strstr(buf_text(&out), "\"message\": \"in x\\\\xff.yaml\""));
    diag_release(&diag);
    buf_release(&out);
}

static void test_nothing_to_say(void **state)
{
    struct diag diag;
    struct buf out;
    (void)state;
    buf_init(&out, 64 * 1024);
    diag_init(&diag);
    render_diag_github(&diag, &out);
    assert_string_equal(buf_text(&out), "");
    render_diag_json(&diag, &out);
    assert_non_null(strstr(buf_text(&out), "\"valid\": true"));
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_github),
        cmocka_unit_test(test_odd_file_name),
        cmocka_unit_test(test_nothing_to_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

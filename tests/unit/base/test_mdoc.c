#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "base/mdoc.h"

static const struct {
    const char *text, *mdoc;
} sentences[] = {
    {"Plain text.", "Plain text.\n"},
    {"One. Two.", "One.\nTwo.\n"},
    {"two\nlines  and blanks", "two lines and blanks\n"},
    {"a back\\slash, a \"quote\", a-dash", "a back\\eslash, a \\(dqquote\\(dq, a\\-dash\n"},
    {"with --out FILE.", "with\n.Fl \\-out\nFILE.\n"},
    {"(--max-sends).", ".Fl ( \\-max\\-sends ) .\n"},
    {"set ROSTER_RATE, or", "set\n.Ev ROSTER_RATE ,\nor\n"},
    {"a URL and JSON", "a URL and JSON\n"},
    {"see roster-plan(1).", "see\n.Xr roster-plan 1 .\n"},
    {"(see roster.yaml(5))", "(see\n.Xr roster.yaml 5 )\n"},
    {"a (roster.yaml(5)), b", "a\n.Xr ( roster.yaml 5 ) ,\nb\n"},
    {"the `two words`, then", "the\n.Ql two words ,\nthen\n"},
    {"an open `tick", "an open `tick\n"},
    {".profile and 'x'", "\\&.profile and 'x'\n"},
    {"-- and --", "\\-\\- and \\-\\-\n"},
    {"a word at the end of a line that is as long as a line of this may be, no: longer",
     "a word at the end of a line that is as long as a line of this may be, no:\nlonger\n"},
};

static void test_sentences(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(sentences); i++) {
        struct buf out;
        buf_init(&out, 4096);
        mdoc_add_sentences(&out, sentences[i].text);
        assert_string_equal(buf_text(&out), sentences[i].mdoc);
        buf_release(&out);
    }
}

static void test_prose(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, 4096);
    mdoc_add_prose(&out, "First.\n\nSecond.\n\n# Title\n\nThird:\n\n- --x: One. Two.\n- word: x\n\n"
                         "    .a \\\n    b\n\nLast.");
    assert_string_equal(buf_text(&out), "First.\n.Pp\nSecond.\n.Ss Title\nThird:\n"
                                        ".Bl -tag -width Ds\n.It Fl \\-x\nOne.\nTwo.\n.It Cm word\n"
                                        "x\n.El\n"
                                        ".Bd -literal -offset indent\n\\&.a \\e\nb\n.Ed\n"
                                        ".Pp\nLast.\n");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_prose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

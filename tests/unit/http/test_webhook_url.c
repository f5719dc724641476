#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "http/webhook_url.h"

#include "base/attributes.h"

#include <string.h>

static void test_bases(void **state)
{
    static const struct {
        const char *url, *why; /* NULL: it can be one */
    } cases[] = {
        {"https://hooks.example.com", NULL},
        {"https://hooks.example.com/", NULL},
        {"http://hooks.example.com:8080/in", NULL},
        {"https://user:pass@hooks.example.com/in", NULL},
        {"http://[::1]:8080", NULL},
        {"hooks.example.com", "does not begin"},
        {"ftp://hooks.example.com", "does not begin"},
        {"HTTPS://hooks.example.com", "does not begin"},
        {"https://", "no host"},
        {"https:///in", "no host"},
        {"https://:80/in", "no host"},
        {"https://user@/in", "no host"},
        {"https://hooks.example.com/?a=1", "a query"},
        {"https://hooks.example.com?", "a query"},
        {"https://hooks.example.com/#rc=2", "a query or a fragment"},
        {"https://hooks.example.com/a b", "a blank"},
        {"https://hooks.example.com/\xc3\xa4", "another character"},
        {"", "does not begin"},
    };
    const char *why;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        if (webhook_url_is_base(cases[i].url, &why) != (cases[i].why == NULL))
            fail_msg("%s", cases[i].url);
        if (cases[i].why != NULL && strstr(why, cases[i].why) == NULL)
            fail_msg("%s: %s", cases[i].url, why);
    }
}

/* The variants that the vectors of signatures don't show. */
static void test_variants(void **state)
{
    static const struct {
        const char *url, *variants; /* with a newline behind each */
    } cases[] = {
        {"https://a/x", "https://a/x\nhttps://a:443/x\n"},
        {"http://[::1]:8080/x#f", "http://[::1]:8080/x\nhttp://[::1]/x\n"},
        {"http://[::1]/x", "http://[::1]/x\nhttp://[::1]:80/x\n"},
        {"ftp://a:/x", "ftp://a:/x\nftp://a/x\n"},
        {"a?b", "a?b\na?b=\n"},
        {"https://u@a:1?<\xc3\xa4>",
         "https://u@a:1?<\xc3\xa4>\nhttps://u@a?<\xc3\xa4>\nhttps://a:1?<\xc3\xa4>\n"
         "https://a?<\xc3\xa4>\nhttps://u@a:1?%3C%C3%A4%3E\nhttps://u@a?%3C%C3%A4%3E\n"
         "https://a:1?%3C%C3%A4%3E\nhttps://a?%3C%C3%A4%3E\nhttps://u@a:1?%3C%C3%A4%3E=\n"
         "https://u@a?%3C%C3%A4%3E=\nhttps://a:1?%3C%C3%A4%3E=\nhttps://a?%3C%C3%A4%3E=\n"},
        {"https:#/a://b", "https:\nhttps\n"},
        {"#://", "\n"},
        {"", "\n"},
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const char *query = strchr(cases[i].url, '?'), *why;
        struct webhook_urls urls;
        struct arena arena = {0};
        struct form form = {0};
        struct buf all;

        buf_init(&all, 4096);
        if (query != NULL)
            assert_int_equal(form_parse(&form, &arena, query + 1, strlen(query + 1), &why), 0);
        webhook_url_variants(&urls, cases[i].url, &form, &arena);
        for (j = 0; j < urls.count; j++)
            buf_printf(&all, "%s\n", urls.texts[j]);
        assert_string_equal(buf_text(&all), cases[i].variants);
        buf_release(&all);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bases),
        cmocka_unit_test(test_variants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

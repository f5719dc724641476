#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/base64.h"

#include <string.h>

/* RFC 4648, section 10. */
static const struct {
    const char *plain, *encoded;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static const char *const malformed[] = {
    "Z", "Zg", "Zg=", "Zg===", "Z g=", "====", "Zm9v\n", "Zm-v"};

static void test_vectors(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(vectors); i++) {
        struct buf out;
        buf_init(&out, 100);
        base64_add(&out, vectors[i].plain, strlen(vectors[i].plain));
        assert_string_equal(buf_text(&out), vectors[i].encoded);
        buf_clear(&out);
        assert_int_equal(base64_decode(&out, vectors[i].encoded, strlen(vectors[i].encoded)), 0);
        assert_int_equal(out.size, strlen(vectors[i].plain));
        assert_memory_equal(buf_text(&out), vectors[i].plain, out.size);
        buf_release(&out);
    }
}

static void test_malformed(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(malformed); i++) {
        struct buf out;
        buf_init(&out, 100);
        assert_int_equal(base64_decode(&out, malformed[i], strlen(malformed[i])), -1);
        assert_int_equal(out.size, 0);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Against published vectors, and for what has none against Python's hashlib.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/digest.h"

#include <string.h>

/* FIPS 180-4's examples. */
static void test_sha256(void **state)
{
    static const struct {
        const char *text, *hex;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char hex[DIGEST_HEX_SIZE];
    struct buf million;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        digest_sha256(cases[i].text, strlen(cases[i].text), hex);
        assert_string_equal(hex, cases[i].hex);
    }
    buf_init(&million, 1000 * 1000);
    buf_add_fill(&million, 'a', 1000 * 1000);
    digest_sha256(buf_text(&million), million.size, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    buf_release(&million);
}

/* `count` times the byte, or the text when it has one. */
struct bytes {
    const char *text;
    char byte;
    size_t count;
};

static void add_bytes(struct buf *out, const struct bytes *bytes)
{
    buf_clear(out);
    if (bytes->text != NULL)
        buf_add_text(out, bytes->text);
    else
        buf_add_fill(out, bytes->byte, bytes->count);
}

/* RFC 4231, but for its case 5, which cuts the result; and an empty key. */
static void test_hmac(void **state)
{
    static const struct {
        struct bytes key, data;
        const char *hex;
    } cases[] = {
        {{NULL, '\x0b', 20},
         {"Hi There", 0, 0},
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {{"Jefe", 0, 0},
         {"what do ya want for nothing?", 0, 0},
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {{NULL, '\xaa', 20},
         {NULL, '\xdd', 50},
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {{"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15"
          "\x16\x17\x18\x19",
          0, 0},
         {NULL, '\xcd', 50},
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {{NULL, '\xaa', 131},
         {"Test Using Larger Than Block-Size Key - Hash Key First", 0, 0},
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {{NULL, '\xaa', 131},
         {"This is a test using a larger than block-size key and a larger than block-size data. "
          "The key needs to be hashed before being used by the HMAC algorithm.",
          0, 0},
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
        {{"", 0, 0},
         {"", 0, 0},
         "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    };
    struct buf key, data;
    size_t i;

    (void)state;
    buf_init(&key, 1024);
    buf_init(&data, 1024);
    for (i = 0; i < COUNT_OF(cases); i++) {
        char hex[DIGEST_HEX_SIZE];
        add_bytes(&key, &cases[i].key);
        add_bytes(&data, &cases[i].data);
        digest_hmac(buf_text(&key), buf_text(&data), data.size, hex);
        assert_string_equal(hex, cases[i].hex);
    }
    buf_release(&key);
    buf_release(&data);
}

/* hashlib.pbkdf2_hmac("sha256", value, salt, 10000) */
static void test_slow(void **state)
{
    static const struct {
        const char *salt, *value;
        size_t size;
        const char *hex;
    } cases[] = {
        {"AC1 sha NAME", "value", 5,
         "312b14a553c9c08ad58084a323e92c9c1aeb793ffa6779ccc4e2f725523c6314"},
        {"", "", 0, "0d60c695f7e95db4f9557f5b2410e77b296801a818bd99ffb8d3dd4972b28c50"},
        {"salt", "a\0b", 3, "a832d0720490f64c1c773e8d8a22ae40b3b6a7ce5fdfe84f3b8bccc475eadf35"},
    };
    size_t i;

    (void)state;
    assert_int_equal(DIGEST_SLOW_ROUNDS, 10000);
    for (i = 0; i < COUNT_OF(cases); i++) {
        char hex[DIGEST_HEX_SIZE];
        digest_slow(cases[i].salt, cases[i].value, cases[i].size, hex);
        assert_string_equal(hex, cases[i].hex);
    }
}

/* The second is the example of the specification of Content Security Policy. */
static void test_base64(void **state)
{
    static const struct {
        const char *text, *base64;
    } cases[] = {
        {"", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        {"alert('Hello, world.');", "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="},
        {"abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out, 64);
        digest_add_base64(cases[i].text, strlen(cases[i].text), &out);
        assert_string_equal(buf_text(&out), cases[i].base64);
        buf_release(&out);
    }
}

/* RFC 2202's cases 1 and 2, in Base64, and nothing at all. */
static void test_hmac_sha1(void **state)
{
    static const struct {
        const char *key, *text, *base64;
    } cases[] = {
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
         "Hi There", "thcxhlUFcmTii8C2+zeMjvFGvgA="},
        {"Jefe", "what do ya want for nothing?", "7/zfauXrL6LSdBbV8YTfnCWafHk="},
        {"", "", "+9sdGxiqbAgyS31ktx+3Y3BpDh0="},
    };
    char base64[DIGEST_SHA1_BASE64_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        digest_hmac_sha1(cases[i].key, strlen(cases[i].key), cases[i].text, strlen(cases[i].text),
                         base64);
        assert_string_equal(base64, cases[i].base64);
    }
}

static void test_equal(void **state)
{
    (void)state;
    assert_true(digest_equal("", ""));
    assert_true(digest_equal("abc", "abc"));
    assert_false(digest_equal("abc", "abd"));
    assert_false(digest_equal("xbc", "abc"));
    assert_false(digest_equal("abc", "ABC"));
    assert_false(digest_equal("abc", "ab"));
    assert_false(digest_equal("ab", "abc"));
    assert_false(digest_equal("", "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256), cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_slow),   cmocka_unit_test(test_base64),
        cmocka_unit_test(test_equal),  cmocka_unit_test(test_hmac_sha1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

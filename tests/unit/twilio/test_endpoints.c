#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "twilio/endpoints.h"

static void test_paths(void **state)
{
    struct arena arena = {0};
    (void)state;
    assert_string_equal(endpoint_service(&arena, "MG1"), "/v1/Services/MG1");
    assert_string_equal(endpoint_senders(&arena, "MG1", SENDER_PHONE_NUMBER),
                        "/v1/Services/MG1/PhoneNumbers");
    assert_string_equal(endpoint_sender(&arena, "MG1", SENDER_SHORT_CODE, "SC1"),
                        "/v1/Services/MG1/ShortCodes/SC1");
    assert_string_equal(endpoint_sender(&arena, "MG1", SENDER_ALPHA_SENDER, "AI1"),
                        "/v1/Services/MG1/AlphaSenders/AI1");
    assert_string_equal(endpoint_owned(&arena, "AC1", SENDER_PHONE_NUMBER),
                        "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json");
    assert_string_equal(endpoint_owned(&arena, "AC1", SENDER_SHORT_CODE),
                        "/2010-04-01/Accounts/AC1/SMS/ShortCodes.json");
    arena_release(&arena);
}

/* What needs an owned SID must say where the account lists it, and the other way round. */
static void test_every_kind_has_its_endpoint(void **state)
{
    size_t kind;
    (void)state;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        assert_non_null(endpoints[kind].segment);
        assert_non_null(endpoints[kind].list_key);
        assert_int_equal(endpoints[kind].owned_path != NULL,
                         sender_types[kind].origin == SENDER_OWNED);
        assert_int_equal(endpoints[kind].owned_key != NULL,
                         sender_types[kind].origin == SENDER_OWNED);
        assert_int_equal(endpoints[kind].owned_filter != NULL,
                         sender_types[kind].origin == SENDER_OWNED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_every_kind_has_its_endpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

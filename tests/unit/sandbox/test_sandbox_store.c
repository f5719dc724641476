#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "base/str.h"
#include "sandbox/sandbox_settings.h"
#include "sandbox/sandbox_store.h"

#include <string.h>

static void start(struct sandbox_store *store, uint64_t seed)
{
    struct random_state random;
    random_seed(&random, seed);
    sandbox_store_init(store, &random, 1000);
}

static void test_same_seed_same_sids(void **state)
{
    struct sandbox_store a, b, c;
    char first[SANDBOX_SID_SIZE], second[SANDBOX_SID_SIZE];

    (void)state;
    start(&a, 1);
    start(&b, 1);
    start(&c, 2);
    assert_true(str_is_sid(a.account_sid, "AC"));
    assert_int_equal(strlen(a.auth_token), 32);
    assert_string_equal(a.account_sid, b.account_sid);
    assert_string_equal(a.auth_token, b.auth_token);
    assert_string_not_equal(a.account_sid, c.account_sid);
    sandbox_store_mint(&a, "MG", first);
    sandbox_store_mint(&b, "MG", second);
    assert_string_equal(first, second);
    sandbox_store_mint(&a, "MG", second);
    assert_string_not_equal(first, second);
    sandbox_store_release(&a);
    sandbox_store_release(&b);
    sandbox_store_release(&c);
}

/* As when a run goes on with the seed and the SIDs of the last one. */
static void test_minting_avoids_what_is_there(void **state)
{
    struct sandbox_store a, b;
    char taken[SANDBOX_SID_SIZE], fresh[SANDBOX_SID_SIZE];

    (void)state;
    start(&a, 1);
    start(&b, 1);
    sandbox_store_mint(&a, "MG", taken);
    assert_non_null(sandbox_service_add(&b, taken, json_object(), 0));
    sandbox_store_mint(&b, "MG", fresh);
    assert_string_not_equal(fresh, taken);
    sandbox_store_release(&a);
    sandbox_store_release(&b);
}

static void test_lookup(void **state)
{
    struct sandbox_store store;
    struct sandbox_sender *number, *code;
    struct sandbox_service *service;
    struct sandbox_message *message;

    (void)state;
    start(&store, 1);
    service = sandbox_service_add(&store, NULL, sandbox_settings_default(), 5);
    number = sandbox_sender_add(&store, SANDBOX_PHONE_NUMBER, NULL, "+14155550001", 5);
    code = sandbox_sender_add(&store, SANDBOX_SHORT_CODE, NULL, "85555", 5);
    message = sandbox_message_add(&store, NULL, json_object(), 5);
    assert_ptr_equal(sandbox_service_find(&store, service->row.sid), service);
    assert_ptr_equal(sandbox_sender_find(&store, SANDBOX_PHONE_NUMBER, number->row.sid), number);
    assert_ptr_equal(sandbox_sender_at(&store, SANDBOX_SHORT_CODE, "85555"), code);
    assert_ptr_equal(sandbox_message_find(&store, message->row.sid), message);

    assert_null(sandbox_sender_find(&store, SANDBOX_SHORT_CODE, number->row.sid));
    assert_null(sandbox_sender_at(&store, SANDBOX_PHONE_NUMBER, "85555"));
    assert_null(sandbox_service_find(&store, number->row.sid));
    assert_null(sandbox_message_find(&store, service->row.sid));
    assert_null(sandbox_service_find(&store, ""));
    assert_null(sandbox_service_find(&store, "MG0"));
    assert_null(sandbox_service_find(&store, "MG0000000000000000000000000000000000000"));

    /* What is taken is not added a second time. */
    assert_null(sandbox_sender_add(&store, SANDBOX_PHONE_NUMBER, NULL, "+14155550001", 5));
    assert_null(
        sandbox_sender_add(&store, SANDBOX_PHONE_NUMBER, number->row.sid, "+14155550002", 5));
    assert_null(sandbox_sender_at(&store, SANDBOX_PHONE_NUMBER, "+14155550002"));
    assert_null(sandbox_service_add(&store, service->row.sid, json_object(), 5));
    assert_null(sandbox_message_add(&store, message->row.sid, json_object(), 5));
    assert_int_equal(store.senders[SANDBOX_PHONE_NUMBER].count, 1);
    sandbox_store_release(&store);
}

static void test_membership(void **state)
{
    struct sandbox_store store;
    struct sandbox_service *one, *two;
    struct sandbox_sender *number;
    struct sandbox_member *member, *alpha;
    char alpha_sid[SANDBOX_SID_SIZE];

    (void)state;
    start(&store, 1);
    one = sandbox_service_add(&store, NULL, sandbox_settings_default(), 5);
    two = sandbox_service_add(&store, NULL, sandbox_settings_default(), 5);
    number = sandbox_sender_add(&store, SANDBOX_PHONE_NUMBER, NULL, "+14155550001", 5);
    member = sandbox_member_add(&store, one, number, 6);
    assert_string_equal(member->row.sid, number->row.sid);
    assert_ptr_equal(sandbox_member_find(&store, one, SANDBOX_PHONE_NUMBER, number->row.sid),
                     member);
    assert_null(sandbox_member_find(&store, two, SANDBOX_PHONE_NUMBER, number->row.sid));
    sandbox_member_remove(&store, member);
    assert_null(number->member);
    assert_int_equal(one->pools[SANDBOX_PHONE_NUMBER].count, 0);

    sandbox_member_add(&store, two, number, 6);
    alpha = sandbox_member_add_alpha(&store, two, NULL, "ACME", 6);
    memcpy(alpha_sid, alpha->row.sid, sizeof(alpha_sid));
    assert_ptr_equal(sandbox_member_find(&store, two, SANDBOX_ALPHA_SENDER, alpha_sid), alpha);
    assert_null(sandbox_member_find(&store, one, SANDBOX_ALPHA_SENDER, alpha_sid));
    sandbox_service_remove(&store, two);
    assert_null(number->member);
    assert_null(sandbox_member_find(&store, one, SANDBOX_ALPHA_SENDER, alpha_sid));
    assert_int_equal(store.services.count, 1);
    assert_non_null(sandbox_member_add(&store, one, number, 7));
    assert_non_null(sandbox_member_add_alpha(&store, one, alpha_sid, "ACME", 7));
    assert_null(sandbox_member_add_alpha(&store, one, alpha_sid, "OTHER", 7));
    sandbox_store_release(&store);
}

/* Both kinds of alpha senders have SIDs of one kind; none is found as the other. */
static void test_destinations(void **state)
{
    struct sandbox_store store;
    struct sandbox_service *service;
    struct sandbox_member *plain, *british;

    (void)state;
    start(&store, 1);
    service = sandbox_service_add(&store, NULL, sandbox_settings_default(), 5);
    plain = sandbox_member_add_alpha(&store, service, NULL, "ACME", 6);
    british = sandbox_member_add_destination(&store, service, NULL, "ACME", "GB", 6);
    assert_string_equal(plain->destination, "");
    assert_string_equal(british->destination, "GB");
    assert_true(str_is_sid(british->row.sid, "AI"));
    assert_ptr_equal(
        sandbox_member_find(&store, service, SANDBOX_DESTINATION_ALPHA_SENDER, british->row.sid),
        british);
    assert_null(sandbox_member_find(&store, service, SANDBOX_ALPHA_SENDER, british->row.sid));
    assert_null(
        sandbox_member_find(&store, service, SANDBOX_DESTINATION_ALPHA_SENDER, plain->row.sid));
    assert_null(sandbox_member_add_destination(&store, service, plain->row.sid, "ACME", "FR", 6));
    sandbox_member_remove(&store, british);
    assert_int_equal(service->pools[SANDBOX_DESTINATION_ALPHA_SENDER].count, 0);
    assert_int_equal(service->pools[SANDBOX_ALPHA_SENDER].count, 1);
    sandbox_store_release(&store);
}

static void test_channel_senders(void **state)
{
    static const struct {
        const char *address, *country;
    } cases[] = {
        {"whatsapp:+15005550001", "US"},
        {"whatsapp:+447700900002", "GB"},
        {"messenger:104794531907950", ""},
        {"rcs:my_agent", ""},
    };
    struct sandbox_store store;
    struct sandbox_sender *sender, *number;
    size_t i;

    (void)state;
    start(&store, 1);
    number = sandbox_sender_add(&store, SANDBOX_PHONE_NUMBER, NULL, "+15005550001", 5);
    for (i = 0; i < COUNT_OF(cases); i++) {
        sender = sandbox_sender_add(&store, SANDBOX_CHANNEL_SENDER, NULL, cases[i].address, 5);
        assert_true(str_is_sid(sender->row.sid, "XE"));
        assert_string_equal(sender->country, cases[i].country);
        assert_int_equal(sender->capabilities, 0);
        assert_ptr_equal(sandbox_sender_at(&store, SANDBOX_CHANNEL_SENDER, cases[i].address),
                         sender);
        assert_ptr_equal(sandbox_sender_find(&store, SANDBOX_CHANNEL_SENDER, sender->row.sid),
                         sender);
    }
    assert_ptr_equal(sandbox_sender_at(&store, SANDBOX_PHONE_NUMBER, "+15005550001"), number);
    assert_null(sandbox_sender_find(&store, SANDBOX_CHANNEL_SENDER, number->row.sid));
    assert_int_equal(store.senders[SANDBOX_CHANNEL_SENDER].count, COUNT_OF(cases));
    sandbox_store_release(&store);
}

static void test_order(void **state)
{
    struct sandbox_store store;
    uint64_t second;
    size_t i;

    (void)state;
    start(&store, 1);
    for (i = 0; i < 20; i++)
        sandbox_service_add(&store, NULL, sandbox_settings_default(), 5);
    second = store.services.rows[1]->order;
    assert_int_equal(sandbox_list_from(&store.services, 0), 0);
    assert_int_equal(sandbox_list_from(&store.services, second), 1);
    assert_int_equal(sandbox_list_from(&store.services, second + 1), 2);
    assert_int_equal(sandbox_list_from(&store.services, UINT64_MAX), 20);
    sandbox_service_remove(&store, (struct sandbox_service *)store.services.rows[1]);
    assert_int_equal(sandbox_list_from(&store.services, second), 1);
    assert_true(store.services.rows[1]->order > second);
    sandbox_store_release(&store);
}

static void test_dirty(void **state)
{
    struct sandbox_store store;
    struct sandbox_service *service;

    (void)state;
    start(&store, 1);
    assert_false(store.dirty);
    service = sandbox_service_add(&store, NULL, sandbox_settings_default(), 5);
    assert_true(store.dirty);
    store.dirty = false;
    sandbox_service_remove(&store, service);
    assert_true(store.dirty);
    sandbox_store_release(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_sids),
        cmocka_unit_test(test_minting_avoids_what_is_there),
        cmocka_unit_test(test_lookup),
        cmocka_unit_test(test_membership),
        cmocka_unit_test(test_destinations),
        cmocka_unit_test(test_channel_senders),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_dirty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

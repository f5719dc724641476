#include "test_fixture.h"

/* A list of seven in either style. */
static const struct {
    const char *path, *key, *next, *previous;
    bool absolute;
} styles[] = {
    {"/v1/Services", "services", "meta.next_page_url", "meta.previous_page_url", true},
    {API "/IncomingPhoneNumbers.json", "incoming_phone_numbers", "next_page_uri",
     "previous_page_uri", false},
};

static void start(struct fixture *f)
{
    fixture_start(
        f, "{\"version\":1,\"account\":{\"sid\":\"" ACCOUNT "\",\"auth_token\":\"token\"}}", NULL);
    sandbox_state_generate(&f->store, 7, 7, FIXTURE_NOW_MS / 1000);
}

static size_t index_of(const struct fixture *f, const char *key, const char *sid)
{
    const struct sandbox_list *list =
        strcmp(key, "services") == 0 ? &f->store.services : &f->store.senders[0];
    size_t i;
    for (i = 0; i < list->count; i++)
        if (strcmp(list->rows[i]->sid, sid) == 0)
            return i;
    return 99;
}

/* The rows of the last answer as digits, 1 for the list's first. */
static const char *shown(const struct fixture *f, const char *key, char out[64])
{
    const json_t *rows = json_object_get(f->body, key);
    size_t i;
    for (i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        out[i] = (char)('1' + index_of(f, key, json_string_value(json_object_get(row, "sid"))));
    }
    out[i] = '\0';
    return out;
}

/* Follows a link of the last answer as a client does. */
static void follow(struct fixture *f, size_t style, const char *link)
{
    const char *url = json_string_value(fixture_at(f, link));
    char copy[1024];

    assert_non_null(url);
    if (styles[style].absolute) {
        assert_memory_equal(url, "http://sandbox:1/", 17);
        url += 16;
    }
    snprintf(copy, sizeof(copy), "%s", url);
    assert_int_equal(fixture_call(f, NULL, "GET %s", copy), 200);
}

static void test_forward_and_back(void **state)
{
    struct fixture f;
    char rows[64];
    size_t i;

    (void)state;
    start(&f);
    for (i = 0; i < COUNT_OF(styles); i++) {
        assert_int_equal(fixture_call(&f, NULL, "GET %s?PageSize=3", styles[i].path), 200);
        assert_string_equal(shown(&f, styles[i].key, rows), "123");
        assert_true(json_is_null(fixture_at(&f, styles[i].previous)));
        follow(&f, i, styles[i].next);
        assert_string_equal(shown(&f, styles[i].key, rows), "456");
        follow(&f, i, styles[i].next);
        assert_string_equal(shown(&f, styles[i].key, rows), "7");
        assert_true(json_is_null(fixture_at(&f, styles[i].next)));
        follow(&f, i, styles[i].previous);
        assert_string_equal(shown(&f, styles[i].key, rows), "456");
        follow(&f, i, styles[i].previous);
        assert_string_equal(shown(&f, styles[i].key, rows), "123");
        assert_true(json_is_null(fixture_at(&f, styles[i].previous)));
        follow(&f, i, styles[i].next);
        assert_string_equal(shown(&f, styles[i].key, rows), "456");
    }
    fixture_stop(&f);
}

/* A list that fits its page just so has no next one. */
static void test_sizes(void **state)
{
    static const struct {
        const char *query;
        int status;
        const char *code;
        size_t rows;
        bool has_next;
    } cases[] = {
        {"", 200, NULL, 7, false},
        {"?PageSize=7", 200, NULL, 7, false},
        {"?PageSize=6", 200, NULL, 6, true},
        {"?PageSize=1", 200, NULL, 1, true},
        {"?PageSize=1000", 200, NULL, 7, false},
        {"?PageSize=1001", 400, "20007", 0, false},
        {"?PageSize=0", 400, "20422", 0, false},
        {"?PageSize=x", 400, "20422", 0, false},
        {"?PageSize=", 200, NULL, 7, false},
        {"?Page=-1", 400, "20422", 0, false},
        {"?Page=99999999999999999999", 400, "20422", 0, false},
        {"?Page=3&PageSize=2", 200, NULL, 2, true},
        {"?PageToken=", 200, NULL, 7, false},
        {"?PageToken=x", 400, "21481", 0, false},
        {"?PageToken=PAMG" ZEROS "1", 400, "21481", 0, false},
        {"?PageToken=PAMG" ZEROS "1-", 400, "21481", 0, false},
        {"?PageToken=PAMG" ZEROS "1-zz", 400, "21481", 0, false},
        {"?PageToken=PCMG" ZEROS "1-0", 400, "21481", 0, false},
        {"?PageToken=PAXE" ZEROS "1-0", 400, "21481", 0, false},
        {"?PageToken=PAMG" ZEROS "1-fffffffffffffffff", 400, "21481", 0, false},
        {"?PageToken=PAMG" ZEROS "1-ffffffff", 200, NULL, 0, false},
        {"?PageToken=PAMG" ZEROS "1-0", 200, NULL, 7, false},
    };
    struct fixture f;
    size_t i;

    (void)state;
    start(&f);
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services%s", cases[i].query),
                         cases[i].status);
        if (cases[i].code != NULL) {
            fixture_expect(&f, "code", cases[i].code);
            continue;
        }
        assert_int_equal(json_array_size(fixture_at(&f, "services")), cases[i].rows);
        assert_int_equal(json_is_string(fixture_at(&f, "meta.next_page_url")), cases[i].has_next);
    }
    fixture_stop(&f);
}

static void remove_service(struct fixture *f, size_t index)
{
    assert_int_equal(
        fixture_call(f, NULL, "DELETE /v1/Services/%s", f->store.services.rows[index]->sid), 204);
}

/* What a token names may go, and come back elsewhere, while a client is on its way. */
static void test_changes_meanwhile(void **state)
{
    struct fixture f;
    char next[1024], text[1024];

    (void)state;
    start(&f);
    fixture_call(&f, NULL, "GET /v1/Services?PageSize=3");
    snprintf(next, sizeof(next), "%s", fixture_text(&f, "meta.next_page_url", text) + 16);
    remove_service(&f, 2); /* the one that the token names */
    remove_service(&f, 0);
    assert_int_equal(fixture_call(&f, "FriendlyName=Eight", "POST /v1/Services"), 201);
    assert_int_equal(fixture_call(&f, NULL, "GET %s", next), 200);
    fixture_expect(&f, "services.0.friendly_name", "Service 4");
    fixture_expect(&f, "services.2.friendly_name", "Service 6");
    follow(&f, 0, "meta.next_page_url");
    fixture_expect(&f, "services.0.friendly_name", "Service 7");
    fixture_expect(&f, "services.1.friendly_name", "Eight");
    fixture_expect(&f, "services.2", "(none)");
    fixture_stop(&f);
}

/* A sender that leaves and joins again has a new place, and nothing between is skipped. */
static void test_member_rejoins(void **state)
{
    struct fixture f;
    const char *service, *first;
    char next[1024], text[1024];

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    sandbox_state_generate(&f.store, 1, 5, FIXTURE_NOW_MS / 1000);
    service = f.store.services.rows[2]->sid;
    first = ((struct sandbox_service *)f.store.services.rows[2])->pools[0].rows[0]->sid;
    fixture_call(&f, NULL, "GET /v1/Services/%s/PhoneNumbers?PageSize=1", service);
    snprintf(next, sizeof(next), "%s", fixture_text(&f, "meta.next_page_url", text) + 16);
    snprintf(text, sizeof(text), "PhoneNumberSid=%s", first);
    assert_int_equal(
        fixture_call(&f, NULL, "DELETE /v1/Services/%s/PhoneNumbers/%s", service, first), 204);
    assert_int_equal(fixture_call(&f, text, "POST /v1/Services/%s/PhoneNumbers", service), 201);
    fixture_call(&f, NULL, "GET %s", next);
    fixture_expect(&f, "phone_numbers.0.phone_number", "+15550000002");
    fixture_stop(&f);
}

static void test_messaging_meta(void **state)
{
    struct fixture f;
    char wanted[256];

    (void)state;
    start(&f);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services?PageSize=3"), 200);
    fixture_expect_members(f.body, "meta services");
    fixture_expect_members(fixture_at(&f, "meta"),
                           "first_page_url key next_page_url page page_size previous_page_url url");
    fixture_expect(&f, "meta.key", "services");
    fixture_expect(&f, "meta.page", "0");
    fixture_expect(&f, "meta.page_size", "3");
    fixture_expect(&f, "meta.url", "http://sandbox:1/v1/Services?PageSize=3&Page=0");
    fixture_expect(&f, "meta.first_page_url", "http://sandbox:1/v1/Services?PageSize=3&Page=0");
    snprintf(wanted, sizeof(wanted),
             "http://sandbox:1/v1/Services?PageSize=3&Page=1&PageToken=PA%s-3",
             f.store.services.rows[2]->sid);
    fixture_expect(&f, "meta.next_page_url", wanted);
    follow(&f, 0, "meta.next_page_url");
    fixture_expect(&f, "meta.page", "1");
    fixture_expect(&f, "meta.url", wanted);
    follow(&f, 0, "meta.next_page_url");
    fixture_expect(&f, "meta.page", "2");
    follow(&f, 0, "meta.previous_page_url");
    fixture_expect(&f, "meta.page", "1");
    fixture_stop(&f);
}

static void test_flat_members(void **state)
{
    struct fixture f;

    (void)state;
    start(&f);
    assert_int_equal(fixture_call(&f, NULL,
                                  "GET " API
                                  "/IncomingPhoneNumbers.json?Nonsense=1&PhoneNumber=%%2B1555*"
                                  "&PageSize=2"),
                     200);
    fixture_expect_members(f.body, "end first_page_uri incoming_phone_numbers next_page_uri page "
                                   "page_size previous_page_uri start uri");
    fixture_expect(&f, "start", "0");
    fixture_expect(&f, "end", "1");
    fixture_expect(&f, "page_size", "2");
    fixture_expect(&f, "uri",
                   API "/IncomingPhoneNumbers.json?PhoneNumber=%2B1555%2A&PageSize=2&Page=0");
    follow(&f, 1, "next_page_uri");
    fixture_expect(&f, "start", "2");
    fixture_expect(&f, "end", "3");
    fixture_expect(&f, "page", "1");
    assert_int_equal(
        fixture_call(&f, NULL, "GET " API "/IncomingPhoneNumbers.json?FriendlyName=nobody"), 200);
    fixture_expect(&f, "start", "0");
    fixture_expect(&f, "end", "0");
    fixture_expect(&f, "incoming_phone_numbers", "[]");
    fixture_expect(&f, "next_page_uri", "null");
    fixture_stop(&f);
}

/* Pages of a filtered list go on behind what the filter leaves out. */
static void test_filtered_pages(void **state)
{
    struct fixture f;
    char rows[64];

    (void)state;
    start(&f);
    /* The second, fourth and sixth. */
    ((struct sandbox_sender *)f.store.senders[0].rows[1])->friendly_name = "Even";
    ((struct sandbox_sender *)f.store.senders[0].rows[3])->friendly_name = "Even";
    ((struct sandbox_sender *)f.store.senders[0].rows[5])->friendly_name = "Even";
    fixture_call(&f, NULL, "GET " API "/IncomingPhoneNumbers.json?FriendlyName=Even&PageSize=2");
    assert_string_equal(shown(&f, "incoming_phone_numbers", rows), "24");
    follow(&f, 1, "next_page_uri");
    assert_string_equal(shown(&f, "incoming_phone_numbers", rows), "6");
    fixture_expect(&f, "next_page_uri", "null");
    follow(&f, 1, "previous_page_uri");
    assert_string_equal(shown(&f, "incoming_phone_numbers", rows), "24");
    fixture_expect(&f, "previous_page_uri", "null");
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forward_and_back),  cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_changes_meanwhile), cmocka_unit_test(test_member_rejoins),
        cmocka_unit_test(test_messaging_meta),    cmocka_unit_test(test_flat_members),
        cmocka_unit_test(test_filtered_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

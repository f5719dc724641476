#include "random_account.h"

#include "random_world.h"

#include "base/attributes.h"
#include "base/buf.h"
#include "sandbox/sandbox_settings.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { LONG_AGO = 1700000000, SERVICES_MAX = 6, OWNED_MAX = 24, POOL_MAX = 402 };

struct making {
    struct sandbox_store *store;
    struct random_state random;
    bool odd; /* with what a roster can't say */
    int urls; /* made so far */
};

static const char *pick(struct making *making, const char *const *texts, size_t count)
{
    return texts[random_int(&making->random, (int)count)];
}

#define PICK(making, texts) pick(making, texts, COUNT_OF(texts))

/* Names meet often, and many mean something in YAML, in a shell, or to a reader of rosters. */
static const char *const names[] = {
    "Orders",
    "orders",
    "ORDERS",
    "Order notifications",
    "Order: notifications # 1",
    "account",
    "NO",
    "on",
    "~",
    "null",
    "1e3",
    "2024-01-01",
    "+15005550001",
    " leading",
    "trailing ",
    "- dash",
    "{a: b}",
    "${HOME}",
    "$${HOME}",
    "$",
    "$$$${",
    "say \"hi\" \\ 'ho'",
    "Bestell\xc3\xb6nung",
    "\xe6\xb3\xa8\xe6\x96\x87",
    "\xf0\x9f\x92\xac chat",
    "a\nb\tc",
    "\x1b[31mred",
    "rtl \xe2\x80\xae evil",
    "nel \xc2\x85 and \xe2\x80\xa8",
    "\xef\xbb\xbf mark",
    "0123456789012345678901234567890123456789012345678901234567890123",
    "a/b/../c",
    "%s%n",
    "orders-mg00000000000000000000000000000001",
};

static const char *const odd_names[] = {
    "01234567890123456789012345678901234567890123456789012345678901234",
    "",
};

static const char *const users[] = {
    "user:" ACCOUNT_PASSWORD "%d@",
    "u%%20ser:" ACCOUNT_PASSWORD "$${X}%d@",
    "user:p@" ACCOUNT_PASSWORD "'\"\\%d@",
    "us:er:" ACCOUNT_PASSWORD "${A}%d@",
    ":" ACCOUNT_PASSWORD "%d@",
    "user:" ACCOUNT_PASSWORD "same@",
    "user:@",
    "user@",
};

static const char *const tails[] = {
    "",         "/",       "/status",   "/a?token=abc&x=1",      "/?k=${V}",
    "/$${V}#f", "?x=a: b", "/%20'\"\\", "/\xc3\xb6\xe2\x80\xae", ":8443/x",
    "#f",       "/$",
};

static const char *const odd_urls[] = {
    "https://a_b.example.com/",
    "https://user:" ACCOUNT_PASSWORD "@a_b.example.com/",
    "ftp://example.com/",
    "https://example.com/a b",
    "https:///x",
    "nonsense",
    "https://example.com/\nnext",
};

static json_t *random_url(struct making *making)
{
    static const char *const hosts[] = {"hooks.example.com", "EXAMPLE.com", "[2001:db8::1]"};
    char user[80] = "", url[256];
    const char *tail;

    if (random_chance(&making->random, 40))
        return json_null();
    if (making->odd && random_chance(&making->random, 15))
        return json_string(PICK(making, odd_urls));
    if (random_chance(&making->random, 40)) {
        const char *format = PICK(making, users), *mark = strstr(format, "%d");
        if (mark == NULL)
            snprintf(user, sizeof(user), "%s", format);
        else
            snprintf(user, sizeof(user), "%.*s%d%s", (int)(mark - format), format, making->urls++,
                     mark + 2);
    }
    do
        tail = PICK(making, tails);
    while (strchr(tail, ' ') != NULL && !making->odd);
    snprintf(url, sizeof(url), "%s://%s%s%s", random_chance(&making->random, 80) ? "https" : "HTTP",
             user, PICK(making, hosts), tail);
    return json_string(url);
}

static json_t *random_setting(struct making *making, const char *key)
{
    static const char *const methods[] = {"GET", "POST"};
    static const char *const scans[] = {"inherit", "enable", "disable"};
    static const char *const usecases[] = {"notifications", "poll", "undeclared"};

    if (strstr(key, "url") != NULL || strcmp(key, "status_callback") == 0)
        return random_url(making);
    if (strstr(key, "method") != NULL)
        return json_string(PICK(making, methods));
    if (strcmp(key, "scan_message_content") == 0)
        return json_string(PICK(making, scans));
    if (strcmp(key, "usecase") == 0)
        return json_string(making->odd && random_chance(&making->random, 20)
                               ? "something_new"
                               : PICK(making, usecases));
    if (strcmp(key, "validity_period") == 0)
        return json_integer(making->odd && random_chance(&making->random, 20)
                                ? 0
                                : 1 + random_int(&making->random, 36000));
    return json_boolean(random_chance(&making->random, 50));
}

static json_t *random_settings(struct making *making)
{
    json_t *defaults = sandbox_settings_default(), *settings = json_copy(defaults), *value;
    const char *key;

    json_object_foreach(defaults, key, value)
    {
        if (random_chance(&making->random, 30))
            json_object_set_new(settings, key, random_setting(making, key));
        else if (making->odd && random_chance(&making->random, 3))
            json_object_set_new(settings, key, json_null());
    }
    json_object_set_new(settings, "friendly_name",
                        json_string(making->odd && random_chance(&making->random, 10)
                                        ? PICK(making, odd_names)
                                        : PICK(making, names)));
    json_decref(defaults);
    return settings;
}

static struct sandbox_service *any_service(struct making *making)
{
    const struct sandbox_list *list = &making->store->services;

    if (list->count == 0 || random_chance(&making->random, 30))
        return NULL;
    return (struct sandbox_service *)list->rows[random_int(&making->random, (int)list->count)];
}

/* How the addresses of a kind begin; a number of so many digits follows. */
static const struct form {
    enum sandbox_kind kind;
    bool odd;
    const char *prefix;
    int digits;
} forms[] = {
    {SANDBOX_PHONE_NUMBER, false, "+1500555", 4},
    {SANDBOX_PHONE_NUMBER, false, "+4477009", 5},
    {SANDBOX_PHONE_NUMBER, false, "+91", 8},
    {SANDBOX_SHORT_CODE, false, "8", 4},
    {SANDBOX_SHORT_CODE, false, "12", 4},
    {SANDBOX_CHANNEL_SENDER, false, "whatsapp:+1500666", 4},
    {SANDBOX_CHANNEL_SENDER, false, "messenger:p", 1},
    {SANDBOX_CHANNEL_SENDER, false, "rcs:ag\xc3\xb6nt_", 1},
    {SANDBOX_CHANNEL_SENDER, true, "viber:p", 1},
    {SANDBOX_CHANNEL_SENDER, true, "messenger:a b", 1},
    {SANDBOX_SHORT_CODE, true, "1", 3},
    {SANDBOX_PHONE_NUMBER, true, "+0", 7},
};

static void add_owned(struct making *making, int number)
{
    struct sandbox_service *service = any_service(making);
    const struct form *form;
    struct sandbox_sender *sender;
    char address[64];

    do
        form = &forms[random_int(&making->random, COUNT_OF(forms))];
    while (form->odd && !(making->odd && random_chance(&making->random, 50)));
    snprintf(address, sizeof(address), "%s%0*d", form->prefix, form->digits % 10, number % 1000);
    sender = sandbox_sender_add(making->store, form->kind, NULL, address, LONG_AGO);
    assert(sender != NULL);
    if (form->kind == SANDBOX_PHONE_NUMBER && random_chance(&making->random, 20))
        sender->capabilities = making->odd ? SANDBOX_VOICE : (unsigned)SANDBOX_SMS | SANDBOX_FAX;
    if (service != NULL)
        sandbox_member_add(making->store, service, sender, LONG_AGO);
}

/* More than a pool may have, which nobody has seen; and as much as it may have. */
static void fill_pool(struct making *making)
{
    int count = making->odd ? POOL_MAX : SANDBOX_POOL_MAX, i;
    struct sandbox_service *service = any_service(making);

    if (service == NULL)
        return;
    for (i = (int)(service->pools[SANDBOX_PHONE_NUMBER].count +
                   service->pools[SANDBOX_SHORT_CODE].count);
         i < count; i++) {
        char address[32];
        snprintf(address, sizeof(address), "+1600%07d", i);
        sandbox_member_add(
            making->store, service,
            sandbox_sender_add(making->store, SANDBOX_PHONE_NUMBER, NULL, address, LONG_AGO),
            LONG_AGO);
    }
}

static void add_alphas(struct making *making, struct sandbox_service *service)
{
    static const char *const alphas[] = {"ACME", "NO",   "on",   "1e3",   "~",    "A & B",
                                         "-x",   "+1 a", "acme", " ACME", "ACME "};
    static const char *const odd[] = {"~", "much too long for it", "12345"};
    static const char *const countries[] = {"GB", "NO", "DE", ""};
    static const char *const odd_countries[] = {"gb", "GBR", "1"};
    int count = random_int(&making->random, making->odd ? 3 : 2), i;

    for (i = 0; i < count; i++) {
        const char *text = PICK(making, alphas);
        if (strcmp(text, "~") == 0 && !making->odd)
            text = "ACME";
        sandbox_member_add_alpha(
            making->store, service, NULL,
            making->odd && random_chance(&making->random, 10) ? PICK(making, odd) : text, LONG_AGO);
    }
    for (i = random_int(&making->random, 4); i > 0; i--) {
        static const char *const texts[] = {"ACMEUK", "NO", "y", "A-1"};
        struct sandbox_member *member;
        char text[16];
        snprintf(text, sizeof(text), "%s%d", PICK(making, texts), i);
        member = sandbox_member_add_destination(making->store, service, NULL, text,
                                                PICK(making, countries), LONG_AGO);
        if (making->odd && random_chance(&making->random, 10))
            memcpy(member->destination, PICK(making, odd_countries), 2);
    }
}

void random_account(struct sandbox_store *store, uint64_t seed)
{
    struct making making = {.store = store, .odd = seed % 3 != 0};
    int services, owned, i;

    random_seed(&making.random, seed);
    services = random_int(&making.random, SERVICES_MAX + 1);
    owned = random_int(&making.random, OWNED_MAX + 1);
    for (i = 0; i < services; i++) {
        struct sandbox_service *service =
            sandbox_service_add(store, NULL, random_settings(&making), LONG_AGO);
        service->us_app_to_person_registered = random_chance(&making.random, 20);
        add_alphas(&making, service);
    }
    for (i = 0; i < owned; i++)
        add_owned(&making, i + 1);
    if (seed % 100 == 50 || seed % 100 == 51)
        fill_pool(&making);
}

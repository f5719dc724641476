#include "drifting.h"

#include "random_world.h"

#include "base/attributes.h"
#include "sandbox/sandbox_settings.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_AGO = 1700000000, NAMES = 10 };

const struct drifting_row drifting_rows[DRIFTING_ROWS] = {
    {"inbound_request_url",
     {"null", "\"https://in.example.com/\"", "\"http://in.example.com/a?b=c#d\""}},
    {"fallback_url",
     {"null", "\"https://fall.example.com/it's\"", "\"https://fall.example.com/\\u00f6\""}},
    {"status_callback",
     {"null", "\"https://status.example.com/${x\"", "\"https://status.example.com/2\""}},
    {"sticky_sender", {"true", "false", NULL}},
    {"smart_encoding", {"true", "false", NULL}},
    {"validity_period", {"36000", "600", "14400"}},
    {"usecase", {"\"undeclared\"", "\"marketing\"", "\"poll\""}},
    {"area_code_geomatch", {"true", "false", NULL}},
};

const char *const drifting_names[NAMES] = {
    "Orders", "Order notifications", "no",     "it's: # 1", "Bestell\xc3\xb6nung", "1e3", "- dash",
    "{a: b}", "say \"hi\"",          "Alerts",
};

const char *const drifting_lists[DRIFTING_KINDS] = {
    "phone_numbers", "short_codes", "channel_senders", "alpha_senders", "destination_alpha_senders",
};

/* Tags */

void tags_set(struct tags *tags, int tag)
{
    assert(tag < TAG_WORDS * 64);
    tags->bits[tag / 64] |= UINT64_C(1) << tag % 64;
}

bool tags_has(const struct tags *tags, int tag)
{
    return (tags->bits[tag / 64] >> tag % 64 & 1) != 0;
}

bool tags_meet(const struct tags *a, const struct tags *b)
{
    int i;
    for (i = 0; i < TAG_WORDS; i++)
        if ((a->bits[i] & b->bits[i]) != 0)
            return true;
    return false;
}

int tag_of(int service, int what)
{
    return service * OF_SERVICE_MAX + what;
}

static void mention(struct drifting *drifting, const char *text)
{
    buf_add(&drifting->mentions, text, strlen(text) + 1);
}

static void touch(struct drifting *drifting, int service, int what)
{
    tags_set(&drifting->touched, tag_of(service, what));
}

/* Making */

static int add_item(struct drifting *drifting, int kind, const char *text, const char *country)
{
    struct drifting_item *item = &drifting->items[drifting->item_count];

    assert(drifting->item_count < DRIFTING_ITEMS);
    item->kind = kind;
    snprintf(item->text, sizeof(item->text), "%s", text);
    snprintf(item->country, sizeof(item->country), "%s", country);
    item->by_sid = kind == SANDBOX_CHANNEL_SENDER && random_chance(&drifting->random, 40);
    return drifting->item_count++;
}

static void add_to_list(struct drifting *drifting, int service, int item)
{
    struct drifting_list *list = &drifting->services[service].lists[drifting->items[item].kind];
    if (list->count < DRIFTING_LIST_MAX)
        list->items[list->count++] = item;
}

/* Which sender is in which service at first; some are in none. */
static void make_senders(struct drifting *drifting)
{
    struct random_state *random = &drifting->random;
    const int kinds[] = {SANDBOX_PHONE_NUMBER, SANDBOX_SHORT_CODE, SANDBOX_CHANNEL_SENDER};
    int i, j;

    for (i = 0; i < 24; i++) {
        const int kind = i < 14 ? 0 : kinds[1 + i % 2];
        char text[40];
        int item;
        if (kind == SANDBOX_PHONE_NUMBER)
            snprintf(text, sizeof(text), "+1500555%04d", random_int(random, 100) * 100 + i);
        else if (kind == SANDBOX_SHORT_CODE)
            snprintf(text, sizeof(text), "%d", 80000 + random_int(random, 100) * 100 + i);
        else
            snprintf(text, sizeof(text), "whatsapp:+1600555%04d", i);
        item = add_item(drifting, kind, text, "");
        if (random_chance(random, 75))
            add_to_list(drifting, random_int(random, drifting->service_count), item);
    }
    for (i = 0; i < drifting->service_count; i++) {
        static const char *const countries[] = {"GB", "NO", "DE"};
        if (random_chance(random, 40))
            add_to_list(drifting, i, add_item(drifting, SANDBOX_ALPHA_SENDER, "ACME", ""));
        for (j = 0; j < 2; j++)
            if (random_chance(random, 30))
                add_to_list(drifting, i,
                            add_item(drifting, SANDBOX_DESTINATION_ALPHA_SENDER,
                                     j == 0 ? "ACME 1" : "no", countries[random_int(random, 3)]));
    }
}

static void sort_list(struct drifting *drifting, struct drifting_list *list)
{
    int i, j;
    for (i = 1; i < list->count; i++)
        for (j = i; j > 0 && strcmp(drifting->items[list->items[j - 1]].text,
                                    drifting->items[list->items[j]].text) > 0;
             j--) {
            int other = list->items[j];
            list->items[j] = list->items[j - 1];
            list->items[j - 1] = other;
        }
}

static int random_value(struct random_state *random, int row)
{
    return random_int(random, drifting_rows[row].values[2] == NULL ? 2 : 3);
}

/* What a service has of a row; the API's default where the roster says nothing. */
static int value_of(const struct drifting *drifting, int service, int row)
{
    const struct drifting_service *self = &drifting->services[service];

    if (self->written[row] == WRITTEN_NOT && self->merges >= 0)
        return value_of(drifting, self->merges, row);
    if (self->written[row] == WRITTEN_NOT || self->written[row] == WRITTEN_DEFAULT)
        return drifting->defaults[row] < 0 ? 0 : drifting->defaults[row];
    return self->values[row];
}

static bool is_url(int row)
{
    return row < 3;
}

/* An earlier service of the file with such a value of its own takes an anchor. */
static int find_anchor(struct drifting *drifting, int service, int row)
{
    int i;
    for (i = 0; i < service; i++) {
        struct drifting_service *other = &drifting->services[i];
        if (other->file == drifting->services[service].file && other->written[row] == WRITTEN_OWN)
            return i;
    }
    return -1;
}

static void make_setting(struct drifting *drifting, int service, int row)
{
    struct random_state *random = &drifting->random;
    struct drifting_service *self = &drifting->services[service];
    int anchor;

    if (random_chance(random, 45)) {
        self->written[row] = drifting->defaults[row] < 0 ? WRITTEN_NOT : WRITTEN_DEFAULT;
        return;
    }
    anchor = random_chance(random, 40) ? find_anchor(drifting, service, row) : -1;
    self->values[row] = random_value(random, row);
    self->written[row] = WRITTEN_OWN;
    if (anchor >= 0) {
        self->written[row] = WRITTEN_ALIAS;
        self->alias[row] = anchor;
        self->values[row] = drifting->services[anchor].values[row];
        drifting->services[anchor].has_anchor[row] = true;
    } else if (is_url(row) && random_chance(random, 12)) {
        self->written[row] = WRITTEN_VARIABLE;
    }
}

/* A service may take keys of another one that has no sid, if its own lists hide all of that. */
static void make_merge(struct drifting *drifting, int service)
{
    struct drifting_service *self = &drifting->services[service];
    int i, kind;

    self->merges = -1;
    self->merges_defaults = self->file == 0 && random_chance(&drifting->random, 25);
    if (self->merges_defaults || !random_chance(&drifting->random, 25))
        return;
    for (i = 0; i < service && self->merges < 0; i++) {
        struct drifting_service *other = &drifting->services[i];
        if (other->file != self->file || other->pinned || other->merges >= 0 ||
            other->merges_defaults)
            continue;
        self->merges = i;
        other->anchored = true;
        for (kind = 0; kind < DRIFTING_KINDS; kind++)
            self->lists[kind].managed = self->lists[kind].managed || other->lists[kind].managed;
    }
    for (i = 0; i < DRIFTING_ROWS && self->merges >= 0; i++)
        if (self->written[i] == WRITTEN_DEFAULT)
            self->written[i] = WRITTEN_NOT;
}

static void make_services(struct drifting *drifting)
{
    struct random_state *random = &drifting->random;
    int i, row, kind, offset = random_int(random, NAMES);

    for (i = 0; i < drifting->service_count; i++) {
        struct drifting_service *self = &drifting->services[i];
        self->name = (offset + i) % NAMES;
        self->file = i * drifting->file_count / drifting->service_count;
        self->pinned = random_chance(random, 35);
        self->tested = random_chance(random, 20);
        for (row = 0; row < DRIFTING_ROWS; row++)
            make_setting(drifting, i, row);
        for (kind = 0; kind < DRIFTING_KINDS; kind++) {
            self->lists[kind].managed = random_chance(random, 75);
            if (random_chance(random, 50))
                sort_list(drifting, &self->lists[kind]);
        }
        make_merge(drifting, i);
    }
}

/* The account */

static json_t *json_of(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert(value != NULL);
    return value;
}

static struct sandbox_service *service_at(struct sandbox_store *store,
                                          const struct drifting_service *service)
{
    return sandbox_service_find(store, service->sid);
}

static void add_member(struct sandbox_store *store, struct sandbox_service *service,
                       struct drifting_item *item)
{
    struct sandbox_member *member;

    if (item->kind == SANDBOX_ALPHA_SENDER)
        member = sandbox_member_add_alpha(store, service, NULL, item->text, LONG_AGO);
    else if (item->kind == SANDBOX_DESTINATION_ALPHA_SENDER)
        member = sandbox_member_add_destination(store, service, NULL, item->text, item->country,
                                                LONG_AGO);
    else
        member = sandbox_member_add(
            store, service, sandbox_sender_find(store, (enum sandbox_kind)item->kind, item->sid),
            LONG_AGO);
    assert(member != NULL);
    snprintf(item->sid, sizeof(item->sid), "%s", member->row.sid);
}

static void set_value(struct sandbox_service *service, int row, const char *json)
{
    json_object_set_new(service->settings, drifting_rows[row].key, json_of(json));
}

static bool has_variable(const struct drifting *drifting, int service, int row)
{
    const struct drifting_service *self = &drifting->services[service];

    if (self->written[row] == WRITTEN_NOT && self->merges >= 0)
        return has_variable(drifting, self->merges, row);
    return self->written[row] == WRITTEN_VARIABLE;
}

static void make_account(struct drifting *drifting, struct sandbox_store *store)
{
    int i, j, row, kind;

    for (i = 0; i < drifting->item_count; i++) {
        struct drifting_item *item = &drifting->items[i];
        if (item->kind == SANDBOX_ALPHA_SENDER || item->kind == SANDBOX_DESTINATION_ALPHA_SENDER)
            continue;
        snprintf(
            item->sid, sizeof(item->sid), "%s",
            sandbox_sender_add(store, (enum sandbox_kind)item->kind, NULL, item->text, LONG_AGO)
                ->row.sid);
    }
    for (i = 0; i < drifting->service_count; i++) {
        struct drifting_service *self = &drifting->services[i];
        json_t *settings = sandbox_settings_default();
        struct sandbox_service *service;
        json_object_set_new(settings, "friendly_name", json_string(drifting_names[self->name]));
        service = sandbox_service_add(store, NULL, settings, LONG_AGO);
        snprintf(self->sid, sizeof(self->sid), "%s", service->row.sid);
        for (row = 0; row < DRIFTING_ROWS; row++)
            set_value(service, row,
                      has_variable(drifting, i, row)
                          ? "\"https://" DRIFTING_HOST "/x\""
                          : drifting_rows[row].values[value_of(drifting, i, row)]);
        for (kind = 0; kind < DRIFTING_KINDS; kind++)
            for (j = 0; j < self->lists[kind].count; j++)
                add_member(store, service, &drifting->items[self->lists[kind].items[j]]);
    }
}

void drifting_make(struct drifting *drifting, struct sandbox_store *store, uint64_t seed)
{
    int row;

    memset(drifting, 0, sizeof(*drifting));
    random_seed(&drifting->random, seed);
    buf_init(&drifting->mentions, BUF_LIMIT_DEFAULT);
    drifting->service_count = 1 + random_int(&drifting->random, DRIFTING_SERVICES);
    drifting->file_count = random_chance(&drifting->random, 70)
                               ? 1
                               : 1 + random_int(&drifting->random, DRIFTING_FILES);
    if (drifting->file_count > drifting->service_count)
        drifting->file_count = drifting->service_count;
    drifting->prune = random_chance(&drifting->random, 50);
    for (row = 0; row < DRIFTING_ROWS; row++)
        drifting->defaults[row] =
            random_chance(&drifting->random, 30) ? random_value(&drifting->random, row) : -1;
    make_senders(drifting);
    make_services(drifting);
    make_account(drifting, store);
    drifting_write(drifting);
}

/* Changes by hand */

static void change_setting(struct drifting *drifting, struct sandbox_store *store, int service)
{
    struct random_state *random = &drifting->random;
    const int row = random_int(random, DRIFTING_ROWS), value = random_value(random, row);

    set_value(service_at(store, &drifting->services[service]), row,
              drifting_rows[row].values[value]);
    touch(drifting, service, OF_ROW + row);
    mention(drifting, drifting_rows[row].key);
}

static void changed_list(struct drifting *drifting, int service, int kind)
{
    const struct drifting_list *list = &drifting->services[service].lists[kind];
    int i;

    touch(drifting, service, OF_LIST + kind);
    mention(drifting, drifting_lists[kind]);
    /* Those that stay may get a comma. */
    for (i = 0; i < list->count; i++) {
        mention(drifting, drifting->items[list->items[i]].text);
        mention(drifting, drifting->items[list->items[i]].sid);
    }
}

static struct sandbox_member *member_of(struct sandbox_service *service, int kind, int index)
{
    return (struct sandbox_member *)service->pools[kind].rows[index];
}

/* The item that a member is, -1 for one that was put in by hand. */
static int item_of(const struct drifting *drifting, const struct sandbox_member *member)
{
    int i;
    for (i = 0; i < drifting->item_count; i++)
        if (strcmp(drifting->items[i].sid, member->row.sid) == 0)
            return i;
    return -1;
}

/* Takes a sender out; it may get elsewhere afterwards. */
static int take_out(struct drifting *drifting, struct sandbox_store *store, int service)
{
    struct sandbox_service *account = service_at(store, &drifting->services[service]);
    const int kind = random_int(&drifting->random, DRIFTING_KINDS);
    struct sandbox_member *member;
    int item;

    if (account->pools[kind].count == 0)
        return -1;
    member =
        member_of(account, kind, random_int(&drifting->random, (int)account->pools[kind].count));
    item = item_of(drifting, member);
    sandbox_member_remove(store, member);
    changed_list(drifting, service, kind);
    if (item >= 0)
        tags_set(&drifting->touched, TAG_ITEMS + item);
    if (account->pools[kind].count == 0)
        touch(drifting, service, OF_EMPTIED + kind);
    return item;
}

static void put_in(struct drifting *drifting, struct sandbox_store *store, int service, int item)
{
    struct drifting_item *sender = &drifting->items[item];
    struct sandbox_sender *found;

    if (sender->kind == SANDBOX_ALPHA_SENDER || sender->kind == SANDBOX_DESTINATION_ALPHA_SENDER)
        return;
    found = sandbox_sender_find(store, (enum sandbox_kind)sender->kind, sender->sid);
    if (found->member != NULL)
        return;
    sandbox_member_add(store, service_at(store, &drifting->services[service]), found, LONG_AGO);
    changed_list(drifting, service, sender->kind);
    touch(drifting, service, OF_GROWN + sender->kind);
    mention(drifting, sender->text);
    mention(drifting, sender->sid);
}

static void put_in_alpha(struct drifting *drifting, struct sandbox_store *store, int service)
{
    struct sandbox_service *account = service_at(store, &drifting->services[service]);
    const int kind = random_chance(&drifting->random, 50) ? SANDBOX_ALPHA_SENDER
                                                          : SANDBOX_DESTINATION_ALPHA_SENDER;
    char text[16];

    if (kind == SANDBOX_ALPHA_SENDER && account->pools[kind].count != 0)
        return;
    snprintf(text, sizeof(text), "New %d", (int)drifting->changes);
    if (kind == SANDBOX_ALPHA_SENDER)
        sandbox_member_add_alpha(store, account, NULL, text, LONG_AGO);
    else
        sandbox_member_add_destination(store, account, NULL, text, "FR", LONG_AGO);
    changed_list(drifting, service, kind);
    touch(drifting, service, OF_GROWN + kind);
    mention(drifting, text);
    mention(drifting, "iso_country_code");
}

static void rename_service(struct drifting *drifting, struct sandbox_store *store, int service)
{
    struct drifting_service *self = &drifting->services[service];
    char name[32];

    if (!self->pinned)
        return;
    snprintf(name, sizeof(name), "Renamed %d: it's", (int)drifting->changes);
    json_object_set_new(service_at(store, self)->settings, "friendly_name", json_string(name));
    touch(drifting, service, OF_NAME);
    mention(drifting, "Renamed ");
}

static void remove_service(struct drifting *drifting, struct sandbox_store *store, int service)
{
    struct drifting_service *self = &drifting->services[service];

    if (!random_chance(&drifting->random, 40))
        return;
    sandbox_service_remove(store, service_at(store, self));
    self->gone = true;
    touch(drifting, service, OF_ENTRY);
    mention(drifting, "services");
}

static void add_service(struct drifting *drifting, struct sandbox_store *store)
{
    json_t *settings = sandbox_settings_default();
    struct sandbox_service *service;
    int i;

    json_object_set_new(settings, "friendly_name", json_string("Made by hand"));
    service = sandbox_service_add(store, NULL, settings, LONG_AGO);
    for (i = 0; i < drifting->item_count; i++) {
        const struct drifting_item *item = &drifting->items[i];
        struct sandbox_sender *sender;
        if (item->kind == SANDBOX_ALPHA_SENDER || item->kind == SANDBOX_DESTINATION_ALPHA_SENDER ||
            !random_chance(&drifting->random, 15))
            continue;
        sender = sandbox_sender_find(store, (enum sandbox_kind)item->kind, item->sid);
        if (sender->member == NULL)
            sandbox_member_add(store, service, sender, LONG_AGO);
    }
    drifting->new_service = true;
    tags_set(&drifting->touched, TAG_NEW);
}

static void change(struct drifting *drifting, struct sandbox_store *store)
{
    struct random_state *random = &drifting->random;
    const int service = random_int(random, drifting->service_count);
    int item;

    drifting->changes++;
    if (drifting->services[service].gone)
        return;
    switch (random_int(random, 12)) {
    case 0:
    case 1:
    case 2:
    case 3:
        change_setting(drifting, store, service);
        break;
    case 4:
    case 5:
        take_out(drifting, store, service);
        break;
    case 6:
    case 7:
        put_in(drifting, store, service, random_int(random, drifting->item_count));
        break;
    case 8:
        item = take_out(drifting, store, service);
        if (item >= 0 && !drifting->services[item % drifting->service_count].gone)
            put_in(drifting, store, item % drifting->service_count, item);
        break;
    case 9:
        put_in_alpha(drifting, store, service);
        break;
    case 10:
        rename_service(drifting, store, service);
        break;
    default:
        remove_service(drifting, store, service);
        break;
    }
}

void drifting_change(struct drifting *drifting, struct sandbox_store *store)
{
    int count = 1 + random_int(&drifting->random, random_chance(&drifting->random, 30) ? 20 : 4);

    while (count-- > 0)
        change(drifting, store);
    if (random_chance(&drifting->random, 25))
        add_service(drifting, store);
}

void drifting_release(struct drifting *drifting)
{
    int i;

    for (i = 0; i < DRIFTING_FILES; i++) {
        buf_release(&drifting->files[i].text);
        free(drifting->files[i].lines);
    }
    buf_release(&drifting->mentions);
}

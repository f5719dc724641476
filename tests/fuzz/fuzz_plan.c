/*
 * libFuzzer target: any bytes as a saved plan, all the way that `roster apply PLAN` goes before it
 * sends anything.
 *
 * The first byte chooses: '0' reads the rest as it is; '1' mends its "integrity" first, so that
 * what lies behind that check is reached; '2' does that with a key. Beyond not crashing: what is
 * refused is reported, and a plan that gets through is one that the executor can carry out, for it
 * was built anew.
 */
#include "fuzz/fuzz_check.h"
#include "plan/plan_document.h"
#include "plan/plan_file.h"
#include "support/live_text.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char account[] =
    "{\"services\": [{\"sid\": \"MG00000000000000000000000000000001\", \"friendly_name\": "
    "\"Orders\", \"sticky_sender\": true, \"phone_numbers\": [{\"sid\": "
    "\"PN00000000000000000000000000000001\", \"phone_number\": \"+15005550001\"}], "
    "\"alpha_senders\": [{\"sid\": \"AI00000000000000000000000000000001\", \"alpha_sender\": "
    "\"OLD\"}]}, {\"sid\": \"MG00000000000000000000000000000002\", \"friendly_name\": "
    "\"Marketing\", \"phone_numbers\": [{\"sid\": \"PN00000000000000000000000000000002\", "
    "\"phone_number\": \"+15005550002\"}]}], \"owned\": {\"phone_numbers\": [{\"sid\": "
    "\"PN00000000000000000000000000000003\", \"phone_number\": \"+15005550003\", "
    "\"capabilities\": [\"SMS\"]}]}}";

static char *lookup(const char *name)
{
    static char value[] = "https://hooks.example.com";
    return name[0] % 2 == 0 ? value : NULL;
}

static int know_source(void *context, const char *service_sid, enum sender_kind kind)
{
    struct live_service *service = live_state_find(context, service_sid);
    (void)kind;
    if (service != NULL)
        require(service->senders[kind].fetched);
    return 0;
}

/* What `apply` does from here on; returns whether the plan may be carried out. */
static bool take(const json_t *document, const char *key, struct diag *diag)
{
    struct plan_saved saved = {0};
    struct desired desired = {0};
    struct live_state live;
    struct plan plan = {0};
    bool good = false;

    live_text_read(&live, account);
    if (plan_file_load(&saved, &desired, "plan.json", document, key, lookup, diag) == 0 &&
        plan_file_sources(&saved, know_source, &live) == 0 &&
        !plan_file_stale(&saved, &desired, &live, diag)) {
        plan_file_settle(&saved, &desired, &live);
        plan.origin = saved.origin;
        good = plan_build(&plan, &desired, &live, diag) == 0 &&
               plan_resolve(&plan, &live, diag) == 0 && plan_check_pools(&plan, diag) == 0;
        plan.origin = saved.origin;
        good = good && plan_file_compare(&saved, &plan, diag) == 0;
    }
    plan_release(&plan);
    live_state_release(&live);
    desired_release(&desired);
    plan_saved_release(&saved);
    return good;
}

/* The text with an integrity that fits, as somebody who forges a plan would write it. */
static void mend(const char *text, size_t size, const char *key, struct buf *out)
{
    json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);

    buf_init(out, BUF_LIMIT_DEFAULT);
    if (json_is_object(document)) {
        json_object_set_new(document, "integrity", plan_integrity(document, key));
        plan_document_write(document, out);
    } else {
        buf_add(out, text, size);
    }
    json_decref(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data + 1;
    const char *key;
    enum plan_file_verdict verdict;
    json_t *document;
    struct buf mended;
    struct diag diag;
    bool good = false;

    if (size == 0)
        return 0;
    key = data[0] == '2' ? "0123456789abcdef" : NULL;
    diag_init(&diag);
    (void)plan_file_is_plan("plan", text, size - 1);
    if (data[0] == '0') {
        buf_init(&mended, BUF_LIMIT_DEFAULT);
        buf_add(&mended, text, size - 1);
    } else {
        mend(text, size - 1, key, &mended);
    }
    document = plan_file_parse("plan.json", buf_text(&mended), mended.size, key, &verdict, &diag);
    require((document == NULL) == (verdict != PLAN_FILE_GOOD));
    if (document != NULL)
        good = take(document, key, &diag);
    require(good == (diag.errors == 0));
    check_shown(&diag, false);
    json_decref(document);
    buf_release(&mended);
    diag_release(&diag);
    return 0;
}

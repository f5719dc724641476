/*
 * Checks of the account: what Twilio says of the credentials, and of what they may read.
 */
#include "cli/doctor.h"

#include "base/str.h"

#include <string.h>

/* Once more is enough to get over a hiccup; whoever looks for a cause should not wait for long. */
static const struct retry_policy twice = {
    .max_attempts = 2,
    .base_delay_ms = 500,
    .max_delay_ms = 2000,
    .max_elapsed_ms = 10 * 1000,
};

static struct twilio_client *client_of(struct doctor *doctor, struct diag *diag)
{
    const struct options *options = doctor->options;
    struct redactions *redactions = &doctor->session.desired.redactions;
    const struct twilio_client_config config = {
        .credentials = doctor->credentials,
        .hosts = doctor->hosts,
        .http =
            {
                .rate = (unsigned)options->rate,
                .connect_timeout_ms = options->connect_timeout * 1000,
                .total_timeout_ms = options->request_timeout * 1000,
                .retry = &twice,
                .ca_file = options->ca_file,
                .user_agent = "roster/" ROSTER_VERSION,
                .read_only = true,
                .observer = &doctor->session.observer,
            },
        .redactions = redactions,
    };

    if (doctor->client != NULL)
        return doctor->client;
    redactions_add(redactions, &doctor->session.desired.arena, doctor->credentials.password,
                   "(secret)");
    session_guard_log(&doctor->session, options);
    doctor->client = twilio_client_new(&config, diag);
    return doctor->client;
}

/* What is kept of an answer; strings are in the arena. */
struct reply {
    struct arena *arena;
    int status, code;
    const char *problem, *hint;
    const char *account_status, *account_type, *name; /* of an account */
};

static const char *member(struct arena *arena, const json_t *json, const char *key)
{
    return arena_strdup(arena, json_string_value(json_object_get(json, key)));
}

static void keep(void *context, const struct twilio_answer *answer)
{
    struct reply *reply = context;

    reply->status = answer->status;
    reply->code = answer->code;
    reply->problem = arena_strdup(reply->arena, answer->problem);
    reply->hint = answer->hint;
    reply->account_status = member(reply->arena, answer->json, "status");
    reply->account_type = member(reply->arena, answer->json, "type");
    reply->name = member(reply->arena, answer->json, "friendly_name");
}

/* Asks for it; -1 when that can't even be tried, which is a finding. */
static int ask(struct doctor *doctor, enum twilio_host host, const char *path, struct reply *reply)
{
    struct twilio_client *client;
    struct diag diag;

    diag_init(&diag);
    *reply = (struct reply){.arena = &doctor->arena};
    client = client_of(doctor, &diag);
    if (client != NULL) {
        twilio_request(client, HTTP_GET, host, path, NULL, keep, reply);
        twilio_client_run(client);
    }
    (void)doctor_take(doctor, &diag);
    return client != NULL ? 0 : -1;
}

static bool has_key(const struct doctor *doctor)
{
    return strcmp(doctor->credentials.user, doctor->credentials.account_sid) != 0;
}

static const char *login_advice(const struct doctor *doctor, const struct reply *reply)
{
    if (reply->status != 401)
        return reply->hint;
    if (has_key(doctor))
        return "look whether the key is still there, its secret is its own, both are of this "
               "account and region (TWILIO_REGION), and the account is not suspended";
    return "look whether the auth token is the account's present one (it may have been rotated), "
           "it is of this region (TWILIO_REGION), and the account is not suspended";
}

void doctor_login(struct doctor *doctor)
{
    struct reply reply;

    if (ask(doctor, TWILIO_MESSAGING, "/v1/Services?PageSize=1", &reply) != 0)
        return;
    /* A restricted key may be good, and lack this only. */
    doctor->login = reply.problem == NULL || (reply.status == 403 && reply.code == 70051)
                        ? LOGIN_ACCEPTED
                        : LOGIN_REFUSED;
    if (reply.problem == NULL)
        doctor_add(doctor, DOCTOR_OK, NULL,
                   "Twilio accepts the credentials, which may read services");
    else
        doctor_add(doctor, DOCTOR_PROBLEM, login_advice(doctor, &reply), "%s", reply.problem);
}

void doctor_account(struct doctor *doctor)
{
    struct reply reply;
    const char *path = arena_printf(&doctor->arena, "/2010-04-01/Accounts/%s.json",
                                    doctor->credentials.account_sid);

    if (ask(doctor, TWILIO_API, path, &reply) != 0)
        return;
    if (reply.problem != NULL && has_key(doctor) && (reply.status == 401 || reply.status == 403))
        doctor_add(doctor, DOCTOR_SKIPPED, NULL,
                   "the key may not read the account itself, as only main keys may");
    else if (reply.problem != NULL)
        doctor_add(doctor, DOCTOR_PROBLEM, reply.hint, "%s", reply.problem);
    else if (!str_equal(reply.account_status, "active"))
        doctor_add(
            doctor, DOCTOR_PROBLEM,
            "look into the Twilio Console, or ask Twilio's support: nothing can be changed or "
            "sent until it is active",
            "the account is %s",
            reply.account_status == NULL ? "in no known state" : reply.account_status);
    else if (str_equal(reply.account_type, "Trial"))
        doctor_add(doctor, DOCTOR_WARNING, "upgrade it before relying on test sends",
                   "the account is active, and a trial: it sends to verified numbers only");
    else
        doctor_add(doctor, DOCTOR_OK, NULL, "active");
}

/* Whether a list of the account can be read. */
static void check_list(struct doctor *doctor, const char *list, enum doctor_verdict without,
                       const char *used_for)
{
    const char *path = arena_printf(&doctor->arena, "/2010-04-01/Accounts/%s/%s.json?PageSize=1",
                                    doctor->credentials.account_sid, list);
    struct reply reply;

    if (ask(doctor, TWILIO_API, path, &reply) != 0)
        return;
    if (reply.problem == NULL)
        doctor_add(doctor, DOCTOR_OK, NULL, "it may, for %s", used_for);
    else
        doctor_add(doctor, without, reply.hint, "%s; it is needed for %s", reply.problem, used_for);
}

void doctor_numbers(struct doctor *doctor)
{
    check_list(doctor, "IncomingPhoneNumbers", DOCTOR_PROBLEM, "adding phone numbers to services");
}

void doctor_short_codes(struct doctor *doctor)
{
    check_list(doctor, "SMS/ShortCodes", DOCTOR_WARNING, "adding short codes to services");
}

void doctor_messages(struct doctor *doctor)
{
    check_list(doctor, "Messages", DOCTOR_WARNING, "test sends");
}

void doctor_writes(struct doctor *doctor)
{
    doctor_add(doctor, DOCTOR_SKIPPED,
               has_key(doctor) ? "a restricted key needs create, update and delete of messaging "
                                 "services and of what is in them"
                               : NULL,
               "whether the credentials may change anything can't be told without doing so");
}

void doctor_limits(struct doctor *doctor)
{
    const struct http_engine_stats *stats =
        doctor->client == NULL ? NULL : twilio_client_stats(doctor->client);

    if (stats != NULL && stats->throttled != 0)
        doctor_add(doctor, DOCTOR_WARNING,
                   "look what else uses the account now, or lower --parallelism or set --rate",
                   "Twilio refused %zu of %zu requests as too many (429)", stats->throttled,
                   stats->attempts);
    else
        doctor_add(doctor, DOCTOR_OK, NULL,
                   "no request was refused as too many; at most %d at once, %s",
                   (int)doctor->options->parallelism,
                   doctor->options->rate == 0 ? "no --rate"
                                              : arena_printf(&doctor->arena, "and %d a second",
                                                             (int)doctor->options->rate));
}

/*
 * Checks of the environment: names, values, credentials.
 */
#include "cli/doctor.h"

#include "cli/environment.h"
#include "cli/option_rows.h"

#include "base/str.h"
#include "twilio/credentials_command.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What Twilio's documents and other programs call what roster reads. */
static const struct {
    const char *name, *ours; /* without "TWILIO_" */
} aliases[] = {
    {"SID", "ACCOUNT_SID"},           {"ACCOUNT_ID", "ACCOUNT_SID"},
    {"TOKEN", "AUTH_TOKEN"},          {"API_KEY_SID", "API_KEY"},
    {"API_SID", "API_KEY"},           {"API_KEY_SECRET", "API_SECRET"},
    {"API_SECRET_KEY", "API_SECRET"},
};

enum { NAMES_MAX = OPTION_ROWS_MAX + 64 };

/* The names of a row, which may be several. */
static size_t add_names(struct arena *arena, const char *row, const char **names, size_t count)
{
    static const char between[] = ", ";

    while (*row != '\0' && count < NAMES_MAX) {
        const size_t size = strcspn(row, between);
        names[count++] = arena_strndup(arena, row, size);
        row += size;
        row += strspn(row, between);
    }
    return count;
}

static size_t known_names(struct arena *arena, const char **names)
{
    size_t count = 0, i;

    for (i = 0; i < environment_row_count; i++)
        if (str_starts_with(environment_rows[i].name, "ROSTER_"))
            count = add_names(arena, environment_rows[i].name, names, count);
    for (i = 0; i < option_row_count(); i++)
        if (option_row(i)->environment != NULL)
            count = add_names(arena, option_row(i)->environment, names, count);
    return count;
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    size_t i;

    for (i = 0; i < count && strcmp(names[i], name) != 0; i++)
        continue;
    return i < count;
}

/* Whether it is another's word for a variable that is not set. */
static bool check_alias(struct doctor *doctor, const char *name)
{
    static const char prefix[] = "TWILIO_";
    size_t i;

    if (!str_starts_with(name, prefix))
        return false;
    for (i = 0; i < COUNT_OF(aliases); i++) {
        const char *ours = arena_printf(&doctor->arena, "%s%s", prefix, aliases[i].ours);
        if (strcmp(aliases[i].name, name + strlen(prefix)) != 0 || doctor->lookup(ours) != NULL)
            continue;
        doctor_add(doctor, DOCTOR_WARNING, arena_printf(&doctor->arena, "set %s", ours),
                   "roster does not read %s, and %s is not set", name, ours);
        return true;
    }
    return false;
}

/* Whether something was said of the name. */
static bool check_name(struct doctor *doctor, const char *name)
{
    static const char prefix[] = "ROSTER_";
    const char *names[NAMES_MAX], *nearest;
    size_t count;

    if (check_alias(doctor, name))
        return true;
    /* What exports call the secrets that they leave out. */
    if (!str_starts_with(name, prefix) || str_starts_with(name + strlen(prefix), "SECRET_"))
        return false;
    count = known_names(&doctor->arena, names);
    if (is_one_of(name, names, count))
        return false;
    nearest = str_closest(name, names, count);
    doctor_add(doctor, DOCTOR_WARNING,
               nearest != NULL ? arena_printf(&doctor->arena, "did you mean %s?", nearest)
                               : "take it away, unless a roster has ${...} of that name",
               "roster does not read %s", name);
    return true;
}

void doctor_names(struct doctor *doctor)
{
    size_t found = 0, i;

    for (i = 0; doctor->environment != NULL && doctor->environment[i] != NULL; i++) {
        const char *entry = doctor->environment[i];
        found += check_name(doctor, arena_strndup(&doctor->arena, entry, strcspn(entry, "=")));
    }
    if (found == 0)
        doctor_add(doctor, DOCTOR_OK, NULL,
                   "no variable has a name that roster should know better");
}

void doctor_settings(struct doctor *doctor)
{
    struct options scratch = {0};
    struct diag diag;

    diag_init(&diag);
    if (options_read_environment(&scratch, &diag) == 0 && scratch.quiet &&
        (scratch.verbose || scratch.trace))
        doctor_add(doctor, DOCTOR_PROBLEM, "leave one of them out",
                   "the variables for --quiet and --%s contradict each other",
                   scratch.trace ? "trace" : "verbose");
    else if (diag.errors == 0)
        doctor_add(doctor, DOCTOR_OK, NULL,
                   "the variables ROSTER_... have values that they can have");
    (void)doctor_take(doctor, &diag);
}

void doctor_command(struct doctor *doctor)
{
    struct diag diag;

    if (doctor->options->offline && doctor->options->credentials_command != NULL) {
        doctor_add(doctor, DOCTOR_SKIPPED, NULL, "not asked: --offline");
        return;
    }
    diag_init(&diag);
    if (session_credentials(&doctor->session, doctor->options, &diag) == 0)
        doctor_add(doctor,
                   doctor->options->credentials_command == NULL ? DOCTOR_SKIPPED : DOCTOR_OK, NULL,
                   "%s",
                   doctor->options->credentials_command == NULL
                       ? "there is none: credentials come from the environment"
                       : "it gives credentials");
    (void)doctor_take(doctor, &diag);
}

/* Shapes of credentials */

enum shape { SHAPE_ACCOUNT, SHAPE_KEY, SHAPE_SECRET };

static const struct {
    const char *name;
    size_t given; /* in struct twilio_given */
    enum shape shape;
} secrets[] = {
    {"TWILIO_ACCOUNT_SID", offsetof(struct twilio_given, account_sid), SHAPE_ACCOUNT},
    {"TWILIO_AUTH_TOKEN", offsetof(struct twilio_given, auth_token), SHAPE_SECRET},
    {"TWILIO_API_KEY", offsetof(struct twilio_given, api_key), SHAPE_KEY},
    {"TWILIO_API_SECRET", offsetof(struct twilio_given, api_secret), SHAPE_SECRET},
};

/* What a copied value has around it that does not belong there; NULL: nothing. */
static const char *wrapping_of(const char *value)
{
    const size_t size = strlen(value);
    const char last = value[size - 1];

    if (size > 1 && (value[0] == '"' || value[0] == '\'') && last == value[0])
        return "quotes around it";
    if (last == '\n' || last == '\r')
        return "the end of a line behind it";
    if (value[0] == ' ' || value[0] == '\t' || last == ' ' || last == '\t')
        return "blanks around it";
    if (value[0] == '$' || (value[0] == '<' && last == '>'))
        return "a placeholder in its place";
    return NULL;
}

/* What the value looks like, when that is something else than it should be; NULL: it does not. */
static const char *mistaken_for(const char *value, enum shape shape)
{
    if (shape != SHAPE_ACCOUNT && str_is_sid(value, "AC"))
        return "an account's SID";
    if (shape != SHAPE_KEY && str_is_sid(value, "SK"))
        return "the SID of an API key";
    if (shape == SHAPE_ACCOUNT && strlen(value) == 32 && str_is_hex(value, 32))
        return "an auth token";
    return NULL;
}

static const char *value_at(struct doctor *doctor, size_t i, const char **shown)
{
    const struct twilio_given *given = &doctor->session.given;
    const char *value = *(const char *const *)((const char *)given + secrets[i].given);

    *shown = secrets[i].name;
    if (value == NULL)
        return doctor->lookup(secrets[i].name);
    *shown = arena_printf(&doctor->arena, "%s of the credentials command", secrets[i].name);
    return value;
}

/* Whether something is wrong with the value's shape. */
static bool check_shape(struct doctor *doctor, const char *shown, const char *value,
                        enum shape shape)
{
    const char *wrapping = wrapping_of(value), *mistaken = mistaken_for(value, shape);

    if (wrapping != NULL) {
        doctor_add(doctor, DOCTOR_PROBLEM, "copy the value alone", "%s has %s", shown, wrapping);
        return true;
    }
    if (mistaken != NULL) {
        doctor_add(doctor, DOCTOR_PROBLEM,
                   "look which value belongs to which variable; they may be swapped",
                   "%s has %s for its value", shown, mistaken);
        return true;
    }
    return false;
}

static bool check_shapes(struct doctor *doctor)
{
    bool wrong = false;
    size_t i;

    for (i = 0; i < COUNT_OF(secrets); i++) {
        const char *shown, *value = value_at(doctor, i, &shown);
        if (!str_is_empty(value) && check_shape(doctor, shown, value, secrets[i].shape))
            wrong = true;
    }
    return wrong;
}

static void describe_login(struct doctor *doctor)
{
    const struct twilio_credentials *credentials = &doctor->credentials;
    const bool key = strcmp(credentials->user, credentials->account_sid) != 0;
    const bool token = !str_is_empty(doctor->lookup("TWILIO_AUTH_TOKEN")) ||
                       doctor->session.given.auth_token != NULL;

    if (!key && (strlen(credentials->password) != 32 || !str_is_hex(credentials->password, 32)))
        doctor_add(doctor, DOCTOR_WARNING, "look whether it was copied whole",
                   "the auth token is not 32 hexadecimal digits, as they are");
    else if (key && token)
        doctor_add(doctor, DOCTOR_OK, NULL,
                   "account %s with an API key; the auth token is for webhooks only",
                   credentials->account_sid);
    else
        doctor_add(doctor, DOCTOR_OK, NULL, "account %s with %s", credentials->account_sid,
                   key ? "an API key" : "its auth token");
}

void doctor_credentials(struct doctor *doctor)
{
    struct twilio_variables variables = {.lookup = doctor->lookup, .given = &doctor->session.given};
    const bool lacking =
        doctor->options->credentials_command != NULL && doctor->session.variables.lookup == NULL;
    struct diag diag;
    bool wrong;

    diag_init(&diag);
    if (lacking)
        doctor_add(doctor, DOCTOR_SKIPPED, NULL,
                   "not looked at: the credentials command did not give them");
    wrong = lacking || check_shapes(doctor);
    doctor->has_hosts = twilio_hosts_read(&doctor->hosts, doctor->options->api_url, &variables,
                                          &doctor->arena, &diag) == 0;
    if (!wrong) {
        doctor->has_login =
            twilio_credentials_read(&doctor->credentials, &variables, &doctor->arena, &diag) == 0;
        if (doctor->has_login)
            describe_login(doctor);
    }
    (void)doctor_take(doctor, &diag);
}

void doctor_plan_key(struct doctor *doctor)
{
    struct diag diag;

    diag_init(&diag);
    if (session_read_key(&doctor->session, &diag) == 0)
        doctor_add(doctor, DOCTOR_OK, NULL, "%s",
                   doctor->session.plan_key == NULL
                       ? "ROSTER_PLAN_KEY is not set: plans are not signed"
                       : "ROSTER_PLAN_KEY is long enough");
    (void)doctor_take(doctor, &diag);
}

/*
 * roster doctor: a table of checks of the machine, the environment, the network and the account,
 * each with what to do about what it finds. Only reads.
 *
 *     struct doctor doctor = {.options = options, .lookup = getenv, .environment = environ};
 *     doctor_run(&doctor);
 *     doctor_report_text(&doctor, color, &out);
 *     doctor_release(&doctor);
 *
 * Secrets are never in a finding; of a value that is wrong, only its shape.
 */
#ifndef ROSTER_CLI_DOCTOR_H
#define ROSTER_CLI_DOCTOR_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/options.h"
#include "cli/session.h"
#include "http/http_probe.h"
#include "twilio/client.h"

#include <stdbool.h>
#include <stddef.h>

enum doctor_verdict {
    DOCTOR_OK,
    DOCTOR_WARNING, /* it works, and may bite later */
    DOCTOR_PROBLEM, /* something will not work */
    DOCTOR_SKIPPED, /* not looked at; the text says why */
    DOCTOR_VERDICT_COUNT,
};

/* "ok", "warning", "problem", "skipped". */
const char *doctor_verdict_name(enum doctor_verdict verdict);

struct doctor_finding {
    const char *check; /* its name */
    enum doctor_verdict verdict;
    const char *text;   /* a sentence without its end */
    const char *advice; /* what to do; NULL: nothing */
};

/* How the account took the credentials. */
enum doctor_answer { LOGIN_UNKNOWN, LOGIN_ACCEPTED, LOGIN_REFUSED };

struct doctor {
    const struct options *options;
    char *(*lookup)(const char *name); /* of the environment: getenv() */
    char *const *environment;          /* all of it: environ; NULL: none */

    /* The rest is zeroed by the caller, and filled in by the checks in their order. */
    struct arena arena;
    struct session session;
    bool has_login, has_hosts; /* credentials and hosts are well-formed */
    struct twilio_credentials credentials;
    struct twilio_hosts hosts;
    struct http_probe messaging, api;
    struct twilio_client *client; /* that only reads; NULL: none yet */
    enum doctor_answer login;

    const char *check; /* that is running */
    struct doctor_finding *findings;
    size_t count, capacity;
    size_t counts[DOCTOR_VERDICT_COUNT];
};

/* What has to be there for a check; else it is skipped. */
enum doctor_needs {
    NEEDS_NOTHING = 0,
    NEEDS_NETWORK = 1, /* no --offline, and hosts */
    NEEDS_LOGIN = 2,   /* well-formed credentials, and a host that answers */
    NEEDS_ACCESS = 4,  /* credentials that were accepted */
};

/* Adds at least one finding. */
typedef void doctor_check(struct doctor *doctor);

struct doctor_row {
    const char *name;
    doctor_check *run;
    unsigned needs;
};

extern const struct doctor_row doctor_rows[];
extern const size_t doctor_row_count;

/* Runs all checks, or for tests the one of a name. */
void doctor_run(struct doctor *doctor);
void doctor_run_one(struct doctor *doctor, const char *name);
void doctor_release(struct doctor *doctor);

/* Adds a finding of the check that is running. `advice` NULL: none; it is copied. */
void doctor_add(struct doctor *doctor, enum doctor_verdict verdict, const char *advice,
                const char *format, ...) PRINTF_LIKE(4, 5);

/* Adds what was reported, errors as problems; returns how many there were. Releases `diag`. */
size_t doctor_take(struct doctor *doctor, struct diag *diag);

/* Whether "7.88.1" is older than "7.90.0"; what is behind the numbers does not count. */
bool doctor_is_older(const char *version, const char *than);

/* As lines for people, or one document:
 *
 *     {"format": "roster-doctor", "version": 1, "result": "ok" or "problems",
 *      "counts": {"ok": 1, ...}, "checks": [{"check", "verdict", "text", "advice" or null}]}
 */
void doctor_report_text(const struct doctor *doctor, bool color, struct buf *out);
void doctor_report_json(const struct doctor *doctor, struct buf *out);

/* The checks; doctor_*.c. */
doctor_check doctor_program, doctor_libraries, doctor_terminal, doctor_zones, doctor_files;
doctor_check doctor_names, doctor_settings, doctor_command, doctor_credentials, doctor_plan_key;
doctor_check doctor_proxy, doctor_ca_file, doctor_messaging_host, doctor_api_host, doctor_clock;
doctor_check doctor_login, doctor_account, doctor_numbers, doctor_short_codes, doctor_messages;
doctor_check doctor_writes, doctor_limits;
doctor_check doctor_state_folder, doctor_journal, doctor_lock, doctor_cache, doctor_roster;

#endif

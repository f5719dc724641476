#include "cli/option_rows.h"

#include <string.h>

static const char *const color_choices[] = {"auto", "always", "never"};

static const char *const validate_formats[] = {"text", "json", "github"};
static const char *const plan_formats[] = {"text", "json", "markdown", "html"};
static const char *const journal_formats[] = {"text", "json"};
static const char *const test_formats[] = {"text", "json", "junit"};
static const char *const fail_choices[] = {"error", "warning"};

const struct option_row option_rows[] = {
    {
        .name = "help",
        .letter = 'h',
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, help),
        .help = "show this help",
    },
    {
        .name = "api-url",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, api_url),
        .value = "URL",
        .environment = "ROSTER_API_URL",
        .help = "send every request to this scheme, host and port (the sandbox)",
    },
    {
        .name = "ca-file",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, ca_file),
        .value = "FILE",
        .environment = "ROSTER_CA_FILE",
        .help = "trust the certificates in this PEM file instead of the system's",
    },
    {
        .name = "color",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, color),
        .value = "WHEN",
        .environment = "ROSTER_COLOR",
        .choices = color_choices,
        .choice_count = COUNT_OF(color_choices),
        .help = "auto (on a terminal, NO_COLOR obeyed), always, never",
    },
    {
        .name = "parallelism",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, parallelism),
        .value = "N",
        .environment = "ROSTER_PARALLELISM",
        .min = 1,
        .max = 100,
        .fallback = 32,
        .help = "requests in flight at once, at most",
    },
    {
        .name = "rate",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, rate),
        .value = "N",
        .environment = "ROSTER_RATE",
        .min = 0,
        .max = 10000,
        .fallback = 0,
        .help = "requests a second, at most; 0: any",
    },
    {
        .name = "connect-timeout",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, connect_timeout),
        .value = "SECONDS",
        .environment = "ROSTER_CONNECT_TIMEOUT",
        .min = 1,
        .max = 600,
        .fallback = 10,
        .help = "give up connecting after this",
    },
    {
        .name = "request-timeout",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, request_timeout),
        .value = "SECONDS",
        .environment = "ROSTER_REQUEST_TIMEOUT",
        .min = 1,
        .max = 600,
        .fallback = 30,
        .help = "give up one attempt of a request after this",
    },
    {
        .name = "git-timeout",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, git_timeout),
        .value = "SECONDS",
        .environment = "ROSTER_GIT_TIMEOUT",
        .min = 1,
        .max = 3600,
        .fallback = 60,
        .help = "give up fetching a roster from git after this",
    },
    {
        .name = "git-ca-file",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, git_ca_file),
        .value = "FILE",
        .environment = "ROSTER_GIT_CA_FILE",
        .help = "as --ca-file, for git alone",
    },
    {
        .name = "offline",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, offline),
        .environment = "ROSTER_OFFLINE",
        .help = "take a roster from git as it was fetched last",
    },
    {
        .name = "require-signed",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, require_signed),
        .environment = "ROSTER_REQUIRE_SIGNED",
        .help = "take a roster from git only when its commit is signed",
    },
    {
        .name = "allowed-signers",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, allowed_signers),
        .value = "FILE",
        .environment = "ROSTER_ALLOWED_SIGNERS",
        .help = "by one of the keys in this file (SSH allowed signers, OpenPGP keys)",
    },
    {
        .name = "timeout",
        .type = OPTION_DURATION,
        .offset = offsetof(struct options, timeout),
        .value = "TIME",
        .environment = "ROSTER_TIMEOUT",
        .max = 24 * 60 * 60,
        .help = "end the whole run after this (30, 30s, 5m, 1h); default 0: no end",
    },
    {
        .name = "detailed-exitcode",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, detailed_exitcode),
        .commands = "plan",
        .help = "exit with 2 when there are changes",
    },
    {
        .name = "format",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, format),
        .value = "FORMAT",
        .choices = validate_formats,
        .choice_count = COUNT_OF(validate_formats),
        .commands = "validate",
        .help = "text (default), json, or github (annotations)",
    },
    {
        .name = "format",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, format),
        .value = "FORMAT",
        .choices = plan_formats,
        .choice_count = COUNT_OF(plan_formats),
        .commands = "plan",
        .help = "text (default), json, markdown (for pull requests), or html",
    },
    {
        .name = "format",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, format),
        .value = "FORMAT",
        .choices = journal_formats,
        .choice_count = COUNT_OF(journal_formats),
        .commands = "journal",
        .help = "text (default), or json",
    },
    {
        .name = "format",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, format),
        .value = "FORMAT",
        .choices = test_formats,
        .choice_count = COUNT_OF(test_formats),
        .commands = "test",
        .help = "text (default), json, or junit (XML)",
    },
    {
        .name = "only",
        .type = OPTION_LIST,
        .offset = offsetof(struct options, only),
        .value = "NAME",
        .commands = "test",
        .help = "only test sends of that name or pattern (A*); may be given again",
    },
    {
        .name = "out",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, out),
        .value = "FILE",
        .commands = "plan",
        .help = "save the plan for \"roster apply FILE\", unless a guard refuses it",
    },
    {
        .name = "target",
        .type = OPTION_LIST,
        .offset = offsetof(struct options, targets),
        .value = "NAME",
        .commands = "plan apply",
        .help = "only services of that name or pattern (A*); may be given again",
    },
    {
        .name = "take-over",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, limits.take_over),
        .commands = "plan apply",
        .help = "allow moves out of services or lists that the roster does not manage",
    },
    {
        .name = "max-removals",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, limits.max_removals),
        .value = "N",
        .min = 0,
        .max = 1000000,
        .fallback = GUARD_UNLIMITED,
        .commands = "plan apply",
        .help = "how many senders may leave services, whatever the roster says",
    },
    {
        .name = "max-deletes",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, limits.max_deletes),
        .value = "N",
        .min = 0,
        .max = 1000000,
        .fallback = GUARD_UNLIMITED,
        .commands = "plan apply",
        .help = "how many services may be deleted, whatever the roster says",
    },
    {
        .name = "allow-empty-service",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, limits.allow_empty_service),
        .commands = "plan apply",
        .help = "allow taking the last sender out of a service",
    },
    {
        .name = "allow-empty-roster",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, limits.allow_empty_roster),
        .commands = "plan apply",
        .help = "allow \"prune\" with a roster that has no services",
    },
    {
        .name = "allow-campaign-loss",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, limits.allow_campaign_loss),
        .commands = "plan apply",
        .help = "allow deleting services with a registered A2P campaign",
    },
    {
        .name = "fail-on",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, fail_on),
        .value = "LEVEL",
        .choices = fail_choices,
        .choice_count = COUNT_OF(fail_choices),
        .commands = "validate",
        .help = "error (default), or warning: fail on warnings too",
    },
    {
        .name = "auto-approve",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, auto_approve),
        .commands = "apply test",
        .help = "do it without asking; needed where there is no terminal to ask on",
    },
    {
        .name = "max-sends",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, max_sends),
        .value = "N",
        .min = 1,
        .max = 10000,
        .fallback = 20,
        .commands = "apply test",
        .help = "test messages at the most; more are refused before the first",
    },
    {
        .name = "test",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, test),
        .commands = "apply",
        .help = "after it worked, send the test messages of the services that were changed",
    },
    {
        .name = "undo-out",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, undo_out),
        .value = "FILE",
        .commands = "apply",
        .help = "save the plan that leads back, from the values that were replaced",
    },
    {
        .name = "replan",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, replan),
        .commands = "apply",
        .help = "when the saved plan is stale, plan anew from its roster instead of refusing",
    },
    {
        .name = "journal",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, journal),
        .value = "FILE",
        .commands = "apply test",
        .help = "keep the journal there instead of in the state folder",
    },
    {
        .name = "lock-timeout",
        .type = OPTION_DURATION,
        .offset = offsetof(struct options, lock_timeout),
        .value = "TIME",
        .max = 24 * 60 * 60,
        .commands = "apply",
        .help = "wait so long (30, 30s, 5m, 1h) for another apply to end; default 0",
    },
};
const size_t option_row_count = COUNT_OF(option_rows);

_Static_assert(COUNT_OF(option_rows) <= OPTION_ROWS_MAX, "OPTION_ROWS_MAX is too small");

bool option_taken_by(const struct option_row *row, const struct command *command)
{
    const char *at = row->commands;
    size_t size;

    if (at == NULL || command == NULL)
        return at == NULL;
    size = strlen(command->name);
    while ((at = strstr(at, command->name)) != NULL) {
        if ((at == row->commands || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
            return true;
        at += size;
    }
    return false;
}

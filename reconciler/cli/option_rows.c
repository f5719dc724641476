#include "cli/option_rows.h"

#include <string.h>

static const char *const color_choices[] = {"auto", "always", "never"};

static const char *const log_format_choices[] = {"text", "json"};

static const struct option_row global_rows[] = {
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
        .name = "quiet",
        .letter = 'q',
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, quiet),
        .environment = "ROSTER_QUIET",
        .help = "say nothing on standard error but errors",
    },
    {
        .name = "verbose",
        .letter = 'v',
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, verbose),
        .environment = "ROSTER_VERBOSE",
        .help = "say on standard error what is done, and why",
    },
    {
        .name = "trace",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, trace),
        .environment = "ROSTER_TRACE",
        .help = "say that and each request, with its times and Twilio's request id",
    },
    {
        .name = "log-format",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, log_format),
        .value = "FORMAT",
        .environment = "ROSTER_LOG_FORMAT",
        .choices = log_format_choices,
        .choice_count = COUNT_OF(log_format_choices),
        .help = "of standard error: text, json (JSON Lines; nobody is asked then)",
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
        .help = "whose signatures count: SSH allowed signers, OpenPGP keys, or both",
    },
    {
        .name = "credentials-command",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, credentials_command),
        .value = "CMD",
        .environment = "ROSTER_CREDENTIALS_COMMAND",
        .help = "a program, run without a shell, that prints the credentials as JSON",
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
};

const struct option_row *option_row(size_t index)
{
    if (index < COUNT_OF(global_rows))
        return &global_rows[index];
    index -= COUNT_OF(global_rows);
    if (index < option_rows_looking_count)
        return &option_rows_looking[index];
    index -= option_rows_looking_count;
    return index < option_rows_running_count ? &option_rows_running[index] : NULL;
}

size_t option_row_count(void)
{
    return COUNT_OF(global_rows) + option_rows_looking_count + option_rows_running_count;
}

bool command_is_listed(const char *list, const char *name)
{
    const size_t size = strlen(name);
    const char *at = list;

    while ((at = strstr(at, name)) != NULL) {
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
            return true;
        at += size;
    }
    return false;
}

bool option_taken_by(const struct option_row *row, const struct command *command)
{
    if (row->commands == NULL || command == NULL)
        return row->commands == NULL;
    return command_is_listed(row->commands, command->name);
}

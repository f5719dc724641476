/*
 * Command line: one table of options and one of commands; parsing, the environment and the help
 * texts all walk them.
 */
#ifndef ROSTER_CLI_OPTIONS_H
#define ROSTER_CLI_OPTIONS_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/logger.h"
#include "cli/exit_code.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An option that may be given several times. */
struct option_list {
    const char *items[64];
    size_t count;
};

struct options {
    bool help;
    /* Global: each has a form in the environment. */
    const char *api_url; /* NULL: Twilio */
    const char *ca_file; /* NULL: the system's */
    const char *color;   /* "auto", "always", "never" */
    bool quiet, verbose, trace;
    const char *log_format; /* "text", "json" */
    struct logger *log;     /* set by main, as the four above say; NULL: nothing is said */
    int64_t parallelism;
    int64_t rate;            /* requests a second; 0: any */
    int64_t connect_timeout; /* seconds */
    int64_t request_timeout; /* seconds */
    int64_t timeout;         /* of the whole run, seconds; 0: none */
    int64_t git_timeout;     /* seconds */
    const char *git_ca_file; /* NULL: ca_file */
    bool offline;
    bool require_signed;
    const char *allowed_signers;     /* NULL: none were named */
    const char *credentials_command; /* NULL: credentials come from the environment */
    /* Of some commands. */
    bool detailed_exitcode;
    bool auto_approve;
    bool replan;
    bool test;                  /* apply: send the test messages of what was changed */
    bool exclusive;             /* the command writes: one process an account; set by the command */
    bool read_only;             /* nothing but reads may be sent; set by the command */
    const char *journal;        /* NULL: in the state folder */
    int64_t lock_timeout;       /* seconds */
    const char *out;            /* where the plan or export goes; NULL: no file */
    const char *undo_out;       /* where the plan that leads back goes; NULL: nowhere */
    struct option_list targets; /* names and globs of services; none: all */
    struct guard_limits limits;
    const char *listen;        /* ADDRESS:PORT; NULL: the default */
    const char *public_url;    /* NULL: the address that is listened on */
    struct option_list paths;  /* where webhooks are taken; none: anywhere */
    int64_t max_rate;          /* webhooks a second; 0: any */
    int64_t count;             /* webhooks after which listen ends; 0: none */
    int64_t duration;          /* seconds after which it ends; 0: none */
    struct option_list only;   /* names and globs of test sends; none: all */
    int64_t max_sends;         /* test messages at the most */
    const char *baseline;      /* a commit; NULL: none was applied as far as is known */
    const char *metrics;       /* a file; NULL: none */
    const char *notify;        /* a URL, which is a secret; NULL: nobody is told */
    const char *notify_format; /* "generic", "slack", "teams" */
    bool notify_always;
    int64_t interval_ms;        /* between two runs of watch; 0: the default */
    bool auto_apply;            /* watch: apply what differs */
    struct option_list windows; /* when watch may apply (cli/watch_window.h); none: always */
    const char *format;         /* "text", "json", ...: what the command offers */
    const char *fail_on;        /* "error", "warning" */
    /* Of export, see model/export.h and export_output.h; its file is `out`. */
    struct option_list services; /* names and globs of live services; none: all */
    const char *split;           /* the folder that gets a file a service; NULL: none */
    bool full, pin, numbers, force;
    bool check;                /* fmt: change nothing */
    struct option_list faults; /* of rehearse, see rehearsal_faults.h */
    bool diff;                 /* adopt: show the edit */
    bool remove_entries;       /* adopt: of services that the account has not */
    /* What follows the options. */
    const char *const *arguments;
    size_t argument_count;
};

struct command_example {
    const char *line; /* as typed into a shell; NULL ends the list */
    const char *what; /* what it is for, a line without a full stop; NULL: nothing to say */
};

struct command {
    const char *name;
    const char *arguments; /* as in the usage line: "[ROSTER]" */
    size_t max_arguments;
    const char *summary; /* one line */
    const char *details; /* a paragraph for its help */
    struct command_example examples[6];
    bool lenient; /* runs with bad variables ROSTER_..., too, which it reports itself */
    enum exit_code (*run)(const struct options *options, struct diag *diag);
};

extern const struct command commands[];
extern const size_t command_count;

/* The command of that name, NULL when there is none. */
const struct command *command_find(const char *name);

/* More than there are, for arrays with an entry a command. */
enum { COMMANDS_MAX = 64 };

/* What somebody may have meant who typed that as a command (option_habits.h); NULL: no idea. */
const char *command_nearest(const char *name);

/* Whether the list of words, with a blank between, has that command. */
bool command_is_listed(const char *list, const char *name);

/*
 * Reads the environment (through getenv), as options_parse() does first; all zero to begin with.
 * Reports what is malformed and returns -1.
 */
MUST_CHECK int options_read_environment(struct options *options, struct diag *diag);

/*
 * Reads the environment (through getenv), then the arguments, into `options`. Permutes `argv`. On
 * success `*command` is the command to run; it is NULL only with options->help. Reports and returns
 * -1 for unknown, ambiguous or malformed options, abbreviations, unknown commands and arguments
 * that are too many.
 */
MUST_CHECK int options_parse(struct options *options, const struct command **command, int argc,
                             char **argv, struct diag *diag);

/* The columns that help is broken to: those of the terminal, or 80 for 0; not too many to read. */
size_t help_width(size_t terminal);

/* The help of one command, or with NULL the overview, in lines of that width; examples are whole.
 */
void options_help(const struct command *command, size_t width, struct buf *out);

/* What "roster help" explains beside the commands. */
struct help_topic {
    const char *name;
    const char *summary;            /* one line */
    void (*write)(struct buf *out); /* its lines may be long, see help_flush() */
};

extern const struct help_topic help_topics[];
extern const size_t help_topic_count;

/*
 * Adds a line of a list of options, "  --name VALUE   help", however long, with the help from
 * column `indent` on; VALUE may be NULL.
 */
void help_row(struct buf *out, size_t indent, const char *name, const char *value,
              const char *help);

/* Moves the page to `out`, with lines broken to the width (base/wrap.h). */
void help_flush(struct buf *page, size_t width, struct buf *out);

#endif

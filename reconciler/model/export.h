/*
 * The live state as a roster, and as an account for the sandbox.
 *
 * export_survey() decides what is written and what can't be, and warns of the latter; the writers
 * only write that down. Whatever the account has, what comes out is a valid roster, and a plan of
 * it against the same account has no changes:
 *
 * - A setting at the API's documented default is left out, unless `full`; so is an obsolete or
 *   reserved one. What is left out is unmanaged.
 * - A sender list is written whole, `[]` too, so that the roster manages it; when one of its
 * senders can't be written the list is left out, for a part of it would take the others away.
 * - What a roster can't say, because reading it would be an error, is left out: a comment and a
 *   warning say what and why. A service whose name is no name for a roster is left out as a whole.
 * - A password of a URL is never written: ${ROSTER_SECRET_1} and so on stand for it.
 *
 * Services are in order of name and SID, senders as people would sort them, so that the same
 * account gives the same text.
 *
 *     struct export export = {0};
 *     export_survey(&export, &live, &options, diag);
 *     export_roster(&export, &out);
 *     export_release(&export);
 */
#ifndef ROSTER_MODEL_EXPORT_H
#define ROSTER_MODEL_EXPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "document/doc.h"
#include "model/live_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct export_options {
    const char *account_sid;
    bool full;           /* settings at their default, obsolete and reserved ones too */
    bool pin;            /* sid for all services, not only for those that share their name */
    bool numbers;        /* the numbers that the account has to own */
    uint64_t always;     /* rows of resource_service that are written at their default, too */
    size_t secret_count; /* variables of that form that are in use already */
};

/* How a value, sender or list goes into the roster. */
enum export_how {
    EXPORT_ABSENT,  /* not at all: there is none, or it is at its default */
    EXPORT_WRITTEN, /* as it is */
    EXPORT_REMARK,  /* as a comment: it is obsolete or reserved */
    EXPORT_REFUSED, /* as a comment: it can't be written, see `problem` */
};

struct export_value {
    enum export_how how;
    enum doc_kind kind;
    const char *text;     /* as the roster has it; NULL: there is no value, or it is refused */
    const char *variable; /* what stands for the secret in it; NULL: there is none in it */
    const char *problem;  /* EXPORT_REFUSED: why */
};

struct export_sender {
    const struct sender *live;
    enum export_how how;         /* written or refused */
    struct export_value *values; /* by row of the sender's resource */
    bool by_sid;                 /* the first row has its SID, for its address can't be written */
    const char *problem;
};

struct export_list {
    enum export_how how; /* written or refused */
    const char *problem;
    struct export_sender *senders; /* sorted, each once */
    size_t count;
};

struct export_service {
    const struct live_service *live;
    enum export_how how;         /* written or refused */
    const char *problem;         /* why it can't be in a roster */
    const char *name;            /* as it may be shown */
    struct export_value *values; /* by row of resource_service */
    struct export_list lists[SENDER_KIND_COUNT];
    /* Those for every country, but for what is in another list of the service already. */
    struct export_list elsewhere[SENDER_KIND_COUNT];
    const char *file; /* name of its file in a folder; unlike all others, whatever their case */
};

/* How the variables of secrets are called. */
#define EXPORT_SECRET_FORMAT "ROSTER_SECRET_%zu"

/* What the environment has to have for the roster to be read. */
struct export_secret {
    const char *variable; /* ROSTER_SECRET_1 */
    const char *value;
    const char *where; /* the first setting that has it, as it may be shown */
    size_t uses;
};

struct export
{
    struct arena arena;
    struct export_options options;
    struct export_service *services; /* sorted */
    size_t service_count, written_count;
    bool partial; /* some services were not looked at */
    struct export_secret *secrets;
    size_t secret_count, secret_capacity;
    struct export_list owned[SENDER_KIND_COUNT]; /* only kinds that the account owns */
};

/*
 * Looks through the services whose lists were fetched; the names of the others count when it is
 * decided which name is there more than once. `live` has to outlive `export`, which is all zero.
 */
void export_survey(struct export *export, const struct live_state *live,
                   const struct export_options *options, struct diag *diag);

/*
 * A single setting of a live service, and a single sender, as they would be written: whether a
 * survey would leave them out or not. A setting without a value is null, refused where a roster
 * can't say that. Values and secrets are the export's, which may be one without services. Warns of
 * what is written and may be a secret.
 */
void export_setting(struct export *export, const struct live_service *live, size_t row,
                    struct export_value *out, struct diag *diag);
void export_sender(struct export *export, enum sender_kind kind, const struct sender *live,
                   struct export_sender *out);

/* Accepts one that is all zero. */
void export_release(struct export *export);

/* Adds the roster as one file. */
void export_roster(const struct export *export, struct buf *out);

/*
 * The same as a folder: the file EXPORT_HEAD_FILE, and one for each service that is written, of the
 * name in its `file`.
 */
#define EXPORT_HEAD_FILE "account.yaml"
void export_head(const struct export *export, struct buf *out);
void export_part(const struct export *export, const struct export_service *service,
                 struct buf *out);

/* Only the service, as an item of a list at the left margin. */
void export_item(const struct export_service *service, struct buf *out);

/* Whether the text is a file that was written by one of these. */
bool export_wrote(const char *text);

/*
 * Adds the account as a state file of the sandbox, with a token of its own; the name of a variable
 * stands for the secret itself. A roster of the same export has no changes against it. Warns of
 * what is not as the account has it.
 */
void export_state(const struct export *export, struct buf *out, struct diag *diag);

/* The order of senders in lists: short codes as numbers, all else as words. */
int export_compare(const struct sender *a, const struct sender *b);

/* Whether a list's sender is in a service that was looked at. */
bool export_is_in_service(const struct export *export, enum sender_kind kind,
                          const struct sender *sender);

#endif

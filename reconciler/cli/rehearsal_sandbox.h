/*
 * A sandbox for a rehearsal: a copy of an account that only this process can reach.
 *
 * It lives in a child process, on a free loopback port, behind a token that nobody can guess. The
 * account is handed over in memory and nothing of it is ever in a file. However this process ends,
 * the child sees the pipe between them close and ends, too.
 */
#ifndef ROSTER_CLI_REHEARSAL_SANDBOX_H
#define ROSTER_CLI_REHEARSAL_SANDBOX_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sandbox/sandbox_faults.h"
#include "twilio/client.h"

#include <stddef.h>

/* What requests are for; writes begin with the first one that is no read. */
enum request_kind {
    REQUEST_LIST_SERVICES,
    REQUEST_READ_SERVICE,
    REQUEST_LIST_SENDERS,
    REQUEST_LIST_OWNED,
    REQUEST_OTHER_READ,
    REQUEST_CREATE_SERVICE,
    REQUEST_UPDATE_SERVICE,
    REQUEST_DELETE_SERVICE,
    REQUEST_ADD_SENDER,
    REQUEST_REMOVE_SENDER,
    REQUEST_OTHER_WRITE,
    REQUEST_KIND_COUNT,
    REQUEST_FIRST_WRITE = REQUEST_CREATE_SERVICE,
};

/* "list_services", ...: for documents. */
const char *request_kind_name(enum request_kind kind);

/* Of a request by its method and path, without the query. */
enum request_kind request_kind_of(const char *method, const char *path);

/* How many requests the sandbox got. */
struct request_counts {
    size_t of[REQUEST_KIND_COUNT];
    size_t faults; /* had one of the faults */
};

size_t request_counts_reads(const struct request_counts *counts);
size_t request_counts_writes(const struct request_counts *counts);

struct rehearsal_sandbox;

/*
 * Starts one with the account of a state file's text. `faults` (NULL: none) is only read. Reports
 * and returns NULL when that fails.
 */
struct rehearsal_sandbox *rehearsal_sandbox_start(const struct buf *state,
                                                  const struct sandbox_faults *faults,
                                                  struct diag *diag);

/* Ends it. Accepts NULL. */
void rehearsal_sandbox_stop(struct rehearsal_sandbox *sandbox);

/* No more faults from now on. */
void rehearsal_sandbox_calm(struct rehearsal_sandbox *sandbox);

/* Until now; each request is counted before it is answered. */
void rehearsal_sandbox_counts(const struct rehearsal_sandbox *sandbox,
                              struct request_counts *counts);

/* Account, token and address for a client of it; strings are the sandbox's. */
void rehearsal_sandbox_login(const struct rehearsal_sandbox *sandbox,
                             struct twilio_client_config *config);

#endif

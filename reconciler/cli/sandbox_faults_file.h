/*
 * The file of roster-sandbox --faults: YAML, a list of rules under "faults" and,
 * if need be, one under "callbacks" and "recipients". What the keys of a
 * rule mean is in the help of --faults and in sandbox/sandbox_faults.h:
 *
 *     faults:
 *       - method: GET
 *         path: "/v1/Services*"
 *         count: 2
 *         status: 503
 *         retry_after: 1
 *       - request: 7
 *         reset: after
 *     callbacks:                  # sandbox/sandbox_callbacks.h
 *       - status: delivered
 *         lost: true
 *     recipients:                 # sandbox/sandbox_outcome.h
 *       - to: "+1415*"
 *         code: 30003
 */
#ifndef ROSTER_CLI_SANDBOX_FAULTS_FILE_H
#define ROSTER_CLI_SANDBOX_FAULTS_FILE_H

#include "base/attributes.h"
#include "base/diag.h"
#include "document/doc.h"
#include "sandbox/sandbox_callbacks.h"
#include "sandbox/sandbox_faults.h"
#include "sandbox/sandbox_outcome.h"

enum { SANDBOX_FAULTS_FILE_MAX = 1024 * 1024 }; /* bytes */

/* All zero is an empty one. The rules live as long as it; each `random` is left to the caller. */
struct sandbox_faults_file {
    struct doc doc;
    struct sandbox_faults faults;
    struct sandbox_callback_faults callbacks;
    struct sandbox_recipients recipients;
};

/*
 * Reads the file into one that is zeroed by the caller, and released by it in any case. Reports all
 * mistakes, with their places, and returns -1 when there are any.
 */
MUST_CHECK int sandbox_faults_file_read(struct sandbox_faults_file *file, const char *path,
                                        struct diag *diag);

/* The same for a text; `name` is for messages. */
MUST_CHECK int sandbox_faults_file_parse(struct sandbox_faults_file *file, const char *name,
                                         const char *text, size_t size, struct diag *diag);

void sandbox_faults_file_release(struct sandbox_faults_file *file);

#endif

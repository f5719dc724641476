/*
 * The contract check: holds the sandbox's log, line by line, against an OpenAPI description.
 *
 *     struct contract contract;
 *     contract_init(&contract);
 *     if (openapi_add_file(&contract.api, file, &contract.diag) != 0) ...
 *     contract_line(&contract, "api-services.jsonl", 1, line, size);
 *     ... contract.diag holds what is wrong
 *     contract_release(&contract);
 *
 * Every answer is checked: that its status is documented for the operation, and that the body has
 * all the members of the schema, no others, and the right types, formats and choices; errors, which
 * the description does not model, against Twilio's one error body. A request is checked when
 * roster made it: path, method, parameters. The same finding in many lines is reported once, with
 * the first line.
 *
 * Not thread-safe.
 */
#ifndef ROSTER_TESTS_CONTRACT_CONTRACT_H
#define ROSTER_TESTS_CONTRACT_CONTRACT_H

#include "openapi.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"

#include <jansson.h>
#include <regex.h>
#include <stddef.h>

/* What can be wrong; a bit each, so that an exception can name several. */
enum finding {
    FINDING_LOG = 1 << 0,     /* the log line itself */
    FINDING_PATH = 1 << 1,    /* no such path or method */
    FINDING_STATUS = 1 << 2,  /* a status that is not documented */
    FINDING_MISSING = 1 << 3, /* a member or parameter is missing */
    FINDING_EXTRA = 1 << 4,   /* one that is not described */
    FINDING_TYPE = 1 << 5,    /* of the wrong JSON type, null included */
    FINDING_CHOICE = 1 << 6,  /* none of the enum's values */
    FINDING_FORMAT = 1 << 7,  /* not of its format */
    FINDING_PATTERN = 1 << 8, /* pattern or length */
    FINDING_RANGE = 1 << 9,   /* minimum, maximum */
    FINDING_ERROR = 1 << 10,  /* an error's body */
    FINDING_SCHEMA = 1 << 11, /* the schema says something that this check can't hold */
};

enum contract_side { CONTRACT_REQUEST, CONTRACT_ANSWER };

enum { CONTRACT_MAX_PATTERNS = 64, CONTRACT_MAX_EXCEPTIONS = 16 };

struct contract {
    struct openapi api;
    struct diag diag;
    size_t lines, answers, errors, requests; /* checked */
    size_t excused[CONTRACT_MAX_EXCEPTIONS]; /* findings that exceptions.h lets pass, a row each */

    /* Where the check is, for the wording of findings. */
    const char *log;
    size_t line;
    const char *method, *path; /* of the operation, or as sent */
    const char *sent_path;
    int status;
    enum contract_side side;
    struct buf place; /* "services[].sid" */

    struct {
        const char *pattern; /* borrowed from the description */
        regex_t regex;
    } patterns[CONTRACT_MAX_PATTERNS];
    size_t pattern_count;
};

void contract_init(struct contract *contract);
void contract_release(struct contract *contract);

/* Checks one line of the log named `log`. Findings go to contract->diag. */
void contract_line(struct contract *contract, const char *log, size_t line, const char *text,
                   size_t size);

/*
 * Reports a finding about the current place, unless an exception covers it. `value` is the
 * offending text where there is one, else NULL.
 */
void contract_report(struct contract *contract, enum finding finding, const char *value,
                     const char *format, ...) PRINTF_LIKE(4, 5);

#endif

/*
 * Where the description is known to be wrong or silent: findings that are let pass, each with the
 * reason. Everything else is a failure.
 */
#ifndef ROSTER_TESTS_CONTRACT_EXCEPTIONS_H
#define ROSTER_TESTS_CONTRACT_EXCEPTIONS_H

#include "contract.h"

#include <stddef.h>

struct contract_exception {
    enum contract_side side;
    const char *path;    /* the template has to start with it */
    const char *member;  /* the last name of the place; NULL: any */
    unsigned findings;   /* bits of enum finding */
    const char *pattern; /* the value has to match this extended regular expression */
    const char *reason;
};

extern const struct contract_exception contract_exceptions[];
extern const size_t contract_exception_count;

/* The row that covers a finding at the current place, or NULL. `value` NULL: none does. */
const struct contract_exception *contract_exception_for(const struct contract *contract,
                                                        enum finding finding, const char *value);

#endif

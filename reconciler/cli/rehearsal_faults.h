/*
 * What --faults of rehearse names: a file of roster-sandbox's --faults, or one of the troubles that
 * are built in, by name.
 */
#ifndef ROSTER_CLI_REHEARSAL_FAULTS_H
#define ROSTER_CLI_REHEARSAL_FAULTS_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/sandbox_faults_file.h"

/*
 * Reads what is named into a file that is zeroed by the caller, and released by it in any case. A
 * name goes before a file of that name; "./NAME" is the file. Reports what is wrong and returns -1.
 */
MUST_CHECK int rehearsal_faults_read(const char *name, struct sandbox_faults_file *file,
                                     struct diag *diag);

/* What the trouble of a name is, in words; NULL for a file. */
const char *rehearsal_faults_meaning(const char *name);

#endif

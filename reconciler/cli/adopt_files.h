/*
 * Writing the files that adopt has edited.
 */
#ifndef ROSTER_CLI_ADOPT_FILES_H
#define ROSTER_CLI_ADOPT_FILES_H

#include "base/attributes.h"
#include "base/diag.h"
#include "plan/adopt.h"

/*
 * Replaces each changed file, with its mode, all of them or none: when one can't be written, those
 * before it are put back. A symbolic link stays one: what it leads to is replaced. A file that is
 * not any more what was read is reported, and nothing is written.
 */
MUST_CHECK int adopt_write_files(const struct adopt *adopt, struct diag *diag);

#endif

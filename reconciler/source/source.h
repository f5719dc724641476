/*
 * Where a roster's text comes from.
 */
#ifndef ROSTER_SOURCE_SOURCE_H
#define ROSTER_SOURCE_SOURCE_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"

/*
 * Reads the roster that `location` names, a file, into `text`, whose limit caps its size. Reports
 * and returns -1 when there is none or it can't be read.
 */
MUST_CHECK int source_load(const char *location, struct buf *text, struct diag *diag);

#endif

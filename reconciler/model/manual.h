/*
 * The reference page roster.yaml(5), made from the field tables.
 *
 * mdoc source: mandoc and groff render it as it is, so it needs no step of the build and no tool of
 * its own (scdoc would need one), and `mandoc -T lint` checks it.
 */
#ifndef ROSTER_MODEL_MANUAL_H
#define ROSTER_MODEL_MANUAL_H

#include "base/buf.h"

/* Adds the page; always the same bytes. */
void manual_write_roster(struct buf *out);

#endif

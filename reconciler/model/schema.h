/*
 * The JSON Schema (draft 2020-12) of a roster, made from the field tables.
 *
 * Editors use it to complete and explain keys. It says the same of a file as `roster validate`, as
 * far as a schema can: what needs two values (a number in two services, an unknown service of a
 * test send) or the environment is beyond it. A string with ${ in it is accepted wherever a string
 * is.
 */
#ifndef ROSTER_MODEL_SCHEMA_H
#define ROSTER_MODEL_SCHEMA_H

#include "base/buf.h"

/* Adds the schema as indented JSON with a line end; always the same bytes. */
void schema_write_roster(struct buf *out);

#endif

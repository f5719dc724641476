/*
 * The JSON Schema of plan documents, for policy engines and other readers.
 */
#ifndef ROSTER_PLAN_PLAN_SCHEMA_H
#define ROSTER_PLAN_PLAN_SCHEMA_H

#include "base/buf.h"

/*
 * Adds the schema (draft 2020-12), as schemas/plan.schema.json has it: a document of another shape
 * is none that this version writes. Readers should pass over members that they do not know, since
 * later versions may add some.
 */
void plan_schema_write(struct buf *out);

#endif

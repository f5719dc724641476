/*
 * Rules that need more than one value: duplicates, conflicts, limits.
 */
#ifndef ROSTER_MODEL_VALIDATE_H
#define ROSTER_MODEL_VALIDATE_H

#include "base/attributes.h"
#include "base/diag.h"
#include "model/desired.h"

/*
 * Reports each of these, with both places where there are two, and returns -1 when there was any:
 * two services of one name, sid or renamed_from; a renamed_from that is declared as well; a sender
 * twice in a list; one phone number, short code or channel sender in two services; more senders
 * than a service can have (400 phone numbers and short codes, one alpha sender); a number twice in
 * `numbers`, a name twice in `test_sends` or `protect`; a test send through an unknown service.
 * Values that could not be read have been reported already and are passed over.
 */
MUST_CHECK int validate_desired(struct desired *desired, struct diag *diag);

#endif

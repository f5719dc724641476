/*
 * Proof that an apply worked: the touched services are read again and compared with the roster.
 */
#ifndef ROSTER_APPLY_VERIFY_H
#define ROSTER_APPLY_VERIFY_H

#include "apply/executor.h"
#include "base/diag.h"

/*
 * Reads the services of the plan that its changes touch and that exist by now, and compares them
 * with their roster entries. `rest` becomes the plan of what still differs, empty when all is well;
 * it points into `live` and `desired`, all three zeroed by the caller and released by it. A service
 * that was to be deleted and is still there differs too. When the plan creates services, the list
 * of services is read, too. Returns -1 and reports when reading failed, or when there are several
 * services of a name.
 */
MUST_CHECK int verify_execution(const struct execution *execution, const struct plan *plan,
                                struct twilio_client *client, struct desired *desired,
                                struct live_state *live, struct plan *rest, struct diag *diag);

#endif

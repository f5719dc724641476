/*
 * The routes: which handler serves a method on a path.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_ROUTE_H
#define ROSTER_SANDBOX_SANDBOX_ROUTE_H

#include "sandbox/sandbox_request.h"

enum sandbox_route_result { SANDBOX_ROUTE_FOUND, SANDBOX_ROUTE_NO_PATH, SANDBOX_ROUTE_NO_METHOD };

/*
 * Finds the route of the request's path and fills in its `ids` and `kind`. A path of another
 * account is none.
 */
enum sandbox_route_result sandbox_route_find(struct sandbox_request *request, const char *method,
                                             sandbox_handler **handler);

#endif

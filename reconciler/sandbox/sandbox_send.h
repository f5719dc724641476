/*
 * Sends a message: checks the request (sandbox_draft.h), chooses the sender (sandbox_choose.h),
 * decides how the message ends (sandbox_outcome.h) and puts it on its way (sandbox_life.h).
 */
#ifndef ROSTER_SANDBOX_SANDBOX_SEND_H
#define ROSTER_SANDBOX_SANDBOX_SEND_H

#include "sandbox/sandbox_request.h"

/* The message that the form asks for. Replies with what is wrong, and returns NULL. */
struct sandbox_message *sandbox_send(const struct sandbox_request *request,
                                     struct sandbox_reply *reply);

#endif

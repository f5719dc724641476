/*
 * Sends a message: checks the request, chooses the sender and decides how the message ends. For now
 * its life is simple: accepted (through a service) or queued, and after the message delay delivered
 * or failed. The end is settled at once and kept in the message; answers hide it until its time.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_SEND_H
#define ROSTER_SANDBOX_SANDBOX_SEND_H

#include "sandbox/sandbox_request.h"

/* The message that the form asks for. Replies with what is wrong, and returns NULL. */
struct sandbox_message *sandbox_send(const struct sandbox_request *request,
                                     struct sandbox_reply *reply);

#endif

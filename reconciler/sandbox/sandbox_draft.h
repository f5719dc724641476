/*
 * Reads a request to send a message: who it is for, who it is from, what it says; and refuses what
 * the API refuses at once.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_DRAFT_H
#define ROSTER_SANDBOX_SANDBOX_DRAFT_H

#include "base/attributes.h"
#include "sandbox/sandbox_outcome.h"
#include "sandbox/sandbox_request.h"

/* What a request to send comes to. Texts live as long as the request. */
struct sandbox_draft {
    const char *to;                  /* E.164, or with a channel's prefix */
    const char *from;                /* NULL: a sender of the service is to be chosen */
    struct sandbox_member *member;   /* that it is in the service; NULL: none */
    struct sandbox_service *service; /* NULL: none */
    const char *body;
    size_t media;
    struct sandbox_outcome outcome; /* left to sandbox_send.c */
};

/* Fills a draft that is zeroed by the caller. Replies with what is wrong, and returns -1. */
MUST_CHECK int sandbox_draft_read(const struct sandbox_request *request,
                                  struct sandbox_draft *draft, struct sandbox_reply *reply);

#endif

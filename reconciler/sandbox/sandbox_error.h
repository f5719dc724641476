/*
 * Error replies in Twilio's shape: code, message, more_info, status. What HTTP status and text
 * belongs to a code stands in one table.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_ERROR_H
#define ROSTER_SANDBOX_SANDBOX_ERROR_H

#include "sandbox/sandbox_request.h"

/*
 * Replies with the error of that code, which must be in the table. `first` and `second` go where
 * its text has "{}"; NULL when it has none.
 */
void sandbox_error(struct sandbox_reply *reply, int code, const char *first, const char *second);

/*
 * Replies with an error that is made up: any status, any code, in the code's wording when it is in
 * the table, with "(injected)" where something of the request would stand.
 */
void sandbox_error_injected(struct sandbox_reply *reply, int code, int status);

/* 401/20003 in the wording of each host: for no credentials at all, or for wrong ones. */
void sandbox_error_unauthorised(struct sandbox_reply *reply, enum sandbox_api api, bool missing);

/* 404/20404 for the request's own path, or for `child` under it (NULL: none). */
void sandbox_error_not_found(const struct sandbox_request *request, struct sandbox_reply *reply,
                             const char *child);

/* The text of a code, without anything put in: what a message shows as error_message. */
const char *sandbox_error_text(int code);

/* The same for any code; NULL for one that is not known. */
const char *sandbox_error_known(int code);

/* A form parameter that has to be there and not empty; replies 400/20001 and gives NULL if not. */
const char *sandbox_error_need(const struct sandbox_request *request, struct sandbox_reply *reply,
                               const char *name);

#endif

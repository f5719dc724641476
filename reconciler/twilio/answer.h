/*
 * From an HTTP response to what it means at Twilio; private to twilio/.
 */
#ifndef ROSTER_TWILIO_ANSWER_H
#define ROSTER_TWILIO_ANSWER_H

#include "base/arena.h"
#include "twilio/client.h"

/*
 * Fills in the whole of `answer`; its strings live in the arena or the response. `*json` gets the
 * parsed body, to be released by the caller, also when the answer is a problem.
 *
 * A success must be 200, 201 or 202 with a JSON object, or 204. Error bodies follow Twilio's
 * classic shape {code, message, more_info, status}; missing members and bodies that are no JSON are
 * coped with. Only codes, never texts, decide anything. A
 * problem shows none of the values in `redactions`, nor passwords of URLs.
 */
void answer_read(struct twilio_answer *answer, json_t **json, enum http_method method,
                 const char *url, const struct http_response *response,
                 const struct redactions *redactions, struct arena *arena);

#endif

/*
 * Sends the sandbox's webhooks and logs what became of them.
 *
 * Those of one message go one after the other, each when the one before has been answered, so that
 * only a fault puts them out of order; those of different messages go side by side. As Twilio does:
 * 5 s to connect, 15 s in all; one that could not connect is tried once more, whatever else is
 * answered is not, but for a 401 to a URL with a password, which goes out a second time with it.
 * Redirects are not followed. Plain http goes to loopback only, and so does everything unless the
 * poster may call out: an account that was copied from a real one has its real URLs, and nothing
 * that is only played should arrive there.
 *
 *     struct sandbox_poster *poster = sandbox_poster_new(&clock_system, false, log, diag);
 *     ... config.post = sandbox_poster_post, config.post_context = poster ...
 *     http_engine_turn(sandbox_poster_engine(poster), ...);
 */
#ifndef ROSTER_SANDBOX_SANDBOX_POSTER_H
#define ROSTER_SANDBOX_SANDBOX_POSTER_H

#include "base/clock.h"
#include "base/diag.h"
#include "http/http_engine.h"
#include "sandbox/sandbox_webhook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct sandbox_poster;

/* Reports and returns NULL when curl can't be set up. `log` is borrowed; NULL: none. */
struct sandbox_poster *sandbox_poster_new(const struct clock *clock, bool calls_out, FILE *log,
                                          struct diag *diag);

/* Drops what has not been answered. Accepts NULL. */
void sandbox_poster_free(struct sandbox_poster *poster);

/* Takes a webhook; `context` is the poster. */
sandbox_post sandbox_poster_post;

/* How many have not been answered; `context` is the poster. */
size_t sandbox_poster_pending(void *context);

/* What the loop has to turn. */
struct http_engine *sandbox_poster_engine(const struct sandbox_poster *poster);

/* Whether a line of the log could not be written. */
bool sandbox_poster_log_failed(const struct sandbox_poster *poster);

#endif

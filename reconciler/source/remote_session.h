/*
 * What libgit2 asks us while it talks to a server: credentials, whether the server is who it says,
 * and whether to go on.
 */
#ifndef ROSTER_SOURCE_REMOTE_SESSION_H
#define ROSTER_SOURCE_REMOTE_SESSION_H

#include "base/arena.h"
#include "source/remote_fetch.h"

#include <git2.h>
#include <stdbool.h>

/* No repository that has a roster needs to be larger than this, packed: 1 GiB. */
#define REMOTE_SESSION_MAX ((size_t)1024 * 1024 * 1024)

struct remote_session {
    const struct fetch_request *request;
    struct arena *arena;
    bool user_told;   /* over ssh, the user's name was asked for */
    bool token_shown; /* over https */
    bool agent_tried;
    size_t keys_tried;
    /* Set when one of our answers ends the session: what there is to say, as in fetch_answer. */
    struct fetch_answer problem;
};

/* The callbacks; `session` has to outlive them. */
void remote_session_callbacks(git_remote_callbacks *callbacks, struct remote_session *session);

#endif

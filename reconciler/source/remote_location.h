/*
 * Where a roster in a git repository is:
 *
 *     git+https://host[:port]/team/config.git//rosters/orders.yaml?ref=main
 *     git+ssh://[user@]host[:port]/team/config.git//rosters
 *     git+file:///srv/git/config.git//rosters?ref=v1.2
 *
 * What stands before the second "//" is the repository, what is behind it the file or folder in it;
 * without that it is the repository's top folder. "ref" is a branch, a tag or a commit; without it,
 * it is what the repository's HEAD points to. Path and ref may have %XX.
 */
#ifndef ROSTER_SOURCE_REMOTE_LOCATION_H
#define ROSTER_SOURCE_REMOTE_LOCATION_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"

#include <stdbool.h>

enum remote_scheme { REMOTE_HTTPS, REMOTE_SSH, REMOTE_FILE };

struct remote_location {
    enum remote_scheme scheme;
    const char *url;  /* of the repository, as git takes it; without a user */
    const char *user; /* ssh only; NULL: none was named */
    const char *host; /* in small letters, an IPv6 address without brackets; "" of files */
    int port;         /* the scheme's own when none was named; 0 of files */
    const char *path; /* in the repository, "" for its top folder; no "." or "..", no slash around
                         it */
    const char *ref;  /* NULL: the repository's HEAD */
    const char *display; /* the repository for messages: "https://host/team/config.git" */
    bool named_port;     /* the port is not the scheme's own */
};

/* Whether it is meant to be in a git repository: begins with "git+", or as git's own URLs do. */
bool remote_location_is(const char *text);

/*
 * Takes it apart; all strings are in the arena. Reports and returns -1 when it is malformed, of
 * another scheme, or holds a password; nothing of it that may be a secret is in the message.
 */
MUST_CHECK int remote_location_parse(struct remote_location *location, const char *text,
                                     struct arena *arena, struct diag *diag);

#endif

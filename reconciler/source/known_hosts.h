/*
 * Whether an ssh server's key is one that known_hosts files have for it, as sshd(8) describes them:
 * lists of patterns, hashed names, and the marker @revoked. Certificates (@cert-authority) are not
 * used, for the ssh library knows none.
 */
#ifndef ROSTER_SOURCE_KNOWN_HOSTS_H
#define ROSTER_SOURCE_KNOWN_HOSTS_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"

#include <stddef.h>

enum known_host_verdict {
    KNOWN_HOST_GOOD,
    KNOWN_HOST_UNKNOWN,    /* nothing is known of the host */
    KNOWN_HOST_OTHER_TYPE, /* of the host, only keys of other types are known */
    KNOWN_HOST_CHANGED,    /* of the host, another key of that type is known */
    KNOWN_HOST_REVOKED,    /* the key is marked as not to be trusted */
};

/* A server and the key that it showed. */
struct shown_key {
    const char *host; /* in small letters */
    int port;
    const char *type; /* "ssh-ed25519", … */
    const void *bytes;
    size_t size;
};

/* Where that verdict comes from. */
struct known_host_place {
    const char *file; /* NULL: nowhere */
    size_t line;
    const char *type; /* of the key there */
};

/*
 * Looks in the text of a known_hosts file. What several lines say is joined: one that has the very
 * key wins, but for one that revokes it. Strings of `place` are in the arena.
 */
enum known_host_verdict known_hosts_check(const char *file, const char *text, size_t size,
                                          const struct shown_key *key, struct arena *arena,
                                          struct known_host_place *place);

/*
 * Adds what the text knows of a host in the plainest form, "name type key" in lines, without marked
 * lines: for libraries that read only that, and prefer the types of keys that are known.
 */
void known_hosts_select(const char *text, size_t size, const char *host, int port, struct buf *out);

/* The type that a key's bytes begin with, in the arena; "" when they are malformed. */
const char *known_host_key_type(const void *bytes, size_t size, struct arena *arena);

/* "SHA256:…", as ssh shows it. */
const char *known_host_fingerprint(const void *bytes, size_t size, struct arena *arena);

/* The server as known_hosts names it: "host", or "[host]:2222". */
const char *known_host_name(const char *host, int port, struct arena *arena);

#endif

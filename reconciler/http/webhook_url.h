/*
 * The ways in which one URL may have been written when a webhook's signature was made of it.
 */
#ifndef ROSTER_HTTP_WEBHOOK_URL_H
#define ROSTER_HTTP_WEBHOOK_URL_H

#include "base/arena.h"
#include "base/form.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether what webhooks' URLs begin with can be that: http or https, a host, maybe a port and the
 * beginning of a path; no query. If not, `*why` says it.
 */
bool webhook_url_is_base(const char *url, const char **why);

enum { WEBHOOK_URL_MAX = 12 };

struct webhook_urls {
    const char *texts[WEBHOOK_URL_MAX]; /* all different; the first is the URL as it is */
    size_t count;
};

/*
 * Lists them in the arena: user and password as they are or left out, the port as it is, left out
 * or put in, the query as it is, with the characters encoded that URL parsers encode, or encoded
 * anew from `query`, its decoded parameters. A fragment is always left out.
 */
void webhook_url_variants(struct webhook_urls *urls, const char *url, const struct form *query,
                          struct arena *arena);

#endif

/*
 * What the engine needs to know of URLs besides http_url_allowed() and http_same_origin(), which
 * http_engine.h declares and http_url.c holds.
 */
#ifndef ROSTER_HTTP_HTTP_URL_H
#define ROSTER_HTTP_HTTP_URL_H

#include <stdbool.h>

/* Whether the URL's host is this machine: 127.0.0.0/8, ::1 or localhost. */
bool http_url_is_loopback(const char *url);

#endif

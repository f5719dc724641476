/*
 * The status page of watch: what it knows, as HTML that stands for itself. watch.js asks for
 * /status.json every other second and, when something has changed, for the page again, of which it
 * replaces the parts that differ; nothing else is loaded.
 */
#ifndef ROSTER_CLI_WATCH_PAGE_H
#define ROSTER_CLI_WATCH_PAGE_H

#include "cli/watch_status.h"

#include "base/buf.h"

/* The value of its Content-Security-Policy: our style and script, and no others. */
enum { WATCH_PAGE_POLICY_SIZE = 256 };
void watch_page_policy(char out[WATCH_PAGE_POLICY_SIZE]);

void watch_page_add(const struct watch_status *status, int64_t now_ms, struct buf *out);

#endif

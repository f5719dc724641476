/*
 * Lists in pages, in both of the API's styles: Messaging v1 with a "meta" object and absolute URLs,
 * 2010-04-01 with flat members and URIs that are relative to the host.
 *
 * The cursor is the PageToken: "PA" (what comes after) or "PB" (what came before), the SID of a row
 * and that row's order. As orders are never used again, a token stays good when rows are added or
 * removed meanwhile, the row that it names too. Page is for the client only, as with the real one:
 * without a token the list begins at its beginning.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_PAGE_H
#define ROSTER_SANDBOX_SANDBOX_PAGE_H

#include "sandbox/sandbox_json.h"
#include "sandbox/sandbox_request.h"

#include <stdbool.h>
#include <stddef.h>

struct sandbox_listing {
    const struct sandbox_list *list;
    const char *key;      /* member of the rows: "services" */
    const char *prefixes; /* of its SIDs, two letters each: "SMMM" */
    sandbox_json_body *body;
    /* Query parameters that narrow the list; they come back in its links. */
    const char *const *filters;
    size_t filter_count;
    /* NULL: every row. */
    bool (*matches)(const struct sandbox_request *request, const struct sandbox_row *row,
                    const void *context);
    const void *context;
};

/* Replies with the page that the request's query asks for, or with what is wrong with it. */
void sandbox_page_reply(const struct sandbox_listing *listing,
                        const struct sandbox_request *request, struct sandbox_reply *reply);

#endif

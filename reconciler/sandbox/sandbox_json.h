/*
 * Bodies of the resources, with just the members that the API description gives each, and dates and
 * links in the style of its API. The caller owns what comes back.
 *
 * All have one shape, so that a listing can name the one for its rows; `row` is that of the struct
 * in the function's name.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_JSON_H
#define ROSTER_SANDBOX_SANDBOX_JSON_H

#include "sandbox/sandbox_request.h"

#include <jansson.h>

typedef json_t *sandbox_json_body(const struct sandbox_request *request,
                                  const struct sandbox_row *row);

sandbox_json_body sandbox_json_service;
/*
 * A sender as its service shows it: a struct sandbox_member of any kind, in the shape of the
 * request's kind, since an alpha sender may be shown as a destination alpha sender.
 */
sandbox_json_body sandbox_json_member;
/* A sender as the account shows it: a struct sandbox_sender. */
sandbox_json_body sandbox_json_number, sandbox_json_short_code;
/* A message as far as its life has come. */
sandbox_json_body sandbox_json_message;

json_t *sandbox_json_account(const struct sandbox_request *request);

/*
 * Members of the body of a sender of the account that stand at a default unless the state file
 * says otherwise. For loading: whether `key` is one, and whether `value` is of its type.
 */
bool sandbox_json_sender_has(enum sandbox_kind kind, const char *key, const json_t *value,
                             bool *fits);

#endif

/*
 * Values against OpenAPI schemas: JSON bodies of answers, and the texts of query and form
 * parameters. Findings go to contract_report(), at contract->place.
 */
#ifndef ROSTER_TESTS_CONTRACT_VALUE_CHECK_H
#define ROSTER_TESTS_CONTRACT_VALUE_CHECK_H

#include "contract.h"

#include <jansson.h>
#include <stddef.h>

/*
 * A JSON value against a schema ($refs inside `root`). Twilio's schemas require nothing and forbid
 * nothing; the answers are held to more: every described member is there and no other one.
 */
void value_check_json(struct contract *contract, json_t *root, json_t *schema, json_t *value);

/* A parameter's text against the schema that its decoded value has to have. */
void value_check_text(struct contract *contract, json_t *root, json_t *schema, const char *text);

/* Whether the schema is that of a list, which a form sends as a repeated parameter. */
bool value_check_is_list(json_t *root, json_t *schema);

/* Go to a member or element of the current place, and back to what it was. */
size_t place_enter(struct contract *contract, const char *member);
size_t place_enter_element(struct contract *contract);
void place_leave(struct contract *contract, size_t mark);

#endif

/*
 * The settings of a service: one table row for each, with its form parameter, JSON member, kind of
 * value and default. Requests and the state file are read by the same rows.
 *
 * Settings live in a JSON object that has every row's member, in the table's order.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_SETTINGS_H
#define ROSTER_SANDBOX_SANDBOX_SETTINGS_H

#include "sandbox/sandbox_request.h"

#include <jansson.h>

/* A new object with the API's defaults; friendly_name is null. */
json_t *sandbox_settings_default(void);

/*
 * A new object: `base` (NULL: the defaults; then FriendlyName is required) changed by the form's
 * parameters. Unknown parameters are ignored. A bad one is answered, and NULL returned.
 */
json_t *sandbox_settings_read(const json_t *base, const struct sandbox_request *request,
                              struct sandbox_reply *reply);

enum sandbox_setting_result { SANDBOX_SETTING_SET, SANDBOX_SETTING_UNKNOWN, SANDBOX_SETTING_BAD };

/* Sets one member from a JSON value, as the state file has it. */
enum sandbox_setting_result sandbox_settings_set(json_t *settings, const char *key,
                                                 const json_t *value);

/* Whether `text` is an http or https URL of at most 4,000 characters. */
bool sandbox_settings_is_url(const char *text);

/* Whether `text` is an integer of 1 to 36,000, put into `*out`. */
bool sandbox_settings_is_validity_period(const char *text, int64_t *out);

#endif

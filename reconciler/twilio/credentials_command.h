/*
 * Credentials from a program of the user's, such as a secrets manager: --credentials-command.
 *
 * The program is run without a shell (base/command_words.h) and answers with one JSON object on its
 * standard output:
 *
 *     {"account_sid": "AC…", "auth_token": "…"}
 *     {"account_sid": "AC…", "api_key": "SK…", "api_secret": "…", "region": "ie1", "edge":
 * "dublin"}
 *
 * or with the names of the variables, "TWILIO_ACCOUNT_SID" and so on. A login has to be among them;
 * an account that is not comes from the environment. Other members are passed over, and null and ""
 * are as if they were not there. What it writes to standard error is passed on to ours at once, as
 * records when the log is JSON, and when only errors are shown, then when it fails; its standard
 * input is empty. Nothing of its output is ever shown. It gets our environment without roster's and
 * Twilio's secrets.
 */
#ifndef ROSTER_TWILIO_CREDENTIALS_COMMAND_H
#define ROSTER_TWILIO_CREDENTIALS_COMMAND_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"
#include "base/logger.h"
#include "twilio/credentials.h"

#include <stdint.h>

enum { CREDENTIALS_COMMAND_MS = 30 * 1000, CREDENTIALS_OUTPUT_MAX = 64 * 1024 };

/*
 * Runs the command, unless it is NULL, and fills in `given`, whose strings are in the arena; `log`
 * may be NULL.
 * Reports and returns -1 when it can't be run, fails, takes longer than `timeout_ms`, or answers
 * with something else.
 */
MUST_CHECK int credentials_command_run(const char *command, int64_t timeout_ms, struct logger *log,
                                       struct twilio_given *given, struct arena *arena,
                                       struct diag *diag);

#endif

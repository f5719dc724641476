/*
 * The two lists of a file of faults that are about messages: what goes wrong with their callbacks,
 * and how they end.
 */
#ifndef ROSTER_CLI_SANDBOX_MESSAGE_RULES_H
#define ROSTER_CLI_SANDBOX_MESSAGE_RULES_H

#include "base/arena.h"
#include "base/diag.h"
#include "document/doc.h"
#include "sandbox/sandbox_callbacks.h"
#include "sandbox/sandbox_outcome.h"

/* Both fill in the rules of a list, and report what is wrong with it. */
void sandbox_message_rules_callbacks(const struct doc_node *list, struct arena *arena,
                                     struct sandbox_callback_faults *faults, struct diag *diag);
void sandbox_message_rules_recipients(const struct doc_node *list, struct arena *arena,
                                      struct sandbox_recipients *recipients, struct diag *diag);

#endif

/*
 * Choosing on a terminal what is adopted.
 */
#ifndef ROSTER_CLI_ADOPT_ASK_H
#define ROSTER_CLI_ADOPT_ASK_H

#include "cli/options.h"
#include "plan/adopt.h"

/*
 * Asks for each item on standard error whether it is to be adopted: yes, no, all of this service,
 * or no more of them. What can't be adopted is shown and not asked for; it counts as not chosen.
 */
void adopt_ask(struct adopt *adopt, const struct options *options);

#endif

#include "cli/sandbox_option_rows.h"

#include "base/attributes.h"

const struct sandbox_option_row sandbox_option_rows[] = {
    {"state", "FILE", SANDBOX_OPTION_STATE,
     "load the account from FILE (JSON) and save it there after changes; a FILE that does not "
     "exist is created"},
    {"generate", "services=N,numbers=M", SANDBOX_OPTION_GENERATE,
     "begin with N services and M phone numbers spread over them"},
    {"seed", "N", SANDBOX_OPTION_SEED,
     "make the same SIDs, and draw the same faults, in every run"},
    {"latency", "MS", SANDBOX_OPTION_LATENCY, "answer every request that late (default 0)"},
    {"faults", "FILE", SANDBOX_OPTION_FAULTS,
     "let requests go wrong as FILE says (YAML; see below)"},
    {"rate", "N", SANDBOX_OPTION_RATE,
     "answer 429 with Retry-After past N requests a second; N/10, at least 1, may come at once"},
    {"max-concurrency", "N", SANDBOX_OPTION_MAX_CONCURRENCY,
     "answer 429 past N requests in progress; those that --latency or a fault holds back count"},
    {"message-delay", "MS", SANDBOX_OPTION_MESSAGE_DELAY,
     "time from a message's acceptance to its delivery (default 1000), when its sender has no "
     "others to send before"},
    {"clock", "manual|wall", SANDBOX_OPTION_CLOCK,
     "manual: let messages stand still until they are moved: POST /-/clock with AdvanceMs=MS, see "
     "below; wall (default): they go on by themselves"},
    {"synchronous-pool-errors", NULL, SANDBOX_OPTION_SYNCHRONOUS_POOL_ERRORS,
     "refuse a message that no sender of its service can send (21703, 21704), instead of "
     "accepting it and letting it fail"},
    {"call-out", NULL, SANDBOX_OPTION_CALL_OUT,
     "send callbacks to any host that an account names, not only to loopback addresses"},
    {"alpha-in-destinations", NULL, SANDBOX_OPTION_ALPHA_IN_DESTINATIONS,
     "list a service's alpha sender among its destination alpha senders, too, as the default one"},
    {"log", "FILE", SANDBOX_OPTION_LOG,
     "write one JSON line for each request and each callback; FILE is emptied first"},
    {"log-bodies", NULL, SANDBOX_OPTION_LOG_BODIES, "put the answers into the log, too"},
    {"port", "N", SANDBOX_OPTION_PORT,
     "port to listen on; 0: a free one (default 8080; with a COMMAND 0)"},
    {"help", NULL, SANDBOX_OPTION_HELP, "show this help"},
    {"version", NULL, SANDBOX_OPTION_VERSION, "show the version"},
};
const size_t sandbox_option_row_count = COUNT_OF(sandbox_option_rows);

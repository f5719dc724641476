#include "cli/environment.h"

#include "base/attributes.h"

const struct environment_row environment_rows[] = {
    {"TWILIO_ACCOUNT_SID", NULL, "the account (AC...)"},
    {"TWILIO_AUTH_TOKEN", NULL,
     "its auth token; listen and test --listen check signatures with it"},
    {"TWILIO_API_KEY, TWILIO_API_SECRET", NULL,
     "an API key (SK...) and its secret; used instead of the token when set"},
    {"TWILIO_REGION, TWILIO_EDGE", NULL, "choose Twilio's hosts, such as ie1 and dublin"},
    {"ROSTER_PLAN_KEY", "plan apply",
     "signs saved plans, and refuses others; 16 characters or more"},
    {"ROSTER_HOOK_SECRET", "watch",
     "the secret of GitHub's or GitLab's webhook; 16 characters or more"},
    {"ROSTER_WATCH_USER, ROSTER_WATCH_PASSWORD", "watch", "protect the status page"},
    {"ROSTER_GIT_TOKEN, ROSTER_GIT_USERNAME", NULL,
     "for rosters from git over https; without them, git's credential helpers are asked"},
    {"ROSTER_GIT_SSH_KEY, ROSTER_GIT_SSH_PASSPHRASE", NULL,
     "a key file for git over ssh; without it, the ssh agent and the keys in ~/.ssh are tried"},
    {"SSH_AUTH_SOCK", NULL, "where the ssh agent is"},
    {"ROSTER_GIT_KNOWN_HOSTS", NULL, "servers' ssh keys, instead of ~/.ssh/known_hosts"},
    {"HTTPS_PROXY, NO_PROXY", NULL, "a proxy for https, and the hosts that need none"},
    {"SOURCE_DATE_EPOCH", "plan apply",
     "stands for the time at which a plan was made, for plans that can be reproduced"},
    {"XDG_STATE_HOME", NULL,
     "journals and locks are in its folder roster (default ~/.local/state)"},
    {"XDG_CACHE_HOME", NULL, "copies of git repositories are in its roster/git (default ~/.cache)"},
    {"NO_COLOR", NULL, "when set: no colours, unless --color says always"},
    {"COLUMNS", NULL, "how wide the terminal is"},
    {"NOTIFY_SOCKET, WATCHDOG_USEC", "watch", "set by systemd: Type=notify and WatchdogSec"},
};
const size_t environment_row_count = COUNT_OF(environment_rows);

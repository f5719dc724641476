#include "cli/manual_pages.h"

#include "base/attributes.h"

const struct manual_text manual_texts[] = {
    {"roster",
     "roster keeps the messaging services of a Twilio account as a YAML file, the roster, says "
     "they "
     "should be. It reads the roster, fetches the account's live state, shows the difference as a "
     "plan, and applies it. It keeps no state file: the account itself is the truth. "
     "roster.yaml(5) "
     "describes the file.\n\n"
     "# Where the roster is\n\n"
     "ROSTER is a file; a folder, whose files `*.yaml` and `*.yml` are one roster; `-` for "
     "standard "
     "input; or a file or folder in a git repository. Without it, it is `roster.yaml`.\n\n"
     "    git+https://HOST/REPOSITORY//PATH?ref=REF\n"
     "    git+ssh://git@HOST/REPOSITORY//PATH?ref=REF\n"
     "    git+file:///FOLDER//PATH?ref=REF\n\n"
     "PATH is a file or folder in the repository, REF a branch, a tag or a commit, without it the "
     "repository's HEAD. Nothing is checked out, and no hook, filter or submodule is run or "
     "followed. Credentials come from the environment, git's credential helpers or the ssh agent, "
     "never from the URL. With --require-signed only a commit counts that one of --allowed-signers "
     "has signed. --offline takes the copy that was fetched last.\n\n"
     "# Credentials\n\n"
     "They come from the environment: TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with "
     "TWILIO_API_KEY and TWILIO_API_SECRET. Or --credentials-command names a program that prints "
     "them as a JSON object, such as a secrets manager: `account_sid` and `auth_token`, or "
     "`api_key` and `api_secret`, and perhaps `region` and `edge`. It is run without a shell: "
     "words are split at blanks, quotes keep them together, a backslash keeps the next character. "
     "It has 30 seconds, and the environment without roster's and Twilio's secrets. What it gives "
     "goes before the environment.\n\n"
     "Secrets are never in output, in journals or in saved plans. What comes from `${NAME}` in a "
     "roster is shown as it is written there.\n\n"
     "# Output\n\n"
     "Standard output carries exactly one document, that which was asked for; everything else goes "
     "to standard error.",
     NULL},
    {"validate",
     "All mistakes are reported in one run, each with its file, line and column, the line itself, "
     "and what to write instead. What is legal but probably wrong is a warning; --fail-on "
     "`warning` "
     "makes it a failure. With --format `json` or `github` the mistakes are the document.",
     "fmt plan schema"},
    {"plan",
     "Each change says why it is there, and which line of the roster asks for it; what begins with "
     "an exclamation mark is what the change breaks. The formats show the same changes: `text`; "
     "`json`, the document that --out saves; `markdown`, for comments on pull requests; `html`, "
     "one "
     "file that loads nothing. A number, short code or channel sender that is in another service "
     "is moved: taken out there and put in here right after.\n\n"
     "# Guards\n\n"
     "They look at the final list of changes. When one refuses the plan it is shown in full all "
     "the same, with what would allow it.\n\n"
     "- max_removals: more senders are taken out of services than the roster or --max-removals "
     "allows, moved ones and those of deleted services included.\n"
     "- max_deletes: more services are deleted than the roster or --max-deletes allows.\n"
     "- protect: a service that the roster protects is deleted or left without senders. No option "
     "allows that.\n"
     "- empty_service: the last sender is taken out of a service; see --allow-empty-service.\n"
     "- empty_roster: a roster without services prunes; see --allow-empty-roster.\n"
     "- take_over: senders are moved out of services or lists that the plan does not manage; see "
     "--take-over.\n"
     "- campaign_loss: a service with a registered A2P campaign is deleted; see "
     "--allow-campaign-loss.\n\n"
     "# Saved plans\n\n"
     "A saved plan has no secret in it, has mode 0600, and names the account, the source and the "
     "SHA-256 of the roster. roster-apply(1) makes the plan anew from it, and carries it out only "
     "when it is the very same. A URL with its password in the roster can't be saved. With "
     "ROSTER_PLAN_KEY plans are signed, and files that are not signed with that key are refused.",
     "apply drift schema validate"},
    {"apply",
     "# Order\n\n"
     "Nothing is written before every check has passed: the right account, unambiguous names, "
     "numbers that are owned and can send, the API's limits. A service is created before what is "
     "added to it; additions go before removals; the halves of a move go right after each other, "
     "and the first one is taken back when the second fails. Services are deleted last, and only "
     "when everything else worked. A failed change skips only what depends on it.\n\n"
     "# Trying again\n\n"
     "Requests adapt to what the API bears, up to --parallelism and --rate. What was refused with "
     "429 is sent again; reads and removals also after a 5xx or a broken connection. What may have "
     "happened is looked up before it is sent again. What stays unclear is reported as that, and "
     "the next plan tells.\n\n"
     "# The journal\n\n"
     "What is about to be sent is on the disk before it goes out, what came back right after, with "
     "Twilio's request id; values and secrets are not in it. Without a journal nothing is sent. An "
     "apply that was killed is explained by roster-journal(1), and another apply gets to the same "
     "end.\n\n"
     "# One at a time\n\n"
     "An apply locks its account on this machine. A second one is refused, or waits as long as "
     "--lock-timeout says. With --timeout the run ends in good order when its time is over, as it "
     "does when it is interrupted.\n\n"
     "# The way back\n\n"
     "--undo-out saves the plan that leads back to the values that were replaced, after an apply "
     "that failed half way, too. The way back from a delete makes a new service with another SID. "
     "What comes from `${NAME}` can't be in it; a warning names what is left out.",
     "drift journal plan test"},
    {"drift",
     "It takes no lock, and guards don't change its result. Each difference has a class:\n\n"
     "- changed_by_hand: a setting has another value, or a sender is in another service.\n"
     "- missing_live: a service or a sender is gone.\n"
     "- extra_live: a sender came, or where the roster prunes a service.\n"
     "- roster_ahead: it is as it was applied, and the roster was changed since.\n\n"
     "Without --baseline the roster counts as applied. The baseline is a commit, branch or tag of "
     "the repository of a roster from git, else of the work tree that the roster is in.\n\n"
     "# Metrics\n\n"
     "The file of --metrics is written after every run, failed ones included: "
     "`roster_drift_success`, `roster_drift_in_sync`, `roster_drift_differences`, "
     "`roster_drift_last_run_timestamp_seconds` and more.\n\n"
     "# Notifications\n\n"
     "The URL gets a document by POST when the drift is another than was notified last, and once "
     "when it is gone. It names services, senders and settings, never values. Only https, or a "
     "loopback address; up to 4 tries within 30 seconds.",
     "plan watch"},
    {"export",
     "Services are in order of name. Settings at Twilio's documented default are left out unless "
     "--full is given; sender lists are all there, empty ones too. Services that share a name get "
     "their SID. What a roster refuses, such as a name of more than 64 characters, becomes a "
     "comment and a warning.\n\n"
     "--out replaces a file only with --force. --split wants a folder without roster files; with "
     "--force it replaces those that an export wrote, removes those of services that are gone, "
     "and refuses when there are others.\n\n"
     "What looks like a secret in a query of a URL is written, with a warning. With --format "
     "`state` the account gets another auth token, and the variable's name stands for each "
     "password.",
     "fmt plan validate"},
    {"fmt",
     "Comments go where their keys go; a mapping with an anchor in it keeps its order. A file that "
     "is in canonical form already is not touched.",
     "export validate"},
    {"adopt",
     "A setting gets the live value in its place and in its quotes, and null when the account has "
     "none. A value from `defaults` or a merge key gets a key in the service itself, and an alias "
     "is replaced by the value, so that no other service changes; an anchor moves to the first "
     "that goes on using it. With a sender goes the comment behind it; comments on lines of their "
     "own stay. A new one looks like its neighbours, in its place when the list is sorted, else at "
     "the end. A renamed service is renamed in `test_sends` and `guards.protect`, too.\n\n"
     "A service that `prune` would delete is written at the end of the last list. One that the "
     "account has not leaves the roster, with the comments right above it, only when it is chosen "
     "on a terminal, or with --remove-entries.\n\n"
     "The edited text is read again, has to want just what it wanted but for what was adopted, and "
     "a plan of it must not have that any more; what does not stand this proof is left as it is. "
     "All files are written or none, and none when one was changed meanwhile. A password of a URL "
     "becomes ${ROSTER_SECRET_1} and so on, as in an export.\n\n"
     "With --format `json` the document has `adopted` and `not_adopted`, a `problem` with each of "
     "the latter, and `files` with the `diff` of each that is edited; with --diff nothing is "
     "written, and `written` is false.",
     "apply drift fmt plan"},
    {"test",
     "Without `expect` a message has to be delivered. One that is on its way at its deadline is "
     "unconfirmed; one whose answer was lost and that can't be found is unclear. Sending costs "
     "money: what will be sent, to whom and in how many segments is shown first, and more than "
     "--max-sends messages are refused before the first. Each is in a journal before it goes "
     "out.\n\n"
     "With --listen and --public-url Twilio is given a status callback for each message, and the "
     "report says which status was known first, and which was never called back.",
     "apply journal listen"},
    {"journal",
     "The journal is JSON Lines. From 32 MiB on the next run moves it to a file with .1 behind its "
     "name.",
     "apply test"},
    {"listen",
     "Each line has `kind` (status or inbound), `message_sid`, `status`, `current_status` (the "
     "furthest that the message has come), `duplicate`, `late`, `to`, `from`, `error_code`, and "
     "all "
     "other parameters. What is refused is counted by kind: forged (403), malformed (400), too "
     "large (413), too many (429). A request that is not whole after 10 seconds is cut off.\n\n"
     "It ends on SIGINT or SIGTERM, after --count webhooks or --for that time.",
     "test"},
    {"watch",
     "Each run is a line on standard error. A run that fails is said, counted and shown, and the "
     "next one comes after 10 seconds, then 20, until it is the interval again.\n\n"
     "# Windows\n\n"
     "A window is DAYS TIMES ZONE, by the clocks of its zone, daylight saving included:\n\n"
     "    Mon-Fri 09:00-12:00,13:00-17:00 Europe/Berlin\n"
     "    Sat,Sun 22:00-04:00 America/New_York\n"
     "    daily 00:00-24:00 UTC\n\n"
     "An apply that has begun in a window is finished. A run follows when one opens that is "
     "waited for.\n\n"
     "# Pages\n\n"
     "- /: what is in sync or not, the plan, and the last 100 runs.\n"
     "- /status.json: the same for programs.\n"
     "- /plan.json: the last plan.\n"
     "- /metrics: for Prometheus.\n"
     "- /healthz: the process is alive.\n"
     "- /readyz: a run has worked within the last three intervals; else 503.\n"
     "- /hook: takes webhooks of GitHub and GitLab when ROSTER_HOOK_SECRET is set.\n\n"
     "There is no TLS: put a proxy before it. With systemd, `Type=notify` and `WatchdogSec=` "
     "work.",
     "apply drift plan"},
    {"schema", "The schema of rosters is also installed, in `share/roster`.", "plan validate"},
    {"completion",
     "Where the scripts have to be when they are not installed with roster:\n\n"
     "- bash: `~/.local/share/bash-completion/completions/roster` when bash-completion is there, "
     "else see the example.\n"
     "- zsh: a file `_roster` in a folder of `$fpath`.\n"
     "- fish: `~/.config/fish/completions/roster.fish`.\n\n"
     "They complete the command lines of roster-sandbox(1) as well. Of a roster that has mistakes "
     "those names are offered that can be read; of one from git none are.",
     "help"},
    {"version", "", "help"},
    {"help", "", "completion version"},
    {"sandbox",
     "Serves an account on a loopback port, in the way of Twilio's REST API: authentication, "
     "required parameters, limits, paging, one service a number, error codes and bodies, and the "
     "life of messages with signed status callbacks. Twilio's own libraries can use it, too.\n\n"
     "With a COMMAND it listens on a free port, runs the command with TWILIO_ACCOUNT_SID, "
     "TWILIO_AUTH_TOKEN and ROSTER_API_URL set for it, and exits with its status. Without one it "
     "serves until it is interrupted.\n\n"
     "A sender is chosen for each message in Twilio's order, and works off its queue at its "
     "documented rate.",
     NULL},
};
const size_t manual_text_count = COUNT_OF(manual_texts);

const struct manual_file manual_files[] = {
    {"roster.yaml", NULL, "the roster, when the command line names none; see roster.yaml(5)"},
    {"~/.local/state/roster/ACCOUNT.jsonl", "apply watch journal",
     "the journal of applies, unless --journal names another file"},
    {"~/.local/state/roster/ACCOUNT.tests.jsonl", "test apply watch journal",
     "the journal of test sends"},
    {"~/.local/state/roster/ACCOUNT.lock", "apply watch", "held by the apply that is running"},
    {"~/.cache/roster/git", NULL, "copies of git repositories; may be deleted at any time"},
};
const size_t manual_file_count = COUNT_OF(manual_files);

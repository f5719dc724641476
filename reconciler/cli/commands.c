#include "cli/commands.h"

const struct command commands[] = {
    {
        .name = "validate",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "check a roster, offline",
        .details =
            "Reads the roster and reports every mistake with its line. Needs neither Twilio's\n"
            "credentials nor, but for a roster from git, a network.",
        .examples =
            {
                {"roster validate", "check roster.yaml in this folder"},
                {"roster validate --fail-on warning rosters/",
                 "a folder of files; what is legal but probably wrong fails, too"},
                {"roster validate --format github roster.yaml",
                 "mistakes as annotations of a pull request, in GitHub Actions"},
                {"roster export | roster validate -", "what comes from standard input"},
            },
        .run = cmd_validate,
    },
    {
        .name = "plan",
        .arguments = "[ROSTER|PLAN]",
        .max_arguments = 1,
        .summary = "show what apply would change",
        .details = "Fetches the live state and shows the changes that lead to the roster. Changes\n"
                   "nothing. Guards look at the plan: when one refuses it, it is shown in full,\n"
                   "with what would allow it, and the exit code is 4. With --out the plan is\n"
                   "saved, to be applied later as it was reviewed; ROSTER_PLAN_KEY signs it. A\n"
                   "saved plan (a *.json file) is shown as it would be applied now.",
        .examples =
            {
                {"roster plan", "what apply would do with roster.yaml in this folder"},
                {"roster plan --out plan.json roster.yaml",
                 "save the plan, to be applied as it was reviewed"},
                {"roster plan --target \"Orders*\" --detailed-exitcode roster.yaml",
                 "only some services; exit with 2 when there are changes"},
                {"roster plan --format markdown "
                 "\"git+https://example.com/config.git//rosters\" > plan.md",
                 "a roster from git, as a comment for a pull request"},
                {"roster-sandbox --state account.json -- roster plan roster.yaml",
                 "without credentials, against an account that was exported"},
            },
        .run = cmd_plan,
    },
    {
        .name = "apply",
        .arguments = "[ROSTER|PLAN]",
        .max_arguments = 1,
        .summary = "change the account to what the roster, or a saved plan, says",
        .details = "Shows the plan, asks, carries it out, and reads the touched services again to\n"
                   "prove that they are as the roster says. Settings and lists that the roster\n"
                   "does not name are left alone. A saved plan (a *.json file) is applied only\n"
                   "when the roster and all that it touches are as they were; else the exit code\n"
                   "is 5, and nothing is changed. Interrupted once (Ctrl-C, SIGTERM), it starts\n"
                   "nothing new, finishes what is in flight and exits with 3; twice, it stops at\n"
                   "once. \"roster journal\" explains what was done.",
        .examples =
            {
                {"roster apply roster.yaml", "show the plan, ask, carry it out"},
                {"roster apply plan.json", "a plan that was saved, just as it was reviewed"},
                {"roster apply --auto-approve --test --undo-out undo.json roster.yaml",
                 "without asking; then test what was changed; keep a way back"},
                {"roster apply --target \"Order notifications\" --max-removals 2 roster.yaml",
                 "one service only, and no more than two senders taken out of it"},
                {"roster apply --auto-approve --timeout 10m --lock-timeout 1m roster.yaml",
                 "from CI: wait for another apply to end, and end in good order in time"},
            },
        .run = cmd_apply,
    },
    {
        .name = "rehearse",
        .arguments = "[ROSTER|PLAN]",
        .max_arguments = 1,
        .summary = "apply to a copy of the account, and see what would come of it",
        .details =
            "Reads the whole account, fills a sandbox in memory with it, and applies the plan\n"
            "there: says whether it converges, how many requests it takes, and how long. With\n"
            "--faults it is applied once more for each, under that trouble, and once again when\n"
            "something is left. Nothing is written to Twilio, to the journal or to any file; no\n"
            "test messages are sent. Exits with 0 when all ends as the plan says, 3 when not, 4\n"
            "when a guard refuses the plan, and 5 when a saved one is stale.",
        .examples = {{"roster rehearse roster.yaml", "whether the roster's plan converges"},
                     {"roster rehearse plan.json", "the same of a saved plan"},
                     {"roster rehearse --faults 429 --faults lost-answers roster.yaml",
                      "what a bad day would make of it"},
                     {"roster rehearse --format json roster.yaml | jq .duration",
                      "how long it would take, for scripts"}},
        .run = cmd_rehearse,
    },
    {
        .name = "drift",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "tell what was changed by hand; for cron",
        .details =
            "Compares the account with the roster, only reading, and says of each difference\n"
            "what was done: changed by hand, missing live, or extra live. With --baseline, the\n"
            "commit that was applied last (of the roster's git repository), what only the\n"
            "roster says since is told apart as roster ahead, and is no drift. Exits with 0 when\n"
            "nothing was done by hand, 2 when something was, and 1 when that can't be told.\n"
            "The URL of --notify is better kept in ROSTER_NOTIFY_URL; a notification that does\n"
            "not arrive is a warning, and is tried again by the next run.",
        .examples =
            {
                {"roster drift", "was anything changed by hand?"},
                {"roster drift --baseline applied --metrics "
                 "/var/lib/node_exporter/roster.prom roster.yaml",
                 "for cron, with the commit that was tagged when it was applied"},
                {"ROSTER_NOTIFY_URL=https://example.com/hook roster drift --notify-format slack",
                 "tell a channel when something changes, and when it is mended"},
                {"roster drift --format json roster.yaml | jq \".changes | length\"",
                 "for programs"},
            },
        .run = cmd_drift,
    },
    {
        .name = "export",
        .arguments = "",
        .summary = "write the live account as a roster",
        .details =
            "Reads all services with their senders and writes the roster that they are. It is\n"
            "read back and planned before it is written: a plan of it has no changes. Comments\n"
            "say what a roster can't; passwords of URLs are never written, ${ROSTER_SECRET_1}\n"
            "and so on stand for them. --format state makes an account for roster-sandbox of it,\n"
            "so that plans can be tried without credentials.",
        .examples =
            {
                {"roster export --out roster.yaml", "the whole account as one file"},
                {"roster export --split rosters/ --numbers",
                 "a file for each service, and the numbers that the account has to own"},
                {"roster export --service \"Order*\" --full",
                 "some services with all their settings, to standard output"},
                {"roster export --format state --out account.json",
                 "the account for roster-sandbox, without secrets"},
            },
        .run = cmd_export,
    },
    {
        .name = "fmt",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "bring a roster into its canonical form",
        .details =
            "Writes the files of the roster anew, with their comments, anchors and aliases: keys\n"
            "in the order of roster.yaml(5), two blanks a level, strings quoted only where a\n"
            "reader of YAML could take them for something else. What is written is read again\n"
            "and must mean the same. With - it goes from standard input to standard output.",
        .examples =
            {
                {"roster fmt roster.yaml", "write the file anew"},
                {"roster fmt --check rosters/",
                 "for CI: exit with 2 when a file is not in canonical form"},
                {"roster fmt - < roster.yaml", "to standard output, for editors"},
            },
        .run = cmd_fmt,
    },
    {
        .name = "adopt",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "take what was changed in the account into the roster",
        .details =
            "The opposite of apply: what differs is not changed in the account, the files of the\n"
            "roster are edited so that they say what the account has. Only the bytes that have to\n"
            "change do: comments, order, anchors, quotes and line ends stay. On a terminal it\n"
            "asks for each difference, shows the edit and asks again; elsewhere it needs\n"
            "--auto-approve, or --diff, which only shows the edit, for patch or \"git apply\".\n"
            "With - the edited roster goes from standard input to standard output. Values from\n"
            "${NAME} are never written over, and passwords of URLs never written. What can't be\n"
            "adopted is said, with the reason.",
        .examples =
            {
                {"roster adopt roster.yaml", "ask for each difference, then edit the file"},
                {"roster adopt --diff roster.yaml", "see all of the edit, change nothing"},
                {"roster adopt --target \"Order*\" --auto-approve rosters/",
                 "take in what was changed in some services, without asking"},
                {"roster adopt --diff roster.yaml | git apply", "the edit as a patch"},
            },
        .run = cmd_adopt,
    },
    {
        .name = "test",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "send the roster's test messages, and see what becomes of them",
        .details =
            "Says what will be sent, asks, sends each message of test_sends through its service,\n"
            "and watches it until it is as expected, can't become so any more, or its timeout is\n"
            "over. A message is never sent twice: when an answer is lost, the message is searched\n"
            "for by a token that its body carries. Exits with 6 unless all are as expected.",
        .examples =
            {
                {"roster test roster.yaml", "all test sends, after asking"},
                {"roster test --only \"orders*\" --auto-approve roster.yaml",
                 "some of them, without asking"},
                {"roster test --auto-approve --format junit roster.yaml > report.xml",
                 "a report for CI"},
                {"roster test --listen 127.0.0.1:8081 --public-url https://hooks.example.com "
                 "roster.yaml",
                 "with status callbacks, which tell more than asking does"},
            },
        .run = cmd_test,
    },
    {
        .name = "journal",
        .arguments = "[FILE]",
        .max_arguments = 1,
        .summary = "explain the last apply, or test sends, from the journal",
        .details =
            "Says when the last apply was, how it ended, and which changes are done, failed,\n"
            "unclear (sent, with no answer recorded) or not attempted; and the same of test\n"
            "sends, when they came last or with it. Without FILE it reads the journal of\n"
            "TWILIO_ACCOUNT_SID, or the one written last, from $XDG_STATE_HOME/roster (by\n"
            "default ~/.local/state/roster).",
        .examples =
            {
                {"roster journal", "what the last apply did, and what is unclear"},
                {"roster journal --format json | jq .", "for programs"},
                {"roster journal apply.jsonl", "a journal that was kept elsewhere"},
            },
        .run = cmd_journal,
    },
    {
        .name = "doctor",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "look for what is wrong with the setup, and say how to mend it",
        .details =
            "Looks at the program, the environment, credentials, the way to Twilio, the clock,\n"
            "what the credentials may read, and what roster keeps on this machine; and at the\n"
            "roster, when there is one. Only reads, and shows no secrets. With --offline it\n"
            "leaves out what needs the network. Exits with 0 when there is no problem, be there\n"
            "warnings, else with 1.",
        .examples =
            {{"roster doctor", "what may be wrong here"},
             {"roster doctor --offline roster.yaml", "without the network"},
             {"roster doctor --format json | jq '.checks[] | select(.verdict==\"problem\")'",
              "only problems, for scripts"}},
        .run = cmd_doctor,
        .lenient = true,
    },
    {
        .name = "listen",
        .arguments = "",
        .summary = "receive webhooks, and print one JSON line each",
        .details =
            "Receives status callbacks and inbound messages over HTTP and prints those whose\n"
            "X-Twilio-Signature is right, one line of JSON each; a 2xx answer means that the\n"
            "line was written. Needs TWILIO_AUTH_TOKEN, the account's primary token. The\n"
            "signature covers the URL that Twilio calls: behind a proxy, --public-url says how\n"
            "it begins; headers like Host and X-Forwarded-Proto are not believed. GET /healthz\n"
            "and GET /metrics (Prometheus) are roster's own. SIGINT or SIGTERM once: requests\n"
            "in flight are finished, and it exits with 0; twice, it stops at once.",
        .examples =
            {
                {"roster listen --public-url https://hooks.example.com | jq -c .",
                 "behind a proxy that Twilio reaches"},
                {"roster listen --listen 127.0.0.1:9000 --path /status --path /inbound",
                 "only there, and on another port"},
                {"roster listen --count 1 --for 1m",
                 "wait a minute for one webhook, and fail when none comes"},
            },
        .run = cmd_listen,
    },
    {
        .name = "watch",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "look again and again, and apply when allowed; a status page",
        .details =
            "Reads the roster and the account every --interval, on SIGHUP, and when a webhook of\n"
            "GitHub or GitLab comes to /hook (ROSTER_HOOK_SECRET), and says with a line each what\n"
            "it found. What differs is only shown, or applied with --auto-apply: when no guard\n"
            "refuses it and a --window is open, and not again when that has failed, until the\n"
            "roster or the difference changes. Serves a status page, /metrics (Prometheus),\n"
            "/plan.json, /healthz and /readyz on 127.0.0.1:8080; ROSTER_WATCH_USER and\n"
            "ROSTER_WATCH_PASSWORD protect it, and are needed to --listen on other addresses.\n"
            "SIGTERM or SIGINT once: an apply is brought to an orderly end, and it exits with 0;\n"
            "twice, it stops at once.",
        .examples =
            {
                {"roster watch roster.yaml", "look every five minutes and show what differs"},
                {"roster watch --auto-apply --window \"Mon-Fri 09:00-17:00 Europe/Berlin\" "
                 "roster.yaml",
                 "apply it, too, in office hours"},
                {"roster watch --auto-apply --test "
                 "\"git+https://example.com/config.git//rosters?ref=main\"",
                 "GitOps: what is merged is applied, and tested"},
                {"roster watch --format json --listen 127.0.0.1:9090 roster.yaml | jq -c .",
                 "a line of JSON for each run"},
            },
        .run = cmd_watch,
    },
    {
        .name = "schema",
        .arguments = "[roster|plan]",
        .max_arguments = 1,
        .summary = "print the JSON Schema of the roster, or of plan files",
        .details = "Prints the JSON Schema (draft 2020-12) of the roster file, by which editors\n"
                   "with yaml-language-server complete and explain keys; or that of the plan\n"
                   "document, which plan --out and --format json write.",
        .examples =
            {
                {"roster schema > roster.schema.json", "for editors"},
                {"roster schema plan > plan.schema.json", "for programs that read plans"},
            },
        .run = cmd_schema,
    },
    {
        .name = "completion",
        .arguments = "[bash|zsh|fish]",
        .max_arguments = 1,
        .summary = "print the script that completes roster's command lines in a shell",
        .details =
            "Prints the script for the shell. It completes commands, options and their values,\n"
            "files, and the names of services and test sends that are in the roster of the\n"
            "command line, or else roster.yaml. It only reads that file: nothing is fetched, and\n"
            "no program is run. Installed packages have the scripts where the shells look.",
        .examples =
            {
                {"source <(roster completion bash)", "in ~/.bashrc"},
                {"source <(roster completion zsh)", "in ~/.zshrc, behind compinit"},
                {"roster completion fish > ~/.config/fish/completions/roster.fish",
                 "for fish, once"},
            },
        .run = cmd_completion,
    },
    {
        .name = "version",
        .arguments = "",
        .summary = "show the version",
        .details = "Shows the version of roster and of the libraries that it runs with.",
        .examples =
            {
                {"roster version", NULL},
            },
        .run = cmd_version,
    },
    {
        .name = "help",
        .arguments = "[COMMAND|TOPIC]",
        .max_arguments = 1,
        .summary = "show help, also for one command",
        .details = "Shows the overview, what one command does and which options it takes, or a\n"
                   "topic: environment or exit-codes.",
        .examples =
            {
                {"roster help plan", "one command"},
                {"roster help environment", "the variables that roster reads"},
                {"roster plan --help", "the same as roster help plan"},
            },
        .run = cmd_help,
    },
};
const size_t command_count = COUNT_OF(commands);

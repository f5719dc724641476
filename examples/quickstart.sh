#!/usr/bin/env bash
# Shows roster's main job on a bare Debian 12, without a Twilio account: installs what is needed,
# builds, starts the sandbox with an example account, and takes a roster from the first plan to
# "no changes", then finds what somebody changed behind its back. In an installed roster's folder of
# examples (/usr/share/doc/roster/examples) there is nothing to build: it runs the programs on PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
show() { printf '\n$ %s\n' "$*"; "$@"; }

if [ "${1:-}" != --inside-sandbox ]; then
    if [ -e .ci/install-packages ]; then
        .ci/install-packages build quickstart
        say "Building (build/release)"
        cmake --preset release -DBUILD_TESTING=OFF >/dev/null
        cmake --build --preset release -- --quiet
        PATH=$PWD/build/release/reconciler:$PATH
        export PATH
    fi
    for program in roster roster-sandbox curl jq; do
        if ! command -v "$program" >/dev/null; then
            echo "$0: needs $program, which is not on PATH (on Debian: apt-get install" \
                "${program%-sandbox})" >&2
            exit 1
        fi
    done
    state=$(mktemp)
    XDG_STATE_HOME=$(mktemp -d)
    export XDG_STATE_HOME
    trap 'rm -rf "$state" "$XDG_STATE_HOME"' EXIT
    cp examples/account.json "$state"
    say "Starting the sandbox, a local server that behaves like Twilio's API"
    roster-sandbox --state "$state" -- examples/quickstart.sh --inside-sandbox
    exit
fi

say "The roster"
cat examples/roster.yaml
say "1. Check it, offline"
show roster validate examples/roster.yaml
say "2. What would change?"
show roster plan examples/roster.yaml
say "3. Change it"
show roster apply --auto-approve examples/roster.yaml
say "4. Plan again: nothing is left to do, exit code 0"
show roster plan --detailed-exitcode examples/roster.yaml

say "5. Somebody takes a number out by hand"
api() { curl -sS --fail -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" "$@"; }
service=$(api "$ROSTER_API_URL/v1/Services" |
    jq -r '.services[] | select(.friendly_name == "Order notifications").sid')
path=/v1/Services/$service/PhoneNumbers/PN00000000000000000000000000000001
printf '\n$ curl -X DELETE %s\n' "$ROSTER_API_URL$path"
api -X DELETE "$ROSTER_API_URL$path"
say "6. Drift: the number is to be added again, exit code 2"
code=0
show roster plan --detailed-exitcode examples/roster.yaml || code=$?
echo "(exit code $code)"
[ "$code" = 2 ]
say "7. Put it right"
show roster apply --auto-approve examples/roster.yaml
say "8. Does a message arrive? The test messages of the roster are sent, and watched"
show roster test --auto-approve examples/roster.yaml
say "9. A change that is reviewed first: the plan is saved"
plan=$(mktemp --suffix=.json)
show roster plan --out "$plan" examples/reorganised.yaml
say "10. The saved plan is applied, just as it was reviewed"
show roster apply --auto-approve "$plan"
say "11. What did that do? The journal tells, also of an apply that was interrupted"
show roster journal "$XDG_STATE_HOME/roster/$TWILIO_ACCOUNT_SID.jsonl"
say "12. Too much for the guards: the whole plan is shown, then refused, exit code 4"
code=0
show roster plan --max-removals 0 examples/roster.yaml || code=$?
rm -f "$plan"
echo "(exit code $code)"
[ "$code" = 4 ]
say "Done. The account was a local one; with TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN set, and
   without the sandbox, the same commands work on yours."

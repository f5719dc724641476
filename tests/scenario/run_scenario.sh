#!/usr/bin/env bash
#
# Runs one scenario: commands against a sandbox, compared with what is expected.
#
#     ROSTER=…/roster ROSTER_SANDBOX=…/roster-sandbox run_scenario.sh [--update] [--logs DIR] CASE
#
#   --update     writes CASE/expected/ from what happened instead of comparing. Read the result with
#                `git diff` before you keep it: it says what is, not what is right.
#   --logs DIR   leaves the sandbox's log there as <case>.jsonl, for the contract test.
#
# Needs bash, jq and the usual POSIX tools; cases that use `api` need curl.
#
# A case is a folder:
#
#   run            bash, executed under `set -u` in a scratch copy of the folder; see below.
#   prepare        bash, executed there before the sandbox starts, for instance to write a large
#                  state.json.
#   state.json     the account that the sandbox starts with (default: an empty one).
#   sandbox.args   more options for roster-sandbox, one line, split at blanks.
#   sandbox        with the one word "none": no sandbox is started (offline commands).
#   ignore         names of files that are not compared, one a line, "#" starts a comment.
#   expected/      <step>.stdout   always there, be it empty: a missing one is a failure
#                  <step>.stderr   compared only when it is there
#                  <step>.exit     the exit status; 0 when there is no such file
#                  requests        what the sandbox was asked, see below
#                  account.json    what the account looks like at the end, see account.jq
#
# In `run`:
#
#   step NAME COMMAND…     runs the command and records what it prints and its exit status, which
#                          is also the status of `step`. Names are [a-z0-9_-]; each serves once.
#   roster, roster-sandbox the programs under test; they are first on PATH.
#   api METHOD PATH [curl arguments]
#                          one request with the sandbox's credentials: prints the body through
#                          `jq -S` and the HTTP status on stderr. PATH may be a full URL.
#   result NAME FILTER     `jq -r FILTER` of what step NAME printed.
#   $v2010                 /2010-04-01/Accounts/<the account>
#   $SCENARIO_EXAMPLES     the examples of the project
#
# Outside of its steps `run` has to be silent: anything on stderr there fails the case.
#
# `requests` has one heading "# NAME" a step and under it a line for each request made in that step,
# sorted because requests are concurrent:
#
#     METHOD path?query form-as-k=v&k=v -> status
#
# and, of a request that had a fault of --faults or ran into a limit, " (FAULT)" behind it; the
# status of one that got no answer is "nothing".
#
# Everything is normalised before it is compared (normalise.sh): generated SIDs become MG<1>, MG<2>
# and so on by first appearance in the file (a SID with 16 zeros in a row is taken for written by
# hand and kept), request ids RQ<…>, times of day <iso-date> or <rfc-date>, durations "T s", the
# sandbox's port PORT, and the scratch folder $PWD.
#
# A report of AddressSanitizer, LeakSanitizer or UndefinedBehaviorSanitizer anywhere fails the case.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
time_limit=${SCENARIO_TIMEOUT:-100}

usage() {
    echo "usage: ROSTER=… ROSTER_SANDBOX=… ${0##*/} [--update] [--logs DIR] CASE" >&2
    exit 1
}

update=no logs=
while [ $# -gt 0 ]; do
    case $1 in
    --update) update=yes ;;
    --logs)
        [ $# -gt 1 ] || usage
        logs=$2
        shift
        ;;
    -*) usage ;;
    *) break ;;
    esac
    shift
done
[ $# -eq 1 ] && [ -n "${ROSTER:-}" ] && [ -n "${ROSTER_SANDBOX:-}" ] || usage
for program in "$ROSTER" "$ROSTER_SANDBOX"; do
    if [ ! -x "$program" ]; then
        echo "$program is not built" >&2
        exit 1
    fi
done
if [ ! -f "$1/run" ]; then
    echo "$1 is not a case: it has no file \"run\"" >&2
    exit 1
fi
case_dir=$(cd "$1" && pwd)
name=$(basename "$case_dir")
expected=$case_dir/expected

scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-scenario.XXXXXX") || exit 1
scratch=$(cd "$scratch" && pwd -P)
trap 'rm -rf "$scratch"' EXIT
work=$scratch/work actual=$scratch/actual
mkdir "$work" "$actual" "$scratch/bin" "$scratch/home" "$scratch/results"
cp -R "$case_dir/." "$work/"
rm -rf "$work/expected"
ln -s "$(realpath "$ROSTER")" "$scratch/bin/roster"
ln -s "$(realpath "$ROSTER_SANDBOX")" "$scratch/bin/roster-sandbox"
touch "$scratch/results/steps"

failures=0
fail() {
    echo "$name: $*"
    failures=$((failures + 1))
}

ignored() {
    [ -f "$case_dir/ignore" ] && sed 's/#.*//; s/[[:space:]]*$//' "$case_dir/ignore" | grep -qxF "$1"
}

has_sandbox() {
    [ "$(cat "$case_dir/sandbox" 2>/dev/null)" != none ]
}

# Runs the case, its own output and the sandbox's in $scratch/outer.*.
run_case() (
    cd "$work" || exit 1
    # shellcheck disable=SC2046
    unset $(compgen -e | grep -E '^(ROSTER|TWILIO)|_(proxy|PROXY)$') NO_COLOR
    export PATH="$scratch/bin:$PATH" HOME="$scratch/home" LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
    export SCENARIO_RESULTS="$scratch/results"
    export SCENARIO_EXAMPLES="$here/../../examples"
    local command=(bash "$here/steps.sh") args=()
    if [ -f prepare ]; then
        bash -eu prepare >"$scratch/outer.stdout" 2>"$scratch/outer.stderr" </dev/null || return
    fi
    if has_sandbox; then
        [ -f sandbox.args ] && read -r -a args <sandbox.args
        command=(roster-sandbox --state state.json --log log.jsonl --log-bodies --seed 1
            ${args[@]+"${args[@]}"} -- "${command[@]}")
    fi
    timeout -k 5 "$time_limit" "${command[@]}" \
        >>"$scratch/outer.stdout" 2>>"$scratch/outer.stderr" </dev/null
)

# Whether the run itself went as it should, whatever the commands did.
check_run() {
    local status=$1 reports
    if [ ! -f "$scratch/results/finished" ]; then
        fail "\"run\" did not reach its end (status $status)"
    elif [ "$status" -ne 0 ]; then
        fail "roster-sandbox ended with status $status"
    fi
    if [ -s "$scratch/outer.stderr" ]; then
        fail "on stderr outside of the steps:"
        head -50 "$scratch/outer.stderr"
    fi
    if [ ! -s "$scratch/results/steps" ]; then
        fail "\"run\" made no step"
    fi
    reports=$(grep -lE 'ERROR: [A-Za-z]+Sanitizer|: runtime error: ' "$scratch/outer.stderr" \
        "$scratch"/results/*.stderr 2>/dev/null)
    if [ -n "$reports" ]; then
        fail "a sanitizer reports:"
        # shellcheck disable=SC2086
        cat $reports
    fi
}

# Writes into $actual what is to be compared.
collect() {
    local step from to files=() port
    port=$(cat "$scratch/results/port" 2>/dev/null)
    while read -r step from to; do
        files+=("$scratch/results/$step."{stdout,stderr,exit})
    done <"$scratch/results/steps"
    if has_sandbox && [ -f "$work/log.jsonl" ]; then
        jq -n -r --rawfile steps "$scratch/results/steps" -f "$here/requests.jq" \
            "$work/log.jsonl" >"$scratch/requests" || fail "the log can't be read"
        files+=("$scratch/requests")
    fi
    if has_sandbox && [ -f "$work/state.json" ]; then
        jq -S -f "$here/account.jq" "$work/state.json" >"$scratch/account.json" ||
            fail "the saved state can't be read"
        files+=("$scratch/account.json")
    fi
    [ ${#files[@]} -eq 0 ] || bash "$here/normalise.sh" "$work" "$port" "$actual" "${files[@]}" ||
        fail "the results can't be normalised"
}

# compare FILE: one file of $actual with its expectation.
compare() {
    if ignored "$1"; then
        return
    elif [ ! -f "$expected/$1" ]; then
        fail "expected/$1 is missing; this is what there would be:"
        head -50 "$actual/$1"
    elif ! diff -u --label "expected/$1" --label "actual/$1" "$expected/$1" "$actual/$1" \
        >"$scratch/diff"; then
        fail "$1 differs:"
        cat "$scratch/diff"
    fi
}

compare_all() {
    local path file
    for path in "$actual"/*; do
        file=${path##*/}
        case $file in
        *.stderr) [ ! -f "$expected/$file" ] || compare "$file" ;;
        *.exit)
            if [ ! -f "$expected/$file" ] && [ "$(cat "$path")" != 0 ]; then
                fail "step ${file%.exit} ended with status $(cat "$path"); its stderr:"
                head -50 "$actual/${file%.exit}.stderr"
            elif [ -f "$expected/$file" ]; then
                compare "$file"
            fi
            ;;
        *) compare "$file" ;;
        esac
    done
    if has_sandbox; then
        for file in requests account.json; do
            [ -f "$actual/$file" ] || fail "the sandbox left no $file"
        done
    fi
    for path in "$expected"/*; do
        file=${path##*/}
        [ ! -f "$path" ] || [ -f "$actual/$file" ] || fail "no step gave expected/$file"
    done
}

# An expected stderr is kept up to date where it is; a new step gets one when it says something.
write_expected() {
    local path file
    mkdir -p "$expected"
    for path in "$actual"/*; do
        file=${path##*/}
        ignored "$file" && rm -f "$path"
        case $file in
        *.exit) [ "$(cat "$path")" != 0 ] || rm -f "$path" ;;
        *.stderr)
            if [ ! -f "$expected/$file" ]; then
                [ -s "$path" ] && [ ! -f "$expected/${file%.stderr}.stdout" ] || rm -f "$path"
            fi
            ;;
        esac
    done
    rm -f "$expected"/*
    cp "$actual"/* "$expected/"
}

[ -z "$logs" ] || rm -f "$logs/$name.jsonl"
run_case
check_run $?
collect
if [ -n "$logs" ] && [ -f "$work/log.jsonl" ]; then
    mkdir -p "$logs"
    cp "$work/log.jsonl" "$logs/$name.jsonl"
fi
if [ $update = yes ] && [ $failures -eq 0 ]; then
    write_expected
else
    [ $update = yes ] || compare_all
fi
if [ $failures -gt 0 ]; then
    echo "$name: $failures failure(s)"
    exit 1
fi

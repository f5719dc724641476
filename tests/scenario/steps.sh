#!/usr/bin/env bash
#
# Executes the `run` of a case in the current folder; run_scenario.sh starts it, under a sandbox or
# alone, and its head describes what `run` may use. Results go to the folder $SCENARIO_RESULTS.

set -u
scenario_log=$PWD/log.jsonl
v2010=/2010-04-01/Accounts/${TWILIO_ACCOUNT_SID:-}
[ -z "${ROSTER_API_URL:-}" ] || echo "${ROSTER_API_URL##*:}" >"$SCENARIO_RESULTS/port"

scenario_requests() {
    if [ -f "$scenario_log" ]; then wc -l <"$scenario_log"; else echo 0; fi
}

step() {
    local name=$1 from status
    shift
    if [[ ! $name =~ ^[a-z0-9][a-z0-9_-]*$ ]] || [ -e "$SCENARIO_RESULTS/$name.exit" ]; then
        echo "step: \"$name\" is no name for a step, or is taken" >&2
        return 125
    fi
    from=$(scenario_requests)
    "$@" >"$SCENARIO_RESULTS/$name.stdout" 2>"$SCENARIO_RESULTS/$name.stderr"
    status=$?
    echo "$status" >"$SCENARIO_RESULTS/$name.exit"
    echo "$name" "$from" "$(scenario_requests)" >>"$SCENARIO_RESULTS/steps"
    return "$status"
}

api() {
    local method=$1 url=$2 answer body
    shift 2
    case $url in
    http://* | https://*) ;;
    *) url=$ROSTER_API_URL$url ;;
    esac
    answer=$(curl -sS -g --max-time 30 -X "$method" -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \
        -w '\n%{http_code}' "$@" "$url") || return
    body=${answer%$'\n'*}
    if [ -n "$body" ]; then
        jq -S . <<<"$body" 2>/dev/null || printf '%s\n' "$body"
    fi
    echo "${answer##*$'\n'}" >&2
}

result() {
    jq -r "$2" "$SCENARIO_RESULTS/$1.stdout"
}

# shellcheck disable=SC1091
. ./run
touch "$SCENARIO_RESULTS/finished"
exit 0

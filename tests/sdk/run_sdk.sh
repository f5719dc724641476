#!/usr/bin/env bash
#
# Runs Twilio's own Python SDK against a fresh sandbox:
#
#     ROSTER_SANDBOX=…/roster-sandbox run_sdk.sh [--logs DIR]
#
# Exit status 77: skipped, since the SDK is not installed (Debian: python3-twilio). SDK_PYTHON names
# another interpreter than /usr/bin/python3. --logs DIR leaves the sandbox's log there as
# sdk-python.jsonl, for the contract test.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${SDK_PYTHON:-/usr/bin/python3}
logs=
[ "${1:-}" = --logs ] && logs=$2

if ! "$python" -c 'import twilio.rest' 2>/dev/null; then
    echo "SKIPPED: $python has no module twilio (Debian package python3-twilio)"
    exit 77
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-sdk.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
cp "$here/state.json" "$scratch/"
[ -z "$logs" ] || rm -f "$logs/sdk-python.jsonl"

# shellcheck disable=SC2046
env $(compgen -e | grep -E '_(proxy|PROXY)$' | sed 's/^/-u /') \
    timeout -k 5 100 "$ROSTER_SANDBOX" --state "$scratch/state.json" --log "$scratch/log.jsonl" \
    --log-bodies --seed 1 --message-delay 50 -- "$python" -B "$here/test_sdk.py"
status=$?

if [ -n "$logs" ] && [ -f "$scratch/log.jsonl" ]; then
    mkdir -p "$logs"
    cp "$scratch/log.jsonl" "$logs/sdk-python.jsonl"
fi
exit $status

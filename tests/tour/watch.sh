#!/usr/bin/env bash
# The last part of the README's tour: an exported roster in a git repository, the README's own
# command that watches it, and a commit that the account then follows.
set -eu
cd "$(dirname "$0")/../.."
export tree=$PWD
if [ "${1:-}" != --inside ]; then
    command -v git >/dev/null || { echo "skipped: no git"; exit 77; }
    PATH=$(dirname "${ROSTER:?}"):$PATH
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    export PATH scratch XDG_STATE_HOME=$scratch/state XDG_CACHE_HOME=$scratch/cache
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null HOME=$scratch
    export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.com
    export GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.com
    cp examples/tour/account.json "$scratch"
    roster-sandbox --state "$scratch/account.json" -- "$tree/tests/tour/watch.sh" --inside
    exit
fi

line=$(grep '^roster watch --auto-apply .*git+file' README.md)
mkdir "$scratch/config"
cd "$scratch/config"
roster export --out roster.yaml
git init -q .
git add roster.yaml
git commit -qm "The account as it is"
# A free port, for another test may have the usual one.
bash -c "exec $line --listen 127.0.0.1:0" 2>"$scratch/log" &
watch=$!
wait_for() { # WHAT COMMAND...
    local what=$1
    shift
    for _ in $(seq 300); do
        ! "$@" >/dev/null || return 0
        sleep 0.2
    done
    cat "$scratch/log" >&2
    echo "$what" >&2
    exit 1
}
wait_for "it does not look" grep -q 'in sync' "$scratch/log"
sed -i 's/sticky_sender: false/sticky_sender: true/' roster.yaml
git commit -qam "Marketing: sticky senders"
wait_for "the account does not follow" roster plan --detailed-exitcode
kill -TERM $watch
wait $watch || { cat "$scratch/log" >&2; exit 1; }
grep -q 'applied' "$scratch/log" || { cat "$scratch/log" >&2; exit 1; }

#!/usr/bin/env bash
#
# The HTML plan in a headless Chromium (check.mjs): rendered by the real program for each folder of
# cases/ (state.json, roster.yaml) and for a large generated account. Then the status page of watch
# (watch.mjs).
#
#     ROSTER=…/roster ROSTER_SANDBOX=…/roster-sandbox run.sh FOLDER
#
# FOLDER, in the build tree, gets the npm packages (kept until package-lock.json changes) and
# screenshots/. Exit status 77: skipped, for lack of node, npm or chromium. CHROMIUM names another
# browser.

set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:?usage: run.sh FOLDER}
export CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}

for program in node npm "${CHROMIUM:-chromium}"; do
    if ! command -v "$program" >/dev/null; then
        echo "SKIPPED: $program is not installed (.ci/install-packages test installs it)"
        exit 77
    fi
done
# shellcheck source=tests/support/npm_packages.sh
. "$here/../support/npm_packages.sh"
npm_packages "$here" "$folder" || exit 1
# node looks for packages beside the script.
cp "$here"/*.mjs "$folder/"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-browser.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export HOOKS=https://hooks.example.com/s3cret HOTLINE=+15005550028 HOSTILE='"><i>hostile</i>'

# render NAME SANDBOX-OPTION…: NAME.html and NAME.json of the plan for the roster in $scratch/NAME.
render() {
    local name=$1 format status
    shift
    for format in html json; do
        status=0
        # 4: its guards refuse the plan, which is shown all the same.
        (cd "$scratch/$name" && "$ROSTER_SANDBOX" --seed 1 "$@" -- \
            "$ROSTER" plan --format $format >"$scratch/$name.$format" 2>"$scratch/$name.log") || status=$?
        if [ $status != 0 ] && [ $status != 4 ]; then
            cat "$scratch/$name.log"
            exit 1
        fi
    done
}

for case in "$here"/cases/*/; do
    name=$(basename "$case")
    mkdir "$scratch/$name"
    cp "$case"/* "$scratch/$name/"
    render "$name" --state state.json
done

# Every number of 100 services goes to the next service or stays, and 20 services come new.
mkdir "$scratch/large"
awk 'BEGIN {
    print "version: 1\nservices:"
    for (service = 1; service <= 100; service++) {
        printf "  - friendly_name: Service %d\n    sticky_sender: false\n    phone_numbers:\n", service
        for (number = service * 50 - 24; number <= service * 50 + 25 && number <= 5000; number++)
            printf "      - \"+1555%07d\"\n", number
    }
    for (service = 1; service <= 20; service++)
        printf "  - friendly_name: New %d\n    usecase: notifications\n", service
}' >"$scratch/large/roster.yaml"
render large --generate services=100,numbers=5000

node "$folder/check.mjs" "$folder/screenshots" "$scratch"/*.html

# The status page: a watch that looks when it is told to.
mkdir "$scratch/watch"
cp "$here/cases/every-kind/"* "$scratch/watch/"
cat >"$scratch/watch/run.sh" <<'EOF'
"$ROSTER" watch --interval 1h --listen 127.0.0.1:0 --max-removals 1000 2>notes &
export WATCH_PID=$!
trap 'kill $WATCH_PID 2>/dev/null' EXIT
until grep -qs 'status page' notes; do sleep 0.02; done
export WATCH_URL=$(sed -n 's/^.*status page on //p' notes)
node "$1/watch.mjs" "$1/screenshots"
EOF
cd "$scratch/watch"
XDG_STATE_HOME=$scratch/state "$ROSTER_SANDBOX" --seed 1 --state state.json -- bash run.sh "$folder"

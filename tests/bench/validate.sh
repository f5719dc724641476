#!/usr/bin/env bash
# What `roster validate` costs beside libyaml's bare event parse of the same file: a roster with
# 100,000 phone numbers in 250 services. The ratio of CPU times is measured in one run, turn by turn,
# and must not pass 2.5.
#
#     tests/bench/validate.sh [TURNS]     15 by default; needs the release preset's build
set -eu
cd "$(dirname "$0")/../.."
turns=${1:-15}
build=build/release
roster=$build/reconciler/roster bare=$build/tests/bench/bare_parse
[ -x "$roster" ] && [ -x "$bare" ] || { echo "build the release preset first" >&2; exit 1; }
file=$build/bench-roster.yaml
awk 'BEGIN {
    print "version: 1\nservices:"
    for (s = 0; s < 250; s++) {
        printf "  - friendly_name: Service %d\n    sticky_sender: true\n    phone_numbers:\n", s
        for (n = 0; n < 400; n++) printf "      - \"+1500%07d\"\n", ((s * 400 + n) * 7919) % 100000
    }
}' >"$file"

# CPU seconds, user and system, of one run.
cpu() {
    local TIMEFORMAT='%U %S'
    { time "$@" >/dev/null; } 2>&1 | awk '{ print $1 + $2 }'
}
for _ in $(seq "$turns"); do
    echo "$(cpu "$roster" validate "$file") $(cpu "$bare" "$file")"
done | sort -n -k1 | awk -v limit=2.5 '
    { roster[NR] = $1; total_roster += $1; total_bare += $2; bare[NR] = $2 }
    END {
        ratio = total_roster / total_bare
        printf "roster validate: %.3f s CPU, bare parse: %.3f s CPU (means of %d turns)\n",
            total_roster / NR, total_bare / NR, NR
        printf "ratio: %.2f (limit %.1f)\n", ratio, limit
        exit ratio > limit
    }'

#!/usr/bin/env bash
# What `roster validate` costs beside libyaml's bare event parse of the same file: a roster with
# 100,000 phone numbers in 250 services, in no order: sorted ones would flatter whatever sorts them.
# CPU times are compared turn by turn, and the median of the ratios must not pass 2.5.
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
        for (n = 0; n < 400; n++)
            printf "      - \"+1500%07d\"\n", (s * 400 + n) * 77773 % 100000
    }
}' >"$file"

# CPU seconds, user and system, of five runs: the clock counts milliseconds, and one run has few.
cpu() {
    local TIMEFORMAT='%U %S'
    { time for _ in 1 2 3 4 5; do "$@" >/dev/null || exit; done; } 2>&1 | awk '{ print $1 + $2 }'
}
export LC_ALL=C
"$roster" validate "$file"
for _ in $(seq "$turns"); do
    echo "$(cpu "$roster" validate "$file") $(cpu "$bare" "$file")"
done | awk '{ print $1 / $2, $1 / 5, $2 / 5 }' | sort -n | awk -v limit=2.5 -v turns="$turns" '
    { ratio[NR] = $1; roster[NR] = $2; bare[NR] = $3 }
    END {
        if (NR == 0 || NR != turns) exit 1
        middle = int((NR + 1) / 2)
        printf "roster validate: %.3f s CPU, bare parse: %.3f s CPU (the turn in the middle of %d)\n",
            roster[middle], bare[middle], NR
        printf "ratio: %.2f, from %.2f to %.2f (limit %.1f)\n", ratio[middle], ratio[1], ratio[NR], limit
        exit ratio[middle] > limit
    }'

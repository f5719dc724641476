# What the tests of packaging share: a scratch folder, failures, and a build of another tree. Sourced
# by bash.
# shellcheck shell=bash

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
export tree
tree=$(cd "$here/../.." && pwd -P)
failures=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-package.XXXXXX") || exit 1
scratch=$(cd "$scratch" && pwd -P) || exit 1
trap 'rm -rf "${scratch:?}"' EXIT
export HOME=$scratch/home XDG_STATE_HOME=$scratch/state XDG_CACHE_HOME=$scratch/cache
mkdir "$HOME"
for name in $(env | sed -n 's/^\(\(ROSTER\|TWILIO\)_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
done
unset SOURCE_DATE_EPOCH CFLAGS CPPFLAGS LDFLAGS

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# need PROGRAM…: without them there is nothing to test.
need() {
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null 2>&1 || {
            echo "SKIPPED: $program is not installed (.ci/install-packages test static installs it)"
            exit 77
        }
    done
}

# must WHAT COMMAND…: without that the rest makes no sense. Its output is shown when it fails.
must() {
    local what=$1
    shift
    "$@" >"$scratch/must.log" 2>&1 </dev/null || {
        echo "FAILED: $what: $*"
        tail -n 60 "$scratch/must.log"
        exit 1
    }
}

same() { # FILE FILE: of the same bytes
    cmp -s "$1" "$2" || fail "$1 and $2 are not the same bytes: $(cmp "$1" "$2" 2>&1)"
}

end() {
    [ "$failures" -eq 0 ] || exit 1
    echo passed
    exit 0
}

# What the tests of rosters from git share: a scratch folder, repositories, servers on loopback, and
# checks. Sourced by bash; ROSTER and ROSTER_SANDBOX name the programs.
#
# Servers are started by `serve`, and end with the test in every case: by its trap, and if that
# can't run, with their parent (setpriv --pdeathsig).
# shellcheck shell=bash

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
examples=$here/../../examples
failures=0
servers=()

[ -x "${ROSTER:-}" ] && [ -x "${ROSTER_SANDBOX:-}" ] || {
    echo "ROSTER and ROSTER_SANDBOX have to name the programs" >&2
    exit 1
}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-git.XXXXXX") || exit 1
scratch=$(cd "$scratch" && pwd -P) || exit 1

clean_up() {
    local status=$? pid left
    for pid in "${servers[@]}"; do
        kill -KILL "$pid" 2>/dev/null
        { wait "$pid"; } 2>/dev/null
    done
    # Generating keys starts an agent, which stays.
    [ ! -d "$scratch/gnupg" ] || GNUPGHOME=$scratch/gnupg gpgconf --kill all 2>/dev/null
    rm -rf "${scratch:?}"
    # Each server names the folder in its command line.
    left=$(pgrep -a -f "${scratch:?}")
    [ -z "$left" ] || {
        echo "FAILED: left running: $left"
        status=1
    }
    exit $status
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# need PROGRAM…: without them there is nothing to test.
need() {
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null 2>&1 || [ -x "/usr/sbin/$program" ] || {
            echo "SKIPPED: $program is not installed"
            exit 77
        }
    done
}
need git setpriv python3 jq

PATH=$(dirname "$(realpath "$ROSTER")"):$PATH:/usr/sbin
mkdir "$scratch/home" "$scratch/tmp"
# Whatever the machine has set up for git, ssh and roster is not to be seen.
export HOME=$scratch/home XDG_CACHE_HOME=$scratch/cache XDG_STATE_HOME=$scratch/state
export TMPDIR=$scratch/tmp GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C.UTF-8
unset SSH_AUTH_SOCK SSH_AGENT_PID XDG_CONFIG_HOME http_proxy https_proxy HTTPS_PROXY ALL_PROXY
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
for name in $(env | sed -n 's/^\(ROSTER_[A-Z_]*\)=.*/\1/p'); do
    [ "$name" = ROSTER_SANDBOX ] || unset "$name"
done
export GIT_AUTHOR_NAME='Ada Lovelace' GIT_AUTHOR_EMAIL=ada@example.com
export GIT_COMMITTER_NAME='Ada Lovelace' GIT_COMMITTER_EMAIL=ada@example.com
export GIT_AUTHOR_DATE='2026-01-31T12:00:00Z' GIT_COMMITTER_DATE='2026-01-31T12:00:00Z'

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# end: the exit status of the test.
end() {
    local leftovers
    leftovers=$(ls -A "$TMPDIR")
    [ -z "$leftovers" ] || fail "left in TMPDIR: $leftovers"
    [ "$failures" -eq 0 ] || exit 1
    echo "passed"
    exit 0
}

# run STATUS COMMAND…: runs it, its output in $out and $err; the exit status has to be STATUS.
run() {
    local wanted=$1 status
    shift
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    status=$?
    out=$(cat "$scratch/out") err=$(cat "$scratch/err")
    command=$*
    if [ "$status" -ne "$wanted" ]; then
        fail "$command: exit status $status, not $wanted"
        printf '%s\n%s\n' "$out" "$err"
    fi
    case $err in
    *Sanitizer* | *'runtime error'*) fail "$command: $err" ;;
    esac
}

# says TEXT…: what `run` ran last said each of them, on one of its outputs.
says() {
    local text
    for text in "$@"; do
        case $out$err in
        *"$text"*) ;;
        *)
            fail "$command does not say: $text"
            printf '%s\n%s\n' "$out" "$err"
            ;;
        esac
    done
}

says_not() {
    local text
    for text in "$@"; do
        case $out$err in
        *"$text"*) fail "$command says: $text" ;;
        esac
    done
}

# make_repository NAME: a bare one in $scratch/NAME.git and a checkout of it in $scratch/NAME, with
# one commit of a small roster in rosters/orders.yaml.
make_repository() {
    git init -q --bare -b main "$scratch/$1.git"
    git clone -q "$scratch/$1.git" "$scratch/$1" 2>/dev/null
    git -C "$scratch/$1" checkout -q -b main 2>/dev/null
    mkdir -p "$scratch/$1/rosters"
    write_roster "$1" Orders
    push "$1" first
}

# write_roster NAME SERVICE: the roster becomes one of one service.
write_roster() {
    printf 'version: 1\nservices:\n  - friendly_name: %s\n    smart_encoding: true\n' "$2" \
        >"$scratch/$1/rosters/orders.yaml"
}

# push NAME MESSAGE [git push arguments]
push() {
    local name=$1 message=$2
    shift 2
    git -C "$scratch/$name" add -A
    git -C "$scratch/$name" commit -q --allow-empty -m "$message"
    git -C "$scratch/$name" push -q "$@" origin HEAD 2>/dev/null || fail "push to $name"
}

commit_of() {
    git -C "$scratch/$1" rev-parse "${2:-HEAD}"
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# serve LOG COMMAND…: starts a server.
serve() {
    local log=$1
    shift
    setpriv --pdeathsig KILL "$@" >"$scratch/$log.log" 2>&1 </dev/null &
    servers+=($!)
}

# stop_server: the one that was started last.
stop_server() {
    kill -KILL "${servers[-1]}"
    { wait "${servers[-1]}"; } 2>/dev/null
    unset 'servers[-1]'
}

# wait_for PORT: until somebody listens there.
wait_for() {
    local i
    for ((i = 0; i < 400; i++)); do
        ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || return 0
        sleep 0.05
    done
    fail "nobody listens on port $1"
    cat "$scratch"/*.log
    exit 1
}

# serve_silence: a server that takes connections and says nothing; its port is in $silent_port.
serve_silence() {
    silent_port=$(free_port)
    serve silence python3 -c '
import socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
taken = []
while True:
    taken.append(listener.accept())' "$silent_port"
    wait_for "$silent_port"
}

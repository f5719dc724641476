#!/bin/sh
#
# banned.sh TREE: looks for functions that we do not use in reconciler/ and tests/ of TREE.
#   Anywhere: the unbounded, the unsafe, and those whose replacement is in base/.
#   In reconciler/ outside cli/: what prints or ends the process. Only base/ may, in the files named
#   below, when memory runs out, or in a child process.
#
# banned.sh --self-test: shows that a violation is found.

set -u
here=$(cd "$(dirname "$0")" && pwd)

anywhere='strcpy|strcat|strncpy|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|atof'
anywhere="$anywhere|scanf|fscanf|sscanf|vscanf|vfscanf|vsscanf|system|popen|alloca|signal"
anywhere="$anywhere|tmpnam|tempnam|mktemp|rand|srand"
out_of_memory='reconciler/base/arena.c reconciler/base/buf.c reconciler/base/memory.c'
child_process=reconciler/base/subprocess.c
quiet='printf|vprintf|puts|putchar|perror|exit|_exit|_Exit|quick_exit|atexit|abort'
streams='fputs|fputc|putc|fprintf|vfprintf|fwrite|fflush'

# calls FILE NAMES ADVICE: prints calls (or mentions of the address) of the named functions.
calls() {
    awk -f "$here/code_only.awk" "$1" |
        grep -nE "(^|[^A-Za-z0-9_.>])($2)[[:space:]]*\(" |
        sed "s|^\([0-9]*\):[[:space:]]*|$1:\1: $3: |"
}

check_tree() {
    find "$1/reconciler" "$1/tests" -name '*.[ch]' 2>/dev/null | sort | while read -r file; do
        calls "$file" "$anywhere" "banned function"
        case ${file#"$1"/} in
        reconciler/cli/* | tests/*) continue ;;
        esac
        case " $(echo $out_of_memory) $child_process " in
        *" ${file#"$1"/} "*) ;;
        *)
            calls "$file" "$quiet" "only cli/ prints and exits, and base/ out of memory"
            calls "$file" "$streams" "only cli/ prints, and base/ out of memory" |
                grep -wE 'stdout|stderr'
            ;;
        esac
    done
}

# expect COUNT FILE LINE: a file with that line has to give so many findings.
expect() {
    rm -rf "$scratch/tree"
    mkdir -p "$scratch/tree/$(dirname "$2")"
    printf '%s\n' "$3" >"$scratch/tree/$2"
    found=$(check_tree "$scratch/tree")
    count=$(printf '%s' "$found" | grep -c '')
    [ "$count" -eq "$1" ] || {
        echo "self-test: $3 in $2: expected $1 finding(s), found \"$found\""
        failed=1
    }
}

self_test() {
    scratch=$(mktemp -d) || exit 1
    trap 'rm -rf "$scratch"' EXIT
    failed=0
    for name in strcpy strcat sprintf vsprintf gets strtok atoi atol scanf sscanf fscanf system \
        popen alloca signal strncpy; do
        expect 1 reconciler/base/file.c "    x = $name (y);"
        expect 1 reconciler/cli/file.c "    $name(y);"
        expect 1 tests/unit/base/file.c "    $name(y);"
        expect 0 reconciler/base/file.c "    my_$name(y); ${name}_r(y); x.$name(y); x->$name(y);"
        expect 0 reconciler/base/file.c "    /* $name(y) */ a = \"$name(y)\"; // $name(y)"
    done
    for name in printf puts perror exit abort; do
        expect 1 reconciler/plan/file.c "    $name(x);"
        expect 0 reconciler/cli/file.c "    printf(x);"
        expect 0 tests/file.c "    $name(x);"
    done
    expect 1 reconciler/base/file.c "    fprintf(stderr, x);"
    expect 1 reconciler/base/file.c "    fputs(x, stdout);"
    expect 0 reconciler/base/file.c "    fputs(x, file); fprintf(log, x);"
    expect 0 reconciler/base/arena.c "    abort();"
    expect 0 reconciler/base/buf.c "    abort();"
    expect 1 reconciler/http/buf.c "    abort();"
    expect 0 reconciler/base/subprocess.c "    _exit(1);"
    expect 1 reconciler/source/subprocess.c "    _exit(1);"
    expect 0 reconciler/base/file.c "    snprintf(x, 1, y); fgets(x); buf_printf(x);"
    expect 1 reconciler/base/file.c 'a = "\"system(y)"; system(y); b = '"'\"'; /* system( */"
    [ $failed -eq 0 ]
}

if [ "${1:-}" = --self-test ]; then
    self_test
    exit
fi
[ -d "${1:-}/reconciler" ] || { echo "usage: banned.sh TREE | --self-test" >&2; exit 1; }
findings=$(check_tree "$1")
[ -z "$findings" ] || { echo "$findings"; exit 1; }

#!/bin/sh
#
# tree.sh TREE: what is tracked by git, and where. Skipped (77) outside of a git checkout.
#   - The top level has the agreed entries and no others.
#   - No C file under reconciler/ or tests/ is longer than 600 lines.
#   - No file names a folder of some machine that it was written on.
#
# tree.sh --self-test: shows that a violation is found.

set -u
needed='CHANGELOG.md CMakeLists.txt CMakePresets.json CONTRIBUTING.md LICENSE README.md examples
reconciler tests'
agreed="$needed schemas"
longest=600
# In brackets so that this file is not one of those that it looks for.
machine_paths='/wor[k]/|/tmp/buil[d]'

check_top() {
    top=$(git -c core.quotePath=false ls-files | sed 's|/.*||' | sort -u)
    for entry in $top; do
        case $entry in .*) continue ;; esac
        case " $(echo $agreed) " in
        *" $entry "*) ;;
        *) echo "$entry: is not one of the agreed entries of the top level" ;;
        esac
    done
    for entry in $needed; do
        echo "$top" | grep -qx "$entry" || echo "$entry: is missing"
    done
}

check_lengths() {
    git ls-files reconciler tests | grep '\.[ch]$' | while read -r file; do
        [ -f "$file" ] || continue
        lines=$(wc -l <"$file")
        [ "$lines" -le $longest ] || echo "$file: has $lines lines, more than $longest"
    done
}

check_paths() {
    git ls-files -z | xargs -0 grep -nIE "$machine_paths" /dev/null 2>/dev/null |
        sed 's/$/    (a folder of some machine)/'
}

check_tree() {
    check_top
    check_lengths
    check_paths
}

# expect TEXT: the scratch checkout has to give that finding ("": none at all).
expect() {
    git add -A
    found=$(check_tree)
    case $found in
    *"$1"*) [ -z "$1" ] && [ -n "$found" ] || return 0 ;;
    esac
    echo "self-test: expected \"$1\", found \"$found\""
    failed=1
}

self_test() {
    scratch=$(mktemp -d) || exit 1
    trap 'rm -rf "$scratch"' EXIT
    failed=0
    cd "$scratch" && git init -q . || exit 1
    for entry in $needed; do
        case $entry in
        *.* | LICENSE) echo x >"$entry" ;;
        *) mkdir "$entry" && echo x >"$entry/file.c" ;;
        esac
    done
    echo x >.hidden
    expect ''
    echo x >notes.txt
    expect 'notes.txt: is not one of the agreed'
    rm notes.txt LICENSE
    expect 'LICENSE: is missing'
    echo x >LICENSE
    awk 'BEGIN { for (i = 0; i < 601; i++) print "x" }' >tests/long.c
    expect 'tests/long.c: has 601 lines'
    rm tests/long.c
    printf 'cd /%s/main\n' work >tests/paths.sh
    expect 'tests/paths.sh:1:'
    rm tests/paths.sh
    expect ''
    [ $failed -eq 0 ]
}

if ! command -v git >/dev/null; then
    echo "SKIPPED: git is not installed"
    exit 77
fi
if [ "${1:-}" = --self-test ]; then
    self_test
    exit
fi
cd "${1:?usage: tree.sh TREE | --self-test}" || exit 1
if [ "$(git rev-parse --show-toplevel 2>/dev/null)" != "$(pwd -P)" ] || [ -z "$(git ls-files)" ]; then
    echo "SKIPPED: $1 is not a git checkout with tracked files"
    exit 77
fi
findings=$(check_tree)
[ -z "$findings" ] || { echo "$findings"; exit 1; }

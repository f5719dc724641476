#!/bin/sh
#
# format.sh TREE: whether clang-format would change any C file of reconciler/ and tests/. Skipped
# (77) where there is no clang-format.

set -u
if ! command -v clang-format >/dev/null; then
    echo "SKIPPED: clang-format is not installed"
    exit 77
fi
cd "$1" || exit 1
find reconciler tests -name '*.[ch]' -exec clang-format --style=file --dry-run -Werror {} +

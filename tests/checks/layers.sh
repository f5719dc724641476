#!/bin/sh
#
# layers.sh FOLDER: holds the direction of includes in FOLDER (reconciler/). Every folder there but
# man/ and packaging/, which have no C, is a layer; a file includes headers of its own layer or of
# those that the table permits, always written "layer/header.h".
#
# layers.sh --self-test: shows that a violation is found.

set -u

# Layer and what it may include besides itself. The same table is in CMakeLists.txt, as libraries.
permitted() {
    case $1 in
    base) ;;
    document) echo base ;;
    model) echo base document ;;
    plan) echo base document model ;;
    render) echo base document model plan ;;
    http) echo base ;;
    twilio) echo base document model http ;;
    apply) echo base document model plan http twilio ;;
    source) echo base ;;
    sandbox) echo base http ;;
    cli) echo base document model plan render http twilio apply source sandbox ;;
    *) return 1 ;;
    esac
}

# Libraries that are one layer's business: header and the layers that may include it.
library_layers() {
    case $1 in
    yaml.h) echo document ;;
    curl/*) echo http ;;
    microhttpd.h) echo http ;;
    git2.h | git2/*) echo source ;;
    openssl/*) echo base ;;
    esac
}

contains() {
    case " $2 " in *" $1 "*) return 0 ;; esac
    return 1
}

# check_file ROOT FILE: prints what is wrong with the includes of one file.
check_file() {
    layer=${2#"$1"/}
    layer=${layer%%/*}
    allowed="$layer $(permitted "$layer")"
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*\([<"][^>"]*[>"]\).*/\1/p' "$2" |
        while read -r include; do
            name=${include#?}
            name=${name%?}
            case $include in
            \<*)
                only=$(library_layers "$name")
                if [ -n "$only" ] && [ "$layer" != cli ] && ! contains "$layer" "$only"; then
                    echo "$2: <$name> is for $only only"
                fi
                ;;
            *../* | *./*) echo "$2: \"$name\" is relative; write \"layer/header.h\"" ;;
            */*)
                if ! permitted "${name%%/*}" >/dev/null; then
                    echo "$2: \"$name\" is in no layer"
                elif ! contains "${name%%/*}" "$allowed"; then
                    echo "$2: $layer must not include \"$name\""
                elif [ ! -f "$1/$name" ]; then
                    echo "$2: \"$name\" is not there"
                fi
                ;;
            *) echo "$2: \"$name\" lacks its layer; write \"layer/header.h\"" ;;
            esac
        done
}

check_tree() {
    for folder in "$1"/*/; do
        folder=${folder%/}
        case ${folder##*/} in
        man)
            find "$folder" -name '*.[ch]' | sed 's/$/: man has manual pages only/'
            continue
            ;;
        packaging)
            find "$folder" -name '*.[ch]' | sed 's/$/: packaging has no C/'
            continue
            ;;
        esac
        if ! permitted "${folder##*/}" >/dev/null; then
            echo "$folder: not a layer that this check knows"
            continue
        fi
        find "$folder" -mindepth 1 -type d | sed 's/$/: layers have no folders/'
        for file in "$folder"/*.[ch]; do
            [ ! -f "$file" ] || check_file "$1" "$file"
        done
    done
    for file in "$1"/*.[ch]; do
        [ ! -f "$file" ] || echo "$file: is in no layer"
    done
}

# expect TEXT INCLUDE LAYER: a file of LAYER with that include has to give that finding ("": none).
expect() {
    rm -rf "$scratch/tree"
    mkdir -p "$scratch/tree/base" "$scratch/tree/model" "$scratch/tree/http" "$scratch/tree/man" \
        "$scratch/tree/$3"
    touch "$scratch/tree/man/page.5"
    touch "$scratch/tree/base/buf.h" "$scratch/tree/model/field.h" "$scratch/tree/http/retry.h"
    printf '/* A file. */\n#include %s\n' "$2" >"$scratch/tree/$3/file.c"
    found=$(check_tree "$scratch/tree")
    case $found in
    *"$1"*) [ -z "$1" ] && [ -n "$found" ] || return 0 ;;
    esac
    echo "self-test: $2 in $3: expected \"$1\", found \"$found\""
    failed=1
}

self_test() {
    scratch=$(mktemp -d) || exit 1
    trap 'rm -rf "$scratch"' EXIT
    failed=0
    expect '' '"base/buf.h"' model
    expect '' '"model/field.h"' model
    expect '' '<stdio.h>' base
    expect '' '<yaml.h>' document
    expect 'base must not include "model/field.h"' '"model/field.h"' base
    expect 'sandbox must not include "model/field.h"' '"model/field.h"' sandbox
    expect 'model must not include "http/retry.h"' '"http/retry.h"  /* why not */' model
    expect 'http must not include "model/field.h"' ' "model/field.h"' http
    expect '"../base/buf.h" is relative' '"../base/buf.h"' model
    expect '"base/../model/field.h" is relative' '"base/../model/field.h"' cli
    expect '"buf.h" lacks its layer' '"buf.h"' base
    expect '"other/x.h" is in no layer' '"other/x.h"' cli
    expect '"base/none.h" is not there' '"base/none.h"' cli
    expect '<yaml.h> is for document only' '<yaml.h>' model
    expect 'other: not a layer' '<stdio.h>' other
    expect 'man has manual pages only' '<stdio.h>' man
    expect 'packaging has no C' '<stdio.h>' packaging
    expect 'deep: layers have no folders' '<stdio.h>' base/deep
    [ $failed -eq 0 ]
}

if [ "${1:-}" = --self-test ]; then
    self_test
    exit
fi
[ -d "${1:-}/base" ] || { echo "usage: layers.sh FOLDER | --self-test" >&2; exit 1; }
findings=$(check_tree "$1")
[ -z "$findings" ] || { echo "$findings"; exit 1; }

#!/usr/bin/env bash
# ROSTER_STATIC=ON: nothing is linked dynamically but what Debian has no static library of, and the
# program works. FOLDER is the one that source.sh has built in, so that only linking is left to do.
#
#     static.sh FOLDER
. "$(dirname "$0")/support.sh"
build=${1:?usage: static.sh FOLDER}/elsewhere
if [ ! -e "$build/CMakeCache.txt" ]; then
    echo "SKIPPED: source.sh has not built anything in $1"
    exit 77
fi
build=$(cd "$build" && pwd -P)
need cmake readelf ldd jq curl
configure=(cmake "$build" -DROSTER_STATIC=ON)
if ! "${configure[@]}" >"$scratch/log" 2>&1; then
    if grep -q '\.a  *any  *none' "$scratch/log"; then
        echo "SKIPPED: static libraries are missing (.ci/install-packages static installs them)"
        exit 77
    fi
    must "configuring" "${configure[@]}"
fi
must "linking" cmake --build "$build" --target roster roster-sandbox

for program in roster roster-sandbox; do
    file=$build/reconciler/$program
    needed=$(readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
    for library in $needed; do
        case $library in
        libc.so.6 | libgssapi_krb5.so.2 | libp11-kit.so.0 | libsasl2.so.2 | ld-linux-*) ;;
        *) fail "$program needs $library" ;;
        esac
    done
    case $needed in
    *libc.so.6*) ;;
    *) fail "$program needs \"$needed\", not even libc" ;;
    esac
    ! ldd "$file" | grep -E 'not found|libcurl|libgit2|libssl|libcrypto|libyaml|libjansson|microhttpd' ||
        fail "$program loads what is to be in it"
done

# The main job, over TLS too; and a roster from a repository of git.
export ROSTER=$build/reconciler/roster ROSTER_SANDBOX=$build/reconciler/roster-sandbox
for case in examples tls first-apply; do
    must "scenario $case" "$tree/tests/scenario/run_scenario.sh" "$tree/tests/scenario/cases/$case"
done
if command -v git >/dev/null; then
    GIT_CONFIG_GLOBAL=/dev/null git init -q "$scratch/repository"
    cp "$tree/examples/roster.yaml" "$scratch/repository/"
    GIT_CONFIG_GLOBAL=/dev/null git -C "$scratch/repository" add roster.yaml
    GIT_CONFIG_GLOBAL=/dev/null git -C "$scratch/repository" -c user.name=x -c user.email=x@example.org \
        commit -q -m x
    must "a roster from git" "$ROSTER" validate "git+file://$scratch/repository//roster.yaml"
fi

# The archive that is shipped; tar.cmake, which makes it the same each time, source.sh has tried.
umask 077
must "making the archive" cpack --config "$build/CPackConfig.cmake" -B "$scratch/archive"
wrong=$(tar --numeric-owner -tvzf "$scratch"/archive/*.tar.gz |
    awk '$2 != "0/0" || ($1 != "-rw-r--r--" && !($1 == "-rwxr-xr-x" && $6 ~ /\/bin\/roster|\.sh$/))')
[ -z "$wrong" ] || fail "owners or permissions: $wrong"
tar -xzf "$scratch"/archive/*.tar.gz -C "$scratch"
! readelf -SW "$scratch"/roster-*-linux-*/bin/roster | grep -q ' \.debug_info ' ||
    fail "the archive's roster is not stripped"
must "version" "$(ls "$scratch"/roster-*-linux-*/bin/roster)" version
grep -q 'libcurl .*OpenSSL.*libgit2' "$scratch/must.log" || fail "no TLS: $(cat "$scratch/must.log")"
end

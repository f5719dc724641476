#!/usr/bin/env bash
# The source tarball: it has just what git tracks, the same bytes each time, and builds in another
# folder, without git, as another user's environment has it, to the same programs and the same
# Debian package as BUILD, a build of this tree. What it builds stays in FOLDER, for static.sh.
#
#     source.sh BUILD FOLDER
. "$(dirname "$0")/support.sh"
build=$(cd "${1:?usage: source.sh BUILD FOLDER}" && pwd -P) || exit 1
folder=${2:?usage: source.sh BUILD FOLDER}
need cmake cpack ninja git dpkg-deb
if [ ! -e "$tree/.git" ]; then
    echo "SKIPPED: $tree is not a git checkout, of whose tracked files a tarball is made"
    exit 77
fi
rm -rf "$folder"
mkdir -p "$folder" || exit 1
folder=$(cd "$folder" && pwd -P)

cached() { # NAME: a variable of BUILD
    sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

name=roster-$(cached CMAKE_PROJECT_VERSION)
dist() { # FOLDER
    mkdir "$1"
    must "making the tarball" cmake -D SOURCE="$tree" -D NAME="$name" -D FOLDER="$1" \
        -P "$tree/reconciler/packaging/dist.cmake"
    tarball=$1/$name.tar.gz
}

check_tarball() {
    local wrong
    tar -tzf "$tarball" | sed "s|^$name/||" | LC_ALL=C sort >"$scratch/packed"
    git -C "$tree" -c core.quotePath=false ls-files | LC_ALL=C sort >"$scratch/tracked"
    diff "$scratch/tracked" "$scratch/packed" || fail "the tarball has not just what git tracks"
    wrong=$(tar --numeric-owner -tvzf "$tarball" |
        awk '$2 != "0/0" || ($1 != "-rw-r--r--" && $1 != "-rwxr-xr-x")')
    [ -z "$wrong" ] || fail "owners or permissions: $wrong"
}

# Any git that is run says so, and fails.
no_git() {
    mkdir "$scratch/bin"
    printf '#!/bin/sh\necho "git $*" >>"%s/git-was-run"\nexit 127\n' "$scratch" >"$scratch/bin/git"
    chmod +x "$scratch/bin/git"
    PATH=$scratch/bin:$PATH
}

umask 077
dist "$scratch/one"
first=$tarball
umask 002
export LC_ALL=C.UTF-8 TZ=Pacific/Auckland LANG=de_DE.UTF-8 USER=somebody
must "making the tarball by cpack" cpack --config "$build/CPackSourceConfig.cmake" -B "$scratch/two"
same "$first" "$scratch/two/$name.tar.gz"
check_tarball
SOURCE_DATE_EPOCH=1000000000 dist "$scratch/dated"
! tar --utc -tvzf "$tarball" | grep -qv ' 2001-09-09 01:46 ' || fail "SOURCE_DATE_EPOCH does not date all"
tarball=$first

must "making the package of the build" cpack --config "$build/CPackConfig.cmake" -B "$scratch/here"
must "unpacking" tar -xzf "$tarball" -C "$folder"
no_git
options=()
for option in CMAKE_BUILD_TYPE CMAKE_C_COMPILER CMAKE_C_FLAGS ROSTER_HARDENING ROSTER_MAINTAINER \
    ROSTER_HOMEPAGE; do
    options+=("-D$option=$(cached $option)")
done
there=$folder/elsewhere
must "configuring the tarball" cmake -S "$folder/$name" -B "$there" -G Ninja -DBUILD_TESTING=ON \
    "${options[@]}"
must "building the tarball" cmake --build "$there" --target roster roster-sandbox test_str -- \
    -j "${JOBS:-1}"
[ ! -e "$scratch/git-was-run" ] || fail "git was run: $(sort -u "$scratch/git-was-run")"
for program in roster roster-sandbox; do
    same "$build/reconciler/$program" "$there/reconciler/$program"
    ! grep -qaF "$folder" "$there/reconciler/$program" || fail "$program names where it was built"
done
must "testing the tarball" ctest --test-dir "$there" --output-on-failure \
    -R '^(checks\.(layers|layers-self|tree)|unit\.base\.test_str|scenario\.(first-apply|guards|plan-file|fmt))$'
grep -q 'checks.tree .*Skipped' "$scratch/must.log" || fail "checks.tree is not skipped without git"
[ "$(grep -c ' Passed ' "$scratch/must.log")" -ge 7 ] || fail "few tests ran: $(cat "$scratch/must.log")"
! cmake --build "$there" --target dist >"$scratch/dist.log" 2>&1 ||
    fail "a tarball is made of a folder that is no git checkout"
grep -q 'is no git' "$scratch/dist.log" || fail "dist says: $(cat "$scratch/dist.log")"

must "making the package of the tarball" cpack --config "$there/CPackConfig.cmake" -B "$scratch/there"
same "$scratch"/here/*.deb "$scratch"/there/*.deb
end

#!/usr/bin/env bash
# What configuring says when libraries are missing: one error, which names all of them.
. "$(dirname "$0")/support.sh"
need cmake ninja pkg-config

# modules NAME HIDDEN…: a folder with all modules that pkg-config knows, but those.
modules() {
    local folder=$scratch/$1 path file
    shift
    mkdir "$folder"
    for path in $(pkg-config --variable pc_path pkg-config | tr : ' '); do
        for file in "$path"/*.pc; do
            [ ! -e "$file" ] || ln -sf "$file" "$folder/"
        done
    done
    for file in "$@"; do
        [ -L "$folder/$file.pc" ] || fail "pkg-config knows no $file, which was to be hidden"
        rm -f "$folder/$file.pc"
    done
    export PKG_CONFIG_LIBDIR=$folder
}

# configure EXPECTED OPTION…: has to succeed ("yes") or not ("no"); what it said is in $said, with
# single blanks.
configure() {
    local expected=$1 worked=yes
    shift
    rm -rf "$scratch/build"
    cmake -S "$tree" -B "$scratch/build" -G Ninja "$@" >"$scratch/said" 2>&1 || worked=no
    said=$(tr -s ' \n' '  ' <"$scratch/said")
    [ $worked = "$expected" ] || {
        fail "configuring with $*: $worked instead of $expected"
        cat "$scratch/said"
    }
    errors=$(grep -c '^CMake Error' "$scratch/said")
    [ "$worked" = yes ] || [ "$errors" -eq 1 ] || fail "$errors errors instead of one with $*"
}

says() {
    local text
    for text in "$@"; do
        case $said in
        *"$text"*) ;;
        *)
            fail "it does not say: $text"
            cat "$scratch/said"
            ;;
        esac
    done
}

says_not() {
    case $said in
    *"$1"*) fail "it says: $1" ;;
    esac
}

# Missing and too old, all in one go.
modules old yaml-0.1 jansson libcurl cmocka
printf 'Name: x\nDescription: x\nVersion: 7.74.0\nLibs: -lcurl\n' >"$PKG_CONFIG_LIBDIR/libcurl.pc"
configure no -DBUILD_TESTING=ON
says 'Libraries are missing or too old:' \
    'libyaml 0.2.5 none libyaml-dev' \
    'jansson 2.14 none libjansson-dev' \
    'libcurl 7.88 7.74.0 libcurl4-openssl-dev' \
    'cmocka 1.1.5 none libcmocka-dev' \
    'apt-get install libyaml-dev libjansson-dev libcurl4-openssl-dev libcmocka-dev' \
    '.ci/install-packages build' 'PKG_CONFIG_PATH' \
    '-DBUILD_TESTING=OFF builds without them'
says_not 'libgit2 1.5 '
configure no -DBUILD_TESTING=OFF
says 'libyaml 0.2.5 none'
says_not cmocka

# Only the tests need cmocka.
modules tests cmocka
configure no -DBUILD_TESTING=ON
says 'cmocka 1.1.5 none libcmocka-dev' '-DBUILD_TESTING=OFF'
configure yes -DBUILD_TESTING=OFF

# There, but what it needs in turn is not.
modules broken libgit2
printf 'Name: x\nDescription: x\nVersion: 1.5.1\nRequires: nowhere\nLibs: -lgit2\n' \
    >"$PKG_CONFIG_LIBDIR/libgit2.pc"
configure no -DBUILD_TESTING=OFF
says 'libgit2 1.5 broken libgit2-dev' "libgit2: Package 'nowhere', required by 'libgit2', not found"

# Nothing can be found without pkg-config.
unset PKG_CONFIG_LIBDIR
configure no -DPKG_CONFIG_EXECUTABLE="$scratch/none"
says 'pkg-config is missing' 'apt-get install pkgconf' '.ci/install-packages build' \
    '-DPKG_CONFIG_EXECUTABLE=FILE'

# Static libraries are looked for in the same go.
folder=$(realpath "$(dirname "$(gcc -print-file-name=libc.so)")")
configure no -DBUILD_TESTING=OFF -DROSTER_STATIC=ON "-DCMAKE_IGNORE_PATH=$folder;${folder#/usr}"
says 'libzstd.a any none libzstd-dev' 'libmbedx509.a any none libmbedtls-dev' \
    'libsasl2.so any none libsasl2-dev' '.ci/install-packages static'

# What the messages tell people to install, .ci/install-packages knows too.
packages=$(grep -ohE '\<[a-z0-9.-]+-dev\>' "$tree/CMakeLists.txt" \
    "$tree/reconciler/packaging/static.cmake" | sort -u)
[ "$(echo "$packages" | wc -l)" -gt 20 ] || fail "few packages found: $packages"
for package in $packages; do
    grep -qxE "(build|test|static) $package" "$tree/.ci/debian-packages" ||
        fail "$package is not in .ci/debian-packages"
done
end

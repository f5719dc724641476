#!/usr/bin/env bash
# Installs what is needed, builds roster and runs every test, in the release and the asan-ubsan
# build. On a bare Debian 12 this is all that it takes, as root or with sudo.
#
#     ./tests/run.sh            both builds, all tests
#     ./tests/run.sh release    only one of the builds
#
# ROSTER_FUZZ_SECONDS=N   fuzz the roster reader for N seconds after the tests; CI=true means 60
# ROSTER_WERROR=ON        compiler warnings are errors, as in CI
# ROSTER_OPENAPI_DIR=DIR  folder with Twilio's OpenAPI description (messaging_v1.openapi.json and
#                         api_v2010.openapi.json) for the contract test; without it that one test
#                         reports itself as skipped
set -eu
cd "$(dirname "$0")/.."
presets=("$@")
[ ${#presets[@]} -gt 0 ] || presets=(release asan-ubsan)
jobs=$(nproc)
werror=${ROSTER_WERROR:-OFF}

.ci/install-packages build quickstart test static

for preset in "${presets[@]}"; do
    echo "== Building $preset"
    cmake --preset "$preset" -DROSTER_WERROR="$werror" -DBUILD_TESTING=ON >/dev/null
    cmake --build --preset "$preset" -- -j "$jobs" --quiet
done
if command -v clang >/dev/null 2>&1; then
    echo "== Building with clang"
    cmake --preset clang -DROSTER_WERROR="$werror" >/dev/null
    cmake --build --preset clang -- -j "$jobs" --quiet
fi
for preset in "${presets[@]}"; do
    echo "== Testing $preset"
    ctest --preset "$preset" -j "$jobs"
done
fuzz=${ROSTER_FUZZ_SECONDS:-$([ "${CI:-}" = true ] && echo 60 || echo 0)}
if [ "$fuzz" -gt 0 ]; then
    echo "== Fuzzing the roster reader for $fuzz s"
    tests/fuzz/run.sh "$fuzz"
else
    echo "== Not fuzzing (tests/fuzz/run.sh does, or ROSTER_FUZZ_SECONDS=60)"
fi
echo "== All passed: ${presets[*]}"

#!/usr/bin/env bash
#
# The scenario runner's own test, with stand-ins for the two programs: what should fail a case does.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-runner-test.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
failures=0

# roster prints its arguments; the sandbox logs one request a step and runs its command.
cat >"$scratch/roster" <<'END'
#!/usr/bin/env bash
echo "roster $*"
echo "{\"method\":\"POST\",\"path\":\"/v1/Services\",\"query\":[],\"form\":[[\"FriendlyName\",\"$*\"]],\
\"status\":201,\"response\":{\"sid\":\"MG0123456789abcdef0123456789abcdef\"}}" >>log.jsonl
END
cat >"$scratch/sandbox" <<'END'
#!/usr/bin/env bash
while [ "$1" != -- ]; do shift; done
shift
export ROSTER_API_URL=http://127.0.0.1:4321 TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef
echo '{"version":1,"services":[{"sid":"MG1","friendly_name":"b","phone_numbers":["PN1"]},
{"sid":"MG2","friendly_name":"a","alpha_senders":["Z","A"]}],
"incoming_phone_numbers":[{"sid":"PN1","phone_number":"+15005550001"}]}' >state.json
: >log.jsonl
exec "$@"
END
chmod +x "$scratch/roster" "$scratch/sandbox"
export ROSTER=$scratch/roster ROSTER_SANDBOX=$scratch/sandbox

# fresh_case RUN: a new case with that `run`, offline, its expectations as they come.
fresh_case() {
    rm -rf "$scratch/case"
    mkdir "$scratch/case"
    echo none >"$scratch/case/sandbox"
    printf '%s\n' "$1" >"$scratch/case/run"
}

recorded_case() {
    fresh_case "$1"
    "$here/run_scenario.sh" --update "$scratch/case" >"$scratch/out" 2>&1 || {
        echo "recording \"$1\" failed:"
        cat "$scratch/out"
        failures=$((failures + 1))
    }
}

# verdict WHAT pass|fail [TEXT]: runs the case; a failure has to say TEXT.
verdict() {
    local got=fail
    "$here/run_scenario.sh" --logs "$scratch/logs" "$scratch/case" >"$scratch/out" 2>&1 && got=pass
    if [ $got != "$2" ] || { [ $# -gt 2 ] && ! grep -qF -- "$3" "$scratch/out"; }; then
        echo "$1: expected $2${3:+ saying \"$3\"}, got $got:"
        cat "$scratch/out"
        failures=$((failures + 1))
    fi
}

expected=$scratch/case/expected

recorded_case 'step one roster a'
verdict "a recorded case" pass
rm "$expected/one.stdout"
verdict "no expected stdout" fail "expected/one.stdout is missing"
echo other >"$expected/one.stdout"
verdict "another stdout" fail "+roster a"

recorded_case 'step one printf x'
printf 'x\n' >"$expected/one.stdout"
verdict "a missing line end" fail "No newline at end of file"

recorded_case 'step one roster a'
echo 'step one false' >"$scratch/case/run"
: >"$expected/one.stdout"
verdict "another exit status" fail "step one ended with status 1"
echo 1 >"$expected/one.exit"
verdict "the expected exit status" pass
echo 2 >"$expected/one.exit"
verdict "not the expected exit status" fail "one.exit differs"

recorded_case 'step one roster a; step two roster b'
echo 'step one roster a' >"$scratch/case/run"
verdict "a step that is gone" fail "no step gave expected/two.stdout"

recorded_case 'step one bash -c "echo oops >&2"'
[ -f "$expected/one.stderr" ] || { echo "no stderr was recorded"; failures=$((failures + 1)); }
echo other >"$expected/one.stderr"
verdict "another stderr" fail "+oops"
rm "$expected/one.stderr"
verdict "stderr that nobody compares" pass
echo 'one.stdout' >"$scratch/case/ignore"
echo other >"$expected/one.stdout"
verdict "an ignored file" pass

for report in '==1==ERROR: AddressSanitizer: heap-use-after-free' \
    '==1==ERROR: LeakSanitizer: detected memory leaks' 'x.c:1:2: runtime error: signed overflow'; do
    fresh_case "step one bash -c 'echo \"$report\" >&2'"
    mkdir "$expected"
    : >"$expected/one.stdout"
    verdict "a sanitizer's report" fail "a sanitizer reports"
done

fresh_case 'step one cat made'
mkdir "$expected"
: >"$expected/one.stdout"
echo 'echo x >made' >"$scratch/case/prepare"
verdict "what prepare made" fail "+x"
echo 'false; true' >"$scratch/case/prepare"
verdict "a failing prepare" fail "did not reach its end (status 1)"
recorded_case 'step one roster a'
echo 'step one roster a; step one roster a' >"$scratch/case/run"
verdict "a name used twice" fail "is taken"
echo 'step one roster a; echo "$nowhere"' >"$scratch/case/run"
verdict "an unset variable" fail "did not reach its end"
echo ':' >"$scratch/case/run"
verdict "no steps" fail "made no step"

recorded_case 'step one roster a'
rm "$scratch/case/sandbox"
verdict "no expected requests" fail "expected/requests is missing"
recorded_case 'step one roster a'
rm "$scratch/case/sandbox"
echo 'step b roster b c; step a roster a' >"$scratch/case/run"
"$here/run_scenario.sh" --update "$scratch/case"
verdict "a case with a sandbox" pass
[ -s "$scratch/logs/case.jsonl" ] || { echo "no log was left"; failures=$((failures + 1)); }
cat >"$scratch/requests" <<'END'
# b
POST /v1/Services FriendlyName=b c -> 201
# a
POST /v1/Services FriendlyName=a -> 201
END
cat >"$scratch/account" <<'END'
{"services":[{"alpha_senders":["A","Z"],"friendly_name":"a","phone_numbers":[],"short_codes":[]},
{"alpha_senders":[],"friendly_name":"b","phone_numbers":["+15005550001"],"short_codes":[]}]}
END
diff -u "$scratch/requests" "$expected/requests" || failures=$((failures + 1))
diff -u <(jq -S . "$scratch/account") "$expected/account.json" || failures=$((failures + 1))

cat >"$scratch/raw" <<'END'
MG0123456789abcdef0123456789abcdef PN00000000000000000000000000000001 done in 1.25 s, 0.12s, in 3 ms
MGffffffffffffffffffffffffffffffff MG0123456789abcdef0123456789abcdef RQ0123456789abcdef0123456789abcdef
http://127.0.0.1:4321/v1 127.0.0.1:43210 /scratch/x/a.yaml 2026-01-02T03:04:05Z Fri, 02 Jan 2026 03:04:05 +0000
timeout: 60s
END
cat >"$scratch/normal" <<'END'
MG<1> PN00000000000000000000000000000001 done in T s, T s, in T s
MG<2> MG<1> RQ<…>
http://127.0.0.1:PORT/v1 127.0.0.1:43210 $PWD/a.yaml <iso-date> <rfc-date>
timeout: 60s
END
printf 'no line end MG0123456789abcdef0123456789abcdef' >"$scratch/raw2"
printf 'no line end MG<1>' >"$scratch/normal2"
: >"$scratch/raw3"
mkdir "$scratch/out.d"
"$here/normalise.sh" /scratch/x 4321 "$scratch/out.d" "$scratch"/raw{,2,3} &&
    diff -u "$scratch/normal" "$scratch/out.d/raw" &&
    diff -u "$scratch/normal2" "$scratch/out.d/raw2" &&
    cmp "$scratch/raw3" "$scratch/out.d/raw3" || failures=$((failures + 1))

[ $failures -eq 0 ] || { echo "$failures failure(s)"; exit 1; }

#!/usr/bin/env bash
# Every outcome of test sends, with names that XML has to escape, as JUnit's XML: valid by the schema
# beside this file, and read back by another program with the right counts.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
command -v xmllint >/dev/null || { echo "xmllint (libxml2-utils) is not installed"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export XDG_STATE_HOME=$scratch/xdg LC_ALL=C.UTF-8
cat >roster.yaml <<'END'
version: 1
services:
  - friendly_name: A <&> "B" 'C'
    phone_numbers: ["+15550000001"]
  - friendly_name: D
test_sends:
  - {name: 'passed <b>"&', service: A <&> "B" 'C', to: "+14155550101", body: x, timeout: 30s}
  - {name: "failed \u202e\u0007\U0001F4A5 ]]>", service: A <&> "B" 'C', to: "+15005530006", body: x, timeout: 30s}
  - {name: refused, service: A <&> "B" 'C', to: "+15005550001", body: x}
  - {name: unconfirmed, service: A <&> "B" 'C', to: "+15005530000", body: x, timeout: 2s}
  - {name: unclear, service: D, to: "+14155550102", body: x, timeout: 2s}
  - {name: expected, service: D, to: "+14155550103", body: x, expect: {error_code: 21704}, timeout: 30s}
END
cat >faults.yaml <<'END'
faults:
  - {method: POST, path: /2010-04-01/Accounts/*/Messages.json, skip: 4, count: 1, reset: before}
END
"${ROSTER_SANDBOX:?}" --generate services=0,numbers=1 --faults faults.yaml --message-delay 200 -- bash -c '
    "$ROSTER" apply --auto-approve >/dev/null 2>&1 || exit 9
    "$ROSTER" test --auto-approve --parallelism 1 --format junit >report.xml 2>said' && status=0 || status=$?
[ "$status" = 6 ] || { echo "roster test ended with $status"; cat said; exit 1; }
xmllint --noout --nonet --schema "$folder/junit.xsd" report.xml
counts=$(python3 - <<'END'
import xml.etree.ElementTree as tree
root = tree.parse("report.xml").getroot()
cases = root.findall("testsuite/testcase")
kinds = [next((c.tag for c in case if c.tag != "system-out"), "passed") for case in cases]
print(*(sorted(kinds)), root.get("tests"), root.get("failures"), root.get("errors"))
print(sorted(case.get("classname") for case in cases)[0])
END
)
expected="error failure failure failure passed passed 6 3 1
A <&> \"B\" 'C'"
[ "$counts" = "$expected" ] || { echo "read back:"; echo "$counts"; exit 1; }
# The schema refuses what is none.
sed 's/<failure /<failed /; s/<.failure>/<\/failed>/' report.xml >broken.xml
! xmllint --noout --nonet --schema "$folder/junit.xsd" broken.xml 2>/dev/null

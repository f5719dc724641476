# The requests of each step, from the sandbox's log (JSON Lines, read with -n) and the lines of
# $steps: "NAME FROM TO", the step's requests being those after line FROM up to line TO.

def text: tostring | split("\n") | join("\\n");
def pairs: map("\(.[0] | text)=\(.[1] | text)") | join("&");

def line:
    "\(.method) \(.path)"
    + (if (.query | length) > 0 then "?" + (.query | pairs) else "" end)
    + (if (.form | length) > 0 then " " + (.form | pairs) else "" end)
    + " -> \(.status // "nothing")"
    + (if .fault then " (\(.fault))" else "" end);

# What people call the objects that an answer shows, by SID.
def names:
    [.response | objects | (., (.[] | arrays | .[] | objects))
     | {sid, name: (.friendly_name // .phone_number // .short_code // .alpha_sender)}
     | select((.sid | type) == "string" and .name != null)];

[inputs] as $log
| (reduce ($log[] | names[]) as $object ({}; .[$object.sid] = "<\($object.name)>")) as $names
# Generated SIDs depend on which of several concurrent requests came first; names do not.
| def sort_key:
    reduce (scan("[A-Z]{2}[0-9a-f]{32}")) as $sid (.; split($sid) | join($names[$sid] // "<>"));

  $steps | split("\n")[] | select(. != "") | split(" ")
  | . as [$name, $from, $to]
  | "# \($name)",
    ([$log[($from | tonumber):($to | tonumber)][] | select(.webhook == null)
      | line | {line: ., key: sort_key}]
     | sort_by(.key, .line)[].line)

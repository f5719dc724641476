# Whether the journal ($journal, JSON Lines, read with --rawfile) tells the truth about what the
# server was asked (its log, slurped): each mistake is one line.
#   - nothing that changes the account was asked without an intent on the disk before;
#   - each outcome is the answer that the server gave to such a request.
# A last line that is cut off is not counted; one in the middle is a mistake.

def path: .method + " " + .path;
def counts: group_by(.) | map({(.[0]): length}) | add // {};

($journal | split("\n") | map(select(. != ""))) as $lines
| [$lines[] | (fromjson? // null)] as $records
| ([.[] | select(.method != "GET")]) as $changes
| ([$records[] | select(.record? == "intent" and .method != "GET") | path] | counts) as $intended
| ($changes | map(path) | counts) as $asked
| ($changes | map({(.request_id // ""): .status}) | add // {}) as $answers
| (if any($records[]; . == null) then "the journal has a line that can't be read" else empty end),
  ($asked | to_entries[] | select(.value > ($intended[.key] // 0))
   | "asked \(.value) times, \($intended[.key] // 0) in the journal: \(.key)"),
  ($records[] | select(.record? == "outcome" and .step != "look" and (.request_id? != null)
                       and .status != $answers[.request_id])
   | "in the journal with status \(.status), answered with \($answers[.request_id]): \(.request_id)")

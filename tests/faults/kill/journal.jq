# Whether the journal ($journal, JSON Lines, read with --rawfile) tells the truth about what the
# server was asked (its log, slurped): each mistake is one line.
#   - nothing that changes the account was asked without an intent on the disk before;
#   - each outcome is the answer that the server gave to such a request.
# When the journal can't be written, what is half done is finished all the same: $halves says how many
# requests that put something in may not be in it. With $repeats an intent is good for more than one
# request, as for what is tried again. $torn says how many lines may be unreadable.

def path: .method + " " + .path;
def counts: group_by(.) | map({(.[0]): length}) | add // {};

($journal | split("\n") | map(select(. != ""))) as $lines
| [$lines[] | (fromjson? // null)] as $records
| ([.[] | select(.method != "GET")]) as $changes
| ([$records[] | select(.record? == "intent" and .method != "GET") | path] | counts) as $intended
| ($changes | map(path) | counts) as $asked
| ($changes | map({(.request_id // ""): .status}) | add // {}) as $answers
| ($records | map(select(. == null)) | length | select(. > $torn)
 | "\(.) lines of the journal can't be read"),
  ([$asked | to_entries[] | select(.value > ($intended[.key] // 0)
        and (($ARGS.named.repeats // 0) == 0 or ($intended[.key] // 0) == 0))]
   | if all(.[]; .key | startswith("POST ")) and length <= $halves then empty else .[] end
   | "asked \(.value) times, \($intended[.key] // 0) in the journal: \(.key)"),
  ($records[] | select(.record? == "outcome" and .step != "look" and (.request_id // "") != ""
                       and .status != $answers[.request_id])
   | "in the journal with status \(.status), answered with \($answers[.request_id]): \(.request_id)")

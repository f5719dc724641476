# What matters of a saved account: the services by name, each with its settings and its senders as
# people write them. No SIDs, no dates, nothing that the API makes up.

(.incoming_phone_numbers // [] | map({(.sid // ""): .phone_number}) | add // {}) as $numbers
| (.short_codes // [] | map({(.sid // ""): .short_code}) | add // {}) as $codes
| def shown($names; member):
    (. // []) | map(if type == "object" then member else ($names[.] // .) end) | sort;

  {services: (.services // []
    | map(del(.sid, .account_sid, .date_created, .date_updated, .url, .links)
          | .phone_numbers |= shown($numbers; .phone_number // $numbers[.sid])
          | .short_codes |= shown($codes; .short_code // $codes[.sid])
          | .alpha_senders |= shown({}; .alpha_sender))
    | sort_by(.friendly_name, tostring))}

# What matters of a saved account: the services by name, each with its settings and its senders as
# people write them. No SIDs, no dates, nothing that the API makes up.

(.incoming_phone_numbers // [] | map({(.sid // ""): .phone_number}) | add // {}) as $numbers
| (.short_codes // [] | map({(.sid // ""): .short_code}) | add // {}) as $codes
| (.channel_senders // [] | map({(.sid // ""): .sender}) | add // {}) as $channels
| def shown($names; member):
    (. // []) | map(if type == "object" then member else ($names[.] // .) end) | sort;
  # Most accounts have none of the newer kinds of senders; then their lists are left out.
  def without_empty(name): if (.[name] // []) == [] then del(.[name]) else . end;

  {services: (.services // []
    | map(del(.sid, .account_sid, .date_created, .date_updated, .url, .links, .sticky_senders)
          | .phone_numbers |= shown($numbers; .phone_number // $numbers[.sid])
          | .short_codes |= shown($codes; .short_code // $codes[.sid])
          | .alpha_senders |= shown({}; .alpha_sender)
          | .channel_senders |= shown($channels; .sender // $channels[.sid])
          | .destination_alpha_senders |=
              (. // [] | map(if type == "object" then {alpha_sender, iso_country_code}
                             else {alpha_sender: ., iso_country_code: ""} end) | sort)
          | without_empty("channel_senders") | without_empty("destination_alpha_senders"))
    | sort_by(.friendly_name, tostring))}

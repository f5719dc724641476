"""What a report of apply claims, held against the account that the sandbox has saved."""
import json
import re

LISTS = {
    "phone number": ("phone_numbers", "phone_number"),
    "short code": ("short_codes", "short_code"),
    "alpha sender": ("alpha_senders", "alpha_sender"),
    "destination alpha sender": ("destination_alpha_senders", "alpha_sender"),
    "channel sender": ("channel_senders", "sender"),
}
SENDER = re.compile(
    r"(add|move|remove) (%s) (.+?)(?: from (.+))?$" % "|".join(sorted(LISTS, key=len, reverse=True))
)
# With one of these under it, a failed change says that the account may have it all the same.
HEDGES = ("may have happened", "did not take", "may be in no service")


def read_account(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def parse(report):
    """{"Done": [(change, notes)...], "Failed": ..., "Not attempted": ...}; {} when nothing was sent."""
    sections, current = {}, None
    for line in report.splitlines():
        if line in ("Done:", "Failed:", "Not attempted:"):
            current = sections.setdefault(line[:-1], [])
        elif current is not None and line.startswith("      ") and current:
            current[-1][1].append(line.strip())
        elif current is not None and line.startswith("  "):
            current.append((line.strip(), []))
        else:
            current = None
    return sections


def names_of(sender, kind):
    """What a report may call it."""
    identity = sender[LISTS[kind][1]]
    country = sender.get("iso_country_code")
    return {f"{identity} ({country})" if country else identity, sender.get("sid")}


def holds(account, service, kind, name):
    """In how many places the services of that name have the sender."""
    return sum(
        name in names_of(sender, kind)
        for one in account["services"]
        if one["friendly_name"] == service
        for sender in one[LISTS[kind][0]]
    )


def is_so(account, change, settings):
    """Whether the account is as the change makes it; settings: service -> {key: value}."""
    service, what = change.split(": ", 1)
    found = [one for one in account["services"] if one["friendly_name"] == service]
    if what == "delete service":
        return not found
    if what in ("create service", "update settings"):
        wanted = settings.get(service, {}).items()
        return len(found) == 1 and all(found[0].get(key) == value for key, value in wanted)
    verb, kind, name, source = SENDER.match(what).groups()
    here = holds(account, service, kind, name)
    if verb == "remove":
        return here == 0
    return here == 1 and (source is None or holds(account, source, kind, name) == 0)


def untruths(report, account, settings, before):
    """Texts: what the report says and the account has not. "before" is the account before apply."""
    sections, wrong = parse(report), []
    for change, _ in sections.get("Done", []):
        if not is_so(account, change, settings):
            wrong.append(f'reported as done, and is not: "{change}"')
    for state in ("Failed", "Not attempted"):
        for change, notes in sections.get(state, []):
            hedged = any(hedge in note for hedge in HEDGES for note in notes)
            if not hedged and is_so(account, change, settings):
                wrong.append(f'reported as {state.lower()}, and is done: "{change}"')
    if not re.search(r"^Apply: ", report, re.M) and shape(account) != shape(before):
        wrong.append("there is no report, and the account has changed")
    return wrong


def shape(account):
    """The services without what differs from run to run: SIDs that were made, dates, orders."""
    def plain(sender, kind):
        return (sender[LISTS[kind][1]], sender.get("iso_country_code", ""))

    return sorted(
        json.dumps(
            {
                **{key: value for key, value in service.items()
                   if key not in ("sid", "date_created", "date_updated")},
                **{LISTS[kind][0]: sorted(plain(one, kind) for one in service[LISTS[kind][0]])
                   for kind in LISTS},
            },
            sort_keys=True,
        )
        for service in account["services"]
    )


def strays(account):
    """Texts: service names and senders that are there twice."""
    seen, wrong = set(), []
    for service in account["services"]:
        things = [("service", service["friendly_name"])]
        things += [(kind, one[LISTS[kind][1]]) for kind in ("phone number", "short code", "channel sender")
                   for one in service[LISTS[kind][0]]]
        wrong += [f"{kind} {name} is there twice" for kind, name in things if (kind, name) in seen]
        seen.update(things)
    return wrong

#!/usr/bin/env python3
"""Holds plan documents against schemas/plan.schema.json.

    plan_schema.py SCHEMA PLAN.json…

Each plan has to be valid, and each member of each plan has to be needed or known: a document with
one member left out, or with one that nobody knows, has to be invalid, unless the schema says that
the member is optional. So the schema neither lags behind what is written nor allows everything.
"""
import copy
import json
import sys

import jsonschema


def objects(node, path=()):
    """Every object of a document, with the path to it."""
    if isinstance(node, dict):
        yield path, node
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in children if isinstance(node, (dict, list)) else ():
        if isinstance(child, (dict, list)):
            yield from objects(child, path + (key,))


def at(document, path):
    for key in path:
        document = document[key]
    return document


# Objects whose members are names, not ours to fix.
FREE = {"variables", "senders", "bindings"}


def check(schema, validator, plan, name):
    failures = []
    validator.validate(plan)
    seen = set()
    for path, node in objects(plan):
        shape = tuple("[]" if isinstance(part, int) else part for part in path)
        shape += tuple(sorted(node))
        if shape in seen or (path and path[-1] in FREE):
            continue
        seen.add(shape)
        changed = copy.deepcopy(plan)
        at(changed, path)["nobody_knows"] = 1
        if validator.is_valid(changed):
            failures.append(f"{name}: {path} may have a member that nobody knows")
        for key in node:
            changed = copy.deepcopy(plan)
            del at(changed, path)[key]
            if validator.is_valid(changed) and key not in OPTIONAL:
                failures.append(f"{name}: {path} may lack {key}")
    return failures


# Optional because they depend on the kind of change, of service, or of document.
OPTIONAL = {"before", "hints", "country", "settings", "sender", "senders", "namesakes", "from", "take_over",
            "renamed_from", "drift", "class"}


def main():
    schema = json.load(open(sys.argv[1], encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failures = []
    plans = 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            failures += check(schema, validator, json.load(file), path)
        plans += 1
    for failure in failures:
        print(failure)
    print(f"{plans} passed, {len(failures)} failed")
    return 1 if failures or plans == 0 else 0


if __name__ == "__main__":
    sys.exit(main())

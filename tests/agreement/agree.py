"""Whether `roster validate` and the JSON Schema say the same of every file of the corpus.

    ROSTER=.../roster agree.py

The schema is schemas/roster.schema.json, judged by python3-jsonschema; files are read by
python3-ruamel.yaml, set to YAML 1.2's core schema as roster reads it: it knows no timestamps, binary
data or other types beyond strings, numbers, booleans and null, and duplicate keys, several documents,
unknown tags, tags that do not fit their text and halves of surrogate pairs are errors. What YAML
itself refuses counts as invalid.

exceptions.txt lists what a schema cannot express; an exception that is not needed is an error too.
"""
import fnmatch
import json
import math
import os
import re
import subprocess
import sys
import warnings

try:
    import jsonschema
    import ruamel.yaml
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.resolver import VersionedResolver
except ImportError as missing:
    print(f"SKIPPED: {missing.name} is not installed (python3-jsonschema, python3-ruamel.yaml)")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORPUS = os.path.join(ROOT, "tests", "corpus")
PREFIX = "tag:yaml.org,2002:"

# Section 10.3.2 of the YAML 1.2.2 specification, and the merge key, which is older.
CORE = [
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
              r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", list("-+0123456789.")),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"^<<$", ["<"]),
]


class CoreResolver(VersionedResolver):
    """Resolves plain scalars by the core schema only, whatever %YAML says."""

    @property
    def versioned_resolver(self):
        return CoreResolver.table


CoreResolver.table = {}
for name, pattern, firsts in CORE:
    for first in firsts:
        CoreResolver.table.setdefault(first, []).append((PREFIX + name, re.compile(pattern)))


class CoreConstructor(SafeConstructor):
    pass


def core_text(constructor, node, *names):
    """The text of a scalar, which has to be what the core schema takes for one of these types."""
    text = constructor.construct_scalar(node)
    if not any(re.fullmatch(pattern, text) for name, pattern, _ in CORE if name in names):
        raise ruamel.yaml.constructor.ConstructorError(
            None, None, f"tag {node.tag} does not fit", node.start_mark)
    return text


def construct_null(constructor, node):
    core_text(constructor, node, "null")


def construct_bool(constructor, node):
    return core_text(constructor, node, "bool").lower() == "true"


def construct_str(constructor, node):
    text = constructor.construct_scalar(node)
    text.encode("utf-8")  # A ValueError for "\ud83d", which is no character.
    return text


def construct_int(constructor, node):
    text = core_text(constructor, node, "int")
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    return int(text)


def construct_float(constructor, node):
    text = core_text(constructor, node, "float", "int").lower()
    # JSON has no infinity; neither is one wanted anywhere.
    number = float(text.replace(".inf", "inf").replace(".nan", "nan"))
    return number if math.isfinite(number) else [number]


def refuse(constructor, node):
    raise ruamel.yaml.constructor.ConstructorError(None, None, f"tag {node.tag}", node.start_mark)


CoreConstructor.yaml_constructors = {
    PREFIX + kind: SafeConstructor.yaml_constructors[PREFIX + kind]
    for kind in ("seq", "map")
}
CoreConstructor.add_constructor(PREFIX + "null", construct_null)
CoreConstructor.add_constructor(PREFIX + "bool", construct_bool)
CoreConstructor.add_constructor(PREFIX + "str", construct_str)
CoreConstructor.add_constructor(PREFIX + "int", construct_int)
CoreConstructor.add_constructor(PREFIX + "float", construct_float)
CoreConstructor.add_constructor(None, refuse)


def load(path):
    loader = ruamel.yaml.YAML(typ="safe", pure=True)
    loader.Resolver = CoreResolver
    loader.Constructor = CoreConstructor
    loader.allow_duplicate_keys = False
    with open(path, "rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", ruamel.yaml.error.ReusedAnchorWarning)
        return loader.load(file.read().decode("utf-8"))


def schema_accepts(validator, path):
    try:
        document = load(path)
    except (ruamel.yaml.error.YAMLError, ValueError, RecursionError, TypeError, KeyError):
        return False
    # An integer is one as written: JSON Schema's "integer" would take 1.0 too.
    return validator.is_valid(document)


def roster_accepts(roster, path):
    ran = subprocess.run([roster, "validate", path], capture_output=True, check=False)
    if ran.returncode not in (0, 1):
        sys.exit(f"{path}: roster validate exited with {ran.returncode}")
    return ran.returncode == 0


def read_exceptions():
    exceptions = {}
    with open(os.path.join(HERE, "exceptions.txt"), encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                pattern, reason = line.split(":", 1)
                exceptions[pattern.strip()] = reason.strip()
    return exceptions


def main():
    os.environ.update(ROSTER_TEST_HOOKS="https://hooks.example.com",
                      ROSTER_TEST_NUMBER="+15005550001")
    os.environ.pop("ROSTER_TEST_UNSET", None)
    with open(os.path.join(ROOT, "schemas", "roster.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    exceptions, used, failed, agreed, excepted = read_exceptions(), set(), 0, 0, 0
    for kind in ("valid", "invalid"):
        folder = os.path.join(CORPUS, kind)
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".yaml"):
                continue
            path, label = os.path.join(folder, name), f"{kind}/{name[:-5]}"
            ours, theirs = roster_accepts(os.environ["ROSTER"], path), schema_accepts(validator, path)
            excused = [pattern for pattern in exceptions if fnmatch.fnmatchcase(label, pattern)]
            if ours == theirs and not excused:
                agreed += 1
            elif ours == theirs:
                failed += 1
                print(f"FAILED {label}: both say {'valid' if ours else 'invalid'}, "
                      f"the exception is not needed")
            elif excused:
                used.update(excused)
                excepted += 1
            else:
                failed += 1
                print(f"FAILED {label}: roster says {'valid' if ours else 'invalid'}, "
                      f"the schema {'valid' if theirs else 'invalid'}")
    for pattern in sorted(set(exceptions) - used):
        failed += 1
        print(f"FAILED exceptions.txt: {pattern} excuses nothing")
    print(f"{agreed} files agree, {excepted} are listed exceptions")
    print(f"{agreed + excepted} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())

#!/usr/bin/python3
"""Readers of YAML 1.1 and of YAML 1.2 read what roster writes, and both the same.

    yaml_readers.py EMIT_STRINGS

Words that mean something in one of the versions, and random ones, go through document/doc_emit and
come back by ruamel.yaml, once told that it is YAML 1.1 and once that it is 1.2.
"""
import json
import random
import subprocess
import sys

try:
    from ruamel.yaml import YAML
except ImportError:
    print("SKIPPED: python3-ruamel.yaml is not installed")
    sys.exit(77)

WORDS = """y Y n N yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE null Null
NULL ~ nan NaN .nan .NaN inf .inf -.inf +.Inf 0 7 -1 +1 1_000 _1 0x1F 0b11 0o17 017 08 1.5 1. .5 1e3
1E+3 e3 1:30 190:20:30 2024-01-01 2024-01-01T10:00:00Z +15005550001 85555 = << ! & * @ ` % ? - : -- ---
... Orders NOrway nobody one A&B ACME whatsapp:+15005550003 XE0123 https://example.com/?a=b&c=%20#d
${HOOKS} $${HOOKS}""".split()
SPACED = ["", " ", "a ", " a", "a: b", "a :b", "a #b", "# a", "- a", "? a", "a, b", "[a", "{a}", "a\tb", "a\nb",
          "a\r\nb", "\ta", "'a'", '"a"', "a\\b", "\x1b[0m", "\x7f", "\x85", "\xa0", "\u2028", "\u202e", "\ufeff",
          "\ufffe", "Köln", "日本", "💬", "\U000e0001", "yes please", "1 000", "true north"]
ALPHABET = "yYnNoOeE0179 -:#,[]{}&*!|>'\"%@`?~=<._+\\/$\n\t\u00a0\u0085ö💬"


def random_words(count):
    chooser = random.Random(1)
    return ["".join(chooser.choices(ALPHABET, k=chooser.randint(1, 6))) for _ in range(count)]


def read(text, version):
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    return yaml.load(text)


def main():
    words = WORDS + SPACED + random_words(1500)
    written = subprocess.run([sys.argv[1]], input=json.dumps(words), stdout=subprocess.PIPE, check=True,
                             encoding="utf-8").stdout
    wrong = 0
    for version in ((1, 1), (1, 2)):
        for word, got in zip(words, read(written, version), strict=True):
            if got != [word, {"value": word}, {word: word}]:
                print(f"YAML {version[0]}.{version[1]}: {word!r} is read as {got!r}")
                wrong += 1
    print(f"{len(words)} words, {wrong} read wrongly")
    return 1 if wrong else 0


sys.exit(main())

"""Stands for gh, GitHub's program, as far as the workflows use it: over a JSON file instead of
GitHub, strict about options, and about the permissions that the job has.

GH_STUB names the file: {"comments": [], "issues": [], "labels": [], "runs": [], "pulls": []}.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys

PATH = os.environ["GH_STUB"]
with open(PATH) as file:
    github = json.load(file)


def need(permission, level):
    granted = json.loads(os.environ["GH_STUB_PERMISSIONS"]).get(permission)
    if not os.environ.get("GH_TOKEN") or granted not in ("write", level):
        sys.exit(f"gh: HTTP 403: {permission}: {level} is needed, the job has {granted}")


def save():
    with open(PATH, "w") as file:
        json.dump(github, file)


def answer(value, query):
    done = subprocess.run(["jq", "--raw-output", query], input=json.dumps(value), text=True)
    sys.exit(done.returncode)


def read_field(field):
    name, _, value = field.partition("=")
    assert name == "body" and value.startswith("@"), field
    with open(value[1:]) as file:
        return file.read()


def api(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("path")
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--jq")
    parser.add_argument("--method", default="GET")
    parser.add_argument("-F", dest="field")
    given = parser.parse_args(words)
    path = given.path.removeprefix(f"repos/{os.environ['GITHUB_REPOSITORY']}/")
    if given.method == "GET" and re.fullmatch(r"issues/\d+/comments", path):
        need("pull-requests", "read")
        answer(github["comments"], given.jq)
    if given.method == "GET" and re.fullmatch(r"commits/[0-9a-f]{40}/pulls", path):
        need("pull-requests", "read")
        answer(github["pulls"], given.jq)
    need("pull-requests", "write")
    if given.method == "POST" and re.fullmatch(r"issues/\d+/comments", path):
        github["comments"].append({"id": len(github["comments"]) + 1, "body": read_field(given.field),
                                   "user": {"login": "github-actions[bot]"}})
    elif given.method == "PATCH" and (found := re.fullmatch(r"issues/comments/(\d+)", path)):
        comment = next(c for c in github["comments"] if c["id"] == int(found[1]))
        assert comment["user"]["login"] == "github-actions[bot]"
        comment["body"] = read_field(given.field)
    else:
        sys.exit(f"gh: HTTP 404: {given.method} {path}")


def run_list(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--workflow", required=True)
    parser.add_argument("--commit")
    parser.add_argument("--status", required=True)
    parser.add_argument("--limit", type=int, required=True)
    parser.add_argument("--json", required=True)
    parser.add_argument("--jq", required=True)
    given = parser.parse_args(words)
    need("actions", "read")
    found = [run for run in reversed(github["runs"])
             if run["workflow"] == given.workflow and run["status"] == given.status and
             given.commit in (None, run["headSha"])]
    answer([{given.json: run[given.json]} for run in found[:given.limit]], given.jq)


def run_download(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("run")
    parser.add_argument("--name", required=True)
    parser.add_argument("--dir", required=True)
    given = parser.parse_args(words)
    need("actions", "read")
    shutil.copytree(os.path.join(os.path.dirname(PATH), "artifacts", given.run, given.name), given.dir)


def issue_list(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("--label", "--state", "--limit", "--json", "--jq"):
        parser.add_argument(name, required=True)
    given = parser.parse_args(words)
    need("issues", "read")
    answer([{"number": issue["number"]} for issue in github["issues"]
            if issue["state"] == given.state and issue["label"] == given.label], given.jq)


def issue_create(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("--label", "--title", "--body-file"):
        parser.add_argument(name, required=True)
    given = parser.parse_args(words)
    need("issues", "write")
    assert given.label in github["labels"], f"no label {given.label}"
    with open(given.body_file) as file:
        github["issues"].append({"number": len(github["issues"]) + 1, "state": "open", "edits": 0,
                                 "label": given.label, "title": given.title, "body": file.read()})


def issue_change(words, closes):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("number", type=int)
    parser.add_argument("--comment" if closes else "--body-file", dest="text", required=True)
    given = parser.parse_args(words)
    need("issues", "write")
    issue = next(issue for issue in github["issues"] if issue["number"] == given.number)
    if closes:
        issue["state"] = "closed"
    else:
        with open(given.text) as file:
            issue["body"] = file.read()
        issue["edits"] += 1


def label_create(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("name")
    parser.add_argument("--force", action="store_true", required=True)
    parser.add_argument("--description")
    need("issues", "write")
    github["labels"].append(parser.parse_args(words).name)


COMMANDS = {
    ("api",): api,
    ("run", "list"): run_list,
    ("run", "download"): run_download,
    ("issue", "list"): issue_list,
    ("issue", "create"): issue_create,
    ("issue", "edit"): lambda words: issue_change(words, False),
    ("issue", "close"): lambda words: issue_change(words, True),
    ("label", "create"): label_create,
}

for name, command in COMMANDS.items():
    if tuple(sys.argv[1:1 + len(name)]) == name:
        command(sys.argv[1 + len(name):])
        save()
        sys.exit(0)
sys.exit(f"gh: unknown command {sys.argv[1:]}")

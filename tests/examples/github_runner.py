"""Runs workflows of GitHub Actions as far as those of examples/ go: jobs that need others, `if`,
outputs, artifacts, permissions; each `run` in bash as GitHub starts it, with gh_stub.py as gh.
"""

import json
import pathlib
import re
import shutil

from world import check, load_yaml

ENVIRONMENT_SECRETS = ("roster-plan", "production")


class Context(dict):
    """Names with dots; what is not there is empty, as GitHub has it."""

    def look_up(self, name):
        value = self
        for part in name.split("."):
            value = value.get(part, "") if isinstance(value, dict) else ""
        return value


def evaluate(expression, context):
    """Literals, names, ==, !=, &&, || and !, always() and cancelled()."""
    text = re.sub(r"!cancelled\(\)|always\(\)", " True ", expression)
    text = re.sub(r"'[^']*'|\bTrue\b|[A-Za-z_][\w.-]*",
                  lambda m: m[0] if m[0][0] == "'" or m[0] == "True"
                  else repr(context.look_up(m[0])), text)
    text = text.replace("&&", " and ").replace("||", " or ")
    return eval(text, {"__builtins__": {}})  # noqa: S307: of our own examples


def fill_in(text, context):
    return re.sub(r"\$\{\{(.*?)\}\}", lambda m: str(evaluate(m[1].strip(), context)), str(text))


def is_true(condition, context, good):
    """Whether a job or step is run; without a word about it, only when all before it went well."""
    if condition is None:
        return good
    condition = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", condition.strip())
    asks = "always()" in condition or "cancelled()" in condition
    return (good or asks) and bool(evaluate(condition, context))


class Runner:
    def __init__(self, world, repository, workflows):
        self.world = world
        self.repository = repository
        self.workflows = workflows
        self.state = world.scratch / "github.json"
        others = [{"id": 1, "body": "<!-- roster plan --> says nobody", "user": {"login": "mallory"}},
                  {"id": 2, "body": "Lint: see <!-- roster plan -->", "user": {"login": "github-actions[bot]"}}]
        self.state.write_text(json.dumps({"comments": others, "issues": [], "labels": [], "runs": [], "pulls": []}))
        stub = pathlib.Path(__file__).with_name("gh_stub.py")
        world.stub("gh", f'#!/bin/sh\nexec /usr/bin/python3 {stub} "$@"\n')
        self.secrets = world.key
        self.said = ""

    def github(self):
        return json.loads(self.state.read_text())

    def change(self, **members):
        self.state.write_text(json.dumps(self.github() | members))

    def run(self, name, sha, event_name, event=None):
        """Runs a workflow, and returns the results of its jobs."""
        workflow = load_yaml(self.workflows / name)[0]
        check(event_name in workflow["on"], f"{name} is not for {event_name}")
        run = str(len(self.github()["runs"]) + 1)
        github = {"event": event or {}, "event_name": event_name, "repository": "example/config",
                  "sha": sha, "run_id": run, "token": "t0ken", "server_url": "https://github.com",
                  "ref": "refs/heads/main"}
        results, needs = {}, {}
        self.said = ""
        for job_name, job in workflow["jobs"].items():
            context = Context(github=github, needs=needs)
            needed = job.get("needs", [])
            needed = [needed] if isinstance(needed, str) else needed
            good = all(results[other] == "success" for other in needed)
            if not is_true(job.get("if"), context, good):
                results[job_name] = "skipped"
                continue
            results[job_name], outputs = self.run_job(job, context, run)
            needs[job_name] = {"outputs": outputs, "result": results[job_name]}
        good = all(result in ("success", "skipped") for result in results.values())
        self.change(runs=self.github()["runs"] + [
            {"databaseId": run, "workflow": name, "headSha": (event or {}).get("head", sha),
             "status": "success" if good else "failure"}])
        return results

    def run_job(self, job, context, run):
        workspace = self.world.scratch / "workspace"
        shutil.rmtree(workspace, ignore_errors=True)
        workspace.mkdir()
        if job.get("environment") in ENVIRONMENT_SECRETS:
            context["secrets"] = self.secrets
        context["steps"] = {}
        good = True
        for step in job["steps"]:
            if not is_true(step.get("if"), context, good):
                continue
            if "uses" in step:
                good = self.use(step, context, workspace, run) and good
            else:
                good = self.run_step(step, job, context, workspace) and good
        outputs = {name: fill_in(value, context) for name, value in job.get("outputs", {}).items()}
        return "success" if good else "failure", outputs

    def use(self, step, context, workspace, run):
        action = step["uses"].split("@")[0]
        given = step.get("with", {})
        store = self.world.scratch / "artifacts" / run / str(given.get("name"))
        if action == "actions/checkout":
            self.check_out(context["github"]["sha"], workspace, given.get("fetch-depth", 1))
        elif action == "actions/upload-artifact":
            store.mkdir(parents=True)
            for name in given["path"].split():
                if (workspace / name).exists():
                    shutil.copy(workspace / name, store)
            return any(store.iterdir()) or given.get("if-no-files-found") != "error"
        elif action == "actions/download-artifact":
            check(store.is_dir(), f"there is no artifact {store}")
            shutil.copytree(store, workspace, dirs_exist_ok=True)
        else:
            check(action == "./.github/actions/install-roster", f"unknown action {action}")
        return True

    def check_out(self, sha, workspace, depth):
        git = self.world.git
        git(workspace, "init", "-q")
        git(workspace, "fetch", "-q", *([f"--depth={depth}"] if depth else []),
            f"file://{self.repository}", sha)
        git(workspace, "checkout", "-q", sha)

    def run_step(self, step, job, context, workspace):
        files = {name: self.world.scratch / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("")
        extra = {name: fill_in(value, context) for name, value in step.get("env", {}).items()}
        # A secret that is not there is an empty variable, as on GitHub.
        done = self.world.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                              workspace, **{name: str(path) for name, path in files.items()},
                              GITHUB_REPOSITORY=context["github"]["repository"],
                              GITHUB_SHA=context["github"]["sha"], GH_STUB=str(self.state),
                              GH_STUB_PERMISSIONS=json.dumps(job["permissions"]), **extra)
        self.said += done.stdout + done.stderr + files["GITHUB_STEP_SUMMARY"].read_text()
        outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        if "id" in step:
            context["steps"][step["id"]] = {"outputs": outputs}
        return done.returncode == 0

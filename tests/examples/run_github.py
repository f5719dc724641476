"""The workflows of examples/github-actions, run: the plan of a pull request, its apply on merge, and
drift; and what goes wrong with each. Their permissions, secrets and pinned actions are looked at, too.
"""

import json
import re

from github_runner import Runner
from world import EXAMPLES, PLAN_KEY, check, load_yaml, main

FOLDER = EXAMPLES / "github-actions"
NAMES = ("roster-plan.yml", "roster-apply.yml", "roster-drift.yml")
PULL = {"pull_request": {"number": 7, "head": {"repo": {"full_name": "example/config"}}}}


def steps_of(job):
    return job["steps"] if "steps" in job else job["runs"]["steps"]


def check_step(step, where):
    if "uses" in step:
        check(step["uses"].startswith("./") or re.search(r"@[0-9a-f]{40}$", step["uses"]),
              f"{where}: {step['uses']} is not pinned to a commit")
    # What an expression gives would be run as code.
    check("${{" not in step.get("run", ""), f"{where}: an expression stands in a script")
    if step.get("uses", "").startswith("actions/checkout"):
        check(step["with"]["persist-credentials"] is False, f"{where}: the token stays on the disk")


def check_safe(name, workflow):
    check("pull_request_target" not in workflow["on"], f"{name}: runs strangers' code with secrets")
    check(workflow["permissions"] == {}, f"{name}: jobs have permissions without asking")
    check("secrets." not in json.dumps({k: v for k, v in workflow.items() if k != "jobs"}),
          f"{name}: secrets for all jobs")
    for job_name, job in workflow["jobs"].items():
        where = f"{name}: {job_name}"
        has_secrets = "secrets." in json.dumps(job["steps"])
        writes = "write" in job["permissions"].values()
        check("secrets." not in json.dumps(job.get("env", {})), f"{where}: secrets for all steps")
        check(not has_secrets or "environment" in job, f"{where}: secrets without an environment")
        check(not (has_secrets and writes), f"{where}: secrets beside a token that may write")
        check(not writes or not any("checkout" in step.get("uses", "") for step in job["steps"]),
              f"{where}: runs code of the repository with a token that may write")
        for step in job["steps"]:
            check_step(step, where)


def check_static():
    for name in NAMES:
        check_safe(name, load_yaml(FOLDER / name)[0])
    for step in load_yaml(FOLDER / "install-roster" / "action.yml")[0]["runs"]["steps"]:
        check_step(step, "install-roster")
    apply = load_yaml(FOLDER / "roster-apply.yml")[0]
    check(apply["jobs"]["apply"]["environment"] == "production", "apply is not protected")
    check(apply["concurrency"] == {"group": "roster-apply", "cancel-in-progress": False},
          "two applies may run at a time")


class Scene:
    def __init__(self, world):
        self.world = world
        self.repository = world.scratch / "repository"
        self.repository.mkdir()
        self.git("init", "-q", "-b", "main")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.runner = Runner(world, self.repository, FOLDER)
        self.runner.secrets = world.key | {"ROSTER_PLAN_KEY": PLAN_KEY}

    def git(self, *words):
        return self.world.git(self.repository, *words)

    def commit(self, text):
        (self.repository / "roster.yaml").write_text(text)
        self.git("add", ".")
        self.git("commit", "-q", "--allow-empty", "-m", "roster")
        return self.git("rev-parse", "HEAD")

    def pull(self, sha, event=PULL):
        return self.runner.run("roster-plan.yml", sha, "pull_request", event | {"head": sha})

    def merge(self, head):
        """As a squash: another commit of the same tree."""
        self.git("commit", "-q", "--allow-empty", "-m", "merged")
        sha = self.git("rev-parse", "HEAD")
        self.runner.change(pulls=[{"merge_commit_sha": sha, "head": {"sha": head}}])
        return sha

    def apply(self, sha, event="push"):
        return self.runner.run("roster-apply.yml", sha, event)

    def drift(self, sha):
        return self.runner.run("roster-drift.yml", sha, "schedule")

    def expect(self, found, *results):
        check(list(found.values()) == list(results), f"{found}, not {results}:\n{self.runner.said}")

    def expect_said(self, text):
        check(text in self.runner.said, f"no {text!r} in:\n{self.runner.said}")

    def comment(self):
        """That of ours; the first two are others', and stay as they are."""
        comments = self.runner.github()["comments"]
        check(len(comments) == 3 and comments[0]["body"].endswith("says nobody") and
              comments[1]["body"].startswith("Lint"), f"comments: {comments}")
        return comments[2]["body"]


ROSTER = (EXAMPLES / "roster.yaml").read_text()


def run_pull_requests(scene):
    scene.expect(scene.pull(scene.commit("version: 2\n")), "failure", "skipped", "skipped")
    scene.expect_said("::error file=roster.yaml,line=1")
    sha = scene.commit(ROSTER)
    fork = {"pull_request": {"number": 8, "head": {"repo": {"full_name": "mallory/config"}}}}
    scene.expect(scene.pull(sha, fork), "success", "skipped", "skipped")
    check(len(scene.runner.github()["comments"]) == 2, "a comment on the pull request of a fork")
    scene.expect(scene.pull(sha), "success", "success", "success")
    check("2 to create, 6 to add" in scene.comment(), scene.comment())
    sha = scene.commit(ROSTER.replace("sticky_sender: true", "sticky_sender: false"))
    scene.expect(scene.pull(sha), "success", "success", "success")
    check("sticky_sender: false" in scene.comment(), scene.comment())
    return sha


def run_apply(scene, head):
    sha = scene.merge(head)
    scene.expect(scene.apply(sha), "success", "success")
    scene.expect_said("passed: orders reach the UK")
    scene.expect_said("Journal: 8 done, 0 failed")
    # Of its artifacts, the way back can be used.
    artifacts = scene.world.scratch / "artifacts" / str(len(scene.runner.github()["runs"])) / "roster-applied"
    back = scene.world.roster("plan", "--max-deletes", 2, artifacts / "undo.json", ROSTER_PLAN_KEY=PLAN_KEY)
    check("2 to delete" in back.stdout, back.stdout + back.stderr)
    # What was saved is stale now: it is refused before anybody is asked to approve it.
    scene.expect(scene.apply(sha), "failure", "skipped")
    scene.expect_said("was made since the plan was")
    scene.runner.change(pulls=[])
    scene.expect(scene.apply(sha), "failure", "skipped")
    scene.expect_said("::error::no plan was saved")
    return sha


def run_forged(scene, sha, head):
    """A plan that another key has signed, or that needs one and there is none."""
    scene.runner.change(pulls=[{"merge_commit_sha": sha, "head": {"sha": head}}])
    scene.runner.secrets = scene.runner.secrets | {"ROSTER_PLAN_KEY": "another key of many characters.."}
    scene.expect(scene.apply(sha), "failure", "skipped")
    scene.expect_said("signed")
    scene.runner.secrets = scene.world.key | {"ROSTER_PLAN_KEY": PLAN_KEY}


def run_drift(scene, sha):
    issues = lambda: scene.runner.github()["issues"]  # noqa: E731
    scene.expect(scene.drift(sha), "success", "success")
    check(issues() == [], f"in sync: {issues()}")
    scene.world.take_out("+15005550002")
    scene.expect(scene.drift(sha), "success", "success")
    check(len(issues()) == 1 and "+15005550002" in issues()[0]["body"], f"drifted: {issues()}")
    scene.expect(scene.drift(sha), "success", "success")
    check(len(issues()) == 1 and issues()[0]["edits"] == 1, f"still so: {issues()}")
    scene.expect(scene.apply(sha, "workflow_dispatch"), "success", "success")
    scene.expect(scene.drift(sha), "success", "success")
    check(issues()[0]["state"] == "closed", f"put right: {issues()}")
    # What was merged and not applied yet is no drift, for the baseline is known.
    ahead = scene.commit(ROSTER.replace("sticky_sender: true", "sticky_sender: true\n    smart_encoding: false"))
    scene.expect(scene.drift(ahead), "success", "success")
    check(len(issues()) == 1 and issues()[0]["state"] == "closed", f"roster ahead: {issues()}")
    scene.runner.secrets = {}
    scene.expect(scene.drift(sha), "failure", "skipped")


def run_guard(scene):
    """A plan that a guard refuses: shown, and failed; there is nothing to be applied."""
    guarded = ROSTER.replace('      - "+15005550003"\n', "") + "guards: {max_removals: 0}\n"
    scene.expect(scene.pull(scene.commit(guarded)), "success", "failure", "success")
    check("max_removals" in scene.comment(), scene.comment())
    scene.runner.secrets = scene.runner.secrets | {"TWILIO_API_SECRET": "wrong"}
    scene.expect(scene.pull(scene.commit(ROSTER)), "success", "failure", "success")
    check("There is no plan" in scene.comment(), scene.comment())
    scene.runner.secrets = scene.world.key | {"ROSTER_PLAN_KEY": PLAN_KEY}


def run(world):
    check_static()
    scene = Scene(world)
    head = run_pull_requests(scene)
    sha = run_apply(scene, head)
    run_forged(scene, sha, head)
    run_guard(scene)
    run_drift(scene, sha)
    print("the workflows plan, apply and find drift")


main(run)

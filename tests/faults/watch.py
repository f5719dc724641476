#!/usr/bin/env python3
"""roster watch over many runs, with faults, pushes to its git repository, and drift made by hand:
each drift is detected and mended, no plan that failed is tried again, memory and descriptors stay as
they are, and SIGKILL at random instants is safe.

    ROSTER=… ROSTER_SANDBOX=… watch.py [CYCLES] [--seed N]

CYCLES runs (default 200; the whole measure is 2000) are made without a kill, and a quarter as many
with kills. Metrics are checked by promtool where it is installed.
"""

import base64
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

WARM_UP = 100  # runs until memory is measured
GROWTH_KB = 1024
PATIENCE_S = 120  # for one thing to happen; machines may be slow
SERVICES = {"Orders": "MG" + "0" * 31 + "1", "Marketing": "MG" + "0" * 31 + "2"}
NUMBERS = {"+1500555000%d" % n: "PN" + "0" * 31 + str(n) for n in range(1, 5)}
FAULTS = """faults:
  - {method: POST, path: /v1/Services/*/AlphaSenders, status: 400, code: 20001, count: all}
  - {method: GET, path: /v1/*, probability: 0.01, status: 403}
  - {probability: 0.01, status: 503}
  - {probability: 0.005, reset: after}
  - {probability: 0.005, reset: before}
  - {probability: 0.02, delay: 20ms}
"""


def fail(text):
    sys.exit("FAILED: " + text)


def start():
    """Below the sandbox, this script goes on in inside()."""
    folder = tempfile.mkdtemp(prefix="roster-watch.")
    state = {
        "version": 1,
        "account": {"sid": "AC" + "0" * 31 + "1", "auth_token": "0" * 31 + "1"},
        "incoming_phone_numbers": [{"sid": s, "phone_number": n} for n, s in NUMBERS.items()],
        "services": [{"sid": s, "friendly_name": n} for n, s in SERVICES.items()],
    }
    with open(folder + "/state.json", "w", encoding="utf-8") as file:
        json.dump(state, file)
    with open(folder + "/faults.yaml", "w", encoding="utf-8") as file:
        file.write(FAULTS)
    for name in [name for name in os.environ if name.startswith(("ROSTER_", "TWILIO_", "GIT_"))]:
        if name != "ROSTER_SANDBOX":
            del os.environ[name]
    os.environ.update(HOME=folder, XDG_STATE_HOME=folder + "/state", XDG_CACHE_HOME=folder + "/cache",
                      GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", WATCH_FOLDER=folder)
    try:
        command = [os.environ["ROSTER_SANDBOX"], "--state", folder + "/state.json", "--faults",
                   folder + "/faults.yaml", "--seed", "1", "--log", folder + "/log.jsonl", "--"]
        return subprocess.run(command + [sys.executable, *sys.argv, "--inside"], check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Repository:
    """The git repository with the roster."""

    def __init__(self, folder):
        self.folder = folder
        self.settings = {"validity": 14400, "alpha": False, "broken": False, "note": 0}
        self.git("init", "-q", "-b", "main", folder)
        self.push()

    def git(self, *arguments):
        identity = ["-c", "user.name=Watch", "-c", "user.email=watch@example.com"]
        return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True,
                              text=True, cwd=os.path.dirname(self.folder)).stdout.strip()

    def push(self, **settings):
        self.settings.update(settings)
        self.settings["note"] += 1
        with open(self.folder + "/roster.yaml", "w", encoding="utf-8") as file:
            file.write(self.text())
        self.git("-C", self.folder, "add", ".")
        self.git("-C", self.folder, "commit", "-q", "-m", "roster")
        self.commit = self.git("-C", self.folder, "rev-parse", "HEAD")
        return self.commit

    def text(self):
        wanted = self.settings
        key = "friendly_nam" if wanted["broken"] else "friendly_name"
        alpha = "[ACME]" if wanted["alpha"] else "[]"
        return (f"# {wanted['note']}\nversion: 1\nservices:\n"
                f"  - {key}: Orders\n    validity_period: {wanted['validity']}\n"
                f"    alpha_senders: {alpha}\n"
                f"    phone_numbers: [\"+15005550001\", \"+15005550002\"]\n"
                f"  - friendly_name: Marketing\n    sticky_sender: true\n"
                f"    phone_numbers: [\"+15005550003\"]\n")


def api(method, path, form=None):
    """Past the faults, by trying again."""
    pair = os.environ["TWILIO_ACCOUNT_SID"] + ":" + os.environ["TWILIO_AUTH_TOKEN"]
    request = urllib.request.Request(os.environ["ROSTER_API_URL"] + path, method=method,
                                     data=form.encode() if form else None)
    request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    for _ in range(50):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            if (error.code, method) in ((404, "DELETE"), (409, "POST")):
                return None  # it is done already: an answer was lost
            if error.code < 500 and error.code != 403:
                raise
        except OSError:
            pass
    return fail(f"{method} {path} never worked")


class Watch:
    """The program, and the lines that it writes."""

    def __init__(self, folder, repository):
        self.repository = repository
        self.output = folder + "/runs.jsonl"
        self.notes = folder + "/notes"
        self.command = [os.environ["WATCH_ROSTER"], "watch", "--auto-apply", "--interval", "50ms",
                        "--format", "json", "--listen", "127.0.0.1:0",
                        f"git+file://{repository.folder}//roster.yaml?ref=main"]
        self.begin()

    def begin(self):
        with open(self.output, "ab") as output, open(self.notes, "wb") as notes:
            self.process = subprocess.Popen(self.command, stdout=output, stderr=notes)
        self.until("it listens", lambda: self.url() is not None)

    def url(self):
        with open(self.notes, encoding="utf-8") as file:
            words = file.readline().split()
        return words[-1] if words and words[-1].startswith("http") else None

    def get(self, path):
        with urllib.request.urlopen(self.url() + path, timeout=30) as answer:
            return answer.read().decode()

    def runs(self, since=0):
        """All lines from number `since` on."""
        with open(self.output, encoding="utf-8") as file:
            return [json.loads(line) for line in file.readlines()[since:] if line.endswith("\n")]

    def count(self):
        with open(self.output, "rb") as file:
            return file.read().count(b"\n")

    def until(self, what, condition):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if self.process.poll() is not None:
                with open(self.notes, encoding="utf-8") as file:
                    fail(f"watch ended with {self.process.returncode}:\n{file.read()[-2000:]}")
            if time.monotonic() > end:
                fail(f"never: {what}; the last runs:\n" +
                     "\n".join(json.dumps(run) for run in self.runs()[-5:]))
            time.sleep(0.02)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def descriptors(self):
        """The least of some: one more may be open for a moment."""
        counts = []
        for _ in range(20):
            counts.append(len(os.listdir(f"/proc/{self.process.pid}/fd")))
            time.sleep(0.011)
        return min(counts)

    def memory_kb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


class Story:
    """What happens to the account and the repository, and what has to come of it."""

    def __init__(self, watch, repository, chance):
        self.watch, self.repository, self.chance = watch, repository, chance
        self.happened = collections.Counter()
        self.allowed_alpha = 0  # attempts to add the sender that is always refused
        self.value = 20000

    def new_value(self):
        self.value = self.value + 1 if self.value < 35999 else 1
        return self.value

    def is_as_wanted(self):
        orders = api("GET", "/v1/Services/" + SERVICES["Orders"])
        lists = {name: {row["sid"] for row in
                        api("GET", f"/v1/Services/{sid}/PhoneNumbers")["phone_numbers"]}
                 for name, sid in SERVICES.items()}
        numbers = list(NUMBERS.values())
        return (orders["validity_period"] == self.repository.settings["validity"] and
                lists["Orders"] == set(numbers[:2]) and lists["Marketing"] == {numbers[2]})

    def until_in_sync(self):
        """A run with this commit that began after now says so, and it is so."""
        before = self.watch.count()
        self.watch.until("in sync with the commit", lambda: any(
            run["state"] in ("in_sync", "applied") and run["commit"] == self.repository.commit
            for run in self.watch.runs(before + 1)))
        if not self.is_as_wanted():
            fail("watch says that the account is in sync, and it is not")

    def detected(self, before, kind):
        return any((run["changes"] or {}).get(kind, 0) > 0 for run in self.watch.runs(before))

    def drift(self, kind, change):
        before = self.watch.count()
        change()
        self.watch.until("the drift is detected", lambda: self.detected(before, kind))
        self.until_in_sync()

    def change_setting(self):
        self.drift("update_service", lambda: api(
            "POST", "/v1/Services/" + SERVICES["Orders"], f"ValidityPeriod={self.new_value()}"))

    def take_number(self):
        self.drift("add_sender", lambda: api(
            "DELETE", f"/v1/Services/{SERVICES['Orders']}/PhoneNumbers/{NUMBERS['+15005550001']}"))

    def add_number(self):
        self.drift("remove_sender", lambda: api(
            "POST", f"/v1/Services/{SERVICES['Marketing']}/PhoneNumbers",
            f"PhoneNumberSid={NUMBERS['+15005550004']}"))

    def push_good(self):
        self.repository.push(validity=self.new_value())
        self.until_in_sync()

    def push_wrong(self):
        before = self.watch.count()
        self.repository.push(broken=True)
        self.watch.until("the wrong roster is an error", lambda: any(
            run["state"] == "error" and "friendly_nam" in (run["problem"] or "")
            for run in self.watch.runs(before)))
        self.repository.push(broken=False)
        self.until_in_sync()

    def push_refused(self):
        """What the API always refuses is tried once."""
        before = self.watch.count()
        commit = self.repository.push(alpha=True)
        self.allowed_alpha += 1
        self.watch.until("it is tried, and then no more", lambda: sum(
            run["state"] == "tried_before" for run in self.watch.runs(before)) >= 5)
        ended = [run["state"] for run in self.watch.runs(before) if run["commit"] == commit]
        if ended.count("incomplete") != 1:
            fail(f"one attempt was to be made: {ended}")
        self.repository.push(alpha=False)
        self.until_in_sync()

    def kill(self):
        """At any instant of a run that mends something."""
        if self.chance.random() < 0.5:
            api("POST", "/v1/Services/" + SERVICES["Orders"], f"ValidityPeriod={self.new_value()}")
        else:
            self.repository.push(validity=self.new_value())
        time.sleep(self.chance.random() * 0.15)
        self.watch.kill()
        self.watch.begin()
        self.until_in_sync()

    def play(self, runs, scenes):
        end = self.watch.count() + runs
        while self.watch.count() < end:
            scene = self.chance.choice(scenes)
            self.happened[scene.__name__] += 1
            scene()
            # Time in which nothing happens, too.
            calm = self.watch.count() + self.chance.randrange(10)
            self.watch.until("runs go on", lambda calm=calm: self.watch.count() >= calm)


def check_metrics(watch):
    text = watch.get("metrics")
    if shutil.which("promtool"):
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                                 capture_output=True, check=False)
        if checked.returncode != 0 or checked.stdout or checked.stderr:
            fail(f"promtool: {checked.stdout}{checked.stderr}")
    else:
        print("promtool is not installed; the metrics were not checked")
    total = sum(int(line.split()[1]) for line in text.splitlines()
                if line.startswith("roster_watch_runs_total"))
    if abs(total - watch.count()) > 1:
        fail(f"the metrics count {total} runs of {watch.count()}")


def check_attempts(story, folder):
    """No plan was tried again after it had failed, but for what a kill cut off."""
    failed = collections.Counter()
    for run in story.watch.runs():
        if run["state"] == "incomplete":
            failed[run["key"]] += 1
            if failed[run["key"]] > 1:
                fail(f"tried again although it had failed: {run}")
        elif run["state"] in ("in_sync", "applied"):
            failed.clear()
    with open(folder + "/log.jsonl", encoding="utf-8") as file:
        sent = sum('"POST"' in line and "/AlphaSenders" in line for line in file)
    if sent != story.allowed_alpha:
        fail(f"{sent} requests to add the refused sender, not {story.allowed_alpha}")


def inside():
    cycles = next((int(word) for word in sys.argv[1:] if word.isdigit()), 200)
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else \
        random.SystemRandom().randrange(1 << 30)
    folder = os.environ["WATCH_FOLDER"]
    print(f"{cycles} runs, seed {seed}", flush=True)
    repository = Repository(folder + "/repository")
    watch = Watch(folder, repository)
    story = Story(watch, repository, random.Random(seed))
    scenes = [story.change_setting, story.take_number, story.add_number, story.push_good,
              story.push_wrong, story.push_refused]
    try:
        story.until_in_sync()
        for scene in scenes:
            story.happened[scene.__name__] += 1
            scene()
        story.play(max(0, WARM_UP - watch.count()), scenes)
        memory, descriptors = watch.memory_kb(), watch.descriptors()
        watch.get("")
        memory = max(memory, watch.memory_kb())
        story.play(cycles, scenes)
        grown, more = watch.memory_kb() - memory, watch.descriptors() - descriptors
        print(f"memory {memory} KB, grown by {grown} KB; descriptors {descriptors}, {more} more")
        if grown >= GROWTH_KB or more > 0:
            fail("memory or descriptors grow")
        check_metrics(watch)
        story.play(cycles // 4, [story.kill, story.change_setting, story.push_good])
        check_attempts(story, folder)
        watch.process.terminate()
        if watch.process.wait() != 0:
            fail(f"SIGTERM: exit status {watch.process.returncode}")
        states = collections.Counter(run["state"] for run in watch.runs())
        print(f"{watch.count()} runs: {dict(states)}; {dict(story.happened)}")
    finally:
        watch.process.kill()


if __name__ == "__main__":
    if "--inside" in sys.argv:
        inside()
    else:
        os.environ["WATCH_ROSTER"] = os.environ["ROSTER"]
        sys.exit(start())

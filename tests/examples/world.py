"""What the tests that run examples/ share: a sandbox account, a scratch folder, and checks.

A test calls main(run). Started by ctest it makes the folder and starts itself again inside of
roster-sandbox; run(world) is called there. ROSTER and ROSTER_SANDBOX name the programs.
"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent.parent / "examples"
KEY = {"sid": "SK00000000000000000000000000000001", "secret": "the-secret-of-the-key"}
PLAN_KEY = "a key of thirty-two characters.."


def load_yaml(path):
    """All documents of the file, as YAML 1.2 has them: "on" is a string."""
    from ruamel.yaml import YAML
    return [document for document in YAML(typ="safe").load_all(path) if document is not None]


class World:
    def __init__(self, scratch):
        self.scratch = pathlib.Path(scratch)
        self.api_url = os.environ["ROSTER_API_URL"]
        self.account = os.environ["TWILIO_ACCOUNT_SID"]
        self.token = os.environ["TWILIO_AUTH_TOKEN"]
        self.key = {"TWILIO_ACCOUNT_SID": self.account, "TWILIO_API_KEY": KEY["sid"],
                    "TWILIO_API_SECRET": KEY["secret"]}
        self.stubs = self.scratch / "stubs"
        self.stubs.mkdir()
        (self.scratch / "home").mkdir()
        # Nothing of the machine's settings, and no credentials but those that an example gives.
        self.environment = {
            "PATH": f"{self.stubs}:{pathlib.Path(os.environ['ROSTER']).parent}:{os.environ['PATH']}",
            "HOME": str(self.scratch / "home"), "XDG_STATE_HOME": str(self.scratch / "state"),
            "XDG_CACHE_HOME": str(self.scratch / "cache"), "LC_ALL": "C.UTF-8",
            "TMPDIR": str(self.scratch), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@example.com",
            "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "n@example.com",
            "ROSTER_API_URL": self.api_url,
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def run(self, command, cwd=None, **extra):
        """The finished process; its output is text."""
        return subprocess.run(command, cwd=cwd or self.scratch, env=self.environment | extra,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def roster(self, *words, cwd=None, **extra):
        return self.run(["roster", *map(str, words)], cwd, **self.key, **extra)

    def git(self, folder, *words):
        done = self.run(["git", *map(str, words)], folder)
        check(done.returncode == 0, f"git {words}: {done.stderr}")
        return done.stdout.strip()

    def stub(self, name, text):
        (self.stubs / name).write_text(text)
        (self.stubs / name).chmod(0o755)

    def call(self, method, path, **form):
        """Changes the account, or looks at it, as somebody would by hand."""
        request = urllib.request.Request(self.api_url + path, method=method)
        login = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        request.add_header("Authorization", "Basic " + login)
        data = urllib.parse.urlencode(form).encode() if form else None
        with urllib.request.urlopen(request, data) as answer:
            return json.loads(answer.read() or "null")

    def take_out(self, number):
        """Takes a phone number out of its service, by hand."""
        for service in self.call("GET", "/v1/Services")["services"]:
            numbers = f"/v1/Services/{service['sid']}/PhoneNumbers"
            for entry in self.call("GET", numbers)["phone_numbers"]:
                if entry["phone_number"] == number:
                    self.call("DELETE", f"{numbers}/{entry['sid']}")
                    return
        raise SystemExit(f"FAILED: no service has {number}")


def check(good, problem):
    if not good:
        raise SystemExit(f"FAILED: {problem}")


def start(scratch):
    state = json.loads((EXAMPLES / "account.json").read_text())
    state["account"]["api_keys"] = [KEY]
    path = os.path.join(scratch, "account.json")
    with open(path, "w") as file:
        json.dump(state, file)
    return subprocess.call([os.environ["ROSTER_SANDBOX"], "--state", path, "--message-delay", "10",
                            "--", sys.executable, sys.argv[0], scratch])


def need(*programs):
    """Ends the test as skipped when there is nothing to run it with."""
    missing = [program for program in programs if shutil.which(program) is None]
    try:
        import ruamel.yaml  # noqa: F401
    except ImportError:
        missing.append("python3-ruamel.yaml")
    if missing:
        print(f"SKIPPED: {', '.join(missing)}: not installed (.ci/install-packages test installs it)")
        sys.exit(77)


def main(run):
    need("bash", "curl", "flock", "git", "jq")
    if len(sys.argv) == 1:
        with tempfile.TemporaryDirectory(prefix="roster-examples.") as scratch:
            sys.exit(start(os.path.realpath(scratch)))
    run(World(sys.argv[1]))

"""The pipeline of examples/gitlab-ci.yml, run: its scripts as GitLab starts them, with a server in
place of GitLab's API. Which jobs a pipeline has is checked by lint_gitlab.mjs.
"""

import http.server
import json
import shutil
import threading
import urllib.parse

from world import EXAMPLES, PLAN_KEY, check, load_yaml, main

PIPELINE = load_yaml(EXAMPLES / "gitlab-ci.yml")[0]
ROSTER = (EXAMPLES / "roster.yaml").read_text()
TOKEN = "glpat-t0ken"


class Notes(http.server.BaseHTTPRequestHandler):
    notes = [{"id": 3, "body": "Looks good. <!-- roster plan -->"}]
    path_of_notes = "/projects/7/merge_requests/4/notes"

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_one(self, note):
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        path = self.path.split("?")[0]
        if self.headers["PRIVATE-TOKEN"] != TOKEN:
            self.reply(401, {})
        elif note is None and path == self.path_of_notes:
            self.reply(200, self.notes)
        elif note is None or not path.startswith(self.path_of_notes):
            self.reply(404, {})
        else:
            note["body"] = urllib.parse.parse_qs(form)["body"][0]
            self.reply(200, note)

    def do_GET(self):
        self.handle_one(None)

    def do_POST(self):
        self.notes.append({"id": 4 + len(self.notes)})
        self.handle_one(self.notes[-1])

    def do_PUT(self):
        number = int(self.path.rsplit("/", 1)[1])
        self.handle_one(next(note for note in self.notes if note["id"] == number))

    def log_message(self, *_):
        pass


class Project:
    def __init__(self, world):
        self.world = world
        self.folder = world.scratch / "builds"
        self.folder.mkdir()
        self.server = http.server.HTTPServer(("127.0.0.1", 0), Notes)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        world.git(self.folder, "init", "-q", "-b", "main")
        self.commit(ROSTER)

    def commit(self, text):
        (self.folder / "roster.yaml").write_text(text)
        self.world.git(self.folder, "add", "roster.yaml")
        self.world.git(self.folder, "commit", "-q", "--allow-empty", "-m", "roster")
        return self.world.git(self.folder, "rev-parse", "HEAD")

    def run(self, name, code, says="", **variables):
        """Runs a job, which has to end with `code`, say `says`, and leave its artifacts."""
        job = PIPELINE[name]
        artifacts = job.get("artifacts", {}).get("paths", [])
        for path in artifacts:
            (self.folder / path).unlink(missing_ok=True)
        done = self.world.run(
            ["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])], self.folder,
            CI_API_V4_URL=f"http://127.0.0.1:{self.server.server_port}", CI_PROJECT_ID="7",
            CI_MERGE_REQUEST_IID="4", CI_JOB_URL="https://gitlab.example.com/job/1",
            **{"ROSTER_NOTE_TOKEN": TOKEN} | self.world.key | variables)
        said = done.stdout + done.stderr
        check(done.returncode == code, f"{name} ended with {done.returncode}, not {code}:\n{said}")
        check(says in said, f"{name} does not say {says!r}:\n{said}")
        check(TOKEN not in said and self.world.key["TWILIO_API_SECRET"] not in said, f"{name} shows a secret")
        check(code != 0 or all((self.folder / path).exists() for path in artifacts),
              f"{name} leaves not all of {artifacts}")

    def check_note(self, text):
        check(len(Notes.notes) == 2 and Notes.notes[0]["body"].startswith("Looks good"), f"{Notes.notes}")
        check(text in Notes.notes[1]["body"], f"no {text!r} in {Notes.notes[1]['body']}")


def check_static():
    for name in ("review", "plan", "drift"):
        check(PIPELINE[name]["environment"] == {"name": "review", "action": "access"}, f"{name}: secrets")
    check(PIPELINE["apply"]["environment"]["name"] == "production", "apply is not protected")
    check(PIPELINE["apply"]["resource_group"] == "roster", "two applies may run at a time")
    check(PIPELINE["apply"]["rules"][0]["when"] == "manual", "apply does not wait")


def run(world):
    check_static()
    project = Project(world)
    project.run("validate", 0)
    project.run("review", 0)
    project.check_note("2 to create, 6 to add")
    (project.folder / "roster.yaml").write_text("version: 2\n")
    project.run("validate", 1)
    project.run("review", 1)
    project.check_note("There is no plan: `roster plan` ended with 1")
    project.run("review", 22, ROSTER_NOTE_TOKEN="wrong")  # curl's word for 401
    applied = project.commit(ROSTER)
    project.run("plan", 0, ROSTER_PLAN_KEY=PLAN_KEY)
    project.run("apply", 5, "signed", ROSTER_PLAN_KEY="another key of many characters..")
    project.run("apply", 0, "Apply: 8 done", ROSTER_PLAN_KEY=PLAN_KEY)
    project.run("apply", 5, ROSTER_PLAN_KEY=PLAN_KEY)
    project.run("drift", 0)
    world.take_out("+15005550002")
    project.run("drift", 2, "+15005550002")
    world.call("POST", "/v1/Services/%s/PhoneNumbers" % next(
        service["sid"] for service in world.call("GET", "/v1/Services")["services"]
        if service["friendly_name"] == "Order notifications"), PhoneNumberSid="PN%032d" % 2)
    project.commit(ROSTER.replace("sticky_sender: true", "sticky_sender: false"))
    project.run("drift", 2, "sticky_sender")
    project.run("drift", 0, "sticky_sender", ROSTER_BASELINE=applied)
    project.server.shutdown()
    shutil.rmtree(project.folder)
    print("the pipeline plans, applies and finds drift")


main(run)

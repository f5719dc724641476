"""What examples/ has for cron, systemd and Kubernetes, run: each of their command lines, in the
environment that the example gives it; their probes; and whether what the alerts and the dashboard
ask for is exported.
"""

import atexit
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from manifests import check_manifests
from world import EXAMPLES, check, load_yaml, main

SOURCE = "git+https://git.example.com/team/config.git//roster.yaml?ref=main"
NUMBER = "+15005550002"
ROSTER = (EXAMPLES / "roster.yaml").read_text()


class Host:
    """Folders in place of those that the examples name."""

    def __init__(self, world):
        self.world = world
        self.repository = world.scratch / "config.git"
        self.repository.mkdir()
        world.git(self.repository, "init", "-q", "-b", "main")
        (self.repository / "roster.yaml").write_text(ROSTER)
        world.git(self.repository, "add", ".")
        world.git(self.repository, "commit", "-q", "-m", "roster")
        self.places = {SOURCE: f"git+file://{self.repository}//roster.yaml?ref=main"}
        for folder in ("/etc/roster", "/var/lib/roster-metrics", "/var/lib/roster", "/var/lib",
                       "/var/cache", "/data", "/state"):
            place = world.scratch / "host" / folder[1:]
            place.mkdir(parents=True, exist_ok=True)
            self.places[folder] = str(place)
        self.etc = world.scratch / "host/etc/roster"
        (self.etc / "roster.yaml").write_text(ROSTER)
        (self.etc / "twilio.json").write_text(json.dumps(
            {"account_sid": world.account, "api_key": world.key["TWILIO_API_KEY"],
             "api_secret": world.key["TWILIO_API_SECRET"]}))

    def localise(self, text):
        pattern = "|".join(map(re.escape, self.places))
        return re.sub(rf"(?<![\w/.-])({pattern})(?=$|[\s/\"'])", lambda m: self.places[m[0]], text)


def run_cron(host):
    """Says nothing while all is well, and also when another one is running."""
    world = host.world
    lines = (EXAMPLES / "cron" / "roster-drift").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]+=", line))
    jobs = [line for line in lines if not re.match(r"#|[A-Z]+=|$", line)]
    check(len(jobs) == 1 and "@" in variables["MAILTO"], f"cron: {jobs}")
    *when, user, command = jobs[0].split(None, 6)
    check(all(re.fullmatch(r"(\*|\d+)(/\d+)?", field) for field in when) and user == "roster", f"cron: {when}")
    check(re.search(r"(?<!\\)%", command) is None, "cron: a % that cron takes for the end of the line")
    command = host.localise(command.replace("\\%", "%"))

    def mail():
        done = world.run([variables["SHELL"], "-c", command])
        return done.stdout + done.stderr

    check(mail() == "", "cron: mail although all is well")
    world.take_out(NUMBER)
    check(NUMBER in mail(), "cron: no mail of drift")
    lock = host.localise("/var/lib/roster") + "/drift.lock"
    holder = subprocess.Popen(["flock", lock, "sh", "-c", "echo held; read -r end"], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    check(holder.stdout.readline() == "held\n", "cron: no lock")
    check(mail() == "", "cron: mail although another run has the lock")
    holder.communicate("\n")
    (host.etc / "twilio.json").rename(host.etc / "gone.json")
    check("credentials" in mail(), "cron: no mail of an error")
    (host.etc / "gone.json").rename(host.etc / "twilio.json")


def read_unit(name):
    """The settings of a unit's [Service]; the last value of each, those of Environment joined."""
    settings = {"Environment": ""}
    for line in (EXAMPLES / "systemd" / name).read_text().splitlines():
        key, _, value = line.partition("=")
        if re.match(r"[A-Za-z]+=", line):
            settings[key] = f"{settings[key]} {value}" if key == "Environment" else value
    return settings


def unit_command(host, unit):
    """Its command line and environment; %d is where systemd puts the credentials."""
    name, _, path = unit["LoadCredential"].partition(":")
    credentials = os.path.dirname(host.localise(path))
    check(os.path.exists(os.path.join(credentials, name)), f"{path} has another name than {name}")
    words = [word.replace("%d", credentials) for word in shlex.split(host.localise(unit["ExecStart"]))]
    check(words.pop(0) == "/usr/bin/roster", f"{unit['ExecStart']}: what is run?")
    environment = dict(word.split("=", 1) for word in shlex.split(host.localise(unit["Environment"])))
    return ["roster", *words], environment


def exported(text):
    """The samples of Prometheus' text format: (name, {label: value})."""
    return [(m[1], dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', m[2] or "")))
            for m in re.finditer(r"^(\w+)(\{.*\})? [0-9.e+-]+$", text, re.M)]


class Watch:
    """A watcher that tells its service manager, and us, when it is there."""

    def __init__(self, host, words, environment):
        self.path = str(host.world.scratch / "notify")
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(self.path)
        self.manager.settimeout(1)
        self.log = open(host.world.scratch / "watch.log", "w+")
        self.process = subprocess.Popen(
            words, cwd=host.world.scratch, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=host.world.environment | {"NOTIFY_SOCKET": self.path} | environment)
        atexit.register(self.process.kill)  # when a check fails; after end() it does nothing
        self.said = ""
        self.wait_for(self.is_ready, "watch does not get ready")
        self.url = re.search(r"http://127\.0\.0\.1:\d+|http://0\.0\.0\.0:\d+", self.text())[0]
        self.url = self.url.replace("0.0.0.0", "127.0.0.1")

    def is_ready(self):
        try:
            self.said += self.manager.recv(4096).decode() + "\n"
        except TimeoutError:
            pass
        return "READY=1" in self.said

    def text(self):
        self.log.flush()
        with open(self.log.name) as log:
            return log.read()

    def wait_for(self, good, what):
        """Looks again until it is so; a minute is far more than it takes."""
        for _ in range(600):
            if good():
                return
            check(self.process.poll() is None, f"watch ended: {self.text()}")
            time.sleep(0.1)
        check(False, f"{what}: {self.text()}")

    def get(self, path, **headers):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers)) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.log.close()
        self.manager.close()
        os.unlink(self.path)
        check(code == 0, f"watch ended with {code}")


def run_systemd(host):
    """Returns what the units have exported."""
    world = host.world
    words, environment = unit_command(host, read_unit("roster-drift.service"))
    metrics = world.scratch / "host/var/lib/roster-metrics/roster.prom"
    done = world.run(words, **environment)
    check(done.returncode == 2 and NUMBER in done.stdout, f"drift: {done.stdout}{done.stderr}")
    check("roster_drift_in_sync" in metrics.read_text(), "roster-drift.service leaves no metrics")
    check(metrics.stat().st_mode & 0o777 == 0o644, "node_exporter can't read the metrics")

    unit = read_unit("roster-watch.service")
    words, environment = unit_command(host, unit)
    check("--auto-apply" not in words, "roster-watch.service applies without having been told to")
    watch = Watch(host, [*words, "--listen", "127.0.0.1:0"], environment)
    watch.wait_for(lambda: "roster_watch_in_sync 0" in watch.get("/metrics")[1], "no drift is found")
    check(watch.get("/healthz")[0] == 200, "/healthz")
    watch.wait_for(lambda: watch.get("/readyz")[0] == 200, "/readyz")
    check((world.scratch / "host/var/cache/roster/git").is_dir(), "the cache is elsewhere")
    watch.end()

    drop_in = unit | read_unit("roster-watch.service.d/auto-apply.conf") | {"Environment": unit["Environment"]}
    words, environment = unit_command(host, drop_in)
    words = always_open(words)
    watch = Watch(host, [*words, "--listen", "127.0.0.1:0"], environment)
    watch.wait_for(lambda: "roster_watch_in_sync 1" in watch.get("/metrics")[1], "not applied")
    watch.wait_for(lambda: 'state="applied"} 1' in watch.get("/metrics")[1], "not applied")
    check((world.scratch / f"host/var/lib/roster/{world.account}.jsonl").exists(), "the journal is elsewhere")
    text = watch.get("/metrics")[1]
    watch.end()
    return exported(text) + exported(metrics.read_text())


def always_open(words):
    """The window that is given is well-formed, but whether it is open depends on the day."""
    window = words.index("--window") + 1
    check(words[window] == "Mon-Fri 09:00-17:00 Europe/Berlin", words[window])
    return [*words[:window], "daily 00:00-24:00 UTC", *words[window + 1:]]


def run_kubernetes(host, manifests):
    world = host.world
    values = {}
    for secret in manifests["Secret"].values():
        values |= secret["stringData"]
    (host.etc / "roster.yaml").write_text(manifests["ConfigMap"]["roster"]["data"]["roster.yaml"])

    container = manifests["CronJob"]["roster-drift"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    done = world.run([host.localise(word) for word in container["args"]],
                     **values | world.key | environment_of(container, host))
    check(done.returncode == 2 and "Order notifications" in done.stdout, f"CronJob: {done.stdout}{done.stderr}")

    container = manifests["Deployment"]["roster-watch"]["spec"]["template"]["spec"]["containers"][0]
    words = always_open([host.localise(word) for word in container["args"]])
    words[words.index("--listen") + 1] = "0.0.0.0:0"
    environment = values | world.key | environment_of(container, host)
    watch = Watch(host, words, environment)
    check(watch.get(container["livenessProbe"]["httpGet"]["path"])[0] == 200, "the liveness probe")
    probe = container["readinessProbe"]["exec"]["command"]
    port = container["ports"][0]["containerPort"]
    check(f"127.0.0.1:{port}/" in probe[-1], "the readiness probe asks another port")
    probe = [*probe[:-1], probe[-1].replace(f"http://127.0.0.1:{port}", watch.url)]
    watch.wait_for(lambda: world.run(probe, **environment).returncode == 0, "the readiness probe")
    check(world.run(probe, **environment | {"ROSTER_WATCH_PASSWORD": "wrong"}).returncode != 0,
          "the readiness probe sees nothing")
    check(watch.get("/metrics")[0] == 401, "everybody may see the metrics")
    watch.end()


def environment_of(container, host):
    return {entry["name"]: host.localise(entry["value"]) for entry in container["env"]}


def selectors(expression):
    """The metrics of a PromQL expression: (name, [(label, operator, value)])."""
    for m in re.finditer(r"\b(roster_\w+)(\{[^}]*\})?", expression):
        yield m[1], re.findall(r'(\w+)\s*(=~|!=|!~|=)\s*"([^"]*)"', m[2] or "")


def check_metrics(samples):
    """Every metric that is asked for is exported, with the labels that are."""
    rules = load_yaml(EXAMPLES / "prometheus" / "alerts.yaml")[0]["groups"]
    dashboard = json.loads((EXAMPLES / "grafana" / "dashboard.json").read_text())
    variables = [v for v in dashboard["templating"]["list"] if v["type"] == "query"]
    expressions = [rule["expr"] for group in rules for rule in group["rules"]]
    expressions += [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    expressions += [variable["query"]["query"] for variable in variables]
    asked = [selector for expression in expressions for selector in selectors(expression)]
    check(len(asked) > 30, "the expressions are not understood")
    for name, labels in asked:
        found = [given for other, given in samples if other == name]
        check(found, f"{name} is not exported")
        for label, operator, value in labels:
            if label in ("instance", "job"):  # Prometheus' own
                continue
            wanted = value.split("|") if operator == "=~" else [value]
            for one in wanted:
                check(any(one in (given.get(label), "$" + label) for given in found),
                      f'no {name} has {label}="{one}"')
    places = [tuple(panel["gridPos"].values()) for panel in dashboard["panels"]]
    check(len(set(places)) == len(places) == len({p["id"] for p in dashboard["panels"]}), "panels overlap")


def run(world):
    done = world.roster("apply", "--auto-approve", EXAMPLES / "roster.yaml")
    check(done.returncode == 0, done.stderr)
    host = Host(world)
    run_cron(host)
    check_metrics(run_systemd(host))
    run_kubernetes(host, check_manifests())
    print("cron, the units, the manifests, the alerts and the dashboard fit the programs")


main(run)

"""The shell scripts inside of examples/ by bash and shellcheck; the variables that they name, which
roster has to know; and the packages of the image, which have to be those that roster needs.
"""

import os
import re
import shutil
import subprocess

from world import EXAMPLES, check, load_yaml, need

# The examples' own.
OWN = {"ROSTER_NOTE_TOKEN", "ROSTER_BASELINE"}
# Variables that the surroundings use.
IGNORED = "SC2034"


def scripts():
    """(name, shell, text) of each."""
    for path in sorted((EXAMPLES / "github-actions").glob("*.yml")):
        for name, job in load_yaml(path)[0]["jobs"].items():
            for step in job["steps"]:
                if "run" in step:
                    yield f"{path.name}: {name}: {step['name']}", "bash", step["run"]
    for step in load_yaml(EXAMPLES / "github-actions/install-roster/action.yml")[0]["runs"]["steps"]:
        if "run" in step:
            yield f"install-roster: {step['name']}", "bash", step["run"]
    for name, job in load_yaml(EXAMPLES / "gitlab-ci.yml")[0].items():
        if isinstance(job, dict) and "script" in job:
            yield f"gitlab-ci.yml: {name}", "bash", "\n".join(job["script"])
    for manifest in load_yaml(EXAMPLES / "kubernetes/watch.yaml"):
        if manifest["kind"] == "Deployment":
            probe = manifest["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]
            yield "watch.yaml: readiness", "sh", probe["exec"]["command"][2]
    cron = (EXAMPLES / "cron/roster-drift").read_text().splitlines()[-1]
    yield "cron", "sh", cron.split(None, 6)[6].replace("\\%", "%")
    for path in sorted(EXAMPLES.glob("*.sh")):
        yield path.name, "bash", path.read_text()


def check_script(name, shell, text):
    done = subprocess.run([shell, "-n", "-c", text], capture_output=True, text=True)
    check(done.returncode == 0, f"{name}: {done.stderr}")
    if shutil.which("shellcheck"):
        done = subprocess.run(["shellcheck", f"--shell={shell}", f"--exclude={IGNORED}", "-"],
                              input=text, capture_output=True, text=True)
        check(done.returncode == 0, f"{name}: {done.stdout}")


def check_variables():
    """Names that roster does not know would do nothing, without a word."""
    with open(os.environ["ROSTER"], "rb") as file:
        program = file.read()
    for path in EXAMPLES.rglob("*"):
        if path.is_file():
            for name in set(re.findall(r"\bROSTER_[A-Z_]+\b", path.read_text())) - OWN:
                check(name.encode() in program, f"{path.name}: roster does not know {name}")


def check_image():
    """The libraries that roster asks for are in the packages of the image, and no others."""
    image = (EXAMPLES / "Containerfile").read_text().split("FROM ")[2]
    installed = re.search(r"apt-get install (.*?)&&", image, re.S)[1].split()
    packages = {word for word in installed if word.startswith("lib")}
    if not shutil.which("objdump") or not shutil.which("dpkg-query"):
        print("the packages of the image are not checked: objdump or dpkg-query is missing")
        return
    needed = set()
    for program in (os.environ["ROSTER"], os.environ["ROSTER_SANDBOX"]):
        dump = subprocess.run(["objdump", "-p", program], capture_output=True, text=True, check=True)
        needed |= set(re.findall(r"NEEDED +(\S+)", dump.stdout))
    needed = {name for name in needed if not re.match(r"lib(c|m|asan|ubsan|gcc_s)\.so|ld-linux", name)}
    found = set()
    for name in needed:
        query = subprocess.run(["dpkg-query", "-S", f"*/{name}"], capture_output=True, text=True)
        owner = {line.split(":")[0] for line in query.stdout.splitlines()}
        check(owner & packages, f"Containerfile: the package of {name} is missing: {sorted(owner)}")
        found |= owner & packages
    check(found == packages, f"Containerfile: nothing needs {sorted(packages - found)}")


need("bash")
for found in scripts():
    check_script(*found)
if not shutil.which("shellcheck"):
    print("shellcheck is not installed; only the syntax was checked")
check_variables()
check_image()

#!/usr/bin/env python3
"""Completion of roster's command lines in the real shells.

    shells.py bash | bash-completion | zsh | zsh-sourced | fish

A line is typed into the shell on a pseudo-terminal, Tab is pressed, and the words of the completed
line are taken from the shell itself, so that the quoting of what it has inserted counts. ROSTER and
ROSTER_SANDBOX name the programs. "bash" sources what `roster completion` prints; "bash-completion"
and "zsh" find installed files. Exits with 77 when the shell is not installed.
"""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

PATIENCE = 60  # seconds, for a loaded machine; what works takes none of it
SHOWN, NEXT, END = "\x1d", "\x1f", "\x1e"

NAMES = [
    "Marketing",
    "Order notifications",
    'Quoted "best" $HOME',
    "It's",
    "Größe € straße",
    "back\\slash",
    "Sales:north",
    "Hello! you",
    "a=b c",
    "Star*[x]",
    "tick`id`",
    "-dash",
    "semi;colon&more|<x>(y)",
    "#hash ~tilde",
]
OPENINGS = [("", ""), ('"', '"'), ("'", "'")]


def yaml(names, sends=()):
    text = "version: 1\nservices:\n"
    for name in names:
        text += "  - friendly_name: '" + name.replace("'", "''") + "'\n"
    if sends:
        text += "test_sends:\n"
    for name in sends:
        text += f"  - {{name: {name}, service: {names[0]}, to: '+447700900123', body: x}}\n"
    return text


def make_world(folder):
    """The files that lines are completed to; all names begin differently."""

    def write(name, text):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)

    write("roster.yaml", yaml(NAMES, ["orders reach the UK"]))
    write("other.yaml", yaml(["Other service"]))
    write("my roster.yaml", yaml(["Blank"]))
    write("folder/a.yml", yaml(["From a folder"]))
    write("broken.yaml", "version: 1\nservices: [{friendly_name: Unbroken}, {friendly_name: ]\n")
    write("half.yaml", "version: 2\nservices:\n  - friendly_name: Half good\n    nonsense: ${NOT_SET}\n")
    write("secret.yaml", "version: 1\nservices:\n  - friendly_name: X${SECRET_NAME}\n")
    write("notes.txt", "")
    write("plan.json", "{}")
    os.mkfifo(os.path.join(folder, "waiting"))


class Shell:
    """An interactive shell on a terminal."""

    def __init__(self, arguments, environment, folder):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(arguments[0], arguments, environment)
        self.output = ""

    def send(self, text):
        data = text.encode()
        while data:
            data = data[os.write(self.terminal, data[:512]):]

    def wait(self, wanted):
        """Reads until `wanted`, a function of the output so far, gives something."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = wanted(self.output)
            if found:
                return found
            if select.select([self.terminal], [], [], 1)[0]:
                try:
                    self.output += os.read(self.terminal, 65536).decode(errors="replace")
                except OSError:
                    break
        raise AssertionError(f"the shell does not get there; it has shown:\n{self.output!r}")

    def run(self, command):
        """A command whose end has to be waited for."""
        self.output = ""
        self.send(command + "; show ready\r")
        self.wait(lambda out: f"{SHOWN}{NEXT}ready{END}" in out)

    def words(self, typed, back=0):
        """The words of the line after Tab at its end, or `back` characters before it."""
        self.output = ""
        self.send(typed + "\x02" * back + "\t\x01show \r")
        found = self.wait(lambda out: re.search(f"{SHOWN}([^{END}]*){END}", out))
        return found.group(1).split(NEXT)[1:]

    def lists(self, typed, wanted):
        """Whether all that is wanted is listed, and what else the terminal has shown."""
        self.output = ""
        self.send(typed + "\x1bL")
        self.wait(lambda out: all(word in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", out) for word in wanted))
        self.send("\x15\r")
        shown = self.output
        self.run("true")
        return shown

    def end(self):
        self.send("\x15exit\r")
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


# What is typed, and the last word after Tab.
PLAIN = [
    ("roster pl", "plan"),
    ("roster --colo", "--color"),
    ("roster --color al", "always"),
    ("roster --color=ne", "--color=never"),
    ("roster --rate 5 valid", "validate"),
    ("roster plan --detailed", "--detailed-exitcode"),
    ("roster plan --auto-a", "--auto-a"),  # apply's
    ("roster apply --auto-a", "--auto-approve"),
    ("roster plan --format mark", "markdown"),
    ("roster validate --format git", "github"),
    ("roster help vali", "validate"),
    ("roster help exit", "exit-codes"),
    ("roster completion fi", "fish"),
    ("roster schema pl", "plan"),
    ("roster plan my", "my roster.yaml"),
    ("roster plan note", "note"),  # no roster
    ("roster plan pla", "plan.json"),
    ("roster validate pla", "pla"),
    ("roster validate fold", "folder/"),
    ("roster validate folder/", "folder/a.yml"),
    ("roster plan --out note", "notes.txt"),
    ("roster plan --out=note", "--out=notes.txt"),
    ("roster export --split fold", "folder/"),
    ("roster export --split note", "note"),
    ("roster test --only ord", "orders reach the UK"),
    ("roster export --service Mark", "Marketing"),
    ("roster plan other.yaml --target Ot", "Other service"),
    ("roster plan other.yaml --target Mark", "Mark"),
    ("roster plan folder --target Fro", "From a folder"),
    ("roster plan half.yaml --target Ha", "Half good"),
    ("roster plan secret.yaml --target X", "X"),
    ("roster plan broken.yaml --target Mark", "Mark"),
    ("roster plan nowhere.yaml --target Mark", "Mark"),
    ("roster plan waiting --target Mark", "Mark"),
    ("roster plan git+file:///nowhere//x --target Mark", "Mark"),
    ("roster-sandbox --sta", "--state"),
    ("roster-sandbox --clock man", "manual"),
    ("roster-sandbox --faults oth", "other.yaml"),
    ("roster-sandbox --state pla", "plan.json"),
    ("roster-sandbox --rate 5 -- roster plan --target Mark", "Marketing"),
    ("roster-sandbox -- roster-sa", "roster-sandbox"),
    ("roster-sandbox -- cat note", "notes.txt"),
    ("./bin/roster pl", "plan"),
    ("~/bin/roster pl", "plan"),
]


# zsh offers other files when none has the extension, and takes the slash of a folder back.
ZSH = {
    "roster plan note": "notes.txt",
    "roster validate pla": "plan.json",
    "roster validate fold": "folder",
    "roster export --split fold": "folder",
    "roster export --split note": "notes.txt",
}


def prefix(name):
    """The beginning of a name that only it has, as far as nothing needs quoting."""
    return re.match(r"-?\w+|#h", name).group(0)[:4]


def check(failures, typed, words, expected):
    if words and words[-1] == expected:
        return
    failures.append(f"{typed!r}: {words} does not end with {expected!r}")


def check_interactive(shell, failures, customs):
    for typed, expected in PLAIN:
        check(failures, typed, shell.words(typed), customs.get(typed, expected))
    for name in NAMES:
        for opening, closing in OPENINGS:
            if name[0] in "#" and not opening:
                continue  # begins a comment
            begin = prefix(name)
            if name[0] != "-":
                check(failures, name, shell.words(f"roster plan --target {opening}{begin}"), name)
            check(failures, name, shell.words(f"roster plan --target={opening}{begin}"),
                  f"--target={name}")
    # Inside of a name, where quotes and colons have been typed.
    for typed in ["Sales:n", "Sales\\:n", '"Sales:n', "'Sales:n", 'Sales":n', "'Sales':n"]:
        check(failures, typed, shell.words("roster plan --target " + typed), "Sales:north")
        check(failures, typed, shell.words("roster plan --target=" + typed), "--target=Sales:north")
    for typed in ["Order\\ n", '"Order n', "'Order n", 'Or"der n']:
        check(failures, typed, shell.words("roster plan --target " + typed), "Order notifications")
    check(failures, "quoted", shell.words("roster plan --target 'Quoted \"b"), 'Quoted "best" $HOME')
    check(failures, "euro", shell.words("roster plan --target Größe\\ €"), "Größe € straße")
    # A roster behind the cursor, after text of several bytes a character.
    behind = " other.yaml"
    words = shell.words("roster apply --journal 'Größe €' --target Ot" + behind, len(behind))
    if "Other service" not in words:
        failures.append(f"a roster behind the cursor: {words}")
    shown = shell.lists("roster ", ["validate", "apply", "watch", "completion"])
    if "__complete" in shown:
        failures.append("the hidden command shows")
    shell.lists("roster plan --", ["--target", "--out", "--api-url"])
    shell.lists("roster plan --target Hel", ["Hello"])
    shell.run("mkdir empty; cd empty")
    check(failures, "without a roster", shell.words("roster plan --target Mark"), "Mark")
    if "error" in shell.output:
        failures.append(f"noise: {shell.output!r}")


def check_bash(kind, folder, home, environment, failures):
    startup = os.path.join(home, "bashrc")
    installed = os.path.join(home, "completion", "completions")
    os.makedirs(installed)
    for program in ["roster", "roster-sandbox"]:
        with open(os.path.join(installed, program), "wb") as out:
            out.write(script("bash"))
    with open(startup, "w", encoding="utf-8") as out:
        out.write(
            f"show() {{ printf '\\35'; printf '\\37%s' \"$@\"; printf '\\36'; }}\n"
            "PS1='> '\n"
            "for setting in 'enable-bracketed-paste off' 'bell-style none' 'page-completions off' \\\n"
            "    'completion-query-items 0'; do bind \"set $setting\"; done\n"
            "bind '\"\\eL\": possible-completions'\n"
        )
        if kind == "bash":
            out.write("source <(env -i $(type -P roster) completion bash)\n")
        else:
            out.write(f"BASH_COMPLETION_USER_DIR={home}/completion\n"
                      "source /usr/share/bash-completion/bash_completion\n")
    shell = Shell(["bash", "--noprofile", "--rcfile", startup, "-i"], environment, folder)
    shell.run("true")
    check_interactive(shell, failures, {})
    shell.end()


def check_zsh(kind, folder, home, environment, failures):
    functions = os.path.join(home, "functions")
    os.makedirs(functions)
    with open(os.path.join(functions, "_roster"), "wb") as out:
        out.write(script("zsh"))
    with open(os.path.join(home, ".zshrc"), "w", encoding="utf-8") as out:
        out.write(
            "show() { printf '\\35'; printf '\\37%s' \"$@\"; printf '\\36'; }\n"
            "PS1='> '; unset zle_bracketed_paste; setopt no_beep; LISTMAX=10000\n"
            "bindkey -e; bindkey '\\eL' list-choices\n"
        )
        if kind == "zsh":
            out.write(f"fpath=({functions} $fpath)\n")
        out.write("autoload -Uz compinit; compinit -u -D\n")
        if kind == "zsh-sourced":
            out.write("source <(env -i $commands[roster] completion zsh)\n")
    shell = Shell(["zsh", "-d", "-i"], environment, folder)
    shell.run("true")
    check_interactive(shell, failures, ZSH)
    shell.end()


def check_fish(folder, home, environment, failures):
    """fish tells by itself what it would complete to; how it quotes that is its own."""
    lines = [(typed, expected) for typed, expected in PLAIN if not typed.startswith("~")]
    for name in NAMES:
        if name[0] not in "-#":
            lines.append((f"roster plan --target {prefix(name)}", name))
            lines.append((f"roster plan --target '{prefix(name)}", name))
        lines.append((f"roster plan --target={prefix(name)}", f"--target={name}"))
    lines.append(("roster plan --target 'Order n", "Order notifications"))
    lines.append(("roster plan --target Order\\ n", "Order notifications"))
    installed = os.path.join(home, "completions")
    os.makedirs(installed)
    for program in ["roster", "roster-sandbox"]:
        with open(os.path.join(installed, program + ".fish"), "wb") as out:
            out.write(script("fish"))
    text = f"set fish_complete_path {installed} $fish_complete_path\n"
    for typed, _ in lines:
        quoted = typed.replace("\\", "\\\\").replace("'", "\\'")
        text += f"complete -C '{quoted}'\nprintf '\\36'\n"
    done = subprocess.run(["fish", "-c", text], cwd=folder, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
    if done.stderr:
        failures.append(f"noise: {done.stderr}")
    for (typed, expected), answer in zip(lines, done.stdout.split(END)):
        found = [line.split("\t")[0] for line in answer.split("\n") if line]
        if expected == typed.split(" ")[-1] and not expected.endswith("/"):  # nothing to complete to
            if found:
                failures.append(f"{typed!r}: {found} instead of nothing")
        elif expected not in found:
            failures.append(f"{typed!r}: {found} lacks {expected!r}")
    described = subprocess.run(["fish", "-c", f"set fish_complete_path {installed}; complete -C 'roster pl'"],
                               cwd=folder, env=environment, text=True, capture_output=True, check=False)
    if described.stdout != "plan\tshow what apply would change\n":
        failures.append(f"no description: {described.stdout!r}")


def script(shell):
    return subprocess.run([os.environ["ROSTER"], "completion", shell], stdout=subprocess.PIPE,
                          check=True).stdout


def main():
    kind = sys.argv[1]
    program = kind.split("-")[0]
    if shutil.which(program) is None or (
            kind == "bash-completion" and not os.path.exists("/usr/share/bash-completion")):
        print(f"SKIPPED: {kind} is not installed")
        return 77
    failures = []
    with tempfile.TemporaryDirectory() as home:
        folder = os.path.join(home, "work")
        for where in [home, folder]:
            os.makedirs(os.path.join(where, "bin"))
            os.symlink(os.environ["ROSTER"], os.path.join(where, "bin", "roster"))
        os.symlink(os.environ["ROSTER_SANDBOX"], os.path.join(home, "bin", "roster-sandbox"))
        make_world(folder)
        environment = {
            "HOME": home, "TERM": "vt100", "COLUMNS": "200", "LC_ALL": "C.UTF-8",
            "PATH": os.path.join(home, "bin") + ":/usr/local/bin:/usr/bin:/bin",
            # None of these may matter.
            "ROSTER_COLOR": "purple", "ROSTER_RATE": "many", "SECRET_NAME": "hidden",
            "ROSTER_CREDENTIALS_COMMAND": f"touch {home}/ran", "ROSTER_API_URL": "http://127.0.0.1:1",
        }
        if program == "bash":
            check_bash(kind, folder, home, environment, failures)
        elif program == "zsh":
            check_zsh(kind, folder, home, environment, failures)
        else:
            check_fish(folder, home, environment, failures)
        if os.path.exists(os.path.join(home, "ran")):
            failures.append("the credentials command was run")
        if os.path.exists(os.path.join(home, ".cache", "roster")):
            failures.append("a folder for copies of repositories was made")
    for failure in failures:
        print(failure)
    print(f"{kind}: {len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())

#!/usr/bin/env python3
"""Records the tour of README.md: runs its commands on a terminal, in an account that the sandbox
plays, and draws what was seen as tour.svg.

    examples/tour/record.py            writes tour.svg anew
    examples/tour/record.py --check    only compares: exits with 1 when the tour looks otherwise now

The commands are those of the README's code blocks between "## A tour in five minutes" and
"### On its own"; a comment behind a command is shown, too. roster and roster-sandbox are taken from
PATH. Needs git, curl and Python 3.9.
"""
import html
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
SVG = HERE / "tour.svg"
README = HERE.parent.parent / "README.md"
BEGIN, END = "## A tour in five minutes", "### On its own"
COLUMNS = 92
COMMAND_TIMEOUT = 60

# Dark ground; the colours are told apart by people who see red and green alike, too.
GROUND, TEXT, QUIET, PROMPT = "#0f1720", "#d7dee7", "#8b98a8", "#7cc4ff"
COLOURS = {31: "#ff8f8f", 32: "#7ee2a0", 33: "#f2c66d", 34: "#7cb7ff", 35: "#d9a5ff", 36: "#6fdcdc",
           90: QUIET, 91: "#ff8f8f", 92: "#7ee2a0", 93: "#f2c66d", 94: "#7cb7ff", 96: "#6fdcdc"}
CHARACTER_WIDTH, LINE_HEIGHT, MARGIN, FONT_SIZE = 8.43, 19, 18, 14
EXPORTS = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLUMNS": str(COLUMNS),
           "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_PAGER": "cat",
           "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.com",
           "GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "ann@example.com"}


def tour_commands(text):
    """The lines of the code blocks of the tour, continued ones as one."""
    tour = text[text.index("\n" + BEGIN + "\n"):text.index("\n" + END + "\n")]
    blocks = re.findall(r"^```sh\n(.*?)^```", tour, re.M | re.S)
    # The first block makes the account; that is done before the recording begins.
    lines = "".join(blocks[1:]).replace("\\\n", "\\\0").splitlines()
    return [line.replace("\\\0", "\\\n") for line in lines if line.strip()]


class Screen:
    """What a terminal shows of colours, carriage returns and erased lines; nothing scrolls away."""

    def __init__(self):
        self.lines = [[]]
        self.column = 0
        self.style = ()

    def feed(self, text):
        for token in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|.", text, re.S):
            self.take(token)

    def take(self, token):
        line = self.lines[-1]
        if token.startswith("\x1b["):
            if token.endswith("K"):
                del line[0 if token == "\x1b[2K" else self.column:]
            elif token.endswith("m"):
                self.set_style([int(code or 0) for code in token[2:-1].split(";")])
        elif token == "\r":
            self.column = 0
        elif token == "\n":
            self.lines.append([])
            self.column = 0
        elif token == "\t":
            self.take_all(" " * (8 - self.column % 8))
        elif token >= " ":
            line.extend([(" ", ())] * (self.column - len(line)))
            line[self.column:self.column + 1] = [(token, self.style)]
            self.column += 1

    def take_all(self, tokens):
        for token in tokens:
            self.take(token)

    def set_style(self, codes):
        for code in codes:
            self.style = () if code == 0 else tuple(c for c in self.style if c != code) + (code,)


def run(command, folder, environment):
    """Runs it in a shell on a terminal; its output, and the folder that the shell was left in."""
    end = folder / ".end"
    script = f"stty cols {COLUMNS} rows 50 2>/dev/null\n{command}\npwd >'{end}'\n"
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe("bash", ["bash", "-c", script], environment)
    seen = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], COMMAND_TIMEOUT)
        if not ready:
            os.kill(child, 9)
            sys.exit(f"{command}: no end after {COMMAND_TIMEOUT} s")
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux says EIO when nobody has the other side open any more
            data = b""
        if not data:
            break
        seen += data
    os.waitpid(child, 0)
    os.close(terminal)
    left = pathlib.Path(end.read_text().rstrip("\n"))
    end.unlink()
    return seen.decode("utf-8", "replace"), left


def record():
    """[(command, lines of (character, style))], run one after the other in one account."""
    sessions = []
    folder = pathlib.Path.cwd()
    environment = dict(os.environ, **EXPORTS)
    for command in tour_commands(README.read_text(encoding="utf-8")):
        screen = Screen()
        text, folder = run(command, folder, environment)
        screen.feed(text)
        while screen.lines and not screen.lines[-1]:
            screen.lines.pop()
        sessions.append((command, screen.lines))
    return sessions


def in_sandbox():
    """Starts this program again in a shell of the sandbox, in a new folder."""
    for program in ("roster", "roster-sandbox", "git", "curl"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not on PATH")
    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        shutil.copy(HERE / "account.json", folder)
        environment = {key: value for key, value in os.environ.items()
                       if not re.match(r"ROSTER_|TWILIO_|NO_COLOR$|GIT_", key)}
        environment["XDG_STATE_HOME"] = folder + "/state"
        environment["XDG_CACHE_HOME"] = folder + "/cache"
        os.mkdir(folder + "/work")
        done = subprocess.run(
            ["roster-sandbox", "--seed", "1", "--state", "../account.json", "--", sys.executable,
             __file__, "--inside", *sys.argv[1:]], cwd=folder + "/work", env=environment, check=False)
    sys.exit(done.returncode)


def styled(style):
    rules = []
    colours = [COLOURS[code] for code in style if code in COLOURS]
    if colours:
        rules.append(f' fill="{colours[-1]}"')
    elif 2 in style:
        rules.append(f' fill="{QUIET}"')
    if 1 in style:
        rules.append(' font-weight="700"')
    return "".join(rules)


def draw_line(cells, y):
    """One line of text; each run of one style has its own place, so that columns stay columns."""
    parts, at = [], 0
    while at < len(cells):
        end = at
        while end < len(cells) and cells[end][1] == cells[at][1]:
            end += 1
        text = "".join(character for character, _ in cells[at:end])
        if text.strip():
            x = MARGIN + at * CHARACTER_WIDTH
            parts.append(f'<tspan x="{x:.1f}"{styled(cells[at][1])}>{html.escape(text, False)}</tspan>')
        at = end
    return f'<text y="{y}">{"".join(parts)}</text>' if parts else ""


def command_cells(command):
    lines = []
    for number, line in enumerate(command.split("\n")):
        words, comment = re.fullmatch(r"(.*?)(\s+# .*)?", line).groups()
        cells = [(c, ("prompt",)) for c in ("$ " if number == 0 else "  ")]
        lines.append(cells + [(c, (1,)) for c in words] + [(c, (2,)) for c in comment or ""])
    return lines


def draw(sessions):
    COLOURS["prompt"] = PROMPT
    y, at, groups = MARGIN + FONT_SIZE, 0.3, []
    for command, output in sessions:
        for lines, pause in ((command_cells(command), 0.7), (output, 1.1)):
            drawn = []
            for cells in lines:
                drawn.append(draw_line(cells, y))
                y += LINE_HEIGHT
            if any(drawn):
                groups.append(f'<g style="animation-delay:{at:.1f}s">' + "\n".join(filter(None, drawn)) + "</g>")
                at += pause + 0.04 * len(lines)
        y += LINE_HEIGHT // 2
    width = round(2 * MARGIN + COLUMNS * CHARACTER_WIDTH)
    height = y - LINE_HEIGHT // 2 + MARGIN // 2
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title">
<title id="title">A terminal: from an account full of services to a roster, a change, and drift</title>
<style>
text {{ font: {FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: {TEXT}; white-space: pre; }}
g {{ animation: show 0.2s both; }}
@keyframes show {{ from {{ opacity: 0; }} to {{ opacity: 1; }} }}
@media (prefers-reduced-motion: reduce) {{ g {{ animation: none; }} }}
</style>
<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>
""" + "\n".join(groups) + "\n</svg>\n"


def check_width(sessions):
    for command, output in sessions:
        for line in ["  " + l for l in command.split("\n")] + ["".join(c for c, _ in cells) for cells in output]:
            wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            if wide > COLUMNS:
                sys.exit(f"wider than {COLUMNS} columns: {line}")


def shown_text(svg):
    """What is to be read in it, without places and colours; times and digests are not compared."""
    lines = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.S)
    text = "\n".join(html.unescape(re.sub(r"<[^>]*>", "", line)) for line in lines)
    text = re.sub(r"index [0-9a-f]+\.\.[0-9a-f]+", "index …", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:…", text)
    return re.sub(r"\b\d+(\.\d+)? m?s\b", "… s", text)


def main():
    if "--inside" not in sys.argv:
        in_sandbox()
    sessions = record()
    check_width(sessions)
    svg = draw(sessions)
    if "--check" not in sys.argv:
        SVG.write_text(svg, encoding="utf-8")
        return
    was, now = shown_text(SVG.read_text(encoding="utf-8")), shown_text(svg)
    if was != now:
        import difflib
        sys.stdout.writelines(line + "\n" for line in difflib.unified_diff(
            was.splitlines(), now.splitlines(), "tour.svg", "the tour now", lineterm=""))
        sys.exit("the recording is not what the tour looks like now; run examples/tour/record.py")


if __name__ == "__main__":
    main()

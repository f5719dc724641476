"""What a terminal shows while roster waits.

Each case is a roster in a pseudo-terminal of its own, all at the same time; the sandbox answers so
late that there is a second to wait. What comes is read as a terminal reads it. Printed is, for each
case: whether the lines that it has to draw were drawn and gone again, whether one wrapped, lines that
nobody expects (numbers as N, without what depends on the moment), and the screen at the end.
"""

import codecs
import fcntl
import os
import pty
import re
import signal
import socket
import struct
import sys
import termios
import threading
import unicodedata


class Screen:
    """As much of a terminal as roster uses: lines, CR, LF, erase to the end of line, colours."""

    def __init__(self, columns):
        self.columns, self.lines, self.column = columns, [[]], 0
        self.passing, self.wrapped, self.rest = set(), False, ""

    def put(self, character):
        wide = unicodedata.east_asian_width(character) in "WF"
        if self.column + 1 + wide > self.columns:
            self.wrapped |= "".join(self.lines[-1]).startswith("Reading")
            self.lines.append([])
            self.column = 0
        line = self.lines[-1]
        line.extend(" " * (self.column - len(line)))
        line[self.column : self.column + 1] = [character]
        self.column += 1 + wide

    def feed(self, text):
        text = self.rest + text
        while text:
            escape = re.match(r"\x1b\[([0-9;]*)([A-Za-z])", text)
            if escape:
                if escape[2] == "K":
                    self.erase()
                text = text[escape.end() :]
                continue
            if text[0] == "\x1b" and len(text) < 8:
                break
            if text[0] == "\r":
                self.column = 0
            elif text[0] == "\n":
                self.lines.append([])
            else:
                if self.column == 0 and self.lines[-1]:
                    self.keep()
                    self.lines[-1] = []
                self.put(text[0])
            text = text[1:]
        self.rest = text

    def keep(self):
        line = re.sub(r"\d+", "N", "".join(self.lines[-1]))
        self.passing.add(re.sub(r"; N service.*|, in flight.*|, N in flight.*", "", line))

    def erase(self):
        if self.column == 0 and self.lines[-1]:
            self.keep()
        del self.lines[-1][self.column :]


READING = "Reading the account: N of N requests answered"
APPLYING, VERIFYING = "[N/N] N/s", "Verifying the result: N of N requests answered"
SLOW = {
    READING,
    VERIFYING,
    APPLYING,
    "Looking for the services: N of N requests answered",
}


def resize(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


class Case(threading.Thread):
    def __init__(
        self, name, *arguments, shows=(), columns=100, then=None, after=None, **environment
    ):
        super().__init__()
        self.name, self.arguments, self.columns = name, arguments, columns
        self.shows = shows
        self.then, self.after, self.environment = then, after, environment

    def run(self):
        environment = dict(os.environ, TERM="xterm", XDG_STATE_HOME=os.path.abspath(self.name))
        environment.update(self.environment)
        child, self.terminal = pty.fork()
        if child == 0:
            # Not before the terminal has its size.
            sys.stdin.readline()
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            os.execvpe("roster", ["roster", *self.arguments], environment)
        attributes = termios.tcgetattr(self.terminal)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(self.terminal, termios.TCSANOW, attributes)
        resize(self.terminal, self.columns)
        os.write(self.terminal, b"\n")
        self.read()
        self.status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def read(self):
        self.screen, self.raw = Screen(self.columns), ""
        decoder = codecs.getincrementaldecoder("utf-8")()
        while True:
            try:
                got = os.read(self.terminal, 65536)
            except OSError:
                return
            if not got:
                return
            text = decoder.decode(got)
            self.raw += text
            self.screen.feed(text)
            if self.then is not None and re.search(self.after, self.raw):
                then, self.then = self.then, None
                then(self)

    def show(self):
        print(f"== {self.name}: exit {self.status}")
        seen = self.screen.passing
        for line in self.shows:
            print(f"{'shows' if line in seen else 'LACKS'}: {line}")
        # Any request may take a second longer than it should.
        for line in sorted(seen - set(self.shows) - (SLOW if self.shows else set())):
            print(f"shows, without being asked: {line}")
        if self.screen.wrapped:
            print("a line wrapped")
        for line in self.screen.lines:
            text = re.sub(r"127.0.0.1:\d+", "127.0.0.1:PORT", "".join(line))
            print(f"|{text}".rstrip())


def interrupt(case):
    attributes = termios.tcgetattr(case.terminal)
    attributes[3] |= termios.ECHO
    termios.tcsetattr(case.terminal, termios.TCSANOW, attributes)
    os.write(case.terminal, b"\x03")


def narrow(case):
    """From here on, lines have to fit anew."""
    resize(case.terminal, 30)
    case.screen.columns = 30


def hold_lock(folder):
    """As if another apply went on."""
    path = f"{folder}/roster/AC00000000000000000000000000000001.lock"
    os.makedirs(os.path.dirname(path))
    with open(path, "w") as file:
        file.write('{"process": 4711, "host": "elsewhere", "since": "today", "roster": "x.yaml"}')
    holder = os.open(path, os.O_RDWR)
    fcntl.flock(holder, fcntl.LOCK_EX)
    return holder


def silent_server():
    """Takes connections, and says nothing."""
    server = socket.create_server(("127.0.0.1", 0))
    return server, server.getsockname()[1]


def main():
    held = hold_lock("lock")
    server, port = silent_server()
    remote = f"git+https://127.0.0.1:{port}/team/config.git//roster.yaml"
    reading = "Reading the account"
    cut = "Reading the account: N of N …"
    locked = "Waiting for another apply to this account, N of N s: process N on elsewhere, since today, with …"
    fetching = "Fetching https://N.N.N.N:N/team/config.git: waiting for the server"
    cases = [
        Case("plan", "plan", shows=[READING]),
        Case("narrow", "plan", columns=30, shows=[cut]),
        Case("resized", "plan", shows=[READING, cut], then=narrow, after=reading),
        Case("dumb", "plan", TERM="dumb"),
        Case("quiet", "plan", "--quiet"),
        Case("json", "plan", "--log-format", "json"),
        Case("no-color", "plan", shows=[READING], NO_COLOR="1"),
        Case("offline", "validate"),
        Case("interrupted", "plan", shows=[READING], then=interrupt, after=reading),
        Case("export", "export", "--service", "Orders", "--out", "exported.yaml", shows=[READING]),
        Case("lock", "apply", "--lock-timeout", "2s", shows=[locked]),
        Case(
            "credentials",
            "drift",
            "--credentials-command",
            "sh -c 'sleep 1.5; echo no >&2; exit 1'",
            shows=["Waiting for the credentials command sh, N s"],
        ),
        Case(
            "git",
            "validate",
            "--git-timeout",
            "2",
            remote,
            shows=[fetching],
            XDG_CACHE_HOME=os.path.abspath("cache"),
        ),
        Case(
            "notify",
            "drift",
            "--timeout",
            "4s",
            shows=[READING, "Waiting for the answer to the notification"],
            ROSTER_NOTIFY_URL=f"http://127.0.0.1:{port}/x",
        ),
        Case(
            "apply",
            "apply",
            "--auto-approve",
            "--parallelism",
            "1",
            "other.yaml",
            shows=[APPLYING, VERIFYING],
        ),
        Case("test", "test", "--auto-approve", shows=["[N/N] N message under way, N s"]),
    ]
    for case in cases:
        case.start()
    for case in cases:
        case.join()
    os.close(held)
    server.close()
    for case in cases:
        case.show()


main()

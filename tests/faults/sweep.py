"""The cases of sweep.sh, which describes them."""
import argparse
import concurrent.futures
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time

import judge

HERE = os.path.dirname(os.path.abspath(__file__))
ROSTER, SANDBOX = os.environ["ROSTER"], os.environ["ROSTER_SANDBOX"]
ROSTER_FILE = os.path.join(HERE, "roster.yaml")
STATE = os.path.join(HERE, "state.json")
TIMEOUT_S = 60
SETTINGS = {  # of roster.yaml
    "Orders": {"status_callback": "https://hooks.example.com/new", "sticky_sender": False},
    "Brand new": {
        "status_callback": "https://hooks.example.com/brand-new",
        "smart_encoding": False,
    },
}
KINDS = {
    "429-at-once": "status: 429, retry_after: 0",
    "429-later": "status: 429, retry_after: 1",
    "500": "status: 500",
    "503": "status: 503",
    "503-effect": "status: 503, effect: true",
    "reset-before": "reset: before",
    "reset-after": "reset: after",
    "truncated": "truncate: 20",
    "garbage": "garbage: true",
    "content-type": "content_type: text/html",
    "drip": "drip: 400",
    "duplicate": "duplicate: true",
    "delay": "delay: 200ms",
}
# One request after the other: the same number is the same request in every run.
APPLY = [ROSTER, "apply", "--auto-approve", "--take-over", "--parallelism", "1", ROSTER_FILE]
PLAN = [ROSTER, "plan", "--detailed-exitcode", ROSTER_FILE]


class Case:
    """One account of its own, in a folder of its own."""

    def __init__(self, scratch, name):
        self.folder = os.path.join(scratch, name.replace(":", "-"))
        os.mkdir(self.folder)
        self.state = self.path("state.json")
        with open(STATE, "rb") as source, open(self.state, "wb") as copy:
            copy.write(source.read())

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, command, *options):
        """(exit status, standard output, standard error); status None: it did not end."""
        environment = {**os.environ, "XDG_STATE_HOME": self.path("xdg"), "LC_ALL": "C.UTF-8"}
        serve = [SANDBOX, "--state", self.state, "--seed", "1", *options, "--"]
        ended = subprocess.run(
            [*serve, "timeout", "-k", "5", str(TIMEOUT_S), *command],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", check=False,
        )
        status = None if ended.returncode in (124, 137) else ended.returncode
        return status, ended.stdout, ended.stderr

    def account(self):
        return judge.read_account(self.state)


def faultless(scratch):
    """The requests of an apply without faults, in order, and what the account is then."""
    case = Case(scratch, "faultless")
    status, out, err = case.run(APPLY, "--log", case.path("log"))
    if status != 0 or case.run(PLAN)[0] != 0:
        sys.exit(f"sweep: an apply without faults fails already:\n{out}{err}")
    with open(case.path("log"), encoding="utf-8") as log:
        requests = [json.loads(line) for line in log]
    wrong = judge.untruths(out, case.account(), SETTINGS, judge.read_account(STATE))
    if wrong:
        sys.exit("sweep: the report of an apply without faults: " + "; ".join(wrong))
    return requests, judge.shape(case.account())


def is_create(request):
    return request["method"] == "POST" and request["path"] == "/v1/Services"


def check_first(case, status, out, err, before, twins):
    wrong = []
    if status not in (0, 1, 3):
        ends = "does not end" if status is None else f"ends with {status}"
        wrong.append(f"the apply with the fault {ends}: {err[-300:]}")
    if twins:  # the report is of the service that was answered with
        sids = [one["sid"] for one in case.account()["services"] if one["friendly_name"] == "Brand new"]
        if status != 3 or not all(sid in err for sid in sids):
            wrong.append(f"no error that names both services after the apply: {status}, {err[-300:]}")
        return wrong
    wrong += judge.untruths(out, case.account(), SETTINGS, before)
    if status == 0 and case.run(PLAN)[0] != 0:
        wrong.append("the apply with the fault ends with 0, and the account is not as the roster")
    return wrong


def check_twins(case):
    """Two services of one name, which no client can prevent: an error has to name both."""
    sids = [one["sid"] for one in case.account()["services"] if one["friendly_name"] == "Brand new"]
    status, _, err = case.run(APPLY)
    if len(sids) != 2:
        return [f"{len(sids)} services of the name, and 2 were expected"]
    if status != 1 or not all(sid in err for sid in sids):
        return [f"no error that names both services: {status}, {err[-300:]}"]
    return []


def check_second(case, wanted):
    wrong = []
    status, out, err = case.run(APPLY)
    if status != 0:
        wrong.append(f"the apply without faults ends with {status}: {(out + err)[-400:]}")
    status, out, err = case.run(PLAN)
    if status != 0:
        wrong.append(f"the plan after it ends with {status}: {(out + err)[-400:]}")
    account = case.account()
    wrong += judge.strays(account)
    if judge.shape(account) != wanted:
        wrong.append("the account is not what an apply without faults makes of it")
    return wrong


def run_case(scratch, position, kind, requests, wanted, verbose=False):
    case = Case(scratch, f"{position}:{kind}")
    with open(case.path("faults.yaml"), "w", encoding="utf-8") as faults:
        faults.write("faults:\n  - {request: %d, %s}\n" % (position, KINDS[kind]))
    before = case.account()
    status, out, err = case.run(APPLY, "--faults", case.path("faults.yaml"), "--log", case.path("log"))
    if verbose:
        print(f"{out}{err}exit {status}")
    twins = kind == "duplicate" and is_create(requests[position - 1])
    wrong = check_first(case, status, out, err, before, twins)
    with open(case.path("log"), encoding="utf-8") as log:
        if not any(json.loads(line).get("fault") for line in log):
            wrong.append("the fault never came")
    if twins:
        return wrong + check_twins(case)
    return wrong + check_second(case, wanted)


def choose(count, options):
    every = [(position, kind) for position in range(1, count + 1) for kind in KINDS]
    if options.case:
        position, kind = options.case.split(":")
        if (int(position), kind) not in every:
            sys.exit(f"sweep: positions are 1 to {count}, kinds are {', '.join(KINDS)}")
        return [(int(position), kind)]
    if options.all:
        return every

    def draw(case):
        return hashlib.sha256(f"{options.seed}:{case[0]}:{case[1]}".encode()).digest()

    return sorted(sorted(every, key=draw)[: (len(every) + 9) // 10])


def main():
    parser = argparse.ArgumentParser(prog="sweep.sh")
    parser.add_argument("--all", action="store_true", help="every case")
    parser.add_argument("--case", metavar="N:KIND", help="one case, with what apply says")
    parser.add_argument("--seed", default="0", help="which tenth; the commit's hash if left out")
    parser.add_argument("--jobs", type=int, default=4, help="cases at once")
    options = parser.parse_args()
    begun, failed = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as scratch:
        requests, wanted = faultless(scratch)
        cases = choose(len(requests), options)
        print(f"{len(cases)} of {len(requests) * len(KINDS)} cases ({len(requests)} requests, "
              f"{len(KINDS)} kinds of fault), seed {options.seed}", flush=True)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            verbose = bool(options.case)
            runs = [(case, pool.submit(run_case, scratch, *case, requests, wanted, verbose))
                    for case in cases]
            for (position, kind), run in runs:
                wrong = run.result()
                if not wrong:
                    continue
                failed += 1
                request = requests[position - 1]
                print(f"FAILED {position}:{kind}  ({request['method']} {request['path']})")
                for text in wrong:
                    print(f"    {text.strip()}")
                print(f"    again: tests/faults/sweep.sh --case {position}:{kind}", flush=True)
    print(f"{len(cases)} cases in {time.monotonic() - begun:.0f} s, {failed} failed")
    return 1 if failed else 0


sys.exit(main())

#!/usr/bin/env python3
"""Runs a command and kills it with SIGKILL at a chosen moment:

    kill_at.py records:N JOURNAL COMMAND...   as soon as the file JOURNAL has N lines
    kill_at.py after:MS JOURNAL COMMAND...    after so many milliseconds; a fraction is fine

Prints "killed" or "ended STATUS" (it was over before), the lines that JOURNAL has then, and how many
milliseconds the command ran.
"""
import subprocess
import sys
import time


def lines(path):
    try:
        with open(path, "rb") as journal:
            return journal.read().count(b"\n")
    except FileNotFoundError:
        return 0


def main():
    (kind, _, limit), journal, command = sys.argv[1].partition(":"), sys.argv[2], sys.argv[3:]
    limit = float(limit)
    start = time.monotonic()
    process = subprocess.Popen(command)
    while process.poll() is None:
        passed = (time.monotonic() - start) * 1000
        if (lines(journal) if kind == "records" else passed) >= limit:
            process.kill()
            break
        left = (limit - passed) / 1000 if kind == "after" else 1
        time.sleep(max(0, min(left, 0.0003)))
    status = process.wait()
    passed = (time.monotonic() - start) * 1000
    how = "killed" if status == -9 else f"ended {status}"
    print(how, lines(journal), f"{passed:.0f}")


if __name__ == "__main__":
    main()

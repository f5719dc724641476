"""Sends `roster listen` 10,000 genuine webhooks over 50 connections, mixed with forged, replayed,
oversized, malformed and slow requests, and accounts for every one of them.

    webhooks.py ROSTER [--genuine N] [--connections N] [--seed N]

All genuine ones have to stand on standard output exactly once as news or late, replays as
duplicates, the current status of no message may step back, everything else has to be refused with
its status, and /metrics has to say the same. Then it is sent SIGTERM in the midst of requests: what
was answered with 2xx stands on standard output, and nothing else does.
"""

import argparse
import base64
import collections
import hashlib
import hmac
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

TOKEN = "0123456789abcdef0123456789abcdef"
FORM = "application/x-www-form-urlencoded"
PUBLIC = "https://hooks.example.com"
RANK = {"queued": 1, "sent": 2, "delivered": 3, "undelivered": 3, "received": 3}

Request = collections.namedtuple("Request", "kind method path headers body status key")


def sign(url, parameters=()):
    text = url + "".join(name + value for name, value in sorted(parameters))
    digest = hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def form(path, parameters, kind="genuine", status=204, key=None):
    headers = {"Content-Type": FORM, "X-Twilio-Signature": sign(PUBLIC + path, parameters)}
    body = urllib.parse.urlencode(parameters)
    return Request(kind, "POST", path, headers, body, status, key)


def sid(number):
    return "SM%032x" % number


def status_parameters(number, status):
    return [("MessageSid", sid(number)), ("SmsSid", sid(number)), ("MessageStatus", status),
            ("SmsStatus", status), ("To", "+1500555%04d" % (number % 10000)), ("From", "ACMÉ"),
            ("AccountSid", "AC" + "a" * 32), ("ApiVersion", "2010-04-01")]


def genuine(number):
    """The webhooks of one message: three statuses, or one inbound message, as a form or JSON."""
    if number % 10 == 9:
        parameters = [("MessageSid", sid(number)), ("SmsStatus", "received"), ("From", "+15005550006"),
                      ("To", "+15005550001"), ("Body", "Grüße & \x1b[31m #%d" % number)]
        return [form("/inbound", parameters, status=200, key=(sid(number), "received"))]
    last = "undelivered" if number % 7 == 0 else "delivered"
    made = []
    for status in ("queued", "sent", last):
        parameters = status_parameters(number, status)
        if number % 10 == 8:
            body = json.dumps(dict(parameters))
            path = "/json?bodySHA256=" + hashlib.sha256(body.encode()).hexdigest()
            headers = {"Content-Type": "application/json",
                       "X-Twilio-Signature": sign(PUBLIC + path)}
            made.append(Request("genuine", "POST", path, headers, body, 204,
                                (sid(number), status)))
        else:
            made.append(form("/status", parameters, key=(sid(number), status)))
    return made


def forged(rng, number):
    request = form("/status", status_parameters(number, "delivered"))
    headers = dict(request.headers)
    body, path, kind = request.body, request.path, "forged"
    way = rng.randrange(5)
    if way == 0:
        body = body.replace("delivered", "undelivered")
    elif way == 1:
        path = "/other"
    elif way == 2:
        headers["X-Twilio-Signature"] = sign("https://elsewhere.example" + path)
        # A proxy's headers, which anybody can send.
        headers["X-Forwarded-Host"] = "elsewhere.example"
    elif way == 3:
        headers["X-Twilio-Signature"] = base64.b64encode(os.urandom(20)).decode()
    else:
        del headers["X-Twilio-Signature"]
        kind = "unsigned"
    return Request(kind, "POST", path, headers, body, 403, None)


def broken(rng, number):
    parameters = status_parameters(number, "sent")
    way = rng.randrange(6)
    if way == 0:
        return form("/status", parameters + [("X", "x" * 70000)], "oversized", 413)
    if way == 1:
        headers = {"Content-Type": FORM, "X-Twilio-Signature": "A" * 27 + "="}
        return Request("malformed", "POST", "/status", headers, "MessageSid=%zz", 400, None)
    if way == 2:
        return form("/status", parameters[2:], "malformed", 400)
    if way == 3:
        return Request("method_not_allowed", "PUT", "/status", {"Content-Type": FORM}, "a=1", 405,
                       None)
    if way == 4:
        return Request("unsupported_type", "POST", "/status", {"Content-Type": "text/plain"}, "a",
                       415, None)
    headers = {"Content-Type": FORM, "X-Twilio-Signature": "A" * 27 + "=", "X-Long": "x" * 40000}
    return Request("malformed", "POST", "/status", headers, "a=1", 431, None)


class Listener:
    def __init__(self, roster, folder):
        self.output = os.path.join(folder, "output")
        self.errors = os.path.join(folder, "errors")
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("TWILIO", "ROSTER"))}
        environment["TWILIO_AUTH_TOKEN"] = TOKEN
        with open(self.output, "wb") as out, open(self.errors, "wb") as err:
            self.process = subprocess.Popen(
                [roster, "listen", "--listen", "127.0.0.1:0", "--public-url", PUBLIC + "/",
                 "--max-rate", "0"], stdout=out, stderr=err, env=environment)
        while not (found := re.search(r"127\.0\.0\.1:(\d+)", self.said())):
            if self.process.poll() is not None:
                raise SystemExit("it did not start:\n" + self.said())
            time.sleep(0.01)
        self.port = int(found.group(1))

    def said(self):
        with open(self.errors, encoding="utf-8") as errors:
            return errors.read()

    def lines(self):
        with open(self.output, encoding="ascii") as output:
            return [json.loads(line) for line in output]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        if status != 0:
            raise SystemExit("it exited with %d:\n%s" % (status, self.said()))


class Sender(threading.Thread):
    """One connection, opened again when the server has closed it."""

    def __init__(self, port, requests, until_refused=False):
        super().__init__()
        self.port, self.requests, self.until_refused = port, requests, until_refused
        self.wrong, self.done, self.slowest = [], [], 0.0

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for request in self.requests:
            start = time.monotonic()
            try:
                connection.request(request.method, request.path, request.body.encode(),
                                   request.headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if self.until_refused:
                    return
                if request.status not in (413, 431):
                    self.wrong.append((request.kind, repr(error)))
                self.done.append(request)
                continue
            self.slowest = max(self.slowest, time.monotonic() - start)
            self.done.append(request)
            if answer.status != request.status:
                self.wrong.append((request.kind, request.status, answer.status))
        connection.close()


class Slow(threading.Thread):
    """Drips a request, a byte now and then, until it is cut off."""

    def __init__(self, port, head):
        super().__init__()
        self.port, self.head, self.seconds = port, head, None

    def run(self):
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            try:
                connection.sendall(self.head)
                while time.monotonic() - start < 40:
                    time.sleep(0.5)
                    connection.sendall(b"x")
            except OSError:
                self.seconds = time.monotonic() - start


def expect(what, wanted, got):
    if wanted != got:
        raise SystemExit("%s: expected %r, got %r" % (what, wanted, got))


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    expect(path, 200, answer.status)
    connection.close()
    return body


def read_metrics(text):
    """Strictly: HELP and TYPE stand once before the samples of each name, counters end in _total."""
    samples, name, kind = {}, None, None
    for line in text.splitlines():
        if found := re.fullmatch(r"# HELP ([a-z_]+) (\S.*)", line):
            name, kind = found.group(1), None
            if any(sample.split("{")[0] == name for sample in samples):
                raise SystemExit("metrics: %s comes twice" % name)
        elif found := re.fullmatch(r"# TYPE ([a-z_]+) (counter|gauge)", line):
            expect("metrics: TYPE", name, found.group(1))
            kind = found.group(2)
            expect("metrics: _total of " + name, kind == "counter", name.endswith("_total"))
        elif found := re.fullmatch(r'(([a-z_]+)(?:\{[a-z]+="[a-z_]+"\})?) (\d+)', line):
            expect("metrics: sample", (name, True), (found.group(2), kind is not None))
            if found.group(1) in samples:
                raise SystemExit("metrics: %s comes twice" % found.group(1))
            samples[found.group(1)] = int(found.group(3))
        else:
            raise SystemExit("metrics: " + line)
    expect("metrics: last line", True, text.endswith("\n"))
    return samples


def check_lines(lines, sent, replayed):
    first = collections.Counter((line["message_sid"], line["status"]) for line in lines
                                if not line["duplicate"])
    expect("genuine webhooks on standard output", {request.key: 1 for request in sent}, dict(first))
    again = collections.Counter((line["message_sid"], line["status"]) for line in lines
                                if line["duplicate"])
    expect("duplicates", dict(collections.Counter(request.key for request in replayed)),
           dict(again))
    current = {}
    for line in lines:
        before, now = current.get(line["message_sid"]), line["current_status"]
        if before is not None and RANK[now] < RANK[before]:
            raise SystemExit("%s steps back from %s to %s" % (line["message_sid"], before, now))
        news = before is None or RANK[line["status"]] > RANK[before]
        if not line["duplicate"]:
            expect("late " + repr(line), not news, line["late"])
        current[line["message_sid"]] = now
    unfinished = [name for name, status in current.items() if RANK[status] < 3]
    expect("messages without a final status", [], unfinished)
    inbound = [line for line in lines if line["kind"] == "inbound"]
    for line in inbound:
        expect("body", "Grüße & \x1b[31m #%d" % int(line["message_sid"][2:], 16), line["body"])


def check_metrics(samples, sent, lines, slow):
    outcomes = collections.Counter(
        "accepted" if request.kind in ("genuine", "replayed") else request.kind for request in sent)
    outcomes["slow"] = slow
    for name in ("accepted", "forged", "unsigned", "malformed", "oversized", "slow", "aborted",
                 "rate_limited", "not_found", "method_not_allowed", "unsupported_type", "failed"):
        expect("metrics: " + name, outcomes[name],
               samples.pop('roster_listen_requests_total{outcome="%s"}' % name))
    for kind in ("status", "inbound"):
        expect("metrics: " + kind, sum(line["kind"] == kind for line in lines),
               samples.pop('roster_listen_webhooks_total{kind="%s"}' % kind))
    expect("metrics: duplicates", sum(line["duplicate"] for line in lines),
           samples.pop("roster_listen_duplicates_total"))
    expect("metrics: late", sum(line["late"] for line in lines),
           samples.pop("roster_listen_late_total"))
    expect("metrics: messages", len({line["message_sid"] for line in lines}),
           samples.pop("roster_listen_messages"))
    expect("metrics: others", {"roster_listen_forgotten_messages_total": 0}, samples)


def spread(requests, connections):
    return [requests[i::connections] for i in range(connections)]


def send_all(port, requests, connections):
    senders = [Sender(port, part) for part in spread(requests, connections)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    wrong = [item for sender in senders for item in sender.wrong]
    expect("answers that are not as they should be", [], wrong)
    return max(sender.slowest for sender in senders)


def everything(roster, folder, rng, count, connections):
    listener = Listener(roster, folder)
    sent, number = [], 0
    while len(sent) < count:
        sent += genuine(number)
        number += 1
    bad = [forged(rng, rng.randrange(number)) for _ in range(count // 5)]
    bad += [broken(rng, rng.randrange(number)) for _ in range(count // 20)]
    mixed = sent + bad
    rng.shuffle(mixed)
    replayed = [request._replace(kind="replayed") for request in rng.sample(sent, count // 10)]
    expect("/healthz", "ok\n", get(listener.port, "/healthz"))
    slow = [Slow(listener.port, head) for head in
            (b"P", b"POST /status HTTP/1.1\r\nHost: a\r\nX-A: ",
             b"POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n")]
    for thread in slow:
        thread.start()
    start = time.monotonic()
    slowest = send_all(listener.port, mixed, connections)
    send_all(listener.port, replayed, connections)
    seconds = time.monotonic() - start
    for thread in slow:
        thread.join()
        expect("a slow request was cut off", True, thread.seconds is not None)
    samples = read_metrics(get(listener.port, "/metrics"))
    listener.end()
    lines = listener.lines()
    check_lines(lines, sent, replayed)
    check_metrics(samples, mixed + replayed, lines, len(slow))
    print("%d genuine webhooks, %d replays and %d others over %d connections in %.1f s; the slowest "
          "answer took %.2f s; %d late" % (len(sent), len(replayed), len(bad), connections, seconds,
                                           slowest, sum(line["late"] for line in lines)))


def drain(roster, folder, connections):
    listener = Listener(roster, folder)
    requests = [request for number in range(connections * 200) for request in genuine(number)]
    senders = [Sender(listener.port, part, True) for part in spread(requests, connections)]
    for sender in senders:
        sender.start()
    while os.path.getsize(listener.output) < 100000:
        time.sleep(0.001)
    listener.end()
    for sender in senders:
        sender.join()
    answered = collections.Counter(request.key for sender in senders for request in sender.done)
    printed = collections.Counter((line["message_sid"], line["status"])
                                  for line in listener.lines())
    expect("answered, and printed", answered, printed)
    expect("SIGTERM came in the midst", True, len(printed) < len(requests))
    print("SIGTERM after %d of %d webhooks: what was answered was printed" %
          (len(printed), len(requests)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("roster")
    parser.add_argument("--genuine", type=int, default=10000)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        everything(arguments.roster, folder, rng, arguments.genuine, arguments.connections)
        drain(arguments.roster, folder, arguments.connections)


if __name__ == "__main__":
    main()

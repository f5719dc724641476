"""Answers every request with what the account SID's last two digits ask for."""
import base64
import http.server
import json
import sys
import time

OK = {"services": [], "meta": {"next_page_url": None}}
SERVICE = {"sid": "MG00000000000000000000000000000001", "friendly_name": "A"}
TRIES = {}


def error(code, message):
    return json.dumps({"code": code, "message": message, "status": 0}).encode()


ANSWERS = {
    "01": (200, b"<html>maintenance</html>"),
    "02": (200, b"[]"),
    "03": (200, b'{"services": {}}'),
    "04": (200, b'{"services": [{"sid": "MG1"}]}'),
    "05": (401, error(20003, "Authenticate")),
    "06": (403, error(70051, "Authorization Error")),
    "07": (404, error(20404, "The requested resource /Services was not found")),
    "08": (302, b""),
    "09": (400, b"\xff\xfe not utf-8"),
    "10": (200, json.dumps({"services": [], "meta": {
        "next_page_url": "http://127.0.0.2:1/v1/Services?Page=1"}}).encode()),
    "15": (200, b"{" * 5000),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body, length=None, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Twilio-Request-Id", "RQ00000000000000000000000000000001")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        user = base64.b64decode(self.headers["Authorization"].split()[1]).decode().split(":")[0]
        case = user[-2:]
        TRIES[case] = TRIES.get(case, 0) + 1
        if case in ANSWERS:
            self.answer(*ANSWERS[case])
        elif case == "11":  # truncated each time
            self.answer(200, b'{"services": [', length=1000)
            self.close_connection = True
        elif case == "12" and TRIES[case] < 3:  # throttled twice, then fine
            self.answer(429, error(20429, "Too Many Requests"), headers=[("Retry-After", "0")])
        elif case == "13" and TRIES[case] < 2:  # fails once, then fine
            self.answer(503, error(20503, "Service is unavailable, please try again"))
        elif case == "14":  # never answers in time
            time.sleep(3)
            self.close_connection = True
        else:
            self.answer(200, json.dumps(OK).encode())


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as out:
    print(server.server_address[1], file=out)
print("ready", flush=True)
server.serve_forever()

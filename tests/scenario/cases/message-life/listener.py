# Receives webhooks: one line each in callbacks.txt, with whether the signature holds.
import base64
import hashlib
import hmac
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl


class Handler(BaseHTTPRequestHandler):
    tokens = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        pairs = parse_qsl(body, keep_blank_values=True, strict_parsing=True)
        url = f"http://127.0.0.1:{self.server.server_port}{self.path}"
        signed = url + "".join(name + value for name, value in sorted(pairs))
        wanted = hmac.new(os.environ["TWILIO_AUTH_TOKEN"].encode(), signed.encode(), hashlib.sha1)
        genuine = base64.b64encode(wanted.digest()).decode() == self.headers["X-Twilio-Signature"]
        token = self.headers["I-Twilio-Idempotency-Token"]
        repeated = token in self.tokens
        self.tokens[token] = True
        shown = " ".join(f"{name}={value}" for name, value in pairs)
        with open("callbacks.txt", "a", encoding="utf-8") as out:
            out.write(f"{self.path} {'genuine' if genuine else 'forged'}"
                      f"{' repeated' if repeated else ''} {shown}\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()

"""Webhooks for tests: appends each JSON body to received.jsonl; the path says what is answered."""
import http.server
import sys
import time


class Receiver(http.server.BaseHTTPRequestHandler):
    failed = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status = 200
        with open("received.jsonl", "a", encoding="utf-8") as log:
            log.write(self.path.split("?")[0] + " " + self.headers["Content-Type"] + " " + body + "\n")
        if self.path == "/refused":
            status = 404
        elif self.path == "/moved":
            status = 302
        elif self.path == "/restarting":
            Receiver.failed += 1
            status = 503 if Receiver.failed < 3 else 202
        elif self.path == "/slow":
            time.sleep(30)
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
server.daemon_threads = True
with open("receiver.port", "w", encoding="utf-8") as file:
    file.write(str(server.server_port))
print("ready", flush=True)
server.serve_forever()
sys.exit(0)

"""The servers around a program of the contract: gateway, echo, one that is silent, and a port that refuses."""

import base64
import email.utils
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

from . import signature

SECRETS = {
    "AKIDEXAMPLE": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "AKIDENVIRONMENT": "environment/secret+0123456789012345678901",
}
# A program that holds a gate shut for longer has not understood the scenario.
GATE_SECONDS = 5


class EchoServer:
    """Answers with what it was asked; see Tests/SDKContract/SCENARIOS.md for the words in its base URL."""

    def __init__(self):
        self.gates = {}
        self.lock = threading.Lock()
        owner = self

        class Handler(EchoHandler):
            server_owner = owner

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/echo"

    def gate(self, name):
        with self.lock:
            return self.gates.setdefault(name, threading.Event())

    def reset(self):
        """Shuts all gates, for the next program."""
        with self.lock:
            self.gates = {}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # More than the 5 of the standard library: a client may call many times at once.
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Clients that hang up are part of the contract; anything else is a mistake here."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class EchoHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without it, a head and its body in two packets wait for each other's acknowledgement.
    disable_nagle_algorithm = True
    server_owner = None

    def log_message(self, format, *arguments):
        pass

    def answer(self):
        target = self.raw_requestline.split(b" ")[1].decode("latin-1")
        path, _, query = target.partition("?")
        headers = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value.strip())
        body = self.body()
        if body is None:
            return
        attempt = re.match(r"attempt=(\d+); max=\d+\Z", headers.get("amz-sdk-request", [""])[0])
        attempt = int(attempt.group(1)) if attempt else 0
        own = {"x-contract-accept": ", ".join(headers.get("accept", []))}
        if "authorization" in headers and "AWS4" in headers["authorization"][0]:
            own["x-contract-signature"] = signature.check(self.command, target, headers, body, SECRETS)
        word = path.removeprefix("/echo/").split("/")[0]
        # A client that does not number its attempts would be sent in circles.
        if word == "flaky" and attempt < 3:
            return self.reply(503, b'{"message": "not yet"}', own)
        if word == "date" and attempt < 2:
            own["Retry-After"] = email.utils.formatdate(time.time() + 10, usegmt=True)
            return self.reply(503, b'{"message": "not yet"}', own)
        if word == "broken" and attempt < 2:
            return self.abort()
        if word == "slow":
            self.head(200, 100, "application/json", own)
            return self.wait_for_end()
        if path.endswith("/wire/blob"):
            return self.blob(dict(urllib.parse.parse_qsl(query)), own, is_truncated=word == "truncated")
        gate = re.search(r"/wire/gates/([^/]+)\Z", path)
        if gate and self.command == "PUT":
            self.server_owner.gate(gate.group(1)).set()
            return self.reply(204, b"", own)
        echo = {
            "method": self.command, "target": target, "headers": headers, "body": base64.b64encode(body).decode(),
        }  # fmt: skip
        content = json.dumps(echo).encode()
        if word == "truncated":
            self.head(200, len(content), "application/json", own)
            self.wfile.write(content[: len(content) // 2])
            return self.abort()
        self.reply(200, content, own)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def body(self):
        """The request's body; `None` if the connection ended before it."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            parts = []
            while True:
                line = self.rfile.readline()
                if not line:
                    self.close_connection = True
                    return None
                size = int(line.split(b";")[0], 16)
                parts.append(self.rfile.read(size))
                self.rfile.readline()
                if size == 0:
                    return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def head(self, status, length, media_type, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def reply(self, status, body, headers):
        self.head(status, len(body), "application/json", headers)
        if self.command != "HEAD":
            self.wfile.write(body)

    def blob(self, query, headers, is_truncated):
        size = int(query.get("size", "0"))
        data = (bytes(range(256)) * (size // 256 + 1))[:size]
        self.head(200, size, "application/octet-stream", headers)
        self.wfile.write(data[: size // 2])
        self.wfile.flush()
        if is_truncated or ("hold" in query and not self.server_owner.gate(query["hold"]).wait(GATE_SECONDS)):
            return self.abort()
        self.wfile.write(data[size // 2 :])

    def abort(self):
        self.wfile.flush()
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def wait_for_end(self):
        """Until the client closes the connection, or for longer than it may wait."""
        self.wfile.flush()
        self.close_connection = True
        self.connection.settimeout(10)
        try:
            self.connection.recv(1)
        except OSError:
            pass


class Ports:
    """A port that accepts and never answers, and one that refuses. Both are held, so that nobody else gets them."""

    def __init__(self):
        self.silent = socket.socket()
        self.silent.bind(("127.0.0.1", 0))
        # The kernel completes connections; nobody ever takes them.
        self.silent.listen(512)
        self.refused = socket.socket()
        self.refused.bind(("127.0.0.1", 0))

    @property
    def silent_url(self):
        return f"http://127.0.0.1:{self.silent.getsockname()[1]}/dev"

    @property
    def refused_url(self):
        return f"http://127.0.0.1:{self.refused.getsockname()[1]}/dev"

    def stop(self):
        self.silent.close()
        self.refused.close()


class Gateway:
    """`portico serve` of a spec on free ports."""

    def __init__(self, binary, spec, log, options=(), **environment):
        self.log = log
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                [binary, "serve", spec, "--port", "0", "--admin-port", "0", "--workers", "1", "--no-watch",
                 *options],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=clean_environment(**environment),
            )  # fmt: skip
        self.url = self.wait()

    def wait(self, seconds=60):
        """The base URL with the first stage, once it serves."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                text = file.read()
            match = re.search(r"^\s*stage \S+\s+(http://\S+)", text, re.M)
            if match:
                return match.group(1)
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the gateway does not serve:\n{text}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def clean_environment(**more):
    """This environment without what would change how Portico or a client behaves."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PORTICO_", "AWS_", "CONTRACT_")) and not name.lower().endswith("_proxy")
    }
    return {**kept, **more}

"""What scripts/soak-quota and scripts/soak-reload share: the built command as a server, and a client that counts."""
import os
import signal
import socket
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def built_binary():
    """The optimised command, built if it is older than its sources."""
    return subprocess.run([os.path.join(ROOT, "scripts", "build")], check=True, capture_output=True, text=True).stdout.strip()


class Server:
    """`portico serve` on free ports."""

    def __init__(self, binary, spec, log, *flags):
        self.log = log
        with open(log, "w") as errors:
            self.process = subprocess.Popen(
                [binary, "serve", spec, "--port", "0", "--tls-port", "0", "--admin-port", "0", *flags],
                stderr=errors, stdout=subprocess.DEVNULL)
        self.port = None
        end = time.monotonic() + 60
        while self.port is None:
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"the gateway does not serve: {open(log).read()}")
            text = open(log).read()
            if "portico: serving" in text and "/readyz" in text:
                lines = text[text.index("portico: serving"):].splitlines()
                self.port = next(int(line.rsplit(":", 1)[1].split("/")[0]) for line in lines if "  stage " in line)
            else:
                time.sleep(0.01)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        self.process.terminate()
        return self.process.wait()


class Client:
    """One kept connection."""

    def __init__(self, port, timeout=30):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.rest = b""

    def get(self, path, **headers):
        """Status, reply headers in lower case, and body. Raises OSError when the connection ends before that."""
        lines = [f"GET {path} HTTP/1.1", "Host: soak"] + [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.rest:
            self.fill()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        first, *fields = head.decode("latin-1").split("\r\n")
        reply = {name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        length = int(reply.get("content-length", "0"))
        while len(self.rest) < length:
            self.fill()
        body, self.rest = self.rest[:length], self.rest[length:]
        if reply.get("connection", "").lower() == "close":
            self.close()
        return int(first.split(" ")[1]), reply, body

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the gateway closed the connection")
        self.rest += data

    def close(self):
        self.socket.close()

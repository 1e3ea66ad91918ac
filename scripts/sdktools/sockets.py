"""A WebSocket server that does what Tests/SDKContract/socket/SCENARIOS.md says, by the standard library alone."""

import base64
import hashlib
import http.server
import json
import socket
import struct
import threading
import time
import urllib.parse

from . import signature
from .servers import SECRETS, Server

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SAID = "2024-02-29T12:00:00Z"
# The API key of the contract's programs.
KEY = "contract-key-0123456789"
DENIED = "User is not authorized to access this resource with an explicit deny"
# What servers say that refuse a handshake: by status, the error type and the text.
REFUSALS = {401: ("UnauthorizedException", "Unauthorized"), 403: ("ForbiddenException", "Forbidden")}


class SocketServer:
    """The server; what it knows of rooms is forgotten by `reset`."""

    def __init__(self):
        owner = self
        self.lock = threading.Lock()
        self.reset()

        class Handler(SocketHandler):
            server_owner = owner

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"ws://127.0.0.1:{self.server.server_address[1]}"

    def reset(self):
        with self.lock:
            self.closes = {}
            self.handshakes = {}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Ended(Exception):
    """The client is gone, or said that it goes."""


class SocketHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_owner = None

    def log_message(self, format, *arguments):
        pass

    def do_GET(self):
        self.target = self.raw_requestline.split(b" ")[1].decode("latin-1")
        path, _, query = self.target.partition("?")
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
        self.room = dict(pairs).get("room", "")
        with self.server_owner.lock:
            number = self.server_owner.handshakes[self.room] = self.server_owner.handshakes.get(self.room, 0) + 1
        self.mode, _, argument = path.strip("/").partition("-")
        if self.mode == "refuse":
            return self.refuse(int(argument))
        if self.mode == "flaky" and number in (2, 3) or self.mode == "gone" and number > 1:
            return self.refuse(503)
        if self.mode == "forbidden" and number > 1:
            return self.refuse(403)
        if self.headers.get("Upgrade", "").lower() != "websocket":
            return self.refuse(426)
        if self.headers.get("X-Api-Key") != KEY:
            return self.refuse(403)
        trace = self.headers.get("X-Trace")
        if self.mode == "guarded" and trace != "allow":
            return self.refuse(403, "AccessDeniedException", DENIED) if trace else self.refuse(401)
        key = self.headers.get("Sec-WebSocket-Key", "")
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        self.send_response_only(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept[::-1] if self.mode == "garbled" else accept)
        if self.mode == "protocol":
            self.send_header("Sec-WebSocket-Protocol", argument)
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        self.connection.settimeout(30)
        self.frames, self.last_frames, self.pings, self.data = [], [], 0, b""
        try:
            self.talk()
        except (Ended, OSError):
            pass

    def refuse(self, status, kind=None, text=None):
        usual = REFUSALS.get(status, (None, "not now"))
        kind, text = kind or usual[0], text or usual[1]
        body = json.dumps({"message": text}).encode()
        self.send_response(status)
        self.send_header("x-amzn-requestid", "r=")
        if kind:
            self.send_header("x-amzn-errortype", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    # Frames.

    def read(self, size):
        data = self.rfile.read(size)
        if len(data) < size:
            self.record("none")
            raise Ended
        return data

    def record(self, text):
        with self.server_owner.lock:
            self.server_owner.closes.setdefault(self.room, []).append(text)

    def frame(self):
        first, second = self.read(2)
        size = second & 127
        if size == 126:
            (size,) = struct.unpack(">H", self.read(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self.read(8))
        if not second & 128:
            self.record("not masked")
            raise Ended
        mask = self.read(4)
        data = self.read(size)
        data = bytes(byte ^ mask[index & 3] for index, byte in enumerate(data))
        return first & 128, first & 15, data

    def message(self, wanted=None):
        """The next message: whether it is text, and its bytes. Control frames are answered; a pong if it is wanted."""
        opcode, parts, frames = None, [], []
        while True:
            final, code, data = self.frame()
            if code == 8:
                self.record(self.close_text(data))
                self.send(8, data[:2])
                raise Ended
            if code == 9:
                self.pings += 1
                if self.mode != "mute":
                    self.send(10, data)
                continue
            if code == 10:
                if wanted == "pong":
                    return None, data
                continue
            opcode = opcode or code
            parts.append(data)
            frames.append(len(data))
            if final:
                self.last_frames, self.frames = self.frames, frames
                return opcode == 1, b"".join(parts)

    @staticmethod
    def close_text(data):
        return f"{struct.unpack('>H', data[:2])[0]} {data[2:].decode()}".strip() if data else "no code"

    def send(self, opcode, data, final=True, reserved=0, mask=None):
        head = bytes([(128 if final else 0) | reserved | opcode])
        flag = 128 if mask else 0
        if len(data) < 126:
            head += bytes([flag | len(data)])
        elif len(data) < 65536:
            head += bytes([flag | 126]) + struct.pack(">H", len(data))
        else:
            head += bytes([flag | 127]) + struct.pack(">Q", len(data))
        if mask:
            head += mask
            data = bytes(byte ^ mask[index & 3] for index, byte in enumerate(data))
        self.wfile.write(head + data)
        self.wfile.flush()

    # What is said.

    def talk(self):
        while True:
            is_text, data = self.message()
            if not is_text:
                self.data = data
                continue
            if self.mode == "mute":
                continue
            text = data.decode()
            try:
                message = json.loads(text)
            except ValueError:
                message = None
            action = message.get("action") if isinstance(message, dict) else None
            if action == "join":
                # A number that no double holds, in text that says so.
                self.say({"room": message["room"], "members": 9007199254740993})
            elif action == "say" and "text" not in message:
                self.say({"message": "Bad request body", "connectionId": "c=", "messageId": "m="})
            elif action == "say":
                self.say({"type": "said", "text": message["text"], "at": SAID})
            elif action == "command":
                self.perform(message)
            else:
                self.report("got", [text])

    def say(self, value):
        self.send(1, json.dumps(value, ensure_ascii=False).encode())

    def report(self, name, texts):
        self.say({"type": "report", "name": name, "texts": texts})

    def perform(self, message):
        name, text, number = message["name"], message.get("text", ""), message.get("number", 0)
        if name == "head":
            self.report(name, self.head())
        elif name == "frames":
            self.report(name, [str(size) for size in self.last_frames])
        elif name == "pings":
            self.report(name, [str(self.pings)])
        elif name == "closes":
            # A client that closes need not have waited until this side saw it.
            for _ in range(100):
                with self.server_owner.lock:
                    closes = list(self.server_owner.closes.get(self.room, []))
                if closes:
                    break
                time.sleep(0.02)
            self.report(name, closes)
        elif name == "send":
            self.send(1, text.encode())
        elif name == "bytes":
            self.send(2, bytes([255, 0, 1]))
        elif name == "fault":
            self.say({"message": "Internal server error", "connectionId": "c=", "requestId": "r="})
        elif name == "caller":
            self.report(name, [self.headers.get("X-Trace", "")])
        elif name == "mirror":
            self.send(2, self.data)
        elif name == "fragments":
            data = '{"type": "said", "text": "ü and more"}'.encode()
            cut = data.index("ü".encode()) + 1
            self.send(1, data[:cut], final=False)
            self.send(0, b"", final=False)
            self.send(9, b"p1")
            self.send(0, data[cut : cut + 3], final=False)
            self.send(0, data[cut + 3 :])
            _, payload = self.message("pong")
            self.report("pong", [payload.decode()])
        elif name == "big":
            self.say({"type": "said", "text": "x" * number})
        elif name == "masked":
            self.send(1, b'{"type": "said", "text": "m"}', mask=b"abcd")
        elif name == "reserved":
            self.send(1, b'{"type": "said", "text": "r"}', reserved=64)
        elif name == "surrogate":
            self.send(1, b'{"type": "said", "text": "\xed\xa0\x80"}')
        elif name == "opcode":
            self.send(3, b"")
        elif name == "close":
            text = text or ("Going away" if number == 1001 else "")
            self.send(8, struct.pack(">H", number) + text.encode() if number else b"")
            self.message()
        elif name == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            raise Ended
        else:
            self.report("unknown command", [name])

    def head(self):
        headers = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value.strip())
        target, signed = self.target, "unsigned"
        if "authorization" in headers:
            # What a standard WebSocket adds for the handshake need not be signed.
            if "accept" not in headers["authorization"][0]:
                headers.pop("accept", None)
            signed = signature.check("GET", self.target, headers, b"", SECRETS)
        elif "X-Amz-Signature=" in self.target:
            signed = signature.check_query("GET", self.target, headers, SECRETS)
            path, _, query = self.target.partition("?")
            target = path + "?" + "&".join(part for part in query.split("&") if not part.startswith("X-Amz-"))
        key = base64.b64decode(headers.get("sec-websocket-key", [""])[0])
        return [
            target, headers.get("x-trace", [""])[0], headers.get("x-api-key", [""])[0], signed,
            headers.get("sec-websocket-version", [""])[0], str(len(key) == 16),
        ]  # fmt: skip

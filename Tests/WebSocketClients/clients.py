#!/usr/bin/env python3
"""Talks to a WebSocket API with clients that others wrote, and says what went wrong.

    clients.py CLIENT --url ws://127.0.0.1:PORT/STAGE [--chromium PATH]
    clients.py CLIENT --url wss://NAME:PORT/PATH --authority ca.pem

CLIENT is `websockets`, `wsproto`, `aiohttp`, `curl` or `chromium`. Of the API it expects that `$connect` answers with the
subprotocol `chat.v2`, that the route `id` answers with the connection id, that `$default` answers with the message, or
`{}` for an empty one, and that the identity of the environment (`AWS_ACCESS_KEY_ID`) may call `@connections`.
By TLS, for `websockets`, `aiohttp` and `curl`, every name leads to this machine, and only the given authority is trusted.
Prints a line for each thing that works, and ends with 0 if all of it does. Needs the packages of its imports from PyPI.
"""

import argparse
import asyncio
import base64
import json
import os
import queue
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.parse

WAIT = 60
ID = '{"action": "id"}'
TEXTS = ["a", "", "κόσμε 👋", '{"action": "nothing"}', "x" * 125, "x" * 126, "x" * 32768]


def check(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}: expected {wanted!r:.200}, got {found!r:.200}")
    print("ok", what, flush=True)


class TLS:
    """What clients of `wss` trust; everything is off without an authority."""

    authority = None
    context = None

    @classmethod
    def trust(cls, authority):
        cls.authority = authority
        cls.context = ssl.create_default_context(cafile=authority)
        look_up = socket.getaddrinfo
        socket.getaddrinfo = lambda host, *rest, **more: look_up("127.0.0.1", *rest, **more)


def calls(url):
    """The client of `@connections`."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "apigatewaymanagementapi", region_name="us-east-1", endpoint_url=url.replace("ws", "http", 1).rstrip("/"),
        verify=TLS.authority, config=Config(retries={"max_attempts": 0}, proxies={}))


# Each client in the same words: text and bytes go out, `receive` gives a text, a `bytes` pong, or a (code, reason) of the end.


class Websockets:
    def __init__(self, url, protocols=()):
        from websockets.sync.client import connect

        self.socket = connect(
            url, ssl=TLS.context, subprotocols=list(protocols) or None, open_timeout=WAIT, proxy=None).__enter__()
        self.protocol = self.socket.subprotocol
        self.extensions = self.socket.response.headers.get("Sec-WebSocket-Extensions")

    def send(self, message):
        self.socket.send(message)

    def send_parts(self, parts):
        self.socket.send(iter(parts))

    def receive(self):
        from websockets.exceptions import ConnectionClosed

        try:
            return self.socket.recv(timeout=WAIT)
        except ConnectionClosed as closed:
            return closed.rcvd.code, closed.rcvd.reason

    def ping(self, payload):
        return self.socket.ping(payload).wait(WAIT)

    def close(self, code, reason):
        self.socket.close(code, reason)
        received = self.socket.protocol.close_rcvd
        return received.code if received else None


class Wsproto:
    def __init__(self, url, protocols=()):
        from wsproto import ConnectionType, WSConnection
        from wsproto.events import AcceptConnection, RejectConnection, Request

        parts = urllib.parse.urlsplit(url)
        self.tcp = socket.create_connection((parts.hostname, parts.port), WAIT)
        self.connection = WSConnection(ConnectionType.CLIENT)
        self.events = []
        self.write(Request(host=parts.netloc, target=parts.path, subprotocols=list(protocols)))
        event = self.next()
        if isinstance(event, RejectConnection):
            raise SystemExit(f"refused with {event.status_code}")
        assert isinstance(event, AcceptConnection), event
        self.protocol = event.subprotocol
        self.extensions = event.extensions or None

    def write(self, event):
        self.tcp.sendall(self.connection.send(event))

    def next(self):
        while not self.events:
            data = self.tcp.recv(65536)
            self.connection.receive_data(data or None)
            self.events += self.connection.events()
        return self.events.pop(0)

    def send(self, message):
        from wsproto.events import BytesMessage, TextMessage

        self.write((BytesMessage if isinstance(message, bytes) else TextMessage)(data=message))

    def send_parts(self, parts):
        from wsproto.events import TextMessage

        for index, part in enumerate(parts):
            self.write(TextMessage(data=part, message_finished=index == len(parts) - 1))

    def receive(self):
        from wsproto.events import CloseConnection, TextMessage

        text = ""
        while True:
            event = self.next()
            if isinstance(event, TextMessage):
                text += event.data
                if event.message_finished:
                    return text
            elif isinstance(event, CloseConnection):
                # The connection's own states say whether an answer is still due.
                if self.connection.state.name == "REMOTE_CLOSING":
                    self.write(event.response())
                return event.code, event.reason or ""

    def ping(self, payload):
        from wsproto.events import Ping, Pong

        self.write(Ping(payload=payload))
        event = self.next()
        return isinstance(event, Pong) and bytes(event.payload) == payload

    def close(self, code, reason):
        from wsproto.events import CloseConnection

        self.write(CloseConnection(code=code, reason=reason))
        code, _ = self.receive()
        # TCP ends from the server's side.
        assert self.tcp.recv(1) == b""
        return code


class Aiohttp:
    def __init__(self, url, protocols=()):
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self.connect(url, protocols))

    async def connect(self, url, protocols):
        import aiohttp

        self.session = aiohttp.ClientSession()
        self.socket = await self.session.ws_connect(
            url, ssl=TLS.context or True, protocols=protocols, compress=15, autoping=False)
        self.protocol = self.socket.protocol
        self.extensions = self.socket._response.headers.get("Sec-WebSocket-Extensions")

    def run(self, work):
        return self.loop.run_until_complete(asyncio.wait_for(work, WAIT))

    def send(self, message):
        self.run(self.socket.send_bytes(message) if isinstance(message, bytes) else self.socket.send_str(message))

    send_parts = None

    def receive(self):
        import aiohttp

        message = self.run(self.socket.receive())
        if message.type is aiohttp.WSMsgType.TEXT:
            return message.data
        result = message.data, message.extra or ""
        self.run(self.session.close())
        return result

    def ping(self, payload):
        import aiohttp

        self.run(self.socket.ping(payload))
        message = self.run(self.socket.receive())
        return message.type is aiohttp.WSMsgType.PONG and message.data == payload

    def close(self, code, reason):
        self.run(self.socket.close(code=code, message=reason.encode()))
        code = self.socket.close_code
        self.run(self.session.close())
        return code


def talk(kind, url):
    client = kind(url)
    check("no subprotocol unless one is offered", client.protocol, None)
    check("no extension is agreed on", client.extensions, None)
    for text in TEXTS:
        client.send(text)
        check(f"echo of {len(text)} characters", client.receive(), text or "{}")
    for number in range(100):
        client.send(f"message {number}")
    check("100 messages", [client.receive() for _ in range(100)], [f"message {number}" for number in range(100)])
    for payload in [b"", b"ping", bytes(125)]:
        check(f"ping of {len(payload)} bytes", client.ping(payload), True)
    if client.send_parts:
        client.send_parts(["a", "", "κό", "σμε"])
        check("fragments", client.receive(), "aκόσμε")
        client.send_parts(["x" * 32768] * 4)
        check("128 KB in fragments", client.receive(), "x" * 131072)

    client.send(ID)
    identifier = client.receive()
    check("form of the connection id", bool(re.fullmatch(r"[A-Za-z0-9_+/-]{15}=", identifier)), True)
    backend = calls(url)
    backend.post_to_connection(ConnectionId=identifier, Data="from behind €".encode())
    check("a message of a backend", client.receive(), "from behind €")
    found = backend.get_connection(ConnectionId=identifier)
    check("what a backend asks", found["Identity"]["SourceIp"], "127.0.0.1")
    backend.delete_connection(ConnectionId=identifier)
    check("the end by a backend", client.receive(), (1000, "Connection Closed Normally"))
    try:
        backend.post_to_connection(ConnectionId=identifier, Data=b"nobody")
        check("a client that is gone", "is there", "is gone")
    except backend.exceptions.GoneException:
        check("a client that is gone", True, True)

    client = kind(url, ["chat.v1", "chat.v2"])
    check("the subprotocol of $connect", client.protocol, "chat.v2")
    check("end with 1000", client.close(1000, "bye"), 1000)
    for code in [3001, 4999]:
        check(f"end with {code}", kind(url).close(code, "κόσμε"), code)

    client = kind(url)
    client.send(b"\x00\xff")
    check("bytes end the connection", client.receive()[0], 1003)
    client = kind(url)
    client.send("x" * 40000)
    check("a frame over the limit ends the connection", client.receive()[0], 1009)


def curl(url):
    """The handshake of `curl`, which speaks no frames in all of its versions."""
    key = base64.b64encode(os.urandom(16)).decode()
    address = url.replace("ws", "http", 1)
    parts = urllib.parse.urlsplit(address)
    trust = ["--cacert", TLS.authority, "--resolve", f"{parts.netloc}:127.0.0.1"] if TLS.authority else []

    def ask(*options, version="--http1.1"):
        # Heads that are dumped are flushed line by line, those that are included are not.
        command = ["curl", "--silent", "--dump-header", "-", "--output", os.devnull, version, "--noproxy", "*",
                   "--max-time", str(WAIT), *trust, *options, address]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        head = []
        for line in process.stdout:
            if not line.strip():
                break
            head.append(line.decode().strip())
        process.kill()
        process.wait()
        fields = dict((name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:]))
        return head[0].split()[1], fields

    upgrade = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13",
               "-H", f"Sec-WebSocket-Key: {key}"]
    status, fields = ask(*upgrade)
    check("status of a handshake", status, "101")
    import hashlib

    digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    check("answer to the key", fields.get("sec-websocket-accept"), base64.b64encode(digest).decode())
    status, fields = ask(*upgrade, "-H", "Sec-WebSocket-Protocol: chat.v1, chat.v2")
    check("subprotocol", (status, fields.get("sec-websocket-protocol")), ("101", "chat.v2"))
    status, fields = ask()
    check("a plain request", (status, fields.get("upgrade"), fields.get("sec-websocket-version")),
          ("426", "websocket", "13"))
    if TLS.authority:
        # Source: RFC 9113, section 8.6: HTTP/2 has no 101, and no fields that are of a connection.
        status, fields = ask(version="--http2")
        check("a plain request by HTTP/2", (status, fields.get("upgrade")), ("426", None))


def agreed(url):
    """Which protocols TLS agrees on: a handshake is a request of HTTP/1.1. Source: RFC 6455, section 1.8; RFC 7301."""
    parts = urllib.parse.urlsplit(url)
    for offered, wanted in [(["http/1.1"], "http/1.1"), ([], None), (["h2"], "h2")]:
        context = ssl.create_default_context(cafile=TLS.authority)
        if offered:
            context.set_alpn_protocols(offered)
        with socket.create_connection((parts.hostname, parts.port), WAIT) as tcp:
            with context.wrap_socket(tcp, server_hostname=parts.hostname) as connection:
                check(f"protocol of {offered}", connection.selected_alpn_protocol(), wanted)


PAGE = """
window.open_ = (url, protocols) => new Promise((resolve, reject) => {
  const socket = protocols ? new WebSocket(url, protocols) : new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  const messages = [], readers = []
  window.take = () => new Promise(done => messages.length ? done(messages.shift()) : readers.push(done))
  const give = message => readers.length ? readers.shift()(message) : messages.push(message)
  socket.onopen = () => { window.socket = socket; resolve([socket.protocol, socket.extensions]) }
  socket.onmessage = event => give(event.data)
  socket.onclose = event => { give([event.code, event.reason, event.wasClean]); reject('closed ' + event.code) }
})
window.ask = message => { socket.send(message); return take() }
"""


class Chromium:
    """A browser without a window, by the protocol of its developer tools."""

    def __init__(self, path):
        from websockets.sync.client import connect

        self.folder = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            [path, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run",
             "--disable-dev-shm-usage", f"--user-data-dir={self.folder}", "about:blank"], stderr=subprocess.PIPE, text=True)
        lines = queue.Queue()
        threading.Thread(target=lambda: [lines.put(line) for line in self.process.stderr], daemon=True).start()
        while True:
            found = re.search(r"DevTools listening on (ws://\S+)", lines.get(timeout=WAIT))
            if found:
                break
        self.tools = connect(found[1], max_size=None, proxy=None).__enter__()
        self.number = 0
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        self.tools.send(json.dumps(message))
        while True:
            answer = json.loads(self.tools.recv(timeout=WAIT))
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise SystemExit(f"{script:.100}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def end(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def chromium(url, path):
    browser = Chromium(path)
    try:
        browser.run(PAGE)
        address = json.dumps(url)
        check("no subprotocol, no extension", browser.run(f"open_({address})"), ["", ""])
        for text in TEXTS:
            check(f"echo of {len(text)} characters", browser.run(f"ask({json.dumps(text)})"), text or "{}")
        script = "(async () => { for (let i = 0; i < 100; i++) socket.send('message ' + i); " \
            "const all = []; for (let i = 0; i < 100; i++) all.push(await take()); return all })()"
        check("100 messages", browser.run(script), [f"message {number}" for number in range(100)])
        identifier = browser.run(f"ask({json.dumps(ID)})")
        backend = calls(url)
        backend.post_to_connection(ConnectionId=identifier, Data="from behind €".encode())
        check("a message of a backend", browser.run("take()"), "from behind €")
        found = backend.get_connection(ConnectionId=identifier)
        check("the browser's name", "Chrome" in found["Identity"]["UserAgent"], True)
        backend.delete_connection(ConnectionId=identifier)
        check("the end by a backend", browser.run("take()"), [1000, "Connection Closed Normally", True])

        check("subprotocol", browser.run(f"open_({address}, ['chat.v1', 'chat.v2'])"), ["chat.v2", ""])
        check("end with 3001", browser.run("(socket.close(3001, 'bye'), take())"), [3001, "", True])
        browser.run(f"open_({address})")
        check("end without a code", browser.run("(socket.close(), take())"), [1005, "", True])
        browser.run(f"open_({address})")
        check("bytes end the connection", browser.run("ask(new Uint8Array([0, 255]))"), [1003, "", True])
        refused = browser.run(f"open_({json.dumps(url + '/nowhere')}).catch(error => error)")
        check("a path that is none", refused, "closed 1006")
    finally:
        browser.end()


def place(kind, url, wanted):
    client = kind(url)
    client.send('{"action": "where"}')
    check("stage and domain name", client.receive(), wanted)
    client.close(1000, "")


def ended(kind, url):
    client = kind(url)
    client.send(ID)
    calls(url).delete_connection(ConnectionId=client.receive())
    check("the end by a backend", client.receive(), (1000, "Connection Closed Normally"))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("client", choices=["websockets", "wsproto", "aiohttp", "curl", "chromium"])
    options.add_argument("--url", required=True)
    options.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser")
                         or shutil.which("google-chrome"))
    options.add_argument("--authority", help="certificate of the only authority that is trusted")
    options.add_argument("--place", help="what the route `where` answers, if there is one")
    options.add_argument("--only-end", action="store_true", help="only lets `@connections` end a connection")
    given = options.parse_args()
    if given.authority:
        TLS.trust(given.authority)
        agreed(given.url)
    if given.client == "curl":
        curl(given.url)
    elif given.client == "chromium":
        if not given.chromium:
            sys.exit("no Chromium is in the path")
        chromium(given.url, given.chromium)
    else:
        kind = {"websockets": Websockets, "wsproto": Wsproto, "aiohttp": Aiohttp}[given.client]
        if given.only_end:
            return ended(kind, given.url)
        if given.place:
            place(kind, given.url, given.place)
        talk(kind, given.url)


if __name__ == "__main__":
    main()

"""A gateway that plays the contract of WebSocket APIs, and the function behind its routes; see
Tests/SDKContract/socket/SCENARIOS.md."""

import base64
import datetime
import http.client
import http.server
import json
import pathlib
import queue
import re
import subprocess
import threading
import urllib.parse

from . import signature
from .network import Network
from .servers import SECRETS, Gateway, Server, clean_environment
from .sockets import KEY, SAID

ACCESS_KEY = "AKIDEXAMPLE"
# Scenarios of the gateway with an authorizer.
GUARDED = {"unauthorized", "denied", "authorized"}
# A gateway that does not come back is a failure, and no reason to wait for ever.
RESTART_SECONDS = 60


class LiveSockets:
    """A gateway of `api.yaml`, one of `guarded.yaml`, and what is around them. By TLS, there is only the first."""

    def __init__(self, binary, folder, work, is_secure=False):
        self.binary, self.folder, self.work = binary, pathlib.Path(folder), pathlib.Path(work)
        self.gateways = {}
        self.trust = Trust(binary, self.work) if is_secure else None
        self.serves = threading.Event()
        self.function = FunctionServer(self)
        self.network = Network(self.address, reads_target=not is_secure)
        self.url = f"wss://localhost:{self.network.port}" if is_secure else f"ws://127.0.0.1:{self.network.port}"
        self.restarts = queue.Queue()
        self.restarter = threading.Thread(target=self.keep_restarting, daemon=True)
        try:
            if not is_secure:
                self.serve("guarded")
            self.serve("api")
        except BaseException:
            self.stop()
            raise
        self.serves.set()
        self.restarter.start()

    def serve(self, name):
        options = ["--lambda", f"contract={self.function.url}", "--state", str(self.work / f"{name}-state")]
        self.gateways[name] = Gateway(
            self.binary, str(self.folder / f"{name}.yaml"), str(self.work / f"{name}.log"),
            [*options, *(self.trust.options if self.trust else [])],
            CONTRACT_KEY=KEY, CONTRACT_SECRET=SECRETS[ACCESS_KEY],
        )  # fmt: skip

    def address(self, path, is_client=True):
        """Where the gateway is that serves a path; waits while it is not there."""
        if not self.serves.wait(RESTART_SECONDS):
            raise OSError("the gateway has not come back")
        gateway = self.gateways["guarded" if path.startswith("/guarded") else "api"]
        url = self.trust.url(gateway) if self.trust and is_client else gateway.url
        return "127.0.0.1", urllib.parse.urlsplit(url).port

    def restart(self):
        """Ends the gateway, as a new version would, and starts it again. Who connects meanwhile waits."""
        self.serves.clear()
        self.restarts.put(True)

    def keep_restarting(self):
        while self.restarts.get():
            self.gateways["api"].stop()
            self.serve("api")
            self.serves.set()

    def reset(self):
        self.function.reset()

    def stop(self):
        if self.restarter.is_alive():
            self.restarts.put(False)
            self.restarter.join()
        for gateway in self.gateways.values():
            gateway.stop()
        self.network.stop()
        self.function.stop()


class Trust:
    """A certificate for this machine, and what lets the runtimes of clients trust it."""

    def __init__(self, binary, work):
        folder = work / "certificates"
        subprocess.run(
            [binary, "certs", "dev", "--directory", str(folder)],
            check=True, capture_output=True, env=clean_environment(),
        )  # fmt: skip
        self.authority, self.store = folder / "ca.pem", folder / "trusted.p12"
        domain = {
            "certificate": str(folder / "localhost.pem"), "privateKey": str(folder / "localhost-key.pem"),
            "basePathMappings": {"": "chat"},
        }  # fmt: skip
        # The port of TLS opens with a domain's certificate; the address of the API itself is served there, too.
        config = work / "domains.yaml"
        config.write_text(json.dumps({"x-portico-domain-names": {"contract.example.com": domain}}))
        self.options = ["--config", str(config), "--tls-port", "0"]

    def url(self, gateway):
        text = pathlib.Path(gateway.log).read_text(encoding="utf-8")
        return re.search(r"^\s*domain contract\.example\.com\s+(https://\S+)", text, re.M).group(1)

    @property
    def environment(self):
        return {"SSL_CERT_FILE": str(self.authority), "NODE_EXTRA_CA_CERTS": str(self.authority)}

    def command(self, command):
        """Java trusts a store that an option names, as its variables would make it say so on standard error."""
        if pathlib.Path(command[0]).name != "java":
            return command
        if not self.store.exists():
            subprocess.run(
                ["keytool", "-importcert", "-noprompt", "-alias", "contract", "-file", str(self.authority),
                 "-keystore", str(self.store), "-storetype", "PKCS12", "-storepass", "contract"],
                check=True, capture_output=True,
            )  # fmt: skip
        options = [f"-Djavax.net.ssl.trustStore={self.store}", "-Djavax.net.ssl.trustStorePassword=contract"]
        return [command[0], *options, *command[1:]]


class FunctionServer:
    """The function of all routes, called as Lambda functions are in a debugger: an event comes, a result goes."""

    def __init__(self, surroundings):
        self.surroundings = surroundings
        self.changed = threading.Condition()
        self.reset()
        owner = self

        class Handler(FunctionHandler):
            server_owner = owner

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def reset(self):
        with self.changed:
            self.opened = {}
            self.handshakes = {}
            self.closes = {}
            self.data = {}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    # Events.

    def answer(self, event):
        if event.get("type") == "REQUEST":
            return self.authorize(event)
        kind = event["requestContext"]["eventType"]
        return {"CONNECT": self.connect, "DISCONNECT": self.disconnect, "MESSAGE": self.message}[kind](event)

    def authorize(self, event):
        """The answer of a Lambda authorizer."""
        trace = header(event, "x-trace")
        effect = {"allow": "Allow", "deny": "Deny"}[trace]
        statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
        return {"principalId": trace, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}

    def connect(self, event):
        context, room = event["requestContext"], event["queryStringParameters"]["room"]
        with self.changed:
            number = self.handshakes[room] = self.handshakes.get(room, 0) + 1
            self.opened[context["connectionId"]] = event
        mode, _, argument = context["stage"].partition("-")
        if mode == "flaky" and number in (2, 3) or mode == "gone" and number > 1:
            return refusal(503, "not now")
        if mode == "forbidden" and number > 1:
            return refusal(403, "Forbidden", "ForbiddenException")
        if mode == "refuse":
            return refusal(int(argument), "Forbidden", "ForbiddenException")
        headers = {"Sec-WebSocket-Protocol": argument} if mode == "protocol" else {}
        return {"statusCode": 200, "headers": headers}

    def disconnect(self, event):
        context = event["requestContext"]
        text = f"{context['disconnectStatusCode']} {context.get('disconnectReason') or ''}".strip()
        with self.changed:
            self.closes.setdefault(self.room(context), []).append(text)
            self.changed.notify_all()
        return {"statusCode": 200}

    def room(self, context):
        event = self.opened.get(context["connectionId"])
        return event["queryStringParameters"]["room"] if event else None

    def message(self, event):
        context, text = event["requestContext"], event.get("body") or ""
        if event.get("isBase64Encoded"):
            with self.changed:
                self.data[context["connectionId"]] = base64.b64decode(text)
                self.changed.notify_all()
            return {"statusCode": 200}
        route = context["routeKey"]
        message = json.loads(text) if route in ("join", "say", "command") else None
        if route == "join":
            # The only route that answers; everything else is sent through `@connections`.
            return {"statusCode": 200, "body": json.dumps({"room": message["room"], "members": 9007199254740993})}
        if route == "say":
            self.say(context, {"type": "said", "text": message["text"], "at": SAID})
        elif route == "command":
            self.perform(context, message)
        else:
            self.report(context, "got", [text])
        return {"statusCode": 200}

    def perform(self, context, message):
        name, text, number = message["name"], message.get("text", ""), message.get("number", 0)
        if name == "head":
            self.report(context, name, self.head(context))
        elif name == "caller":
            self.report(context, name, [context["authorizer"]["principalId"]])
        elif name == "closes":
            # The gateway tells of an end when the client may have gone on already.
            self.report(context, name, self.awaited(self.closes, self.room(context)) or [])
        elif name == "send":
            self.call("POST", context, text.encode())
        elif name == "bytes":
            self.call("POST", context, bytes([255, 0, 1]))
        elif name == "mirror":
            self.call("POST", context, self.awaited(self.data, context["connectionId"]))
        elif name == "big":
            self.say(context, {"type": "said", "text": "x" * number})
        elif name == "fault":
            raise ValueError("a fault of the function")
        elif name == "close" and number == 1000:
            self.call("DELETE", context)
        elif name == "close" and number in (1001, 1012):
            self.surroundings.restart()
        elif name == "drop":
            self.surroundings.network.cut()
        else:
            self.report(context, "unknown command", [name])

    def awaited(self, values, key):
        """What another event brings: those of a connection are under way together."""
        with self.changed:
            self.changed.wait_for(lambda: key in values, 2)
            return values.get(key)

    def head(self, context):
        """What came with the handshake, and who the gateway says that it is."""
        event = self.opened[context["connectionId"]]
        query = event["multiValueQueryStringParameters"]
        identity = event["requestContext"]["identity"]
        return [
            *query["room"], *query.get("tags", []), header(event, "x-trace"), header(event, "x-api-key"),
            str(identity.get("accessKey")), str(identity.get("apiKey")),
        ]  # fmt: skip

    # What is sent.

    def say(self, context, value):
        self.call("POST", context, json.dumps(value, ensure_ascii=False).encode())

    def report(self, context, name, texts):
        self.say(context, {"type": "report", "name": name, "texts": texts})

    def call(self, method, context, body=b""):
        """A signed call of `@connections`."""
        stage, connection = context["stage"], urllib.parse.quote(context["connectionId"], safe="")
        host, port = self.surroundings.address("/" + stage, is_client=False)
        target = f"/{stage}/@connections/{connection}"
        time = f"{datetime.datetime.now(datetime.timezone.utc):%Y%m%dT%H%M%SZ}"
        headers = {"host": [f"{host}:{port}"], "x-amz-date": [time]}
        signed = signature.compute(
            method, target, headers, sorted(headers), body, SECRETS[ACCESS_KEY], time, "us-east-1", "execute-api"
        )
        credential = f"{ACCESS_KEY}/{time[:8]}/us-east-1/execute-api/aws4_request"
        client = http.client.HTTPConnection(host, port, timeout=10)
        authorization = f"Credential={credential}, SignedHeaders=host;x-amz-date, Signature={signed}"
        client.request(
            method, target, body or None, {"X-Amz-Date": time, "Authorization": f"AWS4-HMAC-SHA256 {authorization}"}
        )
        answer = client.getresponse()
        text = answer.read()
        client.close()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{method} {target}: {answer.status} {text[:300]!r}")


class FunctionHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_owner = None

    def log_message(self, format, *arguments):
        pass

    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = 200
        try:
            result = self.server_owner.answer(event)
        except Exception as error:
            # As a function's runtime tells of it.
            status, result = 500, {"errorType": type(error).__name__, "errorMessage": str(error)}
        content = json.dumps(result).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def header(event, name):
    return next((value for key, value in event["headers"].items() if key.lower() == name), "")


def refusal(status, message, kind=None):
    headers = {"x-amzn-errortype": kind} if kind else {}
    return {"statusCode": status, "headers": headers, "body": json.dumps({"message": message})}

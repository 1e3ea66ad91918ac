"""A token issuer for tests: discovery, keys that rotate on command, and tokens signed with them.

    PYTHON issuer.py [CERTIFICATE KEY]        with a PYTHON of scripts/python-environment

Prints one line: the port of the control server (plain HTTP) and that of the issuer, which is HTTPS with a certificate and
the same port without. An issuer is named by a path: http://127.0.0.1:PORT/NAME; all share the keys.

    POST /control   {"rotate": "add" | "replace", "algorithm": "RS256" | "ES256" | ...}    a new key
                    {"status": 500}, {"delay": 2.0}, {"cacheControl": "max-age=60"}, {"pad": 200000},
                    {"issuer": "https://other.example.com"}, {"jwksUri": "..."}, {"location": "..."}: how it answers;
                    null takes it back
    POST /token?kid=KID&alg=ALG    claims as JSON; answers the token, signed with the newest key unless `kid` is given
    GET /counts     requests for the two documents so far
It ends with the process that started it.
"""
import base64
import json
import os
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

CURVES = {"ES256": (ec.SECP256R1(), "P-256", 32), "ES384": (ec.SECP384R1(), "P-384", 48),
          "ES512": (ec.SECP521R1(), "P-521", 66)}
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return text(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    def __init__(self, kid, algorithm):
        self.kid, self.algorithm = kid, algorithm
        if algorithm in CURVES:
            self.private = ec.generate_private_key(CURVES[algorithm][0])
        else:
            self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def jwk(self):
        numbers = self.private.public_key().public_numbers()
        if self.algorithm in CURVES:
            _, name, size = CURVES[self.algorithm]
            key = {"kty": "EC", "crv": name, "x": number(numbers.x, size), "y": number(numbers.y, size)}
        else:
            key = {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
        return {"kid": self.kid, "use": "sig", "alg": self.algorithm} | key

    def sign(self, message, algorithm):
        digest = HASHES[algorithm[2:]]
        if algorithm in CURVES:
            r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(digest)))
            size = CURVES[algorithm][2]
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        if algorithm.startswith("PS"):
            pad = padding.PSS(mgf=padding.MGF1(digest), salt_length=padding.PSS.DIGEST_LENGTH)
        else:
            pad = padding.PKCS1v15()
        return self.private.sign(message, pad, digest)


class Issuer:
    def __init__(self):
        self.lock = threading.Lock()
        self.serial = 0
        self.all = {}
        self.published = []
        self.settings = {}
        self.counts = {"discovery": 0, "keys": 0}
        self.rotate("replace", "RS256")

    def rotate(self, how, algorithm):
        self.serial += 1
        key = Key(f"key-{self.serial}", algorithm)
        with self.lock:
            self.all[key.kid] = key
            self.published = [key] if how == "replace" else self.published + [key]
        return key.kid

    def token(self, claims, kid, algorithm):
        with self.lock:
            key = self.all[kid] if kid else self.published[-1]
        algorithm = algorithm or key.algorithm
        header = json.dumps({"alg": algorithm, "kid": key.kid, "typ": "JWT"}, separators=(",", ":"))
        signed = text(header.encode()) + "." + text(claims)
        return signed + "." + text(key.sign(signed.encode(), algorithm))


issuer = Issuer()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    base = ""

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, headers=()):
        body = body.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def document(self, name, make):
        with issuer.lock:
            issuer.counts[name] += 1
            settings = dict(issuer.settings)
        if settings.get("delay"):
            time.sleep(settings["delay"])
        headers = []
        if settings.get("cacheControl"):
            headers.append(("Cache-Control", settings["cacheControl"]))
        if settings.get("location"):
            headers.append(("Location", settings["location"]))
        status = settings.get("status") or (302 if settings.get("location") else 200)
        body = make(settings) if status == 200 else {"error": "no"}
        self.answer(status, json.dumps(body) + " " * (settings.get("pad") or 0), headers)

    def do_GET(self):
        path = urlsplit(self.path).path
        if path.endswith("/.well-known/openid-configuration"):
            name = self.base + path.removesuffix("/.well-known/openid-configuration")
            self.document("discovery", lambda settings: {
                "issuer": settings.get("issuer") or name,
                "jwks_uri": settings.get("jwksUri") or self.base + "/keys",
                "id_token_signing_alg_values_supported": ["RS256"]})
        elif path == "/keys":
            with issuer.lock:
                keys = [key.jwk() for key in issuer.published]
            self.document("keys", lambda settings: {"keys": keys})
        elif path == "/counts":
            with issuer.lock:
                counts = dict(issuer.counts)
            self.answer(200, json.dumps(counts))
        else:
            self.answer(404, "{}")

    def do_POST(self):
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path == "/token":
            query = parse_qs(url.query)
            token = issuer.token(body, query.get("kid", [None])[0], query.get("alg", [None])[0])
            self.answer(200, token)
        elif url.path == "/control":
            command = json.loads(body)
            kid = None
            if command.get("rotate"):
                kid = issuer.rotate(command.pop("rotate"), command.pop("algorithm", "RS256"))
            with issuer.lock:
                issuer.settings |= command
            self.answer(200, json.dumps({"kid": kid}))
        else:
            self.answer(404, "{}")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, address):
        pass


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


control = Server(("127.0.0.1", 0), Handler)
public = control
Handler.base = f"http://127.0.0.1:{control.server_port}"
if len(sys.argv) > 1:
    public = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    # The handshake is made on the thread of the connection: a slow client holds up nobody else.
    public.socket = context.wrap_socket(public.socket, server_side=True, do_handshake_on_connect=False)
    Handler.base = f"https://127.0.0.1:{public.server_port}"
    threading.Thread(target=public.serve_forever, daemon=True).start()
threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
print(control.server_port, public.server_port, flush=True)
control.serve_forever()

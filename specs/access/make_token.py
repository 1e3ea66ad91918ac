"""Prints an ID token for specs/access.yaml: a stand-in for the user pool on one's own machine.

    python3 specs/access/make_token.py [SUBJECT] [SECONDS]

The first call makes the key, by `openssl`, in specs/.portico; the public part is what the spec reads. Serve the spec after
that, or save it once more.
"""
import base64
import json
import pathlib
import subprocess
import sys
import time

FOLDER = pathlib.Path(__file__).resolve().parent.parent / ".portico"
KEY = FOLDER / "access-key.pem"


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, stdout=subprocess.PIPE, check=True).stdout


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def make_key():
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(KEY))
    KEY.chmod(0o600)
    # The point stands at the end of the public key.
    point = openssl("pkey", "-in", str(KEY), "-pubout", "-outform", "DER")[-64:]
    key = {"kid": "local", "kty": "EC", "crv": "P-256", "use": "sig", "x": text(point[:32]), "y": text(point[32:])}
    (FOLDER / "access-keys.json").write_text(json.dumps({"keys": [key]}))


def integer(der, at):
    end = at + 2 + der[at + 1]
    return int.from_bytes(der[at + 2 : end], "big").to_bytes(32, "big"), end


def token(subject, seconds):
    now = int(time.time())
    claims = {"iss": "https://access.example.com", "aud": "web", "token_use": "id", "sub": subject, "iat": now, "exp": now + seconds}
    header = {"alg": "ES256", "kid": "local", "typ": "JWT"}
    signed = ".".join(text(json.dumps(part).encode()) for part in (header, claims))
    # A signature of openssl is a sequence of two integers, one of a token is their bytes.
    der = openssl("dgst", "-sha256", "-sign", str(KEY), data=signed.encode())
    first, at = integer(der, 2)
    second, _ = integer(der, at)
    return signed + "." + text(first + second)


if not KEY.exists():
    make_key()
print(token(sys.argv[1] if len(sys.argv) > 1 else "ada", int(sys.argv[2]) if len(sys.argv) > 2 else 3600))

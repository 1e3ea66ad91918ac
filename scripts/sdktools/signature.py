"""Checks Signature Version 4 of a request as it came over the wire, as the receiver does."""

import datetime
import hashlib
import hmac
import re
import urllib.parse

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;_-]+), ?Signature=([0-9a-f]{64})\Z"
)
# What a client sets itself must be signed; what only its transport adds need not be.
MUST_BE_SIGNED = {
    "host", "accept", "content-type", "x-amz-date", "x-amz-security-token", "x-api-key", "amz-sdk-request",
    "idempotency-key", "x-hook",
}  # fmt: skip
MUST_NOT_BE_SIGNED = {
    "user-agent", "x-amzn-trace-id", "expect", "connection", "transfer-encoding", "content-length", "accept-encoding",
}  # fmt: skip


def check(method, target, headers, body, secrets, now=None, service="execute-api"):
    """`valid`, or why the signature is not. `headers` maps lower-case names to lists of values."""
    match = AUTHORIZATION.match(headers.get("authorization", [""])[0])
    if not match:
        return "Authorization is not that of Signature Version 4"
    key, day, region, named_service, signed, signature = match.groups()
    if key not in secrets:
        return f"unknown access key {key}"
    if named_service != service:
        return f"service is {named_service}"
    signed = signed.split(";")
    if signed != sorted(set(signed)):
        return "SignedHeaders are not in order"
    missing = sorted((MUST_BE_SIGNED & set(headers)) - set(signed))
    if missing:
        return "not signed: " + ", ".join(missing)
    fleeting = sorted(MUST_NOT_BE_SIGNED & set(signed))
    if fleeting:
        return "must not be signed, proxies change it: " + ", ".join(fleeting)
    absent = [name for name in signed if name not in headers]
    if absent:
        return "signed but not sent: " + ", ".join(absent)
    time = headers.get("x-amz-date", [""])[0]
    try:
        instant = datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return f"X-Amz-Date is '{time}'"
    now = now or datetime.datetime.now(datetime.timezone.utc)
    if not time.startswith(day) or abs((now - instant).total_seconds()) > 300:
        return f"X-Amz-Date is {time}, now is {now:%Y%m%dT%H%M%SZ}"
    wanted = compute(method, target, headers, signed, body, secrets[key], time, region, service)
    return "valid" if hmac.compare_digest(wanted, signature) else "the signature does not match"


def compute(method, target, headers, signed, body, secret, time, region, service):
    """The signature, in hexadecimal digits."""
    path, _, query = target.partition("?")
    pairs = sorted(pair.partition("=")[::2] for pair in query.split("&")) if query else []
    canonical = "\n".join(
        [
            method,
            urllib.parse.quote(normalised(path), safe="/~"),
            "&".join(f"{name}={value}" for name, value in pairs),
            *(name + ":" + ",".join(" ".join(value.split()) for value in headers[name]) for name in signed),
            "",
            ";".join(signed),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{time[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", time, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def normalised(path):
    """The path without empty and dot segments, as botocore and the receiver see it."""
    segments = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment and segment != ".":
            segments.append(segment)
    end = "/" if segments and path.endswith("/") else ""
    return "/" + "/".join(segments) + end


def check_query(method, target, headers, secrets, now=None, service="execute-api"):
    """The same for a signature in the query, which covers the headers that it names and an empty body."""
    path, _, query = target.partition("?")
    parameters = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    scope = parameters.get("X-Amz-Credential", "").split("/")
    if parameters.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" or len(scope) != 5:
        return "the query has no signature of Signature Version 4"
    key, day, region, named_service, _ = scope
    if key not in secrets or named_service != service:
        return f"unknown access key {key} or service {named_service}"
    time = parameters.get("X-Amz-Date", "")
    try:
        instant = datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return f"X-Amz-Date is '{time}'"
    now = now or datetime.datetime.now(datetime.timezone.utc)
    if not time.startswith(day) or abs((now - instant).total_seconds()) > 300:
        return f"X-Amz-Date is {time}, now is {now:%Y%m%dT%H%M%SZ}"
    signed = parameters.get("X-Amz-SignedHeaders", "").split(";")
    unsigned = "&".join(pair for pair in query.split("&") if not pair.startswith("X-Amz-Signature="))
    wanted = compute(method, f"{path}?{unsigned}", headers, signed, b"", secrets[key], time, region, service)
    return "valid" if hmac.compare_digest(wanted, parameters.get("X-Amz-Signature", "")) else "the signature does not match"

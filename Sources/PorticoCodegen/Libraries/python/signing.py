"""Signature Version 4 for API Gateway, as botocore's SigV4Auth computes it for `execute-api`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import hmac
import os
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from .errors import InvalidCallError
from .messages import host_of

SERVICE = "execute-api"
# What proxies and HTTP libraries change or add on the way cannot be signed.
_UNSIGNED = frozenset(
    (
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "transfer-encoding",
        "user-agent",
        "x-amzn-trace-id",
    )
)
_REPLACED = frozenset(("authorization", "x-amz-date", "x-amz-security-token"))


@dataclasses.dataclass(frozen=True)
class Credentials:
    """An access key of AWS."""

    access_key_id: str
    secret_access_key: str = dataclasses.field(repr=False)
    session_token: str | None = dataclasses.field(default=None, repr=False)


def environment_credentials() -> Credentials:
    """The access key of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN."""
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        raise InvalidCallError(
            "the operation must be signed: set the option `credentials`, "
            "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment"
        )
    return Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN") or None)


def sign(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    credentials: Credentials,
    region: str,
    service: str,
    time: dt.datetime,
) -> list[tuple[str, str]]:
    """The headers of a request with those that sign it behind them."""
    parts = urlsplit(url)
    stamp = time.astimezone(dt.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    kept = [(name, value) for name, value in headers if name.lower() not in _REPLACED]
    added = [("X-Amz-Date", stamp)]
    if credentials.session_token:
        added.append(("X-Amz-Security-Token", credentials.session_token))

    canonical: dict[str, list[str]] = {}
    for name, value in kept + added:
        if name.lower() not in _UNSIGNED:
            canonical.setdefault(name.lower(), []).append(" ".join(value.split()))
    canonical.setdefault("host", [host_of(url)])
    names = ";".join(sorted(canonical))
    request = "\n".join(
        (
            method,
            _canonical_path(parts.path),
            _canonical_query(parts.query),
            "".join(f"{name}:{','.join(canonical[name])}\n" for name in sorted(canonical)),
            names,
            hashlib.sha256(body).hexdigest(),
        )
    )
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{credentials.secret_access_key}".encode()
    for part in (stamp[:8], region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return [*kept, *added, ("Authorization", authorization)]


def _canonical_path(path: str) -> str:
    """The encoded path without empty and dot segments, encoded once more."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    slash = "/" if segments and path.endswith("/") else ""
    return quote("/" + "/".join(segments) + slash, safe="/~")


def _canonical_query(query: str) -> str:
    pairs = sorted(part.partition("=")[::2] for part in query.split("&") if part)
    return "&".join(f"{name}={value}" for name, value in pairs)

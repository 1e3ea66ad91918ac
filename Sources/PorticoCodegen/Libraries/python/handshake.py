"""How connections of WebSocket begin."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import time
from collections.abc import Sequence
from typing import Protocol

from . import operations
from .errors import APIError, TransportError
from .headers import Headers
from .messages import Reply, Request, head_fields
from .operations import Operation

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_HEAD_LIMIT = 65_536
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: .*)?")


class Stream(Protocol):
    """The bytes of a connection."""

    async def read(self, timeout: float) -> bytes:
        """What came; nothing at the end. Raises TimeoutError and OSError."""

    async def write(self, data: bytes) -> None:
        """Writes all of it. Raises OSError."""

    def close(self) -> None:
        """Ends it."""


async def shake(
    stream: Stream, request: Request, operation: Operation[None], subprotocols: Sequence[str], ends: float
) -> tuple[bytes, str | None]:
    """Opens a connection of WebSocket: what came behind the answer, and the subprotocol that the server selected.

    Raises APIError, OSError and TimeoutError.
    """
    key = base64.b64encode(os.urandom(16)).decode("ascii")
    headers = request.headers
    headers["Upgrade"], headers["Connection"] = "websocket", "Upgrade"
    headers["Sec-WebSocket-Version"], headers["Sec-WebSocket-Key"] = "13", key
    if subprotocols:
        headers["Sec-WebSocket-Protocol"] = ", ".join(subprotocols)
    operations.check_headers(headers.fields())
    lines = [f"GET {request.target} HTTP/1.1".encode("ascii")]
    lines += [name.encode("ascii") + b": " + value for name, value in head_fields(request)]
    await stream.write(b"\r\n".join(lines) + b"\r\n\r\n")
    data = b""
    while b"\r\n\r\n" not in data:
        data += await _more(stream, ends)
        if len(data) > _HEAD_LIMIT:
            raise TransportError("the head of the answer is too long")
    head, rest = data.split(b"\r\n\r\n", 1)
    line, *fields = head.split(b"\r\n")
    match = _STATUS_LINE.fullmatch(line)
    if match is None:
        raise TransportError(f"the server does not speak HTTP/1: {line[:80]!r}")
    answered = Headers()
    for field in fields:
        name, _, value = field.partition(b":")
        answered.add(name.decode("latin-1").strip(), value.strip(b" \t").decode("latin-1"))
    status = int(match.group(1))
    if status != 101:
        raise operations.response_error(
            operation, Reply(status, answered, await _body(stream, answered, rest, ends))
        )
    accept = base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode("ascii")
    upgrades = {word.strip().lower() for word in answered.get("connection", "").split(",")}
    if answered.get("upgrade", "").lower() != "websocket" or "upgrade" not in upgrades:
        raise TransportError("the server did not switch to WebSocket")
    if answered.get("sec-websocket-accept") != accept:
        raise TransportError("the server's answer is not for this handshake")
    if "sec-websocket-extensions" in answered:
        raise TransportError("the server uses an extension that nobody offered")
    selected = answered.get("sec-websocket-protocol")
    if selected is not None and selected not in subprotocols:
        raise TransportError(f"the server selected a subprotocol that nobody offered: {selected!r}")
    return rest, selected


async def _more(stream: Stream, ends: float) -> bytes:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    data = await stream.read(left)
    if not data:
        raise TransportError("the connection ended before the answer")
    return data


async def _body(stream: Stream, headers: Headers, data: bytes, ends: float) -> bytes:
    """The body of an answer that refuses, as far as it comes; no more than an error needs."""
    length = headers.get("content-length", "")
    wanted = min(int(length), _HEAD_LIMIT) if length.isascii() and length.isdigit() else _HEAD_LIMIT
    try:
        while len(data) < wanted:
            data += await _more(stream, ends)
    except (APIError, OSError):
        pass
    return data[:wanted]

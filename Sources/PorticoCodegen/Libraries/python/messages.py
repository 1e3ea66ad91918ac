"""Requests and responses, however they travel."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from . import errors
from .headers import Headers

T = TypeVar("T")


class ByteSource(Protocol):
    """The bytes of a request's body."""

    @property
    def length(self) -> int | None:
        """How many there are; None if nobody knows before the end."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes from their beginning."""


@dataclasses.dataclass
class Request:
    """An attempt as it is sent."""

    method: str
    url: str
    headers: Headers
    """May be changed by the hook `before_attempt`; the signature is made after it."""
    attempt: int = 1
    """1 for the first."""
    body: ByteSource | None = dataclasses.field(default=None, repr=False)

    @property
    def target(self) -> str:
        """Path and query, as the request line has them."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def host_of(url: str) -> str:
    """The authority as the `Host` header has it: without a port that is the scheme's own."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    return host if parts.port is None or parts.port == standard else f"{host}:{parts.port}"


def head_fields(request: Request) -> list[tuple[str, bytes]]:
    """The header fields of a request with those that frame it."""
    fields = [(name, value.encode()) for name, value in request.headers.fields()]
    names = {name.lower() for name, _ in fields}
    if "host" not in names:
        fields.insert(0, ("Host", host_of(request.url).encode()))
    fields = [field for field in fields if field[0].lower() not in ("content-length", "transfer-encoding")]
    if request.body is None:
        if request.method in ("POST", "PUT", "PATCH"):
            fields.append(("Content-Length", b"0"))
    elif request.body.length is None:
        fields.append(("Transfer-Encoding", b"chunked"))
    else:
        fields.append(("Content-Length", str(request.body.length).encode()))
    return fields


def content_length(headers: Headers) -> int | None:
    """What an answer says of the length of its body. Raises TransportError for what is no length."""
    lengths = set(headers.get_all("content-length"))
    if not lengths:
        return None
    text = lengths.pop()
    if lengths or not (text.isascii() and text.isdigit()):
        raise errors.TransportError("the server sent no usable Content-Length")
    return int(text)


@dataclasses.dataclass(frozen=True)
class Origin:
    """Where connections go."""

    secure: bool
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """The origin of an absolute URL."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        return cls(secure, parts.hostname or "", parts.port or (443 if secure else 80))


@dataclasses.dataclass
class Reply:
    """What came back from an attempt."""

    status: int
    headers: Headers
    content: bytes = b""
    """The whole body; empty if `stream` has it."""
    stream: object = None
    """The body that is still to be read, of the transport's own type."""


@dataclasses.dataclass(frozen=True)
class Response(Generic[T]):
    """A successful answer with everything around its value."""

    value: T
    status: int
    headers: Headers
    content: bytes
    """Bytes of the body as they came; empty if the body is streamed."""

    @property
    def request_id(self) -> str | None:
        """What the gateway calls the request."""
        return errors.request_id(self.headers)


@dataclasses.dataclass(frozen=True)
class AttemptResult:
    """How an attempt ended, for the hook `after_attempt`."""

    request: Request
    status: int | None
    """Status of the answer; None if there was none."""
    headers: Headers | None
    error: Exception | None
    """Why there was no answer."""
    seconds: float
    """How long the attempt took."""


async def resolve(value: T | Awaitable[T]) -> T:
    """What a callback gave, whether it is asynchronous or not."""
    if inspect.isawaitable(value):
        result: T = await value
        return result
    return value


class Transport(Protocol):
    """How bytes move and time passes.

    The synchronous one has coroutines that never wait for anything but blocking calls, so the rest of the library is
    written once.
    """

    async def send(self, request: Request, timeout: float, streamed: Callable[[int], bool]) -> Reply:
        """Makes one attempt; `streamed` tells by the status whether the body is left unread.

        Raises TransportError and CallTimeoutError.
        """

    async def sleep(self, seconds: float) -> None:
        """Waits."""

"""HTTP/1.1 over the streams of asyncio, with connections that are kept."""

from __future__ import annotations

import asyncio
import dataclasses
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType

from . import errors
from .bodies import CHUNK
from .errors import CallTimeoutError, TransportError
from .headers import Headers
from .messages import Origin, Reply, Request, content_length, head_fields
from .sync_transport import IDLE_CONNECTIONS, IDLE_SECONDS

_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: .*)?")
_HEAD_LIMIT = 262_144


class _Reader(asyncio.StreamReader):
    """Gives what came before a connection broke; an answer may be among it, when the server did not want the rest of a
    request.
    """

    def set_exception(self, exc: BaseException) -> None:
        """Ends the stream after what is there."""
        self.feed_eof()


@dataclasses.dataclass(eq=False)
class _Connection:
    """A connection of the pool."""

    origin: Origin
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    loop: asyncio.AbstractEventLoop
    idle_since: float = 0

    def is_usable(self, now: float) -> bool:
        """Whether it may still be open on the other side."""
        return (
            now - self.idle_since < IDLE_SECONDS
            and not self.loop.is_closed()
            and not self.writer.transport.is_closing()
            and not self.reader.at_eof()
        )

    def close(self) -> None:
        """Closes it without waiting for the other side."""
        if not self.loop.is_closed():
            self.writer.transport.abort()


@dataclasses.dataclass
class _Head:
    """Status line and header fields of an answer."""

    status: int
    headers: Headers
    keeps: bool
    """Whether the connection may serve another request."""


class AsyncTransport:
    """Sends requests on connections that it keeps, for as many event loops as there are."""

    def __init__(self, context: ssl.SSLContext | None, sleep: Callable[[float], Awaitable[None]] | None) -> None:
        self._context = context
        self._sleep = sleep or asyncio.sleep
        self._idle: dict[tuple[Origin, asyncio.AbstractEventLoop], list[_Connection]] = {}
        self._closed = False

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await self._sleep(seconds)

    async def send(self, request: Request, timeout: float, streamed: Callable[[int], bool]) -> Reply:
        """Makes one attempt. Raises TransportError and CallTimeoutError."""
        try:
            return await asyncio.wait_for(self._send(request, timeout, streamed), timeout)
        except asyncio.TimeoutError as error:
            raise CallTimeoutError("the attempt took too long") from error

    async def _send(self, request: Request, timeout: float, streamed: Callable[[int], bool]) -> Reply:
        connection: _Connection | None = None
        try:
            connection = await self._take(Origin.of(request.url))
            whole = await _write(connection.writer, request)
            head = await _read_head(connection.reader)
            pieces = _body(connection.reader, request.method, head)
            keeps = head.keeps and whole
            if streamed(head.status):
                stream = AsyncByteStream(self, connection, pieces, head, keeps, timeout)
                return Reply(head.status, head.headers, stream=stream)
            content = b"".join([piece async for piece in pieces])
            self.release(connection, keeps and head.keeps)
            return Reply(head.status, head.headers, content)
        except BaseException as error:
            # Cancelling comes this way too: what is half sent or half read is of no use to anybody.
            if connection is not None:
                connection.close()
            if described := _described(error):
                raise described from error
            raise

    def context(self) -> ssl.SSLContext:
        """How servers are trusted."""
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context

    async def _take(self, origin: Origin) -> _Connection:
        """An idle connection that still works, or a new one."""
        if self._closed:
            raise TransportError("the client is closed")
        loop = asyncio.get_running_loop()
        idle = self._idle.get((origin, loop), [])
        while idle:
            connection = idle.pop()
            if connection.is_usable(time.monotonic()):
                return connection
            connection.close()
        context = self.context() if origin.secure else None
        # As `asyncio.open_connection` does it, but for the reader.
        reader = _Reader(limit=_HEAD_LIMIT, loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport, _ = await loop.create_connection(lambda: protocol, origin.host, origin.port, ssl=context)
        return _Connection(origin, reader, asyncio.StreamWriter(transport, protocol, reader, loop), loop)

    def release(self, connection: _Connection, keeps: bool) -> None:
        """Keeps a connection for the next request, or closes it."""
        for key in [key for key in self._idle if key[1].is_closed()]:
            del self._idle[key]
        connection.idle_since = time.monotonic()
        idle = self._idle.setdefault((connection.origin, connection.loop), [])
        if keeps and not self._closed and len(idle) < IDLE_CONNECTIONS:
            idle.append(connection)
        else:
            connection.close()

    async def close(self) -> None:
        """Closes the idle connections; those in use are closed after their answer."""
        self._closed = True
        for idle in self._idle.values():
            for connection in idle:
                connection.close()
        self._idle.clear()
        # Sockets are closed in the next turn of the loop.
        await asyncio.sleep(0)


async def _write(writer: asyncio.StreamWriter, request: Request) -> bool:
    """Writes the request; whether all of it was taken. A server may answer before it has read the body."""
    lines = [f"{request.method} {request.target} HTTP/1.1".encode("ascii")]
    lines += [name.encode("ascii") + b": " + value for name, value in head_fields(request)]
    data = b"\r\n".join(lines) + b"\r\n\r\n"
    if request.body is not None:
        chunked = request.body.length is None
        async for piece in request.body.chunks():
            data += b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece
            if not await _is_written(writer, data):
                return False
            data = b""
        if chunked:
            data += b"0\r\n\r\n"
    return not data or await _is_written(writer, data)


async def _is_written(writer: asyncio.StreamWriter, data: bytes) -> bool:
    try:
        writer.write(data)
        await writer.drain()
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


async def _read_head(reader: asyncio.StreamReader) -> _Head:
    while True:
        text = await reader.readuntil(b"\r\n\r\n")
        line, *lines = text[:-4].split(b"\r\n")
        match = _STATUS_LINE.fullmatch(line)
        if match is None:
            raise TransportError(f"the server does not speak HTTP/1: {line[:80]!r}")
        status = int(match.group(2))
        # Interim answers say nothing about the request, and none of them changes the protocol unasked.
        if status >= 200:
            break
    headers = Headers()
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or name != name.strip():
            raise TransportError(f"the server sent a header field that is none: {line[:80]!r}")
        headers.add(name.decode("latin-1"), value.strip(b" \t").decode("latin-1"))
    options = {option.strip().lower() for option in headers.get("connection", "").split(",")}
    keeps = "close" not in options and (match.group(1) == b"1" or "keep-alive" in options)
    return _Head(status, headers, keeps)


async def _body(reader: asyncio.StreamReader, method: str, head: _Head) -> AsyncIterator[bytes]:
    """The pieces of a body, however it is framed."""
    if method == "HEAD" or head.status in (204, 304):
        return
    coding = head.headers.get("transfer-encoding", "").strip().lower()
    if coding:
        if coding != "chunked":
            raise TransportError(f"the server sent a transfer coding that nobody asked for: {coding!r}")
        async for piece in _chunked(reader):
            yield piece
        return
    left = content_length(head.headers)
    if left is None:
        # The end of the connection is the end of the body.
        head.keeps = False
        while piece := await reader.read(CHUNK):
            yield piece
        return
    while left:
        piece = await reader.read(min(left, CHUNK))
        if not piece:
            raise TransportError(f"the connection ended {left} bytes before the body")
        left -= len(piece)
        yield piece


async def _chunked(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        size = (await reader.readuntil(b"\r\n")).partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", size):
            raise TransportError(f"the server sent a chunk of no size: {size[:20]!r}")
        left = int(size, 16)
        if left == 0:
            break
        while left:
            piece = await reader.read(min(left, CHUNK))
            if not piece:
                raise TransportError("the connection ended within a chunk")
            left -= len(piece)
            yield piece
        if await reader.readexactly(2) != b"\r\n":
            raise TransportError("the server sent a chunk that is longer than its size")
    # Trailer fields carry nothing that a caller asked for.
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass


class AsyncByteStream:
    """The body of an answer as it comes; it is read once. Close it, or use it in an `async with` statement."""

    def __init__(
        self,
        transport: AsyncTransport,
        connection: _Connection,
        pieces: AsyncIterator[bytes],
        head: _Head,
        keeps: bool,
        timeout: float,
    ) -> None:
        self.status = head.status
        self.headers = head.headers
        self._transport = transport
        self._connection: _Connection | None = connection
        self._pieces = pieces
        self._head = head
        self._keeps = keeps
        self._timeout = timeout

    @property
    def request_id(self) -> str | None:
        """What the gateway calls the request."""
        return errors.request_id(self.headers)

    async def read(self) -> bytes:
        """The rest of the body. Raises TransportError and CallTimeoutError."""
        return b"".join([piece async for piece in self])

    def __aiter__(self) -> AsyncByteStream:
        return self

    async def __anext__(self) -> bytes:
        connection = self._connection
        if connection is None:
            raise StopAsyncIteration
        try:
            piece = await asyncio.wait_for(anext(self._pieces, None), self._timeout)
        except BaseException as error:
            await self.aclose()
            if described := _described(error):
                raise described from error
            raise
        if piece is not None:
            return piece
        self._connection = None
        self._transport.release(connection, self._keeps and self._head.keeps)
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Gives up what was not read."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def __aenter__(self) -> AsyncByteStream:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _described(error: BaseException) -> Exception | None:
    """The failure as callers see it; None if it is that already."""
    if isinstance(error, errors.APIError):
        return None
    if isinstance(error, (asyncio.TimeoutError, TimeoutError)):
        return CallTimeoutError("the attempt took too long")
    if isinstance(error, asyncio.IncompleteReadError):
        return TransportError("the connection ended before the answer")
    if isinstance(error, asyncio.LimitOverrunError):
        return TransportError("the head of the answer is too long")
    if isinstance(error, OSError):
        return TransportError(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
    return None

"""HTTP/1.1 by `http.client`, with connections that are kept and shared between threads."""

from __future__ import annotations

import http.client
import io
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from . import errors
from .bodies import CHUNK
from .errors import CallTimeoutError, TransportError
from .headers import Headers
from .messages import Origin, Reply, Request, content_length, head_fields

T = TypeVar("T")
# Load balancers of AWS close idle connections after a minute or more.
IDLE_SECONDS = 50.0
IDLE_CONNECTIONS = 16


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine that never waits for an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        value: T = stop.value
        return value
    coroutine.close()
    raise RuntimeError("an asynchronous callback or body was given to the synchronous client")


class _Socket:
    """A socket whose every operation ends by the time that the attempt may take."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.ends = 0.0

    def limit(self) -> None:
        """Lets the next operation take what time is left."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.sock.settimeout(left)

    def sendall(self, data: bytes) -> None:
        self.limit()
        self.sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_SocketReader(self))

    def close(self) -> None:
        self.sock.close()

    def is_quiet(self) -> bool:
        """Whether nothing came since the last answer; what comes on an idle connection is its end."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.sock, selectors.EVENT_READ)
            return not selector.select(0)


class _SocketReader(io.RawIOBase):
    def __init__(self, sock: _Socket) -> None:
        self._sock = sock
        # The socket stays open until its own file is closed, whatever `http.client` closes before.
        self._file = sock.sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.limit()
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Connection:
    """A connection of the pool."""

    def __init__(self, origin: Origin, context: ssl.SSLContext | None, timeout: float) -> None:
        self.origin = origin
        self.idle_since = 0.0
        self.http: http.client.HTTPConnection
        if origin.secure:
            self.http = http.client.HTTPSConnection(origin.host, origin.port, timeout=timeout, context=context)
        else:
            self.http = http.client.HTTPConnection(origin.host, origin.port, timeout=timeout)
        begun = time.monotonic()
        self.http.connect()
        self.sock = _Socket(self.http.sock)
        self.sock.ends = begun + timeout
        self.http.sock = self.sock  # It has what `http.client` asks of a socket.

    def close(self) -> None:
        self.http.close()


class SyncTransport:
    """Sends requests on connections that it keeps."""

    def __init__(self, context: ssl.SSLContext | None, sleep: Callable[[float], None] | None) -> None:
        self._context = context
        self._sleep = sleep or time.sleep
        self._lock = threading.Lock()
        self._idle: dict[Origin, list[_Connection]] = {}
        self._closed = False

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        self._sleep(seconds)

    async def send(self, request: Request, timeout: float, streamed: Callable[[int], bool]) -> Reply:
        """Makes one attempt. Raises TransportError and CallTimeoutError."""
        connection: _Connection | None = None
        response: http.client.HTTPResponse | None = None
        try:
            connection = self._take(Origin.of(request.url), timeout)
            whole = await self._write(connection, request)
            response = connection.http.getresponse()
            headers = Headers(response.getheaders())
            if not response.chunked:
                content_length(headers)
            if streamed(response.status):
                release = self._release if whole else _Connection.close
                stream = ByteStream(connection, response, headers, timeout, release)
                return Reply(response.status, headers, stream=stream)
            content = response.read()
            if response.will_close or not whole:
                connection.close()
            else:
                self._release(connection)
            return Reply(response.status, headers, content)
        except BaseException as error:
            # An answer that ends with its connection has the socket to itself.
            if response is not None:
                response.close()
            if connection is not None:
                connection.close()
            if described := _described(error):
                raise described from error
            raise

    async def _write(self, connection: _Connection, request: Request) -> bool:
        """Writes the request; whether all of it was taken. A server may answer before it has read the body."""
        http_ = connection.http
        http_.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in head_fields(request):
            http_.putheader(name, value)
        http_.endheaders()
        if request.body is None:
            return True
        chunked = request.body.length is None
        source = request.body.chunks()
        async for piece in source:
            try:
                http_.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            except (BrokenPipeError, ConnectionResetError):
                return False
        if chunked:
            http_.send(b"0\r\n\r\n")
        return True

    def context(self) -> ssl.SSLContext:
        """How servers are trusted."""
        with self._lock:
            if self._context is None:
                # It reads the system's certificates, which takes tens of milliseconds.
                self._context = ssl.create_default_context()
            return self._context

    def _take(self, origin: Origin, timeout: float) -> _Connection:
        """An idle connection that still works, or a new one."""
        now = time.monotonic()
        while True:
            with self._lock:
                if self._closed:
                    raise TransportError("the client is closed")
                idle = self._idle.get(origin)
                connection = idle.pop() if idle else None
            if connection is None:
                return _Connection(origin, self.context() if origin.secure else None, timeout)
            if now - connection.idle_since < IDLE_SECONDS and connection.sock.is_quiet():
                connection.sock.ends = now + timeout
                return connection
            connection.close()

    def _release(self, connection: _Connection) -> None:
        """Keeps a connection for the next request."""
        connection.idle_since = time.monotonic()
        with self._lock:
            idle = self._idle.setdefault(connection.origin, [])
            if not self._closed and len(idle) < IDLE_CONNECTIONS:
                idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Closes the idle connections; those in use are closed after their answer."""
        with self._lock:
            self._closed = True
            connections = [connection for idle in self._idle.values() for connection in idle]
            self._idle.clear()
        for connection in connections:
            connection.close()


class ByteStream(io.RawIOBase):
    """The body of an answer as it comes: a binary file that is read once. Close it, or use it in a `with` statement."""

    def __init__(
        self,
        connection: _Connection,
        response: http.client.HTTPResponse,
        headers: Headers,
        timeout: float,
        release: Callable[[_Connection], None],
    ) -> None:
        self.status = response.status
        self.headers = headers
        self._connection: _Connection | None = connection
        self._response = response
        self._timeout = timeout
        self._release = release

    @property
    def request_id(self) -> str | None:
        """What the gateway calls the request."""
        return errors.request_id(self.headers)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Reads what there is, at most as much as fits. Raises TransportError and CallTimeoutError."""
        if self.closed:
            raise ValueError("the stream is closed")
        connection = self._connection
        if connection is None or not len(buffer):
            return 0
        connection.sock.ends = time.monotonic() + self._timeout
        try:
            count = self._response.readinto(buffer)
            # `http.client` takes a body that ends too early for a whole one.
            if count == 0 and self._response.length:
                raise http.client.IncompleteRead(b"", self._response.length)
        except BaseException as error:
            self._connection = None
            self._response.close()
            connection.close()
            if described := _described(error):
                raise described from error
            raise
        if count == 0 or self._response.isclosed():
            self._connection = None
            if self._response.will_close:
                connection.close()
            else:
                self._release(connection)
        return count

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The rest of the body in pieces of at most `size` bytes, as they come."""
        while piece := self.read(size):
            yield piece

    def close(self) -> None:
        """Gives up what was not read."""
        if self._connection is not None:
            self._response.close()
            self._connection.close()
            self._connection = None
        super().close()


def _described(error: BaseException) -> Exception | None:
    """The failure as callers see it; None if it is that already."""
    if isinstance(error, errors.APIError):
        return None
    if isinstance(error, TimeoutError):
        return CallTimeoutError("the attempt took too long")
    if isinstance(error, (OSError, http.client.HTTPException)):
        return TransportError(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
    return None

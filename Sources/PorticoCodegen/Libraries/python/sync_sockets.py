"""Connections of WebSocket APIs for threads."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Generic, TypeVar

from .engine import Engine
from .errors import ConnectionClosedError
from .frames import BINARY, PING, TEXT
from .handshake import Stream
from .messages import Origin, Request
from .operations import Arguments
from .sockets import SocketCore, SocketMessage, SocketOptions, SocketType
from .sync_transport import SyncTransport, run
from .unset import UNSET

# What modules of clients name.
__all__ = ["BaseSocket", "SocketOptions"]

T = TypeVar("T")
S = TypeVar("S", bound="BaseSocket[Any]")
_WRITE_SECONDS = 30.0
_PIECE = 65_536


class _Stream:
    """A socket that one thread reads while others write; TLS allows one of them at a time."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        sock.setblocking(False)

    async def read(self, timeout: float) -> bytes:
        ends = time.monotonic() + timeout
        while True:
            try:
                with self._lock:
                    return self._sock.recv(_PIECE)
            except (BlockingIOError, ssl.SSLWantReadError):
                self._wait(selectors.EVENT_READ, ends)
            except ssl.SSLWantWriteError:
                self._wait(selectors.EVENT_WRITE, ends)

    async def write(self, data: bytes) -> None:
        ends = time.monotonic() + _WRITE_SECONDS
        rest = memoryview(data)
        with self._writing:
            while rest:
                try:
                    with self._lock:
                        rest = rest[self._sock.send(rest) :]
                except (BlockingIOError, ssl.SSLWantWriteError):
                    self._wait(selectors.EVENT_WRITE, ends)
                except ssl.SSLWantReadError:
                    self._wait(selectors.EVENT_READ, ends)

    def close(self) -> None:
        self._sock.close()

    def _wait(self, event: int, ends: float) -> None:
        left = ends - time.monotonic()
        if left <= 0 or self._sock.fileno() < 0:
            raise TimeoutError("timed out")
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, event)
            selector.select(left)


class Opener:
    """Opens streams for a client's sockets."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    async def __call__(self, request: Request, timeout: float) -> Stream:
        origin = Origin.of(request.url)
        sock = socket.create_connection((origin.host, origin.port), timeout)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if origin.secure:
                sock = self._transport.context().wrap_socket(sock, server_hostname=origin.host)
            return _Stream(sock)
        except BaseException:
            sock.close()
            raise


class BaseSocket(Generic[T]):
    """A connection. One thread may receive while others send; lost connections are opened again by receiving.

    Use it in a `with` statement, which closes it. Iterating gives messages until the connection ends.
    """

    def __init__(
        self,
        engine: Engine,
        transport: SyncTransport,
        kind: SocketType[T],
        arguments: Arguments,
        options: SocketOptions | None,
    ) -> None:
        self._core = SocketCore(
            self, engine, kind, arguments, options or SocketOptions(), Opener(transport), transport.sleep
        )
        run(self._core.open())

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the server selected."""
        return self._core.subprotocol

    def receive(self, timeout: float | None = None) -> SocketMessage[T]:
        """The next message.

        Raises CallTimeoutError if none comes within `timeout` seconds, and ConnectionClosedError when the connection
        has ended; where it could not be opened again, the error of that.
        """
        return run(self._core.receive(timeout))

    def __iter__(self) -> Iterator[SocketMessage[T]]:
        while True:
            try:
                message = self.receive()
            except ConnectionClosedError:
                if self._core.is_over:
                    return
                raise
            yield message

    def send_text(self, text: str) -> None:
        """Sends text as it is. Raises TransportError."""
        run(self._core.send(TEXT, text.encode()))

    def send_bytes(self, data: bytes) -> None:
        """Sends a binary message, which API Gateway refuses. Raises TransportError."""
        run(self._core.send(BINARY, bytes(data)))

    def ping(self) -> None:
        """Sends a ping. Raises TransportError."""
        run(self._core.send(PING, b""))

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Closes the connection, and waits up to 5 seconds for the server to do the same."""
        run(self._core.close(code, reason))

    def __enter__(self: S) -> S:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send_message(self, key: str | None, message: object = UNSET) -> None:
        run(self._core.send_message(key, message))

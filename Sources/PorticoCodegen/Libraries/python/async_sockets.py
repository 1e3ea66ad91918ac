"""Connections of WebSocket APIs for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator
from types import TracebackType
from typing import Any, Generic, TypeVar

from .async_transport import AsyncTransport
from .engine import Engine
from .errors import ConnectionClosedError
from .frames import BINARY, PING, TEXT
from .handshake import Stream
from .messages import Origin, Request
from .operations import Arguments
from .sockets import SocketCore, SocketMessage, SocketOptions, SocketType
from .unset import UNSET

# What modules of clients name.
__all__ = ["BaseAsyncSocket", "SocketOptions"]

T = TypeVar("T")
S = TypeVar("S", bound="BaseAsyncSocket[Any]")
_PIECE = 65_536


class _Stream:
    """The streams of asyncio."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, timeout: float) -> bytes:
        try:
            # What was read is not lost when the wait is over: nothing is taken before something is there.
            return await asyncio.wait_for(self._reader.read(_PIECE), timeout)
        except asyncio.TimeoutError:
            raise TimeoutError from None

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        self._writer.transport.abort()


class Opener:
    """Opens streams for a client's sockets."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def __call__(self, request: Request, timeout: float) -> Stream:
        origin = Origin.of(request.url)
        context = self._transport.context() if origin.secure else None
        try:
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection(origin.host, origin.port, ssl=context), timeout
            )
        except asyncio.TimeoutError:
            raise TimeoutError from None
        return _Stream(reader, writer)


class BaseAsyncSocket(Generic[T]):
    """A connection. One task may receive while others send; lost connections are opened again by receiving.

    Use it in an `async with` statement, which opens and closes it, or await it. Iterating gives messages until the
    connection ends.
    """

    def __init__(
        self,
        engine: Engine,
        transport: AsyncTransport,
        kind: SocketType[T],
        arguments: Arguments,
        options: SocketOptions | None,
    ) -> None:
        self._core = SocketCore(
            self, engine, kind, arguments, options or SocketOptions(), Opener(transport), transport.sleep
        )

    async def _opened(self: S) -> S:
        await self._core.open()
        return self

    def __await__(self: S) -> Generator[Any, None, S]:
        return self._opened().__await__()

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the server selected."""
        return self._core.subprotocol

    async def receive(self, timeout: float | None = None) -> SocketMessage[T]:
        """The next message.

        Raises CallTimeoutError if none comes within `timeout` seconds, and ConnectionClosedError when the connection
        has ended; where it could not be opened again, the error of that.
        """
        return await self._core.receive(timeout)

    async def __aiter__(self) -> AsyncIterator[SocketMessage[T]]:
        while True:
            try:
                message = await self.receive()
            except ConnectionClosedError:
                if self._core.is_over:
                    return
                raise
            yield message

    async def send_text(self, text: str) -> None:
        """Sends text as it is. Raises TransportError."""
        await self._core.send(TEXT, text.encode())

    async def send_bytes(self, data: bytes) -> None:
        """Sends a binary message, which API Gateway refuses. Raises TransportError."""
        await self._core.send(BINARY, bytes(data))

    async def ping(self) -> None:
        """Sends a ping. Raises TransportError."""
        await self._core.send(PING, b"")

    async def aclose(self, code: int = 1000, reason: str = "") -> None:
        """Closes the connection, and waits up to 5 seconds for the server to do the same."""
        await self._core.close(code, reason)

    async def __aenter__(self: S) -> S:
        return await self._opened()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _send_message(self, key: str | None, message: object = UNSET) -> None:
        await self._core.send_message(key, message)

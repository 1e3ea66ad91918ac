"""Connections of WebSocket APIs: opened, read, written, closed and opened again.

Like the engine of calls, nothing here knows whether it runs in an event loop; see `Stream`.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from . import coding, frames, retries
from .coding import JSON, Mismatch, Type
from .engine import Engine
from .errors import APIError, CallTimeoutError, ConnectionClosedError, InvalidCallError, ResponseError, TransportError
from .frames import BINARY, CLOSE, PING, PONG, TEXT, Decoder, Event, ProtocolError
from .handshake import Stream, shake
from .messages import Request, resolve
from .models import UnknownValue
from .operations import Arguments, Operation
from .options import CallOptions
from .unset import UNSET

T = TypeVar("T")
# Ends of a connection that the next one may not meet.
_PASSING = frozenset((1001, 1005, 1006, 1011, 1012, 1013, 1014))
CLOSING_SECONDS = 5.0
# A reader looks as often as this whether another thread closes the connection.
_SLICE = 1.0


@dataclasses.dataclass(frozen=True)
class SocketOptions:
    """How a connection behaves."""

    subprotocols: Sequence[str] = ()
    """Names that are offered to the server, the best one first."""
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Sent with the handshake besides and instead of the client's own."""
    timeout: float | None = None
    """Seconds that opening may take; the client's `timeout` unless given."""
    reconnect: bool = True
    """Whether a lost connection is opened again when somebody receives."""
    max_reconnects: int = 10
    """How often that is tried in a row."""
    on_reconnect: Callable[[Any], None | Awaitable[None]] | None = None
    """Called with the socket after each success: the server knows nothing of the connection before."""
    max_message_bytes: int = 1_048_576
    """A longer message closes the connection with 1009."""
    ping_interval: float | None = None
    """Seconds without a message after which a ping is sent; after as long again the connection counts as lost."""


@dataclasses.dataclass(frozen=True)
class SocketMessage(Generic[T]):
    """A message that came."""

    value: T | UnknownValue | None
    """What it says. JSON of no known type, and text that is no JSON, come as `UnknownValue`; bytes have no value."""
    text: str | None
    """The text as it came; None for bytes."""
    data: bytes | None = None
    """The bytes of a binary message."""


@dataclasses.dataclass(frozen=True)
class SocketType(Generic[T]):
    """A kind of connection, as data."""

    operation: Operation[None]
    incoming: Type[T]
    selection: tuple[str, ...] = ()
    """Names on the way to the member of a message that holds its route's key."""


class SocketCore(Generic[T]):
    """A connection, over whatever opens streams and waits."""

    def __init__(
        self,
        owner: Any,
        engine: Engine,
        kind: SocketType[T],
        arguments: Arguments,
        options: SocketOptions,
        opener: Callable[[Request, float], Awaitable[Stream]],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._owner = owner
        self._engine = engine
        self._kind = kind
        self._arguments = arguments
        self.options = options
        self._opener = opener
        self._sleep = sleep
        self._stream: Stream | None = None
        self._decoder = Decoder(options.max_message_bytes)
        self._receiving = False
        self._closing: float | None = None
        """When the wait for the server's close frame is over."""
        self._close_code = (1000, "")
        self.ending: APIError | None = None
        """Why nothing comes any more."""
        self.subprotocol: str | None = None
        self._heard = 0.0
        self._pinged: float | None = None

    # Opening.

    async def open(self) -> None:
        """Opens the connection. Raises APIError."""
        call = CallOptions(timeout=self.options.timeout, headers=self.options.headers)
        request, timeout = await self._engine.handshake(self._kind.operation, self._arguments, call)
        ends = time.monotonic() + timeout
        stream: Stream | None = None
        try:
            stream = await self._opener(request, timeout)
            rest, self.subprotocol = await shake(
                stream, request, self._kind.operation, self.options.subprotocols, ends
            )
        except BaseException as error:
            if stream is not None:
                stream.close()
            if isinstance(error, APIError) or not isinstance(error, Exception):
                raise
            raise described(error) from error
        self._decoder = Decoder(self.options.max_message_bytes)
        self._decoder.feed(rest)
        self._heard, self._pinged = time.monotonic(), None
        self._stream = stream

    async def _reopen(self) -> None:
        """Opens the connection again, or says why not."""
        error: APIError | None = None
        random = self._engine.random
        for attempt in range(self.options.max_reconnects):
            await self._sleep(random() * min(retries.LONGEST_WAIT, retries.SHORTEST_LIMIT * 2.0 ** min(attempt, 30)))
            if self._closing is not None:
                self.ending = ConnectionClosedError(*self._close_code)
                return
            try:
                await self.open()
            except ResponseError as refused:
                error = refused
                if 400 <= refused.status < 500 and refused.status != 429:
                    break
            except InvalidCallError as wrong:
                error = wrong
                break
            except APIError as failed:
                error = failed
            else:
                if self.options.on_reconnect is not None:
                    await resolve(self.options.on_reconnect(self._owner))
                return
        self.ending = error or ConnectionClosedError(1006, "")

    # Receiving.

    async def receive(self, timeout: float | None) -> SocketMessage[T]:
        """The next message. Raises what ended the connection, or CallTimeoutError."""
        if self._receiving:
            raise RuntimeError("somebody receives from this connection already")
        self._receiving = True
        try:
            return await self._receive(timeout)
        finally:
            self._receiving = False

    async def _receive(self, timeout: float | None) -> SocketMessage[T]:
        ends = None if timeout is None else time.monotonic() + timeout
        while True:
            if self.ending is not None:
                raise self.ending
            if self._stream is None:
                await self._reopen()
                continue
            try:
                event = self._decoder.next()
            except ProtocolError as error:
                await self._fail(self._stream, error)
                continue
            if event is not None:
                if event.opcode in (TEXT, BINARY):
                    return self._message(event)
                await self._control(self._stream, event)
                continue
            await self._read(self._stream, ends)

    async def _read(self, stream: Stream, ends: float | None) -> None:
        """Waits for bytes until the first of the limits."""
        now = time.monotonic()
        if self._closing is not None and now >= self._closing:
            return self._lost(*self._close_code)
        if ends is not None and now >= ends:
            raise CallTimeoutError("no message came in time")
        wait = _SLICE if ends is None else min(_SLICE, ends - now)
        if self.options.ping_interval is not None:
            due = (self._pinged if self._pinged is not None else self._heard) + self.options.ping_interval
            if now >= due:
                if self._pinged is not None:
                    return self._lost(1006, "")
                self._pinged = now
                await self._write(stream, PING, b"")
                return
            wait = min(wait, due - now)
        try:
            data = await stream.read(wait)
        except TimeoutError:
            return
        except OSError:
            data = b""
        if not data:
            return self._lost(1006, "")
        self._heard, self._pinged = time.monotonic(), None
        self._decoder.feed(data)

    async def _control(self, stream: Stream, event: Event) -> None:
        if event.opcode == PING:
            await self._write(stream, PONG, event.data)
        elif event.opcode == CLOSE:
            if self._closing is None:
                await self._write(stream, CLOSE, event.data[:2])
            self._lost(event.code, event.text)

    async def _fail(self, stream: Stream, error: ProtocolError) -> None:
        await self._write(stream, CLOSE, frames.close_payload(error.code, ""))
        self._lost(error.code, "", error)

    async def _write(self, stream: Stream, opcode: int, data: bytes) -> None:
        """Writes a control frame; that the connection is lost is seen when it is read."""
        try:
            await stream.write(frames.encode(opcode, data))
        except OSError:
            pass

    def _lost(self, code: int, reason: str, cause: Exception | None = None) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        if self._closing is not None:
            self.ending = ConnectionClosedError(*self._close_code)
        elif not (self.options.reconnect and code in _PASSING):
            self.ending = ConnectionClosedError(code, reason)
            self.ending.__cause__ = cause

    def _message(self, event: Event) -> SocketMessage[T]:
        if event.opcode == BINARY:
            return SocketMessage(None, None, event.data)
        json: JSON
        try:
            json = coding.parse(event.data)
        except ValueError:
            return SocketMessage(UnknownValue(event.text), event.text)
        try:
            return SocketMessage(coding.decode(self._kind.incoming, json), event.text)
        except Mismatch:
            return SocketMessage(UnknownValue(json), event.text)

    @property
    def is_over(self) -> bool:
        """Whether the connection ended as it should."""
        ending = self.ending
        return isinstance(ending, ConnectionClosedError) and (self._closing is not None or ending.code == 1000)

    # Sending.

    async def send(self, opcode: int, data: bytes) -> None:
        """Sends a message. Raises TransportError."""
        stream = self._stream
        if stream is None or self._closing is not None:
            lost = self.ending is None and self._closing is None
            raise TransportError("the connection is lost; receiving opens it again" if lost else "it is closed")
        try:
            await stream.write(frames.encode(opcode, data))
        except OSError as error:
            raise described(error) from error

    async def send_message(self, key: str | None, message: object) -> None:
        """Sends JSON to a route."""
        await self.send(TEXT, self._json(key, message))

    def _json(self, key: str | None, message: object) -> bytes:
        try:
            json = coding.encode({} if message is UNSET else message)
            path = self._kind.selection
            if key is not None and path:
                holder = json
                for name in path[:-1]:
                    holder = holder.setdefault(name, {}) if isinstance(holder, dict) else None
                if not isinstance(holder, dict):
                    raise InvalidCallError("a message to a route is a JSON object")
                holder[path[-1]] = key
            return coding.write(json)
        except (ValueError, TypeError, RecursionError) as error:
            if isinstance(error, APIError):
                raise
            raise InvalidCallError(f"the message cannot be written: {error}") from error

    async def close(self, code: int, reason: str) -> None:
        """Closes the connection, and waits for the server to do so for a short time."""
        try:
            payload = frames.close_payload(code, reason)
        except ValueError as error:
            raise InvalidCallError(str(error)) from None
        if self.ending is not None or self._closing is not None:
            return
        self._closing, self._close_code = time.monotonic() + CLOSING_SECONDS, (code, reason)
        stream = self._stream
        if stream is None:
            if not self._receiving:
                self.ending = ConnectionClosedError(code, reason)
            return
        await self._write(stream, CLOSE, payload)
        # Whoever receives waits for the end anyway.
        while not self._receiving and self.ending is None:
            try:
                await self.receive(None)
            except APIError:
                pass

    def abandon(self) -> None:
        """Ends the connection without a word."""
        if self.ending is None:
            self._closing = self._closing or 0.0
            self._lost(1006, "")


def described(error: Exception) -> APIError:
    """A failure as callers see it."""
    if isinstance(error, APIError):
        return error
    if isinstance(error, TimeoutError):
        return CallTimeoutError("opening the connection took too long")
    return TransportError(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)

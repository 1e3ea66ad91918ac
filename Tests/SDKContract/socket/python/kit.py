"""What scenarios stand on: clients of both kinds behind one interface, recordings, and results as JSON."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import json
import os
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

from socket_contract import AsyncClient, AsyncSocket, Client, Credentials, Socket, SocketMessage, SocketOptions
from socket_contract import UnknownValue, errors, models

URL = os.environ.get("CONTRACT_SOCKET_URL", "")
SILENT = os.environ.get("CONTRACT_SILENT_URL", "")
REFUSED = os.environ.get("CONTRACT_REFUSED_URL", "")
CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
Message = SocketMessage["models.IncomingMessage"]


class AwaitedSocket:
    """A synchronous socket with the interface of the asynchronous one."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._socket, "close" if name == "aclose" else name)
        if not callable(value):
            return value

        async def call(*args: Any, **kwargs: Any) -> Any:
            return value(*args, **kwargs)

        return call

    async def __aiter__(self) -> AsyncIterator[Any]:
        for message in self._socket:
            yield message


@dataclasses.dataclass
class Kit:
    """What one scenario uses, with a client of either kind."""

    name: str
    is_async: bool
    waits: list[int] = dataclasses.field(default_factory=list)
    reconnects: int = 0
    clients: list[Client | AsyncClient] = dataclasses.field(default_factory=list)
    sockets: list[AsyncSocket] = dataclasses.field(default_factory=list)

    @property
    def room(self) -> str:
        """The room of the scenario; each kind of client has its own."""
        return f"{self.name} {'asyncio' if self.is_async else 'threads'}"

    async def connect(
        self,
        url: str = URL + "/chat",
        room: str | None = None,
        tags: list[str] | None = None,
        trace: str | None = None,
        options: SocketOptions | None = None,
        api_key: str | None = "contract-key-0123456789",
        **more: Any,
    ) -> AsyncSocket:
        """A connection of a client with recordings; the synchronous one looks like the other."""
        settings: dict[str, Any] = {
            "api_key": api_key, "region": "us-east-1", "credentials": CREDENTIALS, "random": lambda: 0.5, **more,
        }  # fmt: skip
        room = self.room if room is None else room
        if self.is_async:
            client = AsyncClient(url, sleep=self._sleep_async, **settings)
            self.clients.append(client)
            socket = await client.connect(room, tags=tags, x_trace=trace, options=options)
        else:
            plain = Client(url, sleep=self._sleep, **settings)
            self.clients.append(plain)
            socket = cast(
                AsyncSocket, AwaitedSocket(plain.connect(room, tags=tags, x_trace=trace, options=options))
            )
        self.sockets.append(socket)
        return socket

    def again(self, socket: Any) -> Any:
        """The hook of reconnecting that says `again`."""
        self.reconnects += 1
        return socket.say(models.Say(text="again"))

    async def close(self) -> None:
        """Closes everything that was made."""
        for socket in self.sockets:
            await socket.aclose()
        for client in self.clients:
            if isinstance(client, Client):
                client.close()
            else:
                await client.aclose()

    def _sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds * 1000))

    async def _sleep_async(self, seconds: float) -> None:
        self._sleep(seconds)

    async def report(self, socket: AsyncSocket, name: str) -> list[str]:
        """What a command reports."""
        await socket.run(models.Command(name=name))
        return texts(await socket.receive(30))

    async def closes(self) -> list[str]:
        """The close frames of the scenario's room."""
        return await self.report(await self.connect(), "closes")


def texts(message: Message) -> list[str]:
    """The texts of a report."""
    assert isinstance(message.value, models.Report), message
    return message.value.texts


def said(message: Message) -> models.Said:
    """What was said."""
    assert isinstance(message.value, models.Said), message
    return message.value


def kind(message: Message) -> str:
    """The name of a message's type."""
    if message.data is not None:
        return "bytes"
    return "unknown" if isinstance(message.value, UnknownValue) else type(message.value).__name__


async def caught(call: Callable[[], Any]) -> object:
    """The error that a call ends with, as results have it."""
    try:
        result = await call()
    except Exception as error:
        return described(error)
    return f"no error: {result!r}"


def described(error: Exception) -> object:
    """An error as results have it."""
    if not isinstance(error, errors.APIError):
        return {"error": "foreign", "type": f"{type(error).__name__}: {error}"}
    if isinstance(error, errors.ConnectionClosedError):
        return {"error": "closed", "code": error.code, "reason": error.reason}
    if isinstance(error, errors.GatewayError):
        return {
            "error": "gateway", "status": error.status, "errorType": error.error_type, "message": error.message,
            "requestId": error.request_id is not None,
        }  # fmt: skip
    if isinstance(error, errors.ResponseError):
        return {"error": "response", "status": error.status, "message": error.message}
    kinds = {
        errors.TransportError: "transport", errors.CallTimeoutError: "timeout", errors.InvalidCallError: "argument",
        errors.DecodingError: "decoding",
    }  # fmt: skip
    return {"error": next((word for type_, word in kinds.items() if isinstance(error, type_)), str(error))}


def milliseconds(time: dt.datetime | None) -> int | None:
    """A point in time as results have it."""
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
    return None if time is None else (time - epoch) // dt.timedelta(milliseconds=1)


def text64(data: bytes | None) -> str | None:
    """Bytes as results have them."""
    return None if data is None else base64.b64encode(data).decode("ascii")


def json_text(value: object) -> str:
    """JSON as text."""
    return json.dumps(value)

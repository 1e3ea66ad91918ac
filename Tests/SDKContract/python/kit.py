"""What scenarios stand on: clients of both kinds behind one interface, recordings, and results as JSON."""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import dataclasses
import datetime as dt
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import FrameType
from typing import Any, cast

import contract
from contract import AsyncClient, Client, errors

GATEWAY = os.environ.get("CONTRACT_URL", "")
ECHO = os.environ.get("CONTRACT_ECHO_URL", "")
SILENT = os.environ.get("CONTRACT_SILENT_URL", "")
REFUSED = os.environ.get("CONTRACT_REFUSED_URL", "")


class Cancelled(BaseException):
    """What cancels a synchronous call: an exception from a signal handler, as KeyboardInterrupt is one."""


@dataclasses.dataclass
class Kit:
    """What one scenario uses, with a client of either kind."""

    is_async: bool
    waits: list[int] = dataclasses.field(default_factory=list)
    attempts: list[int | str] = dataclasses.field(default_factory=list)
    durations: list[float] = dataclasses.field(default_factory=list)
    clients: list[Client | AsyncClient] = dataclasses.field(default_factory=list)

    def client(self, url: str, **options: Any) -> AsyncClient:
        """A client with recordings; the synchronous one looks like the other."""
        options = {"random": lambda: 0.5, "after_attempt": self._after, **options}
        if self.is_async:
            client = AsyncClient(url, sleep=self._sleep_async, **options)
            self.clients.append(client)
            return client
        plain = Client(url, sleep=self._sleep, **options)
        self.clients.append(plain)
        return cast(AsyncClient, Awaited(plain))

    async def close(self) -> None:
        """Closes the clients that were made."""
        for client in self.clients:
            if isinstance(client, Client):
                client.close()
            else:
                await client.aclose()

    def _sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds * 1000))

    async def _sleep_async(self, seconds: float) -> None:
        self._sleep(seconds)

    def _after(self, result: contract.AttemptResult) -> None:
        self.attempts.append("failed" if result.status is None else result.status)
        self.durations.append(result.seconds)

    async def together(self, calls: list[Callable[[], Awaitable[bool]]]) -> list[bool]:
        """The results of calls that are made at once."""
        if self.is_async:
            return list(await asyncio.gather(*(call() for call in calls)))
        with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(lambda call: asyncio.run(cast("Any", call())), calls))

    async def cancelled(self, call: Callable[[], Awaitable[object]], seconds: float) -> bool:
        """Whether a call that is cancelled after some time ends as cancelled calls do."""
        if self.is_async:
            task = asyncio.ensure_future(call())
            await asyncio.sleep(seconds)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                return True
            return False

        def handle(number: int, frame: FrameType | None) -> None:
            raise Cancelled

        before = signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            await call()
        except Cancelled:
            return True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        return False


class Awaited:
    """A synchronous client, or what one of its methods gave, with the interface of the asynchronous one."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        target = self._target
        if name == "with_response":
            return self._with_response
        value = getattr(target, "close" if name == "aclose" else name)
        if not callable(value):
            return value
        if name.endswith(("_pages", "_items")):
            return lambda *args, **kwargs: _iterated(value(*args, **kwargs))

        async def call(*args: Any, **kwargs: Any) -> Any:
            result = value(*args, **kwargs)
            return Awaited(result) if isinstance(result, contract.ByteStream) else result

        call.__name__ = name
        return call

    async def _with_response(self, method: Any, *args: Any, **kwargs: Any) -> Any:
        return self._target.with_response(getattr(self._target, method.__name__), *args, **kwargs)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _iterated(self._target.chunks())

    async def __aenter__(self) -> Awaited:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._target.close()


async def _iterated(values: Iterator[Any]) -> AsyncIterator[Any]:
    for value in values:
        yield value


def milliseconds(time_: dt.datetime) -> int:
    """A point in time as results have it."""
    return (time_ - dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)) // dt.timedelta(milliseconds=1)


def text64(data: bytes) -> str:
    """Bytes as results have them."""
    return base64.b64encode(data).decode()


def variant(value: object, names: dict[type, str]) -> str:
    """What a value of a union is."""
    if isinstance(value, contract.UnknownValue):
        return "unknown"
    return next(name for kind, name in names.items() if type(value) is kind)


def described(error: BaseException) -> dict[str, object]:
    """A caught error as results have it."""
    if not isinstance(error, errors.APIError):
        return {"error": "foreign", "type": type(error).__name__}
    if isinstance(error, errors.ResponseError):
        result: dict[str, object] = {"error": "response", "status": error.status, "message": error.message}
        if isinstance(error, errors.GatewayError):
            result.update(error="gateway", errorType=error.error_type, requestId=error.request_id is not None)
        elif type(error) is not errors.ResponseError:
            body = dataclasses.asdict(cast(Any, error.body))
            result.update(error="declared", requestId=error.request_id is not None, body=body)
        return result
    if isinstance(error, errors.DecodingError):
        return {"error": "decoding", "path": error.path}
    kinds = {
        errors.TransportError: "transport",
        errors.CallTimeoutError: "timeout",
        errors.InvalidCallError: "argument",
        errors.PagingError: "paging",
    }
    return {"error": kinds.get(type(error), type(error).__name__)}


async def failure(call: Awaitable[object]) -> dict[str, object]:
    """The error of a call that must fail."""
    try:
        await call
    except Exception as error:
        return described(error)
    return {"error": "none"}


class Stopwatch:
    """Whether something was quick."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    @property
    def is_quick(self) -> bool:
        return time.monotonic() - self._begun < 5

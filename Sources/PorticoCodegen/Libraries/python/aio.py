"""What asyncio clients are made of."""

from __future__ import annotations

import random as random_
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, ClassVar, ParamSpec, TypeVar, cast

from .async_transport import AsyncByteStream, AsyncTransport
from .bodies import AsyncBody
from .coding import JSON
from .engine import Engine, checked_base_url
from .messages import AttemptResult, Request, Response
from .operations import Arguments, Operation
from .options import CallOptions, Package, Settings, capture, captured_response, capturing
from .paging import NextToken, items_of
from .signing import Credentials
from .unset import UNSET, Unset

# What modules of clients name.
__all__ = ["AsyncBody", "AsyncByteStream", "BaseAsyncClient", "CallOptions", "JSON", "UNSET", "Unset"]

T = TypeVar("T")
P = ParamSpec("P")


class BaseAsyncClient:
    """Calls an API. One client may be used by many tasks; it keeps connections until it is closed."""

    _package: ClassVar[Package]

    def __init__(
        self,
        base_url: str | None = None,
        *,
        region: str | None = None,
        api_key: str | None = None,
        token: str | Callable[[], str | Awaitable[str]] | None = None,
        username: str | None = None,
        password: str | None = None,
        keys: Mapping[str, str] | None = None,
        credentials: Credentials | Callable[[], Credentials | Awaitable[Credentials]] | None = None,
        timeout: float = 30,
        deadline: float | None = None,
        max_retries: int = 3,
        headers: Mapping[str, str] | None = None,
        before_attempt: Callable[[Request], None | Awaitable[None]] | None = None,
        after_attempt: Callable[[AttemptResult], None | Awaitable[None]] | None = None,
        ssl_context: ssl.SSLContext | None = None,
        sleep: Callable[[float], Awaitable[None]] | None = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        """Makes a client.

        Args:
            base_url: The address of the API with its stage or base path; see `execute_api_url` and
                `custom_domain_url`.
            region: The region that signatures are for; else the one of the address, or of AWS_REGION.
            api_key: Sent as `x-api-key` with operations that need one.
            token: The token for operations that need one, or a function that is called for each attempt.
            username: The user for operations that need HTTP Basic authentication.
            password: The user's password.
            keys: Other keys by the names of their headers or query parameters.
            credentials: The access key that signs, or a function that is called for each attempt; else
                AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN are taken.
            timeout: Seconds for one attempt.
            deadline: Seconds for a whole call with its retries.
            max_retries: How often a call is tried again.
            headers: Sent with every request.
            before_attempt: Called before each attempt, before it is signed; may change its headers.
            after_attempt: Called after each attempt.
            ssl_context: How servers are trusted; the system's certificates unless given.
            sleep: Waits before retries; `asyncio.sleep` unless given.
            random: Gives numbers from 0 to 1 for the waits; `random.random` unless given.
        """
        settings = Settings(
            base_url=checked_base_url(base_url if base_url is not None else self._package.base_url),
            user_agent=self._package.user_agent,
            region=region,
            api_key=api_key,
            token=token,
            username=username,
            password=password,
            keys=dict(keys or {}),
            credentials=credentials,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            headers=dict(headers or {}),
            before_attempt=before_attempt,
            after_attempt=after_attempt,
            random=random or random_.random,
        )
        self._transport = AsyncTransport(ssl_context, sleep)
        self._engine = Engine(settings, self._transport, threaded=True)

    async def aclose(self) -> None:
        """Closes idle connections; later calls fail."""
        await self._transport.close()

    async def __aenter__(self: T) -> T:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def with_response(self, method: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> Response[T]:
        """The value of a method of this client with status, headers and bytes of its answer.

        `await client.with_response(client.get_pet, "7")` calls `client.get_pet("7")`.
        """
        captured, kwargs["options"] = capturing(kwargs.get("options"))
        await method(*args, **kwargs)
        return cast("Response[T]", captured_response(captured))

    async def _call(
        self,
        operation: Operation[T],
        arguments: Arguments = (),
        *,
        body: object = UNSET,
        options: CallOptions | None = None,
        method: str | None = None,
    ) -> T:
        reply = await self._engine.call(operation, arguments, body, options, method)
        value = operation.output._read(reply)
        capture(options, Response(value, reply.status, reply.headers, reply.content))
        return value

    async def _stream(
        self,
        operation: Operation[T],
        arguments: Arguments = (),
        *,
        body: object = UNSET,
        options: CallOptions | None = None,
        method: str | None = None,
    ) -> AsyncByteStream:
        reply = await self._engine.call(operation, arguments, body, options, method, streamed=True)
        stream = cast(AsyncByteStream, reply.stream)
        capture(options, Response(stream, reply.status, reply.headers, b""))
        return stream

    async def _pages(
        self,
        operation: Operation[T],
        arguments: Arguments = (),
        *,
        body: object = UNSET,
        options: CallOptions | None = None,
        method: str | None = None,
    ) -> AsyncIterator[T]:
        token = NextToken(operation)
        while True:
            page = await self._call(operation, arguments, body=body, options=options, method=method)
            yield page
            following = token.arguments_after(page, arguments)
            if following is None:
                return
            arguments = following

    async def _items(
        self,
        operation: Operation[T],
        arguments: Arguments = (),
        *,
        body: object = UNSET,
        options: CallOptions | None = None,
        method: str | None = None,
    ) -> AsyncIterator[Any]:
        async for page in self._pages(operation, arguments, body=body, options=options, method=method):
            for item in items_of(operation, page):
                yield item

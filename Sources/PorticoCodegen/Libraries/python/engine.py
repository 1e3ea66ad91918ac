"""The way of a call: its attempts with their identity and signature, retries, and what comes of the answer.

Nothing here knows whether it runs in an event loop; see `Transport`.
"""

from __future__ import annotations

import base64
import dataclasses
import os
import re
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlsplit

from . import operations, retries, signing
from .bodies import BytesSource, Source, read_all
from .errors import APIError, CallTimeoutError, InvalidCallError
from .headers import Headers
from .messages import AttemptResult, Reply, Request, Transport, resolve
from .operations import Arguments, Operation
from .options import CallOptions, Settings
from .unset import UNSET

T = TypeVar("T")
_REGION = re.compile(r"\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclasses.dataclass
class Call:
    """A call under way."""

    method: str
    url: str
    headers: Headers
    body: Source | None
    timeout: float
    ends: float | None
    """When the whole call is over, in `time.monotonic`."""
    max_retries: int
    has_key: bool


class Engine:
    """Makes calls for a client."""

    def __init__(self, settings: Settings, transport: Transport, threaded: bool) -> None:
        self._settings = settings
        self._transport = transport
        self._threaded = threaded

    async def call(
        self,
        operation: Operation[T],
        arguments: Arguments,
        body: object = UNSET,
        options: CallOptions | None = None,
        method: str | None = None,
        streamed: bool = False,
    ) -> Reply:
        """The successful answer; with `streamed`, its body is left unread. Raises APIError."""
        call = self._prepare(operation, arguments, body, options or CallOptions(), method)
        identity = operation.identity
        if identity is not None and identity.kind == "sigv4" and call.body is not None:
            # The signature covers the body, which therefore must be known before it is sent.
            call.body = await read_all(call.body)
        attempt = 1
        while True:
            try:
                return await self._attempt(operation, call, attempt, streamed)
            except APIError as error:
                wait = self._wait(error, call, attempt)
                if wait is None:
                    raise
            await self._transport.sleep(wait)
            attempt += 1

    @property
    def random(self) -> Callable[[], float]:
        """Where waits come from."""
        return self._settings.random

    async def handshake(
        self, operation: Operation[T], arguments: Arguments, options: CallOptions
    ) -> tuple[Request, float]:
        """The request that opens a connection, without what WebSocket adds to it, and the seconds that it may take."""
        call = self._prepare(operation, arguments, UNSET, options, None)
        request = Request(call.method, call.url, call.headers)
        for name in ("Accept", "Accept-Encoding"):
            request.headers.pop(name, None)
        await self._identify(operation, request)
        if self._settings.before_attempt is not None:
            await resolve(self._settings.before_attempt(request))
        if operation.identity is not None and operation.identity.kind == "sigv4":
            await self._sign(request, None)
        return request, call.timeout

    def _prepare(
        self, operation: Operation[T], arguments: Arguments, body: object, options: CallOptions, method: str | None
    ) -> Call:
        settings = self._settings
        verb = operation.method or method or ""
        if not _TOKEN.fullmatch(verb):
            raise InvalidCallError(f"{verb!r} is no HTTP method")
        source = operations.body_source(operation, body, self._threaded)
        headers = Headers()
        headers["Accept"] = operation.output.accept
        headers["Accept-Encoding"] = "identity"
        headers["User-Agent"] = settings.user_agent
        if source is not None and operation.payload is not None:
            headers["Content-Type"] = operation.payload.media_type
        headers.update(settings.headers)
        seen: set[str] = set()
        for name, value in operations.header_fields(operation, arguments):
            if name.lower() in seen:
                headers.add(name, value)
            else:
                # An argument says more than what is sent anyway.
                headers[name] = value
                seen.add(name.lower())
        headers.update(options.headers)
        if options.idempotency_key is not None:
            headers["Idempotency-Key"] = options.idempotency_key
        if operation.needs_api_key:
            if settings.api_key is None:
                raise InvalidCallError(f"{operation.name} needs an API key: set the option `api_key`")
            headers["x-api-key"] = settings.api_key
        operations.check_headers(headers.fields())
        deadline = options.deadline if options.deadline is not None else settings.deadline
        return Call(
            method=verb,
            url=settings.base_url + operations.target(operation, arguments),
            headers=headers,
            body=source,
            timeout=options.timeout if options.timeout is not None else settings.timeout,
            ends=None if deadline is None else time.monotonic() + deadline,
            max_retries=options.max_retries if options.max_retries is not None else settings.max_retries,
            has_key=options.idempotency_key is not None,
        )

    async def _attempt(self, operation: Operation[T], call: Call, attempt: int, streamed: bool) -> Reply:
        settings = self._settings
        request = Request(call.method, call.url, call.headers.copy(), attempt, call.body)
        request.headers["amz-sdk-request"] = f"attempt={attempt}; max={call.max_retries + 1}"
        await self._identify(operation, request)
        if settings.before_attempt is not None:
            await resolve(settings.before_attempt(request))
        if operation.identity is not None and operation.identity.kind == "sigv4":
            await self._sign(request, call.body)
        operations.check_headers(request.headers.fields())

        timeout = call.timeout
        if call.ends is not None:
            timeout = min(timeout, call.ends - time.monotonic())
            if timeout <= 0:
                raise CallTimeoutError("the deadline of the call has passed")
        begun = time.monotonic()
        reply: Reply | None = None
        failure: Exception | None = None
        try:
            reply = await self._transport.send(
                request, timeout, lambda status: streamed and 200 <= status < 300
            )
        except Exception as error:
            failure = error
            raise
        finally:
            # Cancelling is neither an answer nor a failure of the attempt.
            if settings.after_attempt is not None and (reply or failure):
                status, headers = (reply.status, reply.headers) if reply else (None, None)
                seconds = time.monotonic() - begun
                await resolve(settings.after_attempt(AttemptResult(request, status, headers, failure, seconds)))
        if 200 <= reply.status < 300:
            return reply
        raise operations.response_error(operation, reply)

    def _wait(self, error: APIError, call: Call, attempt: int) -> float | None:
        """Seconds to wait before the next attempt; None: there is none."""
        if attempt > call.max_retries or not retries.may_retry(error, call.method, call.has_key):
            return None
        if call.body is not None and not call.body.repeatable:
            return None
        wait = retries.wait_before(attempt - 1, error, self._settings.random)
        if wait is not None and call.ends is not None and time.monotonic() + wait >= call.ends:
            return None
        return wait

    async def _identify(self, operation: Operation[T], request: Request) -> None:
        """Adds what tells who is calling, other than a signature."""
        settings, identity = self._settings, operation.identity
        if identity is None or identity.kind == "sigv4":
            return
        if identity.kind in ("token", "bearer"):
            if settings.token is None:
                raise InvalidCallError(f"{operation.name} needs a token: set the option `token`")
            token = settings.token if isinstance(settings.token, str) else await resolve(settings.token())
            request.headers[identity.name] = f"Bearer {token}" if identity.kind == "bearer" else token
        elif identity.kind == "basic":
            if settings.username is None or settings.password is None:
                raise InvalidCallError(
                    f"{operation.name} needs a user: set the options `username` and `password`"
                )
            pair = base64.b64encode(f"{settings.username}:{settings.password}".encode()).decode("ascii")
            request.headers["Authorization"] = f"Basic {pair}"
        else:
            key = settings.keys.get(identity.name)
            if key is None:
                raise InvalidCallError(
                    f"{operation.name} needs the key {identity.name!r}: set it in the option `keys`"
                )
            if identity.in_query:
                mark = "&" if urlsplit(request.url).query else "?"
                request.url += f"{mark}{quote(identity.name, safe='')}={quote(key, safe='')}"
            else:
                request.headers[identity.name] = key

    async def _sign(self, request: Request, body: Source | None) -> None:
        credentials = self._settings.credentials
        if credentials is None:
            credentials = signing.environment_credentials()
        elif not isinstance(credentials, signing.Credentials):
            credentials = await resolve(credentials())
        data = body.data if isinstance(body, BytesSource) else b""
        fields = list(request.headers.fields())
        region, service, moment = self._region(request.url), signing.SERVICE, operations.now()
        request.headers = Headers(
            signing.sign(request.method, request.url, fields, data, credentials, region, service, moment)
        )

    def _region(self, url: str) -> str:
        """The region that the signature is for: the option, what the host says, or the environment."""
        if self._settings.region:
            return self._settings.region
        match = _REGION.search(urlsplit(url).hostname or "")
        region = match.group(1) if match else os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        if not region:
            raise InvalidCallError("the operation must be signed: set the option `region`")
        return region


def checked_base_url(url: str) -> str:
    """A base URL without slash at its end. Raises InvalidCallError."""
    # A connection is opened by a request of HTTP.
    if url[:5].lower() == "ws://" or url[:6].lower() == "wss://":
        url = "http" + url[2:]
    parts = urlsplit(url)
    try:
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username is not None:
        raise InvalidCallError(f"{url!r} is no address of an API: http or https, a host, and perhaps a path")
    return url.rstrip("/")

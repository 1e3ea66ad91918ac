"""How a client and a call behave."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .errors import InvalidCallError
from .messages import AttemptResult, Request, Response
from .signing import Credentials


@dataclasses.dataclass(frozen=True)
class Package:
    """What a generated package knows of itself."""

    base_url: str
    """Address that is called unless the client is told another."""
    user_agent: str


@dataclasses.dataclass(frozen=True)
class CallOptions:
    """What one call does differently from the client; None leaves a setting as it is."""

    timeout: float | None = None
    """Seconds for one attempt."""
    deadline: float | None = None
    """Seconds for the whole call with all its attempts and waits."""
    max_retries: int | None = None
    idempotency_key: str | None = None
    """Sent as `Idempotency-Key` with every attempt; lets operations be retried that otherwise are not."""
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Sent besides and instead of the operation's own."""
    _response: list[Response[Any]] | None = dataclasses.field(default=None, repr=False)
    """Where `with_response` gets the response from."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """The options of a client."""

    base_url: str
    user_agent: str
    region: str | None = None
    api_key: str | None = None
    token: str | Callable[[], str | Awaitable[str]] | None = None
    username: str | None = None
    password: str | None = None
    keys: Mapping[str, str] = dataclasses.field(default_factory=dict)
    credentials: Credentials | Callable[[], Credentials | Awaitable[Credentials]] | None = None
    timeout: float = 30
    deadline: float | None = None
    max_retries: int = 3
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    before_attempt: Callable[[Request], None | Awaitable[None]] | None = None
    after_attempt: Callable[[AttemptResult], None | Awaitable[None]] | None = None
    random: Callable[[], float] = random.random


def execute_api_url(api_id: str, region: str, stage: str) -> str:
    """The address of an API's stage in AWS; the stage `$default` of an HTTP API is at the root."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    host = f"https://{api_id}.execute-api.{region}.{suffix}"
    return host if stage == "$default" else f"{host}/{stage}"


def custom_domain_url(domain: str, base_path: str = "") -> str:
    """The address of an API behind a custom domain name."""
    path = base_path.strip("/")
    return f"https://{domain}/{path}" if path else f"https://{domain}"


def capturing(options: object) -> tuple[list[Response[Any]], CallOptions]:
    """Options that also put the response into the list."""
    captured: list[Response[Any]] = []
    given = options if isinstance(options, CallOptions) else CallOptions()
    return captured, dataclasses.replace(given, _response=captured)


def capture(options: CallOptions | None, response: Response[Any]) -> None:
    """Hands a response to `with_response`, if that made the call."""
    if options is not None and options._response is not None:
        options._response.append(response)


def captured_response(captured: list[Response[Any]]) -> Response[Any]:
    """The response of a call. Raises InvalidCallError."""
    if not captured:
        raise InvalidCallError("with_response takes a method that makes one call")
    return captured[-1]
